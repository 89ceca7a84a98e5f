// SPDX-License-Identifier: BSL-1.0
#include <lastbit/quantify/witness.hpp>

#include <lastbit/oracle/network.hpp>
#include "quantify/chains.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstdio>

using namespace lastbit;
using namespace lastbit_tests;
using oracle::real;
using quantify::find_witness;
using quantify::find_witnesses;
using quantify::network_order;
using quantify::verdict;

namespace {

template <class T>
struct judged {
    std::vector<oracle::exact_matrix> layers;
    quantify::certificate proved;
};

template <class T>
judged<T> judge(network<T> const& net, std::vector<T> const& x) {
    matrix_view<T const> const X(x.data(), x.size() / net.inputs(), net.inputs());
    judged<T> result{oracle::forward_layers(net, X), {}};
    result.proved = quantify::certify(net, X, result.layers);
    return result;
}

/// The network with another bias of the second of two classes: the margin of x comes near `ratio` bounds.
template <class T>
network<T> of_margin(network<T> const& net, std::vector<T> const& x, double ratio) {
    auto const [layers, proved] = judge(net, x);
    auto const row = layers.back().row(0);
    auto const last = net[net.size() - 1].view();
    std::vector<T> bias(last.bias.begin(), last.bias.end());
    real const change = row[0] - row[1] - real(ratio * proved.inputs[0].bound);
    bias[1] = (real(bias[1]) + change).template round<T>();
    auto owned = net.layers();
    owned.back() = dense<T>(last.weight, bias, last.act);
    return network<T>(owned);
}

/// An input between two of different classes, with a margin between 0.8 and 1 times `ratio` bounds, if there is one.
template <class T>
std::vector<T> close_input(network<T> const& net, random_stream& random, double ratio) {
    auto const a = any_input<T>(random, net.inputs()), b = any_input<T>(random, net.inputs());
    std::size_t const predicted = judge(net, a).proved.inputs[0].predicted;
    if (judge(net, b).proved.inputs[0].predicted == predicted) return {};
    double near = 0, far = 1;
    for (int step = 0; step < 60; ++step) {
        double const t = (near + far) / 2;
        std::vector<T> x;
        for (std::size_t i = 0; i < a.size(); ++i) {
            double const from = detail::convert<double>(a[i]), to = detail::convert<double>(b[i]);
            x.push_back(detail::convert<T>(from + t * (to - from)));
        }
        auto const found = judge(net, x).proved.inputs[0];
        bool const same = found.predicted == predicted;
        if (same && found.margin <= ratio * found.bound && found.margin >= 0.8 * ratio * found.bound) return x;
        (same && found.margin > ratio * found.bound ? near : far) = t;
    }
    return {};
}

}  // namespace

TEMPLATE_TEST_CASE("find_witness: on a network with close classes most inputs flip, and every witness is replayed",
                   "[quantify][witness]", float, double, bfloat16, float16) {
    using T = TestType;
    random_stream random(3);
    auto const net = any_network<T>(random, {64, 32, 10}, true);
    std::size_t const batch = trials(60);
    auto const x = any_input<T>(random, 64 * batch);
    auto const [layers, proved] = judge(net, x);
    matrix_view<T const> const X(x.data(), batch, 64);
    auto const verdicts = find_witnesses(net, X, layers, proved);
    std::size_t open = 0, flipped = 0;
    for (std::size_t i = 0; i < batch; ++i) {
        REQUIRE((verdicts[i].result == verdict::certain) == proved.inputs[i].certain);
        REQUIRE((verdicts[i].result == verdict::flipped) == verdicts[i].found.has_value());
        open += proved.inputs[i].certain ? 0U : 1U;
        if (!verdicts[i].found) continue;
        ++flipped;
        quantify::witness const& w = *verdicts[i].found;
        std::vector<T> row;
        for (std::size_t j = 0; j < 64; ++j) row.push_back(X(i, j));
        auto const replayed = w.replay(net, row);
        auto const expected = by_the_oracle(net, w.order, row);
        for (std::size_t j = 0; j < 10; ++j) REQUIRE(to_bits(replayed.logits[j]) == to_bits(expected[j]));
        REQUIRE(w.exact_class == proved.inputs[i].predicted);
        REQUIRE(w.other_class == quantify::predicted_class(expected));
        REQUIRE(w.other_class != w.exact_class);
    }
    CHECK(open * 2 > batch);
    CHECK(flipped * 2 >= open);
}

