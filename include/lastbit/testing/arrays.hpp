// SPDX-License-Identifier: BSL-1.0
#pragma once
// What tests hold results in, seen as arrays of a format known at run time: numbers, ranges, matrices, batches of them.

#include <lastbit/base/block_scaled.hpp>
#include <lastbit/base/matrix_view.hpp>
#include <lastbit/quantify/product.hpp>

#include <concepts>
#include <ranges>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {

/// [batches x rows x cols] numbers that somebody else owns; strides are counted in numbers and may be 0 or negative.
template <class T>
struct batch_view {
    T* data;
    std::size_t batches;
    std::size_t rows;
    std::size_t cols;
    std::ptrdiff_t batch_stride;
    std::ptrdiff_t row_stride;
    std::ptrdiff_t col_stride = 1;

    /// Without gaps: matrix after matrix, row after row.
    constexpr batch_view(T* first, std::size_t count, std::size_t m, std::size_t n) noexcept
        : batch_view(first, count, m, n, static_cast<std::ptrdiff_t>(m * n), static_cast<std::ptrdiff_t>(n)) {}
    constexpr batch_view(T* first, std::size_t count, std::size_t m, std::size_t n, std::ptrdiff_t between_batches,
                         std::ptrdiff_t between_rows, std::ptrdiff_t between_cols = 1) noexcept
        : data(first),
          batches(count),
          rows(m),
          cols(n),
          batch_stride(between_batches),
          row_stride(between_rows),
          col_stride(between_cols) {}
};

namespace detail {

template <class X>
struct array_kind {
    static constexpr bool is_matrix = false;
    static constexpr bool is_batch = false;
};
template <quantify::stored_number T>
struct array_kind<matrix_view<T>> {
    static constexpr bool is_matrix = true;
    static constexpr bool is_batch = false;
};
template <quantify::stored_number T>
struct array_kind<batch_view<T>> {
    static constexpr bool is_matrix = false;
    static constexpr bool is_batch = true;
};

template <class X>
inline constexpr bool is_block_scaled = false;
template <class Element, std::size_t Block>
inline constexpr bool is_block_scaled<block_scaled_view<Element, Block>> = true;

}  // namespace detail

/// A number of a format that kernels use. Examples: float, bfloat16, std::int8_t.
template <class X>
concept number = quantify::stored_number<X>;

/// A contiguous range of such numbers. Examples: std::vector<float>, std::span<bfloat16 const>, std::array<double, 3>.
template <class X>
concept stored_range = std::ranges::contiguous_range<X const> && std::ranges::sized_range<X const> &&
    quantify::stored_number<std::ranges::range_value_t<X const>>;

/// What stands for a matrix or a batch of matrices. Examples: matrix_view<float>, batch_view<float16 const>.
template <class X>
concept matrix_like = detail::array_kind<X>::is_matrix || detail::array_kind<X>::is_batch;

/// A matrix in blocks with one scale each. Example: block_scaled_view<float8_e4m3>.
template <class X>
concept block_scaled = detail::is_block_scaled<X>;

/// Any of them but matrices in blocks, which no kernel writes element by element.
template <class X>
concept array_like = number<X> || stored_range<X> || matrix_like<X>;

/// x as an array; a range is one row.
template <array_like X>
[[nodiscard]] quantify::array_view as_array(X const& x) {
    using quantify::number_format_of;
    if constexpr (number<X>) {
        return {number_format_of<X>, &x};
    } else if constexpr (detail::array_kind<X>::is_matrix) {
        using T = typename X::value_type;
        return {number_format_of<T>, x.data(), 1, x.rows(), x.cols(), 0, x.row_stride(), x.col_stride()};
    } else if constexpr (detail::array_kind<X>::is_batch) {
        using T = std::remove_cv_t<std::remove_pointer_t<decltype(x.data)>>;
        return {number_format_of<T>, x.data, x.batches, x.rows, x.cols, x.batch_stride, x.row_stride, x.col_stride};
    } else {
        using T = std::ranges::range_value_t<X const>;
        return {number_format_of<T>, std::ranges::data(x), 1, 1, std::ranges::size(x)};
    }
}

/// A range as one column.
template <stored_range X>
[[nodiscard]] quantify::array_view as_column(X const& x) {
    quantify::array_view a = as_array(x);
    a.rows = a.cols;
    a.cols = 1;
    a.row_stride = 1;
    a.col_stride = 0;
    return a;
}

/// A copy of a matrix, or of a batch of them, to be multiplied.
template <class X>
    requires(matrix_like<X> || block_scaled<X>)
[[nodiscard]] quantify::operand as_operand(X const& x) {
    if constexpr (matrix_like<X>) {
        return quantify::operand(as_array(x));
    } else {
        std::vector<double> numbers;
        numbers.reserve(x.rows() * x.cols());
        for (std::size_t i = 0; i < x.rows(); ++i)
            for (std::size_t j = 0; j < x.cols(); ++j) numbers.push_back(x(i, j));
        using element = typename X::element_type;
        return {quantify::number_format_of<element>, 1, x.rows(), x.cols(), std::move(numbers)};
    }
}

/// What can be multiplied: matrix_view, batch_view, block_scaled_view.
template <class X>
concept operand_like = matrix_like<X> || block_scaled<X>;

/// "[3 x 4] float32", "2 x [3 x 4] float32".
[[nodiscard]] inline std::string shape_text(quantify::array_view const& a) {
    std::string text = a.batches == 1 ? std::string() : std::to_string(a.batches) + " x ";
    return text + lastbit::detail::shape_text(a.rows, a.cols) + " " + std::string(quantify::name(a.format));
}

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
