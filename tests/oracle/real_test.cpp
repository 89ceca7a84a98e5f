// SPDX-License-Identifier: BSL-1.0
#include <lastbit/oracle/real.hpp>

#include "base/float8_table.hpp"
#include "mpfr.hpp"
#include "numbers.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <type_traits>

using namespace lastbit;
using lastbit_tests::any_finite;
using lastbit_tests::mpfr_number;
using lastbit_tests::same_bits;
using lastbit_tests::trials;
using oracle::direction;
using oracle::real;

namespace {

constexpr std::array directions{direction::nearest, direction::upward, direction::downward, direction::toward_zero};

real power_of_two(std::int64_t k) { return real(1).scaled(k); }

/// The number of T with these magnitude bits; one above the largest number is what overflow would be without a limit.
template <class T>
real step(std::uint32_t bits) {
    if (bits == to_bits(infinity<T>())) return power_of_two(format<T>::max_exponent + 1);
    return real(from_bits<T>(static_cast<typename format<T>::bits_type>(bits)));
}

/// Every pair of neighbours a < b of a 16-bit format: their middle, just below it, just above it.
template <class T>
std::size_t count_wrong_at_midpoints() {
    using bits_type = typename format<T>::bits_type;
    std::size_t wrong = 0;
    for (std::uint32_t bits = 0; bits < to_bits(infinity<T>()); ++bits) {
        real const a = step<T>(bits), b = step<T>(bits + 1);
        real const middle = (a + b).scaled(-1);
        T const low = from_bits<T>(static_cast<bits_type>(bits));
        T const high = from_bits<T>(static_cast<bits_type>(bits + 1));
        T const even = bits % 2 == 0 ? low : high;
        real const tiny = power_of_two(-2000);
        auto const expect = [&](real const& x, direction d, T result) {
            wrong += same_bits(x.template round<T>(d), result) ? 0U : 1U;
        };
        expect(middle, direction::nearest, even);
        expect(-middle, direction::nearest, negate(even));
        expect(middle - tiny, direction::nearest, low);
        expect(middle + tiny, direction::nearest, high);
        expect(-middle + tiny, direction::nearest, negate(low));
        expect(-middle - tiny, direction::nearest, negate(high));
        for (real const& x : {a + tiny, middle, b - tiny}) {
            expect(x, direction::upward, high);
            expect(x, direction::downward, low);
            expect(x, direction::toward_zero, low);
            expect(-x, direction::upward, negate(low));
            expect(-x, direction::downward, negate(high));
            expect(-x, direction::toward_zero, negate(low));
        }
    }
    return wrong;
}

}  // namespace

TEST_CASE("real: every bfloat16 and float16 comes back with its bits, NaN as the canonical one", "[oracle][real]") {
    std::size_t wrong = 0;
    for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
        auto const b = from_bits<bfloat16>(static_cast<std::uint16_t>(bits));
        auto const h = from_bits<float16>(static_cast<std::uint16_t>(bits));
        wrong += same_bits(real(b).round<bfloat16>(), canonical(b)) ? 0U : 1U;
        wrong += same_bits(real(h).round<float16>(), canonical(h)) ? 0U : 1U;
    }
    CHECK(wrong == 0);
}

TEST_CASE("real: every float8, and its value in the table made by ml_dtypes", "[oracle][real]") {
    std::size_t wrong = 0;
    auto const check = [&wrong](auto x, std::uint64_t expected) {
        double const value = from_bits<double>(expected);
        real const r(x);
        if (!same_bits(r.round<double>(), canonical(value))) ++wrong;
    };
    auto const lines = lastbit_tests::float8_lines("value");
    REQUIRE(lines.size() == 256);
    for (auto const& line : lines) {
        check(float8_e4m3::from_bits(static_cast<std::uint8_t>(line[0])), line[1]);
        check(float8_e5m2::from_bits(static_cast<std::uint8_t>(line[0])), line[2]);
    }
    CHECK(wrong == 0);
}

TEST_CASE("real: every exponent of tf32, and infinities and NaN", "[oracle][real]") {
    std::size_t wrong = 0;
    for (std::uint32_t bits = 0; bits < 0x80000U; ++bits) {  // all 19 bits
        std::uint32_t const pattern = bits << 13;
        real const r(tf32::from_bits(pattern));
        if (!same_bits(r.round<float>(), canonical(from_bits<float>(pattern)))) ++wrong;
    }
    CHECK(wrong == 0);
}

