// SPDX-License-Identifier: BSL-1.0
#pragma once
// The exact sum of an array, rounded once.

#include <lastbit/exact/rounded_terms.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// The exact x_0 + ... + x_(n-1) rounded once to R, to nearest. Integer arithmetic only.
template <binary_format R, binary_format T>
[[nodiscard, gnu::always_inline]] inline R rounded_sum_by_integers(T const* x, std::size_t n) noexcept {
    superaccumulator<T> sum;
    for (std::size_t i = 0; i < n; ++i) sum.add(x[i]);
    return sum.template round<R>();
}

/// The exact x_0 + ... + x_(n-1) rounded once to R, to nearest. Requires: an environment::guard around it.
template <binary_format R, binary_format T>
[[nodiscard, gnu::always_inline]] inline R rounded_sum(T const* x, std::size_t n) noexcept {
    return round_terms<R>(number_doubles<T>{x}, n);
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
