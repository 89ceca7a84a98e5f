// SPDX-License-Identifier: BSL-1.0
#pragma once
// Matcher: the same bits. For Catch2 include testing/catch2.hpp, for GoogleTest testing/googletest.hpp.

#include <lastbit/testing/number_matcher.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {

/// CHECK_THAT(x, bitwise_equal_to(expected)): x and expected, numbers of one format, have the same bits.
///
/// Special: +0 and -0 differ; a NaN equals only the NaN with its sign and payload.
template <binary_format T>
[[nodiscard]] number_matcher<T, same_bits> bitwise_equal_to(T expected) {
    return {expected, same_bits{}, "has the bits of"};
}

/// The same for contiguous ranges of one format and size: std::vector, std::array, std::span, C arrays, in any mixture.
/// The expected numbers are copied. A failure names the worst element (see `comparison`).
template <number_range R>
[[nodiscard]] range_matcher<detail::number_t<R>, same_bits> bitwise_equal_to(R const& expected) {
    return {detail::copied(expected), same_bits{}, "has the bits of"};
}

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
