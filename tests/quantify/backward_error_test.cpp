// SPDX-License-Identifier: BSL-1.0
#include <lastbit/quantify/backward_error.hpp>

#include <lastbit/nn/forward.hpp>
#include "oracle/numbers.hpp"
#include "rational_layers.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit_tests;
using quantify::backward_errors;

TEST_CASE("backward_errors: weights changed by so much give the output, by less do not", "[quantify][backward_error]") {
    random_stream random(21);
    for (std::size_t trial = 0; trial < 40; ++trial) {
        std::vector<float> weight(3), bias(1), x(3);
        for (auto* v : {&weight, &bias, &x})
            for (float& element : *v) element = of_exponent<float>(random, -3, 0);
        activation const act = trial % 2 == 0 ? activation::linear : activation::relu;
        dense<float> const layer(weight, 1, 3, bias, act);
        rational_layer const exact(layer.view());
        std::vector<rational> input;
        for (float const a : x) input.push_back(rational_of(a));
        rational const z = exact(input)[0];
        float const y = static_cast<float>(static_cast<double>(z)) + (trial % 4 < 2 ? 0.0F : 0x1p-10F);
        double const error = backward_errors(layer.view(), x, std::vector<float>{y})[0];
        if (rational(y) == z) {
            CHECK(error == 0);
            continue;
        }
        // The weights that move the output furthest move it just there: a little more is beyond, a little less is not.
        for (int const side : {-1, 1}) {
            rational const e = rational(error) * (1 + rational(side, std::uint64_t{1} << 50));
            rational lowest = z, highest = z;
            for (std::size_t signs = 0; signs < std::size_t{1} << exact.size(); ++signs) {
                rational const moved = exact.with(e, signs)(input)[0];
                if (moved < lowest) lowest = moved;
                if (moved > highest) highest = moved;
            }
            CAPTURE(trial, side, y);
            CHECK((lowest <= rational(y) && rational(y) <= highest) == (side > 0));
        }
    }
}

TEST_CASE("backward_errors: a layer computed in any order has at most gamma", "[quantify][backward_error]") {
    random_stream random(22);
    constexpr std::size_t in = 100, out = 16;
    std::vector<float> weight(in * out), bias(out), x(in), y(out);
    std::size_t beyond_u = 0;
    for (std::size_t trial = 0; trial < 20; ++trial) {
        for (auto* v : {&weight, &bias, &x})
            for (float& element : *v) element = of_exponent<float>(random, -3, 0);
        dense<float> const layer(weight, out, in, bias, activation::relu);
        network<float> const net({layer});
        matrix_view<float const> const X(x.data(), 1, in);
        matrix_view<float> const Y(y.data(), 1, out);
        for (std::size_t order = 0; order < 3; ++order) {
            if (order == 0) forward<method<plain, sequential>>(net, X, Y);
            if (order == 1) forward<method<fused, lanes<>>>(net, X, Y);
            if (order == 2) forward<method<plain, pairwise<8>>>(net, X, Y);
            for (double const e : backward_errors(layer.view(), x, y)) {
                CHECK(e <= (in + 1) * 0x1p-24 / (1 - (in + 1) * 0x1p-24));
                beyond_u += e > 0x1p-24 ? 1U : 0U;
            }
        }
    }
    CHECK(beyond_u > 0);
}

TEST_CASE("backward_errors: relu, zeros and what no weights give", "[quantify][backward_error]") {
    double const inf = infinity<double>();
    dense<float> const layer({1, 1, 1, 1, 0, 0, 1, 1}, 4, 2, {0, -8, 0, 0}, activation::relu);
    std::vector<float> const x{1, 3};  // sums 4, -4, 0, 4
    auto const errors = [&](std::vector<float> const& y) { return backward_errors(layer.view(), x, y); };
    CHECK(errors({4, 0, 0, 4}) == std::vector<double>{0, 0, 0, 0});
    CHECK(errors({5, 1, 1, 0}) == std::vector<double>{0.25, 5.0 / 12, inf, 1});
    CHECK(errors({-1, -0.0F, -0.0F, 2}) == std::vector<double>{inf, 0, 0, 0.5});
    CHECK(errors({canonical_nan<float>(), infinity<float>(), 0, 4}) == std::vector<double>{inf, inf, 0, 0});
    dense<float> const linear({1, 1}, 1, 2, {}, activation::linear);
    CHECK(backward_errors(linear.view(), x, std::vector<float>{-4}) == std::vector<double>{2});
    CHECK_THROWS_WITH(errors({1}), Catch::Contains("outputs of shape [1]"));
    dense<float> const broken({infinity<float>(), 1}, 1, 2, {}, activation::linear);
    CHECK_THROWS_WITH(backward_errors(broken.view(), x, std::vector<float>{1}),
                      Catch::Contains("output 0 is not finite"));
}
