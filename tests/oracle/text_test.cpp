// SPDX-License-Identifier: BSL-1.0
#include <lastbit/oracle/text.hpp>

#include "mpfr.hpp"
#include "numbers.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

#include <cstdio>
#include <cstdlib>

using namespace lastbit;
using oracle::decimal;
using oracle::hexadecimal;
using oracle::real;

TEST_CASE("hexadecimal: chosen values, and random doubles read back as themselves", "[oracle][text]") {
    CHECK(hexadecimal(real(1)) == "0x1p+0");
    CHECK(hexadecimal(real(-12)) == "-0x1.8p+3");
    CHECK(hexadecimal(real(0x1.23456789abcdep-1000)) == "0x1.23456789abcdep-1000");
    CHECK(hexadecimal(real::zero(true)) == "-0");
    CHECK(hexadecimal(real()) == "0");
    CHECK(hexadecimal(real::infinity(true)) == "-inf");
    CHECK(hexadecimal(real::nan()) == "nan");
    random_stream random(1);
    for (std::size_t trial = 0; trial < lastbit_tests::trials(3000); ++trial) {
        auto const x = lastbit_tests::any_finite<double>(random);
        REQUIRE(lastbit_tests::same_bits(std::strtod(hexadecimal(real(x)).c_str(), nullptr), x));
    }
}

TEST_CASE("decimal: equals the C library's correctly rounded output on random doubles", "[oracle][text]") {
    random_stream random(2);
    for (std::size_t trial = 0; trial < lastbit_tests::trials(3000); ++trial) {
        auto const x = lastbit_tests::any_finite<double>(random);
        int const digits = 1 + static_cast<int>(random.below(20));
        char expected[64];
        std::snprintf(expected, sizeof expected, "%.*e", digits - 1, x);
        REQUIRE(decimal(real(x), digits) == expected);
    }
}

TEST_CASE("decimal: powers of ten, carries and ties", "[oracle][text]") {
    CHECK(decimal(real(1000), 4) == "1.000e+03");
    CHECK(decimal(real(9.9999), 3) == "1.00e+01");
    CHECK(decimal(real(2.5), 1) == "2e+00");
    CHECK(decimal(real(3.5), 1) == "4e+00");
    CHECK(decimal(real(0.1)) == "1.0000000000000001e-01");
    CHECK(decimal(real(-1).scaled(-4000), 3) == "-7.59e-1205");
    CHECK(decimal(real(1).scaled(4000), 3) == "1.32e+1204");
    CHECK(decimal(real::zero(true)) == "-0");
}
