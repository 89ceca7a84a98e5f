// SPDX-License-Identifier: BSL-1.0
#include <lastbit/exact/rounding_direction.hpp>

#include <lastbit/base/random.hpp>

#include "exact/rounded_away.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

using namespace lastbit;
using lastbit_tests::all_directions;
using lastbit_tests::expected;
using oracle::real;

namespace {

/// significand * 2^exponent, and a quarter of the last bit more where sticky.
real value(bool negative, std::uint64_t significand, int exponent, bool sticky) {
    real const x = real(significand).scaled(exponent) + (sticky ? real(1).scaled(exponent - 2) : real());
    return negative ? -x : x;
}

template <class R>
bool all_agree(bool negative, std::uint64_t significand, int exponent, bool sticky) {
    real const x = value(negative, significand, exponent, sticky);
    for (rounding const d : all_directions) {
        R const computed = from_bits<R>(detail::compose_bits_in<R>(d, negative, significand, exponent, sticky));
        if (to_bits(computed) != to_bits(expected<R>(x, d))) {
            UNSCOPED_INFO("direction " << static_cast<int>(d) << ", significand " << significand << ", exponent " << exponent);
            return false;
        }
    }
    return true;
}

}  // namespace

TEMPLATE_TEST_CASE("compose_bits_in: equals the oracle in all five directions", "[exact][rounding_direction]", float, double,
                   bfloat16, float16) {
    using R = TestType;
    random_stream random(11);
    constexpr int lowest = format<R>::min_exponent - format<R>::precision - 70;
    constexpr auto span = static_cast<std::uint64_t>(format<R>::max_exponent + 20 - lowest);
    for (std::size_t trial = 0; trial < lastbit_tests::trials(4000); ++trial) {
        auto const top = std::uint64_t{1} << 63;
        std::uint64_t const significand = top | (random.bits() >> random.below(64) << random.below(64));
        int const exponent = lowest + static_cast<int>(random.below(span)) - 63 + format<R>::precision;
        REQUIRE(all_agree<R>(random.below(2) == 0, significand, exponent, random.below(2) == 0));
        // Short significands are exact: no tail.
        REQUIRE(all_agree<R>(random.below(2) == 0, 1 + random.below(4096), exponent, false));
    }
}

TEST_CASE("compose_bits_in: at ties, next to them and at the ends of float16", "[exact][rounding_direction]") {
    for (bool const negative : {false, true})
        for (bool const sticky : {false, true})
            for (std::uint64_t const m : {0x8010000000000000U, 0x800FFFFFFFFFFFFFU, 0x8010000000000001U, 0x8030000000000000U,
                                          0xFFF0000000000000U, 0xFFEFFFFFFFFFFFFFU, 0x8000000000000000U, 0xFFFFFFFFFFFFFFFFU})
                for (int e = -63 - 30; e <= -63 + 18; ++e) REQUIRE(all_agree<float16>(negative, m, e, sticky));
}
