// SPDX-License-Identifier: BSL-1.0
#pragma once
// Block-scaled matrices: 8-bit elements, and one power of two for each block of a row.
//
// They store only. An element's value is exactly a double: element times scale, put together from bits.
// Source: [MX23]: sections 5 (formats, with blocks of 32) and 6.3 (conversion from a vector of floats).

#include <lastbit/base/contracts.hpp>
#include <lastbit/base/float8.hpp>
#include <lastbit/base/matrix_view.hpp>

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// A scale of 8 bits, all of them exponent (E8M0): 2^(bits - 127), from 2^-127 to 2^127; 0xFF is NaN. There is no zero
/// and no sign. Starts as 2^-127.
struct scale_e8m0 {
    std::uint8_t bits = 0;

    [[nodiscard]] constexpr bool is_nan() const noexcept { return bits == 0xFF; }
    /// k of 2^k. Requires: not NaN.
    [[nodiscard]] constexpr int exponent() const noexcept { return bits - 127; }
    /// 2^k. Requires: -127 <= k <= 127.
    [[nodiscard]] static constexpr scale_e8m0 of_exponent(int k) noexcept {
        return {static_cast<std::uint8_t>(k + 127)};
    }
    [[nodiscard]] friend constexpr bool operator==(scale_e8m0, scale_e8m0) noexcept = default;
};

/// What stands in blocks: float8_e4m3, float8_e5m2, or std::int8_t, which there counts 64ths (an element of 64 is 1).
template <class T>
concept block_element = std::same_as<T, float8_e4m3> || std::same_as<T, float8_e5m2> || std::same_as<T, std::int8_t>;

namespace detail {

/// How an element of a block is made of a number, and back; by bits.
template <block_element Element>
struct block_element_traits;

template <>
struct block_element_traits<float8_e4m3> {
    static constexpr int max_exponent = 8;
    [[nodiscard]] static constexpr std::uint32_t widened(float8_e4m3 x) noexcept {
        return float8_widened(e4m3_layout, x.bits());
    }
    [[nodiscard]] static constexpr float8_e4m3 rounded(bool negative, std::uint64_t significand,
                                                       int exponent) noexcept {
        return float8_e4m3::from_bits(float8_rounded(e4m3_layout, negative, significand, exponent, true));
    }
};

template <>
struct block_element_traits<float8_e5m2> {
    static constexpr int max_exponent = 15;
    [[nodiscard]] static constexpr std::uint32_t widened(float8_e5m2 x) noexcept {
        return float8_widened(e5m2_layout, x.bits());
    }
    [[nodiscard]] static constexpr float8_e5m2 rounded(bool negative, std::uint64_t significand,
                                                       int exponent) noexcept {
        return float8_e5m2::from_bits(float8_rounded(e5m2_layout, negative, significand, exponent, true));
    }
};

template <>
struct block_element_traits<std::int8_t> {
    static constexpr int max_exponent = 0;
    static constexpr int fraction_bits = 6;
    [[nodiscard]] static constexpr std::uint32_t widened(std::int8_t x) noexcept {
        return compose_bits<float>(x < 0, static_cast<std::uint64_t>(x < 0 ? -x : x), -fraction_bits, false);
    }
    /// To -127 ... 127: -128 is left unused, so that -x is an element if x is.
    [[nodiscard]] static constexpr std::int8_t rounded(bool negative, std::uint64_t significand,
                                                       int exponent) noexcept {
        // 8 bits of precision with a last place of 1: below 256 the pattern is the whole number.
        std::uint64_t const pattern = rounded_pattern(8, 7, significand, exponent + fraction_bits);
        int const whole = pattern > 127 ? 127 : static_cast<int>(pattern);
        return static_cast<std::int8_t>(negative ? -whole : whole);
    }
};

}  // namespace detail

/// [rows x cols] numbers in blocks of `Block` along the rows, which somebody else owns: element (i, j) lies at
/// data[i * row_stride + j] and its scale at scales[i * scale_stride + j / Block]. The last block of a row may be
/// shorter. Copies are shallow.
template <block_element Element, std::size_t Block = 32>
    requires(Block > 0)
