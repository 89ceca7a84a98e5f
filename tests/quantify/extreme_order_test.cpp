// SPDX-License-Identifier: BSL-1.0
#include <lastbit/quantify/extreme_order.hpp>

#include "quantify/chains.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit_tests;
using quantify::chain_order;

TEMPLATE_TEST_CASE("chain_search: against all chains of few terms", "[quantify][extreme_order]", float, double,
                   bfloat16, float16) {
    using T = TestType;
    random_stream random(2);
    std::size_t attained = 0, sums = 0;
    for (std::size_t trial = 0; trial < trials(25); ++trial) {
        std::vector<T> weight, bias{uniform<T>(random)};
        for (int t = 0; t < 4; ++t) weight.push_back(t == 3 && trial % 4 == 0 ? T(0) : uniform<T>(random));
        dense<T> const layer(weight, 1, 4, bias, activation::linear);
        auto const x = any_input<T>(random, 4);
        std::vector<T> all;
        std::vector<std::uint32_t> places{0, 1, 2, 3, 4};
        do {
            for (unsigned fusing = 0; fusing < 32; ++fusing) {
                chain_order chain;
                for (std::uint32_t const t : places) chain.push_back({t, (fusing >> t & 1U) != 0});
                if (quantify::detail::is_chain(chain, 4, true))
                    all.push_back(quantify::detail::sum_in_chain<T>(chain, layer.view(), 0, x));
            }
        } while (std::next_permutation(places.begin(), places.end()));
        auto const key = [](T a) { return quantify::detail::order_key(a); };
        auto const [least, most] =
            std::minmax_element(all.begin(), all.end(), [&](T a, T b) { return key(a) < key(b); });
        quantify::detail::chain_search<T> const search(layer.view(), 0, x);
        T const sequential = quantify::detail::sum_in_chain<T>({}, layer.view(), 0, x);
        for (bool const upward : {true, false}) {
            std::size_t count = 0;
            auto const found = search.extreme(upward, 16, random, {{}, sequential}, count);
            REQUIRE(to_bits(found.sum) == to_bits(quantify::detail::sum_in_chain<T>(found.order, layer.view(), 0, x)));
            REQUIRE((found.order.empty() || quantify::detail::is_chain(found.order, 4, true)));
            REQUIRE(key(*least) <= key(found.sum));
            REQUIRE(key(found.sum) <= key(*most));
            REQUIRE((upward ? key(found.sum) >= key(sequential) : key(found.sum) <= key(sequential)));
            attained += key(found.sum) == key(upward ? *most : *least) ? 1U : 0U;
            ++sums;
        }
    }
    CHECK(attained * 2 > sums);
}
