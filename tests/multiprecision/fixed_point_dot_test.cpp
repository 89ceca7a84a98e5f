// SPDX-License-Identifier: BSL-1.0
#include <lastbit/multiprecision/fixed_point_dot.hpp>

#include <lastbit/oracle/real.hpp>
#include "integers.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <span>
#include <vector>

using namespace lastbit;
using boost::multiprecision::cpp_bin_float;
using boost::multiprecision::et_off;
using boost::multiprecision::et_on;
using boost::multiprecision::number;
using boost::multiprecision::backends::digit_base_2;
using detail::limb;
using lastbit_tests::integer_of;
using lastbit_tests::trials;
using oracle::real;

namespace {

template <unsigned Bits, class Allocator = void>
using binary = number<cpp_bin_float<Bits, digit_base_2, Allocator>, et_off>;
using short_exponents = number<cpp_bin_float<100, digit_base_2, void, short, -1022, 1023>, et_on>;
using long_exponents = number<cpp_bin_float<200, digit_base_2, void, long long>, et_on>;
using allocated = binary<300, std::allocator<limb>>;

template <class Number>
constexpr std::size_t bits_of = detail::bin_float_precision<Number>;

template <class Number>
constexpr bool long_numbers = bits_of<Number> >= 4096;

template <class Number>
constexpr int grid_bits = 64 * static_cast<int>((bits_of<Number> + 63) / 64 + 2);

template <class Number>
using vector = std::vector<Number>;

/// Any bits, all ones, one bit, few bits at the top, or few zeros: products of the last kinds have long runs of ones.
template <class Number>
Number random_number(random_stream& random, std::int64_t exponent) {
    constexpr std::size_t p = bits_of<Number>;
    std::array<limb, detail::limbs_of(p)> m{};
    std::uint64_t const kind = random.below(6);
    for (limb& v : m) v = kind == 1 || kind == 4 ? ~limb{0} : kind < 2 || kind == 5 ? limb{random.bits()} : limb{0};
    if (kind == 3) m.back() = random.bits();
    if (kind == 4) m[random.below(m.size())] &= ~(limb{1} << random.below(64));
    if (kind == 2) m[0] = random.below(2);
    m.back() = m.back() >> (64 * m.size() - p) | limb{1} << (p - 1) % 64;
    return detail::assembled<Number>(random.below(2) != 0, exponent, m.data());
}

template <class Number>
vector<Number> random_numbers(random_stream& random, std::size_t n, std::uint64_t spread) {
    vector<Number> x;
    for (std::size_t i = 0; i < n; ++i) {
        auto const exponent =
            static_cast<std::int64_t>(random.below(2 * spread + 1)) - static_cast<std::int64_t>(spread);
        x.push_back(random.below(20) == 0 ? Number(0) : random_number<Number>(random, exponent));
    }
    return x;
}

/// Requires: x is finite. Its parts are held against another reading of it in bin_float_parts_test.cpp.
template <class Number>
real value_of(Number const& x) {
    if (detail::kind_of(x) == detail::bin_float_kind::zero) return real(0);
    std::array<limb, detail::limbs_of(bits_of<Number>)> copy;
    oracle::integer const m = integer_of(detail::significand_limbs(x, copy.data()), copy.size());
    auto const last =
        static_cast<std::int64_t>(x.backend().exponent()) - static_cast<std::int64_t>(bits_of<Number> - 1);
    return real(x.backend().sign() ? oracle::integer(-m) : m, last);
}

template <class Number>
bool identical(Number const& a, Number const& b) {
    auto const kind = detail::kind_of(a);
    if (kind != detail::kind_of(b) || kind == detail::bin_float_kind::nan) return kind == detail::kind_of(b);
    if (a.backend().sign() != b.backend().sign()) return false;
    return kind != detail::bin_float_kind::finite || value_of(a) == value_of(b);
}

/// x rounded to p bits, to nearest, ties to even.
real rounded_to(std::size_t p, real const& x) {
    if (x.is_zero()) return x;
    std::int64_t const drop = x.binade() - x.exponent() + 1 - static_cast<std::int64_t>(p);
    if (drop <= 0) return x;
    oracle::integer kept = x.significand() >> static_cast<std::size_t>(drop);
    // The significand is odd: half a unit exactly only if one bit is dropped.
    bool const half = bit_test(x.significand(), static_cast<unsigned>(drop - 1));
    if (half && (drop > 1 || bit_test(kept, 0))) ++kept;
    return real(x.is_negative() ? oracle::integer(-kept) : kept, x.exponent() + drop);
}

/// A term as fixed_point's documentation speaks of it.
struct term {
    real value;
    std::int64_t exponent;
};

template <class Number>
std::vector<term> terms_of(vector<Number> const& x, vector<Number> const* y) {
    std::vector<term> out;
    for (std::size_t i = 0; i < x.size(); ++i) {
        real const a = value_of(x[i]), b = y != nullptr ? value_of((*y)[i]) : real(1);
        if (!a.is_zero() && !b.is_zero()) out.push_back({a * b, a.binade() + b.binade()});
    }
    return out;
}

/// The sum that the documentation of fixed_point defines, before its rounding.
real on_grid(std::size_t p, std::vector<term> const& terms, bool products) {
    if (terms.empty()) return real(0);
    std::int64_t largest = terms[0].exponent;
    for (auto const& t : terms) largest = std::max(largest, t.exponent);
    std::int64_t const g = largest + (products ? 2 : 1) - 64 * static_cast<std::int64_t>((p + 63) / 64 + 2);
    oracle::integer total = 0;
    for (auto const& t : terms) {
        if (t.value.binade() < g) continue;
        std::int64_t const by = t.value.exponent() - g;
        oracle::integer const& m = t.value.significand();
        oracle::integer const cut = by >= 0 ? oracle::integer(m << static_cast<std::size_t>(by))
                                            : oracle::integer(m >> static_cast<std::size_t>(-by));
        if (t.value.is_negative()) total -= cut;
        else total += cut;
    }
    return real(total, g);
}

template <class Number>
void check_definition(vector<Number> const& x, vector<Number> const& y) {
    constexpr std::size_t p = bits_of<Number>;
    REQUIRE(value_of(dot<fixed_point>(x, y)) == rounded_to(p, on_grid(p, terms_of(x, &y), true)));
    REQUIRE(value_of(sum<fixed_point>(x)) == rounded_to(p, on_grid(p, terms_of<Number>(x, nullptr), false)));
}

real exact_sum(std::vector<term> const& terms) {
    real out(0);
    for (auto const& t : terms) out += t.value;
    return out;
}

/// (|result - exact| - 2^-p |result|) / (2^k max |term|), at most 1 by fixed_point_bound.
template <class Number>
double share_of_bound(Number const& result, std::vector<term> const& terms, std::size_t n) {
    constexpr std::size_t p = bits_of<Number>;
    real largest(0);
    for (auto const& t : terms)
        if (t.value.abs() > largest) largest = t.value.abs();
    real const value = value_of(result);
    real const error = (value - exact_sum(terms)).abs() - value.abs().scaled(-static_cast<std::int64_t>(p));
    real const bound = largest.scaled(fixed_point_bound(p, n));
    REQUIRE(error <= bound);
    if (bound.is_zero()) return 0;
    // Near 1, to fit a double.
    std::int64_t const scale = bound.binade();
    return error.scaled(-scale).template round<double>() / bound.scaled(-scale).template round<double>();
}

}  // namespace

