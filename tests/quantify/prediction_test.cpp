// SPDX-License-Identifier: BSL-1.0
#include <lastbit/quantify/prediction.hpp>

#include <catch2/catch.hpp>

#include <vector>

using namespace lastbit;
using oracle::real;
using quantify::predicted_class;

TEMPLATE_TEST_CASE("predicted_class: the lowest index of the largest logit; NaN never wins", "[quantify][prediction]",
                   float, double, bfloat16, float16) {
    using T = TestType;
    using vector = std::vector<T>;
    T const nan = canonical_nan<T>(), inf = infinity<T>(), tiny = smallest_subnormal<T>();
    T const zero(0), one(1), two(2);
    CHECK(predicted_class(vector{one, two, two}) == 1);
    CHECK(predicted_class(vector{negate(two), negate(one)}) == 1);
    CHECK(predicted_class(vector{negate(zero), zero}) == 0);
    CHECK(predicted_class(vector{zero, tiny}) == 1);
    CHECK(predicted_class(vector{negate(tiny), negate(zero)}) == 1);
    CHECK(predicted_class(vector{nan, negate(inf)}) == 1);
    CHECK(predicted_class(vector{one, nan, two, nan}) == 2);
    CHECK(predicted_class(vector{nan, nan}) == 0);
    CHECK(predicted_class(vector{one, inf, inf}) == 1);
    CHECK_THROWS_AS(predicted_class(vector{}), std::invalid_argument);
}

TEST_CASE("predicted_class: the same of exact logits", "[quantify][prediction]") {
    std::vector<real> z{real(1), real(1) + real(1).scaled(-3000), real::nan()};
    CHECK(predicted_class(z) == 1);
    z[0] = z[1];
    CHECK(predicted_class(z) == 0);
    CHECK(predicted_class(std::vector<real>{real::nan(), -real::infinity()}) == 1);
}
