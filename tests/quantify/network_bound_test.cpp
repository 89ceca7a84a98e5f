// SPDX-License-Identifier: BSL-1.0
#include <lastbit/quantify/network_bound.hpp>

#include "trees.hpp"
#include "trials.hpp"
#include <lastbit/oracle/network.hpp>
#include <lastbit/quantify/error.hpp>

#include <catch2/catch.hpp>

using namespace lastbit;
using oracle::real;
using quantify::arithmetic;
using quantify::bound_status;
using quantify::network_bound;

namespace {

struct exponents {
    int weight_low, weight_high, input_low, input_high;
};

/// 0 to 3 hidden layers of 1 to 9 units; some weights and inputs are zero; some layers have no bias.
network<float> any_network(random_stream& random, exponents const& e) {
    std::vector<dense<float>> layers;
    std::size_t in = 1 + random.below(9);
    std::size_t const depth = 1 + random.below(4);
    for (std::size_t k = 0; k < depth; ++k) {
        std::size_t const out = 1 + random.below(9);
        std::vector<float> weight(out * in), bias(random.below(3) == 0 ? 0 : out);
        for (float& w : weight)
            w = random.below(8) == 0 ? 0.0F : lastbit_tests::of_exponent<float>(random, e.weight_low, e.weight_high);
        for (float& b : bias) b = lastbit_tests::of_exponent<float>(random, e.weight_low, e.weight_high);
        layers.emplace_back(weight, out, in, bias, random.below(2) == 0 ? activation::relu : activation::linear);
        in = out;
    }
    return network<float>(layers);
}

std::vector<float> any_input(random_stream& random, std::size_t n, exponents const& e) {
    std::vector<float> x(n);
    for (float& element : x)
        element = random.below(8) == 0 ? 0.0F : lastbit_tests::of_exponent<float>(random, e.input_low, e.input_high);
    return x;
}

/// How many outputs of random networks in random orders are off by more than the bound.
std::size_t count_violations(arithmetic model, exponents const& e, std::uint64_t seed) {
    random_stream random(seed);
    std::size_t violations = 0;
    for (std::size_t trial = 0; trial < lastbit_tests::trials(60); ++trial) {
        auto const net = any_network(random, e);
        auto const x = any_input(random, net.inputs(), e);
        matrix_view<float const> const X(x.data(), 1, x.size());
        auto const layers = oracle::forward_layers(net, X);
        auto const bounds = network_bound(net, X, layers, model);
        REQUIRE(bounds.status(0) == bound_status::valid);
        for (int repeat = 0; repeat < 5; ++repeat) {
            lastbit_tests::float_unit unit(random, model);
            auto const y = lastbit_tests::forward_in_some_order(unit, net, x);
            for (std::size_t j = 0; j < y.size(); ++j) {
                real const error = (real(y[j]) - layers.back().at(0, j)).abs();
                violations += error > real(bounds.at(0, j)) ? 1U : 0U;
            }
        }
    }
    return violations;
}

/// The bound without any rounding: numerator / denominator, both exact.
struct exact_bound {
    std::vector<real> numerator;
    real denominator;
};

exact_bound rational_bound(network<float> const& net, std::vector<float> const& x,
                           std::vector<oracle::exact_matrix> const& layers, std::size_t row, arithmetic model) {
    real const smallest = real(1).scaled(-126);
    exact_bound b{std::vector<real>(x.size()), real(1)};
    std::vector<real> inputs(x.begin(), x.end());
    for (std::size_t k = 0; k < net.size(); ++k) {
        auto const view = net[k].view();
        real const n(view.inputs()), g = n + real(1), d = real(1).scaled(24) - g;  // gamma = g / d
        std::vector<real> next;
        for (std::size_t i = 0; i < view.outputs(); ++i) {
            // The three parts, times the denominator: inherited, |W| (|x| + delta) + |b|, and the results' underflow.
            real inherited, size, lost;
            if (!view.bias.empty()) size = real(view.bias[i]).abs() * b.denominator;
            if (model == arithmetic::ftz && !view.bias.empty() && real(view.bias[i]).abs() < smallest) lost += size;
            for (std::size_t j = 0; j < view.inputs(); ++j) {
                real const w = real(view.weight(i, j)).abs(), reach = inputs[j].abs() * b.denominator + b.numerator[j];
                inherited += w * b.numerator[j];
                size += w * reach;
                if (model == arithmetic::ftz) lost += w * smallest * b.denominator;
                if (model == arithmetic::ftz && w < smallest) lost += w * reach;
            }
            real const results =
                (model == arithmetic::ftz ? real(2) * n * smallest : n * real(1).scaled(-150)) * b.denominator;
            next.push_back(d * (inherited + lost + results) + g * (size + results));
        }
        b.numerator = next;
        b.denominator *= d;
        inputs.assign(layers[k].row(row).begin(), layers[k].row(row).end());
    }
    return b;
}

network<float> one_neuron(std::vector<float> weight, std::vector<float> bias) {
    std::size_t const n = weight.size();
    return network<float>({dense<float>(std::move(weight), 1, n, std::move(bias), activation::linear)});
}

/// The bound divided by the error of the sequential order, bias first.
double tightness(network<float> const& net, std::vector<float> const& x, arithmetic model, bool always_flush = false) {
    matrix_view<float const> const X(x.data(), 1, x.size());
    auto const layers = oracle::forward_layers(net, X);
    auto const bounds = network_bound(net, X, layers, model);
    REQUIRE(bounds.status(0) == bound_status::valid);
    float y = 0;
    if (!always_flush) {
        random_stream random(1);
        lastbit_tests::float_unit unit(random, arithmetic::ieee);
        y = lastbit_tests::forward_in_some_order(unit, net, x, true)[0];
    }
    real const error = (real(y) - layers[0].at(0, 0)).abs();
    REQUIRE(error <= real(bounds.at(0, 0)));
    return oracle::quotient<double>(real(bounds.at(0, 0)), error);
}

}  // namespace

