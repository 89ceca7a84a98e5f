// SPDX-License-Identifier: BSL-1.0
#include <lastbit/testing/properties/sign_symmetric.hpp>

#include "testing/kernels.hpp"
#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit::testing;
using namespace lastbit_tests;

TEMPLATE_TEST_CASE("is_sign_symmetric: true of loops", "[testing][sign_symmetric]", float, double, bfloat16, float16) {
    CHECK(is_sign_symmetric<TestType>(loop_gemm<TestType>));
    CHECK(is_sign_symmetric<TestType>(exact_dot<TestType>));
    CHECK(is_sign_symmetric<TestType>(exact_sum<TestType>));
}

TEST_CASE("is_sign_symmetric: rounding downward", "[testing][sign_symmetric]") {
    auto const kernel = [](std::span<float const> x, std::span<float const> y) {
        superaccumulator<float> total;
        for (std::size_t i = 0; i < x.size(); ++i) total.add_product(x[i], y[i]);
        return total.round<float>(rounding::downward);
    };
    auto const result = is_sign_symmetric(kernel);
    CHECK_FALSE(result);
    CHECK(result.finding.fault == "sign_asymmetric");
    CHECK(result.k == 1);
}

TEST_CASE("is_sign_symmetric: the sign of B lost", "[testing][sign_symmetric]") {
    auto const kernel = [](view<float const> a, view<float const> b, view<float> c) {
        loop_gemm<float>(a, b, c);
        if (!c.empty() && c.rows() > 1 && b.rows() > 0 && b(0, 0) < 0) c(1, 0) = -c(1, 0);
    };
    auto const result = is_sign_symmetric(kernel);
    CHECK_FALSE(result);
    CHECK((result.m == 2 && result.n == 1 && result.k == 1));
}
