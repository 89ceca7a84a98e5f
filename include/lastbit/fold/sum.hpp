// SPDX-License-Identifier: BSL-1.0
#pragma once
// The sum of an array: correctly rounded, or by a chosen method.

#include <lastbit/fold/correctly_rounded.hpp>

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

/// Rounded from the format in which M holds the sum straight to R.
template <class M, class R, class T>
[[nodiscard]] R sum(T const* x, std::size_t n) {
    if (n == 0) return R(0);
    environment::guard const guard;
    if constexpr (std::same_as<M, correctly_rounded>) {
        return leave(rounded_sum<R>(enter(x), n));
    } else {
        number_terms<held_t<M, T>, T> const terms{enter(x)};
        return leave(rounded<R>(reduced<M, T>(terms, n).value()));
    }
}

/// The method M can sum numbers of the format T and round the sum to R.
template <class M, class T, class R>
concept sums_to = (std::same_as<M, correctly_rounded> && correctly_roundable<T> && binary_format<R>) ||
                  (holds<M, T> && summable<R> && rounds_to<held_t<M, T>, R>);

}  // namespace detail

/// The exact sum of x, rounded once: the same bits on every machine and for every order of the terms.
///
/// @param  x  [n] numbers of one of the four formats, any n, any alignment
/// @return    a number of the same format, in the unit of x
/// Error, special values: those of correctly_rounded
/// Cost:      O(n), no allocation
template <std::same_as<correctly_rounded> M, number_range R>
    requires correctly_roundable<detail::number_t<R>>
[[nodiscard]] auto sum(R const& x) noexcept {
    using T = detail::number_t<R>;
    return detail::sum<M, T>(std::ranges::data(x), static_cast<std::size_t>(std::ranges::size(x)));
}

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
    using T = detail::number_t<R>;
    return detail::sum<M, T>(std::ranges::data(x), static_cast<std::size_t>(std::ranges::size(x)));
}

/// The sum of x by the default method of its format.
template <number_range R>
[[nodiscard]] auto sum(R const& x) noexcept(correctly_roundable<detail::number_t<R>>) {
    return sum<default_method<detail::number_t<R>>>(x);
}

/// The sum of x by the accumulator A in the order O.
template <accumulator A, order O, number_range R>
    requires detail::holds<A, detail::number_t<R>>
[[nodiscard]] auto sum(R const& x) { return sum<method<A, O>>(x); }

/// The sum of x by the method M, which draws its random numbers from the seed: sum<stochastic>(x, seed).
///
/// @param  x     [n] numbers of one of the four formats, any n, any alignment
/// @param  seed  the place of each operation and the seed give its random numbers
/// @return       a T, in the unit of x
/// Error, special values: as sum. Order: a function of the values, n, M and the seed, under every flag
/// Cost:         O(n), one term at a time, no allocation
template <method_like M, number_range R>
    requires detail::holds_with_seed<M, detail::number_t<R>>
[[nodiscard]] auto sum(R const& x, std::uint64_t seed) {
    using T = detail::number_t<R>;
    auto const n = static_cast<std::size_t>(std::ranges::size(x));
    if (n == 0) return T(0);
    environment::guard const guard;
    detail::seeded_terms<T> const terms{detail::enter(std::ranges::data(x)), seed};
    return detail::leave(detail::rounded<T>(detail::reduced<M, T>(terms, n).value()));
}

/// The sum of x by the accumulator A, which draws from the seed, in the order O.
template <accumulator A, order O, number_range R>
    requires detail::holds_with_seed<A, detail::number_t<R>>
[[nodiscard]] auto sum(R const& x, std::uint64_t seed) { return sum<method<A, O>>(x, seed); }

/// The sum of x by the method M, straight to the format R with one rounding: correctly rounded there if M is
/// correctly_rounded, else rounded from the format in which M holds it.
///
/// @param  x  [n] numbers of one format, any n
/// @return    an R, in the unit of x
/// Special:   n = 0 -> +0; otherwise as sum<M>
template <class R, class M, number_range X>
    requires detail::sums_to<M, detail::number_t<X>, R>
[[nodiscard]] R sum_to(X const& x) {
    return detail::sum<M, R>(std::ranges::data(x), static_cast<std::size_t>(std::ranges::size(x)));
}

/// The sum of x by the default method of its format, straight to the format R.
template <class R, number_range X>
    requires detail::sums_to<default_method<detail::number_t<X>>, detail::number_t<X>, R>
[[nodiscard]] R sum_to(X const& x) { return sum_to<R, default_method<detail::number_t<X>>>(x); }

}  // namespace LASTBIT_ABI
}  // namespace lastbit
