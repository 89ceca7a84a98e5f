// SPDX-License-Identifier: BSL-1.0
#include <lastbit/testing/googletest.hpp>

#include <gtest/gtest-spi.h>

using lastbit::testing::any_matcher;
using lastbit::testing::bitwise_equal_to;
using lastbit::testing::within_ulps_of;

namespace {

template <class X, any_matcher M>
std::string failure_text(X const& x, M const& m) {
    auto const result = ::testing::internal::MakePredicateFormatterFromMatcher(m)("x", x);
    EXPECT_FALSE(result);
    return result.message();
}

}  // namespace

#define LAW(name) TEST(both_frameworks, name)
#define CHECK(...) EXPECT_TRUE((__VA_ARGS__))
#define CHECK_FALSE(...) EXPECT_FALSE((__VA_ARGS__))
#define CHECK_THAT(...) EXPECT_THAT(__VA_ARGS__)
#define REQUIRE_THAT(...) ASSERT_THAT(__VA_ARGS__)
#include "both_frameworks.hpp"

TEST(googletest, a_failure_in_full) {
    std::vector<float> const x(10, 1.0F);
    EXPECT_EQ(failure_text(x, !bitwise_equal_to(x)),
              "Value of: x\nExpected: not has the bits of the expected [10]\n  Actual: [10] float32");
    EXPECT_EQ(failure_text(1.0, bitwise_equal_to(2.0)),
              "Value of: x\nExpected: has the bits of 2 (0x1p+1)\n"
              "  Actual: 1 (0x1p+0), got 1 (0x1p+0), 4503599627370496 ulps apart");
}

TEST(googletest, a_failure_fails_the_test) {
    EXPECT_NONFATAL_FAILURE(EXPECT_THAT(1.0, bitwise_equal_to(2.0)), "4503599627370496 ulps apart");
    EXPECT_FATAL_FAILURE(ASSERT_THAT(1.0, bitwise_equal_to(2.0)), "has the bits of 2 (0x1p+1)");
}

TEST(googletest, what_we_have_no_words_for_is_printed_by_googletest) {
    EXPECT_EQ(failure_text(short{4}, !both_frameworks::half_of(8)),
              "Value of: x\nExpected: not is half of 8\n  Actual: 4");
}

TEST(googletest, its_own_matchers_take_ours) {
    using ::testing::AllOf;
    using ::testing::Each;
    using ::testing::Gt;
    using ::testing::Not;
    EXPECT_THAT(1.0, Not(bitwise_equal_to(2.0)));
    EXPECT_THAT(1.0, AllOf(Gt(0.0), within_ulps_of(1.0, 2)));
    EXPECT_THAT((std::vector{1.0, 1.0}), Each(bitwise_equal_to(1.0)));
    EXPECT_NONFATAL_FAILURE(EXPECT_THAT(1.0, Not(bitwise_equal_to(1.0))), "Expected: not has the bits of 1 (0x1p+0)");
    EXPECT_NONFATAL_FAILURE(EXPECT_THAT((std::vector{1.0, 2.0}), Each(bitwise_equal_to(1.0))),
                            "got 2 (0x1p+1), 4503599627370496 ulps apart");
    ::testing::Matcher<double> const erased = bitwise_equal_to(2.0);
    EXPECT_TRUE(erased.Matches(2.0));
    EXPECT_FALSE(erased.Matches(1.0));
}
