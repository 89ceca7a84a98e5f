// SPDX-License-Identifier: BSL-1.0
#include <lastbit/fold/method.hpp>

#include <catch2/catch.hpp>

#include <type_traits>

using namespace lastbit;

// Accumulators, orders and methods are told apart by their concepts.
static_assert(accumulator<kahan> && accumulator<compensated<3>> && accumulator<widened<float>>);
static_assert(!accumulator<sequential> && !accumulator<double> && !accumulator<method<kahan>>);
static_assert(order<sequential> && order<lanes<>> && order<pairwise<64>>);
static_assert(!order<kahan> && !order<int>);
static_assert(method_like<kahan> && method_like<method<plain, sequential>>);
static_assert(!method_like<sequential> && !method_like<float>);
static_assert(summable<float> && summable<bfloat16> && !summable<int> && !summable<long double>);

// An accumulator alone means lanes<>.
static_assert(std::is_same_v<method<kahan>, method<kahan, lanes<>>>);
static_assert(std::is_same_v<detail::order_of<kahan>, lanes<>>);

// widened<float> cannot hold a double.
static_assert(detail::holds<widened<float>, bfloat16> && !detail::holds<widened<float>, double>);
static_assert(std::is_empty_v<method<compensated<2>, pairwise<8>>>);

TEST_CASE("method: its name is accumulator/order", "[fold][method]") {
    CHECK(method<kahan>::name() == "kahan/lanes");
    CHECK(method<compensated<4>, sequential>::name() == "compensated<4>/sequential");
    CHECK(method<widened<double>, pairwise<8>>::name() == "widened<double>/pairwise");
    CHECK(method<widened<float>, pairwise<8>>::name() == "widened<float>/pairwise");
}

TEST_CASE("error_bound: usable in constants, larger for more terms, infinite where the theory ends", "[fold][method]") {
    constexpr double small = error_bound<plain, float>(10, {1.0, 1.0});
    STATIC_REQUIRE(small > 0.0);
    STATIC_REQUIRE(error_bound<plain, float>(1000, {1.0, 1.0}) > small);
    STATIC_REQUIRE(error_bound<method<plain, pairwise<1>>, float>(1000, {1.0, 1.0}) <
                   error_bound<method<plain, sequential>, float>(1000, {1.0, 1.0}));
    STATIC_REQUIRE(error_bound<plain, float>(10, {1.0, 1.0, true}) > small);
    CHECK(error_bound<method<plain, sequential>, bfloat16>(257, {1.0, 1.0}) == Approx(1.0).epsilon(1e-12));
    CHECK_FALSE(is_inf(error_bound<method<widened<float>, sequential>, bfloat16>(1 << 24, {1.0, 1.0})));
    CHECK(is_inf(error_bound<method<neumaier, sequential>, bfloat16>(256, {1.0, 1.0})));
    CHECK(is_inf(error_bound<method<compensated<2>, sequential>, float>(1 << 24, {1.0, 1.0})));
}

TEST_CASE("error_bound: a wider accumulator leaves one rounding of the result", "[fold][method]") {
    double const bound = error_bound<widened<double>, float>(1000, {1.0, 1.0});
    CHECK(bound > unit_roundoff<float>);
    CHECK(bound < 1.0001 * unit_roundoff<float>);
}

TEST_CASE("rounded: one rounding, and one NaN", "[fold][method]") {
    CHECK(to_bits(detail::rounded<float>(1.0 + 0x1p-24)) == to_bits(1.0F));
    CHECK(to_bits(detail::rounded<bfloat16>(1.0 + 0x1p-8 + 0x1p-40)) == to_bits(bfloat16(1.0 + 0x1p-7)));
    CHECK(to_bits(detail::rounded<double>(negate(canonical_nan<float>()))) == to_bits(canonical_nan<double>()));
    CHECK(to_bits(detail::rounded<float16>(from_bits<float>(0xFF800001U))) == to_bits(canonical_nan<float16>()));
}
