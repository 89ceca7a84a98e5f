// SPDX-License-Identifier: BSL-1.0
#pragma once
// Norms of an array, correctly rounded: the Euclidean norm, the sum of squares, the sum of magnitudes.

#include <lastbit/exact/rounded_root.hpp>
#include <lastbit/fold/sum.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// A contiguous range of numbers of one of the four formats.
template <class X>
concept rounded_range = number_range<X> && correctly_roundable<number_t<X>>;

template <class R, class T>
[[nodiscard]] R norm2(T const* x, std::size_t n) noexcept {
    environment::guard const guard;
    return leave(rounded_norm<R>(enter(x), n));
}
template <class R, class T>
[[nodiscard]] R sum_of_squares(T const* x, std::size_t n) noexcept {
    environment::guard const guard;
    return leave(round_terms<R>(square_doubles<T>(enter(x)), n));
}
template <class R, class T>
[[nodiscard]] R sum_of_absolutes(T const* x, std::size_t n) noexcept {
    environment::guard const guard;
    return leave(round_terms<R>(absolute_doubles<T>{enter(x)}, n));
}

template <rounded_range X>
[[nodiscard]] std::size_t size_of(X const& x) noexcept {
    return static_cast<std::size_t>(std::ranges::size(x));
}

}  // namespace detail

/// The Euclidean norm: the exact sqrt(x_0^2 + x_1^2 + ...), rounded once to R. No square overflows or underflows on the
/// way: {1e200, 1e200} has a norm in double, and so has {1e-200, 1e-200}.
///
/// @param  x  [n] numbers of one of the four formats, any n, any alignment
/// @return    a number in the unit of x, never -0
/// Error:     half an ulp of the result, as correctly_rounded
/// Special:   a NaN gives NaN; else an infinity of either sign gives +inf; +inf if the exact root is at least
///            Omega + ulp(Omega)/2, and only then; zeros and n = 0 give +0. In the format of x it is at least the
///            largest |x_i|, so that it never underflows.
/// Cost:      O(n), no allocation. Norms of doubles below 1e-135 or above 1e135 take the slower, exact path.
template <binary_format R, detail::rounded_range X>
[[nodiscard]] R norm2_to(X const& x) noexcept {
    return detail::norm2<R>(std::ranges::data(x), detail::size_of(x));
}

/// The same in the format of x.
template <detail::rounded_range X>
[[nodiscard]] auto norm2(X const& x) noexcept {
    return norm2_to<detail::number_t<X>>(x);
}

/// The exact x_0^2 + x_1^2 + ..., rounded once to R: the bits of dot_to<R>(x, x).
///
/// @param  x  [n] numbers of one of the four formats, any n, any alignment
/// @return    a number in the unit of x squared, never -0
/// Error:     half an ulp of the result, as correctly_rounded
/// Special:   a NaN gives NaN; else an infinity of either sign gives +inf; zeros and n = 0 give +0; a sum that
///            underflows gives +0
/// Cost:      O(n), no allocation
template <binary_format R, detail::rounded_range X>
[[nodiscard]] R sum_of_squares_to(X const& x) noexcept {
    return detail::sum_of_squares<R>(std::ranges::data(x), detail::size_of(x));
}

/// The same in the format of x.
template <detail::rounded_range X>
[[nodiscard]] auto sum_of_squares(X const& x) noexcept {
    return sum_of_squares_to<detail::number_t<X>>(x);
}

/// The exact |x_0| + |x_1| + ..., rounded once to R.
///
/// @param  x  [n] numbers of one of the four formats, any n, any alignment
/// @return    a number in the unit of x, never -0
/// Error:     half an ulp of the result, as correctly_rounded
/// Special:   a NaN gives NaN; else an infinity of either sign gives +inf; zeros and n = 0 give +0
/// Cost:      O(n), no allocation
template <binary_format R, detail::rounded_range X>
[[nodiscard]] R sum_of_absolutes_to(X const& x) noexcept {
    return detail::sum_of_absolutes<R>(std::ranges::data(x), detail::size_of(x));
}

/// The same in the format of x.
template <detail::rounded_range X>
[[nodiscard]] auto sum_of_absolutes(X const& x) noexcept {
    return sum_of_absolutes_to<detail::number_t<X>>(x);
}

}  // namespace LASTBIT_ABI
}  // namespace lastbit
