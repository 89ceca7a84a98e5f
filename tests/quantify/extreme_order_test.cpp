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
            quantify::detail::trial_budget budget;
            auto const found = search.extreme(upward, 16, random, {{}, sequential}, budget);
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

namespace {

/// Every other term negative, each 0.5 to 1.5 in magnitude; half of the positive ones' total is half a term below a
/// power of two, if n is one: a sum held there has now one exponent and now the other.
std::vector<float> terms_near_a_power_of_two(random_stream& random, std::size_t n) {
    std::vector<double> size;
    double total = 0;
    for (std::size_t t = 0; t < n; ++t) {
        double const chance = random.uniform();
        size.push_back(0.5 + chance);
        if (t % 2 == 0) total += size.back();
    }
    double const scale = (static_cast<double>(n) / 2 - 1) / total;
    std::vector<float> weight;
    for (std::size_t t = 0; t < n; ++t) weight.push_back(static_cast<float>((t % 2 == 0 ? scale : -scale) * size[t]));
    return weight;
}

}  // namespace

TEST_CASE("chain_search: a sum held near a power of two costs no more than another", "[quantify][extreme_order]") {
    random_stream random(5);
    std::size_t const n = 8192;
    auto const weight = terms_near_a_power_of_two(random, n);
    std::vector<float> const x(n, 1.0F);
    dense<float> const layer(weight, 1, n, {}, activation::linear);
    quantify::detail::chain_search<float> const search(layer.view(), 0, x);
    for (bool const upward : {true, false}) {
        quantify::detail::trial_budget budget;
        float const sequential = quantify::detail::sum_in_chain<float>({}, layer.view(), 0, x);
        auto const found = search.extreme(upward, 4, random, {{}, sequential}, budget);
        CHECK(quantify::detail::is_chain(found.order, n, false));
        CHECK(found.sum == quantify::detail::sum_in_chain<float>(found.order, layer.view(), 0, x));
        CHECK(budget.spent < 4 * 56 * n);  // 32 n, and 2 n for each of few exponents; it was 200 n with one ranking
    }
}

TEST_CASE("chain_search: a budget is not exceeded, and what it allows is found", "[quantify][extreme_order]") {
    random_stream random(6);
    std::size_t const n = 64;
    auto const weight = any_input<float>(random, n), x = any_input<float>(random, n);
    dense<float> const layer(weight, 1, n, {}, activation::linear);
    quantify::detail::chain_search<float> const search(layer.view(), 0, x);
    float const sequential = quantify::detail::sum_in_chain<float>({}, layer.view(), 0, x);
    quantify::detail::trial_budget whole;
    auto const best = search.extreme(true, 4, random, {{}, sequential}, whole);
    CHECK(best.sum > sequential);
    CHECK_FALSE(whole.is_used_up);
    float last = sequential;
    for (std::size_t most = 0; most <= whole.spent; most += most < 200 ? 1 : 97) {
        quantify::detail::trial_budget budget{most};
        auto const found = search.extreme(true, 4, random, {{}, sequential}, budget);
        REQUIRE(budget.spent <= most);
        REQUIRE(budget.is_used_up);
        REQUIRE(found.sum >= last);
        REQUIRE(found.sum == quantify::detail::sum_in_chain<float>(found.order, layer.view(), 0, x));
        last = found.sum;
        if (most + 97 > whole.spent && most != whole.spent) {
            quantify::detail::trial_budget enough{whole.spent};
            REQUIRE(search.extreme(true, 4, random, {{}, sequential}, enough).sum == best.sum);
            REQUIRE_FALSE(enough.is_used_up);
            break;
        }
    }
}
