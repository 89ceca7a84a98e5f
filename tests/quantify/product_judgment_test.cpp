// SPDX-License-Identifier: BSL-1.0
#include <lastbit/quantify/product_judgment.hpp>

#include "quantify/product_oracle.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace lastbit;
using namespace lastbit_tests;
using Catch::Contains;
using quantify::product_demand;
using quantify::product_judgment;
using quantify::rounded;

namespace {

constexpr number_format f32 = number_format::float32;
constexpr number_format bf16 = number_format::bfloat16;

product_judgment judged(problem const& p, numbers const& c, product_demand const& d = {},
                        std::optional<number_format> held = {}, bool may_flush = false) {
    std::vector<std::byte> bytes(c.size() * size_of(p.out));
    for (std::size_t i = 0; i < c.size(); ++i) store(p.out, bytes.data(), static_cast<std::ptrdiff_t>(i), c[i]);
    quantify::product asked = p.asked();
    asked.held = held;
    asked.may_flush = may_flush;
    return judge(asked,
                 {p.out, bytes.data(), p.batches, p.m, p.n, static_cast<std::ptrdiff_t>(p.m * p.n),
                  static_cast<std::ptrdiff_t>(p.n), 1},
                 d);
}
bool accepts(problem const& p, double c, product_demand const& d = {}, std::optional<number_format> held = {}) {
    return judged(p, {c}, d, held).passed();
}

product_demand ulps(double n) {
    product_demand d{product_demand::kind::ulps};
    d.ulps = n;
    return d;
}
product_demand exact() { return product_demand{product_demand::kind::correctly_rounded}; }

/// The next number of C's format, up or down. Requires: float32 or bfloat16.
double next(number_format f, double x, bool up) {
    double y = x;
    double const towards = up ? INFINITY : -INFINITY;
    while (y == x || rounded(f, y) != y) {
        y = f == f32 ? static_cast<double>(std::nextafter(static_cast<float>(x), static_cast<float>(towards)))
                     : rounded(bf16, x + (up ? 0.6 : -0.6) * quantify::ulp_of(bf16, x));
    }
    return y;
}

/// From the exact value outward: the last number that is accepted, and the first that is not.
double last_accepted(problem const& p, product_demand const& d, bool up, double& refused) {
    oracle::real const z = exact_element(p, 0, 0, 0);
    double last = rounded(p.out, z.round<double>());
    REQUIRE(accepts(p, last, d));
    double const size = exact_magnitude(p, 0, 0, 0).round<double>();
    refused = rounded(p.out, last + (up ? size : -size));
    REQUIRE_FALSE(accepts(p, refused, d));
    while (next(p.out, last, up) != refused) {
        double middle = rounded(p.out, (last + refused) / 2);
        if (middle == last || middle == refused) middle = next(p.out, last, up);
        (accepts(p, middle, d) ? last : refused) = middle;
    }
    return last;
}

}  // namespace

TEST_CASE("judge: the bound at its edge, in float32", "[quantify][product_judgment]") {
    random_stream r(61);
    for (std::size_t t = 0; t < trials(30); ++t) {
        problem p = make_problem(data::gaussian, f32, f32, 1, 1, 1 + r.below(200), r.bits());
        p.has_bias = r.below(2) == 0;
        oracle::real const z = exact_element(p, 0, 0, 0);
        double const roundings = static_cast<double>(p.k) + (p.has_bias ? 1 : 0);
        double const e = lastbit::detail::gamma(roundings, 0x1p-24) * exact_magnitude(p, 0, 0, 0).round<double>();
        for (bool const up : {true, false}) {
            double refused = 0;
            double const last = last_accepted(p, {}, up, refused);
            CAPTURE(p.k, last, refused, e);
            CHECK((oracle::real(refused) - z).abs() > oracle::real(e));        // nothing within the bound is refused
            CHECK((oracle::real(last) - z).abs() <= oracle::real(e * 1.011));  // the size is known within 1 %
        }
    }
}