TEMPLATE_TEST_CASE("fixed_point: the sum of the terms cut to the grid, rounded once", "[multiprecision][fixed_point]",
                   binary<24>, binary<53>, binary<100>, binary<1000>, binary<1024>, binary<4096>, allocated,
                   long_exponents) {
    using Number = TestType;
    random_stream random(1, bits_of<Number>);
    for (std::uint64_t const spread : {0U, 2U, 70U, 700U, 3000U, 400000000U}) {
        for (std::size_t trial = 0; trial < trials(long_numbers<Number> ? 8 : 40); ++trial) {
            std::size_t const n = trial < 3 ? trial : random.below(25);
            auto const x = random_numbers<Number>(random, n, spread);
            check_definition(x, random_numbers<Number>(random, n, spread));
            check_definition(x, x);
        }
    }
    check_definition(random_numbers<Number>(random, 1000, 100), random_numbers<Number>(random, 1000, 100));
}

TEMPLATE_TEST_CASE("fixed_point: the bound holds, and errors come near it", "[multiprecision][fixed_point]", binary<53>,
                   binary<100>, binary<1000>, binary<1024>, binary<4096>) {
    using Number = TestType;
    random_stream random(2, bits_of<Number>);
    for (std::size_t trial = 0; trial < trials(60); ++trial) {
        std::size_t const half = 1 + random.below(8);
        auto x = random_numbers<Number>(random, half, trial % 3 == 0 ? 300 : 3);
        auto y = random_numbers<Number>(random, half, trial % 3 == 0 ? 300 : 3);
        for (std::size_t i = 0; i < half; ++i) {  // each term again, negated and changed a little or not at all
            x.push_back(-x[i]);
            y.push_back(random.below(4) != 0 ? Number(y[i] * (1 + 2 * std::numeric_limits<Number>::epsilon())) : y[i]);
        }
        CHECK(share_of_bound(dot<fixed_point>(x, y), terms_of(x, &y), x.size()) <= 1);
        y.push_back(random_number<Number>(random, -static_cast<int>(2 * bits_of<Number>)));
        for (std::size_t i = 0; i < half; ++i) y.push_back(-y[i]);
        CHECK(share_of_bound(sum<fixed_point>(y), terms_of<Number>(y, nullptr), y.size()) <= 1);
    }
    // 1 - 1 and nearly one unit of the grid, which is lost.
    vector<Number> const signs{Number(1), Number(-1), Number(1)};
    for (int unit_of : {2, 1}) {
        Number const least = ldexp(Number(2) - std::numeric_limits<Number>::epsilon(), unit_of - 1 - grid_bits<Number>);
        vector<Number> const ones{Number(1), unit_of == 2 ? Number(1) : Number(-1), least};
        if (unit_of == 2) CHECK(share_of_bound(dot<fixed_point>(signs, ones), terms_of(signs, &ones), 3) > 0.24);
        else CHECK(share_of_bound(sum<fixed_point>(ones), terms_of<Number>(ones, nullptr), 3) > 0.12);
    }
    CHECK(fixed_point_bound(1024, 2048) == 11 + 2 - 18 * 64);
    CHECK(fixed_point_bound(1000, 2049) == 12 + 2 - 18 * 64);
    CHECK(fixed_point_bound(bits_of<Number>, 1) <= -static_cast<std::int64_t>(bits_of<Number>) - 126);
}

