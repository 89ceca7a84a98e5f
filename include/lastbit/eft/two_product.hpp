// SPDX-License-Identifier: BSL-1.0
#pragma once
// The product of two numbers and its rounding error.

#include <lastbit/eft/fma.hpp>
#include <lastbit/eft/split.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// 2^(emin - p + 1 + 2 p): a product at least as large has an error that is a number of the format. 2^-968 in double,
/// 2^-101 in float.
template <native_format T>
inline constexpr T product_limit = static_cast<T>(power_of_two(format<T>::min_exponent + 1 + format<T>::precision));

/// 2^(emax - 1): below it no product of two halves overflows.
template <native_format T>
inline constexpr T product_ceiling = static_cast<T>(power_of_two(format<T>::max_exponent - 1));

/// The error of p = fl(x y) from the halves of x and y. Source: [Dek71] section 5, formula (5.14).
/// A zero error comes out as +0, which is what fma(x, y, -p) gives.
template <class V, native_format T>
[[nodiscard, gnu::always_inline]] inline V product_error_by_split(V const& x, V const& y, V const& p) noexcept {
    auto const [x_high, x_low] = split(x);
    auto const [y_high, y_low] = split(y);
    V const rest = sub(sub(sub(p, mul(x_high, y_high)), mul(x_low, y_high)), mul(x_high, y_low));
    return add(sub(mul(x_low, y_low), rest), constant_like(x, T{0}));
}

template <native_format T>
[[nodiscard]] inline bool split_serves(T x, T y, T p) noexcept {
    return absolute(x) < split_limit<T> && absolute(y) < split_limit<T> && absolute(p) < product_ceiling<T> &&
           (absolute(p) >= product_limit<T> || is_zero(x) || is_zero(y));
}

template <native_format T>
[[nodiscard]] inline bool split_serves(batch<T> const& x, batch<T> const& y, batch<T> const& p) noexcept {
    return all_below<T>(x, split_limit<T>) && all_below<T>(y, split_limit<T>) && all_below<T>(p, product_ceiling<T>) &&
           all_at_least<T>(p, product_limit<T>);
}

}  // namespace detail

/// [p, e] with p = fl(x y) and e = fma(x, y, -p), the same bits with and without FMA hardware.
///
/// V is one of the four formats, or a batch of one. With FMA two operations. Without: Dekker's 17 where |x| and |y| are
/// below 2^995 and 2^-968 <= |p| < 2^1022 (float: 2^114, 2^-101, 2^126), elsewhere integers.
/// Exact:    p + e = x y if p is finite and x y is a multiple of the smallest subnormal, for which |p| >= 2^-968
///           (float: 2^-101) suffices.
///           Below, e is the error rounded: x = y = 2^-537 (1 + 2^-52) leaves one that is not exact.
/// Special:  p infinite by overflow -> e is the other infinity; an operand infinite or NaN -> e is NaN; e = 0 is +0.
/// Requires: a sound environment (environment::is_sound).
/// Source:   [Dek71] section 5 (Mul12); [ORO05] algorithm 3.5 (TwoProductFMA).
template <native_format T>
[[nodiscard, gnu::always_inline]] constexpr inline value_and_error<T> two_product(T x, T y) noexcept {
    T const p = mul(x, y);
    if (!std::is_constant_evaluated() && !LASTBIT_HAS_FMA) {
        if (detail::split_serves(x, y, p)) return {p, detail::product_error_by_split<T, T>(x, y, p)};
    }
    return {p, fma(x, y, negate(p))};
}

template <native_format T>
[[nodiscard, gnu::always_inline]] inline value_and_error<batch<T>> two_product(batch<T> const& x,
                                                                               batch<T> const& y) noexcept {
    batch<T> const p = mul(x, y);
    if constexpr (!LASTBIT_HAS_FMA) {
        if (detail::split_serves<T>(x, y, p)) return {p, detail::product_error_by_split<batch<T>, T>(x, y, p)};
    }
    return {p, fma(x, y, negate(p))};
}

template <half_format T>
[[nodiscard]] constexpr value_and_error<T> two_product(T x, T y) noexcept {
    T const p = mul(x, y);
    return {p, fma(x, y, negate(p))};
}

template <half_format T>
[[nodiscard]] inline value_and_error<half_batch<T>> two_product(half_batch<T> const& x,
                                                                half_batch<T> const& y) noexcept {
    half_batch<T> const p = mul(x, y);
    return {p, fma(x, y, negate(p))};
}

}  // namespace LASTBIT_ABI
}  // namespace lastbit
