// SPDX-License-Identifier: BSL-1.0
#pragma once
// A number as the sum of two with half of the digits each.

#include <lastbit/eft/value_and_error.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// s = ceil(p / 2): the number of low bits that split cuts off.
template <native_format T>
inline constexpr int split_bits = (format<T>::precision + 1) / 2;

template <native_format T>
inline constexpr T split_factor = static_cast<T>((std::uint64_t{1} << split_bits<T>) + 1);

/// 2^(emax - s - 1): split cannot overflow for |x| below. 2^995 in double, 2^114 in float.
template <native_format T>
inline constexpr T split_limit = static_cast<T>(power_of_two(format<T>::max_exponent - split_bits<T> - 1));

// The constant that multiplies V: hidden, and as wide as V.
template <native_format T>
[[nodiscard, gnu::always_inline]] constexpr inline T constant_like(T const&, T c) noexcept {
    return opaque(c);
}
template <native_format T>
[[nodiscard, gnu::always_inline]] inline batch<T> constant_like(batch<T> const&, T c) noexcept {
    return opaque<T>(broadcast<T>(c));
}

template <class V, native_format T>
[[nodiscard, gnu::always_inline]] constexpr inline value_and_error<V> split_as(V const& x) noexcept {
    V const c = mul(constant_like(x, split_factor<T>), x);
    V const high = sub(c, sub(c, x));
    return {high, sub(x, high)};
}

}  // namespace detail

/// [h, l] with h + l = x exactly; h has at most p - s bits and l at most s - 1 (s = ceil(p / 2)): 26 and 26 in double,
/// 12 and 11 in float. A product of two halves is therefore exact unless it underflows.
///
/// T is float or double.
/// Exact:    for |x| < 2^(emax - s - 1), that is 2^995 in double, 2^114 in float. From 2^(emax + 1 - s) on the product
///           with 2^s + 1 overflows and the halves are NaN.
/// Requires: a sound environment (environment::is_sound).
/// Source:   [Dek71] section 5 (Veltkamp's splitting).
template <native_format T>
[[nodiscard]] constexpr value_and_error<T> split(T x) noexcept {
    return detail::split_as<T, T>(x);
}
template <native_format T>
[[nodiscard, gnu::always_inline]] inline value_and_error<batch<T>> split(batch<T> const& x) noexcept {
    return detail::split_as<batch<T>, T>(x);
}

}  // namespace LASTBIT_ABI
}  // namespace lastbit
