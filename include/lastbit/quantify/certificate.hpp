// SPDX-License-Identifier: BSL-1.0
#pragma once
// Which predictions no order of summation can change.

#include <lastbit/quantify/network_bound.hpp>
#include <lastbit/quantify/prediction.hpp>
#include <lastbit/quantify/summary.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// What is known of one input.
struct input_certificate {
    bool certain = false;       ///< z_c - z_j > B_c + B_j for every class j other than c
    std::size_t predicted = 0;  ///< c: the class that the exact network predicts
    std::size_t runner_up = 0;  ///< the class with the largest exact logit but c; c if there is no other
    double margin = 0;          ///< z_c - z_runner_up, rounded down; +inf if there is no other class
    double bound = 0;           ///< B_c + B_runner_up, rounded up
    bound_status status = bound_status::valid;  ///< why `bound` is +inf, if it is
};

/// What is known of all inputs under one model of arithmetic.
struct certificate {
    arithmetic model = arithmetic::ieee;
    std::vector<input_certificate> inputs;
    error_bounds bounds;  ///< [batch x out] B

    /// How many inputs are certain.
    [[nodiscard]] std::size_t certain() const {
        std::size_t n = 0;
        for (input_certificate const& input : inputs) n += input.certain ? 1U : 0U;
        return n;
    }

    /// The input with the smallest margin, the first of several; 0 if there is no input.
    [[nodiscard]] std::size_t narrowest() const {
        std::size_t best = 0;
        for (std::size_t i = 1; i < inputs.size(); ++i)
            if (detail::order_key(inputs[i].margin) < detail::order_key(inputs[best].margin)) best = i;
        return best;
    }

    /// The median of all bounds B (nearest rank). Special: NaN if there is none.
    [[nodiscard]] double median_bound() const { return percentile(bounds.values(), 50); }
};

namespace detail {

[[nodiscard]] inline input_certificate certify_row(std::span<oracle::real const> z, error_bounds const& bounds,
                                                   std::size_t i) {
    input_certificate result;
    result.predicted = predicted_class(z);
    result.runner_up = result.predicted;
    result.margin = infinity<double>();
    result.status = bounds.status(i);
    result.certain = bounds.status(i) == bound_status::valid;
    std::size_t const c = result.predicted;
    for (std::size_t j = 0; j < z.size(); ++j) {
        if (j == c) continue;
        oracle::real const margin = z[c] - z[j];
        double const bound = (upper::of(bounds.at(i, c)) + upper::of(bounds.at(i, j))).value();
        result.certain = result.certain && margin > oracle::real(bound);
        if (result.runner_up == c || z[j] > z[result.runner_up]) {
            result.runner_up = j;
            result.margin = margin.round<double>(oracle::direction::downward);
            result.bound = bound;
        }
    }
    return result;
}

}  // namespace detail

/// Decides for every input whether the predicted class can differ from the exact network's under some order.
///
/// An input is certain iff for every class j other than the exact network's class c (the lowest index of the largest
/// logit) z_c - z_j > B_c + B_j, strictly; the left side is exact, the right side rounded up.
/// @param  net     layers with any activation, at least one output
/// @param  X       [batch x in], of the format T, finite
/// @param  layers  what oracle::forward_layers(net, X) gives
/// @param  ulps    what the computed activations, but linear and relu, are off by at most
/// Special:        an input without a valid bound is not certain
template <class T>
    requires binary_format<std::remove_const_t<T>>
[[nodiscard]] certificate certify(network<std::remove_const_t<T>> const& net, matrix_view<T> X,
                                  std::span<oracle::exact_matrix const> layers, arithmetic model = arithmetic::ieee,
                                  double ulps = usual_activation_ulps) {
    LASTBIT_EXPECTS(net.outputs() > 0, "certify: a network without outputs predicts nothing");
    certificate result;
    result.model = model;
    result.bounds = network_bound(net, X, layers, model, ulps);
    for (std::size_t i = 0; i < X.rows(); ++i)
        result.inputs.push_back(detail::certify_row(layers.back().row(i), result.bounds, i));
    return result;
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
