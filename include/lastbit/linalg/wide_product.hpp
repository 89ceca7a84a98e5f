// SPDX-License-Identifier: BSL-1.0
#pragma once
// Products of matrices of any format into any, each element correctly rounded, where double alone would not do: sums in
// twice its precision, and a judgment of each.

#include <lastbit/linalg/blocked_product.hpp>
#include <lastbit/linalg/extraction_tile.hpp>
#include <lastbit/linalg/wide_judge.hpp>
#include <lastbit/linalg/wide_vector_products.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// A power of two that brings a row to a length of at most 1 - 2^-10, and its inverse; where there is none among
/// 2^-480 ... 2^480, the inverse is infinite. @param length a bound of the row's, perhaps infinite or NaN
struct row_scale {
    double scale;
    double factor;

    [[nodiscard, gnu::always_inline]] static row_scale of(double length) noexcept {
        if (is_zero(length)) return {1.0, 1.0};
        auto const exponent = static_cast<int>(magnitude_bits(mul(length, 0x1.01p0)) >> 52) - 1022;
        if (exponent > 480) return {1.0, infinity<double>()};
        int const e = exponent < -480 ? -480 : exponent;
        return {power_of_two(-e), power_of_two(e)};
    }
};

/// C = A B for few rows of A: each of them with all columns of B as they lie, by Dot2.
template <binary_format R, binary_format T>
class unpacked_wide_product {
public:
    unpacked_wide_product(wide_judge<R, T> const& judge, bool known, double* lengths, workspace& room) noexcept
        : judge_(judge), known_(known), lengths_(lengths), rows_(lastbit::transposed(judge.operands.b)) {
        std::size_t const k = rows_.cols();
        x_ = room.take<double>(wide_vector_products::padded(k));
        sums_ = room.take<double>(rows_.rows() + batch_width<double>);
        rests_ = room.take<double>(rows_.rows() + batch_width<double>);
        if (rows_.col_stride() != 1 && rows_.row_stride() != 1) copies_ = room.take<T>(wide_vector_products::rows * k);
    }

    [[nodiscard]] static wide_bounds bounds(matrix_view<T const> const& b) noexcept {
        std::size_t const height = wide_vector_products::height(b.rows(), b.row_stride() != 1 && b.col_stride() == 1);
        double const errors = gamma_bound(height + 3);  // their magnitudes' sum
        return {nullptr,
                nullptr,
                nullptr,
                nullptr,
                mul(mul(errors, gamma_bound(height + 6)), sum_margin),
                mul(static_cast<double>(b.rows()), opaque_constant(0x1p-1070)),
                mul(2.0, errors)};
    }

    void run() const noexcept {
        auto const& a = judge_.operands.a;
        for (std::size_t i = 0; i < a.rows(); ++i) {
            widen_run(&a(i, 0), a.col_stride(), a.cols(), x_);
            for (std::size_t l = a.cols(); l < wide_vector_products::padded(a.cols()); ++l) x_[l] = 0;
            if (i == 0 && !known_) multiply<true>();
            else multiply<false>();
            judge_.decide_row(i, 0, rows_.rows(), sums_, rests_);
        }
    }

private:
    template <bool Lengths>
    void multiply() const noexcept {
        if (rows_.col_stride() == 1) return multiply_wide_by_rows<Lengths>(rows_, x_, sums_, rests_, lengths_);
        if (rows_.row_stride() == 1) return multiply_wide_by_columns<Lengths>(rows_, x_, sums_, rests_, lengths_);
        std::size_t const k = rows_.cols();
        for (std::size_t i = 0; i < rows_.rows(); i += wide_vector_products::rows) {
            std::size_t const count = std::min(wide_vector_products::rows, rows_.rows() - i);
            for (std::size_t r = 0; r < count; ++r)
                for (std::size_t l = 0; l < k; ++l) copies_[r * k + l] = rows_(i + r, l);
            multiply_wide_by_rows<Lengths>(matrix_view<T const>(copies_, count, k), x_, sums_ + i, rests_ + i,
                                           lengths_ + i);
        }
    }

