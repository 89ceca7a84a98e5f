// SPDX-License-Identifier: BSL-1.0
#include <lastbit/oracle/dot.hpp>

#include "mpfr.hpp"
#include "numbers.hpp"
#include "trials.hpp"
#include "vectors.hpp"

#include <catch2/catch.hpp>

using namespace lastbit;
using lastbit_tests::any_vector;
using lastbit_tests::mpfr_number;
using lastbit_tests::same_bits;
using lastbit_tests::trials;
using oracle::real;

namespace {

template <class T>
constexpr T inf = infinity<T>();

template <class T, class U>
bool mpfr_agrees(std::vector<T> const& x, std::vector<U> const& y, real const& dot, bool absolutes) {
    mpfr_number total, product;
    for (std::size_t i = 0; i < x.size(); ++i) {
        mpfr_number factor(detail::convert<double>(x[i]));
        mpfr_mul_d(product.get(), factor.get(), detail::convert<double>(y[i]), MPFR_RNDN);
        if (absolutes) mpfr_abs(product.get(), product.get(), MPFR_RNDN);
        mpfr_add(total.get(), total.get(), product.get(), MPFR_RNDN);
    }
    return mpfr_number(dot).equals(total);
}

template <class T, class U>
void check_pair(std::uint64_t seed) {
    random_stream random(seed);
    for (std::size_t trial = 0; trial < trials(150); ++trial) {
        std::size_t const n = random.below(trial % 50 == 0 ? 3000 : 60);
        auto const x = any_vector<T>(random, n);
        auto const y = any_vector<U>(random, n);
        REQUIRE(mpfr_agrees(x, y, oracle::dot(x, y), false));
        REQUIRE(mpfr_agrees(x, y, oracle::dot_of_absolutes(x, y), true));
    }
}

}  // namespace

TEMPLATE_TEST_CASE("oracle::dot: equals MPFR on random numbers of any exponent and any two formats",
                   "[oracle][dot][mpfr]", float, double, bfloat16, float16) {
    check_pair<TestType, float>(1);
    check_pair<TestType, double>(2);
    check_pair<TestType, bfloat16>(3);
    check_pair<TestType, float16>(4);
}

namespace {

template <class T, class U>
void check_stored_pair(std::uint64_t seed) {
    random_stream random(seed);
    for (std::size_t trial = 0; trial < trials(30); ++trial) {
        std::size_t const n = random.below(60);
        auto const x = lastbit_tests::any_stored_vector<T>(random, n);
        auto const y = lastbit_tests::any_stored_vector<U>(random, n);
        mpfr_number total, absolutes, product;
        for (std::size_t i = 0; i < n; ++i) {
            mpfr_number factor(static_cast<double>(x[i]));
            mpfr_mul_d(product.get(), factor.get(), static_cast<double>(y[i]), MPFR_RNDN);
            mpfr_add(total.get(), total.get(), product.get(), MPFR_RNDN);
            mpfr_abs(product.get(), product.get(), MPFR_RNDN);
            mpfr_add(absolutes.get(), absolutes.get(), product.get(), MPFR_RNDN);
        }
        REQUIRE(mpfr_number(oracle::dot(x, y)).equals(total));
        REQUIRE(mpfr_number(oracle::dot_of_absolutes(x, y)).equals(absolutes));
    }
}

}  // namespace

TEMPLATE_TEST_CASE("oracle::dot: equals MPFR in the formats that kernels store, and any two of them",
                   "[oracle][dot][mpfr]", float8_e4m3, float8_e5m2, tf32, std::int8_t) {
    check_stored_pair<TestType, float8_e4m3>(5);
    check_stored_pair<TestType, float8_e5m2>(6);
    check_stored_pair<TestType, tf32>(7);
    check_stored_pair<TestType, std::int8_t>(8);
    check_stored_pair<TestType, float>(9);
    check_stored_pair<double, TestType>(10);
    check_stored_pair<bfloat16, TestType>(11);
}

