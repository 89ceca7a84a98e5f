// SPDX-License-Identifier: BSL-1.0
#pragma once
// The sum of any two numbers and its rounding error.

#include <lastbit/eft/value_and_error.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// [s, e] with s = fl(a + b) and s + e = a + b exactly, for a and b in any order of magnitude.
///
/// V is one of the four formats, or a batch of one. Six operations, no branch.
/// Exact:    whenever s is finite, subnormal numbers included, except that a + b with |a| the largest finite number may
///           overflow in between although s does not (then e is not finite). [BGM17] Theorem 3
/// Special:  s infinite or NaN -> e is NaN or infinite; e = +-0 when the sum is exact.
/// Requires: a sound environment (environment::is_sound).
/// Source:   [Knu98] section 4.2.2, Theorem B (TwoSum).
template <class V>
[[nodiscard, gnu::always_inline]] constexpr inline value_and_error<V> two_sum(V const& a, V const& b) noexcept {
    V const s = add(a, b);
    V const b_seen = sub(s, a);
    V const a_seen = sub(s, b_seen);
    return {s, add(sub(a, a_seen), sub(b, b_seen))};
}

}  // namespace LASTBIT_ABI
}  // namespace lastbit
