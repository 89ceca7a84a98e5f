// SPDX-License-Identifier: BSL-1.0
#include <lastbit/exact/rounded_quotient.hpp>

#include <lastbit/base/environment.hpp>

#include "exact/mpfr_judge.hpp"
#include "fold/families.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit::detail;
using namespace lastbit_tests;

namespace {

/// (a.high + a.low + a_rest) / (b.high + b.low + b_rest) by MPFR.
template <class R>
R quotient_by_mpfr(estimate const& a, double a_rest, estimate const& b, double b_rest) {
    mpfr_terms above, below;
    for (double const x : {a.high, a.low, a_rest}) above.add(x);
    for (double const x : {b.high, b.low, b_rest}) below.add(x);
    return above.rounded_quotient<R>(below);
}

/// A pair of doubles as near as they come to m 2^exponent (b.high + b.low), m of 54 bits; low moved by `steps`.
estimate near_multiple(std::uint64_t m, int exponent, estimate const& b, int steps) {
    double const upper = compose<double>(false, m & ~std::uint64_t{1}, exponent);
    double const last = compose<double>(false, m & 1, exponent);
    superaccumulator<double> product;
    for (double const x : {b.high, b.low}) {
        product.add_product(upper, x);
        product.add_product(last, x);
    }
    double const high = product.round<double>();
    product.add(negate(high));
    double low = product.round<double>();
    for (; steps > 0; --steps) low = next_up(low);
    for (; steps < 0; ++steps) low = next_down(low);
    return {high, low, 0.0};
}

/// Right where it is certain, at the corners of the intervals too. 1 if it is.
template <class R>
std::size_t check(estimate const& a, estimate const& b) {
    decided<R> const quotient = round_quotient<R>(a, b);
    if (!quotient.certain) return 0;
    for (double const x : {a.error, negate(a.error)})
        for (double const y : {b.error, negate(b.error)})
            REQUIRE(quotient.bits == to_bits(quotient_by_mpfr<R>(a, x, b, y)));
    REQUIRE(quotient.bits == to_bits(quotient_by_mpfr<R>(a, 0.0, b, 0.0)));
    return 1;
}

double small_part(random_stream& chance, double of, int most, int least) {
    return mul(of, compose<double>(chance.below(2) != 0, chance.below(64), -between(chance, most, least)));
}

template <class T>
std::size_t fall_backs(std::size_t n, std::size_t count) {
    random_stream chance(75, n);
    std::size_t fell = 0;
    for (std::size_t i = 0; i < count; ++i) {
        std::vector<T> w(n), x(n);
        for (T& v : w) v = absolute(random_number<T>(chance, between(chance, -2, 0)));
        for (T& v : x) v = random_number<T>(chance, between(chance, -2, 0));
        fell += fast_mean<T>(x.data(), n).certain ? 0U : 1U;
        fell += fast_weighted_mean<T>(w.data(), x.data(), n).certain ? 0U : 1U;
    }
    return fell;
}

}  // namespace

