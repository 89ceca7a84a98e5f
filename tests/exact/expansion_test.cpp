// SPDX-License-Identifier: BSL-1.0
#include <lastbit/exact/expansion.hpp>

#include "exact/hard_expansions.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

#include <limits>
#include <vector>

using namespace lastbit;
using namespace lastbit_tests;

namespace {

template <class E>
bool is(E const& x, E const& y) {
    for (std::size_t q = 0; q < E::words; ++q)
        if (to_bits(x[q]) != to_bits(y[q])) return false;
    return true;
}

/// x is the number `word` alone, bit for bit.
template <class E>
bool is_only(E const& x, typename E::word_type word) {
    return is(x, E(word));
}

/// How a and b compare, by MPFR and bits: -1, 0, 1, or 2 where one is NaN. Holds under -ffast-math.
template <class T>
int order_of(T a, T b) {
    if (is_nan(a) || is_nan(b)) return 2;
    wide_number x, y;
    auto const set = [](wide_number& to, T from) {
        if (is_inf(from)) mpfr_set_inf(to.get(), is_negative(from) ? -1 : 1);
        else mpfr_set_d(to.get(), static_cast<double>(from), MPFR_RNDN);
    };
    set(x, a);
    set(y, b);
    int const order = mpfr_cmp(x.get(), y.get());
    return order < 0 ? -1 : order > 0 ? 1 : 0;
}

template <class T, std::size_t N>
void check_special_values() {
    using E = expansion<T, N>;
    T const inf = infinity<T>();
    T const nan = canonical_nan<T>();
    T const minus_zero = negate(T{0});
    T const large = largest<T>();
    T const third = divide(T{1}, T{3});
    std::vector<T> const values{
        T{0}, minus_zero, T{1}, T{-1}, third, large, negate(large), inf, negate(inf), nan, smallest_subnormal<T>()};
    // What IEEE 754 says of the leading words, where the result is not a finite number or exact.
    for (T const a : values)
        for (T const b : values) {
            INFO("N = " << N << ", " << a << " and " << b);
            T const sum = add(a, b);
            if (!is_finite(sum) || is_zero(sum)) CHECK(is_only(E(a) + E(b), canonical(sum)));
            T const difference = sub(a, b);
            if (!is_finite(difference) || is_zero(difference)) CHECK(is_only(E(a) - E(b), canonical(difference)));
            T const product = mul(a, b);
            if (!is_finite(product) || is_zero(product)) CHECK(is_only(E(a) * E(b), canonical(product)));
            T const quotient = divide(a, b);
            if (!is_finite(quotient) || is_zero(quotient)) CHECK(is_only(E(a) / E(b), canonical(quotient)));
            int const order = order_of(a, b);
            CHECK((E(a) == E(b)) == (order == 0));
            CHECK((E(a) < E(b)) == (order == -1));
            CHECK((E(a) > E(b)) == (order == 1));
            CHECK((E(a) <= E(b)) == (order == -1 || order == 0));
        }
    // Near overflow a finite result stays finite, and an infinite one brings no NaN.
    E const near(large);
    CHECK(is_finite((near + E(third))[0]));
    CHECK(is_finite((near * E(T{1}))[0]));
    CHECK(is_only(near + near, inf));
    CHECK(is_only(-near - near, negate(inf)));
    CHECK(is_only(near * near, inf));
    E const both = E::from_words(std::array<T, 2>{large, mul(large, static_cast<T>(unit_roundoff<T> / 4))});
    CHECK(is_only(both + both, inf));
    CHECK(is_only(both * both, inf));
}

}  // namespace

TEMPLATE_TEST_CASE("expansion: special values are those of IEEE 754", "[exact][expansion]", float, double) {
    check_special_values<TestType, 2>();
    check_special_values<TestType, 3>();
    check_special_values<TestType, 4>();
    check_special_values<TestType, 5>();
}

