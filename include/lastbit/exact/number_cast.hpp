// SPDX-License-Identifier: BSL-1.0
#pragma once
// Expansions from and to numbers of other libraries, Boost.Multiprecision's for one.

#include <lastbit/exact/expansion.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

template <class T>
inline constexpr bool is_expansion = false;
template <native_format T, std::size_t N>
inline constexpr bool is_expansion<expansion<T, N>> = true;

/// A number of another library that converts to and from T and can be subtracted. Example: cpp_bin_float_100.
template <class Number, class T>
concept foreign_number = software_number<Number> && !is_expansion<Number> && requires(Number x, T word) {
    static_cast<T>(x);
    Number(word);
    x -= Number(word);
};

}  // namespace detail

/// x as an expansion: its conversion to To's words, that of what they leave, and so on.
///
/// Error:   u^N |x| where Number converts to T to nearest and subtracts a word without rounding, as binary numbers of
///          enough bits and rational ones do; not below T's smallest subnormal
/// Special: an infinity, NaN or zero of Number is what it converts to
template <class To, class Number>
    requires detail::is_expansion<To> && detail::foreign_number<Number, typename To::word_type>
[[nodiscard]] To number_cast(Number const& x) {
    using T = typename To::word_type;
    std::array<T, To::words> word{};
    Number left = x;
    for (std::size_t q = 0; q < To::words; ++q) {
        T const nearest = static_cast<T>(left);
        if (!is_finite(nearest) || is_zero(nearest)) {
            if (q == 0) return To(nearest);
            break;
        }
        word[q] = nearest;
        left -= Number(nearest);
    }
    return To::from_words(word);
}

/// x in another library's numbers: the sum of its words from the last one on, exact if Number holds it.
/// Special: infinities, NaN and -0 as Number takes them from T, which may throw.
template <class Number, native_format T, std::size_t N>
    requires detail::foreign_number<Number, T>
[[nodiscard]] Number number_cast(expansion<T, N> const& x) {
    std::size_t q = N - 1;
    while (q > 0 && is_zero(x[q])) --q;
    Number sum(x[q]);
    while (q-- > 0) sum += Number(x[q]);
    return sum;
}

}  // namespace LASTBIT_ABI
}  // namespace lastbit
