// SPDX-License-Identifier: BSL-1.0
#include <lastbit/testing/properties/special_values.hpp>

#include "fold/caller_environment.hpp"
#include "testing/kernels.hpp"
#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit::testing;
using namespace lastbit_tests;

namespace {

/// A loop whose terms pass through a function: of the factors.
template <class Term>
auto gemm_of_terms(Term term) {
    return [term](view<float const> a, view<float const> b, view<float> c) {
        for (std::size_t i = 0; i < c.rows(); ++i)
            for (std::size_t j = 0; j < c.cols(); ++j) {
                float total = 0;
                for (std::size_t p = 0; p < a.cols(); ++p) total = add(total, term(a(i, p), b(p, j)));
                c(i, j) = total;
            }
    };
}

float flushed(float x) { return absolute(x) < smallest_normal<float>() ? 0.0F : x; }

}  // namespace

TEMPLATE_TEST_CASE("respects_special_values: true of loops and of what is correctly rounded",
                   "[testing][special_values]", float, double, bfloat16, float16) {
    CHECK(respects_special_values<TestType>(loop_gemm<TestType>));
    CHECK(respects_special_values<TestType>(exact_gemm<TestType>));
    CHECK(respects_special_values<TestType>(loop_dot<TestType>));
    CHECK(respects_special_values<TestType>(exact_sum<TestType>));
    CHECK(respects_special_values<TestType>(scaled_gemm<TestType>));
    CHECK(respects_special_values<TestType>(loop_gemv<TestType>));
}

TEST_CASE("respects_special_values: a NaN swallowed", "[testing][special_values]") {
    auto const result =
        respects_special_values(gemm_of_terms([](float x, float y) { return is_nan(x) ? 0.0F : mul(x, y); }));
    CHECK_FALSE(result);
    CHECK(result.finding.fault == "nan_swallowed");
    CHECK((result.m == 1 && result.n == 1 && result.k == 1));
    CHECK(result.text().find("element (0, 0) is no NaN, though one of its operands is; got 0 (0x0p+0), expected nan") !=
          std::string::npos);
}

TEST_CASE("respects_special_values: zeros skipped, with what they meet", "[testing][special_values]") {
    auto const result =
        respects_special_values(gemm_of_terms([](float x, float y) { return is_zero(y) ? 0.0F : mul(x, y); }));
    CHECK_FALSE(result);
    CHECK(result.finding.fault == "nan_swallowed");
    auto const infinite = respects_special_values(gemm_of_terms(
        [](float x, float y) { return (is_zero(y) && is_inf(x)) || (is_zero(x) && is_inf(y)) ? 0.0F : mul(x, y); }));
    CHECK_FALSE(infinite);
    CHECK(infinite.finding.fault == "zero_times_infinity_lost");
    CHECK((infinite.m == 1 && infinite.n == 1 && infinite.k == 1));
}

TEST_CASE("respects_special_values: a NaN that spreads to another row", "[testing][special_values]") {
    auto const kernel = after_loop<float>([](auto, auto, view<float> c) {
        if (c.rows() > 1 && c.cols() > 0 && is_nan(c(1, 0))) c(0, 0) = c(1, 0);
    });
    auto const result = respects_special_values(kernel);
    CHECK_FALSE(result);
    CHECK(result.finding.fault == "nan_spread");
    CHECK((result.m == 2 && result.n == 1 && result.k == 1));
}

TEST_CASE("respects_special_values: infinities clamped", "[testing][special_values]") {
    auto const clamped = [](float x) {
        return is_inf(x) ? (is_negative(x) ? -largest<float>() : largest<float>()) : x;
    };
    auto const operands =
        respects_special_values(gemm_of_terms([&](float x, float y) { return mul(clamped(x), clamped(y)); }));
    CHECK_FALSE(operands);
    CHECK(operands.finding.fault == "infinity_lost");
    auto const results = respects_special_values([&](std::span<float const> x) {
        double total = 0;
        bool special = false;
        for (float const value : x) {
            total += static_cast<double>(value);
            special |= !is_finite(value);
        }
        return special ? static_cast<float>(total) : clamped(static_cast<float>(total));
    });
    CHECK_FALSE(results);
    CHECK(results.finding.fault == "overflow_lost");
    CHECK(results.k == 2);
}

TEST_CASE("respects_special_values: subnormal numbers flushed", "[testing][special_values]") {
    auto const inputs =
        respects_special_values(gemm_of_terms([](float x, float y) { return mul(flushed(x), flushed(y)); }));
    CHECK_FALSE(inputs);
    CHECK(inputs.finding.fault == "subnormal_flushed");
    CHECK((inputs.m == 1 && inputs.n == 1 && inputs.k == 1));
    auto const result = respects_special_values([](std::span<float const> x) { return flushed(sum(x)); });
    CHECK_FALSE(result);
    CHECK(result.finding.fault == "subnormal_flushed");
    CHECK(result.k == 1);
}

TEST_CASE("respects_special_values: -0 where terms cancel", "[testing][special_values]") {
    auto const result = respects_special_values([](std::span<float const> x) {
        float const total = sum(x);
        return is_zero(total) ? -0.0F : total;
    });
    CHECK_FALSE(result);
    CHECK(result.finding.fault == "negative_zero");
    CHECK(result.k == 2);
}

TEST_CASE("respects_special_values: an environment that flushes is the kernel's, not the judge's",
          "[testing][special_values]") {
    caller_environment const flushing(true, FE_TONEAREST);
    CHECK(respects_special_values<double>(exact_gemm<double>));  // whose guard sets it right
    auto const result = respects_special_values<double>(loop_dot<double>);
    CHECK_FALSE(result);
    CHECK(result.finding.fault == "subnormal_flushed");
    CHECK(result.k == 1);
    INFO(result.text());
    CHECK(result.text().find("expected 5e-324 (0x0.0000000000001p-1022)") != std::string::npos);
}
