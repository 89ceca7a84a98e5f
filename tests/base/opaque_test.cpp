// SPDX-License-Identifier: BSL-1.0
// Registered twice: with the preset's flags, and with -O3 -ffast-math, under which the expected values must come from
// integers alone (the oracle).
#include <lastbit/base/opaque.hpp>

#include "base/samples.hpp"
#include <lastbit/oracle/quotient.hpp>

#include <boost/multiprecision/cpp_bin_float.hpp>

using namespace lastbit;
using lastbit_tests::call_text;
using lastbit_tests::same;
using lastbit_tests::tally;
using oracle::real;

static_assert(add(0.0, -0.0) == 0 && to_bits(mul(-0.0, 1.0)) == to_bits(-0.0) && divide(1.0, 3.0) == 1.0 / 3.0);
static_assert(half_format<bfloat16> && half_format<float16> && !half_format<float>);
static_assert(software_number<boost::multiprecision::cpp_bin_float_50> && !software_number<float> &&
              !software_number<int> && !software_number<bfloat16>);

namespace {

/// x, of which the compiler knows nothing, whatever the flags.
template <class T>
[[gnu::noinline]] T unknown(T x) {
    T volatile hidden = x;
    return hidden;
}

template <class T>
void check_pair(tally& law, T a, T b) {
    law.expect(same(add(a, b), (real(a) + real(b)).round<T>()), [=] { return call_text("add", a, b); });
    law.expect(same(sub(a, b), (real(a) - real(b)).round<T>()), [=] { return call_text("sub", a, b); });
    law.expect(same(mul(a, b), (real(a) * real(b)).round<T>()), [=] { return call_text("mul", a, b); });
}

template <native_format T>
void check_quotient_and_root(tally& law, T a, T b) {
    law.expect(same(divide(a, b), oracle::quotient<T>(real(a), real(b))), [=] { return call_text("divide", a, b); });
    T const root = is_zero(a) ? a : oracle::square_root_of_quotient<T>(real(a), real(T{1}));
    law.expect(same(square_root(a), root), [=] { return call_text("square_root", a); });
}

/// One operand is a constant that fast-math would use: x + 0 = x, x * 1 = x, x * 0 = 0, x / 3 = x * (1 / 3).
template <native_format T>
void check_with_constants(tally& law, T x) {
    T const plus = T{0};
    T const minus = -T{0};
    auto const expect = [&law, x](char const* name, T got, real const& expected) {
        law.expect(same(got, expected.round<T>()), [=] { return call_text(name, x, got); });
    };
    expect("0 + x", add(plus, x), real(plus) + real(x));
    expect("x + 0", add(x, plus), real(x) + real(plus));
    expect("x + -0", add(x, minus), real(x) + real(minus));
    expect("x - 0", sub(x, plus), real(x) - real(plus));
    expect("0 - x", sub(plus, x), real(plus) - real(x));
    expect("-0 - x", sub(minus, x), real(minus) - real(x));
    expect("x * 1", mul(x, T{1}), real(x) * real(1));
    expect("-1 * x", mul(T{-1}, x), real(x) * real(-1));
    expect("x * 0", mul(x, plus), real(x) * real(plus));
    expect("2 * x", mul(T{2}, x), real(x) * real(2));
    law.expect(same(divide(x, T{3}), oracle::quotient<T>(real(x), real(3))), [=] { return call_text("x / 3", x); });
    law.expect(same(divide(T{1}, x), oracle::quotient<T>(real(1), real(x))), [=] { return call_text("1 / x", x); });
    law.expect(same(divide(plus, x), oracle::quotient<T>(real(plus), real(x))), [=] { return call_text("0 / x", x); });
}

/// Both operands are one variable: fast-math's x - x = 0 and x / x = 1 do not hold for infinities.
template <native_format T>
void check_with_itself(tally& law, T x) {
    law.expect(same(sub(x, x), (real(x) - real(x)).round<T>()), [=] { return call_text("x - x", x, sub(x, x)); });
    law.expect(same(add(x, negate(x)), (real(x) - real(x)).round<T>()), [=] { return call_text("x + -x", x); });
    law.expect(same(add(x, -x), (real(x) - real(x)).round<T>()), [=] { return call_text("x + (-x)", x); });
    law.expect(same(divide(x, x), oracle::quotient<T>(real(x), real(x))), [=] { return call_text("x / x", x); });
}

}  // namespace

TEMPLATE_TEST_CASE("add, sub, mul: one rounding of the exact result", "[base][opaque]", float, double, bfloat16,
                   float16) {
    using T = TestType;
    random_stream random(41);
    tally law;
    for (T const a : lastbit_tests::special_values<T>())
        for (T const b : lastbit_tests::special_values<T>()) check_pair(law, a, b);
    for (std::size_t i = 0; i < lastbit_tests::trials(5000); ++i) {
        check_pair(law, lastbit_tests::any_number<T>(random), lastbit_tests::any_number<T>(random));
        check_pair(law, lastbit_tests::number_between<T>(random, -4, 4),
                   lastbit_tests::number_between<T>(random, -4, 4));
    }
    law.check();
}

