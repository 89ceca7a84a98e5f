// SPDX-License-Identifier: BSL-1.0
#include <lastbit/testing/exact_judgment.hpp>

#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit::testing;

namespace {

constexpr float nan_ = std::numeric_limits<float>::quiet_NaN();
constexpr float inf_ = std::numeric_limits<float>::infinity();

kernel_under_test const dot_of_floats{kernel_kind::dot, number_format::float32, number_format::float32, {}, {}};

/// The fault of a result `got` of the dot product of x and y; empty if it is right.
std::string fault(std::vector<double> x, std::vector<double> y, float got) {
    kernel_trial t;
    t.kind = kernel_kind::dot;
    t.k = x.size();
    t.a = std::move(x);
    t.b = std::move(y);
    auto const found = judge_exact(dot_of_floats, t, {to_bits(got)});
    return found ? found->fault : std::string();
}

}  // namespace

TEST_CASE("judge_exact: whole numbers have one sum", "[testing][exact_judgment]") {
    CHECK(fault({1, 2, 3}, {4, 5, 6}, 32).empty());
    CHECK(fault({1, 2, 3}, {4, 5, 6}, 33) == "wrong_value");
    CHECK(fault({1, 2, 3}, {4, 5, 6}, nan_) == "unexpected_nan");
    CHECK(fault({1, 2, 3}, {4, 5, 6}, inf_) == "unexpected_infinity");
    CHECK(fault({}, {}, 0.0F).empty());
    CHECK(fault({}, {}, 1.0F) == "wrong_value");
}

TEST_CASE("judge_exact: NaN and infinities", "[testing][exact_judgment]") {
    CHECK(fault({nan_, 1}, {1, 1}, nan_).empty());
    CHECK(fault({nan_, 1}, {0, 1}, 1) == "nan_swallowed");
    CHECK(fault({inf_, 1}, {2, 1}, inf_).empty());
    CHECK(fault({inf_, 1}, {-2, 1}, inf_) == "infinity_sign");
    CHECK(fault({inf_, 1}, {2, 1}, largest<float>()) == "infinity_lost");
    CHECK(fault({inf_, 1}, {0, 1}, 1) == "zero_times_infinity_lost");
    CHECK(fault({inf_, 1}, {0, 1}, nan_).empty());
    CHECK(fault({inf_, inf_}, {1, -1}, 0) == "infinity_minus_infinity_lost");
    CHECK(fault({inf_, inf_}, {1, -1}, -nan_).empty());
    double const end = static_cast<double>(largest<float>());
    CHECK(fault({end, end}, {1, 1}, inf_).empty());
    CHECK(fault({end, end}, {1, 1}, largest<float>()) == "overflow_lost");
}

TEST_CASE("judge_exact: small numbers and zeros", "[testing][exact_judgment]") {
    float const step = smallest_subnormal<float>();
    CHECK(fault({double{step}, double{step}}, {1, 1}, 2 * step).empty());
    CHECK(fault({double{step}, double{step}}, {1, 1}, 0) == "subnormal_flushed");
    CHECK(fault({0x1p-126}, {0.5}, 0) == "subnormal_flushed");
    CHECK(fault({0x1p-126}, {0.5}, 0x1p-127F).empty());
    CHECK(fault({1, -1}, {1, 1}, 0.0F).empty());
    CHECK(fault({1, -1}, {1, 1}, -0.0F) == "negative_zero");
    CHECK(fault({-0.0, 0.0}, {1, 1}, -0.0F).empty());  // either sign
    CHECK(fault({-0.0, 0.0}, {1, 1}, 0.0F).empty());
}

TEST_CASE("judge_exact: alpha, beta, and the element's place", "[testing][exact_judgment]") {
    kernel_under_test const kernel{kernel_kind::gemm, number_format::float32, number_format::float32, {}, {}};
    kernel_trial t;
    t.m = t.n = 2;
    t.k = 1;
    t.a = {1, 2};
    t.b = {3, 5};
    t.c = {1, 1, 1, 1};
    t.alpha = 2;
    t.beta = 3;
    auto const bits = [](std::array<float, 4> const& c) {
        std::vector<std::uint64_t> list;
        for (float const x : c) list.push_back(to_bits(x));
        return list;
    };
    CHECK_FALSE(judge_exact(kernel, t, bits({9, 13, 15, 23})).has_value());
    auto const beta = judge_exact(kernel, t, bits({9, 13, 12, 23}));
    REQUIRE(beta.has_value());
    CHECK((beta->fault == "beta_ignored" && beta->row == 1 && beta->col == 0));
    CHECK((beta->got == 12 && beta->expected == 15));
    auto const alpha = judge_exact(kernel, t, bits({9, 8, 15, 23}));
    REQUIRE(alpha.has_value());
    CHECK((alpha->fault == "alpha_ignored" && alpha->row == 0 && alpha->col == 1));
}

TEST_CASE("judge_exact: in the output's own format", "[testing][exact_judgment]") {
    kernel_under_test const kernel{kernel_kind::dot, number_format::float8_e4m3, number_format::bfloat16, {}, {}};
    kernel_trial t;
    t.kind = kernel_kind::dot;
    t.k = 1;
    t.a = {8};
    t.b = {9};
    CHECK_FALSE(judge_exact(kernel, t, {to_bits(bfloat16(72.0F))}).has_value());
    CHECK(judge_exact(kernel, t, {to_bits(bfloat16(64.0F))}).has_value());
}
