// SPDX-License-Identifier: BSL-1.0
#include <lastbit/exact/accumulation_network.hpp>

#include "exact/hard_expansions.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit_tests;

namespace {

/// Lane by lane, a batch has the bits of the scalars.
template <class T, std::size_t N>
void check_batches() {
    hard_expansions<T, N> make(21);
    constexpr std::size_t width = batch_width<T>;
    for (std::size_t trial = 0; trial < trials(500); ++trial) {
        std::array<std::array<T, N>, width> x, y;
        std::array<batch<T>, N> wide_x, wide_y;
        alignas(64) std::array<T, width> lane;
        for (std::size_t i = 0; i < width; ++i) {
            auto const number = make.any(3);
            x[i] = number.to_array();
            y[i] = (i % 2 == 0 ? make.nearly_opposite(number) : make.any(3)).to_array();
        }
        for (std::size_t q = 0; q < N; ++q) {
            for (std::size_t i = 0; i < width; ++i) lane[i] = x[i][q];
            wide_x[q] = load(lane.data());
            for (std::size_t i = 0; i < width; ++i) lane[i] = y[i][q];
            wide_y[q] = load(lane.data());
        }
        auto const sum = detail::network_sum<batch<T>, N>(wide_x, wide_y);
        auto const product = detail::network_product<batch<T>, N>(wide_x, wide_y);
        for (std::size_t q = 0; q < N; ++q) {
            store(lane.data(), sum[q]);
            for (std::size_t i = 0; i < width; ++i)
                REQUIRE(to_bits(lane[i]) == to_bits(detail::network_sum<T, N>(x[i], y[i])[q]));
            store(lane.data(), product[q]);
            for (std::size_t i = 0; i < width; ++i)
                REQUIRE(to_bits(lane[i]) == to_bits(detail::network_product<T, N>(x[i], y[i])[q]));
        }
    }
}

/// Every gate of a kind that promises no error makes none: what goes in comes out, but for the words that are added.
template <auto const& Gates, class T, std::size_t Places>
std::size_t fast_gates_in_wrong_order(std::array<T, Places> word) {
    std::size_t wrong = 0;
    for (detail::gate const g : Gates) {
        T const a = word[g.first];
        T const b = word[g.second];
        if (g.kind == detail::gate_kind::add) {
            word[g.first] = add(a, b);
            continue;
        }
        auto const [sum, error] = two_sum<T>(a, b);
        word[g.first] = sum;
        word[g.second] = error;
        if (g.kind != detail::gate_kind::fast_two_sum) continue;
        T const by_fast = fast_two_sum<T>(a, b).error;
        if (to_bits(by_fast) != to_bits(error) && !(is_zero(by_fast) && is_zero(error))) ++wrong;
    }
    return wrong;
}

template <class T, std::size_t N>
void check_fast_gates() {
    hard_expansions<T, N> make(22);
    for (std::size_t trial = 0; trial < trials(20'000); ++trial) {
        auto const x = make.any(3);
        auto const y = trial % 2 == 0 ? make.nearly_opposite(x) : make.any(3);
        std::array<T, 2 * N> word;
        for (std::size_t q = 0; q < N; ++q) {
            word[2 * q] = x[q];
            word[2 * q + 1] = y[q];
        }
        REQUIRE((fast_gates_in_wrong_order<detail::networks<N>::addition, T, 2 * N>(word)) == 0);
    }
}

}  // namespace

TEMPLATE_TEST_CASE("accumulation_network: lanes have the bits of scalars", "[exact][accumulation_network]", float,
                   double) {
    check_batches<TestType, 2>();
    check_batches<TestType, 3>();
    check_batches<TestType, 4>();
}

TEMPLATE_TEST_CASE("accumulation_network: fast_two_sum stands only where it is exact", "[exact][accumulation_network]",
                   float, double) {
    check_fast_gates<TestType, 2>();
    check_fast_gates<TestType, 3>();
    check_fast_gates<TestType, 4>();
}
