// SPDX-License-Identifier: BSL-1.0
#include <lastbit/exact/round_within.hpp>

#include <lastbit/base/random.hpp>

#include "exact/mpfr_judge.hpp"
#include "fold/families.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit_tests;

namespace {

/// high + low + signed error, in MPFR without rounding, then rounded once to R.
template <class R>
R by_mpfr(double high, double low, double error) {
    mpfr_terms terms;
    terms.add(high);
    terms.add(low);
    terms.add(error);
    return terms.rounded<R>();
}

/// What round_within may and must say, decided by MPFR: the ends of the interval, rounded.
template <class R>
struct verdict {
    R below, above;
    bool one_number;  ///< both ends round to one number of R, and lie on one side of 0

    verdict(double high, double low, double error)
        : below(by_mpfr<R>(high, low, negate(error))), above(by_mpfr<R>(high, low, error)) {
        double const left = by_mpfr<double>(high, low, negate(error));
        double const right = by_mpfr<double>(high, low, error);
        one_number = to_bits(below) == to_bits(above) && !is_zero(left) && !is_zero(right) &&
                     is_negative(left) == is_negative(right);
    }
};

/// A double near the middle between two numbers of R, with exponents over R's whole range and beyond, in two words.
struct pair {
    double high, low;
};

template <class R>
pair near_a_tie(random_stream& chance) {
    using limits = format<R>;
    constexpr int p = limits::precision;
    int const last = between(chance, limits::min_exponent - p - 1, limits::max_exponent - p + 1);
    std::uint64_t const significand = (std::uint64_t{1} << (p - 1)) + chance.below(std::uint64_t{1} << (p - 1));
    bool const negative = chance.below(2) != 0;
    double const number = detail::compose<double>(negative, significand, std::max(last, -1074));
    double const half = detail::compose<double>(negative, 1, std::max(last - 1, -1074));
    if constexpr (p == 53) return {number, half};
    // In a narrower format the middle is a double: all in the high word, or its last bit in the low word.
    if (chance.below(2) == 0) return {number, half};
    return {detail::compose<double>(negative, 2 * significand + 1, std::max(last - 1, -1074)), 0.0};
}

/// A number from 2^-1074 up to about |x| / 8, or 0.
double small_part(random_stream& chance, double x, int reach) {
    detail::decomposed const d = detail::decompose(x);
    if (d.significand == 0 || chance.below(6) == 0) return 0.0;
    int const top = d.exponent + static_cast<int>(std::bit_width(d.significand)) - 4;
    int const exponent = std::max(-1074, top - between(chance, 0, reach));
    return random_number<double>(chance, exponent);
}

}  // namespace

TEST_CASE("next_up and next_down: the neighbours, over zero and up to infinity", "[exact][round_within]") {
    double const least = smallest_subnormal<double>();
    CHECK(to_bits(detail::next_up(0.0)) == to_bits(least));
    CHECK(to_bits(detail::next_up(negate(0.0))) == to_bits(least));
    CHECK(to_bits(detail::next_down(0.0)) == to_bits(negate(least)));
    CHECK(to_bits(detail::next_up(negate(least))) == to_bits(negate(0.0)));
    CHECK(to_bits(detail::next_up(largest<double>())) == to_bits(infinity<double>()));
    CHECK(to_bits(detail::next_down(negate(largest<double>()))) == to_bits(negate(infinity<double>())));
    CHECK(to_bits(detail::next_up(negate(infinity<double>()))) == to_bits(negate(largest<double>())));
    random_stream chance(61);
    for (int trial = 0; trial < 1000; ++trial) {
        double const x = from_bits<double>(chance.below(infinite<double> - 1) + 1);
        CHECK(to_bits(detail::next_up(x)) == to_bits(x) + 1);
        CHECK(to_bits(detail::next_down(x)) == to_bits(x) - 1);
        CHECK(to_bits(detail::next_up(negate(x))) == to_bits(negate(x)) - 1);
    }
}