TEMPLATE_TEST_CASE("fixed_point: the order of the terms and of the factors does not matter",
                   "[multiprecision][fixed_point]", binary<53>, binary<1000>, binary<1024>) {
    using Number = TestType;
    random_stream random(3, bits_of<Number>);
    for (std::size_t trial = 0; trial < trials(20); ++trial) {
        std::size_t const n = 1 + random.below(40);
        auto x = random_numbers<Number>(random, n, 50);
        auto y = random_numbers<Number>(random, n, 50);
        auto const product = dot<fixed_point>(x, y);
        auto const total = sum<fixed_point>(x);
        REQUIRE(identical(dot<fixed_point>(y, x), product));
        for (std::size_t i = n; i > 1; --i) {
            std::size_t const j = random.below(i);
            std::swap(x[i - 1], x[j]);
            std::swap(y[i - 1], y[j]);
        }
        REQUIRE(identical(dot<fixed_point>(x, y), product));
        REQUIRE(identical(sum<fixed_point>(x), total));
        std::reverse(x.begin(), x.end());
        std::reverse(y.begin(), y.end());
        REQUIRE(identical(dot<fixed_point>(std::span<Number const>(y), std::span<Number>(x)), product));
    }
}

TEMPLATE_TEST_CASE("fixed_point: eight terms at a time give the bits of one after the other",
                   "[multiprecision][fixed_point]", allocated, binary<1000>, binary<1024>, binary<4096>) {
    using Number = TestType;
    using terms = detail::fixed_point_products<Number>;
    STATIC_REQUIRE((detail::sum_by_eights<terms>::serves || !detail::has_plain_limbs<Number>));
    random_stream random(5, bits_of<Number>);
    for (std::uint64_t const spread : {0U, 20U, 300U}) {
        for (std::size_t trial = 0; trial < trials(long_numbers<Number> ? 5 : 20); ++trial) {
            std::size_t const n = random.below(trial % 10 == 0 ? 1000 : 40);
            auto const x = random_numbers<Number>(random, n, spread), y = random_numbers<Number>(random, n, spread);
            terms const all{x.data(), y.data()};
            detail::fixed_point_survey<terms> const found(all, n);
            if (found.finite) REQUIRE(identical(dot<fixed_point>(x, y), detail::sum_on_grid(all, n, found.exponent)));
        }
    }
}

TEMPLATE_TEST_CASE("fixed_point: sums of short numbers are exact", "[multiprecision][fixed_point]", binary<53>,
                   binary<100>, binary<1024>, allocated, short_exponents) {
    using Number = TestType;
    random_stream random(4);
    vector<Number> x, y;
    std::int64_t expected = 0, expected_sum = 0;
    for (std::size_t i = 0; i < 1000; ++i) {
        auto const a = static_cast<int>(random.below(2001)) - 1000, b = static_cast<int>(random.below(2001)) - 1000;
        expected += a * b;
        expected_sum += a;
        x.push_back(Number(a));
        y.push_back(Number(b) / 1024);
    }
    CHECK(dot<fixed_point>(x, y) * 1024 == Number(expected));
    CHECK(sum<fixed_point>(x) == Number(expected_sum));
    vector<Number> const two{Number(3), Number(-3)}, same{Number(7), Number(7)};
    CHECK(identical(dot<fixed_point>(two, same), Number(0)));
    CHECK(identical(sum<fixed_point>(two), Number(0)));
}

