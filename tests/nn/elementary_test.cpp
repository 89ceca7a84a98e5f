// SPDX-License-Identifier: BSL-1.0
#include <lastbit/nn/elementary.hpp>

#include <lastbit/base/random.hpp>
#include <lastbit/oracle.hpp>

#include "trials.hpp"

#include <catch2/catch.hpp>

using namespace lastbit;
using oracle::real;

namespace {

real exact(detail::opaque_double x) { return real(x.value()); }
real exact(double_double const& x) { return oracle::exact_value(x); }
template <class W>
real exact(detail::scaled_value<W> const& v) {
    return exact(v.value).scaled(v.exponent);
}

using functions = oracle::detail::activation_functions<320>;

/// The largest relative error of `computed(x)` over random x in [low, high], against `expected` on Boost's numbers.
template <class W, class Computed, class Expected>
double worst_error(double low, double high, Computed computed, Expected expected) {
    random_stream random(5);
    double worst = 0;
    for (std::size_t i = 0; i < lastbit_tests::trials(300); ++i) {
        double x = low + (high - low) * random.uniform();
        if (i % 4 == 0) x *= std::ldexp(1.0, -static_cast<int>(random.below(60)));
        real const truth = oracle::exact_value(functions::number(expected(functions::of(real(x)))));
        real const error = (exact(computed(W(x))) - truth).abs();
        worst = std::max(worst, oracle::quotient<double>(error, truth.abs()));
    }
    return worst;
}

/// The bounds of docs/mathematics.md, "Activations".
template <class W>
struct promised;
template <>
struct promised<detail::opaque_double> {
    static constexpr double exponential = 0x1p-51, expm1 = 0x1p-49, log1p = 0x1p-50, normal = 0x1p-41;
};
template <>
struct promised<double_double> {
    static constexpr double exponential = 0x1p-90, expm1 = 0x1p-88, log1p = 0x1p-88, normal = 0x1p-64;
};

}  // namespace

TEMPLATE_TEST_CASE("elementary functions: relative errors as promised", "[nn][activation]", detail::opaque_double,
                   double_double) {
    using W = TestType;
    using number = functions::number;
    auto const e = worst_error<W>(
        -790, 0, [](W x) { return detail::exponential(x); }, [](number const& x) { return number(exp(x)); });
    CHECK(e < promised<W>::exponential);
    CHECK(e > 0);
    CHECK(worst_error<W>(
              -1600, -0x1p-90, [](W x) { return detail::expm1_of(x); },
              [](number const& x) { return functions::expm1(x); }) < promised<W>::expm1);
    CHECK(worst_error<W>(
              0x1p-100, 1, [](W t) { return detail::log1p_of(t); },
              [](number const& t) { return functions::log1p(t); }) < promised<W>::log1p);
    for (auto const& [low, high] : {std::pair{-38.9, -5.0}, {-5.0, -3.0}, {-3.0, 3.0}, {3.0, 5.5}, {-6.0, -4.5}})
        CHECK(worst_error<W>(
                  low, high, [](W x) { return detail::normal_distribution(x); },
                  [](number const& x) { return functions::normal(x); }) < promised<W>::normal);
}

TEST_CASE("rounded_value: a subnormal result is rounded once", "[nn][activation]") {
    // 1 + 2^-54 + ... at the place of a tie: rounded to 53 bits first it would go to even, downwards.
    double_double const above = double_double::from_nonoverlapping({1.5, 0x1p-60});
    for (int exponent : {-1073, -1074, -1075})
        CHECK(to_bits(detail::rounded_value<double>({above, exponent})) ==
              to_bits(oracle::exact_value(above).scaled(exponent).round<double>()));
    CHECK(to_bits(detail::rounded_value<double>({-above, -3000})) == to_bits(-0.0));
    CHECK(to_bits(detail::rounded_value<float>({detail::opaque_double(-1.5), -3000})) == to_bits(-0.0F));
}