TEST_CASE("network_bound: no order of summation exceeds it", "[quantify][network_bound]") {
    CHECK(count_violations(arithmetic::ieee, {-4, 4, -4, 4}, 1) == 0);
    CHECK(count_violations(arithmetic::ieee, {-10, 10, -20, 10}, 2) == 0);
    CHECK(count_violations(arithmetic::ftz, {-4, 4, -4, 4}, 3) == 0);
}

TEST_CASE("network_bound: no order exceeds it where products and sums underflow", "[quantify][network_bound]") {
    CHECK(count_violations(arithmetic::ieee, {-90, -40, -120, -60}, 4) == 0);
    CHECK(count_violations(arithmetic::ieee, {-76, -74, -76, -74}, 5) == 0);
    CHECK(count_violations(arithmetic::ftz, {-90, -40, -120, -60}, 6) == 0);
    CHECK(count_violations(arithmetic::ftz, {-66, -60, -66, -60}, 7) == 0);
    CHECK(count_violations(arithmetic::ftz, {-149, -100, 10, 60}, 8) == 0);
    CHECK(count_violations(arithmetic::ftz, {-20, 20, -149, -120}, 9) == 0);
}

TEST_CASE("network_bound: the ieee bound does not hold for flushed arithmetic", "[quantify][network_bound]") {
    // What the search above would find if eta were forgotten: it finds it here.
    random_stream random(10);
    std::size_t violations = 0;
    for (int trial = 0; trial < 50; ++trial) {
        exponents const e{-66, -60, -66, -60};
        auto const net = any_network(random, e);
        auto const x = any_input(random, net.inputs(), e);
        matrix_view<float const> const X(x.data(), 1, x.size());
        auto const layers = oracle::forward_layers(net, X);
        auto const bounds = network_bound(net, X, layers, arithmetic::ieee);
        lastbit_tests::float_unit unit(random, arithmetic::ftz);
        auto const y = lastbit_tests::forward_in_some_order(unit, net, x);
        for (std::size_t j = 0; j < y.size(); ++j)
            violations += (real(y[j]) - layers.back().at(0, j)).abs() > real(bounds.at(0, j)) ? 1U : 0U;
    }
    CHECK(violations > 0);
}

TEST_CASE("network_bound: rounding attains it within 2 %, so half of gamma would be too little",
          "[quantify][network_bound]") {
    // 1 + u is a tie and goes back to 1, a thousand times.
    std::vector<float> const x(1000, 0x1p-12F);
    CHECK(tightness(one_neuron(x, {1}), x, arithmetic::ieee) < 1.02);
}

TEST_CASE("network_bound: gradual underflow attains it within 1 %", "[quantify][network_bound]") {
    // 2^-150 is a tie between 0 and the smallest subnormal.
    std::vector<float> const x(1000, 0x1p-75F);
    CHECK(tightness(one_neuron(x, {}), x, arithmetic::ieee) < 1.01);
}

