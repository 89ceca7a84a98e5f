// SPDX-License-Identifier: BSL-1.0
#include <lastbit/quantify/condition.hpp>

#include <lastbit/quantify/generate.hpp>
#include "oracle/numbers.hpp"
#include "rational_layers.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit_tests;
using quantify::condition_of_dot;
using quantify::condition_of_sum;
using quantify::conditions_of_layer;
using quantify::conditions_of_product;

namespace {

/// Whether d is a rounded once.
bool is_rounded(double d, rational const& a) {
    rational const down(std::nextafter(d, 0.0)), up(std::nextafter(d, infinity<double>()));
    return 2 * a >= down + rational(d) && 2 * a <= up + rational(d);
}

}  // namespace

TEMPLATE_TEST_CASE("condition_of_sum, condition_of_dot: the quotients in rational arithmetic, rounded once",
                   "[quantify][condition]", float, double, bfloat16, float16) {
    random_stream random(11);
    for (std::size_t trial = 0; trial < trials(200); ++trial) {
        std::size_t const n = 1 + random.below(9);
        std::vector<TestType> x(n), y(n);
        for (TestType& e : x) e = of_exponent<TestType>(random, -6, 6);
        for (TestType& e : y) e = of_exponent<TestType>(random, -6, 6);
        rational sum, sizes, dot, products;
        for (std::size_t i = 0; i < n; ++i) {
            rational const a = rational_of(x[i]);
            rational const b = rational_of(y[i]);
            sum += a;
            sizes += abs(a);
            dot += a * b;
            products += abs(rational(a * b));
        }
        if (sum == 0 || dot == 0) continue;
        CHECK(is_rounded(condition_of_sum(x), rational(sizes / abs(sum))));
        CHECK(is_rounded(condition_of_dot(x, y), rational(2 * products / abs(dot))));
    }
}

TEST_CASE("condition_of_sum, condition_of_dot: what the generators return", "[quantify][condition]") {
    for (double const wanted : {2.0, 1e3, 1e12, 1e40, 1e200}) {
        auto const s = generate::ill_conditioned_sum<double>(100, wanted, 3);
        CHECK(condition_of_sum(s.x) == s.condition);
        auto const d = generate::ill_conditioned_dot<float>(100, wanted, 3);
        CHECK(condition_of_dot(d.x, d.y) == d.condition);
    }
}

TEST_CASE("condition_of_sum, condition_of_dot: special values", "[quantify][condition]") {
    using numbers = std::vector<double>;
    double const inf = infinity<double>();
    CHECK(is_nan(condition_of_sum(numbers{})));
    CHECK(is_nan(condition_of_sum(numbers{0.0, -0.0})));
    CHECK(condition_of_sum(numbers{1.0, -1.0}) == inf);
    CHECK(is_nan(condition_of_sum(numbers{1.0, inf})));
    CHECK(is_nan(condition_of_sum(numbers{1.0, canonical_nan<double>()})));
    CHECK(condition_of_sum(numbers{-3.0}) == 1.0);
    CHECK(condition_of_sum(numbers{0x1p-1074, 0x1p-1074, -0x1p-1074}) == 3.0);
    CHECK(condition_of_sum(numbers{0x1p1023, 0x1p1023, -0x1p1023}) == 3.0);  // no overflow on the way
    CHECK(condition_of_dot(numbers{0x1p-600, 1.0}, numbers{0x1p-600, 0.0}) == 2.0);
    CHECK(condition_of_dot(numbers{1.0, 1.0}, numbers{1.0, -1.0}) == inf);
    CHECK(is_nan(condition_of_dot(numbers{0.0}, numbers{1.0})));
    CHECK_THROWS_WITH(condition_of_dot(numbers{1.0}, numbers{}), Catch::Contains("shapes [1] and [0]"));
}

TEST_CASE("conditions_of_layer, conditions_of_product: the largest change that changed weights make",
          "[quantify][condition]") {
    random_stream random(12);
    rational const e(1, std::uint64_t{1} << 40);
    for (std::size_t trial = 0; trial < 20; ++trial) {
        std::vector<float> weight(6), bias(2), x(3);
        for (auto* v : {&weight, &bias, &x})
            for (float& element : *v) element = of_exponent<float>(random, -3, 0);
        for (bool const biased : {false, true}) {
            dense<float> const layer(weight, 2, 3, biased ? bias : std::vector<float>(), activation::linear);
            rational_layer const exact(layer.view());
            std::vector<rational> input;
            for (float const a : x) input.push_back(rational_of(a));
            auto const y = exact(input);
            std::vector<rational> largest(2), by_input(2);
            for (std::size_t signs = 0; signs < std::size_t{1} << exact.size(); ++signs)
                keep_largest(largest, y, exact.with(e, signs)(input), e);
            auto const conditions = conditions_of_layer(layer.view(), x);
            REQUIRE(conditions.size() == 2);
            for (std::size_t i = 0; i < 2; ++i) CHECK(is_rounded(conditions[i], largest[i]));
            if (biased) continue;
            for (std::size_t signs = 0; signs < 8; ++signs) {
                auto moved = input;
                for (std::size_t j = 0; j < 3; ++j) moved[j] = changed(input[j], e, signs, j);
                keep_largest(by_input, y, exact(moved), e);
            }
            CHECK(by_input == largest);
            CHECK(conditions_of_product(matrix_view<float const>(weight.data(), 2, 3), x) == conditions);
        }
    }
}

TEST_CASE("conditions_of_layer: rows of exact numbers, what no float is among them; shapes are checked",
          "[quantify][condition]") {
    dense<float> const layer({1, 2, -3, 4}, 2, 2, {1, 0}, activation::relu);
    oracle::exact_matrix X(2, 2);
    X.at(0, 0) = X.at(0, 1) = oracle::real(1);
    X.at(1, 0) = oracle::real(4) + oracle::real(0x1p-1000);
    X.at(1, 1) = oracle::real(3) + oracle::real(0x1p-1000);
    auto const conditions = conditions_of_layer(layer.view(), X);
    CHECK(conditions == std::vector<double>{1.0, 7.0, 1.0, 0x1.8p1004});
    CHECK_THROWS_WITH(conditions_of_layer(layer.view(), std::vector<float>{1}),
                      Catch::Contains("shape [2 x 2]") && Catch::Contains("an input of shape [1]"));
}
