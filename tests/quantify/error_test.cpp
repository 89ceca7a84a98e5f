// SPDX-License-Identifier: BSL-1.0
#include <lastbit/quantify/error.hpp>

#include "oracle/numbers.hpp"
#include "trials.hpp"
#include <lastbit/base/ulp.hpp>

#include <catch2/catch.hpp>

using namespace lastbit;
using oracle::real;
using quantify::absolute_error;
using quantify::relative_error;
using quantify::ulp_error;

TEST_CASE("ulp_error: counts units of the exact value's binade, real-valued", "[quantify][error]") {
    CHECK(ulp_error(1.0F, real(1)) == 0.0);
    CHECK(ulp_error(1.0F, real(1) + real(1).scaled(-25)) == 0.25);
    CHECK(ulp_error(1.0F, real(1) + real(37).scaled(-30)) == 37.0 / 128);
    CHECK(ulp_error(2.0F, real(2) - real(1).scaled(-24)) == 0.5);  // the exact value lies in the lower binade
    CHECK(ulp_error(2.0F - 0x1p-23F, real(2)) == 0.5);             // the exact value lies in the upper one
    CHECK(ulp_error(-3.0, real(3)) == 6 * 0x1p51);
    CHECK(ulp_error(bfloat16(1.0), real(1) + real(1).scaled(-7)) == 1.0);
    CHECK(ulp_error(float16(1.0), real(1) + real(1).scaled(-10)) == 1.0);
}

TEMPLATE_TEST_CASE("ulp_error: the unit of zero and of subnormals is the smallest subnormal", "[quantify][error]",
                   float, double, bfloat16, float16) {
    using T = TestType;
    T const tiny = smallest_subnormal<T>();
    CHECK(ulp_error(tiny, real(0)) == 1.0);
    CHECK(ulp_error(negate(tiny), real(tiny)) == 2.0);
    CHECK(ulp_error(from_bits<T>(0), real(tiny).scaled(-100)) == 0x1p-100);
    CHECK(ulp_error(negate(from_bits<T>(0)), real(0)) == 0.0);
    CHECK(ulp_error(smallest_normal<T>(), real(smallest_normal<T>()) + real(tiny)) == 1.0);
    CHECK(ulp_error(largest<T>(), real(1).scaled(format<T>::max_exponent + 1)) == 1.0);
}

TEMPLATE_TEST_CASE("ulp_error: a correctly rounded number has at most half a unit, its neighbours at least that",
                   "[quantify][error]", float, double, bfloat16, float16) {
    using T = TestType;
    using bits_type = typename format<T>::bits_type;
    random_stream random(1);
    for (std::size_t trial = 0; trial < lastbit_tests::trials(3000); ++trial) {
        T const x = absolute(lastbit_tests::any_finite<T>(random));
        real const exact =
            real(x) + real(ulp(x)) * real(static_cast<int>(random.below(1001)) - 500) * real(1).scaled(-10);
        T const rounded = exact.template round<T>();
        if (is_zero(rounded) || is_inf(rounded) || to_bits(rounded) >= to_bits(largest<T>())) continue;
        REQUIRE(ulp_error(rounded, exact) <= 0.5);
        REQUIRE(ulp_error(from_bits<T>(static_cast<bits_type>(to_bits(rounded) + 1)), exact) >= 0.5);
        // Below a power of two the spacing is half the unit.
        REQUIRE(ulp_error(from_bits<T>(static_cast<bits_type>(to_bits(rounded) - 1)), exact) >= 0.25);
    }
}

TEMPLATE_TEST_CASE("errors: NaN and infinities agree only with themselves", "[quantify][error]", float, double,
                   bfloat16, float16) {
    using T = TestType;
    T const inf = infinity<T>(), nan = canonical_nan<T>(), one(1);
    real const above = real(1).scaled(format<T>::max_exponent + 1);
    auto const check = [](T computed, real const& exact, double expected) {
        CHECK(to_bits(absolute_error(computed, exact)) == to_bits(expected));
        CHECK(to_bits(relative_error(computed, exact)) == to_bits(expected));
        CHECK(to_bits(ulp_error(computed, exact)) == to_bits(expected));
    };
    double const infinite = infinity<double>();
    check(nan, real::nan(), 0.0);
    check(nan, real(1), infinite);
    check(one, real::nan(), infinite);
    check(nan, real::infinity(), infinite);
    check(inf, real::infinity(), 0.0);
    check(negate(inf), real::infinity(), infinite);
    CHECK(to_bits(absolute_error(inf, above)) == to_bits(infinite));  // finite, however large: no distance is
    CHECK(to_bits(relative_error(inf, above)) == to_bits(infinite));
    CHECK(to_bits(ulp_error(inf, above)) == to_bits(0.0));  // correctly rounded
    check(inf, -above, infinite);
    check(inf, real(largest<T>()), infinite);
    check(one, real::infinity(), infinite);
}

TEST_CASE("absolute and relative errors are rounded once", "[quantify][error]") {
    CHECK(absolute_error(0.1F, real(1) - real(0.9)) == (real(0.1F) - (real(1) - real(0.9))).abs().round<double>());
    CHECK(absolute_error(1.0, real(1) + real(1).scaled(-1000)) == 0x1p-1000);
    CHECK(absolute_error(1.0, real(1) + real(1).scaled(-2000)) == 0.0);
    CHECK(relative_error(1.0F, real(3)) == oracle::quotient<double>(real(2), real(3)));
    CHECK(relative_error(0.0F, real(0)) == 0.0);
    CHECK(to_bits(relative_error(1.0F, real(0))) == to_bits(infinity<double>()));
    CHECK(relative_error(-1.0F, real(1)) == 2.0);
}

TEST_CASE("errors of arrays: element by element, in the matrix's order", "[quantify][error]") {
    std::vector<float> const computed{1, 2, 3, 4};
    oracle::exact_matrix exact(2, 2);
    for (std::size_t i = 0; i < 4; ++i) exact.at(i / 2, i % 2) = real(static_cast<int>(i));
    matrix_view<float const> const view(computed.data(), 2, 2);
    CHECK(quantify::absolute_errors(view, exact) == std::vector<double>{1, 1, 1, 1});
    CHECK(quantify::absolute_errors(transposed(view), exact) == std::vector<double>{1, 2, 0, 1});
    CHECK(quantify::absolute_errors(computed, exact.values()) == std::vector<double>{1, 1, 1, 1});
    CHECK(quantify::ulp_errors(view, exact)[3] == 0x1p22);
    CHECK(quantify::ulp_errors(computed, exact.values())[1] == 0x1p23);
    CHECK_THROWS_WITH(quantify::ulp_errors(matrix_view<float const>(computed.data(), 1, 4), exact),
                      Catch::Contains("[1 x 4]") && Catch::Contains("[2 x 2]"));
    CHECK_THROWS_AS(quantify::absolute_errors(std::vector<float>(3), exact.values()), std::invalid_argument);
}
