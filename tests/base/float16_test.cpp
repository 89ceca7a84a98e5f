// SPDX-License-Identifier: BSL-1.0
#include <lastbit/base/float16.hpp>

#include "base/half_formats.hpp"

#include <type_traits>

using lastbit::float16;
using lastbit::to_bits;

static_assert(sizeof(float16) == 2 && std::is_trivially_copyable_v<float16>);
static_assert(std::is_convertible_v<float16, float> && !std::is_convertible_v<float, float16>,
              "only widening is implicit");
static_assert(to_bits(float16(1.5)) == 0x3E00 && static_cast<float>(float16(-1.5F)) == -1.5F,
              "usable in constant expressions");
static_assert(to_bits(float16(65504.0)) == 0x7BFF);

TEST_CASE("float16: all patterns widen exactly and come back; a signalling NaN comes back quiet", "[base][float16]") {
    lastbit_tests::check_widening_and_back<float16>();
}

TEST_CASE("float16: narrowing is right on both sides of every boundary, from float and from double",
          "[base][float16]") {
    lastbit_tests::check_narrowing_at_every_boundary<float16>();
}

TEST_CASE("float16: narrowing of infinities, the largest and smallest numbers, zeros and NaN", "[base][float16]") {
    lastbit_tests::check_narrowing_of_extremes<float16>();
}

TEST_CASE("float16: comparison is that of the values", "[base][float16]") {
    lastbit_tests::check_comparisons<float16>();
}