class block_scaled_view {
public:
    using element_type = Element;
    static constexpr std::size_t block = Block;

    constexpr block_scaled_view() noexcept = default;

    /// Rows without gaps: row_stride = cols, scale_stride = the number of blocks in a row.
    constexpr block_scaled_view(Element const* data, scale_e8m0 const* scales, std::size_t rows,
                                std::size_t cols) noexcept
        : block_scaled_view(data, scales, rows, cols, static_cast<std::ptrdiff_t>(cols),
                            static_cast<std::ptrdiff_t>(blocks(cols))) {}

    constexpr block_scaled_view(Element const* data, scale_e8m0 const* scales, std::size_t rows, std::size_t cols,
                                std::ptrdiff_t row_stride, std::ptrdiff_t scale_stride) noexcept
        : data_(data),
          scales_(scales),
          rows_(rows),
          cols_(cols),
          row_stride_(row_stride),
          scale_stride_(scale_stride) {}

    /// The number of blocks in a row of so many columns.
    [[nodiscard]] static constexpr std::size_t blocks(std::size_t cols) noexcept {
        return cols / Block + (cols % Block != 0 ? 1 : 0);
    }

    /// The value of element (i, j), exactly. It may exceed the largest float (448 * 2^127), but no bit of it lies below
    /// the smallest: in float, what does not overflow is exact, too.
    /// Special:  a scale of NaN makes its block NaN, zeros too; infinities and the signs of zeros stay
    /// Requires: i < rows() and j < cols(); not checked
    [[nodiscard]] constexpr double operator()(std::size_t i, std::size_t j) const noexcept {
        scale_e8m0 const by = scale(i, j);
        if (by.is_nan()) return canonical_nan<double>();
        std::uint64_t const bits =
            detail::convert_bits<double, float>(detail::block_element_traits<Element>::widened(element(i, j)));
        std::uint64_t const magnitude = bits & ~detail::fields<double>::sign;
        if (magnitude == 0 || magnitude >= detail::fields<double>::exponent) return from_bits<double>(bits);
        // A normal double stays one: 2^-16 * 2^-127 and 57344 * 2^127 are far from both ends.
        return from_bits<double>(bits + (static_cast<std::uint64_t>(static_cast<std::int64_t>(by.exponent())) << 52));
    }

    /// The element as it is stored. Requires: as operator().
    [[nodiscard]] constexpr Element element(std::size_t i, std::size_t j) const noexcept {
        return data_[static_cast<std::ptrdiff_t>(i) * row_stride_ + static_cast<std::ptrdiff_t>(j)];
    }
    /// The scale of element (i, j). Requires: as operator().
    [[nodiscard]] constexpr scale_e8m0 scale(std::size_t i, std::size_t j) const noexcept {
        return scales_[static_cast<std::ptrdiff_t>(i) * scale_stride_ + static_cast<std::ptrdiff_t>(j / Block)];
    }

    [[nodiscard]] constexpr Element const* data() const noexcept { return data_; }
    [[nodiscard]] constexpr scale_e8m0 const* scales() const noexcept { return scales_; }
    [[nodiscard]] constexpr std::size_t rows() const noexcept { return rows_; }
    [[nodiscard]] constexpr std::size_t cols() const noexcept { return cols_; }
    [[nodiscard]] constexpr std::ptrdiff_t row_stride() const noexcept { return row_stride_; }
    [[nodiscard]] constexpr std::ptrdiff_t scale_stride() const noexcept { return scale_stride_; }

private:
    Element const* data_ = nullptr;
    scale_e8m0 const* scales_ = nullptr;
    std::size_t rows_ = 0;
    std::size_t cols_ = 0;
    std::ptrdiff_t row_stride_ = 0;
    std::ptrdiff_t scale_stride_ = 0;
};

/// [rows x cols] numbers in blocks; owns them, rows without gaps.
template <block_element Element, std::size_t Block = 32>
class block_scaled_matrix {
public:
    using view_type = block_scaled_view<Element, Block>;