TEST_CASE("judge: the bound where C is narrower than the sums: RN(z - e) to RN(z + e)",
          "[quantify][product_judgment]") {
    random_stream r(62);
    for (std::size_t t = 0; t < trials(60); ++t) {
        problem const p = make_problem(data::gaussian, bf16, bf16, 1, 1, 1 + r.below(200), r.bits());
        oracle::real const z = exact_element(p, 0, 0, 0);
        double const e =
            lastbit::detail::gamma(static_cast<double>(p.k), 0x1p-24) * exact_magnitude(p, 0, 0, 0).round<double>();
        auto const to_bf16 = [](oracle::real const& x) {
            return lastbit::detail::convert<double>(x.round<bfloat16>());
        };
        for (bool const up : {true, false}) {
            double refused = 0;
            double const last = last_accepted(p, {}, up, refused);
            oracle::real const sign(up ? 1.0 : -1.0);
            double const inner = to_bf16(z + sign * oracle::real(e));
            double const outer = to_bf16(z + sign * oracle::real(e * 1.011));
            CAPTURE(p.k, last, inner, outer);
            CHECK((up ? last >= inner && last <= outer : last <= inner && last >= outer));
        }
    }
}

TEST_CASE("judge: correctly rounded, by the oracle", "[quantify][product_judgment]") {
    random_stream r(63);
    for (std::size_t t = 0; t < trials(100); ++t) {
        bool const wide = r.below(2) == 0;
        problem p = make_problem(data::gaussian, wide ? f32 : bf16, wide ? f32 : bf16, 1, 1, r.below(100), r.bits());
        p.alpha = r.below(2) == 0 ? 1 : 1.25;
        p.has_bias = r.below(2) == 0;
        if (t % 3 == 0 && p.k > 1) {  // what is left is far below the products
            for (std::size_t l = 0; l + 1 < p.k; l += 2) {
                p.a[l + 1] = p.a[l];
                p.b[l + 1] = -p.b[l];
            }
            p.has_bias = false;
        }
        if (t % 5 == 0) {  // halfway between two numbers, and a little beside it
            p.k = 3;
            p.a = {1, 1, r.below(2) == 0 ? 0.0 : (r.below(2) == 0 ? 0x1p-90 : -0x1p-90)};
            p.b = {1 + 2 * static_cast<double>(r.below(2)) * (wide ? 0x1p-24 : 0x1p-8), wide ? 0x1p-24 : 0x1p-8, 1};
            p.alpha = 1;
            p.has_bias = false;
        }
        oracle::real const z = exact_element(p, 0, 0, 0);
        double const expected = wide ? lastbit::detail::convert<double>(z.round<float>())
                                     : lastbit::detail::convert<double>(z.round<bfloat16>());
        CAPTURE(t, p.k, expected);
        CHECK(accepts(p, expected, exact()));
        CHECK_FALSE(accepts(p, next(p.out, expected, true), exact()));
        CHECK_FALSE(accepts(p, next(p.out, expected, false), exact()));
    }
}

TEST_CASE("judge: within n ulps, decided exactly", "[quantify][product_judgment]") {
    problem p = make_problem(data::gaussian, f32, f32, 1, 1, 3, 64);
    p.a = {1, 1, 0};
    p.b = {1.5, 0x1p-24, 1};  // half an ulp above 1.5
    CHECK(accepts(p, 1.5, ulps(0.5)));
    CHECK(accepts(p, 1.5 + 0x1p-23, ulps(0.5)));
    CHECK_FALSE(accepts(p, 1.5 - 0x1p-23, ulps(1.4999)));
    CHECK(accepts(p, 1.5 - 0x1p-23, ulps(1.5)));
    p.a[2] = 0x1p-80;  // a little more than half: beyond what doubles tell apart
    CHECK_FALSE(accepts(p, 1.5, ulps(0.5)));
    CHECK(accepts(p, 1.5 + 0x1p-23, ulps(0.5)));
}

