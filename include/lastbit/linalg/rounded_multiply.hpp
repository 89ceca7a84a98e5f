// SPDX-License-Identifier: BSL-1.0
#pragma once
// All elements of a matrix product, each the exact value rounded once: what gemm, gemv and the dense layer share.

#include <lastbit/exact/rounded_dot.hpp>
#include <lastbit/linalg/multiply.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// C(i, j) = the exact sum of A(i, l) B(l, j) over l, and of bias[j] unless bias is null, rounded once to R.
/// A [m x k], B [k x n], C [m x n]; any strides, any dimension may be 0. No terms at all: +0.
/// Requires: fitting shapes; C overlaps nothing.
template <binary_format R, binary_format T>
void multiply_rounded(matrix_view<T const> a, matrix_view<T const> b, T const* bias, matrix_view<R> c) {
    if (c.empty()) return;
    std::size_t const k = a.cols();
    std::vector<T> row(k);
    std::vector<T> column(k);
    environment::guard const guard;
    a = {enter(a.data()), a.rows(), a.cols(), a.row_stride(), a.col_stride()};
    b = {enter(b.data()), b.rows(), b.cols(), b.row_stride(), b.col_stride()};
    for (std::size_t j = 0; j < c.cols(); ++j) {
        for (std::size_t l = 0; l < k; ++l) column[l] = b(l, j);
        for (std::size_t i = 0; i < c.rows(); ++i) {
            for (std::size_t l = 0; l < k; ++l) row[l] = a(i, l);
            c(i, j) = leave(rounded_dot<R>(row.data(), column.data(), k, bias == nullptr ? nullptr : bias + j));
        }
    }
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