    block_scaled_matrix() = default;

    /// The given elements and scales. Requires: data [rows * cols], scales [rows * blocks in a row].
    block_scaled_matrix(std::vector<Element> data, std::vector<scale_e8m0> scales, std::size_t rows, std::size_t cols)
        : data_(std::move(data)), scales_(std::move(scales)), rows_(rows), cols_(cols) {
        std::size_t const blocks = view_type::blocks(cols);
        LASTBIT_EXPECTS(data_.size() == rows * cols && scales_.size() == rows * blocks,
                        "block_scaled_matrix: a matrix of shape " + detail::shape_text(rows, cols) + " needs scales " +
                            detail::shape_text(rows, blocks) + ", but there are elements " +
                            detail::shape_text(data_.size()) + " and scales " + detail::shape_text(scales_.size()));
    }

    /// The floats of a matrix, each block by its own scale: 2^(floor(log2 max |x|) - emax), with emax = 8 (e4m3),
    /// 15 (e5m2) or 0 (int8); an element is x / scale, rounded once, to nearest, ties to even, and saturated.
    /// Error:   that one rounding; saturation takes less than an eighth of a number (x / scale lies below 2^(emax + 1))
    /// Special: NaN or an infinity makes its whole block NaN; a block of zeros has the scale 2^-127; scales end at
    ///          2^-127, below which elements lose bits; the sign of a zero stays, but int8 has none
    /// Source:  [MX23] section 6.3
    explicit block_scaled_matrix(matrix_view<float const> source)
        : data_(source.rows() * source.cols()),
          scales_(source.rows() * view_type::blocks(source.cols())),
          rows_(source.rows()),
          cols_(source.cols()) {
        std::size_t const blocks = view_type::blocks(cols_);
        for (std::size_t i = 0; i < rows_; ++i)
            for (std::size_t b = 0; b < blocks; ++b) scales_[i * blocks + b] = quantise(source, i, b * Block);
    }

    [[nodiscard]] view_type view() const noexcept { return {data_.data(), scales_.data(), rows_, cols_}; }
    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
    [[nodiscard]] std::size_t cols() const noexcept { return cols_; }
    [[nodiscard]] std::span<Element const> data() const noexcept { return data_; }
    [[nodiscard]] std::span<scale_e8m0 const> scales() const noexcept { return scales_; }

private:
    /// Writes the elements of the block that starts at column `first` of row i, and returns its scale.
    scale_e8m0 quantise(matrix_view<float const> source, std::size_t i, std::size_t first) {
        using traits = detail::block_element_traits<Element>;
        std::size_t const end = first + std::min(Block, cols_ - first);
        std::uint32_t largest_bits = 0;
        for (std::size_t j = first; j < end; ++j)
            largest_bits = std::max(largest_bits, to_bits(source(i, j)) & ~detail::fields<float>::sign);
        if (largest_bits >= detail::fields<float>::exponent) return {0xFF};  // elements stay +0
        int const binade = exponent_of(largest_bits);
        scale_e8m0 const scale = scale_e8m0::of_exponent(std::max(binade - traits::max_exponent, -127));
        for (std::size_t j = first; j < end; ++j) {
            detail::decomposed const d = detail::decompose(source(i, j));
            data_[i * cols_ + j] = traits::rounded(d.negative, d.significand, d.exponent - scale.exponent());
        }
        return scale;
    }

    /// floor(log2 x) of the positive finite float with these bits; less than any scale for 0.
    [[nodiscard]] static constexpr int exponent_of(std::uint32_t bits) noexcept {
        if (bits == 0) return -1000;
        int const field = static_cast<int>(bits >> detail::fields<float>::fraction_bits);
        return field != 0 ? field - 127 : -149 + 31 - std::countl_zero(bits);
    }

    std::vector<Element> data_;
    std::vector<scale_e8m0> scales_;
    std::size_t rows_ = 0;
    std::size_t cols_ = 0;
};

}  // namespace LASTBIT_ABI
}  // namespace lastbit
