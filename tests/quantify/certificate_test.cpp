// SPDX-License-Identifier: BSL-1.0
#include <lastbit/quantify/certificate.hpp>

#include <lastbit/io/npy.hpp>
#include <lastbit/io/safetensors.hpp>
#include <lastbit/oracle/network.hpp>

#include <catch2/catch.hpp>

using namespace lastbit;
using oracle::real;
using quantify::arithmetic;
using quantify::certify;

namespace {

quantify::input_certificate certify_logits(std::vector<real> const& z, std::vector<double> const& bound) {
    quantify::error_bounds bounds(1, z.size());
    for (std::size_t j = 0; j < z.size(); ++j) bounds.at(0, j) = bound[j];
    return quantify::detail::certify_row(z, bounds, 0);
}

network<float> digits_network() {
    auto const file = io::read_safetensors(LASTBIT_DIGITS "model.safetensors");
    std::vector<dense<float>> layers;
    for (std::string const name : {"dense_0", "dense_1", "dense_2"}) {
        auto const& weight = file.at(name + ".weight");
        layers.emplace_back(weight.as<float>(), weight.shape()[0], weight.shape()[1],
                            file.at(name + ".bias").as<float>(),
                            name == "dense_2" ? activation::linear : activation::relu);
    }
    return network<float>(layers);
}

}  // namespace

TEST_CASE("certify: the margin must exceed the bounds strictly, for every class", "[quantify][certificate]") {
    real const one(1), more = one + one.scaled(-3000);
    CHECK_FALSE(certify_logits({one, real(0)}, {1.0, 0.0}).certain);
    CHECK(certify_logits({more, real(0)}, {1.0, 0.0}).certain);
    CHECK_FALSE(certify_logits({one, real(0)}, {0.5, 0.5}).certain);
    CHECK(certify_logits({one + one.scaled(-50), real(0)}, {0.5, 0.5}).certain);
    // The runner-up is far below, the third class is not.
    auto const third = certify_logits({real(0), real(10), real(9), real(5)}, {0.0, 0.25, 0.25, 5.0});
    CHECK_FALSE(third.certain);
    CHECK(third.predicted == 1);
    CHECK(third.runner_up == 2);
    CHECK(third.margin == 1.0);
    CHECK(third.bound >= 0.5);
    CHECK(third.bound < 0.5 + 1e-15);
}

TEST_CASE("certify: ties are never certain, the only class always is", "[quantify][certificate]") {
    auto const tie = certify_logits({real(3), real(3)}, {0.0, 0.0});
    CHECK(tie.predicted == 0);
    CHECK_FALSE(tie.certain);
    CHECK(tie.margin == 0.0);
    auto const only = certify_logits({real(3)}, {1.0});
    CHECK(only.certain);
    CHECK(only.runner_up == 0);
    CHECK(is_inf(only.margin));
    CHECK_FALSE(certify_logits({real(3), real(0)}, {infinity<double>(), infinity<double>()}).certain);
}

TEST_CASE("certify: an input without a valid bound is not certain", "[quantify][certificate]") {
    network<float> const net({dense<float>({0x1p127F, 0}, 2, 1, {}, activation::linear)});
    std::vector<float> const x{1, 4, 0x1p-120F};
    matrix_view<float const> const X(x.data(), 3, 1);
    auto const found = certify(net, X, oracle::forward_layers(net, X));
    CHECK(found.inputs[1].status == quantify::bound_status::may_overflow);
    CHECK_FALSE(found.inputs[1].certain);
    CHECK(found.inputs[2].certain);
    CHECK(found.narrowest() == 2);
    CHECK_THROWS_AS(certify(network<float>(), matrix_view<float const>(nullptr, 1, 0), {}), std::invalid_argument);
}

TEST_CASE("certify: no order of summation changes a prediction of the digits network", "[quantify][certificate]") {
    auto const net = digits_network();
    auto const inputs = io::read_npy(LASTBIT_DIGITS "inputs.npy").as<float>();
    matrix_view<float const> const X(inputs.data(), 360, 64);
    auto const layers = oracle::forward_layers(net, X);
    for (auto const model : {arithmetic::ieee, arithmetic::ftz}) {
        auto const found = certify(net, X, layers, model);
        CHECK(found.inputs.size() == 360);
        CHECK(found.certain() == 360);
        // tests/quantify/independent_digits.py finds the same in integers.
        CHECK(found.median_bound() == Approx(3.36118061e-3).epsilon(1e-8));
        CHECK(found.inputs[found.narrowest()].margin == Approx(6.67970e-2).epsilon(1e-5));
    }
}