TEMPLATE_TEST_CASE("round_within: what it is certain of, MPFR confirms at both ends", "[exact][round_within]", float,
                   double, bfloat16, float16) {
    using R = TestType;
    random_stream chance(62, static_cast<std::uint64_t>(format<R>::precision));
    std::size_t certain = 0;
    std::size_t not_certain = 0;
    for (std::size_t trial = 0; trial < trials(20'000); ++trial) {
        pair v = near_a_tie<R>(chance);
        if (chance.below(2) == 0) v.low = small_part(chance, v.low, 60);
        else if (is_zero(v.low)) v.low = small_part(chance, v.high, 120);
        double const error = absolute(small_part(chance, chance.below(2) == 0 ? v.high : v.low, 120));
        auto const found = detail::round_within<R>(v.high, v.low, error);
        verdict<R> const want(v.high, v.low, error);
        INFO("trial " << trial << ": " << to_bits(v.high) << ", " << to_bits(v.low) << " +- " << to_bits(error));
        (found.certain ? certain : not_certain) += 1;
        if (!found.certain) continue;
        REQUIRE(want.one_number);
        REQUIRE(to_bits(found.value()) == to_bits(want.below));
    }
    CHECK(certain > trials(20'000) / 10);
    CHECK(not_certain > trials(20'000) / 10);
}

TEMPLATE_TEST_CASE("round_within: with an error of one double, the same holds of one word", "[exact][round_within]",
                   float, double, bfloat16, float16) {
    using R = TestType;
    random_stream chance(63, static_cast<std::uint64_t>(format<R>::precision));
    std::size_t certain = 0;
    for (std::size_t trial = 0; trial < trials(20'000); ++trial) {
        double const value = near_a_tie<R>(chance).high;
        double const error = absolute(small_part(chance, value, 60));
        auto const found = detail::round_within<R>(value, error);
        INFO("trial " << trial << ": " << to_bits(value) << " +- " << to_bits(error));
        if (!found.certain) continue;
        ++certain;
        verdict<R> const want(value, 0.0, error);
        REQUIRE(want.one_number);
        REQUIRE(to_bits(found.value()) == to_bits(want.below));
    }
    CHECK(certain > trials(20'000) / 20);
}

TEMPLATE_TEST_CASE("round_within: without an error every tie is decided, and rightly", "[exact][round_within]", float,
                   double, bfloat16, float16) {
    using R = TestType;
    random_stream chance(64, static_cast<std::uint64_t>(format<R>::precision));
    for (std::size_t trial = 0; trial < trials(10'000); ++trial) {
        pair v = near_a_tie<R>(chance);
        if (chance.below(3) == 0) v.low = small_part(chance, v.low, 100);
        INFO("trial " << trial << ": " << to_bits(v.high) << ", " << to_bits(v.low));
        auto const found = detail::round_within<R>(v.high, v.low, 0.0);
        REQUIRE(found.certain);
        REQUIRE(to_bits(found.value()) == to_bits(by_mpfr<R>(v.high, v.low, 0.0)));
        auto const of_one = detail::round_within<R>(v.high, 0.0);
        REQUIRE(of_one.certain);
        REQUIRE(to_bits(of_one.value()) == to_bits(by_mpfr<R>(v.high, 0.0, 0.0)));
    }
}

TEMPLATE_TEST_CASE("round_within: an interval well inside one number's is certain", "[exact][round_within]", float,
                   double, bfloat16, float16) {
    using R = TestType;
    using limits = format<R>;
    random_stream chance(65, static_cast<std::uint64_t>(limits::precision));
    for (std::size_t trial = 0; trial < trials(5'000); ++trial) {
        int const exponent = between(chance, limits::min_exponent, limits::max_exponent - 1);
        double const number = random_number<double>(chance, exponent);
        R const want = by_mpfr<R>(number, 0.0, 0.0);
        double const rounded = static_cast<double>(want);
        int const quarter = exponent - limits::precision - 2;  // of the distance below 2^exponent
        if (quarter < -1074 || is_inf(want)) continue;
        double const error = detail::compose<double>(false, 1, quarter);
        double const low = detail::compose<double>(chance.below(2) != 0, 1, std::max(-1074, quarter - 2));
        INFO("trial " << trial << ": " << to_bits(number));
        auto const found = detail::round_within<R>(rounded, low, error);
        REQUIRE(found.certain);
        REQUIRE(to_bits(found.value()) == to_bits(want));
    }
}

TEMPLATE_TEST_CASE("round_within: never certain across zero, at zero, or at what is not finite",
                   "[exact][round_within]", float, double, bfloat16, float16) {
    using R = TestType;
    double const least = smallest_subnormal<double>();
    double const inf = infinity<double>();
    double const nan = canonical_nan<double>();
    auto const certain = [](double high, double low, double error) {
        return detail::round_within<R>(high, low, error).certain;
    };
    CHECK_FALSE(certain(0.0, 0.0, 0.0));
    CHECK_FALSE(certain(negate(0.0), negate(0.0), 0.0));
    CHECK_FALSE(certain(0.0, 0.0, least));
    CHECK_FALSE(certain(least, 0.0, least));
    CHECK_FALSE(certain(1.0, -1.0, 0.0));
    CHECK_FALSE(certain(1.0, -1.0, 0x1p-1000));
    CHECK_FALSE(certain(0x1p-1000, 0.0, 0x1p-999));
    CHECK_FALSE(certain(inf, 0.0, 0.0));
    CHECK_FALSE(certain(negate(inf), 0.0, 1.0));
    CHECK_FALSE(certain(1.0, 0.0, inf));
    CHECK_FALSE(certain(1.0, inf, 0.0));
    CHECK_FALSE(certain(nan, 0.0, 0.0));
    CHECK_FALSE(certain(1.0, nan, 0.0));
    CHECK_FALSE(certain(1.0, 0.0, nan));
    CHECK_FALSE(detail::round_within<R>(0.0, 0.0).certain);
    CHECK_FALSE(detail::round_within<R>(inf, 0.0).certain);
    CHECK_FALSE(detail::round_within<R>(1.0, inf).certain);
    CHECK_FALSE(detail::round_within<R>(nan, 0.0).certain);
    CHECK_FALSE(detail::round_within<R>(1.0, nan).certain);
    CHECK_FALSE(detail::round_within<R>(-1.0, 2.0).certain);
    // Omega + ulp / 2 of R and its neighbours: decided, but for double, where the low word decides.
    double const omega = static_cast<double>(largest<R>());
    double const half = detail::compose<double>(false, 1, format<R>::max_exponent - format<R>::precision);
    auto const over = detail::round_within<R>(omega, half, 0.0);
    CHECK((!over.certain || is_inf(over.value())));
    auto const under = detail::round_within<R>(omega, detail::next_down(half), 0.0);
    CHECK((under.certain && to_bits(under.value()) == to_bits(largest<R>())));
    CHECK_FALSE(certain(omega, half, 0x1p-1000));
}
