// SPDX-License-Identifier: BSL-1.0
#pragma once
// All elements of a matrix product by a method: what gemm, gemv and the dense layer share.

#include <lastbit/linalg/tile.hpp>

#include <span>
#include <vector>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// C has the shape of A B.
template <class A, class B, class C>
void expect_product_shapes(char const* kernel, A const& a, B const& b, C const& c) {
    LASTBIT_EXPECTS(a.cols() == b.rows(), std::string(kernel) + ": A has shape " + shape_text(a.rows(), a.cols()) +
                                              " and B " + shape_text(b.rows(), b.cols()) +
                                              "; A must have as many columns as B has rows");
    LASTBIT_EXPECTS(c.rows() == a.rows() && c.cols() == b.cols(), std::string(kernel) + ": the product has shape " +
                                                                      shape_text(a.rows(), b.cols()) + ", C has " +
                                                                      shape_text(c.rows(), c.cols()));
}

/// Row i of m as contiguous numbers: where they lie, or copied to `buffer`.
template <class T>
[[nodiscard]] T const* contiguous_row(matrix_view<T const> const& m, std::size_t i, T* buffer) {
    if (m.col_stride() == 1) return &m(i, 0);
    for (std::size_t j = 0; j < m.cols(); ++j) buffer[j] = m(i, j);
    return buffer;
}

/// Whether a product of this shape fills registers with elements: else each element is a dot product of its own.
/// Without lanes the terms of one element cannot share a register, so it always does.
template <class M, class T>
[[nodiscard]] constexpr bool goes_by_tiles(std::size_t rows, std::size_t columns) noexcept {
    constexpr std::size_t width = vector_width<held_t<M, T>>;
    if constexpr (!uses_lanes<typename method_of<M>::type>) return true;
    else return width > 1 && (rows >= width || columns >= width);
}

/// How much room a product needs: of words of a panel, of numbers of the input for rows that are copied.
template <class M, class T>
struct workspace_need {
    std::size_t held = 0;
    std::size_t copied = 0;

    workspace_need(matrix_view<T const> const& a, matrix_view<T const> const& b) noexcept {
        if (goes_by_tiles<M, T>(a.rows(), b.cols())) {
            held = a.cols() * tiling<M, T>::panel_columns;
        } else {
            copied = (a.col_stride() == 1 ? 0 : a.rows() * a.cols()) + (b.row_stride() == 1 ? 0 : b.rows());
        }
    }
};

/// All elements of A B, each by the lanes of a dot product. Blocks of A's rows stay in the cache while B's
/// columns pass.
template <class M, class T, class Finish>
void multiply_by_lanes(matrix_view<T const> const& a, matrix_view<T const> const& b, T* copies, Finish const& finish) {
    using U = held_t<M, T>;
    std::size_t const k = a.cols();
    bool const copy_rows = a.col_stride() != 1;
    T* const column_copy = copies + (copy_rows ? a.rows() * k : 0);
    if (copy_rows)
        for (std::size_t i = 0; i < a.rows(); ++i) static_cast<void>(contiguous_row(a, i, copies + i * k));
    constexpr std::size_t cached_bytes = std::size_t{1} << 18;
    std::size_t const block = cached_bytes / (sizeof(T) * k) + 1;
    matrix_view<T const> const columns = transposed(b);
    for (std::size_t top = 0; top < a.rows(); top += block) {
        std::size_t const bottom = a.rows() - top < block ? a.rows() : top + block;
        for (std::size_t j = 0; j < b.cols(); ++j) {
            T const* const y = contiguous_row(columns, j, column_copy);
            for (std::size_t i = top; i < bottom; ++i) {
                product_terms<U, T> const terms{copy_rows ? copies + i * k : &a(i, 0), y};
                auto state = reduced<M, T>(terms, k);
                finish(state, i, j);
            }
        }
    }
}

/// All elements of A B by tiles, or of its transpose where the product is tall: that fills the registers.
template <class M, class Matrix, class Finish>
void multiply_in_registers(Matrix const& a, Matrix const& b, panel_word<M, number_in<Matrix>>* panel,
                           Finish const& finish) {
    if (b.cols() < vector_width<held_t<M, number_in<Matrix>>> && a.rows() > b.cols()) {
        multiply_by_tiles<M, true>(transposed(b), transposed(a), panel,
                                   [&finish](auto& state, std::size_t i, std::size_t j) { finish(state, j, i); });
    } else {
        multiply_by_tiles<M>(a, b, panel, finish);
    }
}

/// finish(state, i, j) for each element (i, j) of A B, [m x k] [k x n], in any sequence; state holds the k products by
/// the method M and may be changed. Requires k > 0, and room as workspace_need says.
template <class M, class T, class Finish>
void multiply(matrix_view<T const> a, matrix_view<T const> b, panel_word<M, T>* held, T* copies, Finish const& finish) {
    a = {enter(a.data()), a.rows(), a.cols(), a.row_stride(), a.col_stride()};
    b = {enter(b.data()), b.rows(), b.cols(), b.row_stride(), b.col_stride()};
    if (!goes_by_tiles<M, T>(a.rows(), b.cols())) {
        if constexpr (uses_lanes<typename method_of<M>::type>) multiply_by_lanes<M>(a, b, copies, finish);
    } else {
        multiply_in_registers<M>(a, b, held, finish);
    }
}

/// multiply with one allocation, guard included.
template <class M, class T, class Finish>
void multiply(matrix_view<T const> const& a, matrix_view<T const> const& b, Finish const& finish) {
    workspace_need<M, T> const need(a, b);
    std::vector<panel_word<M, T>> held(need.held);
    std::vector<T> copies(need.copied);
    environment::guard const guard;
    multiply<M>(a, b, held.data(), copies.data(), finish);
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
