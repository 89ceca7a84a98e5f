// SPDX-License-Identifier: BSL-1.0
#pragma once
// How many trials a randomised test makes: a number chosen for CI, times LASTBIT_TEST_SCALE (a CMake variable: 1 in CI,
// 0.1 under sanitizers, 100 in the full run).

#include <cstddef>

namespace lastbit_tests {

/// ci_count times the scale, at least 1. Without an argument, ci_count is the CMake variable LASTBIT_TRIALS.
[[nodiscard]] constexpr std::size_t trials(std::size_t ci_count = LASTBIT_TRIALS) {
    double const scaled = static_cast<double>(ci_count) * static_cast<double>(LASTBIT_TEST_SCALE);
    return scaled < 1 ? 1 : static_cast<std::size_t>(scaled);
}

}  // namespace lastbit_tests
