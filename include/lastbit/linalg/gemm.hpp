// SPDX-License-Identifier: BSL-1.0
#pragma once
// C = A B: correctly rounded, or by a chosen method.

#include <lastbit/fold/correctly_rounded.hpp>
#include <lastbit/linalg/rounded_multiply.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

template <class T, class R>
void expect_product(char const* kernel, matrix_view<T const> const& a, matrix_view<T const> const& b,
                    matrix_view<R> const& c) {
    expect_product_shapes(kernel, a, b, c);
    LASTBIT_EXPECTS(!repeats_elements(c), std::string(kernel) + ": C holds some element twice (its strides overlap)");
    LASTBIT_EXPECTS(!overlap(matrix_view<R const>(c), a), std::string(kernel) + ": C overlaps A in memory");
    LASTBIT_EXPECTS(!overlap(matrix_view<R const>(c), b), std::string(kernel) + ": C overlaps B in memory");
}

}  // namespace detail

/// C = A B: each element the exact value, rounded once to C's format.
///
/// @param  A  [m x k], B [k x n] views of one format T, any strides, any of m, n, k may be 0
/// @param  C  [m x n] view of any of the four formats, every element written
/// Error, special values: those of correctly_rounded; k = 0 -> +0
/// Requires:  fitting shapes; C overlaps neither A nor B; else LASTBIT_EXPECTS fails
/// Cost:      O(m n k), one workspace allocated
template <std::same_as<correctly_rounded> M, class T, binary_format R>
    requires correctly_roundable<std::remove_const_t<T>>
void gemm(matrix_view<T> A, matrix_view<std::remove_const_t<T> const> B, matrix_view<R> C) {
    using number = std::remove_const_t<T>;
    detail::expect_product<number, R>("gemm", A, B, C);
    detail::multiply_rounded<R, number>(A, B, nullptr, C);
}

/// C = A B: each element by the method M, with the bits of the dot product of its row and column.
///
/// @param  A  [m x k], B [k x n] views of one format T, any strides, any of m, n, k may be 0
/// @param  C  [m x n] view of the format R, every element written; R = T, or another format: then each sum is rounded
///            from the format it is held in to R
/// Error:     elementwise that of dot
/// Special:   as dot; k = 0 -> +0
/// Order:     the same bits for every blocking, stride, instruction set and flag
/// Requires:  fitting shapes; C overlaps neither A nor B; else LASTBIT_EXPECTS fails
/// Cost:      O(m n k), one workspace allocated
template <method_like M, class T, class R>
    requires detail::holds_products<M, std::remove_const_t<T>> && summable<R> &&
        detail::rounds_to<detail::held_t<M, std::remove_const_t<T>>, R>
void gemm(matrix_view<T> A, matrix_view<std::remove_const_t<T> const> B, matrix_view<R> C) {
    using number = std::remove_const_t<T>;
    detail::expect_product<number, R>("gemm", A, B, C);
    if (A.cols() == 0) {
        for (std::size_t i = 0; i < C.rows(); ++i)
            for (std::size_t j = 0; j < C.cols(); ++j) C(i, j) = R(0);
        return;
    }
    if (C.empty()) return;
    detail::multiply<M, number>(
        A, B, [&C](auto const& state, std::size_t i, std::size_t j) { C(i, j) = detail::rounded<R>(state.value()); });
}

/// C = A B by the default method of A's format.
template <class T, class R>
    requires summable<std::remove_const_t<T>>
void gemm(matrix_view<T> A, matrix_view<std::remove_const_t<T> const> B, matrix_view<R> C) {
    gemm<default_method<std::remove_const_t<T>>>(A, B, C);
}

/// By the accumulator Acc in the order O.
template <accumulator Acc, order O, class T, class R>
    requires detail::holds_products<Acc, std::remove_const_t<T>> && summable<R> &&
        detail::rounds_to<detail::held_t<Acc, std::remove_const_t<T>>, R>
void gemm(matrix_view<T> A, matrix_view<std::remove_const_t<T> const> B, matrix_view<R> C) {
    gemm<method<Acc, O>>(A, B, C);
}

}  // namespace LASTBIT_ABI
}  // namespace lastbit
