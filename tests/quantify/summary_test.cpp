// SPDX-License-Identifier: BSL-1.0
#include <lastbit/quantify/summary.hpp>

#include "oracle/numbers.hpp"

#include <catch2/catch.hpp>

using namespace lastbit;
using lastbit_tests::same_bits;
using quantify::bitwise_agreement;
using quantify::percentile;
using quantify::summarise;

TEST_CASE("summarise: the figures of small sets", "[quantify][summary]") {
    auto const s = summarise(std::vector<double>{3, 4, 0, 4});
    CHECK(s.count == 4);
    CHECK(s.max == 4);
    CHECK(s.max_index == 1);
    CHECK(s.mean == 2.75);
    CHECK(s.rms == 0x1.99ccc999fff00p+1);  // sqrt(41/4) = 3.201562118716424...
    CHECK(s.median == 3);
    CHECK(s.percentile_90 == 4);
    auto const one = summarise(std::vector<double>{7});
    CHECK(one.median == 7);
    CHECK(one.percentile_99 == 7);
    CHECK(one.rms == 7);
}

TEST_CASE("summarise: means are exact ones, rounded once, in any order", "[quantify][summary]") {
    std::vector<double> x{0x1p53, 1, 1, 1, 0x1p-1074, 0x1p600};
    auto const s = summarise(x);
    std::reverse(x.begin(), x.end());
    CHECK(same_bits(summarise(x).mean, s.mean));
    CHECK(same_bits(summarise(x).rms, s.rms));
    CHECK(
        same_bits(summarise(std::vector<double>{0x1p53, 1, 1, 1}).mean, 0x1.0000000000002p51));  // 2^51 + 3/4, to even
    CHECK(same_bits(summarise(std::vector<double>{0x1p-1074, 0x1p-1074}).mean, 0x1p-1074));
    // The squares of these exceed the largest double.
    CHECK(same_bits(summarise(std::vector<double>{0x1p1000, 0x1p1000}).rms, 0x1p1000));
}

TEST_CASE("summarise: nothing, NaN and infinities", "[quantify][summary]") {
    double const nan = canonical_nan<double>(), inf = infinity<double>();
    auto const nothing = summarise(std::vector<double>{});
    CHECK(nothing.count == 0);
    CHECK(is_nan(nothing.mean));
    auto const s = summarise(std::vector<double>{1, nan, 2, nan});
    CHECK(s.nans == 2);
    CHECK(s.max_index == 1);
    for (double const figure : {s.max, s.mean, s.rms, s.median, s.percentile_90, s.percentile_99})
        CHECK(is_nan(figure));
    auto const i = summarise(std::vector<double>{1, inf, 2});
    CHECK(is_inf(i.max));
    CHECK(is_inf(i.mean));
    CHECK(is_inf(i.rms));
    CHECK(i.max_index == 1);
    CHECK(i.median == 2);
}

TEST_CASE("percentile: the smallest element that so many do not exceed", "[quantify][summary]") {
    std::vector<double> x;
    for (int i = 10; i >= 1; --i) x.push_back(i);
    for (std::size_t percent = 0; percent <= 100; ++percent) {
        double const p = percentile(x, percent);
        std::size_t below = 0, at_most = 0;
        for (double const element : x) {
            below += element < p ? 1U : 0U;
            at_most += element <= p ? 1U : 0U;
        }
        CHECK(at_most * 100 >= percent * x.size());
        CHECK((percent == 0 || below * 100 < percent * x.size()));
    }
    std::vector<double> hundreds;
    for (int i = 1; i <= 250; ++i) hundreds.push_back(i);
    CHECK(percentile(hundreds, 99) == 248);
    CHECK(percentile(hundreds, 100) == 250);
    CHECK(is_nan(percentile(std::vector<double>{}, 50)));
    CHECK_THROWS_AS(percentile(x, 101), std::invalid_argument);
}

TEST_CASE("bitwise_agreement: counts equal bits, not equal values", "[quantify][summary]") {
    using vector = std::vector<float>;
    CHECK(bitwise_agreement(vector{1, 2, 3, 4}, vector{1, 2, 3, 5}) == 0.75);
    CHECK(bitwise_agreement(vector{0.0F}, vector{-0.0F}) == 0.0);
    CHECK(bitwise_agreement(vector{canonical_nan<float>()}, vector{canonical_nan<float>()}) == 1.0);
    CHECK(bitwise_agreement(vector{}, vector{}) == 1.0);
    CHECK_THROWS_AS(bitwise_agreement(vector{1}, vector{}), std::invalid_argument);
}