TEMPLATE_TEST_CASE("expansion: whole numbers go in and come out exactly", "[exact][expansion]", double_double,
                   quad_double, (expansion<float, 3>), (expansion<double, 8>)) {
    using E = TestType;
    random_stream chance(41);
    std::vector<std::int64_t> values{0,
                                     1,
                                     -1,
                                     std::numeric_limits<std::int64_t>::max(),
                                     std::numeric_limits<std::int64_t>::min(),
                                     (std::int64_t{1} << 53) + 1};
    for (std::size_t trial = 0; trial < trials(300); ++trial)
        values.push_back(static_cast<std::int64_t>(chance.bits()) >> chance.below(64));
    for (std::int64_t const n : values) {
        INFO(n);
        REQUIRE(static_cast<std::int64_t>(E(n)) == n);
        REQUIRE(static_cast<std::uint64_t>(E(static_cast<std::uint64_t>(n))) == static_cast<std::uint64_t>(n));
        REQUIRE(nonoverlapping(E(n).to_array()));
        REQUIRE(E(n).exact_total() == [&] {
            superaccumulator<typename E::word_type> total;
            auto magnitude = n < 0 ? 0 - static_cast<std::uint64_t>(n) : static_cast<std::uint64_t>(n);
            for (int bit = 0; bit < 64; ++bit)
                if ((magnitude >> bit & 1) != 0) {
                    auto const power = static_cast<typename E::word_type>(detail::power_of_two(bit));
                    total.add(n < 0 ? -power : power);
                }
            if (n == 0) total.add(0);
            return total;
        }());
    }
    // Truncated towards 0, wherever the fraction stands.
    E const tiny = E::from_words(std::array{static_cast<typename E::word_type>(0x1p-60)});
    CHECK(static_cast<int>(E(5) - tiny) == 4);
    CHECK(static_cast<int>(E(5) + tiny) == 5);
    CHECK(static_cast<int>(-E(5) + tiny) == -4);
    CHECK(static_cast<int>(-E(5) - tiny) == -5);
    CHECK(static_cast<int>(E(1) - tiny) == 0);
    CHECK(static_cast<int>(tiny - E(1)) == 0);
    CHECK(static_cast<int>(E(2.75F)) == 2);
    CHECK(static_cast<int>(E(-0.75F)) == 0);
    CHECK(static_cast<unsigned char>(E(255)) == 255);
}

TEMPLATE_TEST_CASE("expansion: rounding to a format is one rounding of the whole", "[exact][expansion]", double_double,
                   quad_double, (expansion<float, 4>)) {
    using E = TestType;
    using T = typename E::word_type;
    hard_expansions<T, E::words> make(42);
    for (std::size_t trial = 0; trial < trials(2000); ++trial) {
        E const x = make.any(20);
        superaccumulator<T> total;
        for (T const word : x.to_array()) total.add(word);
        REQUIRE(to_bits(static_cast<float>(x)) == to_bits(total.template round<float>()));
        REQUIRE(to_bits(static_cast<double>(x)) == to_bits(total.template round<double>()));
        REQUIRE(to_bits(static_cast<bfloat16>(x)) == to_bits(total.template round<bfloat16>()));
        REQUIRE(to_bits(x.template round<float>(rounding::upward)) ==
                to_bits(total.template round<float>(rounding::upward)));
    }
    if constexpr (E::words < 3) return;
    // A tie that the last word decides.
    T const u = static_cast<T>(unit_roundoff<T>);
    T const last = mul(mul(u, u), static_cast<T>(0.5));
    CHECK(static_cast<T>(E::from_words(std::array<T, 3>{1, u, last})) == 1 + 2 * u);
    CHECK(static_cast<T>(E::from_words(std::array<T, 3>{1, u, -last})) == 1);
}

TEMPLATE_TEST_CASE("expansion: from_words takes any words in any order", "[exact][expansion]", double_double,
                   triple_double, quad_double, (expansion<double, 8>), (expansion<float, 3>)) {
    using E = TestType;
    using T = typename E::word_type;
    random_stream chance(43);
    wide_number want;
    for (std::size_t trial = 0; trial < trials(500); ++trial) {
        std::array<T, 6> word;
        mpfr_set_zero(want.get(), 1);
        for (T& w : word) {
            w = mul(static_cast<T>(chance.uniform() - 0.5),
                    static_cast<T>(detail::power_of_two(static_cast<int>(chance.below(80)) - 40)));
            mpfr_add_d(want.get(), want.get(), static_cast<double>(w), MPFR_RNDN);
        }
        E const x = E::from_words(word);
        REQUIRE(nonoverlapping(x.to_array()));
        REQUIRE(relative_error(x, want) <= 2 * std::pow(unit_roundoff<T>, static_cast<double>(E::words)));
        std::reverse(word.begin(), word.end());
        REQUIRE(is(x, E::from_words(word)));
    }
}

TEMPLATE_TEST_CASE("expansion: comparison is of values, not of words", "[exact][expansion]", double_double, quad_double,
                   (expansion<float, 3>), (expansion<double, 5>)) {
    using E = TestType;
    using T = typename E::word_type;
    hard_expansions<T, E::words> make(44);
    wide_number a, b;
    for (std::size_t trial = 0; trial < trials(2000); ++trial) {
        E const x = make.any(3);
        E const y = trial % 3 == 0 ? -make.nearly_opposite(x) : trial % 3 == 1 ? make.any(3) : x;
        a.set(x);
        b.set(y);
        int const order = mpfr_cmp(a.get(), b.get());
        REQUIRE((x < y) == (order < 0));
        REQUIRE((x > y) == (order > 0));
        REQUIRE((x == y) == (order == 0));
        REQUIRE((y <=> x) == (0 <=> order));
    }
    // Two ways to write one number.
    T const ulp = static_cast<T>(2 * unit_roundoff<T>);
    std::array<T, E::words> low{1, ulp / 2};
    std::array<T, E::words> high{1 + ulp, -ulp / 2};
    CHECK(E::from_nonoverlapping(low) == E::from_nonoverlapping(high));
    CHECK(-E(0) == E(0));
}

