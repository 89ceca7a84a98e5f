// SPDX-License-Identifier: BSL-1.0
#pragma once
// What a sum or a dot product comes to in many random orders: how much of a difference is rounding.

#include <lastbit/base/random.hpp>
#include <lastbit/fold/dot.hpp>
#include <lastbit/oracle/dot.hpp>
#include <lastbit/oracle/quotient.hpp>

#include <algorithm>
#include <numeric>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// The results of many orders.
template <binary_format T>
struct spread {
    std::vector<T> results;    ///< one for each sample; NaN are canonical
    std::size_t distinct = 0;  ///< how many different results, by bits
    T smallest = T(0);         ///< the least result
    T largest = T(0);          ///< the greatest; a NaN counts as greater than every number
    oracle::real exact;        ///< the exact sum
    double rms_error = 0;      ///< of |result - exact|, rounded once; +inf if a result is not finite

    /// The share of results at least as far from the exact sum as `result`, which counts as one more of them:
    /// (1 + k) / (1 + samples). A small share says that orders like the sampled ones hardly ever are so far off.
    /// Source: [PS10]
    [[nodiscard]] double share_as_far(T result) const {
        std::size_t count = 1;
        auto const distance = [this](T r) { return (oracle::real(r) - exact).abs(); };
        oracle::real const given = distance(result);
        for (T const r : results) {
            bool const nearer = lastbit::is_finite(r) && (!lastbit::is_finite(result) || distance(r) < given);
            count += nearer ? 0U : 1U;
        }
        return oracle::quotient<double>(oracle::real(count), oracle::real(results.size() + 1));
    }
};

namespace detail {

/// One order: which term comes when, in how many chains, and whether products are fused with additions.
struct sampled_order {
    std::vector<std::size_t> sequence;
    std::size_t chains = 1;
    bool fuses = false;

    sampled_order(std::size_t n, std::uint64_t seed, std::uint64_t sample) : sequence(n) {
        random_stream random(seed, sample);
        std::iota(sequence.begin(), sequence.end(), std::size_t{0});
        for (std::size_t i = n; i > 1; --i) std::swap(sequence[i - 1], sequence[random.below(i)]);
        if (n > 0) chains = std::size_t{1} << random.below(static_cast<std::uint64_t>(std::bit_width(n)));
        fuses = random.below(2) == 1;
    }
};

/// The sum in one order: term t of the sequence goes to chain t mod chains; the second half of the chains is added to
/// the first until one is left. first(i) is the term at index i, next(s, i) the chain s with that term.
template <class T, class First, class Next>
[[nodiscard]] T sum_in_order(sampled_order const& order, std::vector<T>& chain, First const& first, Next const& next) {
    std::size_t const c = order.chains;
    for (std::size_t t = 0; t < c; ++t) chain[t] = first(order.sequence[t]);
    for (std::size_t t = c; t < order.sequence.size(); ++t) chain[t % c] = next(chain[t % c], order.sequence[t]);
    for (std::size_t half = c / 2; half > 0; half /= 2)
        for (std::size_t k = 0; k < half; ++k) chain[k] = add(chain[k], chain[k + half]);
    return chain[0];
}

/// Signed integers in the order of the numbers, -0 below +0.
template <binary_format T>
[[nodiscard]] std::int64_t value_key(T x) noexcept {
    auto const bits = static_cast<std::int64_t>(to_bits(absolute(x)));
    return is_negative(x) ? -1 - bits : bits;
}

template <binary_format T>
void summarise_results(spread<T>& s) {
    std::vector<T> sorted = s.results;
    std::sort(sorted.begin(), sorted.end(), [](T a, T b) { return value_key(a) < value_key(b); });
    s.smallest = sorted.front();
    s.largest = sorted.back();
    auto const same = [](T a, T b) { return to_bits(a) == to_bits(b); };
    s.distinct = static_cast<std::size_t>(std::unique(sorted.begin(), sorted.end(), same) - sorted.begin());
    oracle::real squares;
    for (T const r : s.results) {
        oracle::real const error = oracle::real(r) - s.exact;
        if (!error.is_finite()) {
            s.rms_error = infinity<double>();
            return;
        }
        squares += error * error;
    }
    if (!squares.is_zero())
        s.rms_error = oracle::square_root_of_quotient<double>(squares, oracle::real(s.results.size()));
}

/// one(order, chains) for each sample.
template <binary_format T, class One>
[[nodiscard]] spread<T> sampled_orders(std::size_t n, std::size_t samples, std::uint64_t seed, oracle::real exact,
                                       One const& one) {
    LASTBIT_EXPECTS(samples > 0, "order_spread: no samples are asked for");
    spread<T> s;
    s.exact = std::move(exact);
    s.results.reserve(samples);
    std::vector<T> chain(n);
    for (std::size_t k = 0; k < samples; ++k) {
        sampled_order const order(n, seed, k);
        environment::guard const guard;
        s.results.push_back(n == 0 ? T(0) : lastbit::detail::leave(canonical(one(order, chain))));
    }
    summarise_results(s);
    return s;
}

}  // namespace detail

/// The sum of x in `samples` random orders, in the arithmetic of its format.
///
/// Each sample is a permutation of the terms, dealt out to 1, 2, 4, ... chains, as lanes, threads and blocks do, up to
/// as many as there are terms; the chains are added pairwise. Every number of chains is as likely as another, and every
/// permutation. A library's order is one of these, but not drawn by chance: where the terms have a trend, sorted ones
/// for instance, it need not be a typical one.
/// @param  x        [n] numbers of one of the four formats
/// @param  samples  how many orders, at least 1
/// @param  seed     sample k is a function of x, the seed and k, on every platform
/// Special:         n = 0: every result +0; NaN and infinities as IEEE 754 says
/// Cost:            O(samples n), two vectors of n
template <oracle::float_range X>
[[nodiscard]] auto order_spread_of_sum(X const& x, std::size_t samples, std::uint64_t seed) {
    auto const terms = oracle::detail::as_span(x);
    using T = lastbit::detail::number_t<X>;
    return detail::sampled_orders<T>(terms.size(), samples, seed, oracle::sum(x),
                                     [&](detail::sampled_order const& order, std::vector<T>& chain) {
                                         return detail::sum_in_order(
                                             order, chain, [&](std::size_t i) { return terms[i]; },
                                             [&](T s, std::size_t i) { return add(s, terms[i]); });
                                     });
}

/// The dot product of x and y in `samples` random orders, half of which fuse each product with its addition.
///
/// @param  x, y  [n] numbers of one format. Requires: equal sizes. Otherwise as order_spread_of_sum
template <oracle::float_range X, oracle::float_range Y>
    requires std::same_as<lastbit::detail::number_t<X>, lastbit::detail::number_t<Y>>
[[nodiscard]] auto order_spread_of_dot(X const& x, Y const& y, std::size_t samples, std::uint64_t seed) {
    auto const a = oracle::detail::as_span(x);
    auto const b = oracle::detail::as_span(y);
    using T = lastbit::detail::number_t<X>;
    oracle::real exact = oracle::dot(x, y);
    return detail::sampled_orders<T>(
        a.size(), samples, seed, std::move(exact), [&](detail::sampled_order const& order, std::vector<T>& chain) {
            return detail::sum_in_order(
                order, chain, [&](std::size_t i) { return mul(a[i], b[i]); },
                [&](T s, std::size_t i) { return order.fuses ? fma(a[i], b[i], s) : add(s, mul(a[i], b[i])); });
        });
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
