// SPDX-License-Identifier: BSL-1.0
#include <lastbit/exact/exact_digits.hpp>

#include <lastbit/exact/superaccumulator.hpp>

#include "fold/families.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit::detail;

namespace {

/// A random number of digits in use, some of them 0.
exact_digits<9> random_digits(random_stream& chance) {
    exact_digits<9> d;
    std::size_t const used = 1 + chance.below(9);
    for (std::size_t i = 0; i < used; ++i)
        if (chance.below(4) != 0) d.digit[i] = static_cast<std::uint32_t>(chance.bits() >> chance.below(64));
    d.trim();
    return d;
}

template <std::size_t N>
bool bit_of(exact_digits<N> const& d, int place) {
    if (place < 0 || place >= static_cast<int>(32 * N)) return false;
    return (d.digit[static_cast<std::size_t>(place / 32)] >> (place % 32) & 1) != 0;
}

}  // namespace

TEST_CASE("exact_digits: length, bits and any_below say what the single bits say", "[exact][exact_digits]") {
    random_stream chance(61);
    for (std::size_t trial = 0; trial < lastbit_tests::trials(300); ++trial) {
        exact_digits<9> const d = random_digits(chance);
        int highest = -1;
        bool below = false;
        for (int place = -70; place < 360; ++place) {
            REQUIRE(d.any_below(place) == below);
            std::uint64_t want = 0;
            for (int k = 63; k >= 0; --k) want = want << 1 | (bit_of(d, place + k) ? 1 : 0);
            REQUIRE(d.bits(place) == want);
            below = below || bit_of(d, place);
            if (bit_of(d, place)) highest = place;
        }
        REQUIRE(d.is_zero() == (highest < 0));
        if (!d.is_zero()) REQUIRE(d.length() == highest + 1);
    }
}

TEMPLATE_TEST_CASE("exact_digits: a superaccumulator's digits add up to its sum", "[exact][exact_digits]", float,
                   double, bfloat16, float16) {
    using T = TestType;
    random_stream chance(62);
    for (std::size_t trial = 0; trial < lastbit_tests::trials(500); ++trial) {
        superaccumulator<T> sum;
        std::size_t const n = chance.below(20);
        bool const large = chance.below(4) == 0;
        for (std::size_t i = 0; i < n; ++i) {
            int const low = large ? format<T>::max_exponent : format<T>::min_exponent - 20;
            T const x =
                lastbit_tests::random_number<T>(chance, lastbit_tests::between(chance, low, format<T>::max_exponent));
            T const y = lastbit_tests::random_number<T>(chance, large ? format<T>::max_exponent : 0);
            sum.add_product(x, y);
            if (large && chance.below(2) == 0) sum.merge(sum);
        }
        auto const d = bulk_access::magnitude(sum);
        if (!d.is_zero()) REQUIRE(d.is_negative() == (sum.sign() < 0));
        REQUIRE(d.is_zero() == (sum.sign() == 0));
        // Every bit as a product of two powers of two.
        superaccumulator<T> rebuilt;
        for (int place = 0; !d.is_zero() && place < d.length(); ++place) {
            if (!bit_of(d, place)) continue;
            int exponent = d.lowest + place;
            int excess = 0;  // above the largest product
            while (exponent > 2 * format<T>::max_exponent) --exponent, ++excess;
            int const half = exponent / 2;
            T const a = compose<T>(d.is_negative(), 1, half);
            T const b = compose<T>(false, 1, exponent - half);
            superaccumulator<T> power;
            power.add_product(a, b);
            for (; excess > 0; --excess) power.merge(power);
            rebuilt.merge(power);
        }
        REQUIRE(rebuilt == sum);
    }
}

TEST_CASE("exact_digits: the state of a sum", "[exact][exact_digits]") {
    auto const state_of = [](std::initializer_list<double> x) {
        superaccumulator<double> sum;
        for (double const v : x) sum.add(v);
        return bulk_access::magnitude(sum).state;
    };
    double const inf = infinity<double>();
    double const minus_zero = negate(0.0);
    CHECK(state_of({}) == sum_state::empty);
    CHECK(state_of({0.0}) == sum_state::positive_zeros);
    CHECK(state_of({minus_zero}) == sum_state::negative_zeros);
    CHECK(state_of({minus_zero, 0.0}) == sum_state::zero);
    CHECK(state_of({1.0, -1.0}) == sum_state::zero);
    CHECK(state_of({1.0}) == sum_state::positive);
    CHECK(state_of({-1.0}) == sum_state::negative);
    CHECK(state_of({1.0, inf}) == sum_state::positive_infinity);
    CHECK(state_of({1.0, negate(inf)}) == sum_state::negative_infinity);
    CHECK(state_of({inf, negate(inf)}) == sum_state::not_a_number);
    CHECK(exact_digits<1>{.state = sum_state::negative_infinity}.is_negative());
    CHECK_FALSE(exact_digits<1>{.state = sum_state::positive_infinity}.is_finite());
}

TEST_CASE("exact_digits: an integer", "[exact][exact_digits]") {
    CHECK(digits_of_integer(0).is_zero());
    CHECK(digits_of_integer(1).length() == 1);
    CHECK(digits_of_integer(0xFFFFFFFF).size == 1);
    auto const d = digits_of_integer(0x123456789ABCDEF0);
    CHECK(d.bits(0) == 0x123456789ABCDEF0);
    CHECK(d.size == 2);
    CHECK(d.state == sum_state::positive);
}
