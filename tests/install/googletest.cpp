// SPDX-License-Identifier: BSL-1.0
// A test of a user of GoogleTest: linked to lastbit::googletest.

#include <lastbit/testing/googletest.hpp>

TEST(consumer, has_matchers) { EXPECT_THAT(1.0F, lastbit::testing::bitwise_equal_to(1.0F)); }
