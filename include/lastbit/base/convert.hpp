// SPDX-License-Identifier: BSL-1.0
#pragma once
// Conversion between the four formats by integer arithmetic: exact when it widens, correctly rounded when it narrows.

#include <lastbit/base/rounding.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// A NaN's bits in another format: the sign and the leading bits of the payload are kept, and it comes out quiet.
template <binary_format To, binary_format From>
[[nodiscard]] constexpr typename format<To>::bits_type convert_nan(typename format<From>::bits_type x) noexcept {
    constexpr int shift = fields<From>::fraction_bits - fields<To>::fraction_bits;
    std::uint64_t payload = x & fields<From>::fraction;
    if constexpr (shift >= 0) payload >>= shift;
    else payload <<= -shift;
    std::uint64_t const sign = (x & fields<From>::sign) != 0 ? std::uint64_t{fields<To>::sign} : 0;
    return static_cast<typename format<To>::bits_type>(sign | fields<To>::exponent | fields<To>::quiet | payload);
}

/// The bits of convert<To>(x) from those of x; integers in and out, so that no compiler assumes anything of the values.
template <binary_format To, binary_format From>
[[nodiscard]] constexpr typename format<To>::bits_type convert_bits(typename format<From>::bits_type x) noexcept {
    using bits_type = typename format<To>::bits_type;
    auto const magnitude = static_cast<typename format<From>::bits_type>(x & ~fields<From>::sign);
    if (magnitude > fields<From>::exponent) return convert_nan<To, From>(x);
    std::uint64_t const sign = magnitude != x ? std::uint64_t{fields<To>::sign} : 0;
    if (magnitude == fields<From>::exponent) return static_cast<bits_type>(sign | fields<To>::exponent);
    decomposed const d = decompose(from_bits<From>(x));
    return compose_bits<To>(d.negative, d.significand, d.exponent, false);
}

/// x in the format To, rounded once to nearest, ties to even; overflow gives an infinity, underflow a signed zero.
template <binary_format To, binary_format From>
[[nodiscard, gnu::always_inline]] constexpr inline To convert(From x) noexcept {
    if constexpr (std::same_as<To, From>) return x;
    else return from_bits<To>(convert_bits<To, From>(to_bits(x)));
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
