// SPDX-License-Identifier: BSL-1.0
#include <lastbit/oracle/sum.hpp>

#include "mpfr.hpp"
#include "numbers.hpp"
#include "trials.hpp"
#include "vectors.hpp"

#include <catch2/catch.hpp>

#include <array>

using namespace lastbit;
using lastbit_tests::any_vector;
using lastbit_tests::mpfr_number;
using lastbit_tests::same_bits;
using lastbit_tests::trials;
using oracle::real;

namespace {

template <class T>
constexpr T inf = infinity<T>();

template <class T>
bool mpfr_agrees(std::vector<T> const& x, real const& sum, bool absolutes) {
    mpfr_number total;
    for (T const element : x)
        mpfr_add_d(total.get(), total.get(), detail::convert<double>(absolutes ? absolute(element) : element),
                   MPFR_RNDN);
    return mpfr_number(sum).equals(total);
}

}  // namespace

TEMPLATE_TEST_CASE("oracle::sum: equals MPFR on random numbers of any exponent", "[oracle][sum][mpfr]", float, double,
                   bfloat16, float16) {
    random_stream random(1);
    for (std::size_t trial = 0; trial < trials(400); ++trial) {
        auto const x = any_vector<TestType>(random, random.below(trial % 50 == 0 ? 3000 : 60));
        REQUIRE(mpfr_agrees(x, oracle::sum(x), false));
        REQUIRE(mpfr_agrees(x, oracle::sum_of_absolutes(x), true));
    }
}

TEST_CASE("oracle::sum: equals MPFR where almost everything cancels", "[oracle][sum][mpfr]") {
    random_stream random(2);
    for (std::size_t trial = 0; trial < trials(200); ++trial) {
        auto x = any_vector<double>(random, 40);
        for (std::size_t i = 0; i < 39; ++i) x.push_back(negate(x[i]));
        real const sum = oracle::sum(x);
        REQUIRE(sum == real(x[39]));
        REQUIRE(mpfr_agrees(x, sum, false));
    }
}

TEST_CASE("oracle::sum: the published hard cases", "[oracle][sum]") {
    auto const cases = lastbit_tests::hard_cases("sum");
    REQUIRE(cases.size() == 172);
    for (auto const& hard : cases) {
        INFO(hard.source);
        CHECK(same_bits(oracle::sum(hard.x).round<double>(), canonical(hard.result)));
    }
}

TEMPLATE_TEST_CASE("oracle::sum: special values", "[oracle][sum]", float, double, bfloat16, float16) {
    using T = TestType;
    T const one(1), zero(0), huge = largest<T>(), nan = canonical_nan<T>();
    auto const sum = [](std::vector<T> const& x) { return oracle::sum(x).template round<T>(); };
    CHECK(same_bits(sum({}), zero));
    CHECK(same_bits(sum({negate(zero)}), negate(zero)));
    CHECK(same_bits(sum({negate(zero), negate(zero)}), negate(zero)));
    CHECK(same_bits(sum({negate(zero), zero}), zero));
    CHECK(same_bits(sum({one, negate(one)}), zero));
    CHECK(same_bits(sum({negate(one), negate(zero), one}), zero));
    CHECK(same_bits(sum({one, nan}), nan));
    CHECK(same_bits(sum({inf<T>, nan}), nan));
    CHECK(same_bits(sum({inf<T>, negate(inf<T>)}), nan));
    CHECK(same_bits(sum({one, negate(inf<T>)}), negate(inf<T>)));
    CHECK(same_bits(sum({huge, huge, negate(huge)}), huge));
    CHECK(same_bits(sum({huge, huge}), inf<T>));
    CHECK(same_bits(sum({smallest_subnormal<T>(), huge, negate(huge)}), smallest_subnormal<T>()));
}

