// SPDX-License-Identifier: BSL-1.0
#include <lastbit/testing/suite.hpp>

#include <lastbit/exact/superaccumulator.hpp>
#include <lastbit/testing/catch2.hpp>

#include <catch2/catch.hpp>

#include <set>

using namespace lastbit;
using namespace lastbit::testing;
using quantify::number_format;

namespace {

/// sum |terms| of one element, bias and C0 with it.
double magnitude(suite::operands const& o, std::size_t i, std::size_t j) {
    double s = std::fabs(o.old[i * o.n + j]) + std::fabs(o.bias[j]);
    for (std::size_t l = 0; l < o.k; ++l) s += std::fabs(o.a[i * o.k + l] * o.b[l * o.n + j]);
    return s;
}

}  // namespace

TEST_CASE("integers: sums of magnitudes are numbers of the accumulator, for every k", "[testing][suite]") {
    struct pair {
        number_format read;
        number_format held;
    };
    for (pair const f :
         {pair{number_format::float32, number_format::float32}, pair{number_format::float64, number_format::float64},
          pair{number_format::bfloat16, number_format::float32}, pair{number_format::float16, number_format::float32},
          pair{number_format::int8, number_format::int32}, pair{number_format::float8_e4m3, number_format::float32}})
        for (std::size_t const k :
             {std::size_t{1}, std::size_t{7}, std::size_t{64}, std::size_t{1000}, std::size_t{65536}}) {
            suite::operands const o = suite::make(suite::family::integers, 3, 2, k, f.read, f.held, k);
            CAPTURE(quantify::name(f.read), k);
            double const limit = std::ldexp(1.0, quantify::precision(f.held));
            for (std::size_t i = 0; i < o.m; ++i)
                for (std::size_t j = 0; j < o.n; ++j) CHECK(magnitude(o, i, j) <= limit);
            std::size_t wrong = 0;
            for (std::vector<double> const* x : {&o.a, &o.b})
                for (double const y : *x)
                    if (y == 0 || quantify::rounded(f.read, y) != y) ++wrong;
            CHECK(wrong == 0);
        }
}

TEST_CASE("integers: operands have bits that TF32, bfloat16 and float16 lose", "[testing][suite]") {
    for (std::size_t const k : {std::size_t{4}, std::size_t{100}, std::size_t{65536}}) {
        suite::operands const o =
            suite::make(suite::family::integers, 1, 1, k, number_format::float32, number_format::float32, 7);
        for (number_format const narrow : {number_format::tf32, number_format::bfloat16, number_format::float16}) {
            std::size_t changed = 0;
            for (std::size_t l = 0; l < k; ++l)
                if (quantify::rounded(narrow, o.a[l]) != o.a[l] || quantify::rounded(narrow, o.b[l]) != o.b[l])
                    ++changed;
            CHECK(changed > 0);
        }
    }
}

TEST_CASE("halfway: the exact value lies just beside the middle of two results", "[testing][suite]") {
    for (number_format const f : {number_format::bfloat16, number_format::float16, number_format::float32}) {
        suite::operands const o = suite::make(suite::family::halfway, 5, 3, 9, f, number_format::float32, 3);
        std::set<double> tails;
        for (std::size_t i = 0; i < o.m; ++i)
            for (std::size_t j = 0; j < o.n; ++j) {
                superaccumulator<double> z;
                for (std::size_t l = 0; l < o.k; ++l) z.add_product(o.a[i * o.k + l], o.b[l * o.n + j]);
                double const half = std::copysign(1 + std::ldexp(1.0, -quantify::precision(f)), z.round<double>());
                z.add(-half);
                double const rest = std::fabs(z.round<double>());
                CHECK(rest > 0);
                CHECK(rest < 0x1p-27);
            }
    }
}

TEST_CASE("cancelling: the sum is small beside its terms", "[testing][suite]") {
    suite::operands const o =
        suite::make(suite::family::cancelling, 4, 4, 101, number_format::float32, number_format::float32, 11);
    for (std::size_t i = 0; i < 4; ++i)
        for (std::size_t j = 0; j < 4; ++j) {
            superaccumulator<double> z;
            for (std::size_t l = 0; l < o.k; ++l) z.add_product(o.a[i * o.k + l], o.b[l * o.n + j]);
            CHECK(magnitude(o, i, j) > 5 * std::fabs(z.round<double>()));
        }
}

TEST_CASE("suites: the same seed gives the same numbers, another others", "[testing][suite]") {
    auto const make = [](std::uint64_t seed) {
        return suite::make(suite::family::gaussian, 2, 3, 5, number_format::float32, number_format::float32, seed).a;
    };
    CHECK(make(1) == make(1));
    CHECK(make(1) != make(2));
}

TEMPLATE_TEST_CASE("for_dot, for_gemm: fitting shapes, and every family", "[testing][suite]", float, double, bfloat16,
                   float16, std::int8_t) {
    std::size_t exact = 0;
    for (auto const& c : suite::for_dot<TestType>()) {
        CHECK(c.x.size() == c.y.size());
        exact += c.exact ? 1 : 0;
    }
    CHECK(exact == std::size(suite::lengths));
    std::set<std::string> names;
    for (auto const& c : suite::for_gemm<TestType>()) {
        CHECK(c.a.size() == c.m * c.k);
        CHECK(c.b.size() == c.k * c.n);
        names.insert(c.name);
    }
    CHECK(names.size() == suite::for_gemm<TestType>().size());
}
