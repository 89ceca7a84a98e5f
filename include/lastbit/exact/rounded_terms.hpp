// SPDX-License-Identifier: BSL-1.0
#pragma once
// The exact sum of terms, rounded once: fast with a proof, or else by a superaccumulator.

#include <lastbit/exact/lane_totals.hpp>
#include <lastbit/exact/narrow_totals.hpp>
#include <lastbit/exact/superaccumulator.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// A sum as high + low, |error| <= error; high is the sum rounded to double.
struct estimate {
    double high;
    double low;
    double error;

    /// One more number, without error but for the low word's rounding.
    [[gnu::always_inline]] void add(double const* last) noexcept {
        if (last == nullptr) return;
        auto const [sum, rest] = two_sum(high, *last);
        high = sum;
        low = lastbit::add(low, rest);
        error += absolute(low) * 0x1p-52;
    }
    [[gnu::always_inline]] void normalise() noexcept {
        auto const [sum, rest] = two_sum(high, low);
        high = sum;
        low = rest;
    }
};

/// What lanes hold.
[[nodiscard, gnu::always_inline]] inline estimate merged(lane_totals const& totals) noexcept {
    auto const highs = totals.high();
    auto const lows = totals.low();
    estimate result{highs[0], lows[0], totals.error()};
    for (std::size_t i = 1; i < highs.size(); ++i) {
        auto const [sum, error] = two_sum(result.high, highs[i]);
        result.high = sum;
        result.low = add(result.low, add(error, lows[i]));
    }
    return result;
}

/// A sum without error, rounded to R; an exact zero has the sign that its terms give it.
template <binary_format R, class Terms>
[[nodiscard]] decided<R> round_exact(estimate const& sum, Terms const& terms, std::size_t n,
                                     double const* last) noexcept {
    if (!is_zero(sum.high) || !is_zero(sum.low)) return round_within<R>(sum.high, sum.low, 0.0);
    bool const minus = (last == nullptr || to_bits(*last) == fields<double>::sign) && all_minus_zero(terms, n) &&
                       (n > 0 || last != nullptr);
    return {static_cast<typename format<R>::bits_type>(minus ? fields<R>::sign : 0), true};
}

/// total +- error rounded to R if that is certain. Lanes that overflowed leave a NaN in their low words, so in total.
template <binary_format R>
[[nodiscard, gnu::always_inline]] inline decided<R> round_total(superaccumulator<double> const& total,
                                                                double error) noexcept {
    superaccumulator<double> below = total;
    superaccumulator<double> above = total;
    below.add(negate(error));
    above.add(error);
    auto const down = below.template round_bits<R>();
    auto const up = above.template round_bits<R>();
    return {down, below.sign() == above.sign() && below.sign() != 0 && down == up};
}

/// All n terms in blocks, the lanes' totals to `total` whenever they are full and at the end, and what they have lost
/// to `error`. False if a block cannot be added.
template <class Terms>
[[nodiscard, gnu::always_inline]] inline bool add_blocks_to(superaccumulator<double>& total, double& error,
                                                            Terms const& terms, std::size_t n,
                                                            lane_totals& totals) noexcept {
    auto const spill = [&] {
        for (double const x : totals.high()) total.add(x);
        for (double const x : totals.low()) total.add(x);
        error += totals.error();
        totals.restart();
    };
    if (!add_blocks(terms, n, totals, spill)) return false;
    spill();
    return true;
}

/// The exact sum of n terms, and of *last unless it is null, rounded once to R. Without a superaccumulator where the
/// totals of one set of lanes decide it. Requires: a sound environment.
template <binary_format R, class Terms>
[[nodiscard, gnu::always_inline]] inline decided<R> round_fast(Terms const& terms, std::size_t n,
                                                               double const* last) noexcept {
    // A product that underflows has lost at most 2^-1075. The constant stays behind the caller's guard.
    double const slack =
        Terms::exact ? 0.0 : mul(static_cast<double>(n), opaque_constant(smallest_subnormal<double>()));
    lane_totals totals;
    if (n <= lane_totals::most_blocks * extraction_block::size - extraction_block::size) {
        if (!add_blocks(terms, n, totals, [] {})) return {0, false};
        estimate sum = merged(totals);
        sum.error += slack;
        sum.add(last);
        sum.normalise();
        decided<R> const result = round_within<R>(sum.high, sum.low, sum.error);
        double const size = totals.low_size();
        if (result.certain || !Terms::exact || last != nullptr || !is_finite(sum.high) || !(size < 0x1p900))
            return result;
        // On a grid on which the low words have at most 53 bits nothing was lost: the ties of quantised data.
        double const quantum = magnitude::above(to_bits(size), 0).power() * 0x1p-52;
        return all_multiples_of(quantum, terms, n) ? round_exact<R>(sum, terms, n, nullptr) : result;
    }
    superaccumulator<double> total;
    double error = slack;
    if (!add_blocks_to(total, error, terms, n, totals)) return {0, false};
    if (last != nullptr) total.add(*last);
    return round_total<R>(total, error * (1.0 + 0x1p-40));
}

/// The bits of the same, by a superaccumulator alone.
template <binary_format R, class Terms>
[[nodiscard, gnu::noinline]] typename format<R>::bits_type round_exactly(Terms const& terms, std::size_t n,
                                                                         double const* last) noexcept {
    using T = typename Terms::number;
    superaccumulator<T> total;
    bulk_access::add(total, terms, n);
    if (last != nullptr) total.add(narrowed<T>(*last));
    return total.template round_bits<R>();
}

/// round_fast for terms that are exact in double and a result narrower than double, in two steps: with the bound of the
/// plain sum, and where that does not decide, with error 0 if the terms lie on a grid on which no addition rounds.
/// The second step decides the ties of quantised data.
template <exact_in_double R, class Terms>
[[nodiscard, gnu::always_inline]] inline decided<R> round_narrow(Terms const& terms, std::size_t n,
                                                                 double const* last) noexcept {
    narrow_sum const plain = sum_narrow(terms, n);
    estimate sum{plain.high, plain.low, plain.error};
    sum.add(last);
    sum.normalise();
    decided<R> const result = round_within<R>(sum.high, sum.low, sum.error);
    if (result.certain || !is_finite(opaque(plain.size)) || !is_finite(sum.high)) return result;
    // All sums are at most 2^52 quanta: the low word was zero, and holds the rest of the number added last.
    double const quantum = magnitude::above(to_bits(plain.size), 0).power() * 0x1p-52;
    return all_multiples_of(quantum, terms, n) ? round_exact<R>(sum, terms, n, last) : result;
}

template <binary_format R, class Terms>
[[nodiscard, gnu::always_inline]] inline R round_terms(Terms const& terms, std::size_t n,
                                                       double const* last = nullptr) noexcept {
    constexpr bool narrow = exact_in_double<R> && exact_in_double<typename Terms::number>;
    decided<R> const fast = [&] {
        if constexpr (narrow) return round_narrow<R>(terms, n, last);
        else return round_fast<R>(terms, n, last);
    }();
    return from_hidden_bits<R>(fast.certain ? fast.bits : round_exactly<R>(terms, n, last));
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
