// SPDX-License-Identifier: BSL-1.0
#pragma once
// float8_e4m3 and float8_e5m2: the two storage types of 8 bits in which accelerators hold weights and activations.
//
// They store only. No kernel of the library takes them: they are what kernels of others read and write, exact in float.
// Integer arithmetic only: the same bits under every flag.
// Source: [OFP23], tables 1 and 2 (layouts and special values) and its rules of conversion.

#include <lastbit/base/convert.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// What tells the two formats apart; patterns are those without sign.
struct float8_layout {
    int precision;      // with the hidden bit
    int min_exponent;   // of the smallest normal number
    unsigned largest;   // the pattern of the largest number
    unsigned overflow;  // of what a larger number becomes: an infinity, or NaN where there is none
    unsigned nan;       // of the quiet NaN without payload
    bool has_infinity;  // its pattern is `overflow`, and every pattern above is a NaN
};

inline constexpr float8_layout e4m3_layout{4, -6, 0x7E, 0x7F, 0x7F, false};
inline constexpr float8_layout e5m2_layout{3, -14, 0x7B, 0x7C, 0x7E, true};

/// The bits of the float that has the value of these 8.
[[nodiscard]] constexpr std::uint32_t float8_widened(float8_layout const& f, std::uint8_t bits) noexcept {
    bool const negative = bits > 0x7F;
    std::uint32_t const sign = negative ? fields<float>::sign : 0U;
    unsigned const magnitude = bits & 0x7FU;
    int const fraction_bits = f.precision - 1;
    unsigned const hidden = 1U << fraction_bits;
    unsigned const fraction = magnitude % hidden;
    if (magnitude > f.largest) {
        if (f.has_infinity && fraction == 0) return sign | fields<float>::exponent;
        std::uint32_t const payload = f.has_infinity ? fraction << (fields<float>::fraction_bits - fraction_bits) : 0U;
        return sign | fields<float>::exponent | fields<float>::quiet | payload;
    }
    int const field = static_cast<int>(magnitude / hidden);
    int const last = f.min_exponent - fraction_bits + (field == 0 ? 0 : field - 1);
    return compose_bits<float>(negative, field == 0 ? fraction : fraction + hidden, last, false);
}

/// (-1)^negative * significand * 2^exponent in 8 bits, rounded once.
[[nodiscard]] constexpr std::uint8_t float8_rounded(float8_layout const& f, bool negative, std::uint64_t significand,
                                                    int exponent, bool saturate) noexcept {
    std::uint64_t const pattern = rounded_pattern(f.precision, f.min_exponent, significand, exponent);
    std::uint64_t const end = saturate ? f.largest : f.overflow;
    return static_cast<std::uint8_t>((negative ? 0x80U : 0U) | (pattern > f.largest ? end : pattern));
}

/// The number with the bits of a double in 8 bits, rounded once.
[[nodiscard]] constexpr std::uint8_t float8_narrowed(float8_layout const& f, std::uint64_t bits,
                                                     bool saturate) noexcept {
    bool const negative = (bits & fields<double>::sign) != 0;
    std::uint64_t const magnitude = bits & ~fields<double>::sign;
    unsigned const sign = negative ? 0x80U : 0U;
    if (magnitude > fields<double>::exponent) {
        int const shift = fields<double>::fraction_bits - (f.precision - 1);
        unsigned const payload =
            f.has_infinity ? static_cast<unsigned>((bits & fields<double>::fraction) >> shift) : 0U;
        return static_cast<std::uint8_t>(sign | f.nan | payload);
    }
    if (magnitude == fields<double>::exponent)
        return static_cast<std::uint8_t>(sign | (saturate ? f.largest : f.overflow));
    std::uint64_t const fraction = magnitude & fields<double>::fraction;
    int const field = static_cast<int>(magnitude >> fields<double>::fraction_bits);
    std::uint64_t const significand = field == 0 ? fraction : fraction | (std::uint64_t{1} << 52);
    return float8_rounded(f, negative, significand, (field == 0 ? 1 : field) - 1075, saturate);
}

/// The same for a float: every float is a double.
[[nodiscard]] constexpr std::uint8_t float8_narrowed(float8_layout const& f, std::uint32_t bits,
                                                     bool saturate) noexcept {
    return float8_narrowed(f, std::uint64_t{convert_bits<double, float>(bits)}, saturate);
}

}  // namespace detail

