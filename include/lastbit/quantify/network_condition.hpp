// SPDX-License-Identifier: BSL-1.0
#pragma once
// Condition numbers of a network's outputs, with respect to its inputs and to the weights of each layer.

#include <lastbit/oracle/network.hpp>
#include <lastbit/quantify/activation_bound.hpp>
#include <lastbit/quantify/condition.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// By how much small relative changes are magnified in each output, for one input.
struct network_condition {
    std::vector<double> inputs;               ///< [out]: of changes of the inputs
    std::vector<std::vector<double>> layers;  ///< [layers][out]: of changes of one layer's weights and bias
    bool differentiable = true;  ///< false if relu, leaky_relu or selu is at its kink: its right slope was taken
};

namespace detail {

/// What a row went through: of each layer the input, the sums before the activation, and their magnitudes.
struct layer_trace {
    std::vector<oracle::real> input;
    std::vector<oracle::real> sums;
    std::vector<oracle::real> magnitudes;
};

/// Which numbers stay 0 whatever small relative changes the inputs and the weights undergo.
using fixed_at_zero = std::vector<bool>;

/// Whether sum k of a layer is 0 because each of its terms is fixed at 0.
template <binary_format T>
[[nodiscard]] bool is_sum_fixed(dense_view<T> const& layer, std::size_t k, fixed_at_zero const& inputs) {
    for (std::size_t j = 0; j < layer.inputs(); ++j)
        if (!inputs[j] && !is_zero(layer.weight(k, j))) return false;
    return layer.bias.empty() || is_zero(layer.bias[k]);
}

/// The derivatives by a layer's sums from those by its outputs, in place.
inline void through_activation(activation act, std::vector<oracle::real> const& sums,
                               std::vector<oracle::real>& slopes) {
    using oracle::real;
    if (act == activation::linear) return;
    if (is_elementwise(act)) {
        for (std::size_t k = 0; k < sums.size(); ++k)
            if (!slopes[k].is_zero()) slopes[k] *= oracle::slope(act, sums[k]);
        return;
    }
    std::vector<real> y = sums;  // softmax: dy_i / dz_k = y_i ((i == k) - y_k)
    oracle::activate_row(act, y);
    real mean;
    for (std::size_t i = 0; i < y.size(); ++i) mean += slopes[i] * y[i];
    for (std::size_t k = 0; k < y.size(); ++k) slopes[k] = (slopes[k] - mean) * y[k];
}

/// Whether the slopes on either side of 0 differ.
[[nodiscard]] constexpr bool has_kink(activation a) noexcept {
    return a == activation::relu || a == activation::leaky_relu || a == activation::leaky_relu_fifth ||
           a == activation::selu;
}

/// Whether act(0) = 0, by itself.
[[nodiscard]] constexpr bool keeps_zero(activation a) noexcept {
    return a != activation::sigmoid && a != activation::softplus && a != activation::softmax;
}

/// What a row of inputs goes through.
struct row_trace {
    std::vector<layer_trace> layers;
    std::vector<oracle::real> outputs;
    bool at_kink = false;  // some sum is 0 where its activation has a kink, and not fixed there
};

template <binary_format T>
[[nodiscard]] row_trace trace_row(network<T> const& net, std::vector<oracle::real> x) {
    row_trace row;
    fixed_at_zero fixed;
    for (oracle::real const& element : x) fixed.push_back(element.is_zero());
    for (oracle::exact_layer<T> const& layer : oracle::detail::exact_layers(net)) {
        layer_trace t{x, layer.affine(x), affine_magnitudes<T>(layer.layer(), x)};
        activation const act = layer.layer().act;
        bool const relu = act == activation::relu;
        fixed_at_zero outputs;
        for (std::size_t k = 0; k < t.sums.size(); ++k) {
            bool const fixed_sum = is_sum_fixed<T>(layer.layer(), k, fixed);
            if (has_kink(act) && t.sums[k].is_zero() && !fixed_sum) row.at_kink = true;
            outputs.push_back((fixed_sum && keeps_zero(act)) || (relu && t.sums[k].sign() < 0));
        }
        fixed = std::move(outputs);
        x = t.sums;
        oracle::activate_row(act, x);
        row.layers.push_back(std::move(t));
    }
    row.outputs = std::move(x);
    return row;
}

/// sum |a_k b_k|.
[[nodiscard]] inline oracle::real sum_of_products(std::vector<oracle::real> const& a,
                                                  std::vector<oracle::real> const& b) {
    oracle::real total;
    for (std::size_t k = 0; k < a.size(); ++k)
        if (!a[k].is_zero() && !b[k].is_zero()) total += (a[k] * b[k]).abs();
    return total;
}

/// The derivatives by a layer's inputs from those by its sums.
template <binary_format T>
[[nodiscard]] std::vector<oracle::real> through_weights(dense_view<T> const& layer,
                                                        std::vector<oracle::real> const& slopes) {
    std::vector<oracle::real> before(layer.inputs());
    for (std::size_t k = 0; k < layer.outputs(); ++k) {
        if (slopes[k].is_zero()) continue;
        for (std::size_t j = 0; j < before.size(); ++j) before[j] += slopes[k] * oracle::real(layer.weight(k, j));
    }
    return before;
}

}  // namespace detail

