// SPDX-License-Identifier: BSL-1.0
#include <lastbit/quantify/significant_digits.hpp>

#include <lastbit/fold/sum.hpp>
#include <lastbit/oracle/sum.hpp>
#include "oracle/numbers.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit_tests;
using quantify::significant_digits;
using quantify::stochastic_number;
using quantify::stochastic_source;
using quantify::detail::chi_squared_quantile;
using quantify::detail::normal_quantile;

namespace {

template <class Number>
Number sum_in_sequence(std::vector<Number> const& x) {
    Number s = x[0];
    for (std::size_t i = 1; i < x.size(); ++i) s = s + x[i];
    return s;
}

std::vector<float> random_numbers(std::uint64_t seed, std::size_t n) {
    random_stream random(seed);
    std::vector<float> x(n);
    for (float& e : x) e = static_cast<float>(random.uniform());
    return x;
}

}  // namespace

TEST_CASE("quantiles: the tables'", "[quantify][significant_digits]") {
    CHECK(normal_quantile(0.975) == Approx(1.959963985).epsilon(1e-9));
    CHECK(normal_quantile(0.5) == Approx(0).margin(1e-12));
    CHECK(normal_quantile(0.9995) == Approx(3.290526731).epsilon(1e-9));
    CHECK(chi_squared_quantile(0.025, 29) == Approx(16.0470716953).epsilon(1e-9));
    CHECK(chi_squared_quantile(0.025, 2) == Approx(0.0506356160).epsilon(1e-8));
    CHECK(chi_squared_quantile(0.05, 9) == Approx(3.3251128431).epsilon(1e-9));
    CHECK(chi_squared_quantile(0.95, 1000) == Approx(1074.6794494).epsilon(1e-8));
}

TEST_CASE("significant_digits: mean, deviation and bits of known results", "[quantify][significant_digits]") {
    // Results 8, 10, 12 in turn.
    int calls = 0;
    auto const d = significant_digits([&](stochastic_source&) { return 8.0 + 2.0 * (calls++ % 3); }, 30);
    CHECK(calls == 30);
    CHECK(d.mean == Approx(10));
    CHECK(d.standard_deviation == Approx(std::sqrt(80.0 / 29)));
    CHECK(d.bits == Approx(-std::log2(std::sqrt(80.0 / 29) / 10)));
    CHECK(d.bits - d.bits_at_least == Approx(0.5 * std::log2(29 / 16.0470717) + std::log2(1.959963985)));
    CHECK(d.bits - d.bits_at_least == Approx(1.40).epsilon(0.005));
    CHECK(d.bits_in_common == Approx(-std::log2(0.2)));
    CHECK(d.probability_in_common == Approx(std::pow(0.05, 1.0 / 30)));
    CHECK(d.decimal_digits() == Approx(d.bits * std::log10(2.0)));
    CHECK(d.decimal_digits_at_least() == Approx(d.bits_at_least * std::log10(2.0)));

    auto const constant = [](auto x) { return significant_digits([x](stochastic_source&) { return x; }, 5); };
    CHECK(constant(3.0F).bits == 24);
    CHECK(constant(3.0).bits_at_least == 53);
    CHECK(constant(bfloat16(3.0F)).bits_in_common == 8);
    CHECK(constant(infinity<float>()).bits == 0);
    CHECK(is_nan(constant(infinity<float>()).mean));
    CHECK(is_nan(constant(canonical_nan<double>()).standard_deviation));
    int sign = 0;
    CHECK(significant_digits([&](stochastic_source&) { return sign++ % 2 == 0 ? 1.0 : -1.0; }, 30).bits == 0);
    CHECK_THROWS_WITH(significant_digits([](stochastic_source&) { return 1.0; }, 2), Catch::Contains("at least 3"));
    CHECK_THROWS_WITH(significant_digits([](stochastic_source&) { return 1.0; }, 9, 0, 1.0),
                      Catch::Contains("between 0 and 1"));
}

