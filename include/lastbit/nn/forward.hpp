// SPDX-License-Identifier: BSL-1.0
#pragma once
// The outputs of a dense layer and of a network: correctly rounded layer by layer, or by a chosen method.

#include <lastbit/linalg/gemv.hpp>
#include <lastbit/nn/activate_rows.hpp>
#include <lastbit/nn/network.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

template <class T>
void expect_layer(dense_view<T> const& layer, matrix_view<T const> const& X, matrix_view<T> const& Y) {
    LASTBIT_EXPECTS(X.cols() == layer.inputs(), "forward: X has shape " + shape_text(X.rows(), X.cols()) +
                                                    ", the layer's weight " +
                                                    shape_text(layer.outputs(), layer.inputs()) +
                                                    "; X must have as many columns as the layer has inputs");
    LASTBIT_EXPECTS(Y.rows() == X.rows() && Y.cols() == layer.outputs(),
                    "forward: the output has shape " + shape_text(X.rows(), layer.outputs()) + ", Y has " +
                        shape_text(Y.rows(), Y.cols()));
    LASTBIT_EXPECTS(layer.bias.empty() || layer.bias.size() == layer.outputs(),
                    "forward: the bias has shape " + shape_text(layer.bias.size()) + ", the layer has " +
                        std::to_string(layer.outputs()) + " outputs");
    LASTBIT_EXPECTS(!repeats_elements(Y), "forward: Y holds some element twice (its strides overlap)");
    matrix_view<T const> const y(Y);
    LASTBIT_EXPECTS(!overlap(y, X), "forward: Y overlaps X in memory");
    LASTBIT_EXPECTS(!overlap(y, layer.weight), "forward: Y overlaps the weight in memory");
    LASTBIT_EXPECTS(!overlap(y, matrix_view<T const>(layer.bias.data(), 1, layer.bias.size())),
                    "forward: Y overlaps the bias in memory");
}

/// The outputs of a layer without inputs: the bias, or +0.
template <class M, class T, class Finish>
void bias_only(dense_view<T> const& layer, matrix_view<T> const& Y, Finish const& finish) {
    environment::guard const guard;
    for (std::size_t i = 0; i < Y.rows(); ++i)
        for (std::size_t j = 0; j < Y.cols(); ++j) {
            typename accumulator_of<M>::template state<held_t<M, T>> state;
            if (layer.bias.empty()) Y(i, j) = T(0);
            else finish(state, i, j);
        }
}

}  // namespace detail

/// Y = act(X W^T + b): z, the exact sum of the products and the bias, rounded once; y = act(z), for linear, relu and
/// leaky_relu the exact value rounded once, for the others as activate_rows states.
///
/// @param  X  [batch x in] view, any strides; any batch, in and out may be 0
/// @param  Y  [batch x out] view, every element written
/// Error, special values: those of correctly_rounded; no terms at all (in = 0 and no bias) -> z = +0
/// Requires:  fitting shapes; Y overlaps no input; else LASTBIT_EXPECTS fails
/// Cost:      O(batch in out), one workspace allocated
template <std::same_as<correctly_rounded> M, correctly_roundable T>
void forward(dense_view<T> const& layer, std::type_identity_t<matrix_view<T const>> X,
             std::type_identity_t<matrix_view<T>> Y) {
    detail::expect_layer<T>(layer, X, Y);
    T const* const bias = layer.bias.empty() ? nullptr : layer.bias.data();
    detail::multiply_rounded<T, T>(X, transposed(layer.weight), bias, Y);
    activate_rows(layer.act, Y);
}

