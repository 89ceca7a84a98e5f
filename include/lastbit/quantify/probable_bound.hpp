// SPDX-License-Identifier: BSL-1.0
#pragma once
// Bounds that hold with a stated probability if rounding errors are independent and of mean zero.
//
// That is a theorem for stochastic rounding. For rounding to nearest it is a model: good for data without structure,
// wrong for data that make errors of one sign, such as a long sum of equal terms. Where a bound has to hold, use
// error_bound.

#include <lastbit/base/contracts.hpp>
#include <lastbit/fold/method.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {
namespace detail {

/// At least ln y, and at most 0.8 % above it for y >= 2. Requires 1 <= y < +inf.
[[nodiscard]] constexpr double log_above(double y) noexcept {
    double doublings = 0;
    while (y >= 2.0) {
        y *= 0.5;
        doublings += 1.0;
    }
    // ln y <= (y - 1)(y + 5) / (4 y + 2) for y >= 1.
    double const rest = (y - 1.0) * (y + 5.0) / (4.0 * y + 2.0);
    return (doublings * 0.6931471805599454 + rest) * lastbit::detail::bound_margin;
}

/// At least the square root of y, by Newton's method from above. Requires y >= 0, finite.
[[nodiscard]] constexpr double root_above(double y) noexcept {
    if (!(y > 0.0)) return 0.0;
    double s = y < 1.0 ? 1.0 : y;
    for (double next = 0.5 * (s + y / s); next < s; next = 0.5 * (s + y / s)) s = next;
    return s * lastbit::detail::bound_margin;
}

/// At least exp(l sqrt(h) u + h u^2 / (1 - u)) - 1 with the l for which n products of h factors 1 + d, |d| <= u, all
/// lie within it of 1 with this probability; +inf where the exponent is 1 or more.
/// Source: docs/mathematics.md, "Bounds with a probability"; [HM19] theorem 2.4.
[[nodiscard]] constexpr double probable_gamma(double h, double n, double u, double probability) noexcept {
    if (!(probability < 1.0)) return infinity<double>();
    double const l = root_above(2.0 * log_above(2.0 * n / (1.0 - probability))) / (1.0 - u);
    double const a = (l * root_above(h) * u + h * u * u / (1.0 - u)) * lastbit::detail::bound_margin;
    if (!(a < 1.0)) return infinity<double>();
    return a / (1.0 - 0.5 * a) * lastbit::detail::bound_margin;  // e^a - 1 <= a / (1 - a / 2)
}

/// Accumulators whose result is each term times a product of factors 1 + d: one word, and no correction.
template <class A>
inline constexpr bool sums_plainly = std::same_as<A, plain> || std::same_as<A, fused> || std::same_as<A, stochastic>;
template <class W>
inline constexpr bool sums_plainly<widened<W>> = true;

}  // namespace detail

/// |result - exact| <= probable_error_bound<M, T>(n, size, probability) with at least this probability, for a sum (or a
/// dot product, if size.products) of n numbers of the format T by the method M, if rounding errors are independent and
/// of mean zero and nothing overflows. About sqrt(2 h ln(2 n / (1 - probability))) u S where error_bound is h u S.
///
/// For stochastic it is a theorem (with 2 u in the place of u, [CHM21]), whatever the data, and for its random choices.
///
/// @param  M            plain, fused, widened<W> or stochastic, in any order
/// @param  size         as for error_bound
/// @param  probability  in [0, 1); 1 gives error_bound
/// @return              never above error_bound<M, T>(n, size), which holds for certain; +inf where that is and the
///                      exponent reaches 1
/// Source:              [HM19]; docs/mathematics.md, "Bounds with a probability"
template <method_like M, binary_format T>
    requires(detail::sums_plainly<lastbit::detail::accumulator_of<M>>)
[[nodiscard]] constexpr double probable_error_bound(std::size_t n, summand_size size, double probability) {
    LASTBIT_EXPECTS(!lastbit::is_nan(probability) && probability >= 0.0 && probability <= 1.0,
                    "probable_error_bound: a probability lies between 0 and 1, not " + std::to_string(probability));
    using U = lastbit::detail::held_t<M, T>;
    double const certain = error_bound<M, T>(n, size);
    if (n == 0) return certain;
    reduction_shape const shape = lastbit::detail::order_of<M>::shape(n, static_cast<int>(default_lanes<T>));
    bool const rounds_products = size.products && !std::same_as<lastbit::detail::accumulator_of<M>, fused>;
    double const h = static_cast<double>(shape.height) + (rounds_products ? 1.0 : 0.0);
    double const terms = static_cast<double>(n);
    // A stochastic rounding errs by less than the distance of the neighbours, not by half of it.
    double const unit = std::same_as<lastbit::detail::accumulator_of<M>, stochastic> ? 2.0 : 1.0;
    double const g = detail::probable_gamma(h, terms, unit * unit_roundoff<U>, probability);
    if (!(g < infinity<double>())) return certain;
    // An underflowing product is off by half a smallest subnormal whatever the rest does, and is then amplified.
    double const certain_growth = lastbit::detail::gamma(h, unit * unit_roundoff<U>);
    if (size.products && !(certain_growth < infinity<double>())) return certain;
    double const underflow =
        size.products ? unit * terms * lastbit::detail::underflow_unit<U> * (1.0 + certain_growth) : 0.0;
    double bound = (g * size.sum_of_absolutes + underflow) * lastbit::detail::bound_margin;
    if constexpr (!std::same_as<U, T>)
        bound = (bound + unit_roundoff<T> * (size.absolute_of_sum + bound) +
                 lastbit::detail::underflow_unit<T>)*lastbit::detail::bound_margin;
    return bound < certain ? bound : certain;
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
