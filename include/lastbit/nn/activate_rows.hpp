// SPDX-License-Identifier: BSL-1.0
#pragma once
// The activation of whole rows, in place: element by element, or softmax.

#include <lastbit/base/environment.hpp>
#include <lastbit/linalg/overlap.hpp>
#include <lastbit/nn/activation.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// The largest of a row, and whether softmax of it is one: no NaN, no +inf, not all -inf.
template <binary_format T>
struct softmax_peak {
    double value = 0;
    bool exists = false;
};

/// A row's largest number. NaN or +inf in it: none. By bits: a comparison of infinities may be folded.
template <binary_format T>
[[nodiscard]] softmax_peak<T> find_peak(matrix_view<T> const& Y, std::size_t row) noexcept {
    softmax_peak<T> peak;
    for (std::size_t j = 0; j < Y.cols(); ++j) {
        T const z = Y(row, j);
        if (is_nan(z) || (is_inf(z) && !is_negative(z))) return {};
        if (is_inf(z)) continue;
        double const x = convert<double>(z);
        if (!peak.exists || x > peak.value) peak = {x, true};
    }
    return peak;
}

/// exp(z - peak), 0 for -inf and for what is below exp(-780).
template <binary_format T>
[[nodiscard]] scaled_value<wide<T>> below_peak(T z, double peak) noexcept {
    using W = wide<T>;
    if (!is_finite(z)) return {W(0.0), 0};
    double const x = convert<double>(z);
    // Half of each, or the difference could overflow.
    if (sub(mul(x, 0.5), mul(peak, 0.5)) < -390.0) return {W(0.0), 0};
    return exponential(W(x) - W(peak));
}

template <binary_format T>
void softmax_row(matrix_view<T> const& Y, std::size_t row, std::vector<scaled_value<wide<T>>>& powers) {
    softmax_peak<T> const peak = find_peak(Y, row);
    if (!peak.exists) {
        for (std::size_t j = 0; j < Y.cols(); ++j) Y(row, j) = canonical_nan<T>();
        return;
    }
    wide<T> total(0.0);
    powers.clear();
    for (std::size_t j = 0; j < Y.cols(); ++j) {
        powers.push_back(below_peak<T>(Y(row, j), peak.value));
        total = total + plain_value(powers.back());
    }
    for (std::size_t j = 0; j < Y.cols(); ++j) {
        scaled_value<wide<T>> const& power = powers[j];
        Y(row, j) = is_zero(leading(power.value))
                        ? from_bits<T>(0)
                        : rounded_value<T>(scaled_value<wide<T>>{power.value / total, power.exponent});
    }
}

}  // namespace detail

/// Y = act(Y), in place: softmax of each row, every other activation element by element.
///
/// softmax: y_i = exp(z_i - m) / sum_j exp(z_j - m), m the row's largest number; the sum in the columns' order, in
/// double for the narrower formats and in two words for double.
/// Error:   as activate(); softmax below 0.501 ulp for up to 2^16 columns
/// Special: softmax of a row with a NaN, with +inf, or of -inf only: all NaN; -inf gives +0; each row by itself
/// Requires: no element of Y is held twice (strides); nothing of the environment
/// Cost:    softmax allocates once a call
template <binary_format T>
void activate_rows(activation a, matrix_view<T> Y) {
    LASTBIT_EXPECTS(!detail::repeats_elements(Y), "activate_rows: Y holds some element twice (its strides overlap)");
    if (a == activation::linear) {
        for (std::size_t i = 0; i < Y.rows(); ++i)
            for (std::size_t j = 0; j < Y.cols(); ++j) Y(i, j) = canonical(Y(i, j));
        return;
    }
    environment::guard const guard;
    if (is_elementwise(a)) {
        for (std::size_t i = 0; i < Y.rows(); ++i)
            for (std::size_t j = 0; j < Y.cols(); ++j) Y(i, j) = activate(a, Y(i, j));
        return;
    }
    std::vector<detail::scaled_value<detail::wide<T>>> powers;
    powers.reserve(Y.cols());
    for (std::size_t i = 0; i < Y.rows(); ++i) detail::softmax_row(Y, i, powers);
}

/// The same for software numbers.
template <software_number T>
void activate_rows(activation a, matrix_view<T> Y) {
    for (std::size_t i = 0; i < Y.rows(); ++i) {
        if (is_elementwise(a)) {
            for (std::size_t j = 0; j < Y.cols(); ++j) Y(i, j) = activate(a, Y(i, j));
            continue;
        }
        LASTBIT_EXPECTS(detail::has_exponential<T>, "activate_rows: softmax needs exp of the number");
        if constexpr (detail::has_exponential<T>) {
            if (Y.cols() == 0) continue;
            T peak = Y(i, 0);
            for (std::size_t j = 1; j < Y.cols(); ++j)
                if (peak < Y(i, j)) peak = Y(i, j);
            T total(0);
            for (std::size_t j = 0; j < Y.cols(); ++j) {
                Y(i, j) = exp(T(Y(i, j) - peak));
                total = T(total + Y(i, j));
            }
            for (std::size_t j = 0; j < Y.cols(); ++j) Y(i, j) = T(Y(i, j) / total);
        }
    }
}

}  // namespace LASTBIT_ABI
}  // namespace lastbit
