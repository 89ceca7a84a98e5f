// SPDX-License-Identifier: BSL-1.0
#include <lastbit/quantify/chain_order.hpp>

#include "quantify/chains.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit_tests;
using quantify::chain_order;
using quantify::network_order;

TEMPLATE_TEST_CASE("replay: the bits of operations that are exact and rounded once", "[quantify][chain_order]", float,
                   double, bfloat16, float16) {
    using T = TestType;
    random_stream random(1);
    for (std::size_t trial = 0; trial < trials(20); ++trial) {
        auto const net = any_network<T>(random, {7, 5, 3});
        auto const x = any_input<T>(random, 7);
        network_order order;
        for (auto const& layer : net.layers()) {
            auto& chains = order.emplace_back();
            for (std::size_t i = 0; i < layer.outputs(); ++i) chains.push_back(any_chain(random, layer.inputs(), true));
        }
        order[1][1].clear();  // in sequence
        order[1][1] = trial % 2 == 0 ? chain_order{} : order[1][2];
        auto const found = quantify::replay(net, order, x);
        auto const expected = by_the_oracle(net, order, x);
        for (std::size_t j = 0; j < 3; ++j) REQUIRE(to_bits(found.logits[j]) == to_bits(expected[j]));
        CHECK(found.predicted == quantify::predicted_class(expected));
        CHECK_FALSE(found.overflowed);
    }
}

TEST_CASE("replay: what is no order of the network is refused; overflow is told", "[quantify][chain_order]") {
    network<float> const net({dense<float>({1, 2}, 1, 2, {3}, activation::linear)});
    std::vector<float> const x{1, 1};
    CHECK(quantify::replay(net, {{{}}}, x).logits[0] == 6);
    CHECK(quantify::replay(net, {{{{2, false}, {1, true}, {0, false}}}}, x).logits[0] == 6);
    network_order const wrong[] = {{{{{0, false}, {1, false}}}},              // a term is missing
                                   {{{{0, false}, {1, false}, {1, false}}}},  // one comes twice
                                   {{{{0, false}, {1, false}, {3, false}}}},  // one does not exist
                                   {{{{0, true}, {1, false}, {2, false}}}},   // the first is fused
                                   {{{{0, false}, {1, false}, {2, true}}}}};  // the bias is fused
    for (auto const& order : wrong) CHECK_THROWS_WITH(quantify::replay(net, order, x), Catch::Contains("every term"));
    CHECK_THROWS_WITH(quantify::replay(net, {}, x), Catch::Contains("orders of 0"));
    CHECK_THROWS_WITH(quantify::replay(net, {{{}, {}}}, x), Catch::Contains("orders for 2"));
    CHECK_THROWS_WITH(quantify::replay(net, {{{}}}, std::vector<float>{1}), Catch::Contains("an input of 1"));
    network<float> const large({dense<float>({0x1p127F, 0x1p127F, -0x1p127F}, 1, 3, {}, activation::relu)});
    std::vector<float> const ones{1, 1, 1};
    CHECK(quantify::replay(large, {{{}}}, ones).overflowed);
    CHECK_FALSE(quantify::replay(large, {{{{0, false}, {2, false}, {1, false}}}}, ones).overflowed);
}