TEMPLATE_TEST_CASE("oracle::sum: equals MPFR in the formats that kernels store", "[oracle][sum][mpfr]", float8_e4m3,
                   float8_e5m2, tf32, std::int8_t) {
    random_stream random(4);
    for (std::size_t trial = 0; trial < trials(100); ++trial) {
        auto const x = lastbit_tests::any_stored_vector<TestType>(random, random.below(60));
        mpfr_number total, absolutes;
        for (TestType const element : x) {
            double const wide = static_cast<double>(element);
            mpfr_add_d(total.get(), total.get(), wide, MPFR_RNDN);
            mpfr_add_d(absolutes.get(), absolutes.get(), absolute(wide), MPFR_RNDN);
        }
        REQUIRE(mpfr_number(oracle::sum(x)).equals(total));
        REQUIRE(mpfr_number(oracle::sum_of_absolutes(x)).equals(absolutes));
    }
}

TEMPLATE_TEST_CASE("oracle::sum: special values of the formats that kernels store", "[oracle][sum]", float8_e4m3,
                   float8_e5m2, tf32) {
    using T = TestType;
    constexpr bool has_infinity = !std::is_same_v<T, float8_e4m3>;
    T const one(1), zero(0), minus_zero(-0.0F), plus(infinity<float>()), minus(-infinity<float>()),
        nan(canonical_nan<float>());
    auto const sum = [](std::vector<T> const& x) { return oracle::sum(x); };
    CHECK(same_bits(sum({}).template round<float>(), 0.0F));
    CHECK(same_bits(sum({minus_zero, minus_zero}).template round<float>(), -0.0F));
    CHECK(same_bits(sum({minus_zero, zero}).template round<float>(), 0.0F));
    CHECK(same_bits(sum({one, T(-1.0)}).template round<float>(), 0.0F));
    CHECK(sum({one, nan}).is_nan());
    CHECK(sum({plus, minus}).is_nan());
    CHECK(sum({one, plus}).is_nan() == !has_infinity);
    CHECK(sum({one, minus}).is_inf() == has_infinity);
    if (has_infinity) CHECK(sum({one, minus}).is_negative());
    CHECK(oracle::sum_of_absolutes(std::vector<T>{minus_zero, T(-2.0)}) == real(2));
}

TEST_CASE("oracle::sum: whole numbers", "[oracle][sum]") {
    std::vector<std::int8_t> const x{-128, -128, 127, 0};
    CHECK(oracle::sum(x) == real(-129));
    CHECK(oracle::sum_of_absolutes(x) == real(383));
    CHECK_FALSE(oracle::sum(std::vector<std::int8_t>{0, 0}).is_negative());
    STATIC_REQUIRE(oracle::storage_range<std::vector<std::int8_t>>);
    STATIC_REQUIRE_FALSE(oracle::storage_range<std::vector<int>>);
    STATIC_REQUIRE_FALSE(oracle::float_range<std::vector<float8_e4m3>>);
}

TEST_CASE("oracle::sum: takes spans, arrays and exact numbers, and any order gives the same", "[oracle][sum]") {
    float const c[] = {1, 2, 4};
    std::array<float, 3> const a{1, 2, 4};
    CHECK(oracle::sum(c) == real(7));
    CHECK(oracle::sum(a) == real(7));
    CHECK(oracle::sum(std::span<float const>(a)) == real(7));
    std::vector<real> const exact{real(1).scaled(-4000), real(1).scaled(4000), -real(1).scaled(4000)};
    CHECK(oracle::sum(exact) == real(1).scaled(-4000));
    CHECK(oracle::sum(std::vector<real>{real::zero(true)}).is_negative());
    CHECK_FALSE(oracle::sum(std::vector<real>{}).is_negative());
    STATIC_REQUIRE_FALSE(oracle::float_range<std::vector<int>>);
    STATIC_REQUIRE_FALSE(oracle::float_range<std::vector<bool>>);
    random_stream random(3);
    auto x = any_vector<double>(random, 1000);
    real const before = oracle::sum(x);
    std::reverse(x.begin(), x.end());
    CHECK(oracle::sum(x) == before);
}
