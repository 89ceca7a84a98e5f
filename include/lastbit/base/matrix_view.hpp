// SPDX-License-Identifier: BSL-1.0
#pragma once
// A matrix that somebody else owns: a pointer, two sizes and two strides, counted in elements.
//
// std::mdspan is C++23 and absent from the compilers that we serve.

#include <lastbit/base/contracts.hpp>

#include <cstddef>
#include <type_traits>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// [rows x cols] view: element (i, j) lies at data[i * row_stride + j * col_stride].
///
/// Strides may be zero or negative; data then points at element (0, 0), not at the lowest address. A view of T converts
/// to a view of T const. Copies are shallow. A view with no rows or no columns may have a null pointer.
template <class T>
class matrix_view {
public:
    using element_type = T;
    using value_type = std::remove_cv_t<T>;

    constexpr matrix_view() noexcept = default;

    /// Row-major without gaps: row_stride = cols, col_stride = 1.
    constexpr matrix_view(T* data, std::size_t rows, std::size_t cols) noexcept
        : matrix_view(data, rows, cols, static_cast<std::ptrdiff_t>(cols), 1) {}

    constexpr matrix_view(T* data, std::size_t rows, std::size_t cols, std::ptrdiff_t row_stride,
                          std::ptrdiff_t col_stride = 1) noexcept
        : data_(data), rows_(rows), cols_(cols), row_stride_(row_stride), col_stride_(col_stride) {}

    /// From a view of T to a view of T const.
    template <class U>
        requires(std::is_same_v<U const, T> && !std::is_same_v<U, T>)
    constexpr matrix_view(matrix_view<U> const& other) noexcept
        : matrix_view(other.data(), other.rows(), other.cols(), other.row_stride(), other.col_stride()) {}

    /// Element (i, j). Requires i < rows() and j < cols(); not checked.
    [[nodiscard]] constexpr T& operator()(std::size_t i, std::size_t j) const noexcept {
        return data_[static_cast<std::ptrdiff_t>(i) * row_stride_ + static_cast<std::ptrdiff_t>(j) * col_stride_];
    }

    /// Rows first ... first + count - 1 as a view. Requires first + count <= rows().
    [[nodiscard]] constexpr matrix_view row_block(std::size_t first, std::size_t count) const {
        LASTBIT_EXPECTS(first <= rows_ && count <= rows_ - first,
                        "row_block: rows " + std::to_string(first) + " to " + std::to_string(first + count) +
                            " of a matrix of shape " + detail::shape_text(rows_, cols_));
        return {data_ + static_cast<std::ptrdiff_t>(first) * row_stride_, count, cols_, row_stride_, col_stride_};
    }

    [[nodiscard]] constexpr T* data() const noexcept { return data_; }
    [[nodiscard]] constexpr std::size_t rows() const noexcept { return rows_; }
    [[nodiscard]] constexpr std::size_t cols() const noexcept { return cols_; }
    [[nodiscard]] constexpr std::ptrdiff_t row_stride() const noexcept { return row_stride_; }
    [[nodiscard]] constexpr std::ptrdiff_t col_stride() const noexcept { return col_stride_; }
    [[nodiscard]] constexpr bool empty() const noexcept { return rows_ == 0 || cols_ == 0; }

private:
    T* data_ = nullptr;
    std::size_t rows_ = 0;
    std::size_t cols_ = 0;
    std::ptrdiff_t row_stride_ = 0;
    std::ptrdiff_t col_stride_ = 1;
};

/// The same elements with rows and columns exchanged; nothing is copied.
template <class T>
[[nodiscard]] constexpr matrix_view<T> transposed(matrix_view<T> view) noexcept {
    return {view.data(), view.cols(), view.rows(), view.col_stride(), view.row_stride()};
}

}  // namespace LASTBIT_ABI
}  // namespace lastbit
