// SPDX-License-Identifier: BSL-1.0
#pragma once
// What portable_bits.cpp computes: one number for the bits of every error-free transformation.

#include <cstdint>

namespace lastbit_tests {

/// A hash of the bits of a transformation: 0 two_sum, 1 fast_two_sum, 2 sorted_two_sum, 3 two_product, 4 fma, 5 split;
/// of scalars (`batches` false) or of registers, lane after lane.
[[nodiscard]] std::uint64_t eft_hash(int transformation, bool batches);

}  // namespace lastbit_tests
