// SPDX-License-Identifier: BSL-1.0
#include <lastbit/quantify/upward.hpp>

#include "oracle/numbers.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

#include <cfenv>

using namespace lastbit;
using oracle::real;
using quantify::detail::upper;

namespace {

/// Sums and products of random bounds are at least the exact ones, and by at most two steps (2^-52) more.
void check_operations(std::uint64_t seed) {
    random_stream random(seed);
    real const slack = real(1) + real(1).scaled(-51);
    for (std::size_t trial = 0; trial < lastbit_tests::trials(3000); ++trial) {
        double const a = absolute(lastbit_tests::of_exponent<double>(random, -400, 400));
        double const b = absolute(lastbit_tests::of_exponent<double>(random, -400, 400));
        real const sum((upper::of(a) + upper::of(b)).value()), product((upper::of(a) * upper::of(b)).value());
        REQUIRE(sum >= real(a) + real(b));
        REQUIRE(sum <= (real(a) + real(b)) * slack);
        REQUIRE(product >= real(a) * real(b));
        REQUIRE(product <= real(a) * real(b) * slack);
    }
}

}  // namespace

TEST_CASE("upper: sums and products are never below the exact ones", "[quantify][upward]") { check_operations(1); }

TEST_CASE("upper: nor in another rounding direction", "[quantify][upward]") {
    for (int const direction : {FE_DOWNWARD, FE_UPWARD, FE_TOWARDZERO}) {
        std::fesetround(direction);
        check_operations(2);
        std::fesetround(FE_TONEAREST);
    }
}

TEST_CASE("upper: zero is exact, what is tiny is raised, what overflows is infinite", "[quantify][upward]") {
    upper const zero, one = upper::of(1), tiny = upper::of(0x1p-1074), huge = upper::of(largest<double>());
    CHECK((zero + one).value() == 1.0);
    CHECK((one + zero).value() == 1.0);
    CHECK((zero * huge).value() == 0.0);
    CHECK((zero + zero).value() == 0.0);
    CHECK(tiny.value() == 0x1p-1000);
    CHECK((tiny * tiny).value() == 0x1p-1000);
    CHECK_FALSE((huge + huge).is_finite());
    CHECK_FALSE((huge * huge).is_finite());
    CHECK_FALSE((huge * one).is_finite());  // one step above the largest number
    CHECK(upper::of_magnitude(real(-1) - real(1).scaled(-500)).value() == 1.0 + 0x1p-52);
    CHECK(upper::of_magnitude(from_bits<float>(0x80000001U)).value() == 0x1p-149);
    CHECK(upper::of_magnitude(smallest_subnormal<double>()).value() == 0x1p-1000);
}
