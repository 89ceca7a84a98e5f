// SPDX-License-Identifier: BSL-1.0
#include <lastbit/exact/rounded_dot.hpp>

#include <lastbit/base/environment.hpp>

#include "exact/judged_data.hpp"
#include "exact/mpfr_judge.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit_tests;

namespace {

// Not inlined: each is compiled once, which takes long enough.
template <class R, class T>
[[gnu::noinline]] R by_kernel(std::span<T const> x, std::span<T const> y, T const* last = nullptr) {
    environment::guard const guard;
    return detail::rounded_dot<R>(x.data(), y.data(), x.size(), last);
}
template <class R, class T>
R by_kernel(std::vector<T> const& x, std::vector<T> const& y, T const* last = nullptr) {
    return by_kernel<R>(std::span<T const>(x), std::span<T const>(y), last);
}

template <class R, class T>
[[gnu::noinline]] R by_integers(std::span<T const> x, std::span<T const> y, T const* last) {
    return detail::rounded_dot_by_integers<R>(x.data(), y.data(), x.size(), last);
}

/// Every result format at once, against exact products summed by MPFR; the integer path, too.
template <class T>
bool equals_mpfr(std::span<T const> x, std::span<T const> y, T const* last = nullptr) {
    mpfr_terms terms;
    for (std::size_t i = 0; i < x.size(); ++i) terms.add_product(x[i], y[i]);
    if (last != nullptr) terms.add(*last);
    auto const holds = [&]<class R>(R want) {
        return to_bits(by_kernel<R>(x, y, last)) == to_bits(want) &&
               to_bits(by_integers<R>(x, y, last)) == to_bits(want);
    };
    return holds(terms.rounded<float>()) && holds(terms.rounded<double>()) && holds(terms.rounded<bfloat16>()) &&
           holds(terms.rounded<float16>());
}

/// Ties of R and values off them on each side, as dot products of numbers of T.
template <class R, class T>
void check_ties() {
    random_stream chance(41, static_cast<std::uint64_t>(format<R>::precision));
    for (std::size_t trial = 0; trial < trials(1000); ++trial)
        for (int side = -1; side <= 1; ++side) {
            hard_terms<T> terms(chance, true);
            auto const tie = append_tie<R>(terms, chance, side);
            shifted<T> const x(terms.x, chance.below(17));
            shifted<T> const y(terms.y, chance.below(17));
            INFO(format<T>::name << " to " << format<R>::name << ", trial " << trial << ", side " << side);
            REQUIRE(to_bits(dot_by_mpfr<R>(x.view(), y.view())) ==
                    to_bits(tie.rounded));  // the data are what they claim
            REQUIRE(to_bits(by_kernel<R>(x.view(), y.view())) == to_bits(tie.rounded));
        }
}

/// A tie of T made by the last term alone: the products cancel, or hold the tiny term.
template <class T>
void check_last_term(random_stream& chance) {
    constexpr int p = format<T>::precision;
    for (int side = -1; side <= 1; ++side) {
        hard_terms<T> terms(chance, true);
        std::uint64_t const hidden = std::uint64_t{1} << (p - 1);
        std::uint64_t const k = hidden + chance.below(hidden);
        int const e = between(chance, format<T>::min_exponent + 2, format<T>::max_exponent - p);
        bool const negative = chance.below(2) != 0;
        T const last = detail::compose<T>(negative, k, e);
        terms.add(negative, 1, e - 1);  // half of its last bit
        if (side != 0) terms.add(negative == (side > 0), 1, terms.lowest_bit());
        terms.add_noise_around(chance.below(40), e);
        terms.shuffle();
        bool const up = side > 0 || (side == 0 && k % 2 != 0);
        T const want = detail::compose<T>(negative, k + (up ? 1 : 0), e);
        REQUIRE(to_bits(by_kernel<T>(terms.x, terms.y, &last)) == to_bits(want));
    }
}

}  // namespace

