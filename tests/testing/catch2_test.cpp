// SPDX-License-Identifier: BSL-1.0
#include <lastbit/testing/catch2.hpp>

#include <catch2/catch.hpp>

#include <sstream>

using namespace lastbit;
using namespace lastbit::testing;

namespace {

/// What follows "with expansion:".
template <class X, any_matcher M>
std::string failure_text(X const& x, M const& m) {
    Catch::MatchExpr<X, M> const expression(x, m);
    CHECK_FALSE(expression.getResult());
    std::ostringstream text;
    expression.streamReconstructedExpression(text);
    return text.str();
}

}  // namespace

#define LAW(name) TEST_CASE("both frameworks: " #name, "[testing][catch2]")
#include "both_frameworks.hpp"

TEST_CASE("catch2: a failure in full", "[testing][catch2]") {
    std::vector<float> const x(10, 1.0F);
    CHECK(failure_text(x, !bitwise_equal_to(x)) == "[10] float32 not has the bits of the expected [10]");
    CHECK(failure_text(1.0, bitwise_equal_to(2.0)) ==
          "1 (0x1p+0) has the bits of 2 (0x1p+1); got 1 (0x1p+0), 4503599627370496 ulps apart");
}

TEST_CASE("catch2: what we have no words for is printed by Catch2", "[testing][catch2]") {
    CHECK(failure_text(short{4}, !both_frameworks::half_of(8)) == "4 not is half of 8");
    CHECK(failure_text(both_frameworks::three_is_even{false}, holds()) == "3 leaves a remainder of 1 holds");
}

TEST_CASE("catch2: its own matchers print as they did", "[testing][catch2]") {
    CHECK_THAT("lastbit", Catch::StartsWith("last"));
    CHECK_THAT((std::vector{1, 2}), Catch::Equals(std::vector{1, 2}));
}
