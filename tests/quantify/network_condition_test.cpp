// SPDX-License-Identifier: BSL-1.0
#include <lastbit/quantify/network_condition.hpp>

#include "oracle/numbers.hpp"
#include "rational_layers.hpp"

#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit_tests;
using quantify::condition_of_network;
using quantify::conditions_of_layer;

namespace {

/// Whether d is a, but for one rounding and for what a change of 2^-90, instead of a smaller one, adds.
bool is_close(double d, rational const& a) {
    return abs(rational(rational(d) - a)) <= a * rational(1, std::uint64_t{1} << 50);
}

}  // namespace

TEST_CASE("condition_of_network: the largest changes that changed inputs and weights make",
          "[quantify][network_condition]") {
    random_stream random(31);
    rational e(1, std::uint64_t{1} << 45);
    e *= e;
    std::size_t dropped = 0;
    for (std::size_t trial = 0; trial < 12; ++trial) {
        std::vector<float> w1(6), b1(2), w2(4), b2(2), w3(4), x(3);
        for (auto* v : {&w1, &b1, &w2, &b2, &w3, &x})
            for (float& element : *v) element = of_exponent<float>(random, -3, 0);
        network<float> const net({dense<float>(w1, 2, 3, b1, activation::relu),
                                  dense<float>(w2, 2, 2, b2, activation::relu),
                                  dense<float>(w3, 2, 2, {}, activation::linear)});
        std::vector<rational_layer> layers;
        for (auto const& layer : net.layers()) layers.emplace_back(layer.view());
        std::vector<rational> input;
        for (float const a : x) input.push_back(rational_of(a));
        auto const y = through(layers, input);
        if (y[0] == 0 || y[1] == 0) {  // every unit of a layer is off
            ++dropped;
            continue;
        }
        auto const condition = condition_of_network(net, x);
        CHECK(condition.differentiable);
        std::vector<rational> largest(2);
        for (std::size_t signs = 0; signs < 8; ++signs) {
            auto moved = input;
            for (std::size_t j = 0; j < 3; ++j) moved[j] = changed(input[j], e, signs, j);
            keep_largest(largest, y, through(layers, moved), e);
        }
        CAPTURE(trial);
        for (std::size_t i = 0; i < 2; ++i) CHECK(is_close(condition.inputs[i], largest[i]));
        REQUIRE(condition.layers.size() == 3);
        for (std::size_t l = 0; l < 3; ++l) {
            largest = {0, 0};
            for (std::size_t signs = 0; signs < std::size_t{1} << layers[l].size(); ++signs) {
                auto other = layers;
                other[l] = layers[l].with(e, signs);
                keep_largest(largest, y, through(other, input), e);
            }
            for (std::size_t i = 0; i < 2; ++i) CHECK(is_close(condition.layers[l][i], largest[i]));
        }
    }
    CHECK(dropped < 9);
}

TEST_CASE("condition_of_network: one linear layer has the condition of the layer", "[quantify][network_condition]") {
    network<double> const net({dense<double>({1, -2, 3, 0.5, 4, -1}, 2, 3, {1, -7}, activation::linear)});
    std::vector<double> const x{0.5, 0.25, 3};
    auto const condition = condition_of_network(net, x);
    CHECK(condition.layers[0] == conditions_of_layer(net[0].view(), x));
    // |W| |x| = (10, 4.25) without the bias.
    CHECK(condition.inputs == std::vector<double>{10 / 10.0, 4.25 / 8.75});
}