TEMPLATE_TEST_CASE("rounded_dot: equals exact products summed by MPFR, around lanes and blocks", "[exact][rounded_dot]",
                   float, double, bfloat16, float16) {
    using T = TestType;
    for (std::size_t kind = 0; kind < kinds_of_data; ++kind)
        for (std::size_t const n : hard_lengths()) {
            if (n > 70 && trials(10) < 10 && n % 4 != 1) continue;  // under sanitizers
            auto const data = data_of_kind<T>(kind, n, 7);
            shifted<T> const x(data.x, n % 16);
            shifted<T> const y(data.y, (n + kind) % 16);
            INFO("kind " << kind << ", n = " << n);
            REQUIRE(equals_mpfr<T>(x.view(), y.view()));
        }
}

TEMPLATE_TEST_CASE("rounded_dot: equals MPFR for lengths, data and last terms at random", "[exact][rounded_dot]", float,
                   double, bfloat16, float16) {
    using T = TestType;
    random_stream chance(42);
    for (std::size_t trial = 0; trial < trials(3000); ++trial) {
        std::size_t const kind = chance.below(kinds_of_data);
        std::size_t const n = chance.below(std::uint64_t{1} << chance.below(11));
        auto const data = data_of_kind<T>(kind, n + 1, chance.bits());
        shifted<T> const x(data.x, chance.below(33));
        shifted<T> const y(data.y, chance.below(33));
        T const last = chance.below(2) == 0 ? data.x[n] : data.y[n];
        INFO("trial " << trial << ", kind " << kind << ", n = " << n);
        REQUIRE(equals_mpfr<T>(x.view().first(n), y.view().first(n), chance.below(2) == 0 ? nullptr : &last));
    }
}

