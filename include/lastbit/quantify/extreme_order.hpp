// SPDX-License-Identifier: BSL-1.0
#pragma once
// An order in which a dense layer's output comes out as large, or as small, as one can find.
//
// Greedy: the sum climbs by the terms of one sign to some height, where roundings are coarse, is held there by terms of
// either sign, and comes down by those left. Each step takes that term, and that of its two ways to enter (rounded,
// fused), whose rounding error goes farthest in the wanted direction. docs/mathematics.md, "Witnesses".

#include <lastbit/base/random.hpp>
#include <lastbit/eft/two_product.hpp>
#include <lastbit/eft/two_sum.hpp>
#include <lastbit/quantify/chain_order.hpp>

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {
namespace detail {

/// A native or a 16-bit number as a double, exactly. Requires: a sound environment.
template <binary_format T>
[[nodiscard]] double as_double(T x) noexcept {
    if constexpr (native_format<T>) return static_cast<double>(x);
    else return static_cast<double>(static_cast<float>(x));
}

/// An order, and the sum in it.
template <binary_format T>
struct ordered_sum {
    chain_order order;
    T sum = T(0);
};

/// How many additions may be tried, and how many were.
struct trial_budget {
    std::size_t most = std::numeric_limits<std::size_t>::max();
    std::size_t spent = 0;    ///< never above `most`
    bool is_used_up = false;  ///< something was refused; everything is from then on

    /// Whether n more additions may be tried; they are counted then.
    [[nodiscard]] bool spend(std::size_t n) noexcept {
        is_used_up = is_used_up || n > most - spent;
        if (!is_used_up) spent += n;
        return !is_used_up;
    }
};

/// The search for one output of a layer. Requires: a sound environment while it lives.
template <binary_format T>
class chain_search {
public:
    chain_search(dense_view<T> const& layer, std::size_t output, std::span<T const> x) {
        std::size_t const n = x.size();
        for (std::size_t t = 0; t < n; ++t) add_product(t, layer.weight(output, t), x[t]);
        if (!layer.bias.empty()) add_bias(n, layer.bias[output]);
    }

    /// The most extreme of `best` and the sums of `tries` chains, of those that are finite; of fewer chains where the
    /// budget does not last.
    /// @param  upward  whether large sums are wanted
    /// Cost:   of a chain of n terms at most 2 n additions for each exponent that its sum takes, and 32 n
    [[nodiscard]] ordered_sum<T> extreme(bool upward, std::size_t tries, random_stream& random, ordered_sum<T> best,
                                         trial_budget& budget) const {
        for (std::size_t k = 0; k < tries; ++k) {
            bool const positive_first = k < 4 ? k % 2 == 0 : random.below(2) == 0;
            double share = k < 2 ? 1.0 : 0.5;
            if (k >= 4) {
                double const chance = random.uniform();
                share = add(0.125, mul(0.875, chance));
            }
            ordered_sum<T> found = chain(upward, positive_first ? 0 : 1, share, budget);
            if (budget.is_used_up) break;
            if (!lastbit::is_finite(found.sum)) continue;
            bool const better =
                upward ? order_key(found.sum) > order_key(best.sum) : order_key(found.sum) < order_key(best.sum);
            if (better || !lastbit::is_finite(best.sum)) best = std::move(found);
        }
        return best;
    }

private:
    struct term {
        std::uint32_t index;
        bool is_bias;
        T w;
        T x;
        T product;     // rounded
        double exact;  // of formats narrower than double, the product; of double, its error
    };

    /// A term that is still to come, and what adding it would do while the sum has a certain exponent.
    struct candidate {
        std::size_t place;  // in terms_
        bool fused = false;
        double error = 0;  // in the wanted direction
    };

    /// Terms of one sign, ranked for sums of one exponent, the best last. Some may have been taken since.
    struct ranking {
        std::vector<candidate> terms;
        int exponent = std::numeric_limits<int>::min();
    };

    /// The terms of one sign that are still to come. A sum that is held near a power of two goes from one exponent to
    /// the other and back at every step, so two rankings are kept.
    struct pool {
        ranking now, before;
        std::vector<bool> is_taken;  // by place
        std::size_t left = 0;
    };

    void add_product(std::size_t t, T w, T x) {
        bool const vanishes = lastbit::is_zero(w) || lastbit::is_zero(x);
        T const p = mul(w, x);
        double exact;
        if constexpr (std::same_as<T, double>) exact = two_product(w, x).error;
        else exact = mul(as_double(w), as_double(x));
        add_term(vanishes, is_negative(w) != is_negative(x), {static_cast<std::uint32_t>(t), false, w, x, p, exact});
    }

    void add_bias(std::size_t t, T b) {
        double const exact = std::same_as<T, double> ? 0.0 : as_double(b);
        add_term(lastbit::is_zero(b), is_negative(b), {static_cast<std::uint32_t>(t), true, b, T(1), b, exact});
    }

    void add_term(bool vanishes, bool negative, term const& t) {
        std::size_t const place = terms_.size();
        terms_.push_back(t);
        if (vanishes) {
            zeros_.push_back(place);
            return;
        }
        pools_[negative ? 1 : 0].push_back(place);
        totals_[negative ? 1 : 0] = add(totals_[negative ? 1 : 0], as_double(absolute(t.product)));
    }

    /// fl(...) - (s + the exact product), up to roundings of double, which do not matter: it is a score.
    [[nodiscard]] static double rounding_error(T sum, T s, term const& t) {
        if constexpr (std::same_as<T, double>) {
            auto const both = two_sum(s, t.product);
            return sub(sub(sum, both.value), add(both.error, t.exact));
        } else {
            return sub(as_double(sum), add(as_double(s), t.exact));
        }
    }

    [[nodiscard]] static T sum_with(T s, term const& t, bool fused) {
        return fused ? fma(t.w, t.x, s) : add(s, t.product);
    }

    /// The error of adding t to s in one of the two ways, in the wanted direction; -inf if that overflows.
    [[nodiscard]] static double gain(T s, term const& t, bool fused, bool upward) {
        T const sum = sum_with(s, t, fused);
        if (!lastbit::is_finite(sum)) return negate(infinity<double>());
        double const error = rounding_error(sum, s, t);
        return upward ? error : negate(error);
    }

    /// The better way for a term to join s.
    [[nodiscard]] candidate tried(candidate c, T s, bool upward) const {
        term const& t = terms_[c.place];
        double const rounded = gain(s, t, false, upward);
        double const fused = t.is_bias ? rounded : gain(s, t, true, upward);
        c.fused = order_key(fused) > order_key(rounded);
        c.error = c.fused ? fused : rounded;
        return c;
    }

    /// Has the terms ranked for a sum like s; false if the budget does not allow that. A sum is a multiple of its ulp,
    /// so that the rounding error of s + t depends on t and the exponent of s alone (but for ties, and where the
    /// exponent changes): there is no need to rank again while it stays, or when it comes back.
    [[nodiscard]] bool rank(pool& from, T s, bool upward, trial_budget& budget) const {
        int const exponent = exponent_of(s);
        if (from.now.exponent == exponent) return true;
        std::swap(from.now, from.before);
        if (from.now.exponent == exponent) return true;
        if (!budget.spend(2 * from.left)) return false;
        from.now = {{}, exponent};
        for (candidate const& c : from.before.terms)
            if (!from.is_taken[c.place]) from.now.terms.push_back(tried(c, s, upward));
        std::stable_sort(from.now.terms.begin(), from.now.terms.end(), [](candidate const& a, candidate const& b) {
            return order_key(a.error) < order_key(b.error);
        });
        return true;
    }

    [[nodiscard]] static int exponent_of(T s) noexcept {
        return static_cast<int>(to_bits(absolute(s)) >> lastbit::detail::fields<T>::fraction_bits);
    }

    /// The best of the last few, tried with s itself; nothing if the budget does not allow that.
    [[nodiscard]] std::optional<candidate> taken(pool& from, T s, bool upward, trial_budget& budget) const {
        std::size_t const few = std::min(window, from.left);
        if (!rank(from, s, upward, budget) || !budget.spend(2 * few)) return std::nullopt;
        std::vector<candidate>& terms = from.now.terms;
        for (std::size_t k = terms.size(), kept = 0; kept < few; ++kept)  // no term among the last few is gone
            while (from.is_taken[terms[--k].place]) terms.erase(terms.begin() + static_cast<std::ptrdiff_t>(k));
        std::size_t const size = terms.size();
        std::size_t best_position = size - 1;
        candidate best = tried(terms.back(), s, upward);
        for (std::size_t k = size - few; k + 1 < size; ++k) {
            candidate const other = tried(terms[k], s, upward);
            if (order_key(other.error) <= order_key(best.error)) continue;
            best = other;
            best_position = k;
        }
        terms.erase(terms.begin() + static_cast<std::ptrdiff_t>(best_position));
        from.is_taken[best.place] = true;
        --from.left;
        return best;
    }

    /// The chain that climbs by the terms of one sign to a share of their total. Of no use if the budget is used up.
    [[nodiscard]] ordered_sum<T> chain(bool upward, std::size_t climbing, double share, trial_budget& budget) const {
        ordered_sum<T> result;
        pool climb = waiting(climbing), descent = waiting(1 - climbing);
        double const height = mul(share, totals_[climbing]);
        while (climb.left > 0 || descent.left > 0) {
            double const level = climbing == 0 ? as_double(result.sum) : negate(as_double(result.sum));
            bool const up = descent.left == 0 || (climb.left > 0 && order_key(level) < order_key(height));
            auto const next = taken(up ? climb : descent, result.sum, upward, budget);
            if (!next) return {};
            term const& t = terms_[next->place];
            result.sum = result.order.empty() ? t.product : sum_with(result.sum, t, next->fused);
            result.order.push_back({t.index, next->fused});
        }
        for (std::size_t const place : zeros_) {
            result.sum = result.order.empty() ? terms_[place].product : add(result.sum, terms_[place].product);
            result.order.push_back({terms_[place].index, false});
        }
        return result;
    }

    [[nodiscard]] pool waiting(std::size_t sign) const {
        pool all;
        for (std::size_t const place : pools_[sign]) all.now.terms.push_back({place});
        all.is_taken.resize(terms_.size());
        all.left = pools_[sign].size();
        return all;
    }

    static constexpr std::size_t window = 16;

    std::vector<term> terms_;
    std::vector<std::size_t> pools_[2];  // positive, negative: places in terms_
    std::vector<std::size_t> zeros_;
    double totals_[2] = {0, 0};
};

}  // namespace detail
}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
