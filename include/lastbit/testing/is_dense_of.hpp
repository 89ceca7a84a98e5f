// SPDX-License-Identifier: BSL-1.0
#pragma once
// Matcher: the output of a dense layer.

#include <lastbit/nn/dense.hpp>
#include <lastbit/testing/product_matcher.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {

/// CHECK_THAT(Y, is_dense_of(layer, X)): Y is act(X W^T + b), [batch x out], for X [batch x in]: a matrix_view, or one
/// row as a range; within the bound of every order of summation in the accumulation format, or as else demanded
/// (product_matcher). Requires: an activation other than softmax.
template <class T, array_like X>
    requires(matrix_like<X> || stored_range<X>)
[[nodiscard]] product_matcher is_dense_of(dense_view<T> const& layer, X const& x) {
    quantify::product p;
    p.a = quantify::operand(as_array(x));
    p.b = quantify::operand(as_array(transposed(layer.weight)));
    if (!layer.bias.empty()) p.bias = quantify::operand(as_array(layer.bias));
    p.act = layer.act;
    return product_matcher(std::move(p), "the output of a dense layer");
}

/// The same of a layer that owns its weights.
template <class T, class X>
[[nodiscard]] product_matcher is_dense_of(dense<T> const& layer, X const& x) {
    return is_dense_of(layer.view(), x);
}

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