TEMPLATE_TEST_CASE("rounded_dot: equals MPFR for a hundred thousand products", "[exact][rounded_dot]", float, double,
                   bfloat16, float16) {
    using T = TestType;
    for (std::size_t kind = 0; kind < kinds_of_data; ++kind) {
        if (trials(10) < 10 && kind % 3 != 1) continue;  // under sanitizers
        auto const data = data_of_kind<T>(kind, 100'000 + kind, 8);
        shifted<T> const x(data.x, kind);
        shifted<T> const y(data.y, 3);
        INFO("kind " << kind);
        REQUIRE(equals_mpfr<T>(x.view(), y.view()));
    }
}

TEMPLATE_TEST_CASE("rounded_dot: ties between two numbers of the result, and a tiny product off them on each side",
                   "[exact][rounded_dot]", float, double, bfloat16, float16) {
    check_ties<float, TestType>();
    check_ties<double, TestType>();
    check_ties<bfloat16, TestType>();
    check_ties<float16, TestType>();
}

TEMPLATE_TEST_CASE("rounded_dot: the last term is inside the one rounding", "[exact][rounded_dot]", float, double,
                   bfloat16, float16) {
    using T = TestType;
    random_stream chance(43);
    for (std::size_t trial = 0; trial < trials(1000); ++trial) check_last_term<T>(chance);
    std::vector<T> const none;
    T const bias = detail::compose<T>(true, 3, -2);
    T const minus_zero = negate(T{});
    CHECK(to_bits(by_kernel<T>(none, none)) == 0);
    CHECK(to_bits(by_kernel<T>(none, none, &bias)) == to_bits(bias));
    CHECK(to_bits(by_kernel<T>(none, none, &minus_zero)) == to_bits(minus_zero));
    std::vector<T> const zero{T{}};
    CHECK(to_bits(by_kernel<T>(zero, zero, &minus_zero)) == 0);
    CHECK(to_bits(by_kernel<T>(zero, std::vector<T>{minus_zero}, &minus_zero)) == to_bits(minus_zero));
    CHECK(to_bits(by_kernel<T>(zero, zero, &bias)) == to_bits(bias));
    T const nan = negate(canonical_nan<T>());
    CHECK(to_bits(by_kernel<T>(zero, zero, &nan)) == to_bits(canonical_nan<T>()));
    T const inf = infinity<T>();
    T const one = detail::compose<T>(false, 1, 0);
    CHECK(to_bits(by_kernel<T>(std::vector<T>{one}, std::vector<T>{negate(inf)}, &inf)) == to_bits(canonical_nan<T>()));
    CHECK(to_bits(by_kernel<T>(std::vector<T>{one}, std::vector<T>{inf}, &inf)) == to_bits(inf));
}

TEMPLATE_TEST_CASE("rounded_dot: products that overflow and underflow by themselves", "[exact][rounded_dot]", float,
                   double, bfloat16, float16) {
    using T = TestType;
    T const omega = largest<T>();
    T const least = smallest_subnormal<T>();
    T const one = detail::compose<T>(false, 1, 0);
    for (std::size_t const pairs : {1U, 8U, 65U, 1000U}) {
        INFO(pairs << " pairs");
        std::vector<T> x(pairs, omega);
        std::vector<T> y(pairs, omega);
        CHECK(to_bits(by_kernel<T>(x, y)) == to_bits(infinity<T>()));
        x.push_back(one);
        y.push_back(least);
        for (std::size_t i = 0; i < pairs; ++i) x.push_back(negate(omega)), y.push_back(omega);
        CHECK(to_bits(by_kernel<T>(x, y)) == to_bits(least));
        // Half of the smallest subnormal goes to 0, with its sign; a little more does not.
        std::vector<T> const half{negate(least)}, by_half{detail::compose<T>(false, 1, -1)};
        CHECK(to_bits(by_kernel<T>(half, by_half)) == to_bits(negate(T{})));
        x.assign(pairs, negate(least));
        y.assign(pairs, least);
        CHECK(to_bits(by_kernel<T>(x, y)) == to_bits(negate(T{})));
        x.push_back(half[0]);
        y.push_back(by_half[0]);
        CHECK(to_bits(by_kernel<T>(x, y)) == to_bits(negate(least)));
        for (std::size_t i = 0; i < pairs; ++i) x.push_back(least), y.push_back(least);
        CHECK(to_bits(by_kernel<T>(x, y)) == to_bits(negate(T{})));
    }
}

TEMPLATE_TEST_CASE("rounded_dot: special values and zeros at every place", "[exact][rounded_dot]", float, double,
                   bfloat16, float16) {
    using T = TestType;
    T const inf = infinity<T>();
    T const nan = canonical_nan<T>();
    for (std::size_t const n : {1U, 2U, 31U, 64U, 65U, 200U}) {
        for (std::size_t i = 0; i < n; ++i) {
            INFO("n = " << n << ", place " << i);
            std::vector<T> x(n, negate(T{}));
            std::vector<T> y(n, largest<T>());
            CHECK(to_bits(by_kernel<T>(x, y)) == to_bits(negate(T{})));
            y[i] = negate(y[i]);
            CHECK(to_bits(by_kernel<T>(x, y)) == 0);
            y[i] = inf;  // 0 inf
            CHECK(to_bits(by_kernel<T>(x, y)) == to_bits(nan));
            x[i] = smallest_subnormal<T>();
            CHECK(to_bits(by_kernel<T>(x, y)) == to_bits(inf));
            x.assign(n, negate(largest<T>()));
            CHECK(to_bits(by_kernel<T>(x, y)) == to_bits(negate(inf)));
            y[i] = negate(nan);
            CHECK(to_bits(by_kernel<T>(x, y)) == to_bits(nan));
            CHECK(to_bits(by_kernel<T>(y, x)) == to_bits(nan));
            std::vector<T> alone(n, T{});  // among zeros
            std::vector<T> const ones(n, detail::compose<T>(false, 1, 0));
            alone[i] = nan;
            CHECK(to_bits(by_kernel<T>(alone, ones)) == to_bits(nan));
            CHECK(to_bits(by_kernel<T>(ones, alone)) == to_bits(nan));
            alone[i] = inf;
            CHECK(to_bits(by_kernel<T>(alone, ones)) == to_bits(inf));
            CHECK(to_bits(by_kernel<T>(alone, std::vector<T>(n, T{}))) == to_bits(nan));
            if (n < 2) continue;
            y[i] = inf;
            y[(i + 1) % n] = negate(inf);
            CHECK(to_bits(by_kernel<T>(x, y)) == to_bits(nan));
        }
    }
}
