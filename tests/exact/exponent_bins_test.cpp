// SPDX-License-Identifier: BSL-1.0
#include <lastbit/exact/exponent_bins.hpp>

#include <lastbit/oracle/sum.hpp>

#include "trials.hpp"

#include <lastbit/base/random.hpp>

#include <catch2/catch.hpp>

#include <memory>

using namespace lastbit;

namespace {

/// A total that keeps what it is given as exact numbers.
struct exact_total {
    oracle::real sum = oracle::real(0.0);

    void add_scaled(bool negative, std::uint64_t significand, int exponent) {
        oracle::real const term = oracle::real(oracle::integer(significand), exponent);
        sum = negative ? sum - term : sum + term;
    }
};

}  // namespace

TEST_CASE("bins hold the exact sum of any finite doubles, and are empty after a flush") {
    random_stream random(1, 1);
    auto const bins = std::make_unique<detail::exponent_bins>();
    bins->clear();
    constexpr std::size_t width = batch_width<double>;
    for (std::size_t trial = 0; trial < lastbit_tests::trials(200); ++trial) {
        std::vector<double> x(1 + random.below(200));
        for (double& v : x) do
                v = from_bits<double>(random.below(5) == 0 ? random.bits() & ~(std::uint64_t{0x7FF} << 52)  // subnormal
                                                           : random.bits());
            while (!is_finite(v));
        for (std::size_t i = 0; i < x.size(); i += width) {
            std::array<double, width> lane{};
            std::size_t const count = x.size() - i < width ? x.size() - i : width;
            for (std::size_t k = 0; k < count; ++k) lane[k] = x[i + k];
            bins->add(load(lane.data()), count);
        }
        bins->count(x.size());
        REQUIRE(bins->terms() == x.size());
        exact_total total;
        bins->flush(total);
        REQUIRE(total.sum == oracle::sum(x));
        REQUIRE(bins->terms() == 0);
    }
}

TEST_CASE("a million equal terms in one bin") {
    auto const bins = std::make_unique<detail::exponent_bins>();
    bins->clear();
    double const x = -from_bits<double>(to_bits(2.0) - 1);
    for (int i = 0; i < 1'000'000; ++i) bins->add(broadcast(x), 1);
    exact_total total;
    bins->flush(total);
    CHECK(total.sum == oracle::real(x) * oracle::real(1'000'000));
}
