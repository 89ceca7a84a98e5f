// SPDX-License-Identifier: BSL-1.0
#include <lastbit/testing/properties/deterministic.hpp>

#include "testing/kernels.hpp"
#include <catch2/catch.hpp>

#include <atomic>

using namespace lastbit;
using namespace lastbit::testing;
using namespace lastbit_tests;

TEST_CASE("is_deterministic: true of kernels without a memory", "[testing][deterministic]") {
    CHECK(is_deterministic(loop_gemm<float>));
    CHECK(is_deterministic(exact_dot<bfloat16>));
    CHECK(is_deterministic(scaled_gemm<double>));
}

TEST_CASE("is_deterministic: a kernel that counts its calls", "[testing][deterministic]") {
    static std::atomic<int> calls{0};
    auto const kernel = [](std::span<float const> x) {
        float total = 0;
        bool const backward = calls++ % 3 == 2;
        for (std::size_t i = 0; i < x.size(); ++i) total = add(total, x[backward ? x.size() - 1 - i : i]);
        return total;
    };
    auto const result = is_deterministic(kernel);
    CHECK_FALSE(result);
    CHECK(result.finding.fault == "not_deterministic");
    CHECK(result.k == 3);
}

TEST_CASE("is_deterministic: a kernel that adds to what C holds", "[testing][deterministic]") {
    auto const kernel = [](view<float const> a, view<float const> b, view<float> c) {
        for (std::size_t i = 0; i < c.rows(); ++i)
            for (std::size_t j = 0; j < c.cols(); ++j)
                for (std::size_t p = 0; p < a.cols(); ++p) c(i, j) = add(c(i, j), mul(a(i, p), b(p, j)));
    };
    auto const result = is_deterministic(kernel);
    CHECK_FALSE(result);
    CHECK(result.finding.fault == "reads_output");
    CHECK((result.m == 1 && result.n == 1 && result.k == 0));
}
