// SPDX-License-Identifier: BSL-1.0
#pragma once
// y = A x: correctly rounded, or by a chosen method.

#include <lastbit/fold/dot.hpp>
#include <lastbit/linalg/gemm.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {

namespace detail {

/// A contiguous range that results can be written to. Counter-examples: a vector of const, a vector of int.
template <class Y>
concept result_range = std::ranges::contiguous_range<Y> && std::ranges::sized_range<Y> &&
                       !std::is_const_v<std::remove_reference_t<std::ranges::range_reference_t<Y>>> &&
                       summable<std::remove_cv_t<std::ranges::range_value_t<Y>>>;

/// M can multiply a matrix and a vector of the format T.
template <class M, class T>
concept multiplies = (std::same_as<M, correctly_rounded> && correctly_roundable<T>) || holds_products<M, T>;

}  // namespace detail

/// y = A x: each element by the method M, with the bits of the dot product of A's row and x; correctly rounded to y's
/// format if M is correctly_rounded.
///
/// @param  A  [m x k] view of the format T, any strides; x [k] numbers of T
/// @param  y  [m] numbers of the format R, every element written
/// Error, special values, order: as gemm. Requires: fitting shapes; y overlaps neither A nor x.
/// Cost:      O(m k), one workspace allocated
template <class M, class T, number_range X, number_range Y>
    requires detail::multiplies<M, std::remove_const_t<T>> && std::same_as<detail::number_t<X>, std::remove_const_t<T>>
void gemv(matrix_view<T> A, X const& x, Y&& y) {
    using number = std::remove_const_t<T>;
    auto const k = static_cast<std::size_t>(std::ranges::size(x));
    auto const m = static_cast<std::size_t>(std::ranges::size(y));
    LASTBIT_EXPECTS(A.cols() == k && A.rows() == m,
                    "gemv: A has shape " + detail::shape_text(A.rows(), A.cols()) + ", x " + detail::shape_text(k) +
                        " and y " + detail::shape_text(m) + "; x must have A's columns and y its rows");
    matrix_view<number const> const column(std::ranges::data(x), k, 1, 1);
    matrix_view const result(std::ranges::data(y), m, 1, 1);
    gemm<M>(matrix_view<number const>(A), column, result);
}

/// y = A x by the default method of A's format: for the four formats the exact values, each rounded once.
template <class T, number_range X, number_range Y>
    requires std::same_as<detail::number_t<X>, std::remove_const_t<T>>
void gemv(matrix_view<T> A, X const& x, Y&& y) {
    gemv<default_method<std::remove_const_t<T>>>(A, x, std::forward<Y>(y));
}

/// By the accumulator Acc in the order O.
template <accumulator Acc, order O, class T, number_range X, number_range Y>
    requires detail::holds_products<Acc, std::remove_const_t<T>> &&
        std::same_as<detail::number_t<X>, std::remove_const_t<T>>
void gemv(matrix_view<T> A, X const& x, Y&& y) { gemv<method<Acc, O>>(A, x, std::forward<Y>(y)); }

}  // namespace LASTBIT_ABI
}  // namespace lastbit
