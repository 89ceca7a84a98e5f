// SPDX-License-Identifier: BSL-1.0
#include <lastbit/exact/expansion_error.hpp>

#include <lastbit/exact/expansion_functions.hpp>

#include "exact/hard_expansions.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

#include <cstdio>

using namespace lastbit;
using namespace lastbit_tests;

namespace {

template <class T, std::size_t N>
struct seen {
    double sum = 0, product = 0, quotient = 0, root = 0;

    void check(double& largest, expansion<T, N> const& got, wide_number& want, double bound, expansion<T, N> const& x,
               expansion<T, N> const& y) {
        double const error = relative_error(got, want);
        largest = std::max(largest, error / bound);
        INFO("N = " << N << ", x = " << x[0] << ", y = " << y[0] << ", error / bound = " << error / bound);
        REQUIRE(error <= bound);
        REQUIRE(nonoverlapping(got.to_array()));
    }
};

/// All operations on hard operands, held against MPFR. Exponents keep every word of every product normal.
template <class T, std::size_t N>
void check_bounds(std::size_t count) {
    using bound = expansion_error<T, N>;
    constexpr int range = std::same_as<T, double> ? 100 : N <= 2 ? 12 : 2;
    hard_expansions<T, N> make(31);
    wide_number a, b, want;
    seen<T, N> largest;
    for (std::size_t trial = 0; trial < count; ++trial) {
        auto const x = make.any(range);
        auto const opposite = make.nearly_opposite(x);
        auto const y = make.any(range);
        a.set(x);
        b.set(opposite);
        mpfr_add(want.get(), a.get(), b.get(), MPFR_RNDN);
        largest.check(largest.sum, x + opposite, want, bound::sum, x, opposite);
        b.set(y);
        mpfr_sub(want.get(), a.get(), b.get(), MPFR_RNDN);
        largest.check(largest.sum, x - y, want, bound::sum, x, y);
        mpfr_mul(want.get(), a.get(), b.get(), MPFR_RNDN);
        largest.check(largest.product, x * y, want, bound::product, x, y);
        REQUIRE((x * y).to_array() == (y * x).to_array());
        if (trial % 8 != 0) continue;
        mpfr_div(want.get(), a.get(), b.get(), MPFR_RNDN);
        largest.check(largest.quotient, x / y, want, bound::quotient, x, y);
        mpfr_abs(a.get(), a.get(), MPFR_RNDN);
        mpfr_sqrt(want.get(), a.get(), MPFR_RNDN);
        largest.check(largest.root, sqrt(abs(x)), want, bound::root, x, x);
    }
    std::printf("%s, %zu words: largest error/bound: sum %.3g, product %.3g, quotient %.3g, root %.3g\n",
                format<T>::name, N, largest.sum, largest.product, largest.quotient, largest.root);
    // The bounds say something.
    if (N <= 4 && count >= 10'000)
        CHECK(std::min({largest.sum, largest.product, largest.quotient, largest.root}) > 0.005);
}

}  // namespace

TEMPLATE_TEST_CASE("expansion_error: holds on hard operands, and words do not overlap", "[exact][expansion_error]",
                   float, double) {
    // Ten million of each in the full run.
    auto const count = [](std::size_t in_ci) { return trials(LASTBIT_TEST_SCALE > 1 ? 100'000 : in_ci); };
    check_bounds<TestType, 2>(count(20'000));
    check_bounds<TestType, 3>(count(20'000));
    check_bounds<TestType, 4>(count(20'000));
    check_bounds<TestType, 5>(count(1'000));
    if constexpr (std::same_as<TestType, double>) {
        check_bounds<TestType, 6>(count(500));
        check_bounds<TestType, 7>(count(500));
        check_bounds<TestType, 8>(count(1'000));
    }
}

TEST_CASE("expansion_error: no bound is above 8 2^N u^N, or 16 of these for quotients and roots",
          "[exact][expansion_error]") {
    auto const check = []<std::size_t N>(std::integral_constant<std::size_t, N>) {
        using bound = expansion_error<double, N>;
        double const unit = detail::power_of_two(static_cast<int>(N) - 53 * static_cast<int>(N));
        CHECK(bound::sum <= 8 * unit);
        CHECK(bound::product <= 8 * unit);
        CHECK(bound::quotient <= 16 * unit);
        CHECK(bound::root <= 16 * unit);
    };
    check(std::integral_constant<std::size_t, 2>());
    check(std::integral_constant<std::size_t, 3>());
    check(std::integral_constant<std::size_t, 4>());
    check(std::integral_constant<std::size_t, 5>());
    check(std::integral_constant<std::size_t, 8>());
}
