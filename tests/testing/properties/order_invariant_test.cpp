// SPDX-License-Identifier: BSL-1.0
#include <lastbit/testing/properties/order_invariant.hpp>

#include "testing/kernels.hpp"
#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit::testing;
using namespace lastbit_tests;

TEMPLATE_TEST_CASE("is_order_invariant: true of what is correctly rounded", "[testing][order_invariant]", float, double,
                   bfloat16, float16) {
    CHECK(is_order_invariant<TestType>(exact_sum<TestType>));
    CHECK(is_order_invariant<TestType>(exact_dot<TestType>));
    CHECK(is_order_invariant<TestType>(exact_gemm<TestType>));
}

TEST_CASE("is_order_invariant: false of plain sums, at three terms", "[testing][order_invariant]") {
    auto const of_sum = is_order_invariant([](std::span<float const> x) { return sum<plain>(x); });
    CHECK_FALSE(of_sum);
    CHECK(of_sum.finding.fault == "order_dependent");
    CHECK(of_sum.k == 3);
    auto const of_dot = is_order_invariant(loop_dot<double>);
    CHECK_FALSE(of_dot);
    CHECK(of_dot.k == 3);
    auto const of_gemm = is_order_invariant(loop_gemm<float>);
    CHECK_FALSE(of_gemm);
    CHECK(of_gemm.m == 1);
    CHECK(of_gemm.n == 1);
    CHECK(of_gemm.k == 3);
    auto const of_gemv = is_order_invariant(loop_gemv<bfloat16>);
    CHECK_FALSE(of_gemv);
    CHECK((of_gemv.m == 1 && of_gemv.k == 3));
    INFO(of_gemm.text());
    CHECK(of_gemm.text().find("is_order_invariant does not hold of gemm float32 -> float32 at m = 1, n = 1, k = 3: "
                              "element (0, 0) has other bits when the terms are ") == 0);
}

TEST_CASE("is_order_invariant: whole numbers have one sum in every order", "[testing][order_invariant]") {
    auto const dot = [](std::span<std::int8_t const> x, std::span<std::int8_t const> y) {
        std::int32_t total = 0;
        for (std::size_t i = 0; i < x.size(); ++i) total += x[i] * y[i];
        return total;
    };
    CHECK(is_order_invariant(dot));
}
