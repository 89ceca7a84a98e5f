// SPDX-License-Identifier: BSL-1.0
#pragma once
// The sum of two numbers, the larger one first, and its rounding error.

#include <lastbit/base/choose.hpp>
#include <lastbit/eft/value_and_error.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// [s, e] with s = fl(a + b), and s + e = a + b exactly if |a| >= |b| or a = 0. Three operations.
///
/// Exact:    more generally if a's exponent is at least b's; with a smaller a it may not be: the numbers (1, 2^53 + 2)
///           in double give e = -2, where the error is -1. Nothing overflows unless s does. [BGM17] Theorem 1
/// Special:  s infinite or NaN -> e is NaN or infinite.
/// Requires: a sound environment (environment::is_sound).
/// Source:   [Dek71] section 4 (Fast2Sum).
template <class V>
[[nodiscard, gnu::always_inline]] constexpr inline value_and_error<V> fast_two_sum(V const& a, V const& b) noexcept {
    V const s = add(a, b);
    return {s, add(sub(a, s), b)};
}

/// [s, e] as two_sum gives them, by fast_two_sum of the larger and the smaller operand (Neumaier's choice).
///
/// Differs from two_sum in no value, except where two_sum overflows in between; e may be a zero of the other sign.
/// Source: [Neu74] algorithm IV.
template <class V>
[[nodiscard, gnu::always_inline]] constexpr inline value_and_error<V> sorted_two_sum(V const& a, V const& b) noexcept {
    return fast_two_sum<V>(select_if_larger(a, b, a, b), select_if_larger(a, b, b, a));
}

}  // namespace LASTBIT_ABI
}  // namespace lastbit