TEST_CASE("significant_digits: results of any size have the digits of their mantissas",
          "[quantify][significant_digits]") {
    auto const estimate = [](double scale) {
        double k = 0;
        return significant_digits([&](stochastic_source&) { return scale * (1 + 0x1p-20 * k++); }, 9);
    };
    auto const d = estimate(1.0);
    for (double const scale : {0x1p-1000, 0x1p-600, 0x1p600, 0x1p1020}) {
        auto const e = estimate(scale);
        INFO(scale);
        CHECK(e.bits == d.bits);
        CHECK(e.bits_at_least == d.bits_at_least);
        CHECK(e.bits_in_common == d.bits_in_common);
        CHECK(e.mean == scale * d.mean);
        CHECK(e.standard_deviation == scale * d.standard_deviation);
    }
    CHECK(estimate(1e-200).bits == Approx(d.bits));
    CHECK(estimate(1e-200).standard_deviation / 1e-200 == Approx(d.standard_deviation));
    CHECK(estimate(1e300).bits == Approx(d.bits));
    CHECK(estimate(1e300).standard_deviation / 1e300 == Approx(d.standard_deviation));
    auto const alternating = [](double even, double odd) {
        int k = 0;
        return significant_digits([&](stochastic_source&) { return k++ % 2 == 0 ? even : odd; }, 30);
    };
    auto const far = alternating(largest<double>(), -largest<double>());
    CHECK(far.bits == 0);
    CHECK(far.bits_at_least == 0);
    CHECK(far.bits_in_common == 0);
    CHECK(far.mean / largest<double>() == Approx(0.0).margin(1e-12));
    CHECK(is_inf(far.standard_deviation));  // sqrt(30 / 29) of the largest number
    CHECK(alternating(largest<double>(), 0.5 * largest<double>()).bits == Approx(alternating(1.0, 0.5).bits));
    CHECK(alternating(0x1p-1074, 0x1p-1073).bits == Approx(alternating(1.0, 2.0).bits));
    CHECK(quantify::detail::bits_of(canonical_nan<double>(), 1.0, 0.0, 53) == 0);
}

TEST_CASE("significant_digits: sums of random numbers, against the exact error", "[quantify][significant_digits]") {
    std::size_t const count = trials(100);
    double nearest = 0, by_chance = 0, mean = 0;
    std::size_t beyond = 0, short_of_confidence = 0;
    for (std::size_t seed = 0; seed < count; ++seed) {
        auto const x = random_numbers(seed, 300);
        double const exact = oracle::sum(x).round<double>();
        auto const f = [&](stochastic_source& source) { return sum_in_sequence(source.numbers(x)); };
        auto const d = significant_digits(f, 30, seed);
        double const error = static_cast<double>(sum<plain, sequential>(x)) / exact - 1;
        nearest += error * error;
        by_chance += std::pow(d.standard_deviation / exact, 2.0);
        mean += std::pow(d.mean / exact - 1, 2.0);
        beyond += std::fabs(error) > std::exp2(-d.bits_at_least) ? 1U : 0U;
        // One more result agrees with the mean in so many bits with a probability of 0.95: said with confidence 0.95.
        std::size_t agree = 0;
        for (std::size_t k = 0; k < 200; ++k) {
            stochastic_source source(seed, 1000 + k);
            double const result = static_cast<double>(f(source).value());
            agree += std::fabs(result / d.mean - 1) <= std::exp2(-d.bits_at_least) ? 1U : 0U;
        }
        short_of_confidence += agree < 190 ? 1U : 0U;
    }
    CAPTURE(nearest / by_chance, mean / by_chance, beyond, short_of_confidence);
    // A random rounding errs by 1/sqrt(6) of a unit (rms), one to nearest by 1/sqrt(12): half the square.
    CHECK(nearest / by_chance > 0.3);
    CHECK(nearest / by_chance < 0.75);
    CHECK(mean / by_chance < 0.1);  // 1/30: the mean is right
    CHECK(static_cast<double>(beyond) <= 0.05 * static_cast<double>(count));
    CHECK(static_cast<double>(short_of_confidence) <= 0.1 * static_cast<double>(count));
}

TEST_CASE("significant_digits: sum<stochastic> by the source's seed", "[quantify][significant_digits]") {
    auto const x = random_numbers(5, 1000);
    auto const d = significant_digits([&](stochastic_source& source) { return sum<stochastic>(x, source.seed()); }, 50);
    double const exact = oracle::sum(x).round<double>();
    CHECK(d.bits > 20);
    CHECK(d.bits <= 24);
    CHECK(std::fabs(d.mean / exact - 1) < 3 * d.standard_deviation / exact);
}

TEST_CASE("significant_digits: too many bits where rounding to nearest has one direction",
          "[quantify][significant_digits]") {
    std::vector<float> x(4001, 0x1p-26F);
    x[0] = 1.0F;
    auto const d =
        significant_digits([&](stochastic_source& source) { return sum_in_sequence(source.numbers(x)); }, 30);
    oracle::real const lost = oracle::sum(x) - oracle::real(sum<plain, sequential>(x));
    CHECK(lost == oracle::real(4000).scaled(-26));
    CHECK(d.bits_at_least > 16);  // the result to nearest has 14
    CHECK(std::fabs(d.mean - oracle::sum(x).round<double>()) < 3 * d.standard_deviation);
}

TEST_CASE("significant_digits: too few where rounding to nearest is exact by design",
          "[quantify][significant_digits]") {
    auto const d = significant_digits(
        [](stochastic_source& source) { return (source.number(1000.4F) + 12582912.0F) - 12582912.0F; }, 30);
    CHECK(add(add(1000.4F, 12582912.0F), -12582912.0F) == 1000.0F);
    CHECK(d.bits < 12);
    CHECK(d.mean == Approx(1000.4).epsilon(0.001));
}