    wide_judge<R, T> const& judge_;
    bool known_;
    double* lengths_;
    matrix_view<T const> rows_;  // B's columns
    double* x_ = nullptr;
    double* sums_ = nullptr;
    double* rests_ = nullptr;
    T* copies_ = nullptr;
};

/// The bounds of a product by extraction, whose rows and columns are scaled to a length below 1.
[[nodiscard]] inline wide_bounds extraction_bounds(std::size_t k, std::size_t height) noexcept {
    double const terms = mul(static_cast<double>(k), sum_margin);
    return {nullptr,
            nullptr,
            nullptr,
            nullptr,
            mul(mul(terms, static_cast<double>(height + 4)), 0x1p-104),
            0x1p-1060,
            mul(terms, 0x1p-50)};
}

/// What was found out about the columns of B beforehand. Nothing: all null.
struct known_wide_columns {
    double const* panels = nullptr;   // scaled, of extraction_tile::columns columns each, b.rows() deep
    double const* lengths = nullptr;  // bounds of the columns' lengths
    int const* quanta = nullptr;
};

/// C = A B + bias. Requires: k > 0, C not empty, k < 2^40.
template <binary_format R, binary_format T>
void multiply_wide(product_operands<R, T> p, known_wide_columns known) {
    std::size_t const k = p.a.cols();
    if (p.b.cols() < std::min(p.a.rows(), extraction_tile::columns)) {
        p = transposed(p);
        known = {};
    }
    std::size_t const m = p.a.rows();
    std::size_t const n = p.b.cols();
    bool const unpacked = m <= 3;
    product_blocks<extraction_tile> const blocks(m, n, k);
    wide_bounds bounds = unpacked ? unpacked_wide_product<R, T>::bounds(p.b) : extraction_bounds(k, blocks.height(k));
    workspace room;
    for (bool const counting : {true, false}) {
        p.row = room.take<T>(k);
        p.column = room.take<T>(k);
        auto* const row_length = room.take<double>(m);
        auto* const column_length = room.take<double>(n);
        auto* const row_scales = room.take<double>(m);
        auto* const column_scales = room.take<double>(n);
        bounds.row = row_length;
        bounds.column = column_length;
        bounds.row_quantum = room.take<int>(m);
        bounds.column_quantum = room.take<int>(n);
        if (!counting) {
            bound_lengths(p.a, row_length);
            if (known.lengths != nullptr) std::copy_n(known.lengths, n, column_length);
            else if (!unpacked) bound_lengths(lastbit::transposed(p.b), column_length);
            std::fill_n(bounds.row_quantum, m, unknown_quantum);
            std::fill_n(bounds.column_quantum, n, unknown_quantum);
            if (known.quanta != nullptr) std::copy_n(known.quanta, n, bounds.column_quantum);
        }
        if (unpacked) {
            wide_judge<R, T> const judge{p, bounds, nullptr, nullptr, 0.0};
            unpacked_wide_product<R, T> const product(judge, known.lengths != nullptr, column_length, room);
            if (!counting) product.run();
        } else {
            // Lengths become the factors that the scaled sums are multiplied by.
            auto const rescale = [](double* length, double* scale, std::size_t count) {
                for (std::size_t i = 0; i < count; ++i) {
                    row_scale const s = row_scale::of(length[i]);
                    scale[i] = s.scale;
                    length[i] = s.factor;
                }
            };
            if (!counting) {
                rescale(row_length, row_scales, m);
                rescale(column_length, column_scales, n);
            }
            wide_judge<R, T> const judge{p, bounds, row_length, column_length, 3.0};
            blocked_product<extraction_tile, wide_judge<R, T>> const product(judge, known.panels,
                                                                             {row_scales, column_scales}, blocks, room);
            if (!counting) product.run();
        }
        if (counting) room.allocate();
    }
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
