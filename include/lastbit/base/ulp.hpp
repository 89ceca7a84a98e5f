// SPDX-License-Identifier: BSL-1.0
#pragma once
// The unit in the last place, and the distance between two numbers in steps from one to the next.

#include <lastbit/base/bfloat16.hpp>
#include <lastbit/base/float16.hpp>

#include <cstdint>
#include <limits>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// The spacing of the format's numbers in x's binade, 2^(max(floor(log2 |x|), emin) - p + 1).
///
/// For a power of two it is the spacing above it, twice that below.
/// @return  for float16 and bfloat16 a number of that format, too: every ulp of a format is a number of it
/// Special: x = 0 and subnormal -> the smallest subnormal; inf -> +inf; NaN -> NaN.
/// Source:  [Mul18] section 2.3.2, definition "ulp by Goldberg, extended to reals".
template <binary_format T>
[[nodiscard, gnu::always_inline]] constexpr inline T ulp(T x) noexcept {
    if (is_nan(x)) return canonical_nan<T>();
    if (is_inf(x)) return infinity<T>();
    return detail::compose<T>(false, 1, detail::decompose(x).exponent);
}

/// The value of ulp_distance if an operand is a NaN: no number of steps leads there.
inline constexpr std::uint64_t unordered_distance = std::numeric_limits<std::uint64_t>::max();

/// The number of steps, each to the next number of the format, that lead from a to b: 0 if a and b are equal.
///
/// Integer arithmetic, O(1), symmetric. -0 and +0 are one number; the step from the largest finite number leads to the
/// infinity; between -inf and +inf lie all 2 (2^(w-1) - 2^(p-1)) steps, which fit in 64 bits for every format.
/// Special: if either is a NaN, unordered_distance (also for two NaNs).
template <binary_format T>
[[nodiscard, gnu::always_inline]] constexpr inline std::uint64_t ulp_distance(T a, T b) noexcept {
    if (is_nan(a) || is_nan(b)) return unordered_distance;
    std::uint64_t const x = detail::magnitude_bits(a);
    std::uint64_t const y = detail::magnitude_bits(b);
    if (is_negative(a) != is_negative(b)) return x + y;
    return x > y ? x - y : y - x;
}

}  // namespace LASTBIT_ABI
}  // namespace lastbit
