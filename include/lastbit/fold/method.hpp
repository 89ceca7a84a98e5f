// SPDX-License-Identifier: BSL-1.0
#pragma once
// A method is an accumulator and an order. This file names methods and runs one over given terms.

#include <lastbit/fold/accumulators.hpp>
#include <lastbit/fold/orders.hpp>

#include <span>
#include <string>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// A type that says how partial sums are held. Examples: kahan, compensated<3>. Counter-examples: sequential, double.
template <class A>
concept accumulator = requires {
    typename A::template state<double>;
    { A::name } -> std::convertible_to<char const*>;
};

/// A type that says in which order terms meet. Examples: sequential, lanes<>, pairwise<64>. Counter-example: kahan.
template <class O>
concept order = requires {
    { O::name } -> std::convertible_to<char const*>;
    { O::shape(std::size_t{}, 0) } -> std::same_as<reduction_shape>;
};

/// An accumulator with an order; an accumulator alone means lanes<>.
template <accumulator A, order O = lanes<>>
struct method {
    using accumulator_type = A;
    using order_type = O;

    /// "kahan/lanes", as reports name it.
    [[nodiscard]] static std::string name() { return std::string(A::name) + "/" + O::name; }
};

/// A number that kernels take. Examples: float, bfloat16, a Boost.Multiprecision number. Counter-example: int.
template <class T>
concept summable = binary_format<T> || software_number<T>;

namespace detail {

template <class M>
struct method_of {};
template <accumulator A>
struct method_of<A> {
    using type = method<A>;
};
template <class A, class O>
struct method_of<method<A, O>> {
    using type = method<A, O>;
};

}  // namespace detail

/// A method, or an accumulator that stands for one. Examples: kahan, method<plain, sequential>.
template <class M>
concept method_like = requires {
    typename detail::method_of<M>::type;
};

namespace detail {

template <class M>
using accumulator_of = typename method_of<M>::type::accumulator_type;
template <class M>
using order_of = typename method_of<M>::type::order_type;

/// The format in which the method M holds sums of numbers of the format T.
template <class M, class T>
using held_t = typename accumulator_of<M>::template held<T>;

/// M draws random numbers: its kernels take a seed. Example: stochastic.
template <class M>
concept seeded = requires {
    accumulator_of<M>::needs_seed;
};

/// M can sum numbers of the format T, given a seed.
template <class M, class T>
concept holds_with_seed = seeded<M> && summable<T> && requires {
    typename held_t<M, T>;
};

/// M can sum numbers of the format T: widened<float> cannot sum doubles, nothing sums ints, stochastic needs a seed.
template <class M, class T>
concept holds = summable<T> && !seeded<M> && requires {
    typename held_t<M, T>;
};

/// M can sum products of numbers of the format T: compensated<K> cannot split those of software numbers.
template <class M, class T>
concept holds_products = holds<M, T> &&(binary_format<T> || !requires { accumulator_of<M>::needs_two_product; });

/// A sum held in U can be rounded to R. Counter-example: a Boost number and float16.
template <class U, class R>
concept rounds_to = (binary_format<U> && binary_format<R>) || requires(U const u) {
    static_cast<R>(u);
};

template <class M>
inline constexpr bool uses_lanes = false;
template <class A, std::size_t L>
inline constexpr bool uses_lanes<method<A, lanes<L>>> = true;

/// The state after terms 0 ... n - 1 by the method M, whose inputs have the format T.
template <class M, class T, class Terms>
[[nodiscard, gnu::always_inline]] constexpr inline auto reduced(Terms const& terms, std::size_t n) {
    using A = accumulator_of<M>;
    using O = order_of<M>;
    using U = held_t<M, T>;
    if constexpr (uses_lanes<typename method_of<M>::type>)
        return O::template run_lanes<A::template state, U, default_lanes<T>>(terms, n);
    else return O::template run<typename A::template state<U>>(terms, 0, n);
}

/// x in the format R: exact if R is wider, else rounded once; any NaN becomes the canonical one.
template <class R, class U>
[[nodiscard, gnu::always_inline]] constexpr inline R rounded(U const& x) {
    if constexpr (binary_format<R> && binary_format<U>) {
        if constexpr (std::same_as<R, U>) return canonical(x);
        else if constexpr (native_format<R> && native_format<U>) return canonical(opaque(static_cast<R>(x)));
        else return canonical(convert<R>(x));
    } else if constexpr (binary_format<R> && requires { U::words; }) {
        return canonical(x.template round<R>());
    } else {
        return static_cast<R>(x);
    }
}

}  // namespace detail

/// |result - exact| <= error_bound<M, T>(n, size) for a sum (or a dot product, if size.products) of n numbers of the
/// format T by the method M, the result in T, if nothing overflows. +inf where the theorem's hypothesis fails.
template <method_like M, binary_format T>
[[nodiscard, gnu::always_inline]] constexpr inline double error_bound(std::size_t n, summand_size size) noexcept {
    using U = detail::held_t<M, T>;
    reduction_shape const shape = detail::order_of<M>::shape(n, static_cast<int>(default_lanes<T>));
    double const held = detail::accumulator_of<M>::template bound<U>(shape, size);
    if constexpr (std::same_as<U, T>) return held;
    else
        return (held + unit_roundoff<T> * (size.absolute_of_sum + held) +
                detail::underflow_unit<T>)*detail::bound_margin;
}

}  // namespace LASTBIT_ABI
}  // namespace lastbit
