// SPDX-License-Identifier: BSL-1.0
#include <lastbit/quantify/order_spread.hpp>

#include <lastbit/fold/method.hpp>
#include "oracle/numbers.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace lastbit;
using namespace lastbit_tests;
using quantify::order_spread_of_dot;
using quantify::order_spread_of_sum;

namespace {

template <class T>
std::set<std::uint64_t> bits_of(std::vector<T> const& x) {
    std::set<std::uint64_t> bits;
    for (T const e : x) bits.insert(to_bits(e));
    return bits;
}

template <class T>
std::uint64_t hash(std::vector<T> const& x) {
    std::uint64_t h = 0xCBF29CE484222325U;
    for (T const e : x) h = (h ^ to_bits(e)) * 0x100000001B3U;
    return h;
}

}  // namespace

TEST_CASE("order_spread: of few terms every order is found, and no other result", "[quantify][order_spread]") {
    std::vector<double> const x{1.0, 0x1.8p-53, -0x1.1p-52};
    std::set<std::uint64_t> const sums{to_bits(add(add(x[0], x[1]), x[2])), to_bits(add(add(x[0], x[2]), x[1])),
                                       to_bits(add(add(x[1], x[2]), x[0]))};
    REQUIRE(sums.size() > 1);
    auto const s = order_spread_of_sum(x, 200, 1);
    CHECK(bits_of(s.results) == sums);
    CHECK(s.distinct == sums.size());
    CHECK(s.results.size() == 200);

    std::vector<double> const a{1 + 0x1p-30, 1 - 0x1p-31}, b{1 + 0x1p-29, -1 - 0x1p-33};
    std::set<std::uint64_t> const dots{to_bits(add(mul(a[0], b[0]), mul(a[1], b[1]))),
                                       to_bits(fma(a[1], b[1], mul(a[0], b[0]))),
                                       to_bits(fma(a[0], b[0], mul(a[1], b[1])))};
    REQUIRE(dots.size() == 3);
    CHECK(bits_of(order_spread_of_dot(a, b, 200, 1).results) == dots);
}

TEMPLATE_TEST_CASE("order_spread: integers have one result", "[quantify][order_spread]", float, double, bfloat16,
                   float16) {
    random_stream random(5);
    std::vector<TestType> x(40), y(40);
    for (auto* v : {&x, &y})
        for (TestType& e : *v) e = TestType(static_cast<float>(random.below(3)) - 1.0F);
    auto const s = order_spread_of_dot(x, y, 50, 7);
    CHECK(s.distinct == 1);
    CHECK(s.rms_error == 0);
    CHECK(to_bits(s.smallest) == to_bits(s.largest));
    CHECK(s.share_as_far(s.smallest) == 1);
    CHECK(s.share_as_far(TestType(100.0F)) == 1.0 / 51);
    CHECK(s.share_as_far(canonical_nan<TestType>()) == 1.0 / 51);
}

TEST_CASE("order_spread: no result is beyond the bound of the worst order", "[quantify][order_spread]") {
    random_stream random(6);
    for (std::size_t const n : {2U, 17U, 100U, 1000U}) {
        std::vector<float> x(n), y(n);
        for (auto* v : {&x, &y})
            for (float& e : *v) e = of_exponent<float>(random, -4, 0);
        auto const s = order_spread_of_dot(x, y, 100, n);
        double const size = oracle::dot_of_absolutes(x, y).round<double>() * (1 + 0x1p-50);
        double const bound = error_bound<method<plain, sequential>, float>(n, {size, size, true});
        double largest = 0;
        for (float const r : s.results) {
            double const error = (oracle::real(r) - s.exact).abs().round<double>();
            CHECK(error <= bound);
            largest = error > largest ? error : largest;
        }
        CHECK(s.rms_error <= largest);
        CHECK(s.rms_error >= largest / 10);
        CHECK(s.distinct == bits_of(s.results).size());
        if (n > 2) CHECK(s.distinct > 3);
        for (float const r : s.results) CHECK((s.smallest <= r && r <= s.largest));
        // The worst of the results is as far as one in so many.
        float const worst =
            oracle::real(s.largest) - s.exact > s.exact - oracle::real(s.smallest) ? s.largest : s.smallest;
        CHECK(s.share_as_far(worst) >= 2.0 / 101);
        if (n > 2) CHECK(s.share_as_far(worst) < 0.8);
    }
}

TEST_CASE("order_spread: a function of the seed, on every platform; a sample does not depend on how many there are",
          "[quantify][order_spread]") {
    std::vector<float> x(100);
    for (std::size_t i = 0; i < x.size(); ++i)
        x[i] = static_cast<float>(i * i % 97) * (i % 3 == 0 ? -0.0137F : 0.0137F);
    auto const s = order_spread_of_sum(x, 64, 3);
    CHECK(hash(s.results) == 0xE67B0D2308BE136EU);
    auto const fewer = order_spread_of_sum(x, 10, 3);
    CHECK(std::equal(fewer.results.begin(), fewer.results.end(), s.results.begin()));
    CHECK(hash(order_spread_of_sum(x, 64, 4).results) != hash(s.results));
}

TEMPLATE_TEST_CASE("order_spread: special values", "[quantify][order_spread]", float, double, bfloat16, float16) {
    using T = TestType;
    using numbers = std::vector<T>;
    auto const nothing = order_spread_of_sum(numbers{}, 3, 1);
    CHECK(bits_of(nothing.results) == std::set<std::uint64_t>{0});
    CHECK(nothing.rms_error == 0);
    T const minus_zero = negate(T(0));
    CHECK(bits_of(order_spread_of_sum(numbers{minus_zero, minus_zero}, 9, 1).results) ==
          std::set<std::uint64_t>{to_bits(minus_zero)});
    auto const overflow = order_spread_of_sum(numbers{largest<T>(), largest<T>(), negate(largest<T>())}, 100, 1);
    CHECK(overflow.distinct == 2);  // (a + a) - a overflows, (a - a) + a does not
    CHECK(is_inf(overflow.largest));
    CHECK(is_inf(overflow.rms_error));
    auto const nan = order_spread_of_sum(numbers{infinity<T>(), negate(infinity<T>())}, 5, 1);
    CHECK(to_bits(nan.largest) == to_bits(canonical_nan<T>()));
    CHECK(is_inf(nan.rms_error));
    CHECK_THROWS_WITH(order_spread_of_sum(numbers{T(1)}, 0, 1), Catch::Contains("no samples"));
    CHECK_THROWS_WITH(order_spread_of_dot(numbers{T(1)}, numbers{}, 1, 1), Catch::Contains("shapes [1] and [0]"));
}
