// SPDX-License-Identifier: BSL-1.0
#pragma once
// All elements of a matrix product, each the exact value rounded once: what gemm, gemv and the dense layer share.

#include <lastbit/linalg/multiply.hpp>
#include <lastbit/linalg/narrow_product.hpp>
#include <lastbit/linalg/wide_product.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// Every element by the superaccumulator.
template <binary_format R, binary_format T>
void multiply_by_integers(product_operands<R, T> p) {
    std::vector<T> row(p.a.cols());
    std::vector<T> column(p.a.cols());
    p.row = row.data();
    p.column = column.data();
    for (std::size_t j = 0; j < p.c.cols(); ++j)
        for (std::size_t i = 0; i < p.c.rows(); ++i) decide_by_integers(p, i, j);
}

/// C(i, j) = the exact sum of A(i, l) B(l, j) over l, and of bias[j] unless bias is null, rounded once to R.
/// A [m x k], B [k x n], C [m x n]; any strides, any dimension may be 0. No terms at all: +0.
/// `undecided`, unless null, grows by the number of elements that came to the superaccumulator.
/// Requires: fitting shapes; C overlaps nothing.
template <binary_format R, binary_format T>
void multiply_rounded(matrix_view<T const> a, matrix_view<T const> b, T const* bias, matrix_view<R> c,
                      std::size_t* undecided = nullptr) {
    if (c.empty()) return;
    environment::guard const guard;
    a = {enter(a.data()), a.rows(), a.cols(), a.row_stride(), a.col_stride()};
    b = {enter(b.data()), b.rows(), b.cols(), b.row_stride(), b.col_stride()};
    product_operands<R, T> const p{a,       b,        {bias == nullptr ? nullptr : enter(bias), 0, 1}, c, nullptr,
                                   nullptr, undecided};
    bool const few_terms = a.cols() > 0 && a.cols() < (std::size_t{1} << 40);
    if constexpr (narrow_format<T> && narrow_format<R>) {
        if (few_terms) return multiply_narrow(p, {});
    } else {
        if (few_terms) return multiply_wide(p, {});
    }
    multiply_by_integers(p);
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