TEST_CASE("round_quotient: certain results are right, beside midpoints too", "[exact][rounded_quotient]") {
    environment::guard const guard;
    random_stream chance(76);
    std::size_t certain = 0;
    std::size_t const count = trials(10'000);
    for (std::size_t trial = 0; trial < count; ++trial) {
        estimate b{random_number<double>(chance, between(chance, -300, 300)), 0.0, 0.0};
        b.low = mul(b.high, compose<double>(chance.below(2) != 0, chance.bits() >> 11, -107));
        int const exponent = between(chance, -300, 300);
        std::uint64_t const m = std::uint64_t{1} << 53 | chance.bits() >> 11 | 1;  // half-way between two doubles
        certain += check<double>(near_multiple(m, exponent, b, between(chance, -300, 300)), b);
        std::uint64_t const of_float = (std::uint64_t{1} << 24 | chance.below(std::uint64_t{1} << 24)) | 1;
        estimate a = near_multiple(of_float, between(chance, -150, 100), b, 0);
        a.low = add(a.low, small_part(chance, a.high, 60, 110));
        a.normalise();
        certain += check<float>(a, b);
        // With errors that reach the midpoint or just fail to: above, below, and half in each.
        a = near_multiple(m, exponent, b, 0);
        double const away = small_part(chance, a.high, 66, 98);
        a.low = add(a.low, away);
        a.normalise();
        double const reach = mul(absolute(away), compose<double>(false, 1000 + chance.below(40), -10));
        double const in_b = divide(reach, absolute(divide(a.high, b.high)));
        certain += check<double>({a.high, a.low, reach}, b);
        certain += check<double>(a, {b.high, b.low, in_b});
        certain += check<double>({a.high, a.low, reach * 0.5}, {b.high, b.low, in_b * 0.5});
        // A number of terms below.
        estimate const count_of{static_cast<double>(1 + chance.below(std::uint64_t{1} << between(chance, 1, 53))), 0.0,
                                0.0};
        certain += check<double>(near_multiple(m, exponent, count_of, between(chance, -300, 300)), count_of);
    }
    CHECK(certain > count);
    CHECK(certain < 6 * count);
}

TEST_CASE("round_quotient: quotients of doubles without error are decided, ties too", "[exact][rounded_quotient]") {
    environment::guard const guard;
    random_stream chance(77);
    for (std::size_t trial = 0; trial < trials(10'000); ++trial) {
        // With more than 28 bits below, no double above is a tie exactly, but quotients may round to one.
        double const b = static_cast<double>(1 + chance.below(std::uint64_t{1} << (trial % 2 == 0 ? 20 : 53)));
        auto const tie = static_cast<double>(std::uint64_t{2} * chance.below(std::uint64_t{1} << 24) + 1);
        double const above = tie * b;
        for (double const x : {above, next_up(above), next_down(above), negate(above)})
            for (double const y : {b, negate(b)}) {
                REQUIRE(check<float>({x, 0.0, 0.0}, {y, 0.0, 0.0}) == 1);
                REQUIRE(check<bfloat16>({x, 0.0, 0.0}, {y, 0.0, 0.0}) == 1);
                REQUIRE(check<double>({x, 0.0, 0.0}, {y, 0.0, 0.0}) == 1);
            }
    }
}

TEST_CASE("round_quotient: ties of sums of two words are decided where nothing was lost", "[exact][rounded_quotient]") {
    environment::guard const guard;
    random_stream chance(79);
    for (std::size_t trial = 0; trial < trials(10'000); ++trial) {
        // m times an integer of 10 bits has up to 64 bits.
        estimate const b{static_cast<double>(1 + chance.below(1023)), 0.0, 0.0};
        std::uint64_t const m = std::uint64_t{1} << 53 | chance.bits() >> 11 | 1;
        estimate const a = near_multiple(m, between(chance, -300, 300), b, 0);
        REQUIRE(check<double>(a, b) == 1);
        REQUIRE(check<double>({negate(a.high), negate(a.low), 0.0}, b) == 1);
        estimate beside = a;
        beside.low = mul(a.low, compose<double>(false, std::uint64_t{1} << 52 | chance.below(9), -52));
        check<double>(beside, b);
        beside.low = small_part(chance, a.high, 50, 120);
        beside.normalise();
        check<double>(beside, b);
        check<float>(beside, b);
    }
}

TEST_CASE("round_quotient: refuses what it has no bound for", "[exact][rounded_quotient]") {
    environment::guard const guard;
    estimate const one{1.0, 0.0, 0.0};
    CHECK(round_quotient<double>(one, one).certain);
    for (double const bad : {0.0, 0x1p-901, 0x1p901, infinity<double>(), canonical_nan<double>()}) {
        CHECK_FALSE(round_quotient<double>({bad, 0.0, 0.0}, one).certain);
        CHECK_FALSE(round_quotient<double>(one, {bad, 0.0, 0.0}).certain);
    }
    CHECK_FALSE(round_quotient<double>({0x1p-500, 0.0, 0.0}, {0x1p500, 0.0, 0.0}).certain);
    CHECK_FALSE(round_quotient<bfloat16>(one, {1.0, 0.0, 0x1p-10}).certain);
    CHECK_FALSE(round_quotient<bfloat16>({1.0, 0.0, infinity<double>()}, one).certain);
}

TEMPLATE_TEST_CASE("quotient_of_sums: that of MPFR, over the whole range of sums", "[exact][rounded_quotient]", float,
                   double, bfloat16, float16) {
    environment::guard const guard;
    using T = TestType;
    random_stream chance(78);
    auto const draw = [&chance](superaccumulator<T>& sum, mpfr_terms& terms) {
        std::size_t const n = chance.below(4);
        int const center = between(chance, format<T>::min_exponent - format<T>::precision, format<T>::max_exponent);
        for (std::size_t i = 0; i < n; ++i) {
            T const x = random_number<T>(chance, std::min(center + between(chance, -3, 3), format<T>::max_exponent));
            T const y = random_number<T>(chance, between(chance, -9, 9));
            sum.add_product(x, y);
            terms.add_product(x, y);
        }
    };
    for (std::size_t trial = 0; trial < trials(3000); ++trial) {
        superaccumulator<T> a, b;
        mpfr_terms above, below;
        draw(a, above);
        draw(b, below);
        auto const x = bulk_access::magnitude(a);
        auto const y = bulk_access::magnitude(b);
        REQUIRE(quotient_of_sums<float>(x, y) == to_bits(above.rounded_quotient<float>(below)));
        REQUIRE(quotient_of_sums<double>(x, y) == to_bits(above.rounded_quotient<double>(below)));
        REQUIRE(quotient_of_sums<bfloat16>(x, y) == to_bits(above.rounded_quotient<bfloat16>(below)));
        REQUIRE(quotient_of_sums<float16>(x, y) == to_bits(above.rounded_quotient<float16>(below)));
    }
}

TEST_CASE("quotient_of_sums: a tie is decided by bits far below it", "[exact][rounded_quotient]") {
    for (std::uint64_t const n : {std::uint64_t{1}, std::uint64_t{3}, std::uint64_t{1} << 33}) {
        auto const divisor = static_cast<double>(n);
        superaccumulator<double> a, b;
        a.add_product(0x1p53, divisor);
        a.add(divisor);
        b.add(divisor);
        auto const is = [&](double want) {
            auto const digits = bulk_access::magnitude(a);
            return quotient_of_sums<double>(digits, bulk_access::magnitude(b)) == to_bits(want) &&
                   quotient_of_sums<double>(digits, digits_of_integer(n)) == to_bits(want);
        };
        CHECK(is(0x1p53));
        a.add_product(smallest_subnormal<double>(), divisor);
        CHECK(is(0x1.0000000000001p53));
        a.add_product(-2.0 * smallest_subnormal<double>(), divisor);
        CHECK(is(0x1p53));
    }
}

TEMPLATE_TEST_CASE("rounded means: fewer than 1 % of random ones need the superaccumulator",
                   "[exact][rounded_quotient]", float, double, bfloat16, float16) {
    environment::guard const guard;
    std::size_t const count = trials(300);
    for (std::size_t const n : {1U, 10U, 100U, 1000U, 10'000U}) {
        CAPTURE(n);
        CHECK(fall_backs<TestType>(n, count) * 50 <= count);
    }
}
