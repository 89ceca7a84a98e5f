// SPDX-License-Identifier: BSL-1.0
#include <lastbit/fold/expansions.hpp>

#include "exact/hard_expansions.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace lastbit;
using namespace lastbit_tests;

namespace {

template <class T, std::size_t N>
bool same_words(expansion<T, N> const& x, expansion<T, N> const& y) {
    for (std::size_t q = 0; q < N; ++q)
        if (to_bits(x[q]) != to_bits(y[q])) return false;
    return true;
}

template <class T, std::size_t N>
void check_layouts() {
    hard_expansions<T, N> make(11);
    for (std::size_t n = 0; n < 70; ++n) {
        std::vector<expansion<T, N>> x(n), y(n);
        for (auto& e : x) e = make.any(4);
        for (auto& e : y) e = make.any(4);
        expansion_vector<T, N> const a(x), b(y);
        INFO("n = " << n << ", N = " << N);
        REQUIRE(same_words(sum<multiword<N>>(a), sum<multiword<N>>(x)));
        REQUIRE(same_words(dot<multiword<N>>(a, b), dot<multiword<N>>(x, y)));
        REQUIRE(same_words(dot<method<multiword<N>, sequential>>(a, b), dot<multiword<N>, sequential>(x, y)));
        REQUIRE(same_words(sum<plain>(a), sum<plain>(x)));
        if (n > 3) {  // any alignment
            auto const part = a.view().subview(3, n - 3);
            std::vector<expansion<T, N>> const rest(x.begin() + 3, x.end());
            REQUIRE(same_words(sum<multiword<N>>(part), sum<multiword<N>>(rest)));
        }
    }
}

/// The error of a dot product in units of u^N sum |x_i y_i|.
template <class T, std::size_t N>
void check_bound() {
    hard_expansions<T, N> make(12);
    wide_number total, absolutes, product, term;
    for (std::size_t trial = 0; trial < trials(30); ++trial)
        for (std::size_t const n : {1U, 3U, 17U, 100U}) {
            expansion_vector<T, N> x(n), y(n);
            mpfr_set_zero(total.get(), 1);
            mpfr_set_zero(absolutes.get(), 1);
            for (std::size_t i = 0; i < n; ++i) {
                x[i] = make.any(6);
                y[i] = make.any(6);
                product.set(expansion<T, N>(x[i]));
                term.set(expansion<T, N>(y[i]));
                mpfr_mul(product.get(), product.get(), term.get(), MPFR_RNDN);
                mpfr_add(total.get(), total.get(), product.get(), MPFR_RNDN);
                mpfr_abs(product.get(), product.get(), MPFR_RNDN);
                mpfr_add(absolutes.get(), absolutes.get(), product.get(), MPFR_RNDN);
            }
            product.set(dot<multiword<N>>(x, y));
            mpfr_sub(product.get(), product.get(), total.get(), MPFR_RNDN);
            mpfr_div(product.get(), product.get(), absolutes.get(), MPFR_RNDN);
            double const error = std::abs(mpfr_get_d(product.get(), MPFR_RNDA));
            INFO("N = " << N << ", n = " << n);
            REQUIRE(error <= multiword_bound<T, N>(lanes<>::shape(n, static_cast<int>(default_lanes<T>)), true));
        }
}

}  // namespace

TEMPLATE_TEST_CASE("expansions: an array a word and one array have the same bits", "[fold][expansions]", float,
                   double) {
    check_layouts<TestType, 2>();
    check_layouts<TestType, 3>();
}

TEMPLATE_TEST_CASE("expansions: a dot product's error is below its bound", "[fold][expansions]", float, double) {
    check_bound<TestType, 2>();
    check_bound<TestType, 3>();
    if constexpr (std::same_as<TestType, double>) check_bound<TestType, 4>();
}

TEST_CASE("expansions: the bound is infinite where its hypothesis fails", "[fold][expansions]") {
    CHECK(multiword_bound<float, 2>({std::size_t{1} << 24, 0, std::size_t{1} << 24, 0}, true) == infinity<double>());
    CHECK(multiword_bound<double, 2>({1000, 15, 67, 4}, true) < 0x1p-75);
}

TEST_CASE("expansions: shapes that differ are refused", "[fold][expansions]") {
    expansion_vector<double, 2> const x(3), y(4);
    CHECK_THROWS_WITH(dot<multiword<2>>(x, y), Catch::Contains("3") && Catch::Contains("4"));
}
