// SPDX-License-Identifier: BSL-1.0
#pragma once
// Matcher: a matrix times a vector.

#include <lastbit/testing/product_matcher.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {

/// CHECK_THAT(y, is_matvec_of(A, x)): y is A x, [m], for A [m x k] (any strides, or a batch) and x [k], within the
/// bound of every order of summation in the accumulation format; or as else demanded (product_matcher).
template <operand_like A, stored_range X>
[[nodiscard]] product_matcher is_matvec_of(A const& a, X const& x) {
    quantify::product p;
    p.a = as_operand(a);
    p.b = quantify::operand(as_column(x));
    return product_matcher(std::move(p), "the product");
}

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
