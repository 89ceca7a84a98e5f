// SPDX-License-Identifier: BSL-1.0
#include <lastbit/quantify/activation_bound.hpp>

#include <lastbit/nn.hpp>
#include <lastbit/oracle/network.hpp>
#include <lastbit/quantify/certificate.hpp>
#include "trees.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

using namespace lastbit;
using oracle::real;
using quantify::arithmetic;
using quantify::bound_status;

namespace {

constexpr int last_activation = static_cast<int>(activation::softmax);

/// y moved by up to `steps` floats, the smallest normal number or more flushed as the unit flushes.
float disturbed(lastbit_tests::float_unit& unit, float y, int steps) {
    if (is_zero(y)) return y;
    auto const move = static_cast<std::int32_t>(unit.below(static_cast<std::size_t>(2 * steps + 1))) - steps;
    std::int64_t const magnitude = static_cast<std::int64_t>(to_bits(absolute(y))) + move;
    float const moved = from_bits<float>(static_cast<std::uint32_t>(magnitude < 0 ? 0 : magnitude));
    return unit.read(is_negative(y) ? negate(moved) : moved);
}

/// One layer after the other in some order; the activations exact but for one rounding and `steps` floats.
std::vector<float> computed(lastbit_tests::float_unit& unit, network<float> const& net, std::vector<float> x,
                            int steps) {
    for (auto const& layer : net.layers()) {
        dense_view<float> const view = layer.view();
        network<float> const sums({dense<float>(view.weight, view.bias, activation::linear)});
        x = lastbit_tests::forward_in_some_order(unit, sums, x);
        std::vector<real> y;
        for (float const z : x) y.emplace_back(unit.read(z));
        oracle::activate_row(view.act, y);
        bool const exact = view.act == activation::linear || view.act == activation::relu;
        for (std::size_t j = 0; j < x.size(); ++j) {
            x[j] = y[j].round<float>();
            if (!exact) x[j] = disturbed(unit, x[j], steps);
        }
    }
    return x;
}

/// One to three layers with activations of all kinds, softmax last only.
network<float> any_network(random_stream& random, int low, int high) {
    std::vector<dense<float>> layers;
    std::size_t in = 1 + random.below(7);
    std::size_t const depth = 1 + random.below(3);
    for (std::size_t k = 0; k < depth; ++k) {
        std::size_t const out = 1 + random.below(7);
        std::vector<float> weight(out * in);
        std::vector<float> bias(out);
        for (float& w : weight) w = lastbit_tests::of_exponent<float>(random, low, high);
        for (float& b : bias) b = lastbit_tests::of_exponent<float>(random, low, high);
        auto act = static_cast<activation>(random.below(last_activation + 1));
        if (act == activation::softmax && k + 1 < depth) act = activation::tanh;
        layers.emplace_back(std::move(weight), out, in, std::move(bias), act);
        in = out;
    }
    return network<float>(layers);
}

/// How many outputs are off by more than the bound, of networks in random orders; largest: of error / bound.
std::size_t violations(arithmetic model, int low, int high, int steps, double ulps, double& largest) {
    random_stream random(1129);
    std::size_t count = 0;
    for (std::size_t trial = 0; trial < lastbit_tests::trials(150); ++trial) {
        network<float> const net = any_network(random, low, high);
        std::vector<float> x(net.inputs());
        for (float& element : x) element = lastbit_tests::of_exponent<float>(random, low, high);
        matrix_view<float const> const X(x.data(), 1, x.size());
        auto const layers = oracle::forward_layers(net, X);
        auto const bounds = quantify::network_bound(net, X, std::span<oracle::exact_matrix const>(layers), model, ulps);
        REQUIRE(bounds.status(0) == bound_status::valid);
        for (int repeat = 0; repeat < 5; ++repeat) {
            lastbit_tests::float_unit unit(random, model);
            std::vector<float> const y = computed(unit, net, x, steps);
            for (std::size_t j = 0; j < y.size(); ++j) {
                real const error = (real(y[j]) - layers.back().at(0, j)).abs();
                if (error > real(bounds.at(0, j))) ++count;
                largest = std::max(largest, oracle::quotient<double>(error, real(bounds.at(0, j))));
            }
        }
    }
    return count;
}

/// 64-32-10, weights about 1/8.
network<float> made_network(activation act) {
    random_stream random(64, static_cast<std::uint64_t>(act));
    auto const layer = [&random](std::size_t out, std::size_t in, activation a) {
        std::vector<float> weight(out * in);
        std::vector<float> bias(out);
        for (float& w : weight) w = detail::convert<float>(0.5 * random.uniform() - 0.25);
        for (float& b : bias) b = detail::convert<float>(random.uniform() - 0.5);
        return dense<float>(std::move(weight), out, in, std::move(bias), a);
    };
    std::vector<dense<float>> layers;
    layers.push_back(layer(32, 64, act));
    layers.push_back(layer(10, 32, activation::linear));
    return network<float>(layers);
}

template <class M>
std::size_t rows_outside(network<float> const& net, matrix_view<float const> X, matrix_view<float const> exact_inputs,
                         quantify::error_bounds const& bounds) {
    std::vector<float> y(X.rows() * net.outputs());
    matrix_view<float> const Y(y.data(), X.rows(), net.outputs());
    forward<M>(net, X, Y);
    auto const exact = oracle::forward(net, exact_inputs);
    std::size_t outside = 0;
    for (std::size_t i = 0; i < Y.rows(); ++i) {
        bool within = true;
        for (std::size_t j = 0; j < Y.cols(); ++j)
            within = within && (real(Y(i, j)) - exact.at(i, j)).abs() <= real(bounds.at(i, j));
        if (!within) ++outside;
    }
    return outside;
}

}  // namespace

