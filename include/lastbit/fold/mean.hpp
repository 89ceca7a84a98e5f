// SPDX-License-Identifier: BSL-1.0
#pragma once
// The mean of an array and the weighted mean, correctly rounded.

#include <lastbit/base/contracts.hpp>
#include <lastbit/exact/rounded_quotient.hpp>
#include <lastbit/fold/norms.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

template <class R, class T>
[[nodiscard]] R mean(T const* x, std::size_t n) noexcept {
    environment::guard const guard;
    return leave(rounded_mean<R>(enter(x), n));
}
template <class R, class T>
[[nodiscard]] R weighted_mean(T const* w, T const* x, std::size_t n) noexcept {
    environment::guard const guard;
    return leave(rounded_weighted_mean<R>(enter(w), enter(x), n));
}

}  // namespace detail

/// The exact (x_0 + ... + x_(n-1)) / n, rounded once to R: the sum is neither rounded nor does it overflow.
///
/// @param  x  [n] numbers of one of the four formats, any alignment
/// @return    a number in the unit of x; in the format of x it lies between the least and the largest x_i
/// Error:     half an ulp of the result, as correctly_rounded
/// Special:   n = 0 gives NaN; a NaN, or infinities of both signs, give NaN; else an infinity wins; an exact zero is +0
///            unless every x_i is -0; a mean that underflows keeps its sign
/// Cost:      O(n), no allocation
template <binary_format R, detail::rounded_range X>
[[nodiscard]] R mean_to(X const& x) noexcept {
    return detail::mean<R>(std::ranges::data(x), detail::size_of(x));
}

/// The same in the format of x.
template <detail::rounded_range X>
[[nodiscard]] auto mean(X const& x) noexcept {
    return mean_to<detail::number_t<X>>(x);
}

/// The exact (w_0 x_0 + ... + w_(n-1) x_(n-1)) / (w_0 + ... + w_(n-1)), rounded once to R. Weights may be negative.
///
/// @param  w, x  [n] numbers of one of the four formats, the same for both, any alignment; they may overlap
/// @return       a number in the unit of x
/// Error:        half an ulp of the result, as correctly_rounded
/// Special:      a NaN gives NaN; weights that sum to exactly 0 (n = 0, too) give NaN; an infinite weight gives NaN, as
///               inf / inf does. Else infinite x_i give an infinity if all w_i x_i that are infinite have one sign:
///               that sign, changed if the weights sum to less than 0; NaN if not, or if the weight of one is 0. If
///               the sum of w_i x_i is exactly 0, the result is 0 with the sign of that sum by the rule for dot (-0 if
///               every w_i x_i is -0, else +0), changed likewise. A value that underflows keeps its sign; an exact
///               value of at least Omega + ulp(Omega)/2, possible with weights of both signs, gives an infinity.
/// Requires:     both have the same size, else LASTBIT_EXPECTS fails
/// Cost:         O(n), no allocation; w is read twice
template <binary_format R, detail::rounded_range W, detail::rounded_range X>
    requires std::same_as<detail::number_t<W>, detail::number_t<X>>
[[nodiscard]] R weighted_mean_to(W const& w, X const& x) {
    std::size_t const n = detail::size_of(w);
    std::size_t const m = detail::size_of(x);
    LASTBIT_EXPECTS(n == m, "weighted_mean: w has shape " + detail::shape_text(n) + " and x " + detail::shape_text(m) +
                                "; they must be equally long");
    return detail::weighted_mean<R>(std::ranges::data(w), std::ranges::data(x), n);
}

/// The same in the format of x.
template <detail::rounded_range W, detail::rounded_range X>
    requires std::same_as<detail::number_t<W>, detail::number_t<X>>
[[nodiscard]] auto weighted_mean(W const& w, X const& x) { return weighted_mean_to<detail::number_t<X>>(w, x); }

}  // namespace LASTBIT_ABI
}  // namespace lastbit
