// SPDX-License-Identifier: BSL-1.0
#pragma once
// Matcher: the product of two matrices, or of batches of them.

#include <lastbit/testing/product_matcher.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {

/// CHECK_THAT(C, is_product_of(A, B)): C is A B, [m x n], for A [m x k] and B [k x n] of any strides, within the bound
/// of every order of summation in the accumulation format; or as else demanded (product_matcher). C: a matrix_view, or
/// a range of m n numbers, row after row. In a batch (batch_view) each matrix is multiplied with its partner, or one
/// with all of them. Block-scaled operands count with their scales.
template <operand_like A, operand_like B>
[[nodiscard]] product_matcher is_product_of(A const& a, B const& b) {
    quantify::product p;
    p.a = as_operand(a);
    p.b = as_operand(b);
    return product_matcher(std::move(p), "the product");
}

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
