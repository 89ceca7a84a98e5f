// SPDX-License-Identifier: BSL-1.0
#pragma once
// How far a computed number is from the exact one: absolute, relative, and in units in the last place.
//
// Each is the exact difference, scaled or divided exactly, then rounded once to double.

#include <lastbit/base/contracts.hpp>
#include <lastbit/oracle/exact_matrix.hpp>
#include <lastbit/oracle/quotient.hpp>
#include <lastbit/oracle/sum.hpp>

#include <vector>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {
namespace detail {

/// Where a difference is no measure: 0 if both are NaN or the same infinity, +inf if else one of them is a NaN or an
/// infinity. False if both are finite and `error` is not set.
template <binary_format T>
[[nodiscard]] bool is_special(T computed, oracle::real const& exact, double& error) {
    bool const nan = lastbit::is_nan(computed);
    if (!nan && lastbit::is_finite(computed) && exact.is_finite()) return false;
    bool const agrees = nan || exact.is_nan()
                            ? nan && exact.is_nan()
                            : !exact.is_finite() && to_bits(exact.template round<T>()) == to_bits(computed);
    error = agrees ? 0.0 : infinity<double>();
    return true;
}

}  // namespace detail

/// |computed - exact|, rounded once to double.
///
/// Special: both NaN, or the same infinity: 0; else a NaN or an infinity on either side: +inf, also where a finite
///          exact value rounds to that infinity.
template <binary_format T>
[[nodiscard]] double absolute_error(T computed, oracle::real const& exact) {
    double error = 0;
    if (detail::is_special(computed, exact, error)) return error;
    return (oracle::real(computed) - exact).abs().round<double>();
}

/// |computed - exact| / |exact|, rounded once to double.
///
/// Special: as absolute_error; exact = 0: 0 for a computed zero, else +inf.
template <binary_format T>
[[nodiscard]] double relative_error(T computed, oracle::real const& exact) {
    double error = 0;
    if (detail::is_special(computed, exact, error)) return error;
    oracle::real const difference = (oracle::real(computed) - exact).abs();
    return difference.is_zero() ? 0.0 : oracle::quotient<double>(difference, exact.abs());
}

/// The exponent of the unit in the last place of the binade of `exact` in the format T:
/// min(max(floor(log2 |exact|), emin), emax) - p + 1; emin - p + 1 for 0. Requires: exact is finite.
template <binary_format T>
[[nodiscard]] std::int64_t ulp_exponent(oracle::real const& exact) {
    std::int64_t binade = format<T>::min_exponent;
    if (!exact.is_zero() && exact.binade() > binade) binade = exact.binade();
    if (binade > format<T>::max_exponent) binade = format<T>::max_exponent;
    return binade - (format<T>::precision - 1);
}

/// |computed - exact| in units in the last place of T, real-valued (0.37), rounded once to double.
///
/// The unit is that of the binade of the exact value, 2^(max(floor(log2 |exact|), emin) - p + 1): the smallest
/// subnormal for 0 and below the normal numbers, that of the largest number beyond it. A correctly rounded result has
/// at most 0.5, also where it is a power of two just above the exact value.
/// Special: the infinity that a finite exact value rounds to in T: 0; else as absolute_error.
/// Source:  [Mul18] section 2.3.2, definition "ulp by Goldberg, extended to reals".
template <binary_format T>
[[nodiscard]] double ulp_error(T computed, oracle::real const& exact) {
    double error = 0;
    if (lastbit::is_inf(computed) && exact.is_finite() && to_bits(exact.template round<T>()) == to_bits(computed))
        return 0;
    if (detail::is_special(computed, exact, error)) return error;
    return (oracle::real(computed) - exact).abs().scaled(-ulp_exponent<T>(exact)).template round<double>();
}

namespace detail {

template <binary_format T, class Error>
[[nodiscard]] std::vector<double> each_error(matrix_view<T const> computed, oracle::exact_matrix const& exact,
                                             Error error) {
    LASTBIT_EXPECTS(computed.rows() == exact.rows() && computed.cols() == exact.cols(),
                    "quantify: computed values of shape " +
                        lastbit::detail::shape_text(computed.rows(), computed.cols()) + " and exact ones of shape " +
                        lastbit::detail::shape_text(exact.rows(), exact.cols()));
    std::vector<double> errors;
    errors.reserve(exact.values().size());
    for (std::size_t i = 0; i < exact.rows(); ++i)
        for (std::size_t j = 0; j < exact.cols(); ++j) errors.push_back(error(computed(i, j), exact.at(i, j)));
    return errors;
}

template <binary_format T, class Error>
[[nodiscard]] std::vector<double> each_error(std::span<T const> computed, std::span<oracle::real const> exact,
                                             Error error) {
    LASTBIT_EXPECTS(computed.size() == exact.size(),
                    "quantify: computed values of shape " + lastbit::detail::shape_text(computed.size()) +
                        " and exact ones of shape " + lastbit::detail::shape_text(exact.size()));
    std::vector<double> errors;
    errors.reserve(exact.size());
    for (std::size_t i = 0; i < exact.size(); ++i) errors.push_back(error(computed[i], exact[i]));
    return errors;
}

}  // namespace detail

/// The absolute error of each element, row after row. Requires: equal shapes.
template <class T>
    requires binary_format<std::remove_const_t<T>>
[[nodiscard]] std::vector<double> absolute_errors(matrix_view<T> computed, oracle::exact_matrix const& exact) {
    using value_type = std::remove_const_t<T>;
    return detail::each_error<value_type>(computed, exact, absolute_error<value_type>);
}

/// The absolute error of each element. Requires: equal sizes.
template <oracle::float_range Computed, oracle::real_range Exact>
[[nodiscard]] std::vector<double> absolute_errors(Computed const& computed, Exact const& exact) {
    using value_type = std::remove_cv_t<std::ranges::range_value_t<Computed const>>;
    return detail::each_error<value_type>(oracle::detail::as_span(computed), oracle::detail::as_span(exact),
                                          absolute_error<value_type>);
}

/// The error of each element in ulps of its format, row after row. Requires: equal shapes.
template <class T>
    requires binary_format<std::remove_const_t<T>>
[[nodiscard]] std::vector<double> ulp_errors(matrix_view<T> computed, oracle::exact_matrix const& exact) {
    using value_type = std::remove_const_t<T>;
    return detail::each_error<value_type>(computed, exact, ulp_error<value_type>);
}

/// The error of each element in ulps of its format. Requires: equal sizes.
template <oracle::float_range Computed, oracle::real_range Exact>
[[nodiscard]] std::vector<double> ulp_errors(Computed const& computed, Exact const& exact) {
    using value_type = std::remove_cv_t<std::ranges::range_value_t<Computed const>>;
    return detail::each_error<value_type>(oracle::detail::as_span(computed), oracle::detail::as_span(exact),
                                          ulp_error<value_type>);
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
