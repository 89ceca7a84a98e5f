// SPDX-License-Identifier: BSL-1.0
#pragma once
// Numbers of any format as doubles: runs of them, and panels, in which a block of rows lies column by column.

#include <lastbit/base/matrix_view.hpp>
#include <lastbit/eft/fma.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// 2 batch_width<double> numbers, widened exactly.
template <binary_format T>
[[nodiscard, gnu::always_inline]] inline std::array<batch<double>, 2> load_doubles(T const* from) noexcept {
    constexpr std::size_t width = batch_width<double>;
    return {load_as_double(from), load_as_double(from + width)};
}

/// One number, widened exactly, by its bits.
template <binary_format T>
[[nodiscard, gnu::always_inline]] inline double widened(T x) noexcept {
    if constexpr (std::same_as<T, double>) return x;
    else if constexpr (std::same_as<T, float>) return opaque(static_cast<double>(x));
    else if constexpr (std::same_as<T, bfloat16>)
        return opaque(static_cast<double>(from_bits<float>(std::uint32_t{to_bits(x)} << 16)));
    else return convert<double>(x);
}

/// a b + c, where a b is exact: the same bits by one instruction or by two.
[[nodiscard, gnu::always_inline]] inline batch<double> add_exact_product(batch<double> const& a, batch<double> const& b,
                                                                         batch<double> const& c) noexcept {
    if constexpr (LASTBIT_HAS_FMA) return fma(a, b, c);
    else return add<double>(mul<double>(a, b), c);
}

/// `count` numbers `stride` elements apart, widened to doubles in a row.
template <binary_format T>
inline void widen_run(T const* from, std::ptrdiff_t stride, std::size_t count, double* to) noexcept {
    constexpr std::size_t step = 2 * batch_width<double>;
    std::size_t const whole = stride == 1 ? count / step * step : 0;
    for (std::size_t i = 0; i < whole; i += step) {
        auto const [low, high] = load_doubles(from + i);
        store(to + i, low);
        store(to + i + step / 2, high);
    }
    std::size_t done = whole;
    if (stride == 1 && count - whole >= step / 2) {
        store(to + whole, load_as_double(from + whole));
        done += step / 2;
    }
    for (std::size_t i = done; i < count; ++i) to[i] = widened(from[static_cast<std::ptrdiff_t>(i) * stride]);
}

/// How many numbers of a row are widened at a time.
inline constexpr std::size_t run_length = 256;

/// Rows first ... first + rows - 1 and columns from ... from + cols - 1 of m as a panel: column by column, `Height`
/// numbers each, of which those beyond `rows` are +0. Each row is multiplied by its number of `scale`, unless null.
/// Requires: rows <= Height.
template <std::size_t Height, binary_format T>
void pack_panel(matrix_view<T const> const& m, std::size_t first, std::size_t rows, std::size_t from, std::size_t cols,
                double const* scale, double* panel) noexcept {
    constexpr std::size_t together = 8;
    if (rows < Height)
        for (std::size_t l = 0; l < cols; ++l)
            for (std::size_t r = rows; r < Height; ++r) panel[l * Height + r] = 0;
    if (m.row_stride() == 1) {
        for (std::size_t l = 0; l < cols; ++l) {
            widen_run(&m(first, from + l), 1, rows, panel + l * Height);
            if (scale != nullptr)
                for (std::size_t r = 0; r < rows; ++r)
                    panel[l * Height + r] = mul(panel[l * Height + r], scale[first + r]);
        }
        return;
    }
    alignas(64) std::array<std::array<double, run_length>, together> run;
    for (std::size_t l = 0; l < cols; l += run_length) {
        std::size_t const count = cols - l < run_length ? cols - l : run_length;
        for (std::size_t r = 0; r < rows; r += together) {
            std::size_t const height = rows - r < together ? rows - r : together;
            for (std::size_t t = 0; t < height; ++t) {
                widen_run(&m(first + r + t, from + l), m.col_stride(), count, run[t].data());
                if (scale != nullptr)
                    for (std::size_t i = 0; i < count; ++i) run[t][i] = mul(run[t][i], scale[first + r + t]);
            }
            double* const to = panel + l * Height + r;
            if (height == together) {
                for (std::size_t i = 0; i < count; ++i)
                    for (std::size_t t = 0; t < together; ++t) to[i * Height + t] = run[t][i];
            } else {
                for (std::size_t i = 0; i < count; ++i)
                    for (std::size_t t = 0; t < height; ++t) to[i * Height + t] = run[t][i];
            }
        }
    }
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
