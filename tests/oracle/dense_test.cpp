// SPDX-License-Identifier: BSL-1.0
#include <lastbit/oracle/dense.hpp>

#include "numbers.hpp"
#include "trials.hpp"
#include <lastbit/oracle/dot.hpp>

#include <catch2/catch.hpp>

using namespace lastbit;
using lastbit_tests::same_bits;
using oracle::real;

namespace {

template <class T>
dense<T> any_layer(random_stream& random, std::size_t out, std::size_t in, activation act) {
    return dense<T>(lastbit_tests::any_vector<T>(random, out * in), out, in, lastbit_tests::any_vector<T>(random, out),
                    act);
}

float layer_of_one(std::vector<float> weight, std::vector<float> bias, activation act, std::vector<float> const& x) {
    std::size_t const n = weight.size();
    return oracle::forward(dense<float>(std::move(weight), 1, n, std::move(bias), act), x)[0].round<float>();
}

}  // namespace

TEMPLATE_TEST_CASE("oracle::forward: a layer is act(dot of a row + bias), exactly", "[oracle][dense]", float, double,
                   bfloat16, float16) {
    using T = TestType;
    random_stream random(1);
    for (std::size_t trial = 0; trial < lastbit_tests::trials(20); ++trial) {
        std::size_t const in = random.below(30), out = 1 + random.below(4);
        auto const act = trial % 2 == 0 ? activation::relu : activation::linear;
        auto const layer = any_layer<T>(random, out, in, act);
        auto const x = lastbit_tests::any_vector<T>(random, in);
        auto const y = oracle::forward(layer, x);
        REQUIRE(y.size() == out);
        dense_view<T> const view = layer.view();
        for (std::size_t i = 0; i < out; ++i) {
            real const z = oracle::dot(std::span(view.weight.data() + i * in, in), x) + real(view.bias[i]);
            REQUIRE(y[i] == (act == activation::relu && z < real(0) ? real(0) : z));
        }
    }
}

TEST_CASE("oracle::forward: exact inputs are not rounded, and strided weights are followed", "[oracle][dense]") {
    double const weight[] = {1, 3, 2, 4};  // column-major of [[1, 2], [3, 4]]
    double const bias[] = {10, 20};
    dense_view<double> const layer{matrix_view<double const>(weight, 2, 2, 1, 2), bias, activation::linear};
    real const third = real(1).scaled(-3000) + real(1);
    std::vector<real> const x{third, real(-1)};
    auto const y = oracle::forward(layer, x);
    CHECK(y[0] == third - real(2) + real(10));
    CHECK(y[1] == third * real(3) - real(4) + real(20));
}

TEST_CASE("oracle::forward: zeros have the sign of a sum of their terms", "[oracle][dense]") {
    auto const linear = activation::linear;
    CHECK(same_bits(layer_of_one({-0.0F}, {}, linear, {1}), -0.0F));
    CHECK(same_bits(layer_of_one({-0.0F}, {0.0F}, linear, {1}), 0.0F));
    CHECK(same_bits(layer_of_one({-0.0F}, {-0.0F}, linear, {1}), -0.0F));
    CHECK(same_bits(layer_of_one({1, 1}, {}, linear, {1, -1}), 0.0F));
    CHECK(same_bits(layer_of_one({1, -0.0F}, {-1}, linear, {1, 1}), 0.0F));
    CHECK(same_bits(layer_of_one({-0.0F}, {}, activation::relu, {1}), 0.0F));
    CHECK(same_bits(layer_of_one({}, {-0.0F}, linear, {}), -0.0F));
    CHECK(same_bits(layer_of_one({}, {}, linear, {}), 0.0F));
}

TEST_CASE("oracle::forward: NaN and infinities stay in their outputs", "[oracle][dense]") {
    float const inf = infinity<float>(), nan = canonical_nan<float>();
    dense<float> const layer({1, inf, 1, 1, nan, 0}, 3, 2, {0, 0, 0}, activation::linear);
    auto const y = oracle::forward(layer, std::vector<float>{1, 2});
    CHECK(y[0] == real::infinity());
    CHECK(y[1] == real(3));
    CHECK(y[2].is_nan());
    CHECK(oracle::forward(layer, std::vector<float>{1, 0})[0].is_nan());
    CHECK(same_bits(layer_of_one({1}, {}, activation::relu, {-inf}), 0.0F));
    CHECK(same_bits(layer_of_one({1}, {}, activation::relu, {nan}), nan));
    CHECK(same_bits(layer_of_one({1}, {-inf}, activation::linear, {inf}), nan));
}

TEST_CASE("oracle::forward: shapes that do not fit are a failed precondition", "[oracle][dense]") {
    dense<float> const layer({1, 2}, 1, 2, {}, activation::linear);
    CHECK_THROWS_WITH(oracle::forward(layer, std::vector<float>(3)),
                      Catch::Contains("[1 x 2]") && Catch::Contains("[3]"));
    float const one[] = {1};
    dense_view<float> const wrong{matrix_view<float const>(one, 1, 1), std::span<float const>(), activation::linear};
    CHECK_NOTHROW(oracle::forward(wrong, std::vector<float>(1)));
}
