// SPDX-License-Identifier: BSL-1.0
#pragma once
// Matcher: the sum of numbers.

#include <lastbit/testing/product_matcher.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {

/// CHECK_THAT(s, is_sum_of(x)): s is the sum of x, [n] numbers of any format that kernels use, within the bound of
/// every order of summation in the accumulation format; or as else demanded (product_matcher).
template <stored_range X>
[[nodiscard]] product_matcher is_sum_of(X const& x) {
    quantify::product p;
    p.a = quantify::operand(as_array(x));
    p.b = quantify::operand(p.a.format(), 1, p.a.cols(), 1, std::vector<double>(p.a.cols(), 1.0));
    p.is_sum = true;
    return product_matcher(std::move(p), "the sum");
}

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
