// SPDX-License-Identifier: BSL-1.0
#pragma once
// The exact sum of terms, rounded once: fast with a proof, or else by a superaccumulator.

#include <lastbit/exact/bulk_add.hpp>
#include <lastbit/exact/lane_totals.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// What lanes hold, and one more number unless it is null, rounded to R if that is certain. `slack` is added to the
/// error. Requires: no spill before.
template <binary_format R>
[[nodiscard, gnu::always_inline]] inline decided<R> round_totals(lane_totals const& totals, double const* last,
                                                                 double slack) noexcept {
    auto const highs = totals.high();
    auto const lows = totals.low();
    double high = highs[0];
    double low = lows[0];
    for (std::size_t i = 1; i < highs.size(); ++i) {
        auto const [sum, error] = two_sum(high, highs[i]);
        high = sum;
        low = add(low, add(error, lows[i]));
    }
    double error = totals.error() + slack;
    if (last != nullptr) {
        auto const [sum, rest] = two_sum(high, *last);
        high = sum;
        low = add(low, rest);
        error += absolute(low) * 0x1p-52;
    }
    auto const [sum, rest] = two_sum(high, low);
    return round_within<R>(sum, rest, error);
}

/// total +- error rounded to R if that is certain.
template <binary_format R>
[[nodiscard]] decided<R> round_total(superaccumulator<double> const& total, double error) noexcept {
    superaccumulator<double> below = total;
    superaccumulator<double> above = total;
    below.add(negate(error));
    above.add(error);
    R const down = below.template round<R>();
    R const up = above.template round<R>();
    return {down, below.sign() == above.sign() && below.sign() != 0 && to_bits(down) == to_bits(up)};
}

/// The exact sum of n terms, and of *last unless it is null, rounded once to R. Without a superaccumulator where the
/// totals of one set of lanes decide it. Requires: a sound environment.
template <binary_format R, class Terms>
[[nodiscard, gnu::always_inline]] inline decided<R> round_fast(Terms const& terms, std::size_t n,
                                                               double const* last) noexcept {
    // A product that underflows has lost at most 2^-1075.
    double const slack = Terms::exact ? 0.0 : static_cast<double>(n) * smallest_subnormal<double>();
    lane_totals totals;
    if (n <= lane_totals::most_blocks * extraction_block::size - extraction_block::size) {
        if (!add_blocks(terms, n, totals, [] {})) return {R(0), false};
        return round_totals<R>(totals, last, slack);
    }
    superaccumulator<double> total;
    double error = slack;
    auto const spill = [&] {
        for (double const x : totals.high()) total.add(x);
        for (double const x : totals.low()) total.add(x);
        error += totals.error();
        totals.restart();
    };
    if (!add_blocks(terms, n, totals, spill)) return {R(0), false};
    spill();
    if (last != nullptr) total.add(*last);
    return round_total<R>(total, error * (1.0 + 0x1p-40));
}

/// The same, by a superaccumulator alone.
template <binary_format R, class Terms>
[[nodiscard, gnu::noinline]] R round_exactly(Terms const& terms, std::size_t n, double const* last) noexcept {
    superaccumulator<double> total;
    add_terms(terms, n, total);
    if (last != nullptr) total.add(*last);
    return total.template round<R>();
}

template <binary_format R, class Terms>
[[nodiscard, gnu::always_inline]] inline R round_terms(Terms const& terms, std::size_t n,
                                                       double const* last = nullptr) noexcept {
    decided<R> const fast = round_fast<R>(terms, n, last);
    return fast.certain ? fast.value : round_exactly<R>(terms, n, last);
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
