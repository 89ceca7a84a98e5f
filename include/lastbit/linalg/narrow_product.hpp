// SPDX-License-Identifier: BSL-1.0
#pragma once
// Products of float, bfloat16 and float16 matrices, each element correctly rounded: sums in double, and a judgment of
// each.

#include <lastbit/linalg/blocked_product.hpp>
#include <lastbit/linalg/product_judge.hpp>
#include <lastbit/linalg/product_tile.hpp>
#include <lastbit/linalg/vector_products.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// What was found out about the columns of B beforehand. Nothing: all null.
struct known_columns {
    double const* panels = nullptr;   // of product_tile::columns columns each, b.rows() deep
    double const* lengths = nullptr;  // bounds of the columns' lengths
    double const* inverse_quanta = nullptr;
};

/// Rows of A up to which B is not packed.
inline constexpr std::size_t few_rows = 3;

/// C = A B for few rows of A: each of them with all columns of B as they lie.
template <binary_format R, narrow_format T>
class unpacked_product {
public:
    /// @param row_lengths  [m], written
    /// @param lengths  [n], written unless `known`
    unpacked_product(product_judge<R, T> const& judge, double* row_lengths, bool known, double* lengths,
                     workspace& room) noexcept
        : judge_(judge),
          known_(known),
          row_lengths_(row_lengths),
          lengths_(lengths),
          rows_(lastbit::transposed(judge.operands.b)) {
        std::size_t const k = rows_.cols();
        x_ = room.take<double>(vector_products::padded(k));
        sums_ = room.take<double>(rows_.rows() + batch_width<double>);
        if (rows_.col_stride() != 1 && rows_.row_stride() != 1) copies_ = room.take<T>(vector_products::rows * k);
    }

    [[nodiscard]] static std::size_t height(matrix_view<T const> const& b) noexcept {
        return vector_products::height(b.rows(), b.row_stride() != 1 && b.col_stride() == 1) + 1;
    }

    void run() const noexcept {
        auto const& a = judge_.operands.a;
        for (std::size_t i = 0; i < a.rows(); ++i) {
            widen_run(&a(i, 0), a.col_stride(), a.cols(), x_);
            for (std::size_t l = a.cols(); l < vector_products::padded(a.cols()); ++l) x_[l] = 0;
            row_lengths_[i] = length_bound(sum_of_squares(x_, a.cols()));
            if (i == 0 && !known_) multiply<true>();
            else multiply<false>();
            judge_.decide_row(i, 0, rows_.rows(), sums_);
        }
    }

private:
    template <bool Lengths>
    void multiply() const noexcept {
        std::size_t const k = rows_.cols();
        if (rows_.col_stride() == 1) return multiply_by_rows<Lengths>(rows_, x_, sums_, lengths_);
        if (rows_.row_stride() == 1) return multiply_by_columns<Lengths>(rows_, x_, sums_, lengths_);
        for (std::size_t i = 0; i < rows_.rows(); i += vector_products::rows) {
            std::size_t const count = std::min(vector_products::rows, rows_.rows() - i);
            for (std::size_t r = 0; r < count; ++r)
                for (std::size_t l = 0; l < k; ++l) copies_[r * k + l] = rows_(i + r, l);
            multiply_by_rows<Lengths>(matrix_view<T const>(copies_, count, k), x_, sums_ + i, lengths_ + i);
        }
    }

    product_judge<R, T> const& judge_;
    bool known_;
    double* row_lengths_;
    double* lengths_;
    matrix_view<T const> rows_;  // B's columns
    double* x_ = nullptr;
    double* sums_ = nullptr;
    T* copies_ = nullptr;
};

/// C = A B + bias. Requires: k > 0, C not empty, k < 2^40.
template <binary_format R, narrow_format T>
void multiply_narrow(product_operands<R, T> p, known_columns known) {
    std::size_t const k = p.a.cols();
    if (p.b.cols() < std::min(p.a.rows(), product_tile::columns)) {
        p = transposed(p);
        known = {};
    }
    std::size_t const m = p.a.rows();
    std::size_t const n = p.b.cols();
    bool const unpacked = m <= few_rows;
    product_blocks<product_tile> const blocks(m, n, k);
    std::size_t const height = unpacked ? unpacked_product<R, T>::height(p.b) : blocks.height(k);
    workspace room;
    for (bool counting : {true, false}) {
        p.row = room.take<T>(k);
        p.column = room.take<T>(k);
        auto* const row_length = room.take<double>(m);
        auto* const column_length = room.take<double>(n);
        auto* const row_quantum = room.take<double>(m);
        auto* const column_quantum = room.take<double>(n);
        // One more addition for the bias, two for the roundings of the test.
        product_judge<R, T> const judge{
            p, {row_length, column_length, row_quantum, column_quantum, unpacked, gamma_bound(height + 3)}};
        if (!counting) {
            if (!unpacked) bound_lengths(p.a, row_length);
            std::fill_n(row_quantum, m, -1.0);
            std::fill_n(column_quantum, n, -1.0);
            if (known.lengths != nullptr) {
                std::copy_n(known.lengths, n, column_length);
                std::copy_n(known.inverse_quanta, n, column_quantum);
            }
        }
        if (unpacked) {
            unpacked_product<R, T> const product(judge, row_length, known.lengths != nullptr, column_length, room);
            if (!counting) product.run();
        } else {
            blocked_product<product_tile, product_judge<R, T>> const product(judge, known.panels, {}, blocks, room);
            if (!counting && known.lengths == nullptr) bound_lengths(lastbit::transposed(p.b), column_length);
            if (!counting) product.run();
        }
        if (counting) room.allocate();
    }
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
