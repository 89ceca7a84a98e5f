// SPDX-License-Identifier: BSL-1.0
#pragma once
// The dot product of two arrays: correctly rounded, or by a chosen method.

#include <lastbit/base/contracts.hpp>
#include <lastbit/fold/sum.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

template <class M, class R, class T>
[[nodiscard]] R dot(T const* x, T const* y, std::size_t n) {
    if (n == 0) return R(0);
    environment::guard const guard;
    if constexpr (std::same_as<M, correctly_rounded>) {
        return leave(rounded_dot<R>(enter(x), enter(y), n));
    } else {
        product_terms<held_t<M, T>, T> const terms{enter(x), enter(y)};
        return leave(rounded<R>(reduced<M, T>(terms, n).value()));
    }
}

/// The common length of x and y.
template <class X, class Y>
[[nodiscard]] std::size_t common_size(char const* kernel, X const& x, Y const& y) {
    auto const n = static_cast<std::size_t>(std::ranges::size(x));
    auto const m = static_cast<std::size_t>(std::ranges::size(y));
    LASTBIT_EXPECTS(n == m, std::string(kernel) + ": x has shape " + shape_text(n) + " and y " + shape_text(m) +
                                "; they must be equally long");
    return n;
}

/// The method M can sum products of numbers of the format T and round the sum to R.
template <class M, class T, class R>
concept dots_to = (std::same_as<M, correctly_rounded> && correctly_roundable<T> && binary_format<R>) ||
                  (holds_products<M, T> && summable<R> && rounds_to<held_t<M, T>, R>);

}  // namespace detail

/// The exact x_0 y_0 + x_1 y_1 + ..., rounded once: the same bits on every machine and for every order of the terms.
///
/// @param  x, y  [n] numbers of one of the four formats, any n, any alignment; they may overlap
/// @return       a number of the same format, in the unit of x times that of y
/// Error, special values: those of correctly_rounded
/// Requires:     both have the same size, else LASTBIT_EXPECTS fails
/// Cost:         O(n), no allocation
template <std::same_as<correctly_rounded> M, number_range X, number_range Y>
    requires std::same_as<detail::number_t<X>, detail::number_t<Y>> && correctly_roundable<detail::number_t<X>>
[[nodiscard]] auto dot(X const& x, Y const& y) {
    using T = detail::number_t<X>;
    std::size_t const n = detail::common_size("dot", x, y);
    return detail::dot<M, T>(std::ranges::data(x), std::ranges::data(y), n);
}

/// x_0 y_0 + x_1 y_1 + ... by the method M.
///
/// @param  x, y  [n] numbers of one format T, any n, any alignment; they may overlap
/// @return       a T, in the unit of x times that of y
/// Error:        error_bound<M, T>(n, {sum |x_i y_i|, |sum x_i y_i|, true})
/// Special:      n = 0 -> +0; otherwise what the method's operations give, every NaN the canonical one
/// Order:        a function of the values, n and M; the same bits on every instruction set and under every flag
/// Requires:     both have the same size, else LASTBIT_EXPECTS fails
/// Cost:         O(n), no allocation
template <method_like M, number_range X, number_range Y>
    requires std::same_as<detail::number_t<X>, detail::number_t<Y>> && detail::holds_products<M, detail::number_t<X>>
[[nodiscard]] auto dot(X const& x, Y const& y) {
    using T = detail::number_t<X>;
    std::size_t const n = detail::common_size("dot", x, y);
    return detail::dot<M, T>(std::ranges::data(x), std::ranges::data(y), n);
}

/// The dot product of x and y by the default method of their format.
template <number_range X, number_range Y>
    requires std::same_as<detail::number_t<X>, detail::number_t<Y>>
[[nodiscard]] auto dot(X const& x, Y const& y) { return dot<default_method<detail::number_t<X>>>(x, y); }

/// The dot product of x and y by the accumulator A in the order O.
template <accumulator A, order O, number_range X, number_range Y>
    requires std::same_as<detail::number_t<X>, detail::number_t<Y>> && detail::holds_products<A, detail::number_t<X>>
[[nodiscard]] auto dot(X const& x, Y const& y) { return dot<method<A, O>>(x, y); }

/// x_0 y_0 + x_1 y_1 + ... by the method M, which draws its random numbers from the seed: dot<stochastic>(x, y, seed).
///
/// @param  x, y  [n] numbers of one of the four formats, any n, any alignment
/// @param  seed  as for sum
/// Error, special values, requirements: as dot. Order: a function of the values, n, M and the seed, under every flag
template <method_like M, number_range X, number_range Y>
    requires std::same_as<detail::number_t<X>, detail::number_t<Y>> && detail::holds_with_seed<M, detail::number_t<X>>
[[nodiscard]] auto dot(X const& x, Y const& y, std::uint64_t seed) {
    using T = detail::number_t<X>;
    std::size_t const n = detail::common_size("dot", x, y);
    if (n == 0) return T(0);
    environment::guard const guard;
    detail::seeded_product_terms<T> const terms{detail::enter(std::ranges::data(x)),
                                                detail::enter(std::ranges::data(y)), seed};
    return detail::leave(detail::rounded<T>(detail::reduced<M, T>(terms, n).value()));
}

/// The dot product of x and y by the accumulator A, which draws from the seed, in the order O.
template <accumulator A, order O, number_range X, number_range Y>
    requires std::same_as<detail::number_t<X>, detail::number_t<Y>> && detail::holds_with_seed<A, detail::number_t<X>>
[[nodiscard]] auto dot(X const& x, Y const& y, std::uint64_t seed) { return dot<method<A, O>>(x, y, seed); }

/// The dot product of x and y by the method M, straight to the format R with one rounding: correctly rounded there if M
/// is correctly_rounded, else rounded from the format in which M holds it.
///
/// @param  x, y  [n] numbers of one format
/// @return       an R, in the unit of x times that of y
/// Special:      n = 0 -> +0; otherwise as dot<M>. Requires: both have the same size.
template <class R, class M, number_range X, number_range Y>
    requires std::same_as<detail::number_t<X>, detail::number_t<Y>> && detail::dots_to<M, detail::number_t<X>, R>
[[nodiscard]] R dot_to(X const& x, Y const& y) {
    std::size_t const n = detail::common_size("dot_to", x, y);
    return detail::dot<M, R>(std::ranges::data(x), std::ranges::data(y), n);
}

/// The dot product of x and y by the default method of their format, straight to the format R.
template <class R, number_range X, number_range Y>
    requires std::same_as<detail::number_t<X>, detail::number_t<Y>> &&
        detail::dots_to<default_method<detail::number_t<X>>, detail::number_t<X>, R>
[[nodiscard]] R dot_to(X const& x, Y const& y) { return dot_to<R, default_method<detail::number_t<X>>>(x, y); }

}  // namespace LASTBIT_ABI
}  // namespace lastbit
