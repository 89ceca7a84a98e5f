// SPDX-License-Identifier: BSL-1.0
#include <lastbit/nn/network.hpp>

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
