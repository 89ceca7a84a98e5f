// SPDX-License-Identifier: BSL-1.0
#include <lastbit/exact/rounded_sum.hpp>

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
[[gnu::noinline]] R by_kernel(std::span<T const> x) {
    environment::guard const guard;
    return detail::rounded_sum<R>(x.data(), x.size());
}

template <class R, class T>
[[gnu::noinline]] R by_integers(std::span<T const> x) {
    return detail::rounded_sum_by_integers<R>(x.data(), x.size());
}

/// Every result format at once, against MPFR; the integer path, too.
template <class T>
bool equals_mpfr(std::span<T const> x) {
    mpfr_terms terms;
    for (T const v : x) terms.add(v);
    auto const holds = [&]<class R>(R want) {
        return to_bits(by_kernel<R>(x)) == to_bits(want) && to_bits(by_integers<R>(x)) == to_bits(want);
    };
    return holds(terms.rounded<float>()) && holds(terms.rounded<double>()) && holds(terms.rounded<bfloat16>()) &&
           holds(terms.rounded<float16>());
}

/// Ties of R and values off them on each side, as sums of numbers of T.
template <class R, class T>
void check_ties() {
    using terms_of = hard_terms<T>;
    constexpr int room = format<T>::max_exponent - format<R>::precision - terms_of::smallest;
    if constexpr (room > 0) {
        random_stream chance(31, static_cast<std::uint64_t>(format<R>::precision));
        for (std::size_t trial = 0; trial < trials(1000); ++trial)
            for (int side = -1; side <= 1; ++side) {
                terms_of terms(chance, false);
                auto const tie = append_tie<R>(terms, chance, side);
                shifted<T> const x(terms.x, chance.below(17));
                INFO(format<T>::name << " to " << format<R>::name << ", trial " << trial << ", side " << side);
                REQUIRE(to_bits(sum_by_mpfr<R>(x.view())) == to_bits(tie.rounded));  // the data are what they claim
                REQUIRE(to_bits(by_kernel<R>(x.view())) == to_bits(tie.rounded));
            }
    }
}

}  // namespace

TEMPLATE_TEST_CASE("rounded_sum: equals mpfr_sum on every kind of data, around lanes and blocks",
                   "[exact][rounded_sum]", float, double, bfloat16, float16) {
    using T = TestType;
    for (std::size_t kind = 0; kind < kinds_of_data; ++kind)
        for (std::size_t const n : hard_lengths()) {
            if (n > 70 && trials(10) < 10 && n % 4 != 1) continue;  // under sanitizers
            shifted<T> const x(data_of_kind<T>(kind, n, 5).x, n % 16);
            INFO("kind " << kind << ", n = " << n);
            REQUIRE(equals_mpfr<T>(x.view()));
        }
}

TEMPLATE_TEST_CASE("rounded_sum: equals mpfr_sum for lengths and data at random", "[exact][rounded_sum]", float, double,
                   bfloat16, float16) {
    using T = TestType;
    random_stream chance(32);
    for (std::size_t trial = 0; trial < trials(3000); ++trial) {
        std::size_t const kind = chance.below(kinds_of_data);
        std::size_t const n = chance.below(std::uint64_t{1} << chance.below(11));
        shifted<T> const x(data_of_kind<T>(kind, n, chance.bits()).x, chance.below(33));
        INFO("trial " << trial << ", kind " << kind << ", n = " << n);
        REQUIRE(equals_mpfr<T>(x.view()));
    }
}

