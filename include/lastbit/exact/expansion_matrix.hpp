// SPDX-License-Identifier: BSL-1.0
#pragma once
// Matrices of expansions in the layout that suits the vector unit: one array for each word.

#include <lastbit/base/matrix_view.hpp>
#include <lastbit/exact/expansion_vector.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// A matrix of expansions, read from N matrices of words, all of one shape and of the same strides.
template <native_format T, std::size_t N>
    requires(N >= 2 && N <= 8)
class expansion_matrix_view {
public:
    using value_type = expansion<T, N>;

    constexpr expansion_matrix_view() noexcept = default;

    /// @param words  element (0, 0) of array q holds word q; the numbers are as from_nonoverlapping demands
    /// Strides count words, as those of matrix_view do.
    constexpr expansion_matrix_view(std::array<T const*, N> const& words, std::size_t rows, std::size_t cols,
                                    std::ptrdiff_t row_stride, std::ptrdiff_t col_stride = 1) noexcept
        : words_(words), shape_(words[0], rows, cols, row_stride, col_stride) {}

    [[nodiscard]] constexpr std::size_t rows() const noexcept { return shape_.rows(); }
    [[nodiscard]] constexpr std::size_t cols() const noexcept { return shape_.cols(); }
    [[nodiscard]] constexpr std::ptrdiff_t row_stride() const noexcept { return shape_.row_stride(); }
    [[nodiscard]] constexpr std::ptrdiff_t col_stride() const noexcept { return shape_.col_stride(); }
    [[nodiscard]] constexpr bool empty() const noexcept { return shape_.empty(); }

    /// Element (i, j). Requires i < rows() and j < cols(); not checked.
    [[nodiscard]] constexpr value_type operator()(std::size_t i, std::size_t j) const noexcept {
        std::ptrdiff_t const at =
            static_cast<std::ptrdiff_t>(i) * row_stride() + static_cast<std::ptrdiff_t>(j) * col_stride();
        std::array<T, N> word;
        for (std::size_t q = 0; q < N; ++q) word[q] = words_[q][at];
        return value_type::from_nonoverlapping(word);
    }

    /// Word q of every number.
    [[nodiscard]] constexpr matrix_view<T const> word(std::size_t q) const noexcept {
        return {words_[q], rows(), cols(), row_stride(), col_stride()};
    }

    /// Row i. Requires i < rows() and that its numbers are neighbours in memory: col_stride() == 1.
    [[nodiscard]] constexpr expansion_view<T, N> row(std::size_t i) const {
        LASTBIT_EXPECTS(i < rows() && (col_stride() == 1 || cols() < 2),
                        "expansion_matrix_view: row " + std::to_string(i) + " of a matrix of shape " +
                            detail::shape_text(rows(), cols()) + " does not exist, or does not lie in a row");
        std::array<T const*, N> words = words_;
        for (T const*& w : words) w += static_cast<std::ptrdiff_t>(i) * row_stride();
        return {words, cols()};
    }

private:
    std::array<T const*, N> words_{};
    matrix_view<T const> shape_;
};

/// The same elements with rows and columns exchanged; nothing is copied.
template <native_format T, std::size_t N>
[[nodiscard]] constexpr expansion_matrix_view<T, N> transposed(expansion_matrix_view<T, N> const& view) noexcept {
    std::array<T const*, N> words;
    for (std::size_t q = 0; q < N; ++q) words[q] = view.word(q).data();
    return {words, view.cols(), view.rows(), view.col_stride(), view.row_stride()};
}

/// A matrix of expansions that owns its words: N arrays, row-major. m(i, j) reads a number, m(i, j) = x writes one.
template <native_format T, std::size_t N>
    requires(N >= 2 && N <= 8)
class expansion_matrix {
public:
    using value_type = expansion<T, N>;
    using reference = typename expansion_vector<T, N>::reference;

    expansion_matrix() noexcept = default;

    /// Zeros.
    expansion_matrix(std::size_t rows, std::size_t cols) : numbers_(size_of(rows, cols)), rows_(rows), cols_(cols) {}

    /// The numbers of m, of whatever strides.
    explicit expansion_matrix(matrix_view<value_type const> const& m) : expansion_matrix(m.rows(), m.cols()) {
        for (std::size_t i = 0; i < rows_; ++i)
            for (std::size_t j = 0; j < cols_; ++j) (*this)(i, j) = m(i, j);
    }
    explicit expansion_matrix(expansion_matrix_view<T, N> const& m) : expansion_matrix(m.rows(), m.cols()) {
        for (std::size_t i = 0; i < rows_; ++i)
            for (std::size_t j = 0; j < cols_; ++j) (*this)(i, j) = m(i, j);
    }

    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
    [[nodiscard]] std::size_t cols() const noexcept { return cols_; }
    [[nodiscard]] bool empty() const noexcept { return numbers_.empty(); }

    /// Element (i, j). Requires i < rows() and j < cols(); not checked.
    [[nodiscard]] reference operator()(std::size_t i, std::size_t j) noexcept { return numbers_[i * cols_ + j]; }
    [[nodiscard]] value_type operator()(std::size_t i, std::size_t j) const noexcept { return numbers_[i * cols_ + j]; }

    /// Array q: word q of each number, row-major.
    [[nodiscard]] T* word(std::size_t q) noexcept { return numbers_.word(q); }

    [[nodiscard]] expansion_matrix_view<T, N> view() const noexcept {
        std::array<T const*, N> words;
        for (std::size_t q = 0; q < N; ++q) words[q] = numbers_.word(q);
        return {words, rows_, cols_, static_cast<std::ptrdiff_t>(cols_)};
    }
    operator expansion_matrix_view<T, N>() const noexcept { return view(); }

private:
    [[nodiscard]] static std::size_t size_of(std::size_t rows, std::size_t cols) {
        LASTBIT_EXPECTS(
            cols == 0 || rows <= static_cast<std::size_t>(-1) / cols,
            "expansion_matrix: a matrix of shape " + detail::shape_text(rows, cols) + " is more than memory can hold");
        return rows * cols;
    }

    expansion_vector<T, N> numbers_;
    std::size_t rows_ = 0;
    std::size_t cols_ = 0;
};

}  // namespace LASTBIT_ABI
}  // namespace lastbit
