// SPDX-License-Identifier: BSL-1.0
#include <lastbit/base/format.hpp>

#include "base/samples.hpp"

#include <cmath>
#include <limits>

using namespace lastbit;

static_assert(binary_format<float> && binary_format<double> && binary_format<bfloat16> && binary_format<float16>);
static_assert(!binary_format<int> && !binary_format<long double> && !binary_format<float const>);
static_assert(native_format<float> && native_format<double> && !native_format<bfloat16> && !native_format<float16>);
static_assert(to_bits(-0.0) == std::uint64_t{1} << 63 && from_bits<float>(0x3F800000U) == 1.0F);

TEMPLATE_TEST_CASE("format: the constants are those of std::numeric_limits", "[base][format]", float, double) {
    using limits = std::numeric_limits<TestType>;
    CHECK(format<TestType>::precision == limits::digits);
    CHECK(format<TestType>::max_exponent == limits::max_exponent - 1);
    CHECK(format<TestType>::min_exponent == limits::min_exponent - 1);
    CHECK(format<TestType>::storage_bits == sizeof(TestType) * 8);
    CHECK(largest<TestType>() == limits::max());
    CHECK(smallest_normal<TestType>() == limits::min());
    CHECK(smallest_subnormal<TestType>() == limits::denorm_min());
    CHECK(infinity<TestType>() == limits::infinity());
    CHECK(unit_roundoff<TestType> == static_cast<double>(limits::epsilon()) / 2);
}

TEST_CASE("format: the constants of the 16-bit formats", "[base][format]") {
    CHECK(to_bits(largest<float16>()) == 0x7BFF);
    CHECK(to_bits(infinity<float16>()) == 0x7C00);
    CHECK(to_bits(canonical_nan<float16>()) == 0x7E00);
    CHECK(to_bits(smallest_normal<float16>()) == 0x0400);
    CHECK(to_bits(largest<bfloat16>()) == 0x7F7F);
    CHECK(to_bits(infinity<bfloat16>()) == 0x7F80);
    CHECK(to_bits(canonical_nan<bfloat16>()) == 0x7FC0);
    CHECK(to_bits(smallest_normal<bfloat16>()) == 0x0080);
    CHECK(to_bits(smallest_subnormal<bfloat16>()) == 1);
    CHECK(unit_roundoff<float16> == 0x1p-11);
    CHECK(unit_roundoff<bfloat16> == 0x1p-8);
    CHECK(to_bits(canonical_nan<float>()) == 0x7FC00000U);
    CHECK(to_bits(canonical_nan<double>()) == 0x7FF8000000000000U);
}

TEMPLATE_TEST_CASE("format: each 16-bit pattern is of one kind", "[base][format]", bfloat16, float16) {
    using T = TestType;
    // The fields taken from the standard's text, not from detail::fields.
    constexpr unsigned fraction_bits = format<T>::precision - 1;
    constexpr unsigned all_ones = (1U << (15 - fraction_bits)) - 1;
    lastbit_tests::tally law;
    for (unsigned bits = 0; bits < 0x10000U; ++bits) {
        T const x = from_bits<T>(static_cast<std::uint16_t>(bits));
        unsigned const biased = (bits >> fraction_bits) & all_ones;
        unsigned const fraction = bits & ((1U << fraction_bits) - 1);
        bool const right = to_bits(x) == bits && is_nan(x) == (biased == all_ones && fraction != 0) &&
                           is_inf(x) == (biased == all_ones && fraction == 0) && is_finite(x) == (biased != all_ones) &&
                           is_zero(x) == (biased == 0 && fraction == 0) && is_negative(x) == (bits >= 0x8000U) &&
                           to_bits(negate(x)) == (bits ^ 0x8000U) && to_bits(absolute(x)) == (bits & 0x7FFFU) &&
                           to_bits(canonical(x)) == (is_nan(x) ? to_bits(canonical_nan<T>()) : bits);
        law.expect(right, [&] { return std::to_string(bits); });
    }
    law.check();
}

TEMPLATE_TEST_CASE("format: float and double agree with the C library on what a number is", "[base][format]", float,
                   double) {
    random_stream random(1);
    lastbit_tests::tally law;
    auto const expect = [&law](TestType x) {
        bool const right = is_nan(x) == std::isnan(x) && is_inf(x) == std::isinf(x) &&
                           is_finite(x) == std::isfinite(x) && is_negative(x) == std::signbit(x) &&
                           is_zero(x) == (x == 0) && lastbit_tests::same(absolute(x), std::fabs(x)) &&
                           lastbit_tests::same(negate(x), -x);
        law.expect(right, [&] { return testing::number_text(x); });
    };
    for (TestType const x : lastbit_tests::special_values<TestType>()) expect(x);
    for (std::size_t i = 0; i < lastbit_tests::trials(10000); ++i) expect(lastbit_tests::any_number<TestType>(random));
    law.check();
}

TEST_CASE("power_of_two: from the smallest subnormal to the largest power", "[base][format]") {
    for (int k = -1074; k <= 1023; ++k) CHECK(to_bits(detail::power_of_two(k)) == to_bits(std::ldexp(1.0, k)));
}
