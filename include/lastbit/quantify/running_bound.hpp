// SPDX-License-Identifier: BSL-1.0
#pragma once
// Sums and dot products with a bound on their error that is computed beside them, from the rounding errors themselves.
//
// An a-priori bound knows n and the sizes of the terms; this one has seen what happened. Each operation's error is
// found by an error-free transformation and added up with its sign, and what that adding loses is bounded in turn. So
// the bound is hardly more than the error, at the cost of a two_sum and a few additions a term.

#include <lastbit/fold/dot.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// A computed number and how far it is from the exact one at most.
template <class T>
struct bounded {
    T value;
    double bound;  ///< |value - exact| <= bound; +inf where nothing is known
};

namespace detail {

template <class V>
[[nodiscard, gnu::always_inline]] constexpr inline V magnitude(V const& x) noexcept {
    if constexpr (requires { x.lanes; }) return {lastbit::absolute<float>(x.lanes)};
    else return lastbit::absolute(x);
}

/// What plain (or fused) computes, in word 0; the sum E of its rounding errors, as far as E can be computed, in word 1;
/// the sum of the magnitudes of all results of operations on errors, in word 2.
template <bool Fused>
struct running {
    static constexpr char const* name = Fused ? "running fused" : "running plain";
    template <binary_format T>
    using held = T;

    template <class V>
    struct state {
        std::array<V, 3> word = lastbit::detail::neutral_words<V, 3>();

        [[gnu::always_inline]] constexpr void add(V const& x) {
            auto const [sum, error] = two_sum<V>(word[0], x);
            word[0] = sum;
            take(error);
        }
        [[gnu::always_inline]] constexpr void add_product(V const& x, V const& y) {
            auto const [product, product_error] = two_product(x, y);
            auto const [sum, sum_error] = two_sum<V>(word[0], product);
            V error = lastbit::add(sum_error, product_error);
            V size = magnitude(error);
            if constexpr (Fused) {
                word[0] = lastbit::fma(x, y, word[0]);
                V const between = lastbit::sub(sum, word[0]);
                error = lastbit::add(between, error);
                size = lastbit::add(size, lastbit::add(magnitude(between), magnitude(error)));
            } else {
                word[0] = sum;
            }
            word[2] = lastbit::add(word[2], size);
            take(error);
        }
        [[gnu::always_inline]] constexpr void merge(state const& b) {
            word[2] = lastbit::add(word[2], b.word[2]);
            take(b.word[1]);
            add(b.word[0]);
        }
        [[nodiscard, gnu::always_inline]] constexpr inline V value() const { return word[0]; }

        /// At least |value() - exact| after operations of this shape.
        [[nodiscard, gnu::always_inline]] constexpr double bound(
            reduction_shape shape, bool products) const noexcept requires binary_format<V> {
            if (!lastbit::is_finite(word[0]) || !lastbit::is_finite(word[1]) || !lastbit::is_finite(word[2]))
                return infinity<double>();
            // A magnitude passes through four additions when it enters, and three at most for each later operation.
            // Opaque operations: the bound has the same bits in every build.
            constexpr double u = unit_roundoff<V>;
            constexpr double margin = lastbit::detail::bound_margin;
            double const additions = lastbit::mul(static_cast<double>(3 * shape.height + 3), u);
            if (!(additions < 1.0)) return infinity<double>();
            double const errors = lastbit::detail::convert<double>(lastbit::absolute(word[1]));
            double const computed = lastbit::detail::convert<double>(word[2]);
            double const sizes = lastbit::mul(lastbit::divide(computed, lastbit::sub(1.0, additions)), margin);
            double const lost = lastbit::mul(sizes, u);
            double const underflow =
                products ? lastbit::mul(static_cast<double>(shape.terms), lastbit::detail::underflow_unit<V>) : 0.0;
            return lastbit::mul(lastbit::add(lastbit::add(errors, lost), underflow), margin);
        }

    private:
        [[gnu::always_inline]] constexpr void take(V const& error) {
            word[1] = lastbit::add(word[1], error);
            word[2] = lastbit::add(word[2], magnitude(word[1]));
        }
    };
};

template <class M>
inline constexpr bool is_fused = std::same_as<lastbit::detail::accumulator_of<M>, fused>;

/// plain or fused, in any order.
template <class M>
concept bounded_beside = std::same_as<lastbit::detail::accumulator_of<M>, plain> || is_fused<M>;

template <class M, bool Products, class T, class Terms>
[[nodiscard]] bounded<T> reduced_with_bound(Terms const& terms, std::size_t n) {
    using O = lastbit::detail::order_of<M>;
    auto const state = lastbit::detail::reduced<method<running<is_fused<M>>, O>, T>(terms, n);
    double const bound = state.bound(O::shape(n, static_cast<int>(default_lanes<T>)), Products);
    return {lastbit::detail::leave(lastbit::detail::rounded<T>(state.value())), lastbit::detail::leave(bound)};
}

}  // namespace detail

/// sum<M>(x), and a bound on its error that is computed beside it.
///
/// @param  M  plain or fused, in any order
/// @param  x  [n] numbers of one of the four formats
/// @return    the bits of sum<M>(x), and |value - exact| <= bound
/// Error:     of the bound: |E| (1 + small) where E is the error; in random data near 1, see docs/mathematics.md
/// Special:   n = 0: +0 and 0. A NaN, an infinity or an overflow, also in between: +inf; and where the theorem fails,
///            in sequence from (3 n + 3) u = 1 on
/// Source:    docs/mathematics.md, "Bounds computed beside a result"; two_sum and two_product
/// Cost:      O(n), two_sum and three operations a term; no allocation
template <method_like M, number_range X>
    requires detail::bounded_beside<M> && binary_format<lastbit::detail::number_t<X>>
[[nodiscard]] auto sum_with_bound(X const& x) {
    using T = lastbit::detail::number_t<X>;
    auto const n = static_cast<std::size_t>(std::ranges::size(x));
    if (n == 0) return bounded<T>{T(0), 0.0};
    environment::guard const guard;
    lastbit::detail::number_terms<T, T> const terms{lastbit::detail::enter(std::ranges::data(x))};
    return detail::reduced_with_bound<M, false, T>(terms, n);
}

/// dot<M>(x, y), and a bound on its error that is computed beside it.
///
/// @param  x, y  [n] numbers of one of the four formats
/// @return       the bits of dot<M>(x, y), and |value - exact| <= bound
/// Error, special values, source: as sum_with_bound; the bound is at least n halves of the smallest subnormal (n of it
///               in double), since products may underflow
/// Requires:     both have the same size. Cost: two_product more a term
template <method_like M, number_range X, number_range Y>
    requires detail::bounded_beside<M> && std::same_as<lastbit::detail::number_t<X>, lastbit::detail::number_t<Y>> &&
        binary_format<lastbit::detail::number_t<X>>
[[nodiscard]] auto dot_with_bound(X const& x, Y const& y) {
    using T = lastbit::detail::number_t<X>;
    std::size_t const n = lastbit::detail::common_size("dot_with_bound", x, y);
    if (n == 0) return bounded<T>{T(0), 0.0};
    environment::guard const guard;
    lastbit::detail::product_terms<T, T> const terms{lastbit::detail::enter(std::ranges::data(x)),
                                                     lastbit::detail::enter(std::ranges::data(y))};
    return detail::reduced_with_bound<M, true, T>(terms, n);
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
