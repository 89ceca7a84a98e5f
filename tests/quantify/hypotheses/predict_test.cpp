// SPDX-License-Identifier: BSL-1.0
#include <lastbit/quantify/hypotheses/predict.hpp>

#include <lastbit/base/random.hpp>
#include <lastbit/oracle/real.hpp>
#include <lastbit/quantify/hypotheses/truncated_inputs.hpp>
#include "trials.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace lastbit;
using namespace lastbit::quantify;
using namespace lastbit_tests;
using quantify::detail::added_once;
using quantify::detail::rounded_ties_away;
using quantify::detail::truncated;

TEST_CASE("truncated: as the oracle rounds toward zero", "[quantify][predict]") {
    random_stream r(81);
    std::size_t wrong = 0;
    for (std::size_t t = 0; t < trials(20000); ++t) {
        double const x = std::ldexp(1 + r.uniform(), static_cast<int>(r.below(330)) - 190) * (r.below(2) == 0 ? 1 : -1);
        oracle::real const z(x);
        auto const down = x > 0 ? oracle::direction::downward : oracle::direction::upward;
        if (truncated(number_format::float32, x) != lastbit::detail::convert<double>(z.round<float>(down))) ++wrong;
        if (truncated(number_format::bfloat16, x) != lastbit::detail::convert<double>(z.round<bfloat16>(down))) ++wrong;
        if (truncated(number_format::float16, x) != lastbit::detail::convert<double>(z.round<float16>(down))) ++wrong;
    }
    CHECK(wrong == 0);
    CHECK(truncated(number_format::tf32, 1 + 0x1.8p-10) == 1 + 0x1p-10);
    CHECK(truncated(number_format::tf32, -1 - 0x1.8p-10) == -1 - 0x1p-10);
    CHECK(truncated(number_format::float8_e4m3, 1000) == 448);
}

TEST_CASE("rounded_ties_away: the middle goes outward, all else to the nearer", "[quantify][predict]") {
    CHECK(rounded_ties_away(number_format::tf32, 1 + 0x1p-11) == 1 + 0x1p-10);
    CHECK(rounded(number_format::tf32, 1 + 0x1p-11) == 1);
    CHECK(rounded_ties_away(number_format::tf32, -1 - 0x1p-11) == -1 - 0x1p-10);
    CHECK(rounded_ties_away(number_format::tf32, 1 + 0x1.ffp-12) == 1);
    CHECK(rounded_ties_away(number_format::tf32, 2 - 0x1p-11) == 2);
    random_stream r(82);
    std::size_t wrong = 0;
    for (std::size_t t = 0; t < trials(20000); ++t) {
        double const x = r.uniform() - 0.5;
        if (rounded_ties_away(number_format::bfloat16, x) != rounded(number_format::bfloat16, x)) ++wrong;
    }
    CHECK(wrong == 0);
}

TEST_CASE("added_once: the exact sum, rounded once", "[quantify][predict]") {
    random_stream r(83);
    std::size_t wrong = 0;
    for (std::size_t t = 0; t < trials(20000); ++t) {
        double const s = std::ldexp(static_cast<double>(r.below(1U << 11)), static_cast<int>(r.below(60)) - 30);
        double const p = (r.uniform() - 0.5) * (r.below(2) == 0 ? 0x1p-30 : 1);
        oracle::real const z = oracle::real(s) + oracle::real(p);
        if (added_once(number_format::bfloat16, s, p) != lastbit::detail::convert<double>(z.round<bfloat16>())) ++wrong;
        if (added_once(number_format::float32, s, p) != lastbit::detail::convert<double>(z.round<float>())) ++wrong;
    }
    CHECK(wrong == 0);
    CHECK(added_once(number_format::bfloat16, 1 + 0x1p-8, 0x1p-80) == 1 + 0x1p-7);  // twice rounded it were 1
    CHECK(added_once(number_format::bfloat16, 1 + 0x1.8p-7, -0x1p-80) == 1 + 0x1p-7);
}

TEST_CASE("predict: the stages of a result, in their order", "[quantify][predict]") {
    element_terms t;
    t.a = {1, 1};
    t.b = {1, 0x1p-9};
    prediction p = predict(t, number_format::float32, number_format::bfloat16);
    CHECK(p.value == 1 + 0x1p-9);
    CHECK(p.stored == 1);
    CHECK(p.reach > 0);
    t.b[1] = 0x1p-8 + 0x1p-20;
    CHECK(predict(t, number_format::float32, number_format::bfloat16).stored == 1 + 0x1p-7);
    t.stages = {number_format::float16};  // by way of 1 + 2^-8, a tie
    CHECK(predict(t, number_format::float32, number_format::bfloat16).stored == 1);
    t.stages.clear();
    t.truncates = true;
    CHECK(predict(t, number_format::float32, number_format::bfloat16).stored == 1);
    t.truncates = false;
    t.bias = -1;
    t.after = 3;
    t.act = activation::relu;
    CHECK(predict(t, number_format::float32, number_format::float32).value == 3 + 0x1p-8 + 0x1p-20);
    t.sum_stage = number_format::bfloat16;
    CHECK(predict(t, number_format::float32, number_format::float32).value == 3 + 0x1p-7);
    t.fixed = 7;
    CHECK(predict(t, number_format::float32, number_format::float32).stored == 7);
}

TEST_CASE("predict: sums of a known order are bitwise, others have the reach of any order", "[quantify][predict]") {
    element_terms t;
    t.a.assign(300, 1.0);
    t.b.assign(300, 1.0);
    t.order = known_sum{number_format::bfloat16};
    prediction p = predict(t, number_format::float32, number_format::float32);
    CHECK(p.stored == 256);  // 256 + 1 is a tie
    CHECK(p.is_bitwise);
    CHECK(p.reach == 0);
    t.order->lanes = 4;
    CHECK(predict(t, number_format::float32, number_format::float32).stored == 300);
    t.order = known_sum{number_format::bfloat16};
    t.order->block = 150;
    CHECK(predict(t, number_format::float32, number_format::float32).stored == 300);
    t.order.reset();
    t.a[7] = 1 + 0x1p-23;
    p = predict(t, number_format::float32, number_format::float32);
    CHECK(p.value == 300 + 0x1p-23);
    CHECK(p.reach >= 300 * 300 * 0x1p-24);
}
