// SPDX-License-Identifier: BSL-1.0
#pragma once
// The exact dot product of two arrays, rounded once.

#include <lastbit/exact/rounded_terms.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// The exact x_0 y_0 + ... + x_(n-1) y_(n-1) + *last rounded once to R, to nearest; no last term if last is null.
/// Integer arithmetic only.
template <binary_format R, binary_format T>
[[nodiscard, gnu::always_inline]] inline R rounded_dot_by_integers(T const* x, T const* y, std::size_t n,
                                                                   T const* last = nullptr) noexcept {
    superaccumulator<T> sum;
    for (std::size_t i = 0; i < n; ++i) sum.add_product(x[i], y[i]);
    if (last != nullptr) sum.add(*last);
    return sum.template round<R>();
}

/// The exact x_0 y_0 + ... + x_(n-1) y_(n-1) + *last rounded once to R, to nearest; no last term if last is null.
/// Requires: an environment::guard around it.
template <binary_format R, binary_format T>
[[nodiscard, gnu::always_inline]] inline R rounded_dot(T const* x, T const* y, std::size_t n,
                                                       T const* last = nullptr) noexcept {
    double const added = last == nullptr ? 0.0 : static_cast<double>(*last);
    return round_terms<R>(product_doubles<T>{x, y}, n, last == nullptr ? nullptr : &added);
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