TEST_CASE("expansion: numbers of words and formats convert", "[exact][expansion]") {
    quad_double const x = quad_double(1) / quad_double(3);
    double_double const y(x);
    CHECK(nonoverlapping(y.to_array()));
    CHECK(is(quad_double(y), quad_double::from_words(y.to_array())));
    CHECK(y[0] == x[0]);
    expansion<float, 3> const z(0.1);
    CHECK(static_cast<double>(z) == 0.1);
    CHECK(static_cast<double>(expansion<float, 2>(0.1)) != 0.1);
    CHECK(double_double(0.1F)[0] == static_cast<double>(0.1F));
    CHECK(is_only(expansion<float, 2>(1e300), infinity<float>()));
    CHECK(is_only(expansion<float, 2>(-1e-300), -0.0F));
    CHECK(static_cast<bool>(quad_double(1)));
    CHECK_FALSE(static_cast<bool>(-quad_double(0)));
    static_assert(quad_double(2) * quad_double(3) == quad_double(6));
    static_assert(double_double(1) + 0x1p-80 > 1);
    static_assert(std::is_convertible_v<int, quad_double> && std::is_convertible_v<double, quad_double>);
    static_assert(!std::is_convertible_v<double, expansion<float, 2>>);
    static_assert(!std::is_convertible_v<quad_double, double_double>);
    static_assert(std::is_convertible_v<double_double, quad_double>);
}

TEMPLATE_TEST_CASE("expansion: sums of subnormal numbers are exact", "[exact][expansion]", double_double, quad_double,
                   (expansion<float, 3>)) {
    using E = TestType;
    using T = typename E::word_type;
    T const least = smallest_subnormal<T>();
    E const x = E(1) + E(least);
    CHECK(x[0] == 1);
    CHECK(x[1] == least);
    CHECK(is_only(x - E(1), least));
    CHECK(is_only(E(least) - E(least), T{0}));
}

TEST_CASE("expansion: unsigned integers up to their limits", "[exact][expansion]") {
    auto const below = [](double whole) { return double_double::from_words(std::array{whole, -0x1p-60}); };
    CHECK(static_cast<std::uint64_t>(double_double::from_words(std::array{0x1p64, -0.5})) == ~std::uint64_t{0});
    CHECK(static_cast<unsigned>(below(0x1p32)) == ~0U);
    CHECK(static_cast<unsigned char>(below(256)) == 255);
}

TEST_CASE("expansion: a quotient whose words leave a gap keeps those behind it", "[exact][expansion]") {
    using E = expansion<float, 5>;
    // Each word is half an ulp of the one before, so that the digits of the quotient cancel.
    E const y = E::from_nonoverlapping({-0x1p+1F, -0x1p-23F, -0x1p-47F, -0x1p-71F, 0x1p-98F});
    wide_number a, b;
    a.set(E(4));
    b.set(y);
    mpfr_div(a.get(), a.get(), b.get(), MPFR_RNDN);
    CHECK(relative_error(E(4) / y, a) <= 6 * std::pow(unit_roundoff<float>, 5.0));
    std::array<float, 6> const gap{1.0F, 0x1p-20F, -0x1p-20F, 0.0F, 0.0F, 0x1p-100F};
    CHECK(detail::renormalised<3>(gap) == std::array<float, 3>{1.0F, 0x1p-100F, 0.0F});
}

TEMPLATE_TEST_CASE("expansion: quotients near overflow keep their words", "[exact][expansion]", double_double,
                   quad_double, (expansion<float, 2>), (expansion<double, 5>)) {
    using E = TestType;
    using T = typename E::word_type;
    wide_number a, b;
    for (int i = 3; i < 100; ++i) {
        E const x(largest<T>());
        E const y(mul(static_cast<T>(i), static_cast<T>(detail::power_of_two(i))));
        a.set(x);
        b.set(y);
        mpfr_div(a.get(), a.get(), b.get(), MPFR_RNDN);
        REQUIRE(relative_error(x / y, a) <= 16 * std::pow(unit_roundoff<T>, static_cast<double>(E::words)));
    }
    CHECK(is_only(E(largest<T>()) / E(static_cast<T>(0.5)), infinity<T>()));
    CHECK(is_only(E(largest<T>()) / E(1), largest<T>()));
}
