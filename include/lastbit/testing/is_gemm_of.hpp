// SPDX-License-Identifier: BSL-1.0
#pragma once
// Matcher: what the BLAS calls gemm, with an epilogue.

#include <lastbit/testing/is_product_of.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {

/// CHECK_THAT(C, is_gemm_of(A, B).alpha(a).beta(b, C0).bias(v).epilogue(activation::relu).output<bfloat16>()): C is
/// act(a A B + b C0 + v), C0 a copy of C before the call. Each part may be left out. Otherwise as is_product_of.
template <operand_like A, operand_like B>
[[nodiscard]] product_matcher is_gemm_of(A const& a, B const& b) {
    return is_product_of(a, b);
}

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
