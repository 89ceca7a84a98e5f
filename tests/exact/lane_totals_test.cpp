// SPDX-License-Identifier: BSL-1.0
#include <lastbit/exact/lane_totals.hpp>

#include <lastbit/exact/rounded_terms.hpp>

#include "exact/block_data.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit::detail;
using lastbit_tests::block_data;
using lastbit_tests::sum_one_by_one;
using lastbit_tests::within;

TEST_CASE("the totals of many blocks are within extraction_error of the exact sum") {
    random_stream random(2, 1);
    for (std::size_t trial = 0; trial < lastbit_tests::trials(150); ++trial) {
        std::size_t const blocks = trial % 15 == 0 ? lane_totals::most_blocks - 1 : 1 + random.below(20);
        std::size_t const n = blocks * extraction_block::size - random.below(extraction_block::size);
        int const exponent = static_cast<int>(random.below(1800)) - 900;
        auto x = block_data(random, n, exponent, trial % 2 == 0, trial % 3 == 0 ? 0 : 50);
        if (trial % 5 == 0)  // the largest terms cancel, the error words remain
            for (std::size_t i = 1; i < n; i += 2) x[i] = add(negate(x[i - 1]), x[i] * 0x1p-54);
        lane_totals totals;
        REQUIRE(add_blocks(number_doubles<double>{x.data()}, n, totals, [] {}));
        estimate const sum = merged(totals);
        REQUIRE(within(sum_one_by_one(x), sum.high, sum.low, sum.error));
        // Not vacuous: far below half an ulp of the largest partial sum.
        REQUIRE(sum.error < power_of_two(exponent) * static_cast<double>(n) * 0x1p-64);
        REQUIRE(absolute(sum.low) <= totals.low_size());
    }
}

TEST_CASE("sums of the smallest subnormals have no error, and none is claimed") {
    random_stream random(3, 1);
    for (std::size_t trial = 0; trial < lastbit_tests::trials(50); ++trial) {
        std::size_t const n = 1 + random.below(3 * extraction_block::size);
        int const exponent = -1073 + static_cast<int>(random.below(60));
        auto const x = block_data(random, n, exponent, trial % 2 == 0, 20);
        lane_totals totals;
        REQUIRE(add_blocks(number_doubles<double>{x.data()}, n, totals, [] {}));
        estimate const sum = merged(totals);
        REQUIRE(sum.error == 0.0);
        REQUIRE(within(sum_one_by_one(x), sum.high, sum.low, 0.0));
    }
}

TEST_CASE("products of doubles: the error words enter, underflow aside") {
    random_stream random(4, 1);
    for (std::size_t trial = 0; trial < lastbit_tests::trials(100); ++trial) {
        std::size_t const n = 1 + random.below(4 * extraction_block::size);
        auto const x = block_data(random, n, 20, trial % 2 == 0, 40);
        auto const y = block_data(random, n, -300, trial % 4 < 2, 40);
        superaccumulator<double> exact;
        for (std::size_t i = 0; i < n; ++i) exact.add_product(x[i], y[i]);
        lane_totals totals;
        REQUIRE(add_blocks(product_doubles<double>{x.data(), y.data()}, n, totals, [] {}));
        estimate const sum = merged(totals);
        REQUIRE(within(exact, sum.high, sum.low, sum.error));
    }
}

TEST_CASE("terms that are too large or not finite are refused") {
    lane_totals totals;
    for (double const bad : {largest<double>(), infinity<double>()}) {
        std::vector<double> x(100, 1.0);
        x[70] = bad;
        CHECK_FALSE(add_blocks(number_doubles<double>{x.data()}, x.size(), totals, [] {}));
    }
}

TEST_CASE("a full set of totals is spilled before the next block") {
    std::size_t const n = (2 * lane_totals::most_blocks + 1) * extraction_block::size + 3;
    std::vector<double> const x(n, 1.0);
    lane_totals totals;
    double sum = 0;
    int spills = 0;
    auto const spill = [&] {
        for (double const v : totals.high()) sum += v;
        ++spills;
        totals.restart();
    };
    REQUIRE(add_blocks(number_doubles<double>{x.data()}, n, totals, spill));
    CHECK(spills == 2);
    spill();
    CHECK(sum == static_cast<double>(n));
}
