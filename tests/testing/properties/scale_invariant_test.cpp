// SPDX-License-Identifier: BSL-1.0
#include <lastbit/testing/properties/scale_invariant.hpp>

#include "testing/kernels.hpp"
#include <catch2/catch.hpp>

#include <cmath>

using namespace lastbit;
using namespace lastbit::testing;
using namespace lastbit_tests;

TEMPLATE_TEST_CASE("is_scale_invariant: true of floating-point loops", "[testing][scale_invariant]", float, double,
                   bfloat16, float16) {
    CHECK(is_scale_invariant<TestType>(loop_gemm<TestType>));
    CHECK(is_scale_invariant<TestType>(exact_dot<TestType>));
    CHECK(is_scale_invariant<TestType>(exact_sum<TestType>));
}

TEST_CASE("is_scale_invariant: a sum on a fixed grid", "[testing][scale_invariant]") {
    auto const kernel = [](std::span<float const> x) {
        double total = 0;
        for (float const value : x) total += std::nearbyint(static_cast<double>(value) * 1024) / 1024;
        return static_cast<float>(total);
    };
    auto const result = is_scale_invariant(kernel);
    CHECK_FALSE(result);
    CHECK(result.finding.fault == "scale_dependent");
    CHECK(result.k == 1);
}

TEST_CASE("is_scale_invariant: a threshold below which products are dropped", "[testing][scale_invariant]") {
    auto const kernel = [](view<double const> a, view<double const> b, view<double> c) {
        for (std::size_t i = 0; i < c.rows(); ++i)
            for (std::size_t j = 0; j < c.cols(); ++j) {
                double total = 0;
                for (std::size_t p = 0; p < a.cols(); ++p)
                    if (absolute(b(p, j)) >= 0x1p-6) total = add(total, mul(a(i, p), b(p, j)));
                c(i, j) = total;
            }
    };
    auto const result = is_scale_invariant(kernel);
    CHECK_FALSE(result);
    CHECK((result.m == 1 && result.n == 1 && result.k == 1));
    CHECK(result.text().find("when B is") != std::string::npos);
}

TEST_CASE("is_scale_invariant: whole numbers do not scale", "[testing][scale_invariant]") {
    auto const kernel = [](std::span<std::int8_t const> x) {
        return std::int32_t{static_cast<std::int32_t>(x.size())};
    };
    CHECK_FALSE(is_scale_invariant(kernel).applicable);
}