TEMPLATE_TEST_CASE("divide, square_root: one rounding of the exact result", "[base][opaque]", float, double) {
    using T = TestType;
    random_stream random(42);
    tally law;
    for (T const a : lastbit_tests::special_values<T>())
        for (T const b : lastbit_tests::special_values<T>()) check_quotient_and_root(law, a, b);
    for (std::size_t i = 0; i < lastbit_tests::trials(5000); ++i) {
        check_quotient_and_root(law, lastbit_tests::any_number<T>(random), lastbit_tests::any_number<T>(random));
        check_quotient_and_root(law, lastbit_tests::number_between<T>(random, -4, 4),
                                lastbit_tests::number_between<T>(random, -4, 4));
    }
    law.check();
}

TEMPLATE_TEST_CASE("opaque arithmetic: a constant operand changes nothing", "[base][opaque]", float, double) {
    using T = TestType;
    random_stream random(43);
    tally law;
    for (T const x : lastbit_tests::special_values<T>()) {
        check_with_constants(law, unknown(x));
        check_with_itself(law, unknown(x));
    }
    for (std::size_t i = 0; i < lastbit_tests::trials(1000); ++i)
        check_with_constants(law, lastbit_tests::any_number<T>(random));
    law.check();
}

TEST_CASE("opaque arithmetic: constants alone", "[base][opaque]") {
    constexpr double inf = infinity<double>();
    CHECK(to_bits(add(0.0, -0.0)) == 0);
    CHECK(to_bits(add(-0.0, -0.0)) == to_bits(-0.0));
    CHECK(to_bits(sub(-0.0, 0.0)) == to_bits(-0.0));
    CHECK(to_bits(mul(-0.0, 1.0)) == to_bits(-0.0));
    CHECK(is_nan(sub(inf, inf)));
    CHECK(is_nan(mul(0.0, inf)));
    CHECK(is_nan(divide(0.0, 0.0)));
    CHECK(is_nan(square_root(-1.0)));
    CHECK(to_bits(square_root(-0.0)) == to_bits(-0.0));
    CHECK(to_bits(divide(1.0, -inf)) == to_bits(-0.0));
    CHECK(to_bits(mul(smallest_normal<double>(), 0.5)) == std::uint64_t{1} << 51);
    CHECK(to_bits(divide(1.0F, 3.0F)) == 0x3EAAAAABU);
}

TEMPLATE_TEST_CASE("opaque arithmetic: neither contracted nor reassociated", "[base][opaque]", float, double) {
    using T = TestType;
    random_stream random(44);
    tally law;
    for (std::size_t i = 0; i < lastbit_tests::trials(5000); ++i) {
        T const a = lastbit_tests::number_between<T>(random, -4, 4);
        T const b = lastbit_tests::number_between<T>(random, -4, 4);
        T const c = lastbit_tests::number_between<T>(random, -4, 4);
        T const product = (real(a) * real(b)).round<T>();
        law.expect(same(add(mul(a, b), c), (real(product) + real(c)).round<T>()),
                   [=] { return call_text("ab + c", a, b, c); });
        law.expect(same(sub(c, mul(a, b)), (real(c) - real(product)).round<T>()),
                   [=] { return call_text("c - ab", a, b, c); });
        T const s = (real(a) + real(b)).round<T>();
        law.expect(same(sub(add(a, b), a), (real(s) - real(a)).round<T>()),
                   [=] { return call_text("(a + b) - a", a, b); });
        T const q = oracle::quotient<T>(real(a), real(b));
        law.expect(same(mul(divide(a, b), b), (real(q) * real(b)).round<T>()),
                   [=] { return call_text("(a / b) b", a, b); });
    }
    law.check();
}

TEMPLATE_TEST_CASE("add, sub, mul: of 16-bit numbers from the whole range, each with each", "[base][opaque]", bfloat16,
                   float16) {
    using T = TestType;
    // 211 is a prime: the patterns meet every exponent with changing fractions.
    auto const stride = static_cast<std::uint32_t>(lastbit_tests::trials(1000) >= 1000 ? 211 : 2111);
    tally law;
    for (std::uint32_t a = 0; a < 0x10000U; a += stride)
        for (std::uint32_t b = 7; b < 0x10000U; b += stride)
            check_pair(law, lastbit_tests::pattern<T>(a), lastbit_tests::pattern<T>(b));
    law.check();
}

TEST_CASE("opaque arithmetic: software numbers by their own operators", "[base][opaque]") {
    using number = boost::multiprecision::cpp_bin_float_50;
    CHECK(add(number(1), number(2)) == 3);
    CHECK(sub(number(1), number(2)) == -1);
    CHECK(mul(number(3), number(2)) == 6);
}
