// SPDX-License-Identifier: BSL-1.0
#pragma once
// The exact network: no rounding anywhere, from the inputs to the outputs. Linear and relu layers.
//
// It is not what `correctly_rounded` computes: that rounds once in each layer.

#include <lastbit/nn/network.hpp>
#include <lastbit/oracle/dense.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace oracle {
namespace detail {

/// Does nothing: the default of progress callbacks.
struct no_progress {
    void operator()(std::size_t, std::size_t) const noexcept {}
};

template <binary_format T>
[[nodiscard]] std::vector<exact_layer<T>> exact_layers(network<T> const& net) {
    std::vector<exact_layer<T>> layers;
    layers.reserve(net.size());
    for (std::size_t k = 0; k < net.size(); ++k) {
        dense_view<T> const view = net[k].view();
        for (std::size_t i = 0; i < view.outputs(); ++i)
            for (std::size_t j = 0; j < view.inputs(); ++j)
                LASTBIT_EXPECTS(lastbit::is_finite(view.weight(i, j)), "oracle::forward: weight (" + std::to_string(i) +
                                                                           ", " + std::to_string(j) + ") of layer " +
                                                                           std::to_string(k) + " is not finite");
        LASTBIT_EXPECTS(all_finite(view.bias),
                        "oracle::forward: the bias of layer " + std::to_string(k) + " is not finite");
        layers.emplace_back(view);
    }
    return layers;
}

template <class U>
void expect_inputs(std::size_t inputs, matrix_view<U> const& X) {
    LASTBIT_EXPECTS(X.cols() == inputs, "oracle::forward: a network of " + std::to_string(inputs) +
                                            " inputs and an input of shape " +
                                            lastbit::detail::shape_text(X.rows(), X.cols()));
    for (std::size_t i = 0; i < X.rows(); ++i)
        for (std::size_t j = 0; j < X.cols(); ++j)
            LASTBIT_EXPECTS(lastbit::is_finite(X(i, j)), "oracle::forward: input (" + std::to_string(i) + ", " +
                                                             std::to_string(j) + ") is not finite");
}

}  // namespace detail

/// The exact outputs of every layer, activations applied: element k belongs to layer k, the last one to the network.
/// @param  net       n layers, each [out x in]; weights and biases finite
/// @param  X         [batch x in], finite, of any format
/// @param  progress  called as progress(rows done, rows) after each row
/// @return           n matrices [batch x out]
/// Error:            none
/// Special:          weights and inputs that are not finite are a failed precondition; a layer's zeros have the sign
///                   that oracle::dot gives them
/// Cost:             a product of two 55-bit digits for each pair of digits of a weight and of an input
template <binary_format T, class U, class Progress = detail::no_progress>
    requires binary_format<std::remove_const_t<U>>
[[nodiscard]] std::vector<exact_matrix> forward_layers(network<T> const& net, matrix_view<U> X,
                                                       Progress progress = {}) {
    detail::expect_inputs(net.inputs(), X);
    std::vector<exact_layer<T>> const layers = detail::exact_layers(net);
    std::vector<exact_matrix> outputs;
    for (exact_layer<T> const& layer : layers) outputs.emplace_back(X.rows(), layer.layer().outputs());
    for (std::size_t i = 0; i < X.rows(); ++i) {
        std::vector<real> row(X.cols());
        for (std::size_t j = 0; j < X.cols(); ++j) row[j] = real(X(i, j));
        for (std::size_t k = 0; k < layers.size(); ++k) {
            row = layers[k](row);
            std::copy(row.begin(), row.end(), outputs[k].row(i).begin());
        }
        progress(i + 1, X.rows());
    }
    return outputs;
}

/// The exact outputs of the network, [batch x out]; [batch x 0] for a network without layers.
///
/// Parameters, requirements and special values: as forward_layers.
template <binary_format T, class U, class Progress = detail::no_progress>
    requires binary_format<std::remove_const_t<U>>
[[nodiscard]] exact_matrix forward(network<T> const& net, matrix_view<U> X, Progress progress = {}) {
    std::vector<exact_matrix> layers = forward_layers(net, X, progress);
    return layers.empty() ? exact_matrix(X.rows(), 0) : std::move(layers.back());
}

}  // namespace oracle
}  // namespace LASTBIT_ABI
}  // namespace lastbit
