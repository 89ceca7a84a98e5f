// SPDX-License-Identifier: BSL-1.0
#pragma once
// tf32: what matrix units read of a float: its sign, its exponent and the upper 10 bits of its fraction.
//
// It stores only: no kernel of the library takes it. Integer arithmetic only: the same bits under every flag.
// Source: [PTX24], section on alternate floating-point data formats.

#include <lastbit/base/convert.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// The number with the bits of a double as those of a tf32, rounded once.
[[nodiscard]] constexpr std::uint32_t tf32_narrowed(std::uint64_t bits) noexcept {
    constexpr int unused = 13;  // lower bits of the float
    std::uint32_t const sign = (bits & fields<double>::sign) != 0 ? fields<float>::sign : 0U;
    std::uint64_t const magnitude = bits & ~fields<double>::sign;
    std::uint64_t const fraction = magnitude & fields<double>::fraction;
    if (magnitude > fields<double>::exponent) {
        std::uint64_t const payload = (fraction >> (52 - 10)) << unused;
        return sign | fields<float>::exponent | fields<float>::quiet | static_cast<std::uint32_t>(payload);
    }
    if (magnitude == fields<double>::exponent) return sign | fields<float>::exponent;
    int const field = static_cast<int>(magnitude >> fields<double>::fraction_bits);
    std::uint64_t const significand = field == 0 ? fraction : fraction | (std::uint64_t{1} << 52);
    std::uint64_t const pattern = rounded_pattern(11, -126, significand, (field == 0 ? 1 : field) - 1075) << unused;
    return sign | (pattern > fields<float>::exponent ? fields<float>::exponent : static_cast<std::uint32_t>(pattern));
}

}  // namespace detail

/// A TensorFloat-32 number: p = 11, emax = 127 as float, in the 32 bits of a float whose lower 13 are 0.
///
/// Widening to float and double is exact and implicit. Narrowing is explicit and rounded once: to nearest, ties to
/// even, straight from float or from double. (Hardware may instead truncate a float that it is given, or round ties
/// away: for truncation, use `from_bits` of the float's bits.)
/// Special: |x| >= (2 - 2^-11) 2^127 -> an infinity; subnormals down to 2^-136; a NaN keeps its sign and the upper bits
///          of its payload, and comes out quiet; `tf32{}` is +0; comparison is that of the widened values.
class tf32 {
public:
    constexpr tf32() noexcept = default;
    constexpr explicit tf32(float x) noexcept
        : bits_(detail::tf32_narrowed(detail::convert_bits<double, float>(to_bits(x)))) {}
    constexpr explicit tf32(double x) noexcept : bits_(detail::tf32_narrowed(to_bits(x))) {}
    constexpr explicit tf32(int x) noexcept : tf32(static_cast<double>(x)) {}

    /// The number with these bits, those of a float; the lower 13 are dropped, which truncates. A NaN stays one.
    [[nodiscard]] static constexpr tf32 from_bits(std::uint32_t bits) noexcept {
        bool const nan = (bits & ~detail::fields<float>::sign) > detail::fields<float>::exponent;
        tf32 x;
        x.bits_ = bits & ~std::uint32_t{0x1FFF};
        if (nan && (x.bits_ & detail::fields<float>::fraction) == 0) x.bits_ |= detail::fields<float>::quiet;
        return x;
    }
    [[nodiscard]] constexpr std::uint32_t bits() const noexcept { return bits_; }

    constexpr operator float() const noexcept { return lastbit::from_bits<float>(bits_); }

private:
    std::uint32_t bits_ = 0;
};

}  // namespace LASTBIT_ABI
}  // namespace lastbit
