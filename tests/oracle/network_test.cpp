// SPDX-License-Identifier: BSL-1.0
#include <lastbit/oracle/network.hpp>

#include "numbers.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

using namespace lastbit;
using oracle::real;

namespace {

dense<float> any_layer(random_stream& random, std::size_t out, std::size_t in, activation act) {
    std::vector<float> weight(out * in), bias(out);
    for (float& w : weight) w = lastbit_tests::of_exponent<float>(random, -12, 3);
    for (float& b : bias) b = lastbit_tests::of_exponent<float>(random, -12, 3);
    return dense<float>(weight, out, in, bias, act);
}

}  // namespace

TEST_CASE("oracle::forward: a network is its layers applied term by term, without a rounding between",
          "[oracle][network]") {
    random_stream random(1);
    for (std::size_t trial = 0; trial < lastbit_tests::trials(20); ++trial) {
        network<float> const net({any_layer(random, 5, 7, activation::relu), any_layer(random, 6, 5, activation::relu),
                                  any_layer(random, 3, 6, activation::linear)});
        std::vector<double> x(2 * 7);
        for (double& element : x) element = lastbit_tests::of_exponent<double>(random, -20, 3);
        matrix_view<double const> const X(x.data(), 2, 7);
        auto const layers = oracle::forward_layers(net, X);
        REQUIRE(layers.size() == 3);
        for (std::size_t row = 0; row < 2; ++row) {
            std::vector<real> values;
            for (std::size_t j = 0; j < 7; ++j) values.emplace_back(X(row, j));
            for (std::size_t k = 0; k < 3; ++k) {
                auto const view = net[k].view();
                std::vector<real> next;
                for (std::size_t i = 0; i < view.outputs(); ++i) {
                    real z(view.bias[i]);
                    for (std::size_t j = 0; j < view.inputs(); ++j) z += real(view.weight(i, j)) * values[j];
                    next.push_back(k < 2 && z < real(0) ? real(0) : z);
                    REQUIRE(layers[k].at(row, i) == next.back());
                }
                values = next;
            }
        }
        auto const last = oracle::forward(net, X);
        REQUIRE(std::equal(last.values().begin(), last.values().end(), layers[2].values().begin()));
    }
}

TEST_CASE("oracle::forward: progress counts the rows", "[oracle][network]") {
    random_stream random(2);
    network<float> const net({any_layer(random, 2, 2, activation::linear)});
    std::vector<float> x(6, 1.0F);
    std::vector<std::size_t> calls;
    static_cast<void>(oracle::forward(net, matrix_view<float>(x.data(), 3, 2), [&](std::size_t done, std::size_t all) {
        CHECK(all == 3);
        calls.push_back(done);
    }));
    CHECK(calls == std::vector<std::size_t>{1, 2, 3});
}

TEST_CASE("oracle::forward: empty networks and batches", "[oracle][network]") {
    CHECK(oracle::forward(network<float>(), matrix_view<float const>(nullptr, 4, 0)).rows() == 4);
    CHECK(oracle::forward(network<float>(), matrix_view<float const>(nullptr, 4, 0)).cols() == 0);
    random_stream random(3);
    network<float> const net({any_layer(random, 2, 2, activation::linear)});
    CHECK(oracle::forward(net, matrix_view<float const>(nullptr, 0, 2)).rows() == 0);
}

TEST_CASE("oracle::forward: wrong shapes and values that are not finite are refused by name", "[oracle][network]") {
    random_stream random(4);
    network<float> const net({any_layer(random, 2, 2, activation::linear)});
    std::vector<float> x{1, 2, 3, infinity<float>()};
    CHECK_THROWS_WITH(oracle::forward(net, matrix_view<float>(x.data(), 1, 3)), Catch::Contains("[1 x 3]"));
    CHECK_THROWS_WITH(oracle::forward(net, matrix_view<float>(x.data(), 2, 2)), Catch::Contains("input (1, 1)"));
    network<float> const bad({dense<float>({1, canonical_nan<float>()}, 1, 2, {}, activation::linear)});
    CHECK_THROWS_WITH(oracle::forward(bad, matrix_view<float>(x.data(), 1, 2)),
                      Catch::Contains("weight (0, 1)") && Catch::Contains("layer 0"));
}
