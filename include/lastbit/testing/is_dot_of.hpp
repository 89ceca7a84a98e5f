// SPDX-License-Identifier: BSL-1.0
#pragma once
// Matcher: the dot product of two vectors.

#include <lastbit/testing/product_matcher.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {

/// CHECK_THAT(s, is_dot_of(x, y)): s is the dot product of x and y, [n] numbers of any formats that kernels use, within
/// the bound of every order of summation in the accumulation format; or as else demanded (product_matcher).
/// Requires: equally long vectors.
template <stored_range X, stored_range Y>
[[nodiscard]] product_matcher is_dot_of(X const& x, Y const& y) {
    quantify::product p;
    p.a = quantify::operand(as_array(x));
    p.b = quantify::operand(as_column(y));
    return product_matcher(std::move(p), "the dot product");
}

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
