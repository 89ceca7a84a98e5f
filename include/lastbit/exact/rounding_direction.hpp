// SPDX-License-Identifier: BSL-1.0
#pragma once
// The five rounding directions of IEEE 754, and a wide integer rounded in any of them.

#include <lastbit/base/rounding.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// Where a number that the format lacks goes. Source: IEEE 754-2019, section 4.3.
enum class rounding {
    to_nearest,       ///< the nearer neighbour; of two equally near ones that with an even last bit
    to_nearest_away,  ///< the nearer neighbour; of two equally near ones that larger in magnitude
    upward,           ///< the neighbour above
    downward,         ///< the neighbour below
    toward_zero       ///< the neighbour smaller in magnitude
};

namespace detail {

/// The bits of (-1)^negative * (significand + tail) * 2^exponent rounded once, where 0 <= tail < 1 and `sticky` says
/// that tail > 0.
/// Requires: significand > 0; if sticky, it has at least p + 2 bits.
template <binary_format R>
[[nodiscard]] constexpr typename format<R>::bits_type compose_bits_in(rounding direction, bool negative,
                                                                      std::uint64_t significand, int exponent,
                                                                      bool sticky) noexcept {
    if (direction == rounding::to_nearest) return compose_bits<R>(negative, significand, exponent, sticky);
    constexpr int p = format<R>::precision;
    constexpr int smallest = format<R>::min_exponent - p + 1;
    int const length = 64 - std::countl_zero(significand);
    bool const outward = direction == (negative ? rounding::downward : rounding::upward);
    if (exponent + length - 1 > format<R>::max_exponent) {
        bool const infinite = outward || direction == rounding::to_nearest_away;
        return static_cast<typename format<R>::bits_type>((negative ? fields<R>::sign : 0) |
                                                          (fields<R>::exponent - (infinite ? 0 : 1)));
    }
    // The last bit that the result keeps, and what lies below it: nothing, less than half, half, or more.
    int const last = exponent + length - p > smallest ? exponent + length - p : smallest;
    int const drop = last - exponent;
    bool up = false;
    std::uint64_t kept = significand;
    if (drop > 0) {
        kept = drop < 64 ? significand >> drop : 0;
        bool const inexact = sticky || (kept << (drop < 64 ? drop : 0)) != significand || drop >= 64;
        bool const half = drop <= 64 && ((significand >> (drop - 1)) & 1) != 0;
        up = direction == rounding::to_nearest_away ? half : outward && inexact;
    } else {
        up = outward && sticky;
    }
    // kept * 2^last' is a number of the format, or its neighbour above in magnitude is: compose_bits is exact.
    int const at = drop > 0 ? last : exponent;
    return compose_bits<R>(negative, kept + (up ? (drop > 0 ? 1U : std::uint64_t{1} << -drop) : 0U), at, false);
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