TEMPLATE_TEST_CASE("find_witness: what is certain has none", "[quantify][witness]", float, double, bfloat16, float16) {
    using T = TestType;
    random_stream random(4);
    std::size_t certain = 0, wide = 0;
    for (std::size_t trial = 0; trial < trials(400); ++trial) {
        std::vector<std::size_t> widths{1 + random.below(3), 2};
        if (trial % 4 == 0) widths.insert(widths.begin() + 1, 2);
        auto const x = any_input<T>(random, widths[0]);
        double const ratio = 1.2 * random.uniform();
        auto const net = of_margin(any_network<T>(random, widths), x, ratio);
        auto const [layers, proved] = judge(net, x);
        auto const found = find_witness(net, x, layers.back().row(0));
        certain += proved.inputs[0].certain ? 1U : 0U;
        if (proved.inputs[0].certain) REQUIRE_FALSE(found.has_value());
    }
    for (std::size_t trial = 0; trial < trials(4); ++trial) {
        auto const net = any_network<T>(random, {64, 32, 10});
        auto const x = any_input<T>(random, 64);
        auto const [layers, proved] = judge(net, x);
        wide += proved.inputs[0].certain ? 1U : 0U;
        if (proved.inputs[0].certain) REQUIRE_FALSE(find_witness(net, x, layers.back().row(0)).has_value());
    }
    CHECK(certain > 0);
    if (!half_format<T>) CHECK(wide > 0);
}

TEMPLATE_TEST_CASE("find_witness: where the bound is nearly attained, what is not certain flips up to nearly the bound",
                   "[quantify][witness]", float, double, bfloat16, float16) {
    // 1 + m and n terms of 15/16 u, which are lost behind it; 1 and n terms of 17/16 u, each of which becomes 2 u.
    using T = TestType;
    double const u = unit_roundoff<T>;
    double largest = 0;  // margin / bound with a witness
    std::size_t certain = 0;
    for (std::size_t const n : {1U, 4U, 16U}) {
        for (std::size_t k = 1; k <= n + 4; ++k) {
            std::vector<T> weight{detail::convert<T>(1 + 2 * u * static_cast<double>(k))};
            weight.resize(n + 1, detail::convert<T>(0.9375 * u));
            weight.push_back(T(1));
            weight.resize(2 * n + 2, detail::convert<T>(1.0625 * u));
            network<T> const net({dense<T>(weight, 2, n + 1, {}, activation::linear)});
            std::vector<T> const x(n + 1, T(1));
            auto const [layers, proved] = judge(net, x);
            auto const found = find_witness(net, x, layers.back().row(0));
            auto const& known = proved.inputs[0];
            if (known.certain) REQUIRE_FALSE(found.has_value());
            certain += known.certain ? 1U : 0U;
            if (found && known.margin / known.bound > largest) largest = known.margin / known.bound;
        }
    }
    CHECK(certain > 0);
    CHECK(largest > 0.6);  // a certificate with a bound that much smaller would be refuted
}

TEST_CASE("find_witness: equal classes are a tie that some order breaks", "[quantify][witness]") {
    std::vector<float> weight{0.1F, 0.7F, -0.3F, 0.9F}, x{0.3F, 0.6F, 0.9F, 0.2F};
    auto rows = weight;
    rows.insert(rows.end(), weight.begin(), weight.end());
    network<float> const net({dense<float>(rows, 2, 4, {0.3F, 0.3F}, activation::linear)});
    auto const [layers, proved] = judge(net, x);
    auto const found = find_witness(net, x, layers.back().row(0));
    REQUIRE(found.has_value());
    CHECK(found->exact_class == 0);
    CHECK(found->other_class == 1);
    // Integers have one sum in every order: the tie is not certain, and nothing breaks it.
    network<float> const integers({dense<float>({1, 2, 3, 1, 2, 3}, 2, 3, {}, activation::linear)});
    std::vector<float> const ones{1, 1, 1};
    auto const known = judge(integers, ones);
    auto const open = find_witnesses(integers, matrix_view<float const>(ones.data(), 1, 3), known.layers, known.proved);
    CHECK(open[0].result == verdict::unknown);
    CHECK(quantify::name(open[0].result) == "unknown");
    CHECK(quantify::name(verdict::flipped) == "flipped by this order");
    CHECK(quantify::name(verdict::certain) == "certain");
}

