// SPDX-License-Identifier: BSL-1.0
#pragma once
// Functions of expansions that generic code finds by argument: sqrt, fma, abs, floor, ldexp and their kin.

#include <lastbit/exact/expansion.hpp>

#include <cmath>

namespace lastbit {
inline namespace LASTBIT_ABI {

template <native_format T, std::size_t N>
[[nodiscard]] constexpr bool isnan(expansion<T, N> const& x) noexcept {
    return is_nan(x[0]);
}
template <native_format T, std::size_t N>
[[nodiscard]] constexpr bool isinf(expansion<T, N> const& x) noexcept {
    return !is_finite(x[0]) && !is_nan(x[0]);
}
template <native_format T, std::size_t N>
[[nodiscard]] constexpr bool isfinite(expansion<T, N> const& x) noexcept {
    return is_finite(x[0]);
}
template <native_format T, std::size_t N>
[[nodiscard]] constexpr bool signbit(expansion<T, N> const& x) noexcept {
    return is_negative(x[0]);
}

/// |x|, exactly.
template <native_format T, std::size_t N>
[[nodiscard]] constexpr expansion<T, N> abs(expansion<T, N> const& x) noexcept {
    return signbit(x) ? -x : x;
}
template <native_format T, std::size_t N>
[[nodiscard]] constexpr expansion<T, N> fabs(expansion<T, N> const& x) noexcept {
    return abs(x);
}

/// x 2^exponent: exact where no word becomes subnormal.
template <native_format T, std::size_t N>
[[nodiscard]] expansion<T, N> ldexp(expansion<T, N> const& x, int exponent) noexcept {
    std::array<T, N> word = x.to_array();
    for (T& w : word) w = opaque(std::ldexp(w, exponent));
    if (!is_finite(word[0]) || is_zero(word[0])) return expansion<T, N>(word[0]);
    return expansion<T, N>::from_nonoverlapping(detail::renormalised<N>(word));
}

/// The largest integer that is not above x, exactly.
template <native_format T, std::size_t N>
[[nodiscard]] expansion<T, N> floor(expansion<T, N> const& x) noexcept {
    if (!is_finite(x[0])) return x;
    std::array<T, N> word{};
    for (std::size_t q = 0; q < N; ++q) {
        word[q] = opaque(std::floor(x[q]));
        if (to_bits(word[q]) != to_bits(x[q])) break;  // the words behind it do not reach the next integer
    }
    if (is_zero(word[0])) return expansion<T, N>(word[0]);  // of either sign
    return expansion<T, N>::from_nonoverlapping(detail::renormalised<N>(word));
}

/// The smallest integer that is not below x, exactly.
template <native_format T, std::size_t N>
[[nodiscard]] expansion<T, N> ceil(expansion<T, N> const& x) noexcept {
    return -floor(-x);
}

/// The integer part of x, exactly.
template <native_format T, std::size_t N>
[[nodiscard]] expansion<T, N> trunc(expansion<T, N> const& x) noexcept {
    return signbit(x) ? ceil(x) : floor(x);
}

/// The root of x: N + 1 times what is left of x, over twice the leading word.
/// Error:   expansion_error<T, N>.root, for any x whose words are normal. Special: -0 -> -0; below 0 -> NaN.
template <native_format T, std::size_t N>
[[nodiscard]] expansion<T, N> sqrt(expansion<T, N> const& x) noexcept {
    T const first = square_root(x[0]);
    if (!is_finite(first) || is_zero(first)) return expansion<T, N>(canonical(first));
    // Squares must neither overflow nor lose words to underflow.
    constexpr int half = format<T>::max_exponent / 4;
    T const up = static_cast<T>(detail::power_of_two(2 * half));
    T const down = static_cast<T>(detail::power_of_two(-2 * half));
    if (x[0] > up) return sqrt(x.scaled(down)).scaled(static_cast<T>(detail::power_of_two(half)));
    if (x[0] < down) return sqrt(x.scaled(up)).scaled(static_cast<T>(detail::power_of_two(-half)));
    expansion<T, N> root(first);
    T const twice = add(first, first);
    for (std::size_t q = 1; q <= N; ++q) root += expansion<T, N>(divide((x - root * root)[0], twice));
    return root;
}

/// x y + z: its nearest N words, computed exactly.
template <native_format T, std::size_t N>
[[nodiscard]] constexpr expansion<T, N> fma(expansion<T, N> const& x, expansion<T, N> const& y,
                                            expansion<T, N> const& z) noexcept {
    superaccumulator<T> total;
    total.add_product_bits(to_bits(x[0]), to_bits(y[0]));
    for (std::size_t r = 0; r < N; ++r)
        for (std::size_t s = 0; s < N; ++s)
            if (r + s > 0 && !is_zero(x[r]) && !is_zero(y[s])) total.add_product_bits(to_bits(x[r]), to_bits(y[s]));
    total.add_bits(to_bits(z[0]));
    for (std::size_t q = 1; q < N; ++q)
        if (!is_zero(z[q])) total.add_bits(to_bits(z[q]));
    return expansion<T, N>::from_total(total);
}

}  // namespace LASTBIT_ABI
}  // namespace lastbit
