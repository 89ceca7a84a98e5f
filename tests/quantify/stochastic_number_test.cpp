// SPDX-License-Identifier: BSL-1.0
#include <lastbit/quantify/stochastic_number.hpp>

#include <lastbit/fold/sum.hpp>
#include <lastbit/oracle/quotient.hpp>
#include "oracle/numbers.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <set>

using namespace lastbit;
using namespace lastbit_tests;
using oracle::direction;
using oracle::real;
using quantify::stochastic_number;
using quantify::stochastic_source;

namespace {

template <class T>
bool is_neighbour(T result, T down, T up) {
    return to_bits(result) == to_bits(down) || to_bits(result) == to_bits(up);
}

}  // namespace

TEMPLATE_TEST_CASE("stochastic_number: each operation gives one of the two neighbours", "[quantify][stochastic]", float,
                   double, bfloat16, float16) {
    using T = TestType;
    random_stream random(81);
    for (std::size_t t = 0; t < trials(300); ++t) {
        stochastic_source source(t, 3);
        T const x = of_exponent<T>(random, -3, 3);
        T const y = of_exponent<T>(random, -3, 3);
        auto const a = source.number(x);
        auto const b = source.number(y);
        auto const check = [&](real const& exact, stochastic_number<T> const& r) {
            CHECK(is_neighbour(r.value(), exact.round<T>(direction::downward), exact.round<T>(direction::upward)));
        };
        check(real(x) + real(y), a + b);
        check(real(x) - real(y), a - b);
        check(real(x) * real(y), a * b);
        check(real(x) + real(y), a + y);
        check(real(x) * real(y), x * b);
        CHECK(is_neighbour((a / b).value(), oracle::quotient<T>(real(x), real(y), direction::downward),
                           oracle::quotient<T>(real(x), real(y), direction::upward)));
        CHECK(is_neighbour(sqrt(abs(a)).value(),
                           oracle::square_root_of_quotient<T>(real(x).abs(), real(1), direction::downward),
                           oracle::square_root_of_quotient<T>(real(x).abs(), real(1), direction::upward)));
        CHECK(to_bits((-a).value()) == to_bits(negate(x)));
        CHECK((a < b) == (real(x) < real(y)));
        CHECK((a == b) == (real(x) == real(y)));
        auto c = a;
        c += b;
        c *= b;
        CHECK(to_bits(c.value()) == to_bits(((a + b) * b).value()));
    }
}

TEST_CASE("stochastic_number: right on average", "[quantify][stochastic]") {
    // With a probability of at most 1e-9 (Hoeffding) the mean of so many results, each of two neighbours, is farther.
    std::size_t const count = trials(10000);
    double const allowed = std::sqrt(std::log(2e9) / (2 * static_cast<double>(count)));
    double quotients = 0, roots = 0, differences = 0;
    for (std::size_t k = 0; k < count; ++k) {
        stochastic_source source(9, k);
        auto const one = source.number(1.0F);
        quotients += (static_cast<double>((one / 3.0F).value()) - 1.0 / 3) * 0x1p25;
        roots += (static_cast<double>(sqrt(one + 1.0F).value()) - std::sqrt(2.0)) * 0x1p23;
        differences += (static_cast<double>((one - 0x1.8p-26F).value()) - (1 - 0x1.8p-26)) * 0x1p24;
    }
    for (double const total : {quotients, roots, differences})
        CHECK(std::fabs(total) <= allowed * static_cast<double>(count));
}

TEST_CASE("stochastic_number: a function of seed, sample and expression", "[quantify][stochastic]") {
    auto const run = [](std::uint64_t seed, std::uint64_t sample) {
        stochastic_source source(seed, sample);
        auto x = source.numbers(std::vector<float>{0.1F, 0.7F, -0.3F, 1e-3F});
        for (int i = 0; i < 200; ++i) x[0] = (x[0] * x[1] + x[2]) / (x[3] + 1.0F);
        return to_bits(x[0].value());
    };
    CHECK(run(1, 2) == 0xBF7F2642U);  // on every platform
    std::set<std::uint32_t> seeds, samples;
    for (std::uint64_t k = 0; k < 50; ++k) {
        seeds.insert(run(k, 0));
        samples.insert(run(0, k));
    }
    CHECK(seeds.size() > 3);
    CHECK(samples.size() > 3);

    stochastic_source source(5, 0);
    auto const a = source.number(1.0F);
    auto const b = source.number(0x1p-24F);
    CHECK(to_bits((a + b).value()) == to_bits((a + b).value()));  // the same expression
    // Equal data in another place draw other bits.
    std::size_t up = 0;
    for (int k = 0; k < 64; ++k) up += (source.number(1.0F) + source.number(0x1p-24F)).value() > 1.0F ? 1U : 0U;
    CHECK((up > 8 && up < 56));
    up = 0;  // one of the two is the same
    for (int k = 0; k < 64; ++k) up += (a + source.number(0x1p-24F)).value() > 1.0F ? 1U : 0U;
    CHECK((up > 8 && up < 56));
    up = 0;
    for (int k = 0; k < 64; ++k) up += (source.number(1.0F) + b).value() > 1.0F ? 1U : 0U;
    CHECK((up > 8 && up < 56));
    std::set<std::uint64_t> keys;
    for (int k = 0; k < 100; ++k) keys.insert(source.seed());
    CHECK(keys.size() == 100);
}

TEST_CASE("stochastic_number: constants", "[quantify][stochastic]") {
    stochastic_number<double> const one = 1.0;
    CHECK((one + 1.0).value() == 2.0);
    CHECK((one / 4.0).value() == 0.25);
    CHECK(to_bits(stochastic_number<double>().value()) == 0);
    CHECK_THROWS_WITH(one / 3.0, Catch::Contains("stochastic_source"));
    CHECK(static_cast<double>(one) == 1.0);
    stochastic_number<double> const nan = canonical_nan<double>();
    CHECK_FALSE(nan == nan);
    CHECK_FALSE(nan < one);
    CHECK(is_nan((nan + one).value()));
}
