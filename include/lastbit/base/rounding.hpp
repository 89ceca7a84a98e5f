// SPDX-License-Identifier: BSL-1.0
#pragma once
// One number taken apart into integers, and an integer times a power of two rounded once to a format.
//
// Integer arithmetic only: the same bits in every floating-point environment and under every flag.

#include <lastbit/base/format.hpp>

#include <bit>
#include <cstdint>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// A finite number as (-1)^negative * significand * 2^exponent.
struct decomposed {
    bool negative;
    std::uint64_t significand;  // 0 for a zero, else below 2^p
    int exponent;               // that of the last bit: emin - p + 1 for zeros and subnormals
};

/// Requires: x is finite.
template <binary_format T>
[[nodiscard, gnu::always_inline]] constexpr inline decomposed decompose(T x) noexcept {
    constexpr int smallest = format<T>::min_exponent - format<T>::precision + 1;
    std::uint64_t const magnitude = magnitude_bits(x);
    std::uint64_t const fraction = magnitude & fields<T>::fraction;
    int const biased = static_cast<int>(magnitude >> fields<T>::fraction_bits);
    if (biased == 0) return {is_negative(x), fraction, smallest};
    return {is_negative(x), fraction | (std::uint64_t{1} << fields<T>::fraction_bits), smallest + biased - 1};
}

/// The bits of compose<T>; integers in and out.
template <binary_format T>
[[nodiscard]] constexpr typename format<T>::bits_type compose_bits(bool negative, std::uint64_t significand,
                                                                   int exponent, bool sticky) noexcept {
    using bits_type = typename format<T>::bits_type;
    constexpr int p = format<T>::precision;
    constexpr int smallest = format<T>::min_exponent - p + 1;
    std::uint64_t const sign = negative ? std::uint64_t{fields<T>::sign} : 0;
    if (significand == 0) return static_cast<bits_type>(sign);

    int const length = 64 - std::countl_zero(significand);
    if (exponent + length - 1 > format<T>::max_exponent) return static_cast<bits_type>(sign | fields<T>::exponent);
    int last = exponent + length - p;  // the exponent of the result's last bit
    if (last < smallest) last = smallest;

    std::uint64_t kept = 0;
    if (int const drop = last - exponent; drop <= 0) {
        kept = significand << -drop;
    } else if (drop <= 64) {
        kept = drop == 64 ? 0 : significand >> drop;
        std::uint64_t const rest = significand << (64 - drop);  // the dropped bits, left-aligned
        constexpr std::uint64_t half = std::uint64_t{1} << 63;
        if (rest > half || (rest == half && (sticky || (kept & 1) != 0))) ++kept;
    }
    // kept <= 2^p. Adding it to the biased exponent of its last bit lets a carry move up, to an infinity at the end.
    std::uint64_t const hidden = std::uint64_t{1} << (p - 1);
    std::uint64_t const magnitude =
        kept < hidden ? kept : kept + (static_cast<std::uint64_t>(last - smallest) << (p - 1));
    return static_cast<bits_type>(sign | magnitude);
}

/// (-1)^negative * (significand + tail) * 2^exponent rounded to nearest, ties to even, where 0 <= tail < 1 and `sticky`
/// says that tail > 0. Overflow gives an infinity; a zero keeps its sign.
/// Requires: if sticky, then the significand has at least p + 2 bits.
template <binary_format T>
[[nodiscard, gnu::always_inline]] constexpr inline T compose(bool negative, std::uint64_t significand, int exponent,
                                                             bool sticky = false) noexcept {
    return from_bits<T>(compose_bits<T>(negative, significand, exponent, sticky));
}

/// significand * 2^exponent rounded to nearest, ties to even, to p bits with the smallest normal number 2^min_exponent:
/// as a bit pattern without sign, of a format whose exponents end nowhere. For formats that compose() does not know.
[[nodiscard]] constexpr std::uint64_t rounded_pattern(int p, int min_exponent, std::uint64_t significand,
                                                      int exponent) noexcept {
    if (significand == 0) return 0;
    int const smallest = min_exponent - p + 1;
    int const length = 64 - std::countl_zero(significand);
    int const last = exponent + length - p < smallest ? smallest : exponent + length - p;
    std::uint64_t kept = 0;
    if (int const drop = last - exponent; drop <= 0) {
        kept = significand << -drop;
    } else if (drop <= length) {
        kept = drop == 64 ? 0 : significand >> drop;
        std::uint64_t const rest = significand << (64 - drop);  // the dropped bits, left-aligned
        constexpr std::uint64_t half = std::uint64_t{1} << 63;
        if (rest > half || (rest == half && kept % 2 != 0)) ++kept;
    }
    // kept <= 2^p; a normal number counts 2^(p-1) patterns for each binade above the lowest.
    return kept + (static_cast<std::uint64_t>(last - smallest) << (p - 1));
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
