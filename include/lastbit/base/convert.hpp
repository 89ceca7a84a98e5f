// SPDX-License-Identifier: BSL-1.0
#pragma once
// Conversion between the four formats by integer arithmetic: exact when it widens, correctly rounded when it narrows.

#include <lastbit/base/rounding.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// A NaN of another format: the sign and the leading bits of the payload are kept, and it comes out quiet.
template <binary_format To, binary_format From>
[[nodiscard]] constexpr To convert_nan(From x) noexcept {
    using bits_type = typename format<To>::bits_type;
    constexpr int shift = fields<From>::fraction_bits - fields<To>::fraction_bits;
    std::uint64_t payload = to_bits(x) & fields<From>::fraction;
    if constexpr (shift >= 0) payload >>= shift;
    else payload <<= -shift;
    std::uint64_t const sign = is_negative(x) ? std::uint64_t{fields<To>::sign} : 0;
    return from_bits<To>(static_cast<bits_type>(sign | fields<To>::exponent | fields<To>::quiet | payload));
}

/// x in the format To, rounded once to nearest, ties to even; overflow gives an infinity, underflow a signed zero.
template <binary_format To, binary_format From>
[[nodiscard]] constexpr To convert(From x) noexcept {
    if constexpr (std::same_as<To, From>) {
        return x;
    } else {
        if (is_nan(x)) return convert_nan<To>(x);
        if (is_inf(x)) return is_negative(x) ? negate(infinity<To>()) : infinity<To>();
        decomposed const d = decompose(x);
        return compose<To>(d.negative, d.significand, d.exponent);
    }
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