/// Y = act(X W^T + b), row by row: z by the method M, the bias its last term; y = act(z).
///
/// @param  X  [batch x in] view, any strides; any batch, in and out may be 0
/// @param  Y  [batch x out] view, every element written
/// Error:     of z, that of dot with one more term, b; of act, as activate_rows states: none for linear and relu
/// Special:   no terms at all (in = 0 and no bias) -> z = +0; every NaN the canonical one
/// Order:     a row's bits do not depend on the batch around it, nor on instruction set or flags
/// Requires:  fitting shapes; Y overlaps no input; else LASTBIT_EXPECTS fails
/// Cost:      O(batch in out), one workspace allocated
template <method_like M, class T>
    requires detail::holds_products<M, T>
void forward(dense_view<T> const& layer, std::type_identity_t<matrix_view<T const>> X,
             std::type_identity_t<matrix_view<T>> Y) {
    detail::expect_layer<T>(layer, X, Y);
    if (Y.empty()) return;
    using U = detail::held_t<M, T>;
    bool const at_once = layer.act == activation::linear || layer.act == activation::relu;
    auto const finish = [&layer, &Y, at_once](auto& state, std::size_t i, std::size_t j) {
        if (!layer.bias.empty()) state.add(detail::loader<U>::load(&layer.bias[j]));
        T const z = detail::rounded<T>(state.value());
        Y(i, j) = at_once ? activate(layer.act, z) : z;
    };
    if (X.cols() > 0) detail::multiply<M, T>(X, transposed(layer.weight), finish);
    else detail::bias_only<M, T>(layer, Y, finish);
    if (!at_once) activate_rows(layer.act, Y);
}

template <class M, class T>
    requires detail::multiplies<M, T>
void forward(dense<T> const& layer, std::type_identity_t<matrix_view<T const>> X,
             std::type_identity_t<matrix_view<T>> Y) {
    forward<M>(layer.view(), X, Y);
}

/// Y = the network's outputs for the rows of X, layer by layer by the method M, each layer's outputs rounded to T.
///
/// @param  X  [batch x inputs] view; Y [batch x outputs] view. A network without layers is refused.
/// Error, special values, order, requirements: as for a layer. Cost: the layers', and two buffers for hidden outputs.
template <class M, class T>
    requires detail::multiplies<M, T>
void forward(network<T> const& net, std::type_identity_t<matrix_view<T const>> X,
             std::type_identity_t<matrix_view<T>> Y) {
    LASTBIT_EXPECTS(net.size() > 0, "forward: the network has no layers");
    detail::expect_layer<T>(dense_view<T>{{nullptr, net.outputs(), X.cols()}, {}, activation::linear}, X, Y);
    std::vector<T> hidden;
    std::vector<T> next;
    matrix_view<T const> input = X;
    for (std::size_t k = 0; k + 1 < net.size(); ++k) {
        next.assign(X.rows() * net[k].outputs(), T(0));
        forward<M>(net[k].view(), input, matrix_view<T>(next.data(), X.rows(), net[k].outputs()));
        hidden.swap(next);
        input = {hidden.data(), X.rows(), net[k].outputs()};
    }
    forward<M>(net[net.size() - 1].view(), input, Y);
}

/// A layer or a network by the default method of its format: for the four formats correctly rounded, layer by layer.
template <summable T>
void forward(dense_view<T> const& layer, std::type_identity_t<matrix_view<T const>> X,
             std::type_identity_t<matrix_view<T>> Y) {
    forward<default_method<T>>(layer, X, Y);
}
template <summable T>
void forward(dense<T> const& layer, std::type_identity_t<matrix_view<T const>> X,
             std::type_identity_t<matrix_view<T>> Y) {
    forward<default_method<T>>(layer.view(), X, Y);
}
template <summable T>
void forward(network<T> const& net, std::type_identity_t<matrix_view<T const>> X,
             std::type_identity_t<matrix_view<T>> Y) {
    forward<default_method<T>>(net, X, Y);
}

/// By the accumulator A in the order O.
template <accumulator A, order O, class Layer, class X, class Y>
void forward(Layer const& layer, X const& x, Y const& y) {
    forward<method<A, O>>(layer, x, y);
}

}  // namespace LASTBIT_ABI
}  // namespace lastbit
