// SPDX-License-Identifier: BSL-1.0
#include <lastbit/fold/accumulators/widened.hpp>

#include "../check_bits.hpp"
#include "../check_bound.hpp"

using namespace lastbit_tests;
using lastbit::bfloat16;
using lastbit::float16;
using lastbit::widened;

TEMPLATE_TEST_CASE("widened<float>: every order has the bits of its transcription", "[fold][widened]", float, bfloat16,
                   float16) {
    check_bits<widened<float>, transcription::plain<float>, TestType, float>();
    check_default_order<widened<float>, TestType>();
}

TEMPLATE_TEST_CASE("widened<double>: every order has the bits of its transcription", "[fold][widened]", float, double,
                   bfloat16, float16) {
    check_bits<widened<double>, transcription::plain<double>, TestType, double>();
    check_default_order<widened<double>, TestType>();
}

TEMPLATE_TEST_CASE("widened: the error stays below the bound", "[fold][widened]", float, bfloat16, float16) {
    check_bounds<widened<float>, TestType>(0.05);
    check_bounds<widened<double>, TestType>(0.05);
}

TEST_CASE("widened: partial sums of floats do not overflow in double", "[fold][widened]") {
    float const big = lastbit::largest<float>();
    CHECK(lastbit::sum<widened<double>>(std::vector{big, big, -big, -big}) == 0.0F);
    CHECK(lastbit::sum<widened<double>, lastbit::sequential>(std::vector{big, big, -big}) == big);
}

template <class A, class T>
constexpr bool can_sum = requires(std::vector<T> const& x) {
    lastbit::sum<A>(x);
};
static_assert(can_sum<widened<double>, double> && can_sum<widened<float>, float16>);
static_assert(!can_sum<widened<float>, double>, "a double does not fit in a float");