TEST_CASE("fixed_point: a carry from below the computed columns reaches the cut", "[multiprecision][fixed_point]") {
    using Number = binary<1024>;
    // x^2 = 2^2000 - 2^1001 + 1 has a thousand zeros, which lower columns make by their carries.
    Number const x = ldexp(Number(1), 1000) - 1;
    for (int lift = 0; lift < 250; lift += 7) {  // the grid's unit goes through them
        Number const large = ldexp(x, lift);
        vector<Number> a{x, large, -large}, b{x, x, x};
        check_definition(a, b);
        vector<Number> const once_a = a, once_b = b;
        for (int i = 0; i < 7; ++i) {  // eight terms at a time
            a.insert(a.end(), once_a.begin(), once_a.end());
            b.insert(b.end(), once_b.begin(), once_b.end());
        }
        check_definition(a, b);
    }
}

TEMPLATE_TEST_CASE("fixed_point: special values", "[multiprecision][fixed_point]", binary<53>, binary<1024>, allocated,
                   short_exponents, long_exponents) {
    using Number = TestType;
    using numbers = vector<Number>;
    using limits = std::numeric_limits<Number>;
    Number const inf = limits::infinity(), nan = limits::quiet_NaN(), zero(0), one(1), minus_zero = -zero;
    Number const huge = (limits::max)(), tiny = (limits::min)();
    auto const dot_is = [](numbers const& x, numbers const& y, Number const& r) {
        return identical(dot<fixed_point>(x, y), r) && identical(dot<fixed_point>(y, x), r);
    };
    auto const sum_is = [](numbers const& x, Number const& r) { return identical(sum<fixed_point>(x), r); };
    Number const minus = -one;
    CHECK(dot_is({}, {}, zero));
    CHECK(sum_is({}, zero));
    CHECK(dot_is({zero, one}, {one, zero}, zero));
    CHECK(dot_is({minus_zero}, {one}, minus_zero));
    CHECK(dot_is({minus_zero, zero}, {one, minus}, minus_zero));
    CHECK(dot_is({minus_zero, zero}, {one, one}, zero));
    CHECK(dot_is({minus_zero, one, minus}, {one, one, one}, zero));
    CHECK(sum_is({minus_zero, minus_zero}, minus_zero));
    CHECK(sum_is({minus_zero, zero}, zero));
    CHECK(sum_is({minus_zero, one, minus}, zero));
    CHECK(sum_is({minus_zero, one}, one));
    CHECK(dot_is({nan, one}, {zero, one}, nan));
    CHECK(dot_is({inf, one}, {zero, one}, nan));
    CHECK(dot_is({inf, inf}, {one, minus}, nan));
    CHECK(dot_is({inf, one, zero}, {minus, huge, one}, Number(-inf)));
    CHECK(dot_is({inf, one}, {inf, minus}, inf));
    CHECK(dot_is({inf, nan}, {inf, inf}, nan));
    CHECK(sum_is({inf, one, Number(-huge)}, inf));
    CHECK(sum_is({inf, Number(-inf)}, nan));
    CHECK(sum_is({one, nan}, nan));
    CHECK(dot_is({huge, huge}, {huge, Number(-huge)}, zero));
    CHECK(dot_is({huge}, {huge}, inf));
    CHECK(dot_is({huge}, {Number(-2)}, Number(-inf)));
    CHECK(sum_is({huge, huge}, inf));
    CHECK(sum_is({huge, huge, Number(-huge)}, huge));
    CHECK(dot_is({tiny}, {tiny}, zero));
    CHECK(dot_is({tiny}, {Number(-tiny)}, minus_zero));
    CHECK(dot_is({tiny, huge}, {tiny, one}, huge));
    CHECK(dot_is({huge, one, huge}, {tiny, tiny, zero}, Number(huge * tiny)));
    CHECK(sum_is({tiny, tiny}, Number(2 * tiny)));
    CHECK(sum_is({Number(-tiny), tiny}, zero));
}

TEST_CASE("fixed_point: sizes that differ are a failed precondition", "[multiprecision][fixed_point]") {
    vector<binary<100>> const x(3), y(4);
    CHECK_THROWS_WITH(dot<fixed_point>(x, y), Catch::Contains("[3]") && Catch::Contains("[4]"));
    CHECK(fixed_point::name() == "fixed_point");
}
