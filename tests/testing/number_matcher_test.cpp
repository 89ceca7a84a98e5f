// SPDX-License-Identifier: BSL-1.0
#include <lastbit/testing/number_matcher.hpp>

#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit::testing;

namespace {

range_matcher<float, same_bits> of_temporary() {
    std::vector<float> const expected{1.0F, 2.0F};
    return {expected, same_bits{}, "has the bits of"};
}

}  // namespace

static_assert(matcher_of<number_matcher<float, same_bits>, float>);
static_assert(!matcher_of<number_matcher<float, same_bits>, double>, "a double is not rounded to match a float");
static_assert(!matcher_of<number_matcher<double, same_bits>, float>);
static_assert(matcher_of<range_matcher<float, same_bits>, std::vector<float>>);
static_assert(!matcher_of<range_matcher<float, same_bits>, std::vector<double>>);

TEST_CASE("range_matcher: owns what it expects, and forgets an earlier failure", "[testing][number_matcher]") {
    auto const m = of_temporary();
    CHECK_FALSE(m.match(std::vector{1.0F, 3.0F}));
    CHECK(m.describe() ==
          "has the bits of the expected [2]; 1 of 2 differ; worst at [1]: got 3 (0x1.8p+1), expected 2 "
          "(0x1p+1), 4194304 ulps apart");
    CHECK(m.match(std::vector{1.0F, 2.0F}));
    CHECK(m.describe() == "has the bits of the expected [2]");
}

TEST_CASE("number_matcher: forgets an earlier failure", "[testing][number_matcher]") {
    number_matcher<double, within_steps> const m(1.0, within_steps{1}, "is within 1 ulp of");
    CHECK(m.describe() == "is within 1 ulp of 1 (0x1p+0)");
    CHECK_FALSE(m.match(2.0));
    CHECK(m.describe() == "is within 1 ulp of 1 (0x1p+0); got 2 (0x1p+1), 4503599627370496 ulps apart");
    CHECK(m.match(1.0));
    CHECK(m.describe() == "is within 1 ulp of 1 (0x1p+0)");
}
