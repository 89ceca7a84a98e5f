// SPDX-License-Identifier: BSL-1.0
#pragma once
// The backward error of a layer: how little its weights would have to differ for its outputs to be exact.

#include <lastbit/quantify/condition.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {
namespace detail {

/// The smallest e for one output. Requires: z and magnitude are finite.
template <binary_format T>
[[nodiscard]] double backward_error_of(activation act, T y, oracle::real const& z, oracle::real const& magnitude) {
    if (!lastbit::is_finite(y)) return infinity<double>();
    oracle::real const wanted(y);
    oracle::real change = (wanted - z).abs();
    if (act == activation::relu) {
        if (wanted.sign() < 0) return infinity<double>();  // relu gives no such number
        if (wanted.is_zero() && z.sign() <= 0) change = oracle::real();
    }
    return change.is_zero() ? 0.0 : oracle::quotient<double>(change, magnitude);
}

}  // namespace detail

/// For each output i of a layer the smallest e for which y_i = act((W + D) x + b + d)_i holds exactly with some
/// |D| <= e |W|, |d| <= e |b|, elementwise: |y - W x - b|_i / (|W| |x| + |b|)_i where act is the identity there.
///
/// An output computed in any order has at most gamma_(n+1), n the number of inputs, unless a product underflowed: a
/// larger one is not rounding. An error in x, inherited from the layer before, is not counted: x is what the layer was
/// given.
/// @param  x  [in] what the layer was given; y [out] what it gave, both of any of the four formats
/// @return    [out], each the quotient of two exact numbers, rounded once to double
/// Special:   relu: y_i = 0 needs e = 0 for every negative sum; y_i < 0: +inf. y_i NaN or infinite, or a weight of 0
///            that would have to change: +inf
/// Requires:  fitting shapes; linear or relu; weights, bias and x are finite
/// Source:    [OP64]; [Hig02] Theorem 7.3; docs/mathematics.md, "Condition numbers"
template <binary_format T, oracle::float_range X, oracle::float_range Y>
[[nodiscard]] std::vector<double> backward_errors(dense_view<T> const& layer, X const& x, Y const& y) {
    using value_type = std::remove_cv_t<std::ranges::range_value_t<Y const>>;
    std::span<value_type const> const given = oracle::detail::as_span(y);
    LASTBIT_EXPECTS(given.size() == layer.outputs(), "backward_errors: a layer of shape " +
                                                         lastbit::detail::shape_text(layer.outputs(), layer.inputs()) +
                                                         " and outputs of shape " +
                                                         lastbit::detail::shape_text(given.size()));
    LASTBIT_EXPECTS(layer.act == activation::linear || layer.act == activation::relu,
                    "backward_errors: of a layer with linear or relu; for " + std::string(name(layer.act)) +
                        " give the sums before the activation as outputs of a linear layer");
    std::vector<oracle::real> const input = detail::exact_row(x);
    std::vector<oracle::real> const magnitudes = detail::affine_magnitudes<T>(layer, input);
    std::vector<oracle::real> const z = oracle::exact_layer<T>(layer).affine(input);
    std::vector<double> errors(z.size());
    for (std::size_t i = 0; i < z.size(); ++i) {
        LASTBIT_EXPECTS(magnitudes[i].is_finite(), "backward_errors: a weight, a bias or an input of output " +
                                                       std::to_string(i) + " is not finite");
        errors[i] = detail::backward_error_of<value_type>(layer.act, given[i], z[i], magnitudes[i]);
    }
    return errors;
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
