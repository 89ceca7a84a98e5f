// SPDX-License-Identifier: BSL-1.0
#include <lastbit/oracle/quotient.hpp>

#include "mpfr.hpp"
#include "numbers.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

using namespace lastbit;
using lastbit_tests::any_finite;
using lastbit_tests::mpfr_number;
using lastbit_tests::same_bits;
using lastbit_tests::trials;
using oracle::direction;
using oracle::quotient;
using oracle::real;

namespace {

/// mpfr_div rounded straight to T: a quotient of doubles needs no more than 4,400 bits to tell it from a midpoint.
template <class T>
T mpfr_quotient(double a, double b, direction d) {
    mpfr_number result;
    mpfr_div(result.get(), mpfr_number(a).get(), mpfr_number(b).get(), MPFR_RNDZ);
    return lastbit_tests::round_by_mpfr<T>(result, d);
}

}  // namespace

TEMPLATE_TEST_CASE("quotient: agrees with MPFR on random doubles", "[oracle][quotient][mpfr]", float, double, bfloat16,
                   float16) {
    random_stream random(1);
    for (std::size_t trial = 0; trial < trials(3000); ++trial) {
        auto const a = any_finite<double>(random);
        // Every other quotient is of about 1.
        auto const b = trial % 2 == 0
                           ? any_finite<double>(random)
                           : from_bits<double>((to_bits(a) & ~std::uint64_t{0xFFFFFFFFF}) | random.below(1 << 30));
        if (is_zero(a) || is_zero(b)) continue;
        auto const ours = quotient<TestType>(real(a), real(b));
        REQUIRE(same_bits(ours, mpfr_quotient<TestType>(a, b, direction::nearest)));
    }
}

TEST_CASE("quotient: exact quotients, ties and their neighbours", "[oracle][quotient]") {
    real const tie = real(1) + real(1).scaled(-53);
    CHECK(same_bits(quotient<double>(tie * real(3), real(3)), 1.0));
    CHECK(same_bits(quotient<double>(tie * real(3) + real(1).scaled(-400), real(3)), 1.0 + 0x1p-52));
    CHECK(same_bits(quotient<double>(real(1), real(3), direction::upward), 0x1.5555555555556p-2));
    CHECK(same_bits(quotient<double>(real(1), real(3), direction::downward), 0x1.5555555555555p-2));
    CHECK(same_bits(quotient<float>(real(-6), real(3)), -2.0F));
    CHECK(same_bits(quotient<float>(real(1).scaled(5000), real(1).scaled(4990)), 1024.0F));
    CHECK(same_bits(quotient<float>(real(-1), real(1).scaled(500)), -0.0F));
}

TEST_CASE("quotient: special values", "[oracle][quotient]") {
    real const inf = real::infinity();
    CHECK(is_nan(quotient<double>(real(0), real(0))));
    CHECK(is_nan(quotient<double>(inf, inf)));
    CHECK(is_nan(quotient<double>(real::nan(), real(1))));
    CHECK(same_bits(quotient<double>(real(1), real::zero(true)), negate(infinity<double>())));
    CHECK(same_bits(quotient<double>(real(-1), inf), -0.0));
    CHECK(same_bits(quotient<double>(-inf, real(2)), negate(infinity<double>())));
}

TEST_CASE("square_root_of_quotient: agrees with MPFR, and squares come back", "[oracle][quotient][mpfr]") {
    random_stream random(2);
    for (std::size_t trial = 0; trial < trials(3000); ++trial) {
        auto const a = absolute(any_finite<double>(random));
        if (is_zero(a)) continue;
        mpfr_number root;
        mpfr_div_ui(root.get(), mpfr_number(a).get(), 7, MPFR_RNDZ);
        mpfr_sqrt(root.get(), root.get(), MPFR_RNDZ);
        REQUIRE(same_bits(oracle::square_root_of_quotient<double>(real(a), real(7)),
                          lastbit_tests::round_by_mpfr<double>(root, direction::nearest)));
        REQUIRE(same_bits(oracle::square_root_of_quotient<double>(real(a) * real(a) * real(5), real(5)), a));
    }
    CHECK(is_nan(oracle::square_root_of_quotient<double>(real(-1), real(4))));
    CHECK(same_bits(oracle::square_root_of_quotient<double>(real(0), real(4)), 0.0));
    CHECK(same_bits(oracle::square_root_of_quotient<double>(real::infinity(), real(4)), infinity<double>()));
}