TEST_CASE("find_witness: a search ends, is a function of its seed, and reports no overflow", "[quantify][witness]") {
    random_stream random(6);
    auto const net = any_network<float>(random, {16, 8, 4}, true);
    auto const x = any_input<float>(random, 16 * 20);
    matrix_view<float const> const X(x.data(), 20, 16);
    auto const [layers, proved] = judge(net, x);
    quantify::witness_search search;
    search.all_trials = 0;
    for (auto const& v : find_witnesses(net, X, layers, proved, search)) CHECK(v.result != verdict::flipped);
    search = {};
    search.trials = 1;
    for (auto const& v : find_witnesses(net, X, layers, proved, search)) CHECK(v.result != verdict::flipped);
    std::vector<float> const first(x.begin(), x.begin() + 16);
    quantify::detail::trial_budget whole;
    auto const of_first = quantify::detail::search_witness<float>(net, first, layers.back().row(0), {}, whole);
    CHECK_FALSE(whole.is_used_up);
    for (std::size_t const most : {whole.spent - 1, whole.spent / 2, std::size_t{1000}, std::size_t{33}}) {
        quantify::detail::trial_budget budget{most};
        CHECK_FALSE(quantify::detail::search_witness<float>(net, first, layers.back().row(0), {}, budget).has_value());
        CHECK(budget.is_used_up);
        CHECK(budget.spent <= most);
    }
    quantify::detail::trial_budget enough{whole.spent};
    CHECK(quantify::detail::search_witness<float>(net, first, layers.back().row(0), {}, enough).has_value() ==
          of_first.has_value());
    CHECK(enough.spent == whole.spent);
    std::uint64_t hash = 0xCBF29CE484222325U;
    for (auto const& v : find_witnesses(net, X, layers, proved)) {
        if (!v.found) continue;
        for (auto const& layer : v.found->order)
            for (auto const& chain : layer)
                for (auto const& [term, fused] : chain)
                    hash = (hash ^ (2 * std::uint64_t{term} + (fused ? 1U : 0U))) * 0x100000001B3U;
    }
    CHECK(hash == 0xA834D2442CDBEABDU);

    // (a + a) - a overflows: that flips nothing.
    network<float> const large(
        {dense<float>({0x1p127F, 0x1p127F, -0x1p127F, 0x1p126F, 0, 0}, 2, 3, {}, activation::linear)});
    std::vector<float> const ones{1, 1, 1};
    auto const known = judge(large, ones);
    CHECK_FALSE(known.proved.inputs[0].certain);
    CHECK_FALSE(find_witness(large, ones, known.layers.back().row(0)).has_value());
    CHECK_THROWS_WITH(find_witness(large, std::vector<float>{1}, known.layers.back().row(0)),
                      Catch::Contains("an input of 1"));
    CHECK_THROWS_WITH(find_witness(large, ones, {}), Catch::Contains("0 exact logits"));
}

/// The table of docs/mathematics.md, "Witnesses".
TEST_CASE("find_witness: the share found by margin / bound", "[.][witness_table]") {
    for (auto const& widths : {std::vector<std::size_t>{64, 32, 10}, std::vector<std::size_t>{64, 128, 64, 10}}) {
        random_stream random(7);
        auto const net = any_network<float>(random, widths);
        std::printf("network of %zu layers\n", net.size());
        for (double exponent = -13; exponent <= -3; exponent += 0.5) {
            std::size_t inputs = 0, flipped = 0, by_chance = 0;
            while (inputs < 20) {
                auto const x = close_input(net, random, std::exp2(exponent));
                if (x.empty()) continue;
                auto const [layers, proved] = judge(net, x);
                if (proved.inputs[0].certain) continue;
                ++inputs;
                flipped += find_witness(net, x, layers.back().row(0)) ? 1U : 0U;
                bool changed = false;
                for (int sample = 0; sample < 100 && !changed; ++sample) {
                    network_order order;
                    for (auto const& layer : net.layers()) {
                        auto& chains = order.emplace_back();
                        for (std::size_t i = 0; i < layer.outputs(); ++i)
                            chains.push_back(any_chain(random, layer.inputs(), true));
                    }
                    changed = quantify::replay(net, order, x).predicted != proved.inputs[0].predicted;
                }
                by_chance += changed ? 1U : 0U;
            }
            std::printf("margin / bound <= 2^%.1f: %zu of %zu flipped, %zu by one of 100 random orders\n", exponent,
                        flipped, inputs, by_chance);
            std::fflush(stdout);
        }
    }
}