/// An 8-bit number with 4 bits of exponent and 3 of fraction (OCP E4M3, elsewhere "e4m3fn"): p = 4, the largest is 448,
/// the smallest 2^-9. There is no infinity; S.1111.111 is NaN.
///
/// Widening to float and double is exact and implicit. Narrowing is explicit and rounded once: to nearest, ties to
/// even, straight from float or from double (never through float).
/// Special: |x| > 464 and infinities -> NaN (464, between 448 and what would be 480, is a tie and gives 448);
///          `saturated` gives +-448 instead; NaN keeps its sign; `float8_e4m3{}` is +0; comparison is that of the
///          widened values.
/// Source:  [OFP23]
class float8_e4m3 {
public:
    constexpr float8_e4m3() noexcept = default;
    constexpr explicit float8_e4m3(float x) noexcept
        : bits_(detail::float8_narrowed(detail::e4m3_layout, to_bits(x), false)) {}
    constexpr explicit float8_e4m3(double x) noexcept
        : bits_(detail::float8_narrowed(detail::e4m3_layout, to_bits(x), false)) {}
    constexpr explicit float8_e4m3(int x) noexcept : float8_e4m3(static_cast<double>(x)) {}

    /// x rounded once; what exceeds 448 in magnitude, and an infinity, becomes +-448. NaN stays NaN.
    [[nodiscard]] static constexpr float8_e4m3 saturated(float x) noexcept {
        return from_bits(detail::float8_narrowed(detail::e4m3_layout, to_bits(x), true));
    }
    [[nodiscard]] static constexpr float8_e4m3 saturated(double x) noexcept {
        return from_bits(detail::float8_narrowed(detail::e4m3_layout, to_bits(x), true));
    }

    /// The number with these bits.
    [[nodiscard]] static constexpr float8_e4m3 from_bits(std::uint8_t bits) noexcept {
        float8_e4m3 x;
        x.bits_ = bits;
        return x;
    }
    [[nodiscard]] constexpr std::uint8_t bits() const noexcept { return bits_; }

    constexpr operator float() const noexcept {
        return lastbit::from_bits<float>(detail::float8_widened(detail::e4m3_layout, bits_));
    }

private:
    std::uint8_t bits_ = 0;
};

/// An 8-bit number with 5 bits of exponent and 2 of fraction (OCP E5M2): p = 3, the largest is 57344, the smallest
/// 2^-16; infinities and NaN as in IEEE 754 formats. It is the upper half of a float16.
///
/// Conversions as for float8_e4m3.
/// Special: |x| >= 61440 -> an infinity; `saturated` gives +-57344 instead, also for infinities; a NaN keeps its sign
///          and the upper bits of its payload, and comes out quiet; `float8_e5m2{}` is +0.
/// Source:  [OFP23]
class float8_e5m2 {
public:
    constexpr float8_e5m2() noexcept = default;
    constexpr explicit float8_e5m2(float x) noexcept
        : bits_(detail::float8_narrowed(detail::e5m2_layout, to_bits(x), false)) {}
    constexpr explicit float8_e5m2(double x) noexcept
        : bits_(detail::float8_narrowed(detail::e5m2_layout, to_bits(x), false)) {}
    constexpr explicit float8_e5m2(int x) noexcept : float8_e5m2(static_cast<double>(x)) {}

    /// x rounded once; what exceeds 57344 in magnitude, and an infinity, becomes +-57344. NaN stays NaN.
    [[nodiscard]] static constexpr float8_e5m2 saturated(float x) noexcept {
        return from_bits(detail::float8_narrowed(detail::e5m2_layout, to_bits(x), true));
    }
    [[nodiscard]] static constexpr float8_e5m2 saturated(double x) noexcept {
        return from_bits(detail::float8_narrowed(detail::e5m2_layout, to_bits(x), true));
    }

    /// The number with these bits.
    [[nodiscard]] static constexpr float8_e5m2 from_bits(std::uint8_t bits) noexcept {
        float8_e5m2 x;
        x.bits_ = bits;
        return x;
    }
    [[nodiscard]] constexpr std::uint8_t bits() const noexcept { return bits_; }

    constexpr operator float() const noexcept {
        return lastbit::from_bits<float>(detail::float8_widened(detail::e5m2_layout, bits_));
    }

private:
    std::uint8_t bits_ = 0;
};

}  // namespace LASTBIT_ABI
}  // namespace lastbit
