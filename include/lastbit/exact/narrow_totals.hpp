// SPDX-License-Identifier: BSL-1.0
#pragma once
// Sums of floats, and of products of floats, added up plainly in double, with a bound from the terms' size.
//
// Numbers of float, bfloat16 and float16 and products of two are exact in double, so only the additions round: 64 in a
// row in each of a block's lanes, the blocks' sums without error. Sizes come from float registers at little cost: the
// sum of |x_i|, or the sums of squares, whose product's root bounds that of |x_i y_i| (Cauchy-Schwarz).
// Proof: docs/mathematics.md, "Sums in double".

#include <lastbit/exact/double_terms.hpp>
#include <lastbit/exact/round_within.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// A format whose products are exact in double.
template <class T>
concept exact_in_double = binary_format<T> && !std::same_as<T, double>;

/// batch_width<float> numbers as floats.
template <exact_in_double T>
[[nodiscard, gnu::always_inline]] inline batch<float> load_as_float(T const* from) noexcept {
    if constexpr (std::same_as<T, float>) return load(from);
    else return load_widened(from);
}

/// The same numbers as doubles, in two registers.
template <exact_in_double T>
[[nodiscard, gnu::always_inline]] inline std::array<batch<double>, 2> load_pair(T const* from,
                                                                                batch<float> const& x) noexcept {
    if constexpr (std::same_as<T, float>) return {load_widened(from), load_widened(from + batch_width<double>)};
    else return widen(x);
}

/// a b + c with one rounding or with two, whichever the processor does: where a b is exact, or where only the size
/// matters.
template <native_format T>
[[nodiscard, gnu::always_inline]] inline batch<T> multiply_add(batch<T> const& a, batch<T> const& b,
                                                               batch<T> const& c) noexcept {
    if constexpr (LASTBIT_HAS_FMA) return fma_instruction(a, b, c);
    else return add<T>(c, mul<T>(a, b));
}

/// Lane sums of a block: of the terms, and of what bounds their size (sizes[1] is unused for single numbers).
struct narrow_lanes {
    std::array<batch<double>, extraction_block::chains> sum;
    std::array<batch<float>, 2> size;
};

/// batch_width<float> terms at index i are added to chains c and c + 1.
template <std::size_t C, class T>
[[gnu::always_inline]] inline void add_narrow(number_doubles<T> const& terms, std::size_t i,
                                              narrow_lanes& to) noexcept {
    batch<float> const x = load_as_float(terms.x + i);
    auto const wide = load_pair(terms.x + i, x);
    to.size[0] = add<float>(to.size[0], absolute<float>(x));
    to.sum[C] = add<double>(to.sum[C], wide[0]);
    to.sum[C + 1] = add<double>(to.sum[C + 1], wide[1]);
}
template <std::size_t C, class T>
[[gnu::always_inline]] inline void add_narrow(product_doubles<T> const& terms, std::size_t i,
                                              narrow_lanes& to) noexcept {
    batch<float> const x = load_as_float(terms.x + i);
    batch<float> const y = load_as_float(terms.y + i);
    auto const a = load_pair(terms.x + i, x);
    auto const b = load_pair(terms.y + i, y);
    to.size[0] = multiply_add<float>(x, x, to.size[0]);
    to.size[1] = multiply_add<float>(y, y, to.size[1]);
    to.sum[C] = multiply_add<double>(a[0], b[0], to.sum[C]);
    to.sum[C + 1] = multiply_add<double>(a[1], b[1], to.sum[C + 1]);
}

// Terms that are not negative need no sizes: their sum is one.
template <std::size_t C, class T>
[[gnu::always_inline]] inline void add_narrow(absolute_doubles<T> const& terms, std::size_t i,
                                              narrow_lanes& to) noexcept {
    auto const wide = load_pair(terms.x + i, load_as_float(terms.x + i));
    to.sum[C] = add<double>(to.sum[C], absolute<double>(wide[0]));
    to.sum[C + 1] = add<double>(to.sum[C + 1], absolute<double>(wide[1]));
}
template <std::size_t C, class T>
[[gnu::always_inline]] inline void add_narrow(square_doubles<T> const& terms, std::size_t i,
                                              narrow_lanes& to) noexcept {
    auto const a = load_pair(terms.x + i, load_as_float(terms.x + i));
    to.sum[C] = multiply_add<double>(a[0], a[0], to.sum[C]);
    to.sum[C + 1] = multiply_add<double>(a[1], a[1], to.sum[C + 1]);
}

