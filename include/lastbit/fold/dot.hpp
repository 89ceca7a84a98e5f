// SPDX-License-Identifier: BSL-1.0
#pragma once
// The dot product of two arrays by a chosen method.

#include <lastbit/base/contracts.hpp>
#include <lastbit/fold/sum.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

template <class M, class T>
[[nodiscard]] T dot(T const* x, T const* y, std::size_t n) {
    if (n == 0) return T(0);
    environment::guard const guard;
    product_terms<held_t<M, T>, T> const terms{enter(x), enter(y)};
    return leave(rounded<T>(reduced<M, T>(terms, n).value()));
}

}  // namespace detail

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
    auto const n = static_cast<std::size_t>(std::ranges::size(x));
    auto const m = static_cast<std::size_t>(std::ranges::size(y));
    LASTBIT_EXPECTS(n == m, "dot: x has shape " + detail::shape_text(n) + " and y " + detail::shape_text(m) +
                                "; they must be equally long");
    return detail::dot<M>(std::ranges::data(x), std::ranges::data(y), n);
}

/// The dot product of x and y by the accumulator A in the order O.
template <accumulator A, order O, number_range X, number_range Y>
    requires std::same_as<detail::number_t<X>, detail::number_t<Y>> && detail::holds_products<A, detail::number_t<X>>
[[nodiscard]] auto dot(X const& x, Y const& y) { return dot<method<A, O>>(x, y); }

}  // namespace LASTBIT_ABI
}  // namespace lastbit
