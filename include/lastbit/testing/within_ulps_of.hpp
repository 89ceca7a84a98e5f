// SPDX-License-Identifier: BSL-1.0
#pragma once
// Matcher: at most so many steps of the format away. For Catch2 include testing/catch2.hpp, for GoogleTest
// testing/googletest.hpp.

#include <lastbit/testing/number_matcher.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {

/// CHECK_THAT(x, within_ulps_of(expected, n)): x is at most n steps from expected, each to the format's next number.
///
/// Special: +0 and -0 are one number; from the largest finite number it is one step to the infinity; NaN matches NaN,
/// whatever the bits, and nothing else.
template <binary_format T>
[[nodiscard]] number_matcher<T, within_steps> within_ulps_of(T expected, std::uint64_t ulps) {
    return {expected, within_steps{ulps}, "is within " + std::to_string(ulps) + (ulps == 1 ? " ulp of" : " ulps of")};
}

/// The same, element by element, for contiguous ranges of one format and size. The expected numbers are copied.
template <number_range R>
[[nodiscard]] range_matcher<detail::number_t<R>, within_steps> within_ulps_of(R const& expected, std::uint64_t ulps) {
    return {detail::copied(expected), within_steps{ulps},
            "is within " + std::to_string(ulps) + (ulps == 1 ? " ulp of" : " ulps of")};
}

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
