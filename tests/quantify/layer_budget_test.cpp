// SPDX-License-Identifier: BSL-1.0
#include <lastbit/quantify/layer_budget.hpp>

#include "oracle/numbers.hpp"

#include <catch2/catch.hpp>

using namespace lastbit;
using oracle::real;
using quantify::budget_by_layer;

namespace {

/// Small integers: every layer is exact in float.
network<float> integer_network() {
    return network<float>({dense<float>({1, 2, 3, -1}, 2, 2, {1, 1}, activation::relu),
                           dense<float>({2, 0, 0, 5, 1, 1}, 3, 2, {0, 0, 1}, activation::linear)});
}

}  // namespace

TEST_CASE("budget_by_layer: an error made in one layer is inherited by the next, multiplied",
          "[quantify][layer_budget]") {
    auto const net = integer_network();
    std::vector<float> const x{1, 2, 3, 4};
    matrix_view<float const> const X(x.data(), 2, 2);
    auto const exact = oracle::forward_layers(net, X);
    auto first = exact[0].round<float>(), second = exact[1].round<float>();
    std::vector<matrix_view<float const>> const computed{{first.data(), 2, 2}, {second.data(), 2, 3}};
    for (auto const& b : budget_by_layer(net, X, computed, exact)) {
        CHECK(b.made.max == 0);
        CHECK(b.inherited.max == 0);
        CHECK(b.total.rms == 0);
    }
    first[3] += 1;  // row 1, unit 1
    second[4] += 5;
    second[5] += 1;
    auto const b = budget_by_layer(net, X, computed, exact);
    CHECK(b[0].made.max == 1);
    CHECK(b[0].made.max_index == 3);
    CHECK(b[0].made.rms == 0.5);
    CHECK(b[0].inherited.max == 0);
    CHECK(b[0].total.max == 1);
    CHECK(b[1].made.max == 0);
    CHECK(b[1].inherited.max == 5);
    CHECK(b[1].inherited.max_index == 4);
    CHECK(b[1].total.max == 5);
    CHECK(b[1].inherited.rms == oracle::square_root_of_quotient<double>(real(26), real(6)));
}

TEST_CASE("budget_by_layer: correctly rounded layers make at most half a unit each", "[quantify][layer_budget]") {
    random_stream random(1);
    std::vector<float> w1(30), w2(24), b1(6), b2(4), x(15);
    for (auto* v : {&w1, &w2, &b1, &b2, &x})
        for (float& element : *v) element = lastbit_tests::of_exponent<float>(random, -3, 0);
    network<float> const net(
        {dense<float>(w1, 6, 5, b1, activation::relu), dense<float>(w2, 4, 6, b2, activation::linear)});
    matrix_view<float const> const X(x.data(), 3, 5);
    auto const exact = oracle::forward_layers(net, X);
    auto const first = exact[0].round<float>();
    network<float> const tail({net[1]});
    auto const second = oracle::forward(tail, matrix_view<float const>(first.data(), 3, 6)).round<float>();
    std::vector<matrix_view<float const>> const computed{{first.data(), 3, 6}, {second.data(), 3, 4}};
    auto const b = budget_by_layer(net, X, computed, exact);
    CHECK(b[0].made.max > 0);
    CHECK(b[0].made.max <= 0x1p-21);  // values below 16
    CHECK(b[0].made.max == b[0].total.max);
    CHECK(b[0].inherited.max == 0);
    CHECK(b[1].made.max <= 0x1p-21);
    CHECK(b[1].inherited.max > 0);
    CHECK(b[1].total.max <= b[1].made.max + b[1].inherited.max);
}

TEST_CASE("budget_by_layer: NaN and shapes", "[quantify][layer_budget]") {
    auto const net = integer_network();
    std::vector<float> const x{1, 2};
    matrix_view<float const> const X(x.data(), 1, 2);
    auto const exact = oracle::forward_layers(net, X);
    auto first = exact[0].round<float>(), second = exact[1].round<float>();
    first[0] = canonical_nan<float>();
    second[0] = canonical_nan<float>();
    std::vector<matrix_view<float const>> computed{{first.data(), 1, 2}, {second.data(), 1, 3}};
    auto const b = budget_by_layer(net, X, computed, exact);
    CHECK(is_inf(b[0].made.max));
    CHECK(is_inf(b[1].made.max));  // outputs 1 and 2 should be NaN, too
    CHECK(is_inf(b[1].inherited.max));
    computed.pop_back();
    CHECK_THROWS_AS(budget_by_layer(net, X, computed, exact), std::invalid_argument);
    computed.push_back({second.data(), 3, 1});
    CHECK_THROWS_AS(budget_by_layer(net, X, computed, exact), std::invalid_argument);
}