TEMPLATE_TEST_CASE("real: random floats come back with their bits in every direction", "[oracle][real]", float,
                   double) {
    random_stream random(1);
    for (std::size_t trial = 0; trial < trials(20000); ++trial) {
        auto const x = any_finite<TestType>(random);
        for (direction const d : directions)
            if (!same_bits(real(x).round<TestType>(d), x)) FAIL("bits " << to_bits(x));
    }
}

TEST_CASE("real: rounding is right on both sides of every midpoint of the 16-bit formats", "[oracle][real]") {
    CHECK(count_wrong_at_midpoints<bfloat16>() == 0);
    CHECK(count_wrong_at_midpoints<float16>() == 0);
}

TEMPLATE_TEST_CASE("real: rounding agrees with MPFR at midpoints of random neighbours", "[oracle][real][mpfr]", float,
                   double, bfloat16, float16) {
    using T = TestType;
    random_stream random(2);
    for (std::size_t trial = 0; trial < trials(4000); ++trial) {
        auto const x = any_finite<T>(random);
        real value(x);
        real const unit =
            power_of_two(value.is_zero() ? format<T>::min_exponent - format<T>::precision + 1
                                         : std::max<std::int64_t>(value.binade(), format<T>::min_exponent) -
                                               format<T>::precision + 1);
        // Multiples of a quarter of a unit, and then a little more or less.
        value += unit.scaled(-2) * real(static_cast<std::int64_t>(random.below(9)) - 4);
        value += unit.scaled(-60) * real(static_cast<std::int64_t>(random.below(3)) - 1);
        mpfr_number reference(value);
        for (direction const d : directions) {
            auto const ours = value.round<T>(d), theirs = lastbit_tests::round_by_mpfr<T>(reference, d);
            if (!same_bits(ours, theirs))
                FAIL("x " << to_bits(x) << " ours " << to_bits(ours) << " MPFR " << to_bits(theirs));
        }
    }
}

TEST_CASE("real: rounding agrees with MPFR far outside a format's range and inside its subnormals",
          "[oracle][real][mpfr]") {
    random_stream random(3);
    auto const check = [&]<class T>(T, real const& value) {
        mpfr_number reference(value);
        for (direction const d : directions)
            if (!same_bits(value.round<T>(d), lastbit_tests::round_by_mpfr<T>(reference, d)))
                FAIL(format<T>::name << " exponent " << value.exponent());
    };
    for (std::size_t trial = 0; trial < trials(4000); ++trial) {
        real const value(oracle::integer(static_cast<std::int64_t>(random.bits())),
                         static_cast<std::int64_t>(random.below(2400)) - 1200);
        check(float(), value);
        check(double(), value);
        check(bfloat16(), value);
        check(float16(), value);
    }
}

TEMPLATE_TEST_CASE("real: Omega + ulp/2 overflows, anything below it does not", "[oracle][real]", float, double,
                   bfloat16, float16) {
    using T = TestType;
    real const omega(largest<T>());
    real const threshold = omega + power_of_two(format<T>::max_exponent - format<T>::precision);
    real const below = threshold - power_of_two(-3000);
    CHECK(same_bits(threshold.round<T>(), infinity<T>()));
    CHECK(same_bits((-threshold).round<T>(), negate(infinity<T>())));
    CHECK(same_bits(below.round<T>(), largest<T>()));
    CHECK(same_bits((-below).round<T>(), negate(largest<T>())));
    real const huge = power_of_two(5000);
    CHECK(same_bits(huge.round<T>(direction::toward_zero), largest<T>()));
    CHECK(same_bits(huge.round<T>(direction::downward), largest<T>()));
    CHECK(same_bits(huge.round<T>(direction::upward), infinity<T>()));
    CHECK(same_bits((-huge).round<T>(direction::upward), negate(largest<T>())));
    CHECK(same_bits(real::infinity().round<T>(direction::toward_zero), infinity<T>()));
}

