// SPDX-License-Identifier: BSL-1.0
#pragma once
// Sum, difference, product, quotient and square root of two numbers, rounded stochastically by given random bits.
//
// The exact result lies between two neighbours; it is rounded to the one farther from zero with the probability
// (x - nearer) / (farther - nearer), so that the mean of the rounded result is the exact one ("SR-nearness").
// Integer arithmetic throughout: the same bits in every floating-point environment, on every instruction set and under
// every flag, with no error-free transformation that could underflow.
// Source: [CHM21] section 2.

#include <lastbit/base/opaque.hpp>
#include <lastbit/base/rounding.hpp>

#include <array>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// 128 random bits, used up by one rounding; the first word leads. See base/random.hpp for where to get them.
using random_word_pair = std::array<std::uint64_t, 2>;

namespace detail {

__extension__ using wide_integer = unsigned __int128;

[[nodiscard]] constexpr int bit_length(wide_integer m) noexcept {
    auto const high = static_cast<std::uint64_t>(m >> 64);
    return high != 0 ? 128 - std::countl_zero(high) : 64 - std::countl_zero(static_cast<std::uint64_t>(m));
}

/// The fraction m / 2^drop, below 1, as a multiple of 2^-128, lower bits cut off. Requires 0 < drop, m < 2^drop.
[[nodiscard]] constexpr wide_integer leading_fraction(wide_integer m, int drop) noexcept {
    if (drop >= 256) return 0;
    return drop > 128 ? m >> (drop - 128) : drop == 128 ? m : m << (128 - drop);
}

/// The bits of (-1)^negative m 2^exponent in the format T: m itself if it fits; else the neighbour farther from zero if
/// `chance` < fraction. A number beyond the largest finite one is rounded to nearest.
template <binary_format T>
[[nodiscard]] constexpr typename format<T>::bits_type round_by_chance(bool negative, wide_integer m, int exponent,
                                                                      random_word_pair const& chance) noexcept {
    constexpr int p = format<T>::precision;
    constexpr int smallest = format<T>::min_exponent - p + 1;
    std::uint64_t const sign = negative ? std::uint64_t{fields<T>::sign} : 0;
    int const length = bit_length(m);
    if (length == 0) return static_cast<typename format<T>::bits_type>(sign);
    if (exponent + length - 1 > format<T>::max_exponent)
        return static_cast<typename format<T>::bits_type>(sign | fields<T>::exponent);
    int const last = exponent + length - p < smallest ? smallest : exponent + length - p;
    int const drop = last - exponent;
    auto const kept = static_cast<std::uint64_t>(drop <= 0 ? m << -drop : drop < 128 ? m >> drop : 0);
    std::uint64_t const hidden = std::uint64_t{1} << (p - 1);
    std::uint64_t magnitude = kept < hidden ? kept : kept + (static_cast<std::uint64_t>(last - smallest) << (p - 1));
    if (drop > 0) {
        wide_integer const rest = drop < 128 ? m - ((m >> drop) << drop) : m;
        wide_integer const fraction = leading_fraction(rest, drop);
        // Behind the largest finite number comes the infinity: to nearest there, a tie away.
        bool const at_the_top = magnitude + 1 == fields<T>::exponent;
        bool const up = at_the_top ? (fraction >> 127) != 0 : fraction > (wide_integer{chance[0]} << 64 | chance[1]);
        magnitude += up ? 1 : 0;
    }
    return static_cast<typename format<T>::bits_type>(sign | magnitude);
}

/// The bits of a + b for which no chance is needed: NaN, infinities.
template <binary_format T>
[[nodiscard]] constexpr typename format<T>::bits_type special_sum_bits(T a, T b) noexcept {
    bool const clash = is_inf(a) && is_inf(b) && is_negative(a) != is_negative(b);
    if (is_nan(a) || is_nan(b) || clash) return fields<T>::exponent | fields<T>::quiet;
    return is_inf(a) ? to_bits(a) : to_bits(b);
}

template <binary_format T>
[[nodiscard]] constexpr typename format<T>::bits_type stochastic_sum_bits(typename format<T>::bits_type a_bits,
                                                                          typename format<T>::bits_type b_bits,
                                                                          random_word_pair const& chance) noexcept {
    T const a = from_bits<T>(a_bits);
    T const b = from_bits<T>(b_bits);
    if (!is_finite(a) || !is_finite(b)) return special_sum_bits(a, b);
    decomposed const first = decompose(a);
    decomposed const second = decompose(b);
    bool const in_order = first.exponent >= second.exponent;
    decomposed const high = in_order ? first : second;
    decomposed const low = in_order ? second : first;
    // 53 + 74 bits and a carry fit. A number farther down loses bits below 2^-74 of the other's last place.
    int const distance = high.exponent - low.exponent;
    int const shift = distance < 74 ? distance : 74;
    int const lost = distance - shift;
    wide_integer const x = wide_integer{high.significand} << shift;
    wide_integer const y = lost < 64 ? low.significand >> lost : 0;
    int const exponent = high.exponent - shift;
    if (high.negative == low.negative) return round_by_chance<T>(high.negative, x + y, exponent, chance);
    if (x == y) return 0;  // +0, also from +0 and -0
    return x > y ? round_by_chance<T>(high.negative, x - y, exponent, chance)
                 : round_by_chance<T>(low.negative, y - x, exponent, chance);
}

template <binary_format T>
[[nodiscard]] constexpr typename format<T>::bits_type stochastic_product_bits(typename format<T>::bits_type x_bits,
                                                                              typename format<T>::bits_type y_bits,
                                                                              random_word_pair const& chance) noexcept {
    using bits_type = typename format<T>::bits_type;
    T const x = from_bits<T>(x_bits);
    T const y = from_bits<T>(y_bits);
    bool const negative = is_negative(x) != is_negative(y);
    bool const infinite = is_inf(x) || is_inf(y);
    if (is_nan(x) || is_nan(y) || (infinite && (is_zero(x) || is_zero(y))))
        return fields<T>::exponent | fields<T>::quiet;
    if (infinite) return static_cast<bits_type>(fields<T>::exponent | (negative ? fields<T>::sign : 0));
    decomposed const a = decompose(x);
    decomposed const b = decompose(y);
    return round_by_chance<T>(negative, wide_integer{a.significand} * b.significand, a.exponent + b.exponent, chance);
}

template <binary_format T>
[[nodiscard]] constexpr typename format<T>::bits_type stochastic_quotient_bits(
    typename format<T>::bits_type x_bits, typename format<T>::bits_type y_bits,
    random_word_pair const& chance) noexcept {
    using bits_type = typename format<T>::bits_type;
    T const x = from_bits<T>(x_bits);
    T const y = from_bits<T>(y_bits);
    bool const negative = is_negative(x) != is_negative(y);
    auto const sign = static_cast<bits_type>(negative ? fields<T>::sign : 0);
    if (is_nan(x) || is_nan(y) || (is_inf(x) && is_inf(y)) || (is_zero(x) && is_zero(y)))
        return fields<T>::exponent | fields<T>::quiet;
    if (is_inf(x) || is_zero(y)) return static_cast<bits_type>(fields<T>::exponent | sign);
    if (is_zero(x) || is_inf(y)) return sign;
    decomposed const a = decompose(x);
    decomposed const b = decompose(y);
    int const left = std::countl_zero(a.significand);
    int const right = std::countl_zero(b.significand);
    // Both in [2^63, 2^64): 127 or 128 bits of the quotient, at least 74 behind the last one that is kept. One that is
    // not a number of the format is farther from all of them.
    wide_integer const numerator = wide_integer{a.significand << left} << 63;
    std::uint64_t const divisor = b.significand << right;
    wide_integer const rest = numerator % divisor;
    wide_integer const quotient = (numerator / divisor) << 64 | (rest << 64) / divisor;
    return round_by_chance<T>(negative, quotient, (a.exponent - left) - (b.exponent - right) - 127, chance);
}

/// The largest integer whose square is at most m. Requires m >= 2^126.
[[nodiscard]] constexpr std::uint64_t floor_of_root(wide_integer m) noexcept {
    std::uint64_t root = 0;
    for (int bit = 63; bit >= 0; --bit) {
        std::uint64_t const next = root | std::uint64_t{1} << bit;
        if (wide_integer{next} * next <= m) root = next;
    }
    return root;
}

template <binary_format T>
[[nodiscard]] constexpr typename format<T>::bits_type stochastic_root_bits(typename format<T>::bits_type x_bits,
                                                                           random_word_pair const& chance) noexcept {
    T const x = from_bits<T>(x_bits);
    if (is_zero(x)) return x_bits;
    if (is_nan(x) || is_negative(x)) return fields<T>::exponent | fields<T>::quiet;
    if (is_inf(x)) return x_bits;
    decomposed const a = decompose(x);
    int shift = 64 + std::countl_zero(a.significand);
    if ((a.exponent - shift) % 2 != 0) --shift;
    wide_integer const m = wide_integer{a.significand} << shift;
    std::uint64_t const root = floor_of_root(m);
    // sqrt(m) = root + rest / (2 root), less at most 1 / (2 root) < 2^-63: 63 bits more.
    wide_integer const rest = m - wide_integer{root} * root;
    wide_integer const more = rest == 2 * wide_integer{root} ? (wide_integer{1} << 63) - 1 : (rest << 62) / root;
    return round_by_chance<T>(false, (wide_integer{root} << 63) + more, (a.exponent - shift) / 2 - 63, chance);
}

}  // namespace detail

