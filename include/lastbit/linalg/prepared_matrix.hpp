// SPDX-License-Identifier: BSL-1.0
#pragma once
// A matrix made ready once for many correctly rounded products: the weights of a layer, above all.

#include <lastbit/linalg/gemv.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// The right operand of products, copied, packed for the cache, its columns' lengths and quanta known.
///
/// Products with it have the bits of gemm and gemv: only the time differs. Small batches gain most, since there packing
/// costs as much as multiplying. It takes some 8 bytes a number beside the copy. Const operations are thread-safe.
template <correctly_roundable T>
class prepared_matrix {
public:
    /// @param B  [k x n], any strides; copied
    explicit prepared_matrix(std::type_identity_t<matrix_view<T const>> B)
        : rows_(B.rows()), columns_(B.cols()), numbers_(rows_ * columns_), lengths_(columns_), quanta_(columns_) {
        if (numbers_.empty()) return;
        environment::guard const guard;
        B = {detail::enter(B.data()), B.rows(), B.cols(), B.row_stride(), B.col_stride()};
        for (std::size_t j = 0; j < columns_; ++j)
            for (std::size_t l = 0; l < rows_; ++l) numbers_[j * rows_ + l] = B(l, j);
        prepare();
    }

    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
    [[nodiscard]] std::size_t cols() const noexcept { return columns_; }

    /// The numbers, as they were given.
    [[nodiscard]] matrix_view<T const> view() const noexcept {
        return transposed(matrix_view<T const>(numbers_.data(), columns_, rows_));
    }

    /// C = A B, and the bias bias[j], unless null, added to column j. What gemm and forward call.
    /// Requires: fitting shapes; C overlaps no input.
    template <binary_format R>
    void multiply(matrix_view<T const> A, T const* bias, matrix_view<R> C) const;

private:
    static constexpr bool narrow = detail::narrow_format<T>;
    using tile = std::conditional_t<narrow, detail::product_tile, detail::extraction_tile>;

    void prepare();

    std::size_t rows_;
    std::size_t columns_;
    std::vector<T> numbers_;       // column by column
    std::vector<double> panels_;   // of tile::columns columns each
    std::vector<double> lengths_;  // bounds of the columns' lengths
    std::vector<int> quanta_;      // exponents
    std::vector<double> inverse_quanta_;
};

template <correctly_roundable T>
void prepared_matrix<T>::prepare() {
    auto const columns = matrix_view<T const>(numbers_.data(), columns_, rows_);
    detail::bound_lengths(columns, lengths_.data());
    std::vector<double> scale(narrow ? 0 : columns_);
    for (std::size_t j = 0; j < scale.size(); ++j) scale[j] = detail::row_scale::of(lengths_[j]).scale;
    for (std::size_t j = 0; j < columns_; ++j) {
        // Where something is not finite, no quantum is ever asked for.
        quanta_[j] = is_finite(lengths_[j]) ? detail::quantum_exponent(&columns(j, 0), 1, rows_) : detail::no_quantum;
    }
    if constexpr (narrow)
        for (int const q : quanta_) inverse_quanta_.push_back(q == detail::no_quantum ? 0 : detail::power_of_two(-q));
    panels_.resize((columns_ + tile::columns - 1) / tile::columns * tile::columns * rows_);
    for (std::size_t j = 0; j < columns_; j += tile::columns)
        detail::pack_panel<tile::columns>(columns, j, std::min(tile::columns, columns_ - j), 0, rows_,
                                          narrow ? nullptr : scale.data(), panels_.data() + j * rows_);
}

template <correctly_roundable T>
template <binary_format R>
void prepared_matrix<T>::multiply(matrix_view<T const> A, T const* bias, matrix_view<R> C) const {
    // Into double, or from it, products run in two words, for which only double's panels are scaled.
    if constexpr (narrow != detail::narrow_format<R> && narrow) {
        detail::multiply_rounded<R, T>(A, view(), bias, C);
    } else {
        if (C.empty() || rows_ == 0 || rows_ >= (std::size_t{1} << 40))
            return detail::multiply_rounded<R, T>(A, view(), bias, C);
        environment::guard const guard;
        A = {detail::enter(A.data()), A.rows(), A.cols(), A.row_stride(), A.col_stride()};
        matrix_view<T const> const b =
            transposed(matrix_view<T const>(detail::enter(numbers_.data()), columns_, rows_));
        detail::product_operands<R, T> const p{
            A, b, {bias == nullptr ? nullptr : detail::enter(bias), 0, 1}, C, nullptr, nullptr, nullptr};
        if constexpr (narrow) detail::multiply_narrow(p, {panels_.data(), lengths_.data(), inverse_quanta_.data()});
        else detail::multiply_wide(p, {panels_.data(), lengths_.data(), quanta_.data()});
    }
}

/// C = A B: each element the exact value, rounded once to C's format; the bits of gemm(A, B.view(), C).
///
/// @param  A  [m x k] view, any strides; B [k x n]
/// @param  C  [m x n] view of any of the four formats, every element written
/// Error, special values: those of correctly_rounded; k = 0 -> +0
/// Requires:  fitting shapes; C overlaps neither A nor B; else LASTBIT_EXPECTS fails
/// Cost:      O(m n k), one workspace allocated
template <class T, binary_format R>
    requires correctly_roundable<std::remove_const_t<T>>
void gemm(matrix_view<T> A, prepared_matrix<std::remove_const_t<T>> const& B, matrix_view<R> C) {
    using number = std::remove_const_t<T>;
    detail::expect_product<number, R>("gemm", A, B.view(), C);
    B.multiply(matrix_view<number const>(A), nullptr, C);
}

/// y = B^T x: each element the exact value, rounded once to y's format; the bits of gemv(transposed(B.view()), x, y).
/// So a layer's weight [out x in] is prepared as its transpose, for gemv as for gemm.
///
/// @param  x  [k] numbers of B's format; B [k x n]
/// @param  y  [n] numbers of any of the four formats, every element written
/// Error, special values, requirements: as gemm
/// Cost:      O(n k), one workspace allocated
template <number_range X, class T, detail::result_range Y>
    requires correctly_roundable<T> && std::same_as<detail::number_t<X>, T>
void gemv(prepared_matrix<T> const& B, X const& x, Y&& y) {
    auto const k = static_cast<std::size_t>(std::ranges::size(x));
    auto const n = static_cast<std::size_t>(std::ranges::size(y));
    LASTBIT_EXPECTS(B.rows() == k && B.cols() == n, "gemv: the prepared matrix has shape " +
                                                        detail::shape_text(B.rows(), B.cols()) + ", x " +
                                                        detail::shape_text(k) + " and y " + detail::shape_text(n) +
                                                        "; x must have its rows and y its columns");
    matrix_view<T const> const row(std::ranges::data(x), 1, k);
    matrix_view const result(std::ranges::data(y), 1, n);
    gemm(row, B, result);
}

}  // namespace LASTBIT_ABI
}  // namespace lastbit
