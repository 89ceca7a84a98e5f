// SPDX-License-Identifier: BSL-1.0
#include <lastbit/multiprecision/limbs.hpp>

#include "integers.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

using namespace lastbit;
using detail::limb;
using lastbit_tests::cpp_int;
using lastbit_tests::integer_of;
using lastbit_tests::power_of_two;
using lastbit_tests::random_limbs;
using lastbit_tests::trials;

TEMPLATE_TEST_CASE_SIG("multiply_upper: too small by less than L 2^64 units of its lowest limb",
                       "[multiprecision][limbs]", ((std::size_t L), L), 1, 2, 3, 16, 17, 40) {
    random_stream random(1, L);
    for (std::size_t trial = 0; trial < trials(300); ++trial) {
        auto const x = random_limbs<L>(random), y = random_limbs<L>(random);
        cpp_int const exact = integer_of(x) * integer_of(y);
        for (std::size_t first = 0; first < 2 * L - 1; ++first) {
            std::array<limb, 2 * L> product{};
            detail::multiply_upper<L>(x.data(), y.data(), first, product.data());
            cpp_int const loss = exact - integer_of(product);
            if (first == 0) REQUIRE(loss == 0);
            else {
                REQUIRE(loss >= 0);
                REQUIRE(loss < power_of_two(64 * first) + power_of_two(64 * (first + 1)) * L);
                REQUIRE(integer_of(product) % power_of_two(64 * first) == 0);
            }
        }
    }
}

TEMPLATE_TEST_CASE_SIG("carry_is_open: where it is not, the bits from the cut on are those of the product",
                       "[multiprecision][limbs]", ((std::size_t L), L), 3, 16) {
    random_stream random(2, L);
    std::size_t open = 0;
    for (std::size_t trial = 0; trial < trials(2000); ++trial) {
        auto const x = random_limbs<L>(random), y = random_limbs<L>(random);
        cpp_int const exact = integer_of(x) * integer_of(y);
        std::size_t const q = 3 + random.below(2 * L - 4);
        std::size_t const r = random.below(64);
        std::array<limb, 2 * L> product{};
        detail::multiply_upper<L>(x.data(), y.data(), q - 2, product.data());
        bool const same = (integer_of(product) >> (64 * q + r)) == (exact >> (64 * q + r));
        bool const is_open = detail::carry_is_open<L>(product.data(), q, r);
        open += is_open ? 1U : 0U;
        REQUIRE((same || is_open));
    }
    CHECK(open > 0);
    CHECK(open < trials(2000) / 2);
}

TEST_CASE("carry_is_open: (2^m - 1) (2^m + 1) is open where a carry from below would run to the cut",
          "[multiprecision][limbs]") {
    constexpr std::size_t L = 16;
    std::array<limb, L> x{}, y{};
    for (std::size_t t = 0; t < L - 1; ++t) x[t] = ~limb{0};
    y[0] = 1;
    y[L - 1] = 1;
    std::array<limb, 2 * L> product{};
    detail::multiply_upper<L>(x.data(), y.data(), 0, product.data());
    CHECK(integer_of(product) == power_of_two(2 * 64 * (L - 1)) - 1);
    CHECK(detail::carry_is_open<L>(product.data(), 20, 5));
    CHECK_FALSE(detail::carry_is_open<L>(product.data(), 30, 1));
}

TEST_CASE("limb_sums: the sum of the shifted integers", "[multiprecision][limbs]") {
    random_stream random(3);
    for (std::size_t trial = 0; trial < trials(100); ++trial) {
        detail::limb_sums<5> sums;
        cpp_int expected = 0;
        for (std::size_t i = 0; i < random.below(50); ++i) {
            auto source = random_limbs<11>(random);
            std::fill(source.begin() + 5, source.end(), limb{0});
            std::size_t const q = random.below(6), r = random.below(64);
            sums.add_shifted(source.data(), q, r);
            expected += integer_of(source) >> (64 * q + r);
        }
        REQUIRE(integer_of(sums.total()) == expected);
    }
}

TEST_CASE("subtract_smaller, add_limbs: the distance, which is larger, and the sum", "[multiprecision][limbs]") {
    random_stream random(4);
    for (std::size_t trial = 0; trial < trials(1000); ++trial) {
        auto const a = random_limbs<4>(random), b = random_limbs<4>(random);
        std::array<limb, 4> difference;
        bool const swapped = detail::subtract_smaller(a, b, difference);
        REQUIRE(swapped == (integer_of(b) > integer_of(a)));
        REQUIRE(integer_of(difference) == abs(integer_of(a) - integer_of(b)));
        REQUIRE_FALSE(detail::subtract_smaller(a, a, difference));
        REQUIRE(detail::bit_length(difference) == 0);
        std::array<limb, 5> wide_a{}, wide_b{}, sum;
        std::copy(a.begin(), a.end(), wide_a.begin());
        std::copy(b.begin(), b.end(), wide_b.begin());
        detail::add_limbs(wide_a, wide_b, sum);
        REQUIRE(integer_of(sum) == integer_of(a) + integer_of(b));
    }
}

TEMPLATE_TEST_CASE_SIG("round_to_bits: to nearest, ties to even", "[multiprecision][limbs]", ((std::size_t P), P), 5,
                       64, 65, 127, 128, 300) {
    random_stream random(5, P);
    for (std::size_t trial = 0; trial < trials(3000); ++trial) {
        auto x = random_limbs<4>(random);
        x[3] >>= random.below(64);
        if (trial % 3 == 0) x[3] = x[2] = 0;
        x[0] |= 1U << 7;  // not 0
        if (trial % 2 == 0) x[0] &= limb{0xF} << random.below(60);
        cpp_int const value = integer_of(x);
        if (value == 0) continue;
        std::array<limb, detail::limbs_of(P)> out;
        auto const top = detail::round_to_bits(x, P, out.data());
        cpp_int const rounded = integer_of(out);
        REQUIRE(rounded >= power_of_two(P - 1));
        REQUIRE(rounded < power_of_two(P));
        auto const last = top - static_cast<std::ptrdiff_t>(P - 1);
        if (last <= 0) {
            REQUIRE((value << static_cast<std::size_t>(-last)) == rounded);
        } else {
            cpp_int const twice = 2 * abs(value - (rounded << static_cast<std::size_t>(last)));
            cpp_int const unit = power_of_two(static_cast<std::size_t>(last));
            REQUIRE(twice <= unit);
            if (twice == unit) REQUIRE(rounded % 2 == 0);
        }
    }
}
