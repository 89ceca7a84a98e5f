// SPDX-License-Identifier: BSL-1.0
#include <lastbit/quantify/generate_cases.hpp>

#include <lastbit/fold.hpp>

#include <catch2/catch.hpp>

#include "vector_hash.hpp"

using namespace lastbit;
using generate::kind;
using lastbit_tests::hash;
using oracle::real;

namespace {

constexpr std::array<std::size_t, 13> sizes{0, 1, 2, 3, 4, 5, 6, 7, 16, 33, 100, 1000, 3001};

/// The exact value is the midpoint of the two numbers nearest to it.
template <class T>
bool is_midpoint(real const& exact) {
    T const below = exact.round<T>(oracle::direction::downward);
    T const above = exact.round<T>(oracle::direction::upward);
    return to_bits(below) != to_bits(above) && real(below) + real(above) == exact.scaled(1);
}

template <class T>
real smallest() {
    return real(1).scaled(format<T>::min_exponent - format<T>::precision + 1);
}

/// What the kind promises of the terms t_i, n of them.
template <class T>
void check_kind(kind k, std::size_t n, real const& exact, real const& magnitudes, bool products) {
    real const tiny = products ? smallest<T>() * smallest<T>() : smallest<T>();
    switch (k) {
        case kind::halfway:
            CHECK((n < 2 || is_midpoint<T>(exact)));
            break;
        case kind::above_halfway:
            CHECK((n < 3 || is_midpoint<T>(exact - tiny)));
            break;
        case kind::below_halfway:
            CHECK((n < 3 || is_midpoint<T>(exact + tiny)));
            break;
        case kind::cancelling:
            CHECK((n == 0 || exact.abs() == tiny));
            break;
        case kind::zero:
            CHECK(exact.is_zero());
            break;
        case kind::integers:
            CHECK(magnitudes <= real(1).scaled(format<T>::precision));
            break;
        default:
            break;
    }
    if (k == kind::zero && n > 1) CHECK_FALSE(magnitudes.is_zero());
    // No order overflows.
    CHECK(magnitudes < real(largest<T>()));
}

template <class M, class T>
void check_one_answer(std::vector<T> const& x, std::vector<T> const& y, T sum_bits, T dot_bits) {
    INFO((method<detail::accumulator_of<M>, detail::order_of<M>>::name()));
    CHECK(to_bits(lastbit::sum<M>(x)) == to_bits(sum_bits));
    CHECK(to_bits(lastbit::dot<M>(x, y)) == to_bits(dot_bits));
}

}  // namespace

TEMPLATE_TEST_CASE("generate: each kind is what its name says, in exact arithmetic", "[quantify][generate]", float,
                   double, bfloat16, float16) {
    using T = TestType;
    for (std::size_t const n : sizes)
        for (kind const k : generate::all_kinds)
            for (std::uint64_t seed = 0; seed < 3; ++seed) {
                INFO(format<T>::name << ' ' << generate::name(k) << " n " << n << " seed " << seed);
                auto const s = generate::hard_sum_of<T>(k, n, seed);
                REQUIRE(s.x.size() == n);
                CHECK(s.exact == oracle::sum(s.x));
                CHECK(to_bits(s.condition) == to_bits(quantify::condition_of_sum(s.x)));
                check_kind<T>(k, n, s.exact, oracle::sum_of_absolutes(s.x), false);
                auto const d = generate::hard_dot_of<T>(k, n, seed);
                REQUIRE(d.x.size() == n);
                REQUIRE(d.y.size() == n);
                CHECK(d.exact == oracle::dot(d.x, d.y));
                CHECK(to_bits(d.condition) == to_bits(quantify::condition_of_dot(d.x, d.y)));
                check_kind<T>(k, n, d.exact, oracle::dot_of_absolutes(d.x, d.y), true);
                // What is correctly rounded rounds these, too.
                CHECK(to_bits(lastbit::sum(s.x)) == to_bits(n == 0 ? T(0) : s.exact.template round<T>()));
                CHECK(to_bits(lastbit::dot(d.x, d.y)) == to_bits(n == 0 ? T(0) : d.exact.template round<T>()));
            }
}

TEMPLATE_TEST_CASE("generate: wide terms have exponents all over the format, subnormal ones are",
                   "[quantify][generate]", float, double, bfloat16, float16) {
    using T = TestType;
    auto const wide = generate::hard_sum_of<T>(kind::wide, 1000, 4);
    std::int64_t least = 2000, most = -2000;
    for (T const x : wide.x) {
        least = std::min(least, real(x).binade());
        most = std::max(most, real(x).binade());
    }
    CHECK(least <= format<T>::min_exponent + format<T>::max_exponent / 100);
    CHECK(most >= format<T>::max_exponent - 15);
    auto const tiny = generate::hard_sum_of<T>(kind::subnormal, 1000, 4);
    for (T const x : tiny.x) CHECK(real(x).abs() < real(1).scaled(format<T>::min_exponent));
    auto const products = generate::hard_dot_of<T>(kind::subnormal, 1000, 4);
    std::size_t underflowing = 0;
    for (std::size_t i = 0; i < 1000; ++i) {
        real const t = real(products.x[i]) * real(products.y[i]);
        underflowing += t == real(t.round<T>()) ? 0U : 1U;
    }
    CHECK(underflowing > 300);
}

TEMPLATE_TEST_CASE("generate: integers have one answer by every method in every order", "[quantify][generate]", float,
                   double, bfloat16, float16) {
    using T = TestType;
    for (std::size_t const n : sizes) {
        INFO(format<T>::name << " n " << n);
        auto const s = generate::hard_dot_of<T>(kind::integers, n, 11);
        T const sum = lastbit::sum(s.x), dot = lastbit::dot(s.x, s.y);
        auto const all_orders = [&]<class A>(A) {
            check_one_answer<method<A, sequential>, T>(s.x, s.y, sum, dot);
            check_one_answer<method<A, lanes<>>, T>(s.x, s.y, sum, dot);
            check_one_answer<method<A, pairwise<1>>, T>(s.x, s.y, sum, dot);
        };
        // The sum of x alone has to be exact, too: |x_i| <= |x_i y_i| as y_i >= 1 or both are 0.
        all_orders(plain{});
        all_orders(kahan{});
        all_orders(compensated<2>{});
    }
}

TEST_CASE("generate: the bits of the kinds follow from n and seed, on every platform", "[quantify][generate]") {
    std::uint64_t h = lastbit_tests::empty_hash;
    auto const one = [&]<class T>(T) {
        for (kind const k : generate::all_kinds)
            for (std::size_t const n : {3U, 100U}) {
                auto const d = generate::hard_dot_of<T>(k, n, 42);
                h = hash(generate::hard_sum_of<T>(k, n, 42).x, hash(d.y, hash(d.x, h)));
            }
    };
    one(float{});
    one(double{});
    one(bfloat16{});
    one(float16{});
    CHECK(h == 0x5e959b8f4f9e45fcU);
    CHECK(hash(generate::hard_sum_of<float>(kind::wide, 9, 1).x) !=
          hash(generate::hard_sum_of<float>(kind::wide, 9, 2).x));
}
