// SPDX-License-Identifier: BSL-1.0
#pragma once
// The rounding test: does every number within a distance of an approximation round to the same number of a format?
//
// Rounding is monotone, so it is enough that both ends of the interval do.

#include <lastbit/base/convert.hpp>
#include <lastbit/eft.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// A number and whether it is certain that it is the right one. Held as bits: a compiler that may assume finite numbers
/// would assume them of a value that a function returns.
template <binary_format R>
struct decided {
    typename format<R>::bits_type bits;
    bool certain;

    [[nodiscard, gnu::always_inline]] R value() const noexcept { return from_hidden_bits<R>(bits); }
};

/// The double above x, for x not +inf or a NaN; next_up(-0) is the smallest subnormal. By bits.
[[nodiscard, gnu::always_inline]] constexpr inline double next_up(double x) noexcept {
    std::uint64_t const bits = to_bits(x);
    if (magnitude_bits(x) == 0) return from_bits<double>(1);
    return from_bits<double>(is_negative(x) ? bits - 1 : bits + 1);
}
[[nodiscard, gnu::always_inline]] constexpr inline double next_down(double x) noexcept {
    return negate(next_up(negate(x)));
}

/// x rounded once to R.
template <binary_format R>
[[nodiscard, gnu::always_inline]] inline R narrowed(double x) noexcept {
    if constexpr (std::same_as<R, double>) return x;
    else if constexpr (std::same_as<R, float>) return opaque(static_cast<float>(x));
    else return convert<R>(x);
}

/// high + t rounded once to R.
template <binary_format R>
[[nodiscard, gnu::always_inline]] inline R rounded_pair(double high, double t) noexcept {
    if constexpr (std::same_as<R, double>) return add(high, t);
    else return narrowed<R>(add_to_odd(high, t));
}

/// The number of R nearest to every real number in [high + low - error, high + low + error], if that is one.
/// Not certain: if it is not, if the interval holds 0 (whose sign depends on the terms), if an end is not finite.
/// Requires: error is not negative; a sound environment.
/// Source:   docs/mathematics.md, "The rounding test".
template <binary_format R>
[[nodiscard, gnu::always_inline]] inline decided<R> round_within(double high, double low, double error) noexcept {
    double down = low;
    double up = low;
    if (magnitude_bits(error) != 0) {
        // One step outward covers the rounding of low -+ error. A sum that is not finite stays so, or ends at Omega.
        down = next_down(sub(low, error));
        up = next_up(add(low, error));
    }
    R const below = rounded_pair<R>(high, down);
    R const above = rounded_pair<R>(high, up);
    bool const finite = is_finite(high) && is_finite(down) && is_finite(up);
    // Both ends on one side of 0: high + t has the sign of its rounded value in double, and is 0 only where that is.
    double const low_end = add(high, down);
    double const high_end = add(high, up);
    bool const one_side = is_negative(low_end) == is_negative(high_end) && !is_zero(low_end) && !is_zero(high_end);
    return {to_bits(below), finite && one_side && to_bits(below) == to_bits(above)};
}

/// As above for one number: [value - error, value + error].
template <binary_format R>
[[nodiscard, gnu::always_inline]] inline decided<R> round_within(double value, double error) noexcept {
    double down = value;
    double up = value;
    if (magnitude_bits(error) != 0) {
        down = next_down(sub(value, error));
        up = next_up(add(value, error));
    }
    R const below = narrowed<R>(down);
    R const above = narrowed<R>(up);
    bool const finite = is_finite(value) && is_finite(down) && is_finite(up);
    bool const one_side = is_negative(down) == is_negative(up) && !is_zero(down) && !is_zero(up);
    return {to_bits(below), finite && one_side && to_bits(below) == to_bits(above)};
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