TEST_CASE("judge: numbers about the worst element", "[quantify][product_judgment]") {
    problem const p = make_problem(data::gaussian, f32, f32, 4, 5, 60, 65);
    numbers c = each(
        p, [&](std::size_t b, std::size_t i, std::size_t j) { return finish(p, dot(p, b, i, j, 0, p.k), b, i, j); });
    CHECK(judged(p, c).passed());
    c[13] += 0.25;
    c[7] += 0.01;
    product_judgment const j = judged(p, c);
    CHECK(j.failing == 2);
    REQUIRE(j.failures.size() == 2);
    CHECK(j.failures[0].row == 1);
    CHECK(j.failures[0].col == 2);
    CHECK(j.worst.index.row == 2);
    CHECK(j.worst.index.col == 3);
    oracle::real const z = exact_element(p, 0, 2, 3);
    double const got = rounded(f32, c[13]);
    CHECK(j.worst.got == got);
    CHECK(j.worst.expected == lastbit::detail::convert<double>(z.round<float>()));
    CHECK(j.worst.exact == z.round<double>());
    CHECK(j.worst.error == (oracle::real(got) - z).abs().round<double>());
    double const ulp = quantify::ulp_of(f32, z.round<double>());
    CHECK(j.worst.ulps == j.worst.error / ulp);
    CHECK(j.worst.ratio == Approx(j.worst.error / j.worst.allowed));
    CHECK(j.worst.condition ==
          Approx(exact_magnitude(p, 0, 2, 3).round<double>() / std::fabs(z.round<double>())).epsilon(0.011));
}

TEST_CASE("judge: NaN, infinities, what may overflow, nothing to add", "[quantify][product_judgment]") {
    problem p = make_problem(data::gaussian, f32, f32, 1, 1, 2, 66);
    p.a = {canonical_nan<double>(), 1};
    CHECK(accepts(p, canonical_nan<double>()));
    CHECK_FALSE(accepts(p, 1));
    CHECK_FALSE(accepts(p, infinity<double>()));
    p.a = {infinity<double>(), 1};
    p.b = {-1, 1};
    CHECK(accepts(p, -infinity<double>()));
    CHECK_FALSE(accepts(p, infinity<double>()));
    CHECK_FALSE(accepts(p, canonical_nan<double>()));
    CHECK_FALSE(accepts(p, -0x1.fffffep127));
    p.b = {0, 1};
    CHECK(accepts(p, canonical_nan<double>()));
    CHECK_FALSE(accepts(p, 1));
    p.a = {0x1p100, 0x1p100};
    p.b = {0x1p27, -0x1p27};  // 0, or in another order a difference of infinities
    product_judgment const j = judged(p, {0});
    CHECK(j.unjudged == 1);
    CHECK(j.passed());
    p.a = {1, 1};
    p.b = {2, 3};
    CHECK_FALSE(accepts(p, canonical_nan<double>()));
    CHECK_FALSE(accepts(p, infinity<double>()));
    p.k = 0;
    p.a = p.b = {};
    CHECK(accepts(p, 0));
    CHECK_FALSE(accepts(p, 0x1p-149));
    CHECK_FALSE(accepts(p, canonical_nan<double>()));
    p.beta = 0.5;
    p.old = {3};
    CHECK(accepts(p, 1.5));
    CHECK_FALSE(accepts(p, 3));
}

TEST_CASE("judge: subnormal results, and where they may be flushed", "[quantify][product_judgment]") {
    problem p = make_problem(data::gaussian, f32, f32, 1, 1, 1, 67);
    p.a = {0x1p-100};
    p.b = {0x1.8p-40};  // 0x1.8p-140
    CHECK(accepts(p, 0x1.8p-140));
    CHECK(accepts(p, 0x1.8p-140 + 0x1p-149));
    CHECK_FALSE(accepts(p, 0));
    CHECK(judged(p, {0}, {}, {}, true).passed());
    CHECK_FALSE(judged(p, {0x1p-110}, {}, {}, true).passed());
}

TEST_CASE("judge: float8 output, with and without infinities", "[quantify][product_judgment]") {
    problem p = make_problem(data::gaussian, f32, number_format::float8_e4m3, 1, 1, 1, 68);
    p.a = {1};
    p.b = {17.5};  // halfway between 16, 18, 20: 18 is the nearest
    CHECK(accepts(p, 18));
    CHECK_FALSE(accepts(p, 16));
    CHECK_FALSE(accepts(p, 20));
    CHECK(accepts(p, 18, exact()));
    p.b = {1000};  // beyond 448: NaN, or saturated
    CHECK(accepts(p, canonical_nan<double>()));
    CHECK(accepts(p, 448));
    CHECK_FALSE(accepts(p, 416));
    p.b = {300};
    CHECK_FALSE(accepts(p, canonical_nan<double>()));
    p.out = number_format::float8_e5m2;
    p.b = {100000};
    CHECK(accepts(p, infinity<double>()));
    CHECK_FALSE(accepts(p, 49152));
}