TEST_CASE("slopes_of: no derivative is larger", "[quantify][activation_bound]") {
    for (int k = 0; k < last_activation; ++k) {
        auto const a = static_cast<activation>(k);
        quantify::activation_slopes const most = quantify::slopes_of(a);
        double first = 0;
        double second = 0;
        constexpr double step = 0x1p-6;
        for (int i = -600; i <= 600; ++i) {
            double const z = i * step;
            real const slope = oracle::slope(a, real(z));
            first = std::max(first, slope.abs().round<double>());
            bool const beside_zero = i == -1;  // the step over a kink
            real const next = oracle::slope(a, real(z + step));
            if (!beside_zero) second = std::max(second, (next - slope).abs().round<double>() / step);
        }
        CAPTURE(name(a));
        CHECK(first <= most.first);
        CHECK(first >= 0.98 * most.first);  // no more than needed
        CHECK(second <= most.second);
        CHECK(second >= 0.9 * most.second);
    }
}

TEST_CASE("network_bound: holds for every activation, in any order, with activations off by a few ulps",
          "[quantify][activation_bound]") {
    double largest = 0;
    CHECK(violations(arithmetic::ieee, -6, 3, 3, 4, largest) == 0);
    CHECK(largest > 0.5);  // it is attained within a factor of 2
    CHECK(violations(arithmetic::ieee, -70, 2, 3, 4, largest) == 0);
    CHECK(violations(arithmetic::ftz, -75, -50, 3, 4, largest) == 0);
    // Not with fewer ulps than the activations are off by.
    CHECK(violations(arithmetic::ieee, -6, 3, 40, 4, largest) > 0);
}

TEST_CASE("network_bound: tanh and gelu networks, every method within, bfloat16 weights outside",
          "[quantify][activation_bound]") {
    random_stream random(5);
    constexpr std::size_t rows = 12;
    std::vector<float> x(rows * 64);
    for (float& element : x) element = detail::convert<float>(random.uniform());
    matrix_view<float const> const X(x.data(), rows, 64);
    for (activation const act : {activation::tanh, activation::gelu, activation::gelu_tanh}) {
        network<float> const net = made_network(act);
        auto const layers = oracle::forward_layers(net, X);
        auto const found =
            quantify::certify(net, X, std::span<oracle::exact_matrix const>(layers), arithmetic::ieee, 0.501);
        CAPTURE(name(act));
        CHECK(rows_outside<method<plain, sequential>>(net, X, X, found.bounds) == 0);
        CHECK(rows_outside<method<fused, lanes<>>>(net, X, X, found.bounds) == 0);
        CHECK(rows_outside<method<plain, pairwise<>>>(net, X, X, found.bounds) == 0);
        CHECK(rows_outside<method<kahan, lanes<>>>(net, X, X, found.bounds) == 0);
        CHECK(rows_outside<correctly_rounded>(net, X, X, found.bounds) == 0);
        CHECK(found.certain() > rows / 2);
        // The same inputs read as bfloat16.
        std::vector<float> narrow;
        for (float const element : x) narrow.push_back(static_cast<float>(bfloat16(element)));
        CHECK(rows_outside<method<plain, sequential>>(net, matrix_view<float const>(narrow.data(), rows, 64), X,
                                                      found.bounds) == rows);
    }
}

TEST_CASE("network_bound: activations that may overflow, and a negative error", "[quantify][activation_bound]") {
    network<float> const net({dense<float>({largest<float>()}, 1, 1, {}, activation::selu)});
    std::vector<float> const x{0.99F};
    matrix_view<float const> const X(x.data(), 1, 1);
    auto const layers = oracle::forward_layers(net, X);
    std::span<oracle::exact_matrix const> const outputs(layers);
    CHECK(quantify::network_bound(net, X, outputs).status(0) == bound_status::may_overflow);
    CHECK_THROWS_AS(quantify::network_bound(net, X, outputs, arithmetic::ieee, -1.0), std::invalid_argument);
}
