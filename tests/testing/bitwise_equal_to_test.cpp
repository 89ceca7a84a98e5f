// SPDX-License-Identifier: BSL-1.0
#include <lastbit/testing/bitwise_equal_to.hpp>

#include <lastbit/testing/catch2.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <vector>

using namespace lastbit;
using lastbit::testing::bitwise_equal_to;

TEMPLATE_TEST_CASE("bitwise_equal_to: a number equals itself, and not its neighbours", "[testing]", float, double,
                   bfloat16, float16) {
    using T = TestType;
    for (double const value : {0.0, -0.0, 1.5, -3.0, 0.1}) {
        T const x = T(value);
        T const next = from_bits<T>(static_cast<typename format<T>::bits_type>(to_bits(x) + 1));
        CHECK_THAT(x, bitwise_equal_to(x));
        CHECK_THAT(x, !bitwise_equal_to(next));
        CHECK_THAT(x, !bitwise_equal_to(negate(x)));
    }
    CHECK_THAT(canonical_nan<T>(), bitwise_equal_to(canonical_nan<T>()));
    CHECK_THAT(canonical_nan<T>(), !bitwise_equal_to(negate(canonical_nan<T>())));
    CHECK_THAT(infinity<T>(), bitwise_equal_to(infinity<T>()));
}

TEST_CASE("bitwise_equal_to: says both numbers, in both forms, and their distance", "[testing]") {
    auto const m = bitwise_equal_to(1.0F);
    CHECK_FALSE(m.match(0x1.000002p0F));
    CHECK(m.describe() == "has the bits of 1 (0x1p+0); got 1.0000001 (0x1.000002p+0), 1 ulp apart");
    auto const zero = bitwise_equal_to(0.0);
    CHECK_FALSE(zero.match(-0.0));
    CHECK(zero.describe() == "has the bits of 0 (0x0p+0); got -0 (-0x0p+0), 0 ulps apart");
    auto const half = bitwise_equal_to(bfloat16(1.0));
    CHECK_FALSE(half.match(bfloat16(0.5)));
    CHECK(half.describe() == "has the bits of 1 (0x1p+0); got 0.5 (0x1p-1), 128 ulps apart");
}

TEST_CASE("bitwise_equal_to: vectors, arrays, spans and C arrays in any mixture", "[testing]") {
    std::vector<double> const v{1.0, -0.0, 0.1};
    std::array<double, 3> const a{1.0, -0.0, 0.1};
    double const c[3] = {1.0, -0.0, 0.1};
    CHECK_THAT(v, bitwise_equal_to(a));
    CHECK_THAT(a, bitwise_equal_to(std::span(v)));
    CHECK_THAT(std::span<double const>(a), bitwise_equal_to(c));
    CHECK_THAT(c, bitwise_equal_to(v));
    CHECK_THAT(std::vector<float>{}, bitwise_equal_to(std::vector<float>{}));
    CHECK_THAT(v, !bitwise_equal_to(std::vector{1.0, 0.0, 0.1}));
}

TEST_CASE("bitwise_equal_to: a range's failure names the worst element", "[testing]") {
    auto const m = bitwise_equal_to(std::vector{1.0F, 0.1F, 5.0F});
    CHECK_FALSE(m.match(std::vector{1.0F, 0.1F, 5.5F}));
    CHECK(m.describe() ==
          "has the bits of the expected [3]; 1 of 3 differ; worst at [2]: got 5.5 (0x1.6p+2), expected 5 "
          "(0x1.4p+2), 1048576 ulps apart");
    CHECK_FALSE(m.match(std::vector{1.0F}));
    CHECK(m.describe() == "has the bits of the expected [3]; sizes differ: got [1], expected [3]");
}
