// SPDX-License-Identifier: BSL-1.0
#pragma once
// The exact value of a number of several words, or of Boost's binary numbers.

#include <lastbit/oracle/real.hpp>

#include <boost/multiprecision/cpp_bin_float.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace oracle {

/// x itself.
template <binary_format T>
[[nodiscard]] real exact_value(T x) {
    return real(x);
}

/// The sum of the words of an expansion: a zero keeps its sign, an infinity and NaN are themselves. Error: none.
template <class E>
    requires binary_format<typename E::word_type> && (E::words > 0)
[[nodiscard]] real exact_value(E const& x) {
    real value(x[0]);
    for (std::size_t q = 1; q < E::words; ++q)
        if (!lastbit::is_zero(x[q])) value += real(x[q]);
    return value;
}

/// x itself, of a zero also the sign. Error: none.
template <unsigned Digits, boost::multiprecision::backends::digit_base_type Base, class Allocator, class Exponent,
          Exponent Min, Exponent Max, boost::multiprecision::expression_template_option Templates>
[[nodiscard]] real exact_value(
    boost::multiprecision::number<boost::multiprecision::cpp_bin_float<Digits, Base, Allocator, Exponent, Min, Max>,
                                  Templates> const& x) {
    using number = std::remove_cvref_t<decltype(x)>;
    bool const negative = signbit(x);
    if (isnan(x)) return real::nan();
    if (isinf(x)) return real::infinity(negative);
    if (x.is_zero()) return real::zero(negative);
    Exponent exponent = 0;
    number const fraction = frexp(x, &exponent);
    constexpr int digits = std::numeric_limits<number>::digits;
    return real(static_cast<integer>(ldexp(fraction, digits)), std::int64_t{exponent} - digits);
}

}  // namespace oracle
}  // namespace LASTBIT_ABI
}  // namespace lastbit