/// a + b, rounded to one of its two neighbours in the format: to the one farther from zero with the probability that
/// makes the mean of the result a + b, to within 2^-73 of the neighbours' distance.
///
/// @param  chance  random bits, other ones for every rounding
/// Error:   below the neighbours' distance, at most 2 u |a + b| (sums do not underflow); 0 if a + b is in the format
/// Special: as IEEE 754 says of the operation rounded to nearest, a NaN the canonical one. Beyond the largest finite
///          number it is rounded to nearest; an exact zero is +0 unless both are -0
/// Source:  [CHM21] section 2, mode 1
template <binary_format T>
[[nodiscard, gnu::always_inline]] constexpr inline T stochastic_add(T a, T b, random_word_pair const& chance) noexcept {
    return detail::from_hidden_bits<T>(detail::stochastic_sum_bits<T>(to_bits(a), to_bits(b), chance));
}

/// x y, likewise; below the normal numbers the neighbours are multiples of the smallest subnormal, and an error below
/// that is possible; what becomes a zero keeps its sign. The probability is right to within 2^-128.
template <binary_format T>
[[nodiscard, gnu::always_inline]] constexpr inline T stochastic_multiply(T x, T y,
                                                                         random_word_pair const& chance) noexcept {
    return detail::from_hidden_bits<T>(detail::stochastic_product_bits<T>(to_bits(x), to_bits(y), chance));
}

/// x / y, likewise; to within 2^-74.
template <binary_format T>
[[nodiscard, gnu::always_inline]] constexpr inline T stochastic_divide(T x, T y,
                                                                       random_word_pair const& chance) noexcept {
    return detail::from_hidden_bits<T>(detail::stochastic_quotient_bits<T>(to_bits(x), to_bits(y), chance));
}

/// The square root of x, likewise; to within 2^-73.
template <binary_format T>
[[nodiscard, gnu::always_inline]] constexpr inline T stochastic_square_root(T x,
                                                                            random_word_pair const& chance) noexcept {
    return detail::from_hidden_bits<T>(detail::stochastic_root_bits<T>(to_bits(x), chance));
}

}  // namespace LASTBIT_ABI
}  // namespace lastbit
