// SPDX-License-Identifier: BSL-1.0
#include <lastbit/fold/bounds.hpp>

#include <lastbit/base.hpp>
#include <lastbit/fold/accumulators.hpp>

#include <boost/multiprecision/cpp_int.hpp>
#include <catch2/catch.hpp>

using lastbit::detail::gamma;
using rational = boost::multiprecision::cpp_rational;

TEST_CASE("gamma: never below k u / (1 - k u), and close to it", "[fold][bounds]") {
    for (double const u : {0x1p-53, 0x1p-24, 0x1p-11, 0x1p-8})
        for (double const k : {0.0, 1.0, 2.0, 3.0, 77.0, 200.0, 255.0, 1000.0, 123456.0}) {
            if (k * u >= 1.0) continue;
            rational const ku = rational(k) * rational(u);
            rational const exact = ku / (1 - ku);
            CHECK(rational(gamma(k, u)) >= exact);
            CHECK(rational(gamma(k, u)) <= exact * (1 + rational(0x1p-49)));
        }
}

TEST_CASE("gamma: infinite where k u reaches 1", "[fold][bounds]") {
    CHECK(lastbit::is_inf(gamma(256.0, 0x1p-8)));
    CHECK(lastbit::is_inf(gamma(1e300, 0x1p-53)));
    CHECK(lastbit::is_inf(gamma(lastbit::infinity<double>(), 0x1p-53)));
    CHECK_FALSE(lastbit::is_inf(gamma(255.0, 0x1p-8)));
}

TEST_CASE("linear_growth: never below k u, close to it, and finite for every k", "[fold][bounds]") {
    for (double const u : {0x1p-53, 0x1p-24, 0x1p-11, 0x1p-8})
        for (double const k : {0.0, 1.0, 3.0, 255.0, 1000.0, 123456.0, 0x1p60}) {
            rational const exact = rational(k) * rational(u);
            CHECK(rational(lastbit::detail::linear_growth(k, u)) >= exact);
            CHECK(rational(lastbit::detail::linear_growth(k, u)) <= exact * (1 + rational(0x1p-49)));
        }
}

TEST_CASE("plain, fused: linear in the number of terms, beyond 1/u too; by the height where that is less",
          "[fold][bounds]") {
    using lastbit::bfloat16;
    using lastbit::reduction_shape;
    using lastbit::summand_size;
    double const u = 0x1p-8;
    auto const sums = [](reduction_shape shape) { return lastbit::plain::bound<bfloat16>(shape, {1.0, 1.0}); };
    auto const products = [](reduction_shape shape) {
        return lastbit::fused::bound<bfloat16>(shape, {1.0, 1.0, true});
    };
    CHECK(sums({1, 0, 1, 0}) == 0.0);
    CHECK(sums({1001, 0, 1001, 0}) == Approx(1000 * u).epsilon(1e-12));
    CHECK(sums({1001, 9, 10, 9}) == Approx(10 * u / (1 - 10 * u)).epsilon(1e-12));
    CHECK(sums({3, 0, 3, 0}) == Approx(2 * u).epsilon(1e-12));
    CHECK(products({1000, 31, 300, 5}) == Approx(1031 * u).epsilon(1e-12));
    CHECK(products({1000, 0, 1000, 0}) == Approx(1000 * u).epsilon(1e-12));
    CHECK(products({1000, 9, 10, 9}) == Approx(10 * u / (1 - 10 * u)).epsilon(1e-12));
    CHECK(lastbit::plain::bound<bfloat16>({5, 0, 5, 0}, {1.0, 1.0, true}) ==
          Approx(4 * u * (1 + u) + u).epsilon(1e-12));
}

TEMPLATE_TEST_CASE("underflow_unit: at least half of the smallest subnormal", "[fold][bounds]", float, double,
                   lastbit::bfloat16, lastbit::float16) {
    double const unit = lastbit::detail::underflow_unit<TestType>;
    auto const subnormal = static_cast<double>(lastbit::smallest_subnormal<TestType>());
    CHECK(2.0 * unit >= subnormal);
    CHECK(unit <= subnormal);
}
