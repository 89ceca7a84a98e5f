// SPDX-License-Identifier: BSL-1.0
#include <lastbit/fold/dot.hpp>

#include "families.hpp"
#include "software.hpp"

#include <catch2/catch.hpp>

#include <span>

using namespace lastbit;
using namespace lastbit_tests;

template <class M, class X, class Y>
constexpr bool can_dot = requires(X const& x, Y const& y) {
    lastbit::dot<M>(x, y);
};
static_assert(can_dot<plain, std::vector<float>, std::span<float const>>);
static_assert(!can_dot<plain, std::vector<float>, std::vector<double>>, "one format");
static_assert(!can_dot<sequential, std::vector<float>, std::vector<float>> &&
              !can_dot<plain, std::vector<int>, std::vector<int>>);
static_assert(!can_dot<widened<float>, std::vector<double>, std::vector<double>>);

TEMPLATE_TEST_CASE("dot: of nothing it is +0", "[fold][dot]", float, double, bfloat16, float16) {
    std::vector<TestType> const none;
    CHECK(to_bits(dot<plain>(none, none)) == 0);
    CHECK(to_bits(dot<compensated<2>, sequential>(none, none)) == 0);
    CHECK(to_bits(dot<fused, pairwise<2>>(none, none)) == 0);
}

TEST_CASE("dot: other sizes are refused, and both shapes named", "[fold][dot]") {
    std::vector<float> const x(3);
    std::vector<float> const y(4);
    CHECK_THROWS_AS(dot<plain>(x, y), std::invalid_argument);
    CHECK_THROWS_WITH(dot<plain>(x, y), Catch::Contains("[3]") && Catch::Contains("[4]"));
}

TEMPLATE_TEST_CASE("dot: x y has the bits of y x", "[fold][dot]", float, double, bfloat16, float16) {
    for (family const kind : families)
        for (std::size_t n : {1U, 7U, 33U, 150U}) {
            auto const [x, y] = make_data<TestType>(kind, n, 9);
            CHECK(to_bits(dot<compensated<3>>(x, y)) == to_bits(dot<compensated<3>>(y, x)));
            CHECK(to_bits(dot<fused>(x, y)) == to_bits(dot<fused>(y, x)));
            CHECK(to_bits(dot<plain, sequential>(x, y)) == to_bits(dot<plain, sequential>(y, x)));
        }
}

TEMPLATE_TEST_CASE("dot: operands may be one array, at any alignment", "[fold][dot]", float, double, bfloat16,
                   float16) {
    using T = TestType;
    auto const x = make_data<T>(family::ordinary, 200, 10).x;
    for (std::size_t shift = 0; shift < 9; ++shift) {
        std::span<T const> const a(x.data() + shift, 150);
        std::span<T const> const b(x.data() + 2 * shift, 150);
        std::vector<T> const own_a(a.begin(), a.end());
        std::vector<T> const own_b(b.begin(), b.end());
        CHECK(to_bits(dot<neumaier>(a, b)) == to_bits(dot<neumaier>(own_a, own_b)));
        CHECK(to_bits(dot<compensated<2>>(a, b)) == to_bits(dot<compensated<2>>(own_a, own_b)));
    }
}

TEMPLATE_TEST_CASE("dot: 0 inf is the canonical NaN", "[fold][dot]", float, double, bfloat16, float16) {
    using T = TestType;
    std::vector<T> const x{T(1), T(0), T(2)};
    std::vector<T> const y{T(1), negate(infinity<T>()), T(2)};
    auto const want = to_bits(canonical_nan<T>());
    CHECK(to_bits(dot<plain>(x, y)) == want);
    CHECK(to_bits(dot<fused, sequential>(x, y)) == want);
    CHECK(to_bits(dot<compensated<2>>(x, y)) == want);
    CHECK(to_bits(dot<widened<double>>(x, y)) == want);
    CHECK(to_bits(dot<kahan, pairwise<1>>(x, y)) == want);
}

TEST_CASE("dot: rational numbers are exact by every accumulator", "[fold][dot]") {
    auto const x = fractions<rational>(40);
    auto const y = fractions<rational>(40, 7);
    rational const exact = exact_dot(x, y);
    CHECK(dot<plain>(x, y) == exact);
    CHECK(dot<fused, pairwise<4>>(x, y) == exact);
    CHECK(dot<kahan, sequential>(x, y) == exact);
    CHECK(dot<klein, lanes<8>>(x, y) == exact);
}
