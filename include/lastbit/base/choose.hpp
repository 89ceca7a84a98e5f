// SPDX-License-Identifier: BSL-1.0
#pragma once
// Choices between numbers that look at magnitudes and bits; the scalar twins of those in base/simd.hpp.

#include <lastbit/base/opaque.hpp>

#include <utility>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// |x| >= |y| ? a : b. A NaN counts as larger than every number.
template <binary_format T>
[[nodiscard, gnu::always_inline]] constexpr inline T select_if_larger(T x, T y, T a, T b) noexcept {
    return detail::magnitude_bits(x) >= detail::magnitude_bits(y) ? a : b;
}

/// x if guard is finite, else +0.
template <binary_format T>
[[nodiscard, gnu::always_inline]] constexpr inline T zero_unless_finite(T x, T guard) noexcept {
    return is_finite(guard) ? x : from_bits<T>(0);
}

template <software_number T>
[[nodiscard]] T select_if_larger(T const& x, T const& y, T const& a, T const& b) {
    T const zero(0);
    T const magnitude_x = x < zero ? T(-x) : x;
    T const magnitude_y = y < zero ? T(-y) : y;
    return magnitude_x < magnitude_y ? b : a;
}

/// x: software numbers have their own rules for infinities.
template <software_number T>
[[nodiscard]] T zero_unless_finite(T const& x, T const&) {
    return x;
}

template <software_number T>
[[nodiscard]] T negate(T const& x) {
    return T(-x);
}

}  // namespace LASTBIT_ABI
}  // namespace lastbit
