// SPDX-License-Identifier: BSL-1.0
#include <lastbit/exact/number_cast.hpp>

#include <lastbit/exact/decimal.hpp>
#include <lastbit/exact/expansion_functions.hpp>

#include "exact/hard_expansions.hpp"
#include "trials.hpp"

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <boost/multiprecision/cpp_dec_float.hpp>
#include <boost/multiprecision/cpp_int.hpp>
#include <catch2/catch.hpp>

#include <limits>

using namespace lastbit;
using namespace lastbit_tests;
namespace bmp = boost::multiprecision;
using wide = bmp::number<bmp::cpp_bin_float<1024, bmp::digit_base_2>>;

TEMPLATE_TEST_CASE("number_cast: to a number that holds it and back, nothing is lost", "[exact][number_cast]",
                   double_double, quad_double, (expansion<float, 3>), (expansion<double, 8>)) {
    using E = TestType;
    hard_expansions<typename E::word_type, E::words> make(63);
    for (std::size_t trial = 0; trial < trials(300); ++trial) {
        E const x = make.any(3);
        REQUIRE(number_cast<E>(number_cast<bmp::cpp_rational>(x)) == x);
        wide const y = number_cast<wide>(x);
        wide exact = 0;
        for (auto const w : x.to_array()) exact += wide(w);
        REQUIRE(y == exact);
        REQUIRE(number_cast<E>(y) == x);
    }
}

TEST_CASE("number_cast: what an expansion cannot hold is rounded", "[exact][number_cast]") {
    wide const third = wide(1) / 3;
    wide const error = abs(number_cast<wide>(number_cast<quad_double>(third)) - third);
    CHECK(error > 0);
    CHECK(error <= ldexp(third, -212));
    quad_double const fifth = number_cast<quad_double>(bmp::cpp_rational(1, 5));
    CHECK(fifth == quad_double("0.2"));
    CHECK(abs(number_cast<quad_double>(bmp::cpp_dec_float_100("0.1")) - quad_double("0.1")) < quad_double(0x1p-210));
    CHECK(number_cast<double_double>(ldexp(wide(1), 5000))[0] == infinity<double>());
    CHECK(number_cast<double_double>(ldexp(wide(3), -1075)) == double_double(0x1p-1073));
}

TEST_CASE("number_cast: special values", "[exact][number_cast]") {
    using limits = std::numeric_limits<wide>;
    CHECK(is_inf(number_cast<double_double>(-limits::infinity())[0]));
    CHECK(is_nan(number_cast<double_double>(limits::quiet_NaN())[0]));
    CHECK(to_bits(number_cast<double_double>(wide(-0.0))[0]) == to_bits(-0.0));
    CHECK(isinf(number_cast<wide>(double_double(infinity<double>()))));
    CHECK(isnan(number_cast<wide>(double_double(canonical_nan<double>()))));
    CHECK(signbit(number_cast<wide>(double_double(-0.0))));
}