TEMPLATE_TEST_CASE("rounded_sum: equals mpfr_sum for a hundred thousand terms", "[exact][rounded_sum]", float, double,
                   bfloat16, float16) {
    using T = TestType;
    for (std::size_t kind = 0; kind < kinds_of_data; ++kind) {
        if (trials(10) < 10 && kind % 3 != 1) continue;  // under sanitizers
        shifted<T> const x(data_of_kind<T>(kind, 100'000 + kind, 6).x, kind);
        INFO("kind " << kind);
        REQUIRE(equals_mpfr<T>(x.view()));
    }
}

TEMPLATE_TEST_CASE("rounded_sum: ties between two numbers of the result, and a tiny term off them on each side",
                   "[exact][rounded_sum]", float, double, bfloat16, float16) {
    check_ties<float, TestType>();
    check_ties<double, TestType>();
    check_ties<bfloat16, TestType>();
    check_ties<float16, TestType>();
}

TEST_CASE("rounded_sum: a term 2^-1000 off decides a tie, wherever it stands", "[exact][rounded_sum]") {
    for (std::size_t const n : {3U, 17U, 64U, 1001U})
        for (std::size_t place = 0; place < n; place += n < 100 ? 1 : 83)
            for (bool const negative : {false, true}) {
                std::vector<double> x(n, negate(0.0));
                std::size_t const one = (place + 1) % n;
                std::size_t const half = (place + 2) % n;
                double const tiny = negative ? -0x1p-1000 : 0x1p-1000;
                x[one] = negative ? -1.0 : 1.0;
                x[half] = negative ? -0x1p-53 : 0x1p-53;
                INFO("n = " << n << ", place " << place << ", negative " << negative);
                CHECK(to_bits(by_kernel<double>(std::span<double const>(x))) == to_bits(x[one]));
                x[place] = tiny;
                CHECK(to_bits(by_kernel<double>(std::span<double const>(x))) ==
                      to_bits(negative ? -0x1.0000000000001p0 : 0x1.0000000000001p0));
                x[place] = negate(tiny);
                CHECK(to_bits(by_kernel<double>(std::span<double const>(x))) == to_bits(x[one]));
            }
}

TEMPLATE_TEST_CASE("rounded_sum: overflow begins at Omega + ulp / 2, whatever the partial sums", "[exact][rounded_sum]",
                   float, double, bfloat16, float16) {
    using T = TestType;
    T const omega = largest<T>();
    T const half_ulp = detail::compose<T>(false, 1, format<T>::max_exponent - format<T>::precision);
    T const least = smallest_subnormal<T>();
    for (std::size_t const pairs : {0U, 1U, 7U, 100U, 1000U}) {
        std::vector<T> x;
        for (std::size_t i = 0; i < pairs; ++i) x.push_back(omega);
        x.push_back(half_ulp);
        x.push_back(omega);
        for (std::size_t i = 0; i < pairs; ++i) x.push_back(negate(omega));
        INFO(pairs << " pairs");
        auto const sum_of = [&x] { return to_bits(by_kernel<T>(std::span<T const>(x))); };
        CHECK(sum_of() == to_bits(infinity<T>()));
        x.push_back(negate(least));
        CHECK(sum_of() == to_bits(omega));
        for (T& v : x) v = negate(v);
        CHECK(sum_of() == to_bits(negate(omega)));
        x.back() = negate(x.back());
        CHECK(sum_of() == to_bits(negate(infinity<T>())));
    }
}

TEMPLATE_TEST_CASE("rounded_sum: special values and zeros at every place", "[exact][rounded_sum]", float, double,
                   bfloat16, float16) {
    using T = TestType;
    T const inf = infinity<T>();
    T const nan = canonical_nan<T>();
    T const minus_zero = negate(T{});
    for (std::size_t const n : {1U, 2U, 31U, 64U, 65U, 200U}) {
        for (std::size_t i = 0; i < n; ++i) {
            INFO("n = " << n << ", place " << i);
            std::vector<T> x(n, minus_zero);
            auto const sum_of = [&x] { return to_bits(by_kernel<T>(std::span<T const>(x))); };
            CHECK(sum_of() == to_bits(minus_zero));
            x[i] = T{};
            CHECK(sum_of() == 0);
            x.assign(n, largest<T>());
            x[i] = negate(inf);
            CHECK(sum_of() == to_bits(negate(inf)));
            x[i] = negate(nan);  // comes out positive
            CHECK(sum_of() == to_bits(nan));
            x[i] = from_bits<T>(static_cast<typename format<T>::bits_type>(to_bits(inf) + 1));  // a signalling one
            CHECK(sum_of() == to_bits(nan));
            std::vector<T> alone(n, T{});  // among zeros
            alone[i] = nan;
            CHECK(to_bits(by_kernel<T>(std::span<T const>(alone))) == to_bits(nan));
            alone[i] = inf;
            CHECK(to_bits(by_kernel<T>(std::span<T const>(alone))) == to_bits(inf));
            if (n < 2) continue;
            x[i] = inf;
            x[(i + 1) % n] = inf;
            CHECK(sum_of() == to_bits(inf));
            x[(i + 1) % n] = negate(inf);
            CHECK(sum_of() == to_bits(nan));
            x.assign(n, minus_zero);
            x[i] = largest<T>();
            x[(i + n / 2) % n] = negate(largest<T>());
            CHECK(sum_of() == 0);
        }
    }
}
