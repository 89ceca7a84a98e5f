// SPDX-License-Identifier: BSL-1.0
#include <lastbit/fold/bounds.hpp>

#include <lastbit/base.hpp>

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

TEMPLATE_TEST_CASE("underflow_unit: at least half of the smallest subnormal", "[fold][bounds]", float, double,
                   lastbit::bfloat16, lastbit::float16) {
    double const unit = lastbit::detail::underflow_unit<TestType>;
    auto const subnormal = static_cast<double>(lastbit::smallest_subnormal<TestType>());
    CHECK(2.0 * unit >= subnormal);
    CHECK(unit <= subnormal);
}