TEST_CASE("oracle::dot: special values of the formats that kernels store", "[oracle][dot]") {
    using bytes = std::vector<std::int8_t>;
    using e4m3 = std::vector<float8_e4m3>;
    using e5m2 = std::vector<float8_e5m2>;
    auto const rounded = [](real const& x) { return x.round<float>(); };
    float8_e5m2 const infinite(infinity<float>());
    CHECK(oracle::dot(bytes{-128, -128}, bytes{-128, 127}) == real(128));
    CHECK(same_bits(rounded(oracle::dot(bytes{0, 0}, bytes{-1, -1})), 0.0F));  // whole numbers have one zero
    CHECK(same_bits(rounded(oracle::dot(bytes{0}, e4m3{float8_e4m3(-1)})), -0.0F));
    CHECK(same_bits(rounded(oracle::dot(e4m3{float8_e4m3(-0.0)}, e5m2{float8_e5m2(1)})), -0.0F));
    CHECK(oracle::dot(e4m3{float8_e4m3(1e9)}, bytes{1}).is_nan());
    CHECK(oracle::dot(e5m2{infinite}, bytes{0}).is_nan());
    CHECK(oracle::dot(bytes{0}, e5m2{infinite}).is_nan());
    CHECK(same_bits(rounded(oracle::dot(e5m2{infinite}, bytes{-1})), -infinity<float>()));
    CHECK(oracle::dot(e5m2{infinite, infinite}, bytes{-1, 1}).is_nan());
}

TEST_CASE("oracle::dot: the published hard cases", "[oracle][dot]") {
    auto const cases = lastbit_tests::hard_cases("dot");
    REQUIRE(cases.size() == 6);
    for (auto const& hard : cases) {
        INFO(hard.source);
        CHECK(same_bits(oracle::dot(hard.x, hard.y).round<double>(), hard.result));
    }
}

TEMPLATE_TEST_CASE("oracle::dot: special values", "[oracle][dot]", float, double, bfloat16, float16) {
    using T = TestType;
    using vector = std::vector<T>;
    T const one(1), zero(0), huge = largest<T>(), tiny = smallest_subnormal<T>(), nan = canonical_nan<T>();
    auto const dot = [](vector const& x, vector const& y) { return oracle::dot(x, y).template round<T>(); };
    CHECK(same_bits(dot({}, {}), zero));
    CHECK(same_bits(dot({negate(zero)}, {one}), negate(zero)));
    CHECK(same_bits(dot({negate(zero)}, {negate(one)}), zero));
    CHECK(same_bits(dot({negate(zero), zero}, {one, one}), zero));
    CHECK(same_bits(dot({negate(zero), zero}, {one, negate(one)}), negate(zero)));
    CHECK(same_bits(dot({one, one}, {one, negate(one)}), zero));
    CHECK(same_bits(dot({zero}, {inf<T>}), nan));
    CHECK(same_bits(dot({inf<T>, inf<T>}, {one, negate(one)}), nan));
    CHECK(same_bits(dot({inf<T>, one}, {negate(one), huge}), negate(inf<T>)));
    CHECK(same_bits(dot({nan}, {zero}), nan));
    CHECK(same_bits(dot({huge, huge}, {huge, negate(huge)}), zero));
    CHECK(same_bits(dot({huge, huge, one}, {huge, negate(huge), one}), one));
    CHECK(same_bits(dot({huge}, {negate(huge)}), negate(inf<T>)));
    CHECK(same_bits(dot({tiny}, {negate(tiny)}), negate(zero)));
    CHECK(oracle::dot(vector{tiny}, vector{tiny}) == real(tiny) * real(tiny));
    CHECK(oracle::dot_of_absolutes(vector{negate(zero)}, vector{one}).is_negative() == false);
}

TEST_CASE("oracle::dot: sizes that differ are a failed precondition", "[oracle][dot]") {
    CHECK_THROWS_WITH(oracle::dot(std::vector<float>(3), std::vector<float>(4)),
                      Catch::Contains("[3]") && Catch::Contains("[4]"));
}
