// SPDX-License-Identifier: BSL-1.0
#pragma once
// The method correctly_rounded: the exact value of the whole expression, rounded once. The default of every kernel
// for the four formats.

#include <lastbit/exact.hpp>
#include <lastbit/fold/method.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// The exact value, rounded once to the result's format, to nearest, ties to even.
///
/// It has no order, because the exact value has none: no machine, number of threads, batch size or order of terms gives
/// another bit. A value of a dense layer is the exact sum of w_i x_i and b, rounded once, and then act of it; a network
/// is correctly rounded layer by layer, which is the same bits everywhere, not the exact network (oracle::forward).
/// Error:   |result - exact| <= u |exact|, or half the smallest subnormal of the result's format where that is larger.
/// Special: a NaN, infinities of both signs or 0 inf give NaN; else an infinity wins; an exact value of at least
///          Omega + ulp(Omega)/2 in magnitude gives an infinity, whatever the partial sums; an exact zero is +0 unless
///          every term is -0; the empty sum is +0; a value that underflows keeps its sign.
/// Source:  docs/mathematics.md, "Correct rounding".
struct correctly_rounded {
    [[nodiscard]] static std::string name() { return "correctly_rounded"; }
};

/// A number whose sums have a nearest number of its format: one of the four formats. Counter-examples: a
/// Boost.Multiprecision number, where "nearest" has no meaning; int.
template <class T>
concept correctly_roundable = binary_format<T>;

namespace detail {

template <class T>
struct default_method_of {};
template <correctly_roundable T>
struct default_method_of<T> {
    using type = correctly_rounded;
};
template <software_number T>
struct default_method_of<T> {
    using type = multiprecision<T>;
};
template <native_format T, std::size_t N>
struct default_method_of<expansion<T, N>> {
    using type = multiword<N>;
};

}  // namespace detail

/// The method that a kernel uses when none is named: correctly_rounded for the four formats; for expansions of N words
/// multiword<N>, and for numbers of another library their own arithmetic, multiprecision<T>, both in the order
/// lanes<>. What is nearest to an exact value among such numbers has no meaning, or costs too much.
template <summable T>
using default_method = typename detail::default_method_of<T>::type;

/// |result - exact| <= error_bound<correctly_rounded, T>(n, size), the result in T, if nothing overflows.
template <std::same_as<correctly_rounded> M, binary_format T>
[[nodiscard, gnu::always_inline]] constexpr inline double error_bound(std::size_t, summand_size size) noexcept {
    return (unit_roundoff<T> * size.absolute_of_sum + detail::underflow_unit<T>)*detail::bound_margin;
}

}  // namespace LASTBIT_ABI
}  // namespace lastbit
