// SPDX-License-Identifier: BSL-1.0
#include <lastbit/fold/accumulators/multiprecision.hpp>

#include "../families.hpp"

#include <lastbit/fold.hpp>
#include <lastbit/linalg/gemm.hpp>
#include <lastbit/oracle.hpp>

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <boost/multiprecision/cpp_dec_float.hpp>
#include <boost/multiprecision/cpp_int.hpp>
#include <boost/multiprecision/mpfr.hpp>

#include <catch2/catch.hpp>
#include <trials.hpp>

using namespace lastbit;
using namespace lastbit_tests;
using boost::multiprecision::cpp_bin_float_100;
using boost::multiprecision::cpp_dec_float_50;
using boost::multiprecision::cpp_rational;

namespace {

template <class T>
cpp_rational exact_dot(std::vector<T> const& x, std::vector<T> const& y) {
    cpp_rational sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i) sum += cpp_rational(x[i]) * cpp_rational(y[i]);
    return sum;
}

}  // namespace

TEMPLATE_TEST_CASE("multiprecision: rational numbers lose nothing, in any order", "[fold][multiprecision]", float,
                   double) {
    using T = TestType;
    using M = multiprecision<cpp_rational>;
    for (std::size_t n : {0U, 1U, 5U, 33U, 100U}) {
        auto const [x, y] = make_data<T>(family::ordinary, n, 9);
        cpp_rational const want = exact_dot(x, y);
        CHECK(dot_to<cpp_rational, M>(x, y) == want);
        CHECK(dot_to<cpp_rational, method<M, sequential>>(x, y) == want);
        CHECK(dot_to<cpp_rational, method<M, pairwise<8>>>(x, y) == want);
        std::vector<T> const ones(n, T(1));
        CHECK(sum_to<cpp_rational, M>(x) == exact_dot(x, ones));
    }
}

TEST_CASE("multiprecision: 100 digits round to the nearest double", "[fold][multiprecision]") {
    using M = multiprecision<cpp_bin_float_100>;
    for (std::uint64_t seed = 1; seed <= trials(50); ++seed) {
        auto const [x, y] = make_data<double>(family::ordinary, 200, seed);
        REQUIRE(to_bits(dot<M>(x, y)) == to_bits(dot(x, y)));
        REQUIRE(to_bits(sum<M>(x)) == to_bits(sum(x)));
    }
}

TEST_CASE("multiprecision: decimal numbers, numbers of MPFR, and precision chosen at run time",
          "[fold][multiprecision]") {
    auto const [x, y] = make_data<double>(family::ordinary, 100, 3);
    double const want = dot(x, y);
    CHECK(dot<multiprecision<cpp_dec_float_50>>(x, y) == want);
    CHECK(dot<multiprecision<boost::multiprecision::mpfr_float_100>>(x, y) == want);
    using boost::multiprecision::mpfr_float;
    auto const before = mpfr_float::default_precision();
    mpfr_float::default_precision(200);
    auto const wide = dot_to<mpfr_float, multiprecision<mpfr_float>>(x, y);
    CHECK(wide.precision() >= 200);
    CHECK(static_cast<double>(wide) == want);
    mpfr_float::default_precision(before);
}

TEST_CASE("multiprecision: numbers of Boost are summed as they are", "[fold][multiprecision]") {
    std::vector<cpp_rational> const thirds(30, cpp_rational(1, 3));
    CHECK(sum<multiprecision<cpp_rational>>(thirds) == 10);
    CHECK(dot<multiprecision<cpp_rational>, pairwise<4>>(thirds, thirds) == cpp_rational(10, 3));
}

TEST_CASE("multiprecision: matrix products", "[fold][multiprecision]") {
    auto const [a, b] = make_data<double>(family::ordinary, 5 * 9, 4);
    std::vector<double> c(25), want(25);
    matrix_view<double const> const A(a.data(), 5, 9), B(b.data(), 9, 5);
    gemm<multiprecision<cpp_bin_float_100>>(A, B, matrix_view<double>(c.data(), 5, 5));
    gemm(A, B, matrix_view<double>(want.data(), 5, 5));
    CHECK(c == want);
}
