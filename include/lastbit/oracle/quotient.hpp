// SPDX-License-Identifier: BSL-1.0
#pragma once
// Quotients and square roots of exact numbers. Most are no integer times a power of two: they are rounded, once.

#include <lastbit/oracle/real.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace oracle {

/// a / b in the format T, rounded once.
///
/// Special: NaN in: NaN; 0/0 and inf/inf: NaN; x/0 is an infinity with the sign of the operands' signs' product; x/inf
/// is a zero.
template <binary_format T>
[[nodiscard]] T quotient(real const& a, real const& b, direction d = direction::nearest) {
    bool const negative = a.is_negative() != b.is_negative();
    if (a.is_nan() || b.is_nan() || (a.is_zero() && b.is_zero()) || (a.is_inf() && b.is_inf()))
        return real::nan().round<T>();
    if (a.is_inf() || b.is_zero()) return real::infinity(negative).round<T>();
    if (a.is_zero() || b.is_inf()) return real::zero(negative).round<T>();
    // At least p + 2 bits of the quotient, and one that says whether more follow: then one rounding is the rounding.
    std::int64_t shift =
        format<T>::precision + 3 + detail::bit_length(b.significand()) - detail::bit_length(a.significand());
    if (shift < 0) shift = 0;
    integer const numerator = detail::shifted_left(a.significand(), shift);
    integer digits = numerator / b.significand();
    bool const inexact = digits * b.significand() != numerator;
    digits = digits * 2 + (inexact ? 1 : 0);
    if (negative) digits = -digits;
    return real(std::move(digits), a.exponent() - b.exponent() - shift - 1).round<T>(d);
}

/// sqrt(a / b) in the format T, rounded once.
///
/// Special: as a / b; NaN where a / b is negative and not zero.
template <binary_format T>
[[nodiscard]] T square_root_of_quotient(real const& a, real const& b, direction d = direction::nearest) {
    if (!a.is_finite() || !b.is_finite() || a.is_zero() || b.is_zero()) {
        T const q = quotient<T>(a, b);
        return is_negative(q) && !is_zero(q) ? canonical_nan<T>() : q;
    }
    if (a.is_negative() != b.is_negative()) return canonical_nan<T>();
    // q = floor(a / b * 2^-even) with twice the bits of the result, then its integer root; a last bit says "and more".
    std::int64_t shift =
        2 * (format<T>::precision + 3) + detail::bit_length(b.significand()) - detail::bit_length(a.significand());
    if (shift < 0) shift = 0;
    if ((a.exponent() - b.exponent() - shift) % 2 != 0) ++shift;
    integer const numerator = detail::shifted_left(a.significand(), shift);
    integer const q = numerator / b.significand();
    integer root = boost::multiprecision::sqrt(q);
    bool const inexact = root * root != q || q * b.significand() != numerator;
    root = root * 2 + (inexact ? 1 : 0);
    return real(std::move(root), (a.exponent() - b.exponent() - shift) / 2 - 1).round<T>(d);
}

}  // namespace oracle
}  // namespace LASTBIT_ABI
}  // namespace lastbit
