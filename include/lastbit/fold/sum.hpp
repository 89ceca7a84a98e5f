// SPDX-License-Identifier: BSL-1.0
#pragma once
// The sum of an array by a chosen method.

#include <lastbit/fold/method.hpp>

#include <ranges>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// A contiguous range of numbers that can be summed. Examples: std::vector<float>, std::span<double const>, double[4].
template <class R>
concept number_range = std::ranges::contiguous_range<R> && std::ranges::sized_range<R> &&
                       summable<std::remove_cv_t<std::ranges::range_value_t<R>>>;

namespace detail {

template <number_range R>
using number_t = std::remove_cv_t<std::ranges::range_value_t<R>>;

template <class M, class T>
[[nodiscard]] T sum(T const* x, std::size_t n) {
    if (n == 0) return T(0);
    environment::guard const guard;
    number_terms<held_t<M, T>, T> const terms{enter(x)};
    return leave(rounded<T>(reduced<M, T>(terms, n).value()));
}

}  // namespace detail

/// The sum of x by the method M.
///
/// @param  x  [n] numbers of one format T, any n, any alignment
/// @return    a T, in the unit of x
/// Error:     error_bound<M, T>(n, {sum |x_i|, |sum x_i|})
/// Special:   n = 0 -> +0; otherwise what the method's operations give, every NaN the canonical one
/// Order:     a function of the values, n and M; the same bits on every instruction set and under every flag
/// Cost:      O(n), no allocation. Throws nothing for the four formats.
template <method_like M, number_range R>
    requires detail::holds<M, detail::number_t<R>>
[[nodiscard]] auto sum(R const& x) {
    return detail::sum<M>(std::ranges::data(x), static_cast<std::size_t>(std::ranges::size(x)));
}

/// The sum of x by the accumulator A in the order O.
template <accumulator A, order O, number_range R>
    requires detail::holds<A, detail::number_t<R>>
[[nodiscard]] auto sum(R const& x) {
    return sum<method<A, O>>(x);
}

}  // namespace LASTBIT_ABI
}  // namespace lastbit