/// The condition numbers of the outputs of `net` at x, componentwise: for changes of each input by at most e times
/// itself, and of each weight and bias of one layer, the limit of the largest relative change of an output, by e.
///
/// With y = f(z^l), z^l = W a + b and the exact derivative G = dy / dz^l: (|G| (|W| |a| + |b|))_i / |y_i| for layer l,
/// and (|dy / dx| |x|)_i / |y_i| for the inputs, the quotients of exact numbers, each rounded once to double.
/// @param  x  [in] numbers of any of the four formats
/// Error:     none but that rounding for linear and relu; else some 2^-200, from the oracle's activations and slopes
/// Special:   y_i = 0: +inf, or NaN where nothing changes it; 0 < |y_i| < 2^-2047, where the oracle's activations are
///            no longer relatively accurate: NaN
/// Requires:  fitting shapes; weights and x are finite
/// Cost:      for each output about two products with every weight, of numbers that grow from layer to layer
/// Source:    docs/mathematics.md, "Condition numbers"
template <binary_format T, oracle::float_range Row>
[[nodiscard]] network_condition condition_of_network(network<T> const& net, Row const& x) {
    using oracle::real;
    auto const values = oracle::detail::as_span(x);
    using value_type = typename decltype(values)::value_type;
    oracle::detail::expect_inputs(net.inputs(), matrix_view<value_type const>(values.data(), 1, values.size()));
    detail::row_trace const row = detail::trace_row(net, detail::exact_row(x));
    std::vector<real> const& y = row.outputs;
    network_condition condition;
    condition.differentiable = !row.at_kink;
    condition.inputs.resize(y.size());
    condition.layers.assign(net.size(), std::vector<double>(y.size()));
    real const smallest = real(1).scaled(-2047);
    for (std::size_t i = 0; i < y.size() && net.size() > 0; ++i) {
        if (!y[i].is_zero() && y[i].abs() < smallest && !is_exact(net[net.size() - 1].act())) {
            for (std::vector<double>& layer : condition.layers) layer[i] = canonical_nan<double>();
            condition.inputs[i] = canonical_nan<double>();
            continue;
        }
        std::vector<real> slopes(y.size());  // of y_i by the outputs of layer l
        slopes[i] = real(1);
        for (std::size_t l = net.size(); l-- > 0;) {
            detail::layer_trace const& t = row.layers[l];
            detail::through_activation(net[l].act(), t.sums, slopes);
            condition.layers[l][i] =
                oracle::quotient<double>(detail::sum_of_products(slopes, t.magnitudes), y[i].abs());
            slopes = detail::through_weights(net[l].view(), slopes);
        }
        condition.inputs[i] =
            oracle::quotient<double>(detail::sum_of_products(slopes, row.layers.front().input), y[i].abs());
    }
    return condition;
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
