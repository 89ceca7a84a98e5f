// SPDX-License-Identifier: BSL-1.0
#include <lastbit/exact/extraction.hpp>

#include <lastbit/exact/double_terms.hpp>

#include "exact/block_data.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit::detail;
using lastbit_tests::block_data;
using lastbit_tests::sum_one_by_one;

namespace {

std::array<double, batch_width<double>> lanes(batch<double> const& x) {
    std::array<double, batch_width<double>> out;
    store(out.data(), x);
    return out;
}

}  // namespace

TEST_CASE("the leading parts of a block are exact, and its residuals' sum is off by at most 2^-82 p a lane") {
    random_stream random(1, 1);
    double worst = 0;
    for (std::size_t trial = 0; trial < lastbit_tests::trials(600); ++trial) {
        int const exponent = trial % 7 == 0 ? 1010 : trial % 7 == 1 ? -900 : static_cast<int>(random.below(1700)) - 850;
        std::size_t const rows = 1 + random.below(extraction_block::steps);
        auto const x =
            block_data(random, rows * extraction_block::row, exponent, trial % 2 == 0, trial % 3 == 0 ? 0 : 60);
        magnitude const p = magnitude::above(to_bits(power_of_two(exponent - 1)), 0);
        REQUIRE(p.power() == power_of_two(exponent));
        REQUIRE(p.serves());
        extracted const got = extract(number_doubles<double>{x.data()}, rows, p);
        REQUIRE(p.covers(got.largest));
        auto rest = sum_one_by_one(x);
        for (double const v : lanes(got.leading)) rest.add(negate(v));
        double const g = power_of_two(exponent + extraction_block::spread - 52);
        for (double const v : lanes(got.leading)) {
            REQUIRE(v / g == static_cast<double>(static_cast<std::int64_t>(v / g)));
        }
        for (double const v : lanes(got.residual)) rest.add(negate(v));
        double const off = absolute(rest.round()) / (p.power() * static_cast<double>(batch_width<double>));
        REQUIRE(off <= 0x1p-82);
        worst = off > worst ? off : worst;
    }
    CHECK(worst > 0x1p-95);  // the bound is about something
}

TEST_CASE("a guess that is too small is seen, and infinities and NaN are never covered quietly") {
    std::vector<double> x(extraction_block::row, 1.0);
    magnitude const p = magnitude::above(to_bits(1.0), 0);
    CHECK(p.power() == 2.0);
    x[extraction_block::row / 2] = -2.0;
    CHECK_FALSE(p.covers(extract(number_doubles<double>{x.data()}, 1, p).largest));
    x[extraction_block::row / 2] = from_bits<double>(to_bits(2.0) - 1);
    CHECK(p.covers(extract(number_doubles<double>{x.data()}, 1, p).largest));
    x[3] = infinity<double>();
    CHECK_FALSE(p.covers(extract(number_doubles<double>{x.data()}, 1, p).largest));
    CHECK_FALSE(magnitude::above(largest_term(number_doubles<double>{x.data()}, 1), 0).serves());
    for (std::size_t i = 0; i < x.size(); ++i) {
        std::vector<double> y(extraction_block::row, 1.0);
        y[i] = canonical_nan<double>();
        extracted const got = extract(number_doubles<double>{y.data()}, 1, p);
        bool seen = !p.covers(got.largest);
        for (double const v : lanes(got.leading)) seen = seen || !is_finite(v);
        CHECK(seen);
    }
}

TEST_CASE("a block serves up to the ceiling and no further") {
    double const large = power_of_two(static_cast<int>(magnitude::ceiling) - 1023 - 2);
    CHECK(magnitude::above(to_bits(large), 0).serves());
    CHECK_FALSE(magnitude::above(to_bits(large * 2), 0).serves());
    std::vector<double> const x(extraction_block::size, from_bits<double>(to_bits(large * 2) - 1));
    extracted const got =
        extract(number_doubles<double>{x.data()}, extraction_block::steps, magnitude::above(to_bits(large), 0));
    for (double const v : lanes(got.leading)) CHECK(is_finite(v));
}
