// SPDX-License-Identifier: BSL-1.0
#include <lastbit/nn/network.hpp>

#include <lastbit/exact/expansion.hpp>

#include <catch2/catch.hpp>

using namespace lastbit;

namespace {

dense<double> layer(std::size_t out, std::size_t in) {
    return dense<double>(std::vector<double>(out * in), out, in, {}, activation::linear);
}

}  // namespace

TEST_CASE("network: a chain whose layers fit", "[nn][network]") {
    network<double> const net({layer(4, 3), layer(2, 4)});
    CHECK((net.size() == 2 && net.inputs() == 3 && net.outputs() == 2));
    CHECK(net[1].inputs() == 4);
    network<double> const none;
    CHECK((none.size() == 0 && none.inputs() == 0 && none.outputs() == 0));
}

TEST_CASE("network: layers that do not follow each other are refused, and both named", "[nn][network]") {
    CHECK_THROWS_AS(network<double>({layer(4, 3), layer(2, 5)}), std::invalid_argument);
    CHECK_THROWS_WITH(network<double>({layer(4, 3), layer(2, 5)}),
                      Catch::Contains("[4 x 3]") && Catch::Contains("[2 x 5]"));
}

TEST_CASE("network_cast: weights, biases and activations of another format", "[nn][network]") {
    dense<float> const first({1.0F, 0.1F}, 2, 1, {0.3F, -2.0F}, activation::relu);
    dense<float> const second({3.0F, 4.0F}, 1, 2, {}, activation::linear);
    network<float> const net({first, second});
    auto const wide = network_cast<double_double>(net);
    CHECK((wide.size() == 2 && wide[0].act() == activation::relu && wide[1].act() == activation::linear));
    CHECK(wide[0].view().weight(1, 0) == double_double(static_cast<double>(0.1F)));
    CHECK(wide[0].view().bias[0] == double_double(static_cast<double>(0.3F)));
    CHECK((wide[1].view().weight(0, 1) == double_double(4.0) && wide[1].view().bias.empty()));
    auto const narrow = network_cast<bfloat16>(net);
    CHECK(to_bits(narrow[0].view().weight(1, 0)) == to_bits(bfloat16(0.1F)));
    CHECK(network_cast<double>(network_cast<float16>(net))[0].view().weight(1, 0) ==
          static_cast<double>(float16(0.1F)));
    CHECK(network_cast<double>(network<float>()).size() == 0);
}