TEMPLATE_TEST_CASE("real: what underflows keeps its sign", "[oracle][real]", float, double, bfloat16, float16) {
    using T = TestType;
    real const tiny = power_of_two(-5000);
    auto const zero = from_bits<T>(0);
    CHECK(same_bits(tiny.round<T>(), zero));
    CHECK(same_bits((-tiny).round<T>(), negate(zero)));
    CHECK(same_bits(tiny.round<T>(direction::upward), smallest_subnormal<T>()));
    CHECK(same_bits((-tiny).round<T>(direction::upward), negate(zero)));
    real const half = real(smallest_subnormal<T>()).scaled(-1);
    CHECK(same_bits(half.round<T>(), zero));
    CHECK(same_bits((half + tiny).round<T>(), smallest_subnormal<T>()));
    CHECK(same_bits((half * real(3)).round<T>(), from_bits<T>(2)));
}

TEST_CASE("real: +, - and * agree with MPFR on random doubles of any exponent", "[oracle][real][mpfr]") {
    random_stream random(4);
    for (std::size_t trial = 0; trial < trials(4000); ++trial) {
        auto const a = any_finite<double>(random), b = any_finite<double>(random);
        mpfr_number const x(a), y(b);
        mpfr_number result;
        mpfr_add(result.get(), mpfr_number(a).get(), mpfr_number(b).get(), MPFR_RNDN);
        REQUIRE(mpfr_number(real(a) + real(b)).equals(result));
        mpfr_sub(result.get(), mpfr_number(a).get(), mpfr_number(b).get(), MPFR_RNDN);
        REQUIRE(mpfr_number(real(a) - real(b)).equals(result));
        mpfr_mul(result.get(), mpfr_number(a).get(), mpfr_number(b).get(), MPFR_RNDN);
        REQUIRE(mpfr_number(real(a) * real(b)).equals(result));
        int const order = mpfr_cmp(mpfr_number(a).get(), mpfr_number(b).get());
        REQUIRE((real(a) < real(b)) == (order < 0));
        REQUIRE((real(a) == real(b)) == (order == 0));
    }
}

TEST_CASE("real: integers of every type and significands with trailing zeros are the same number", "[oracle][real]") {
    CHECK(real(-3) == real(-3.0));
    CHECK(real(std::int64_t{1} << 62) == power_of_two(62));
    CHECK(real(std::numeric_limits<std::int64_t>::min()) == -power_of_two(63));
    CHECK(real(std::numeric_limits<std::uint64_t>::max()) == power_of_two(64) - real(1));
    CHECK(real(oracle::integer(48), 0).significand() == 3);
    CHECK(real(oracle::integer(48), 0).exponent() == 4);
    CHECK(real(oracle::integer(-48), -4) == real(-3));
    CHECK(real(12).binade() == 3);
    CHECK(real(0.75).binade() == -1);
}

TEST_CASE("real: the special values of +, - and * are IEEE's", "[oracle][real]") {
    real const inf = real::infinity(), nan = real::nan(), zero, minus_zero = real::zero(true), one(1);
    CHECK((inf + -inf).is_nan());
    CHECK((inf - inf).is_nan());
    CHECK((inf + inf).is_inf());
    CHECK((one - inf) == -inf);
    CHECK((inf * zero).is_nan());
    CHECK((minus_zero * inf).is_nan());
    CHECK((inf * real(-2)) == -inf);
    CHECK((nan + one).is_nan());
    CHECK((nan * zero).is_nan());
    CHECK_FALSE((-nan).is_negative());
    CHECK(same_bits((one - one).round<double>(), 0.0));
    CHECK(same_bits((zero + minus_zero).round<double>(), 0.0));
    CHECK(same_bits((minus_zero + minus_zero).round<double>(), -0.0));
    CHECK(same_bits((minus_zero * one).round<double>(), -0.0));
    CHECK(same_bits((minus_zero * -one).round<double>(), 0.0));
    CHECK(same_bits(real(-0.0).round<float>(), -0.0F));
    CHECK(same_bits(real(-0.0).abs().round<float>(), 0.0F));
}

TEST_CASE("real: comparison is that of the values", "[oracle][real]") {
    real const inf = real::infinity(), nan = real::nan();
    CHECK(real(-0.0) == real(0));
    CHECK(-inf < real(-1e308));
    CHECK(real(1e308).scaled(9999) < inf);
    CHECK(inf == inf);
    CHECK(-inf == -inf);
    CHECK(-inf < inf);
    CHECK_FALSE(nan == nan);
    CHECK_FALSE(nan < inf);
    CHECK_FALSE(nan > inf);
    CHECK(real(-2) < real(-1));
    CHECK(real(-2).sign() == -1);
    CHECK(nan.sign() == 0);
}