TEST_CASE("judge: whole numbers are exact", "[quantify][product_judgment]") {
    problem p = make_problem(data::integers, number_format::int8, number_format::int32, 2, 2, 50, 69);
    numbers c = each(p, [&](std::size_t b, std::size_t i, std::size_t j) { return dot<double>(p, b, i, j, 0, p.k); });
    CHECK(judged(p, c).passed());
    c[2] += 1;
    CHECK(judged(p, c).failing == 1);
}

TEST_CASE("judge: relu cuts, gelu within its ulps", "[quantify][product_judgment]") {
    problem p = make_problem(data::gaussian, f32, f32, 1, 1, 1, 70);
    p.act = activation::relu;
    p.a = {1};
    p.b = {-2};
    CHECK(accepts(p, 0));
    CHECK(accepts(p, 0, exact()));
    CHECK_FALSE(accepts(p, 0x1p-100));
    CHECK_FALSE(accepts(p, -2));
    p.b = {2};
    CHECK(accepts(p, 2, exact()));
    CHECK_FALSE(accepts(p, 0));
    p.act = activation::gelu;
    for (double x = -4; x < 4; x += 0.37) {
        p.b = {rounded(f32, x)};
        double const y = 0.5 * p.b[0] * std::erfc(-p.b[0] / std::sqrt(2.0));
        double const u = quantify::ulp_of(f32, y);
        CAPTURE(x, y);
        CHECK(accepts(p, rounded(f32, y)));
        CHECK(accepts(p, rounded(f32, y + 3 * u)));
        CHECK_FALSE(accepts(p, rounded(f32, y + 8 * u + 0x1p-21 * std::fabs(x))));
        CHECK_FALSE(accepts(p, rounded(f32, y - 8 * u - 0x1p-21 * std::fabs(x))));
    }
    CHECK_THAT(judged(p, {1}, exact()).refusal, Contains("within_ulps(n)"));
}

TEST_CASE("judge: alpha, beta, batches", "[quantify][product_judgment]") {
    random_stream r(71);
    for (std::size_t t = 0; t < trials(20); ++t) {
        problem p = make_problem(data::gaussian, f32, f32, 4, 3, 1 + r.below(40), r.bits(), 3);
        p.alpha = 1.5;
        p.beta = -0.75;
        p.has_bias = true;
        numbers c = each(p, [&](std::size_t b, std::size_t i, std::size_t j) {
            return finish(p, dot(p, b, i, j, 0, p.k), b, i, j);
        });
        CHECK(judged(p, c).passed());
        std::size_t const wrong = r.below(c.size());
        c[wrong] += 0.125;
        product_judgment const j = judged(p, c);
        REQUIRE(j.failing == 1);
        CHECK(j.worst.index.batch == wrong / 12);
        CHECK(j.worst.index.row == wrong / 3 % 4);
        CHECK(j.worst.index.col == wrong % 3);
    }
}

TEST_CASE("judge: a demand that proves nothing is refused, whatever came out", "[quantify][product_judgment]") {
    problem const p = make_problem(data::gaussian, bf16, bf16, 1, 1, 200, 72);
    product_judgment const j = judged(p, {exact_element(p, 0, 0, 0).round<double>()}, {}, bf16);
    CHECK_FALSE(j.passed());
    CHECK_THAT(j.refusal, Contains("proves nothing of 200 terms summed in bfloat16"));
}

TEST_CASE("judge: shapes that do not fit are named", "[quantify][product_judgment]") {
    problem const p = make_problem(data::gaussian, f32, f32, 4, 3, 5, 73);
    quantify::product asked = p.asked();
    float c[12] = {};
    CHECK_THROWS_WITH(judge(asked, {f32, c, 1, 3, 4, 12, 4, 1}, {}), Contains("[3 x 4]") && Contains("[4 x 3]"));
    asked.b = asked.a;
    CHECK_THROWS_WITH(judge(asked, {f32, c, 1, 4, 5, 12, 4, 1}, {}), Contains("do not fit"));
    asked = p.asked();
    asked.beta = 1;
    CHECK_THROWS_WITH(judge(asked, {f32, c, 1, 4, 3, 12, 3, 1}, {}), Contains("C0"));
    asked = p.asked();
    asked.act = activation::softmax;
    CHECK_THROWS_WITH(judge(asked, {f32, c, 1, 4, 3, 12, 3, 1}, {}), Contains("softmax"));
}
