// SPDX-License-Identifier: BSL-1.0
#include <lastbit/base/rounding.hpp>

#include "base/samples.hpp"
#include <lastbit/oracle/real.hpp>

using namespace lastbit;
using lastbit_tests::tally;

static_assert(detail::compose<double>(true, 3, -1) == -1.5);
static_assert(detail::decompose(-1.5F).significand == 0xC00000U && detail::decompose(-1.5F).exponent == -23);

TEMPLATE_TEST_CASE("decompose: an integer times a power of two, and compose puts it together", "[base][rounding]",
                   float, double, bfloat16, float16) {
    using T = TestType;
    random_stream random(21);
    tally law;
    auto const expect = [&law](T x) {
        if (!is_finite(x)) return;
        detail::decomposed const d = detail::decompose(x);
        oracle::real const value =
            oracle::real(d.negative ? -oracle::integer(d.significand) : oracle::integer(d.significand), d.exponent);
        law.expect(value == oracle::real(x) && d.negative == is_negative(x) &&
                       d.significand < (std::uint64_t{1} << format<T>::precision) &&
                       d.exponent >= format<T>::min_exponent - format<T>::precision + 1 &&
                       to_bits(detail::compose<T>(d.negative, d.significand, d.exponent)) == to_bits(x),
                   [x] { return testing::number_text(x); });
    };
    for (T const x : lastbit_tests::special_values<T>()) expect(x);
    for (std::size_t i = 0; i < lastbit_tests::trials(5000); ++i) expect(lastbit_tests::any_number<T>(random));
    law.check();
}

TEMPLATE_TEST_CASE("compose: rounds an integer times a power of two once, with and without a tail", "[base][rounding]",
                   float, double, bfloat16, float16) {
    using T = TestType;
    using f = format<T>;
    random_stream random(22);
    tally law;
    for (std::size_t i = 0; i < lastbit_tests::trials(20000); ++i) {
        // Significands of every length, half of them near a tie: low bits all 0, all 1, or 1 and zeros.
        auto const length = static_cast<int>(random.below(64)) + 1;
        std::uint64_t significand = random.bits() >> (64 - length);
        if (int const low = length - f::precision; low > 0 && random.below(2) == 0) {
            std::uint64_t const half = std::uint64_t{1} << (low - 1);
            significand = (significand & ~(2 * half - 1)) + half - 1 + random.below(3);
        }
        bool const negative = random.below(2) == 0;
        int const top = f::min_exponent - f::precision - 2 +
                        static_cast<int>(random.below(
                            static_cast<std::uint64_t>(f::max_exponent - f::min_exponent + f::precision + 5)));
        int const exponent = top - length + 1;
        bool const sticky = (significand >> (f::precision + 1)) != 0 && random.below(2) == 0;
        // A tail is a bit far below.
        oracle::real value = oracle::real(significand).scaled(exponent);
        if (sticky) value += oracle::real(oracle::integer(1), exponent - 3);
        if (negative) value = -value;
        if (significand == 0 && negative) value = oracle::real::zero(true);
        law.expect(to_bits(detail::compose<T>(negative, significand, exponent, sticky)) == to_bits(value.round<T>()),
                   [&] {
                       return (negative ? "-" : "") + std::to_string(significand) + (sticky ? "+" : "") + " * 2^" +
                              std::to_string(exponent);
                   });
    }
    law.check();
}

TEST_CASE("compose: a carry moves up to the next binade, to normal numbers, and to the infinity", "[base][rounding]") {
    CHECK(to_bits(detail::compose<float>(false, 0x1FFFFFFU, 0)) == to_bits(0x1p25F));
    CHECK(to_bits(detail::compose<float>(false, 0xFFFFFFU, -150)) == to_bits(smallest_normal<float>()));
    CHECK(to_bits(detail::compose<float>(false, 0x1FFFFFFU, 103)) == to_bits(infinity<float>()));
    CHECK(to_bits(detail::compose<float>(false, 0x3FFFFFDU, 102)) == to_bits(largest<float>()));
    CHECK(to_bits(detail::compose<float>(true, 1, -150)) == 0x80000000U);
    CHECK(to_bits(detail::compose<float>(true, 3, -151)) == 0x80000001U);
    CHECK(to_bits(detail::compose<double>(false, ~std::uint64_t{0}, 960)) == to_bits(infinity<double>()));
    CHECK(to_bits(detail::compose<float>(false, 1, 100000)) == to_bits(infinity<float>()));
    CHECK(to_bits(detail::compose<float>(true, ~std::uint64_t{0}, -100000)) == 0x80000000U);
}

TEMPLATE_TEST_CASE("rounded_pattern: is compose without an end of the exponents", "[base][rounding]", float, double,
                   bfloat16, float16) {
    using T = TestType;
    using f = format<T>;
    random_stream random(23);
    tally law;
    for (std::size_t i = 0; i < lastbit_tests::trials(20000); ++i) {
        auto const length = static_cast<int>(random.below(65));
        std::uint64_t significand = length == 0 ? 0 : random.bits() >> (64 - length);
        if (int const low = length - f::precision; low > 0 && random.below(2) == 0) {
            std::uint64_t const half = std::uint64_t{1} << (low - 1);
            significand = (significand & ~(2 * half - 1)) + half - 1 + random.below(3);
        }
        int const top = f::min_exponent - f::precision - 2 + static_cast<int>(random.below(40));
        std::uint64_t const pattern = detail::rounded_pattern(f::precision, f::min_exponent, significand, top - length);
        oracle::real const value = oracle::real(significand).scaled(top - length);
        if (pattern < detail::fields<T>::exponent)
            law.expect(pattern == to_bits(value.round<T>()), [&] { return std::to_string(significand); });
        // One binade more is 2^(p-1) patterns more.
        std::uint64_t const scaled =
            detail::rounded_pattern(f::precision, f::min_exponent, significand, top - length + 5000);
        std::uint64_t const once =
            detail::rounded_pattern(f::precision, f::min_exponent, significand, top - length + 4999);
        law.expect(significand == 0 ? scaled == 0 : scaled - once == std::uint64_t{1} << (f::precision - 1),
                   [&] { return std::to_string(significand); });
    }
    law.check();
}
