// SPDX-License-Identifier: BSL-1.0
#include <lastbit/base/bfloat16.hpp>

#include "base/half_formats.hpp"

#include <type_traits>

using lastbit::bfloat16;
using lastbit::to_bits;

static_assert(sizeof(bfloat16) == 2 && std::is_trivially_copyable_v<bfloat16>);
static_assert(std::is_convertible_v<bfloat16, float> && !std::is_convertible_v<float, bfloat16>,
              "only widening is implicit");
static_assert(to_bits(bfloat16(1.5)) == 0x3FC0 && static_cast<float>(bfloat16(-1.5F)) == -1.5F,
              "usable in constant expressions");
static_assert(to_bits(bfloat16(3.3895313892515355e38)) == 0x7F7F);

TEST_CASE("bfloat16: all patterns widen exactly and come back; a signalling NaN comes back quiet", "[base][bfloat16]") {
    lastbit_tests::check_widening_and_back<bfloat16>();
}

TEST_CASE("bfloat16: narrowing is right on both sides of every boundary, from float and from double",
          "[base][bfloat16]") {
    lastbit_tests::check_narrowing_at_every_boundary<bfloat16>();
}

TEST_CASE("bfloat16: narrowing of infinities, the largest and smallest numbers, zeros and NaN", "[base][bfloat16]") {
    lastbit_tests::check_narrowing_of_extremes<bfloat16>();
}

TEST_CASE("bfloat16: comparison is that of the values", "[base][bfloat16]") {
    lastbit_tests::check_comparisons<bfloat16>();
}
