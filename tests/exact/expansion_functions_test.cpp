// SPDX-License-Identifier: BSL-1.0
#include <lastbit/exact/expansion_functions.hpp>

#include "exact/hard_expansions.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit_tests;

TEMPLATE_TEST_CASE("expansion functions: floor, ceil, trunc, abs and ldexp are exact", "[exact][expansion]",
                   double_double, quad_double, (expansion<float, 3>), (expansion<double, 6>)) {
    using E = TestType;
    using T = typename E::word_type;
    hard_expansions<T, E::words> make(51);
    wide_number a, want;
    auto const same = [&](E const& got) { return relative_error(got, want) == 0; };
    for (std::size_t trial = 0; trial < trials(1000); ++trial) {
        E const x = make.any(30);
        a.set(x);
        mpfr_floor(want.get(), a.get());
        REQUIRE(same(floor(x)));
        mpfr_ceil(want.get(), a.get());
        REQUIRE(same(ceil(x)));
        mpfr_trunc(want.get(), a.get());
        REQUIRE(same(trunc(x)));
        mpfr_abs(want.get(), a.get(), MPFR_RNDN);
        REQUIRE(same(abs(x)));
        mpfr_mul_2si(want.get(), a.get(), 7, MPFR_RNDN);
        REQUIRE(same(ldexp(x, 7)));
        REQUIRE(nonoverlapping(floor(x).to_array()));
    }
    T const tiny = static_cast<T>(0x1p-60);
    CHECK(floor(E(5) - E(tiny)) == E(4));
    CHECK(floor(E(5) + E(tiny)) == E(5));
    CHECK(ceil(-E(5) + E(tiny)) == E(-4));
    CHECK(floor(-E(tiny)) == E(-1));
    T const minus_zero = negate(T{0});
    CHECK(is_negative(floor(E(minus_zero))[0]));
    CHECK(is_negative(ldexp(E(minus_zero), 3)[0]));
    CHECK_FALSE(is_negative(ceil(E(T{0}))[0]));
    CHECK(is_negative(ceil(E(static_cast<T>(-0.25)))[0]));
    CHECK(isinf(floor(E(infinity<T>()))));
    CHECK(isnan(floor(E(canonical_nan<T>()))));
}

TEMPLATE_TEST_CASE("expansion functions: roots", "[exact][expansion]", double_double, triple_double,
                   (expansion<float, 2>), (expansion<double, 8>)) {
    using E = TestType;
    using T = typename E::word_type;
    CHECK(sqrt(E(4)) == E(2));
    CHECK(sqrt(E(0)) == E(0));
    CHECK(is_negative(sqrt(-E(0))[0]));
    CHECK(isnan(sqrt(E(-1))));
    CHECK(isinf(sqrt(E(infinity<T>()))));
    CHECK(isnan(sqrt(E(canonical_nan<T>()))));
    wide_number want;
    for (int exponent = format<T>::min_exponent / 2; exponent < format<T>::max_exponent; exponent += 3) {
        E const x(mul(static_cast<T>(1.7), static_cast<T>(detail::power_of_two(exponent))));
        want.set(x);
        mpfr_sqrt(want.get(), want.get(), MPFR_RNDN);
        INFO("exponent " << exponent);
        REQUIRE(relative_error(sqrt(x), want) <= 72 * std::pow(unit_roundoff<T>, static_cast<double>(E::words)));
    }
    want.set(E(largest<T>()));
    mpfr_sqrt(want.get(), want.get(), MPFR_RNDN);
    CHECK(relative_error(sqrt(E(largest<T>())), want) <=
          72 * std::pow(unit_roundoff<T>, static_cast<double>(E::words)));
    for (int n = 1; n < 200; ++n) REQUIRE(sqrt(E(n) * E(n)) == E(n));
}

TEMPLATE_TEST_CASE("expansion functions: fma is the nearest of the exact value", "[exact][expansion]", double_double,
                   quad_double, (expansion<float, 2>), (expansion<double, 5>)) {
    using E = TestType;
    using T = typename E::word_type;
    hard_expansions<T, E::words> make(52);
    wide_number a, b, c;
    double const bound = 2 * std::pow(unit_roundoff<T>, static_cast<double>(E::words));
    for (std::size_t trial = 0; trial < trials(500); ++trial) {
        E const x = make.any(3);
        E const y = make.any(3);
        E const z = trial % 2 == 0 ? make.nearly_opposite(x * y) : make.any(6);
        a.set(x);
        b.set(y);
        c.set(z);
        mpfr_mul(a.get(), a.get(), b.get(), MPFR_RNDN);
        mpfr_add(a.get(), a.get(), c.get(), MPFR_RNDN);
        REQUIRE(relative_error(fma(x, y, z), a) <= bound);
    }
    CHECK(is_negative(fma(E(1), -E(0), -E(0))[0]));
    CHECK(isnan(fma(E(0), E(infinity<T>()), E(1))));
}
