// SPDX-License-Identifier: BSL-1.0
#include <lastbit/oracle/number.hpp>

#include <lastbit/exact/expansion.hpp>

#include <catch2/catch.hpp>

#include <limits>

using namespace lastbit;
using oracle::exact_value;
using oracle::real;

namespace {

using number = boost::multiprecision::cpp_bin_float_100;

}  // namespace

TEST_CASE("exact_value: an expansion is the sum of its words", "[oracle][number]") {
    CHECK(exact_value(quad_double(1.0) + quad_double(0x1p-70) - quad_double(0x1p-150)) ==
          real(1.0) + real(0x1p-70) - real(0x1p-150));
    CHECK(exact_value(double_double(0x1p-1074)) == real(0x1p-1074));
    CHECK(exact_value(double_double(-0.0)).is_zero());
    CHECK(exact_value(double_double(-0.0)).is_negative());
    CHECK(exact_value(double_double(infinity<double>())).is_inf());
    CHECK(exact_value(double_double(canonical_nan<double>())).is_nan());
}

TEST_CASE("exact_value: a number of Boost", "[oracle][number]") {
    using limits = std::numeric_limits<number>;
    CHECK(exact_value(number(0.375)) == real(0.375));
    CHECK(exact_value(-ldexp(number(3), -5000)) == real(-3).scaled(-5000));
    number const third = number(1) / 3;
    CHECK((real(3) * exact_value(third) - real(1)).abs() <= real(1).scaled(-limits::digits));
    CHECK(exact_value(third).round<double>() == 1.0 / 3.0);
    CHECK(exact_value(limits::max()).significand() == (oracle::integer(1) << limits::digits) - 1);
    CHECK(exact_value(number(-0.0)).is_zero());
    CHECK(exact_value(limits::infinity()).is_inf());
    CHECK((exact_value(-limits::infinity()).is_inf() && exact_value(-limits::infinity()).is_negative()));
    CHECK(exact_value(limits::quiet_NaN()).is_nan());
}