TEST_CASE("condition_of_network: kinks, dead units and empty networks", "[quantify][network_condition]") {
    double const inf = infinity<double>();
    network<float> const kink({dense<float>({1, -1}, 1, 2, {}, activation::relu)});
    auto const at_kink = condition_of_network(kink, std::vector<float>{2, 2});
    CHECK_FALSE(at_kink.differentiable);
    CHECK(at_kink.inputs == std::vector<double>{inf});
    auto const dead = condition_of_network(kink, std::vector<float>{1, 2});
    CHECK(dead.differentiable);
    CHECK(is_nan(dead.inputs[0]));
    CHECK(is_nan(dead.layers[0][0]));
    auto const nothing = condition_of_network(kink, std::vector<float>{0, 0});
    CHECK(nothing.differentiable);  // no change of such inputs or weights moves it
    // A kink that only a change before the layer reaches: y = 1 + |x_0 - x_1| by way of a linear layer.
    network<float> const behind({dense<float>({1, -1}, 1, 2, {}, activation::linear),
                                 dense<float>({1, -1}, 2, 1, {}, activation::relu),
                                 dense<float>({1, 1}, 1, 2, {1}, activation::linear)});
    CHECK_FALSE(condition_of_network(behind, std::vector<float>{1, 1}).differentiable);
    CHECK(condition_of_network(behind, std::vector<float>{2, 1}).differentiable);
    CHECK(condition_of_network(behind, std::vector<float>{2, 1}).inputs == std::vector<double>{1.5});
    CHECK(condition_of_network(behind, std::vector<float>{0, 0}).differentiable);  // fixed at 0 all the way
    auto const empty = condition_of_network(network<float>(), std::vector<float>{});
    CHECK(empty.inputs.empty());
    CHECK(empty.layers.empty());
    CHECK_THROWS_WITH(condition_of_network(kink, std::vector<float>{1}), Catch::Contains("a network of 2 inputs"));
    CHECK_THROWS_WITH(condition_of_network(kink, std::vector<float>{1, infinity<float>()}),
                      Catch::Contains("input (0, 1) is not finite"));
}

TEST_CASE("condition_of_network: curved activations, against difference quotients", "[quantify][network_condition]") {
    auto const layer = [](std::vector<float> weight, std::size_t out, activation act) {
        std::size_t const in = weight.size() / out;
        return dense<float>(std::move(weight), out, in, std::vector<float>(out, 0.25F), act);
    };
    std::vector<float> const x{0.5F, -1.25F};
    for (int k = 0; k <= static_cast<int>(activation::softmax); ++k) {
        auto const act = static_cast<activation>(k);
        bool const last = act == activation::softmax;
        std::vector<dense<float>> layers;
        layers.push_back(layer({0.5F, -0.75F, 1.5F, 0.25F}, 2, last ? activation::tanh : act));
        layers.push_back(layer({1.0F, -0.5F, 0.75F, 2.0F}, 2, last ? act : activation::linear));
        network<float> const net(layers);
        auto const found = quantify::condition_of_network(net, x);
        // y by its inputs, in exact arithmetic but for steps of 2^-60.
        auto const outputs = [&layers](std::vector<oracle::real> row) {
            for (dense<float> const& one : layers) row = oracle::exact_layer<float>(one.view())(row);
            return row;
        };
        std::vector<oracle::real> const exact{oracle::real(x[0]), oracle::real(x[1])};
        auto const y = outputs(exact);
        for (std::size_t i = 0; i < 2; ++i) {
            double expected = 0;
            for (std::size_t j = 0; j < 2; ++j) {
                auto moved = exact;
                moved[j] += oracle::real(1).scaled(-60);
                oracle::real const slope = (outputs(moved)[i] - y[i]).scaled(60);
                expected += oracle::quotient<double>((slope * exact[j]).abs(), y[i].abs());
            }
            CAPTURE(name(act), i);
            CHECK(found.inputs[i] == Approx(expected).epsilon(1e-12));
        }
    }
    // Where the oracle has no relative accuracy left, nothing is said.
    network<float> const saturated({dense<float>({-3000.0F}, 1, 1, {}, activation::sigmoid)});
    CHECK(is_nan(quantify::condition_of_network(saturated, std::vector<float>{1}).inputs[0]));
    network<float> const within({dense<float>({-1400.0F}, 1, 1, {}, activation::sigmoid)});
    CHECK(quantify::condition_of_network(within, std::vector<float>{1}).inputs[0] == Approx(1400.0).epsilon(1e-12));
}
