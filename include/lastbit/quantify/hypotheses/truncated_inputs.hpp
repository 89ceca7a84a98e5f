// SPDX-License-Identifier: BSL-1.0
#pragma once
// Operands that became narrower in another way than by rounding to nearest, ties to even: bits cut off, as matrix units
// do that are given float32 for TF32; ties away from zero, as conversion instructions do; float8.

#include <lastbit/quantify/hypotheses/narrow_inputs.hpp>
#include <lastbit/quantify/hypotheses/predict.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

namespace detail {

/// x in the format f, to nearest, ties away from zero.
[[nodiscard]] inline double rounded_ties_away(number_format f, double x) noexcept {
    double const low = truncated(f, x);
    if (!is_finite(x) || !is_finite(low)) return rounded(f, x);
    double const step = ulp_of(f, x);
    if (2 * std::fabs(x - low) < step) return low;
    double const y = rounded(f, lastbit::is_negative(x) ? low - step : low + step);
    return std::fabs(x) > constants(f).largest ? rounded(f, x) : y;
}

}  // namespace detail

/// Adds, for each format of less precision: A and B truncated, ties away, each of them alone; and float8 by rounding.
inline void add_truncated_inputs(hypothesis_list& list, evidence const& e) {
    auto const cut = [](number_format f, double x) { return detail::truncated(f, x); };
    auto const away = [](number_format f, double x) { return detail::rounded_ties_away(f, x); };
    auto const nearest = [](number_format f, double x) { return rounded(f, x); };
    for (number_format const f : {number_format::tf32, number_format::bfloat16, number_format::float16}) {
        std::string const to = std::string(name(f));
        detail::add_narrowed(list, e, f, cut, to + "_inputs_truncated", "cut off to " + to + ", toward zero", 1);
        detail::add_narrowed(list, e, f, away, to + "_inputs_ties_away", "rounded to " + to + ", ties away from zero",
                             1);
    }
    for (number_format const f : {number_format::float8_e4m3, number_format::float8_e5m2}) {
        std::string const to = std::string(name(f));
        detail::add_narrowed(list, e, f, nearest, to + "_inputs", "rounded to " + to + " before the multiplication", 1);
    }
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
