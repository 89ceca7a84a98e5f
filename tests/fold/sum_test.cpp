// SPDX-License-Identifier: BSL-1.0
#include <lastbit/fold/sum.hpp>

#include "families.hpp"
#include "software.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <list>
#include <span>

using namespace lastbit;
using namespace lastbit_tests;

template <class M, class R>
constexpr bool can_sum = requires(R const& x) {
    lastbit::sum<M>(x);
};
static_assert(can_sum<plain, std::vector<float>> && can_sum<kahan, std::span<double const>> &&
              can_sum<klein, bfloat16[3]>);
static_assert(can_sum<method<plain, sequential>, std::array<float16, 2>> && can_sum<kahan, std::vector<rational>>);
static_assert(!can_sum<sequential, std::vector<float>>, "an order is no method");
static_assert(!can_sum<plain, std::vector<int>> && !can_sum<plain, std::vector<long double>> &&
              !can_sum<plain, std::list<float>>);
static_assert(!can_sum<widened<float>, std::vector<double>>, "doubles do not fit in a float");
static_assert(!can_sum<widened<double>, std::vector<rational>>);

TEMPLATE_TEST_CASE("sum: of nothing it is +0, by every method", "[fold][sum]", float, double, bfloat16, float16) {
    std::vector<TestType> const none;
    CHECK(to_bits(sum<plain>(none)) == 0);
    CHECK(to_bits(sum<kahan, sequential>(none)) == 0);
    CHECK(to_bits(sum<compensated<3>, pairwise<2>>(none)) == 0);
    CHECK(to_bits(sum<widened<double>>(none)) == 0);
    CHECK(to_bits(sum<plain>(std::span<TestType const>())) == 0);
}

TEMPLATE_TEST_CASE("sum: every range of the same numbers has the same sum", "[fold][sum]", float, double, bfloat16,
                   float16) {
    using T = TestType;
    std::array<T, 3> const a{T(1.5F), T(2.25F), T(-0.5F)};
    T const raw[3] = {a[0], a[1], a[2]};
    std::vector<T> v(a.begin(), a.end());
    auto const want = to_bits(T(3.25F));
    CHECK(to_bits(sum<kahan>(a)) == want);
    CHECK(to_bits(sum<kahan>(raw)) == want);
    CHECK(to_bits(sum<kahan>(v)) == want);
    CHECK(to_bits(sum<kahan>(std::span<T const>(a))) == want);
    CHECK(to_bits(sum<kahan>(std::span<T>(v))) == want);
    STATIC_REQUIRE(std::is_same_v<decltype(sum<kahan>(std::span<T const>(a))), T>);
}

TEMPLATE_TEST_CASE("sum: alignment does not matter", "[fold][sum]", float, double, bfloat16, float16) {
    auto const x = make_data<TestType>(family::wide, 300, 4).x;
    for (std::size_t shift = 1; shift < 9; ++shift) {
        std::vector<TestType> moved(shift);
        moved.insert(moved.end(), x.begin(), x.end());
        std::span<TestType const> const tail(moved.data() + shift, x.size());
        CHECK(to_bits(sum<klein>(tail)) == to_bits(sum<klein>(x)));
        CHECK(to_bits(sum<plain>(tail)) == to_bits(sum<plain>(x)));
    }
}

TEST_CASE("sum: -0 terms only", "[fold][sum]") {
    for (std::size_t n : {1U, 2U, 33U}) {
        std::vector<double> const x(n, -0.0);
        CHECK(to_bits(sum<plain>(x)) == to_bits(-0.0));
        CHECK(to_bits(sum<fused, sequential>(x)) == to_bits(-0.0));
        CHECK(to_bits(sum<neumaier, sequential>(x)) == 0);
    }
}

TEMPLATE_TEST_CASE("sum: every NaN comes out as the canonical one", "[fold][sum]", float, double, bfloat16, float16) {
    using T = TestType;
    random_stream chance(8);
    for (std::size_t n : {1U, 5U, 40U, 100U}) {
        std::vector<T> x(n, T(1));
        x[n / 2] = random_nan<T>(chance);
        auto const want = to_bits(canonical_nan<T>());
        CHECK(to_bits(sum<plain>(x)) == want);
        CHECK(to_bits(sum<kahan, sequential>(x)) == want);
        CHECK(to_bits(sum<compensated<3>, pairwise<8>>(x)) == want);
        x[n / 2] = infinity<T>();
        x.push_back(negate(infinity<T>()));
        CHECK(to_bits(sum<plain>(x)) == want);
        CHECK(to_bits(sum<klein>(x)) == want);
        CHECK(to_bits(sum<neumaier, sequential>(x)) == want);
    }
}

TEST_CASE("sum: rational numbers are summed exactly by every accumulator and order", "[fold][sum]") {
    auto const x = fractions<rational>(50);
    rational const exact = exact_dot(x, std::vector<rational>(x.size(), 1));
    CHECK(sum<plain>(x) == exact);
    CHECK(sum<fused, sequential>(x) == exact);
    CHECK(sum<kahan, pairwise<4>>(x) == exact);
    CHECK(sum<neumaier, lanes<4>>(x) == exact);
    CHECK(sum<klein>(x) == exact);
    CHECK(sum<compensated<2>, sequential>(x) == exact);
    CHECK(sum<compensated<4>, pairwise<3>>(x) == exact);
}

TEST_CASE("sum: software numbers gain by compensation, too", "[fold][sum]") {
    auto const exact_terms = fractions<rational>(400);
    auto const x = fractions<decimal>(400);
    decimal const exact(sum<plain>(exact_terms));
    CHECK(abs(sum<plain, sequential>(x) - exact) < decimal("1e-47"));
    CHECK(abs(sum<compensated<2>>(x) - exact) < decimal("1e-48"));
    // {1, 10^60, 1, -10^60} needs 60 digits; a number has 50.
    std::vector<decimal> const hard{1, decimal("1e60"), 1, decimal("-1e60")};
    CHECK(sum<plain, sequential>(hard) == 0);
    CHECK(sum<neumaier, sequential>(hard) == 2);
    CHECK(sum<compensated<2>, sequential>(hard) == 2);
    CHECK(sum<klein, sequential>(hard) == 2);
}