/// |sum of the additions' errors| <= narrow_error(blocks, S) for terms whose magnitudes sum to at most S.
[[nodiscard, gnu::always_inline]] constexpr inline double narrow_error(std::size_t blocks, double size) noexcept {
    auto const m = static_cast<double>(blocks) + 2.0 * static_cast<double>(batch_width<double>) + 2.0;
    return size * (0x1p-53 * 67.0 + 0x1p-106 * m * m) * (1.0 + 0x1p-40);
}

/// The sum of n terms as high + low with |error| <= error.
struct narrow_sum {
    double high;
    double low;
    double error;
    double size;  ///< at least the sum of the terms' magnitudes
};

/// The sum of lanes of doubles, all of them not negative, within (1 + 2^-40).
[[nodiscard, gnu::always_inline]] inline double total_of_lanes(batch<double> const& x) noexcept {
    alignas(64) std::array<double, batch_width<double>> lane;
    store(lane.data(), opaque<double>(x));
    double sum = lane[0];
    for (std::size_t i = 1; i < lane.size(); ++i) sum = add(sum, lane[i]);
    return sum;
}

/// Requires: a sound environment.
template <class Terms>
[[nodiscard, gnu::always_inline]] inline narrow_sum sum_narrow(Terms const& terms, std::size_t n) noexcept {
    constexpr std::size_t row = extraction_block::row;
    constexpr std::size_t sizes = are_nonnegative<Terms> ? 0 : Terms::operands;
    batch<double> const zero = opaque<double>(broadcast(0.0));
    batch<float> const none = opaque<float>(broadcast(0.0F));
    batch<double> high = zero;
    batch<double> low = zero;
    std::array<batch<double>, 2> size{zero, zero};
    std::size_t blocks = 0;
    auto const add_block = [&](Terms const& block, std::size_t rows) __attribute__((always_inline)) {
        narrow_lanes lanes;
        lanes.sum.fill(zero);
        lanes.size.fill(none);
        for (std::size_t r = 0; r < rows; ++r) {
            add_narrow<0>(block, r * row, lanes);
            add_narrow<2>(block, r * row + row / 2, lanes);
        }
        auto const [sum, error] = two_sum(
            high, add<double>(add<double>(lanes.sum[0], lanes.sum[1]), add<double>(lanes.sum[2], lanes.sum[3])));
        high = sum;
        low = add<double>(low, error);
        for (std::size_t k = 0; k < sizes; ++k) {
            auto const wide = widen(lanes.size[k]);
            size[k] = add<double>(size[k], add<double>(wide[0], wide[1]));
        }
        ++blocks;
    };
    std::size_t i = 0;
    while (n - i >= row) {
        std::size_t const rows = n - i >= extraction_block::size ? extraction_block::steps : (n - i) / row;
        add_block(terms.from(i), rows);
        i += rows * row;
    }
    if (i < n) {
        std::array<typename Terms::number, Terms::operands * row> buffer;
        add_block(terms.from(i).copied(n - i, row, buffer.data()), 1);
    }
    // Squares that underflow in float lost at most 2^-149 each; 128 roundings in float and the sum's in double: 2^-16.
    double most = total_of_lanes(size[0]) * (1.0 + 0x1p-16);
    if constexpr (sizes == 2) {
        double const lost = static_cast<double>(n) * 0x1p-149;
        double const other = total_of_lanes(size[1]) * (1.0 + 0x1p-16);
        most = square_root(mul(most + lost, other + lost)) * (1.0 + 0x1p-40);
    }
    alignas(64) std::array<double, batch_width<double>> highs, lows;
    store(highs.data(), opaque<double>(high));
    store(lows.data(), opaque<double>(low));
    narrow_sum result{highs[0], lows[0], narrow_error(blocks, most), most};
    for (std::size_t k = 1; k < highs.size(); ++k) {
        auto const [sum, error] = two_sum(result.high, highs[k]);
        result.high = sum;
        result.low = add(result.low, add(error, lows[k]));
    }
    if constexpr (sizes == 0) {
        result.size = add(result.high, result.low) * (1.0 + 0x1p-16);
        result.error = narrow_error(blocks, result.size);
    }
    return result;
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
