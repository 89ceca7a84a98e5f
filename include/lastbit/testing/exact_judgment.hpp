// SPDX-License-Identifier: BSL-1.0
#pragma once
// The one right answer, where there is only one: whole numbers, special values, and numbers too small to be normal.
//
// If all partial sums of a product are exact in every order, IEEE 754 leaves a kernel no choice: NaN where an operand
// is NaN, where infinities of both signs meet, where infinity meets zero; else the exact value, rounded once.
// Source: IEEE 754-2019, sections 6 and 7.

#include <lastbit/base/environment.hpp>
#include <lastbit/testing/trial_data.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {

/// What an element of C must be, and why.
struct exact_element {
    double value = 0;          ///< rounded to the output's format; NaN where it must be one
    double without_c = 0;      ///< the same with beta = 0
    double without_alpha = 0;  ///< the same with alpha = 1
    bool nan_operand = false;  ///< a NaN among the operands
    bool zero_times_infinity = false;
    bool infinite_operand = false;
    bool subnormal_operand = false;
    bool all_zero = true;  ///< no term but zeros: either zero will do
};

namespace detail {

/// x + y and x y with NaN and infinities by their bits, so that no flag of the compiler changes them.
[[nodiscard]] inline double ieee_sum(double x, double y) noexcept {
    if (is_nan(x) || is_nan(y)) return canonical_nan<double>();
    if (is_inf(x) && is_inf(y)) return is_negative(x) == is_negative(y) ? x : canonical_nan<double>();
    if (is_inf(x) || is_inf(y)) return is_inf(x) ? x : y;
    return add(x, y);
}
[[nodiscard]] inline double ieee_product(double x, double y) noexcept {
    if (is_nan(x) || is_nan(y)) return canonical_nan<double>();
    if (is_inf(x) || is_inf(y)) {
        if (is_zero(x) || is_zero(y)) return canonical_nan<double>();
        return is_negative(x) == is_negative(y) ? infinity<double>() : negate(infinity<double>());
    }
    return mul(x, y);
}

}  // namespace detail

/// Element (i, j) of the trial's C. Requires: the trial is of the kinds named above.
[[nodiscard]] inline exact_element exact_element_of(kernel_under_test const& kernel, kernel_trial const& t,
                                                    std::size_t i, std::size_t j) {
    environment::guard const guard;
    exact_element e;
    double total = 0;
    for (std::size_t p = 0; p < t.k; ++p) {
        double const x = t.a[i * t.k + p], y = t.kind == kernel_kind::sum ? 1.0 : t.b[p * t.n + j];
        double const product = detail::ieee_product(x, y);
        e.nan_operand |= is_nan(x) || is_nan(y);
        e.zero_times_infinity |= is_nan(product) && !is_nan(x) && !is_nan(y);
        e.infinite_operand |= is_inf(x) || is_inf(y);
        e.subnormal_operand |= quantify::is_subnormal(kernel.in, x) || quantify::is_subnormal(kernel.in, y);
        e.all_zero &= is_zero(product);
        total = detail::ieee_sum(total, product);
    }
    double const c = is_zero(t.beta) || t.c.empty() ? 0.0 : detail::ieee_product(t.beta, t.c[i * t.n + j]);
    double const scaled = is_zero(t.alpha) ? 0.0 : detail::ieee_product(t.alpha, total);
    e.all_zero = (e.all_zero || is_zero(t.alpha)) && is_zero(c);
    e.value = quantify::rounded(kernel.out, detail::ieee_sum(scaled, c));
    e.without_c = quantify::rounded(kernel.out, scaled);
    e.without_alpha = quantify::rounded(kernel.out, detail::ieee_sum(total, c));
    return e;
}

namespace detail {

/// Fault and text of an element that is not what it must be.
[[nodiscard]] inline std::array<char const*, 2> fault_of(number_format out, exact_element const& e, double got,
                                                         bool nan_elsewhere) {
    if (is_nan(e.value)) {
        if (e.nan_operand) return {"nan_swallowed", "is no NaN, though one of its operands is"};
        if (e.zero_times_infinity) return {"zero_times_infinity_lost", "is no NaN, though infinity meets zero"};
        return {"infinity_minus_infinity_lost", "is no NaN, though infinities of both signs meet"};
    }
    if (is_nan(got)) {
        if (nan_elsewhere) return {"nan_spread", "is NaN, though none of its operands is"};
        return {"unexpected_nan", "is NaN, though nothing calls for it"};
    }
    if (is_inf(e.value)) {
        if (is_inf(got)) return {"infinity_sign", "is the infinity of the other sign"};
        if (e.infinite_operand) return {"infinity_lost", "is finite, though an operand is infinite"};
        return {"overflow_lost", "is finite, though its value is beyond the format"};
    }
    if (is_inf(got)) return {"unexpected_infinity", "is infinite, though nothing calls for it"};
    if (is_zero(e.value) && is_zero(got)) return {"negative_zero", "is -0, where terms that cancel give +0"};
    if (is_zero(got) && (quantify::is_subnormal(out, e.value) || e.subnormal_operand))
        return {"subnormal_flushed", "is zero: a subnormal number was flushed"};
    return {"wrong_value", "is not the exact value, which every order gives"};
}

}  // namespace detail

/// The first element of C that is not what it must be.
[[nodiscard]] inline std::optional<kernel_finding> judge_exact(kernel_under_test const& kernel, kernel_trial const& t,
                                                               std::vector<std::uint64_t> const& bits) {
    bool nan_elsewhere = false;
    for (double const x : t.a) nan_elsewhere |= is_nan(x);
    for (double const x : t.b) nan_elsewhere |= is_nan(x);
    for (std::size_t i = 0; i < t.m; ++i)
        for (std::size_t j = 0; j < t.n; ++j) {
            exact_element const e = exact_element_of(kernel, t, i, j);
            double const got = detail::value_of(kernel.out, bits[i * t.n + j]);
            if (to_bits(canonical(got)) == to_bits(e.value)) continue;
            if (is_zero(got) && is_zero(e.value) && (e.all_zero || to_bits(t.alpha) != to_bits(1.0))) continue;
            auto [fault, what] = detail::fault_of(kernel.out, e, got, nan_elsewhere);
            if (!is_zero(t.beta) && to_bits(got) == to_bits(e.without_c)) {
                fault = "beta_ignored";
                what = "has no part of C, though beta is not 0";
            } else if (to_bits(t.alpha) != to_bits(1.0) && to_bits(got) == to_bits(e.without_alpha)) {
                fault = "alpha_ignored";
                what = "is not multiplied by alpha";
            }
            return kernel_finding{fault, detail::element_text(t, i, j) + " " + what, i, j, true, got, e.value};
        }
    return std::nullopt;
}

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