TEST_CASE("network_bound: flushed results attain it within a factor of 2.1, flushed inputs within 1 %",
          "[quantify][network_bound]") {
    // Products just below 2^-126 become zeros; the other half of the bound is for sums.
    CHECK(tightness(one_neuron(std::vector<float>(1000, 0x1.fffffep-64F), {}), std::vector<float>(1000, 0x1p-63F),
                    arithmetic::ftz, true) < 2.1);
    // Weights of 2^-127 are read as zeros, though the products are of ordinary size.
    CHECK(tightness(one_neuron(std::vector<float>(1000, 0x1p-127F), {}), std::vector<float>(1000, 0x1p100F),
                    arithmetic::ftz, true) < 1.01);
    CHECK(tightness(one_neuron(std::vector<float>(1000, 0x1p100F), {}), std::vector<float>(1000, 0x1.fffffcp-127F),
                    arithmetic::ftz, true) < 1.01);
}

TEST_CASE("network_bound: at least the bound in exact arithmetic, and no more than 1e-12 above it",
          "[quantify][network_bound]") {
    random_stream random(11);
    for (auto const model : {arithmetic::ieee, arithmetic::ftz}) {
        for (exponents const e :
             {exponents{-4, 4, -4, 4}, exponents{-76, -70, -80, -60}, exponents{-149, -100, -10, 60}}) {
            for (int trial = 0; trial < 20; ++trial) {
                auto const net = any_network(random, e);
                auto const x = any_input(random, net.inputs(), e);
                matrix_view<float const> const X(x.data(), 1, x.size());
                auto const layers = oracle::forward_layers(net, X);
                auto const bounds = network_bound(net, X, layers, model);
                auto const exact = rational_bound(net, x, layers, 0, model);
                for (std::size_t j = 0; j < bounds.cols(); ++j) {
                    real const ours = real(bounds.at(0, j)) * exact.denominator;
                    REQUIRE(ours >= exact.numerator[j]);
                    // 2^-1000: what upper bounds are raised to.
                    REQUIRE(ours <= exact.numerator[j] * (real(1) + real(1e-12)) + exact.denominator.scaled(-990));
                }
            }
        }
    }
}

TEST_CASE("network_bound: too many terms and possible overflow give +inf and the reason", "[quantify][network_bound]") {
    auto const status_of_bfloat16 = [](std::size_t n) {
        network<bfloat16> const net(
            {dense<bfloat16>(std::vector<bfloat16>(n, bfloat16(1)), 1, n, {}, activation::linear)});
        std::vector<bfloat16> const x(n, bfloat16(1));
        matrix_view<bfloat16 const> const X(x.data(), 1, n);
        auto const bounds = network_bound(net, X, oracle::forward_layers(net, X));
        CHECK(is_inf(bounds.at(0, 0)) == (bounds.status(0) != bound_status::valid));
        return bounds.status(0);
    };
    CHECK(status_of_bfloat16(254) == bound_status::valid);
    CHECK(status_of_bfloat16(255) == bound_status::too_many_terms);

    auto const status_of_float = [](float weight) {
        auto const net = one_neuron({weight, negate(weight)}, {});
        std::vector<float> const x{1, 1};
        matrix_view<float const> const X(x.data(), 1, 2);
        return network_bound(net, X, oracle::forward_layers(net, X)).status(0);
    };
    CHECK(status_of_float(0x1.fffffep125F) == bound_status::valid);
    CHECK(status_of_float(0x1.fffffep126F) == bound_status::may_overflow);
    CHECK(status_of_float(0x1p127F) == bound_status::may_overflow);
}

TEST_CASE("network_bound: a bound per row, and shapes that do not fit are refused", "[quantify][network_bound]") {
    auto const net = one_neuron({0x1p126F}, {1});
    std::vector<float> const x{1, 8, 0};
    matrix_view<float const> const X(x.data(), 3, 1);
    auto const layers = oracle::forward_layers(net, X);
    auto const bounds = network_bound(net, X, layers);
    CHECK(bounds.status(0) == bound_status::valid);
    CHECK(bounds.status(1) == bound_status::may_overflow);
    CHECK(bounds.status(2) == bound_status::valid);
    CHECK(bounds.at(2, 0) < 2.5e-7);
    CHECK_THROWS_AS(network_bound(net, matrix_view<float const>(x.data(), 2, 1), layers), std::invalid_argument);
    CHECK_THROWS_AS(network_bound(net, X, {}), std::invalid_argument);
    CHECK(quantify::arithmetic_from_name("ftz") == arithmetic::ftz);
    CHECK(quantify::name(arithmetic::ieee) == "ieee");
    CHECK_FALSE(quantify::arithmetic_from_name("FTZ").has_value());
}
