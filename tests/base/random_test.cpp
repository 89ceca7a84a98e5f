// SPDX-License-Identifier: BSL-1.0
#include <lastbit/base/random.hpp>

#include "trials.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <vector>

using lastbit::philox4x64;
using lastbit::random_stream;

namespace {
using block = std::array<std::uint64_t, 4>;
constexpr std::uint64_t ones = ~std::uint64_t{0};
}  // namespace

static_assert(random_stream(1).bits() == philox4x64({0, 0, 0, 0}, {1, 0})[0], "usable in constant expressions");

TEST_CASE("philox4x64: Random123's known answers", "[base][random]") {
    CHECK(philox4x64({0, 0, 0, 0}, {0, 0}) ==
          block{0x16554d9eca36314cU, 0xdb20fe9d672d0fdcU, 0xd7e772cee186176bU, 0x7e68b68aec7ba23bU});
    CHECK(philox4x64({ones, ones, ones, ones}, {ones, ones}) ==
          block{0x87b092c3013fe90bU, 0x438c3c67be8d0224U, 0x9cc7d7c69cd777b6U, 0xa09caebf594f0ba0U});
    CHECK(philox4x64({0x243f6a8885a308d3U, 0x13198a2e03707344U, 0xa4093822299f31d0U, 0x082efa98ec4e6c89U},
                     {0x452821e638d01377U, 0xbe5466cf34e90c6cU}) ==
          block{0xa528f45403e61d95U, 0x38c72dbd566e9788U, 0xa5a1610e72fd18b5U, 0x57bd43b5e52b7fe6U});
}

TEST_CASE("random_stream: number k is a function of seed, stream and k", "[base][random]") {
    random_stream stream(5, 9);
    std::vector<std::uint64_t> drawn;
    for (int k = 0; k < 10; ++k) drawn.push_back(stream.bits());
    for (std::size_t k = 0; k < drawn.size(); ++k) CHECK(drawn[k] == philox4x64({k / 4, 0, 0, 0}, {5, 9})[k % 4]);
    random_stream copy = stream;
    CHECK(copy.bits() == stream.bits());
    CHECK(random_stream(5, 9).bits() != random_stream(6, 9).bits());
    CHECK(random_stream(5, 9).bits() != random_stream(5, 10).bits());
    CHECK(random_stream(5).bits() == random_stream(5, 0).bits());
}

TEST_CASE("uniform: multiples of 2^-53 in [0, 1), with the moments of the uniform distribution", "[base][random]") {
    random_stream stream(2);
    std::size_t const n = lastbit_tests::trials(100000);
    double sum = 0;
    double squares = 0;
    bool in_range = true;
    for (std::size_t i = 0; i < n; ++i) {
        double const x = stream.uniform();
        double const steps = x * 0x1p53;
        in_range = in_range && x >= 0 && x < 1 && steps == std::floor(steps);
        sum += x;
        squares += x * x;
    }
    CHECK(in_range);
    // Five standard deviations of the means: 1/sqrt(12 n) and sqrt(4/45 / n).
    auto const count = static_cast<double>(n);
    CHECK(std::fabs(sum / count - 0.5) < 5 / std::sqrt(12 * count));
    CHECK(std::fabs(squares / count - 1.0 / 3) < 5 * std::sqrt(4.0 / 45 / count));
}

TEST_CASE("below: each of 0 ... n - 1 equally often", "[base][random]") {
    std::size_t const draws = lastbit_tests::trials(20000);
    for (std::uint64_t const n : {1U, 2U, 3U, 5U, 7U, 10U}) {
        random_stream stream(3, n);
        std::vector<double> count(n, 0.0);
        bool in_range = true;
        for (std::size_t i = 0; i < draws; ++i) {
            std::uint64_t const x = stream.below(n);
            in_range = in_range && x < n;
            if (x < n) count[x] += 1;
        }
        CHECK(in_range);
        double const expected = static_cast<double>(draws) / static_cast<double>(n);
        for (double const c : count) CHECK(std::fabs(c - expected) <= 5 * std::sqrt(expected));
    }
}

TEST_CASE("below: rejects what would favour small numbers", "[base][random]") {
    // n = 3/4 of 2^64: without rejection each number below n / 3 would come up twice as often as the others, so that they
    // took one half of the draws instead of a third.
    std::uint64_t const n = std::uint64_t{3} << 62;
    random_stream stream(4);
    std::size_t const draws = lastbit_tests::trials(20000);
    double lower = 0;
    bool in_range = true;
    for (std::size_t i = 0; i < draws; ++i) {
        std::uint64_t const x = stream.below(n);
        in_range = in_range && x < n;
        if (x < n / 3) lower += 1;
    }
    CHECK(in_range);
    auto const count = static_cast<double>(draws);
    CHECK(std::fabs(lower / count - 1.0 / 3) < 5 * std::sqrt(2.0 / 9 / count));
}
