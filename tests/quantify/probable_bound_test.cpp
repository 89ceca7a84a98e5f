// SPDX-License-Identifier: BSL-1.0
#include <lastbit/quantify/probable_bound.hpp>

#include <lastbit/fold/sum.hpp>
#include <lastbit/oracle/dot.hpp>
#include "oracle/numbers.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace lastbit;
using namespace lastbit_tests;
using quantify::probable_error_bound;
using quantify::detail::log_above;
using quantify::detail::probable_gamma;
using quantify::detail::root_above;

namespace {

/// x rounded to bfloat16, up or down with the probabilities that make the mean x.
bfloat16 rounded_stochastically(oracle::real const& x, random_stream& random) {
    auto const down = x.round<bfloat16>(oracle::direction::downward);
    auto const up = x.round<bfloat16>(oracle::direction::upward);
    if (to_bits(down) == to_bits(up)) return down;
    oracle::real const width = oracle::real(up) - oracle::real(down);
    return oracle::real(random.uniform()) * width < x - oracle::real(down) ? up : down;
}

}  // namespace

TEST_CASE("log_above, root_above: not below, and close", "[quantify][probable_bound]") {
    for (double y = 1.0; y < 1e300; y *= 1.0173) {
        CHECK(log_above(y) >= std::log(y));
        CHECK(log_above(y) <= std::log(y) * 1.01 + (y < 2 ? 0.007 : 0));
    }
    for (double y = 0x1p-60; y < 1e12; y *= 1.117) {
        CHECK(oracle::real(root_above(y)) * oracle::real(root_above(y)) >= oracle::real(y));
        CHECK(root_above(y) <= std::sqrt(y) * (1 + 1e-12));
    }
    CHECK(root_above(0.0) == 0.0);
    static_assert(root_above(4.0) >= 2.0);
}

TEST_CASE("probable_gamma: products of random factors leave it no more often than it says",
          "[quantify][probable_bound]") {
    // The errors of mean zero with the largest variance are +u and -u.
    random_stream random(51);
    constexpr double u = 0x1p-11;
    std::size_t const count = trials(20000);
    for (double const probability : {0.5, 0.9, 0.99})
        for (std::size_t const h : {4U, 100U, 1000U}) {
            double const bound = probable_gamma(static_cast<double>(h), 1, u, probability);
            std::size_t outside = 0;
            for (std::size_t t = 0; t < count; ++t) {
                double product = 1;
                for (std::size_t k = 0; k < h; ++k) product *= random.below(2) == 0 ? 1 + u : 1 - u;
                outside += std::fabs(product - 1) > bound ? 1U : 0U;
            }
            CAPTURE(probability, h, outside, count);
            CHECK(static_cast<double>(outside) <= (1 - probability) * static_cast<double>(count));
            if (probability < 0.6 && h > 4) CHECK(outside > count / 100);  // not far above, either: 9.6 % in the limit
        }
}

TEST_CASE("probable_error_bound: sums with stochastic rounding", "[quantify][probable_bound]") {
    random_stream random(52);
    std::size_t const count = trials(300);
    for (double const probability : {0.5, 0.99}) {
        std::size_t outside = 0;
        for (std::size_t t = 0; t < count; ++t) {
            std::vector<bfloat16> x(60);
            for (bfloat16& e : x) e = of_exponent<bfloat16>(random, -3, 0);
            bfloat16 s = x[0];
            for (std::size_t i = 1; i < x.size(); ++i)
                s = rounded_stochastically(oracle::real(s) + oracle::real(x[i]), random);
            double const size = oracle::sum_of_absolutes(x).round<double>();
            // Stochastic rounding errs by less than 2 u.
            double const bound = size * probable_gamma(59, 60, 2 * unit_roundoff<bfloat16>, probability);
            outside += (oracle::real(s) - oracle::sum(x)).abs() > oracle::real(bound) ? 1U : 0U;
        }
        CAPTURE(probability);
        CHECK(static_cast<double>(outside) <= (1 - probability) * static_cast<double>(count));
    }
}

TEST_CASE("probable_error_bound: random data, rounded to nearest", "[quantify][probable_bound]") {
    random_stream random(53);
    std::size_t const count = trials(200);
    std::size_t outside = 0;
    for (std::size_t t = 0; t < count; ++t) {
        std::vector<float> x(1000);
        for (float& e : x) e = of_exponent<float>(random, -3, 0);
        double const size = oracle::sum_of_absolutes(x).round<double>() * (1 + 0x1p-50);
        using M = method<plain, sequential>;
        double const bound = probable_error_bound<M, float>(x.size(), {size, size}, 0.95);
        CHECK(bound < error_bound<M, float>(x.size(), {size, size}) / 4);
        outside += (oracle::real(sum<M>(x)) - oracle::sum(x)).abs() > oracle::real(bound) ? 1U : 0U;
    }
    CHECK(static_cast<double>(outside) <= 0.05 * static_cast<double>(count));
}

TEST_CASE("probable_error_bound: a sum of equal terms is why it is a model", "[quantify][probable_bound]") {
    // Each addition rounds down by nearly half an ulp: errors of one sign.
    std::vector<float> x(4000, 1.0F + 0x1p-12F - 0x1p-23F);
    x[0] = 8192.0F;
    using M = method<plain, sequential>;
    double const size = oracle::sum_of_absolutes(x).round<double>();
    oracle::real const error = (oracle::real(sum<M>(x)) - oracle::sum(x)).abs();
    CHECK(error <= oracle::real(error_bound<M, float>(x.size(), {size, size})));
    CHECK(error > oracle::real(probable_error_bound<M, float>(x.size(), {size, size}, 0.5)));
}

TEST_CASE("probable_error_bound: never above the bound that holds, edges", "[quantify][probable_bound]") {
    for (std::size_t const n : {0U, 1U, 2U, 100U, 100000U})
        for (double const p : {0.0, 0.5, 0.999999, 1.0}) {
            summand_size const size{2.0, 1.0, true};
            CAPTURE(n, p);
            CHECK(probable_error_bound<plain, float>(n, size, p) <= error_bound<plain, float>(n, size));
            CHECK(probable_error_bound<fused, double>(n, size, p) <= error_bound<fused, double>(n, size));
            CHECK(probable_error_bound<widened<float>, bfloat16>(n, size, p) <=
                  error_bound<widened<float>, bfloat16>(n, size));
            if (n > 0) CHECK(probable_error_bound<plain, float>(n, size, p) > 0);
        }
    summand_size const sizes{1.0, 1.0};
    CHECK(probable_error_bound<plain, float>(100, sizes, 1.0) == error_bound<plain, float>(100, sizes));
    using M = method<plain, sequential>;
    CHECK(error_bound<M, bfloat16>(300, sizes) > 1);  // n u > 1: the certain bound is above the sum of magnitudes
    CHECK(probable_error_bound<M, bfloat16>(300, sizes, 0.9) < 0.6);
    CHECK(probable_error_bound<M, bfloat16>(30000, sizes, 0.9) == error_bound<M, bfloat16>(30000, sizes));
    CHECK_THROWS_WITH((probable_error_bound<M, float>(3, sizes, 1.5)), Catch::Contains("between 0 and 1, not 1.5"));
    CHECK_THROWS_WITH((probable_error_bound<M, float>(3, sizes, canonical_nan<double>())),
                      Catch::Contains("between 0 and 1"));
}
