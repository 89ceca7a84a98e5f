// SPDX-License-Identifier: BSL-1.0
#include <lastbit/base/float8.hpp>

#include <lastbit/fold/method.hpp>
#include <lastbit/quantify/number_format.hpp>
#include "base/float8_table.hpp"
#include "base/samples.hpp"

#include <type_traits>

using namespace lastbit;
using lastbit_tests::float8_table;
using lastbit_tests::tally;

static_assert(sizeof(float8_e4m3) == 1 && std::is_trivially_copyable_v<float8_e4m3>);
static_assert(sizeof(float8_e5m2) == 1 && std::is_trivially_copyable_v<float8_e5m2>);
static_assert(std::is_convertible_v<float8_e4m3, float> && !std::is_convertible_v<float, float8_e4m3>,
              "only widening is implicit");
static_assert(std::is_convertible_v<float8_e5m2, double> && !std::is_convertible_v<double, float8_e5m2>);
static_assert(storage_format<float8_e4m3> && storage_format<float8_e5m2> && storage_format<std::int8_t>);
static_assert(storage_format<bfloat16> && !storage_format<int> && !storage_format<long double>);
static_assert(!binary_format<float8_e4m3> && !summable<float8_e4m3> && !summable<float8_e5m2>, "no kernel takes them");
static_assert(float8_e4m3(1.5).bits() == 0x3C && static_cast<float>(float8_e4m3(-1.5F)) == -1.5F,
              "usable in constant expressions");
static_assert(float8_e5m2(57344).bits() == 0x7B && float8_e5m2::saturated(1e9).bits() == 0x7B);
static_assert(float8_e4m3{}.bits() == 0 && float8_e5m2{}.bits() == 0);

namespace {

auto text_of(double x) {
    return [x] { return testing::number_text(x); };
}

/// x, from double and, where it is one, from float, with either sign, becomes this pattern.
template <class T>
void expect_narrowed(tally& law, double x, unsigned expected) {
    constexpr unsigned end = float8_table<T>::largest;
    unsigned const saturated = expected == float8_table<T>::overflow ? end : expected;
    law.expect(T(x).bits() == expected && T(negate(x)).bits() == (expected | 0x80U), text_of(x));
    law.expect(T::saturated(x).bits() == saturated && T::saturated(negate(x)).bits() == (saturated | 0x80U),
               text_of(x));
    auto const narrow = detail::convert<float>(x);
    if (to_bits(detail::convert<double>(narrow)) != to_bits(x)) return;
    law.expect(T(narrow).bits() == expected && T(negate(narrow)).bits() == (expected | 0x80U), text_of(x));
    law.expect(T::saturated(narrow).bits() == saturated && T::saturated(negate(narrow)).bits() == (saturated | 0x80U),
               text_of(x));
}

template <class T>
[[nodiscard]] T next(T x, int steps) {
    return from_bits<T>(static_cast<typename format<T>::bits_type>(to_bits(x) + static_cast<std::uint64_t>(steps)));
}

}  // namespace

TEMPLATE_TEST_CASE("float8: all 256 patterns widen to the values of ml_dtypes, and come back", "[base][float8]",
                   float8_e4m3, float8_e5m2) {
    using T = TestType;
    float8_table<T> const table;
    tally law;
    std::size_t nans = 0;
    for (unsigned pattern = 0; pattern < 256; ++pattern) {
        T const x = T::from_bits(static_cast<std::uint8_t>(pattern));
        float const narrow = x;
        double const wide = x;
        bool const nan = is_nan(from_bits<double>(table.bits[pattern]));
        auto const text = [pattern] { return std::to_string(pattern); };
        law.expect(x.bits() == pattern, text);
        law.expect(is_negative(narrow) == (pattern >= 128) && is_negative(wide) == (pattern >= 128), text);
        unsigned back = pattern;
        if (nan) {
            ++nans;
            if (!float8_table<T>::is_e4m3) back |= 2U;  // quiet
            law.expect(is_nan(narrow) && is_nan(wide), text);
        } else {
            law.expect(to_bits(wide) == table.bits[pattern], text);
            law.expect(to_bits(detail::convert<double>(narrow)) == table.bits[pattern], text);
            if (!is_inf(wide)) law.expect(T::saturated(wide).bits() == pattern, text);
        }
        law.expect(T(narrow).bits() == back && T(wide).bits() == back, text);
        if (nan) law.expect(T::saturated(narrow).bits() == back && T::saturated(wide).bits() == back, text);
        double const loaded = quantify::load(quantify::number_format_of<T>, static_cast<void const*>(&x), 0);
        law.expect(nan ? is_nan(loaded) : to_bits(loaded) == to_bits(wide), text);
    }
    law.check();
    CHECK(nans == (float8_table<T>::is_e4m3 ? 2 : 6));
}

TEMPLATE_TEST_CASE(
    "float8: narrowing is right at every number and midpoint and beside them, from float and from double",
    "[base][float8]", float8_e4m3, float8_e5m2) {
    using T = TestType;
    float8_table<T> const table;
    tally law;
    std::size_t double_rounding_matters = 0;
    for (unsigned low = 0; low <= table.largest; ++low) {
        double const middle = (table.magnitude(low) + table.magnitude(low + 1)) / 2;
        unsigned const even = low % 2 == 0 ? low : low + 1;
        auto const middle_float = detail::convert<float>(middle);
        REQUIRE(to_bits(detail::convert<double>(middle_float)) == to_bits(middle));
        expect_narrowed<T>(law, middle, even);
        expect_narrowed<T>(law, next(middle, 1), low + 1);
        expect_narrowed<T>(law, next(middle, -1), low);
        expect_narrowed<T>(law, detail::convert<double>(next(middle_float, 1)), low + 1);
        expect_narrowed<T>(law, detail::convert<double>(next(middle_float, -1)), low);
        if (T(detail::convert<float>(next(middle, 1))).bits() != low + 1) ++double_rounding_matters;

        double const exact = table.magnitude(low);
        expect_narrowed<T>(law, exact, low);
        expect_narrowed<T>(law, next(exact, 1), low);
        expect_narrowed<T>(law, detail::convert<double>(next(detail::convert<float>(exact), 1)), low);
        if (low == 0) continue;
        expect_narrowed<T>(law, next(exact, -1), low);
        expect_narrowed<T>(law, detail::convert<double>(next(detail::convert<float>(exact), -1)), low);
    }
    law.check();
    CHECK(double_rounding_matters == (table.largest + 2) / 2);  // all ties that go down: the doubles just above them
}

TEMPLATE_TEST_CASE("float8: the tie at the end of the range, what lies beyond, infinities, NaN and zeros",
                   "[base][float8]", float8_e4m3, float8_e5m2) {
    using T = TestType;
    constexpr unsigned over = float8_table<T>::overflow;
    tally law;
    if constexpr (float8_table<T>::is_e4m3) {
        expect_narrowed<T>(law, 464.0, 0x7E);  // halfway to 480, which is NaN: 448 is the even one
        expect_narrowed<T>(law, next(464.0, 1), over);
        expect_narrowed<T>(law, 480.0, over);
        expect_narrowed<T>(law, 512.0, over);
    } else {
        expect_narrowed<T>(law, next(61440.0, -1), 0x7B);
        expect_narrowed<T>(law, 61440.0, over);  // halfway to 65536, the even one
        expect_narrowed<T>(law, 65536.0, over);
    }
    expect_narrowed<T>(law, infinity<double>(), over);
    expect_narrowed<T>(law, largest<double>(), over);
    expect_narrowed<T>(law, static_cast<double>(largest<float>()), over);
    expect_narrowed<T>(law, smallest_subnormal<double>(), 0);
    expect_narrowed<T>(law, smallest_normal<double>(), 0);
    expect_narrowed<T>(law, 0x1p-149, 0);
    expect_narrowed<T>(law, 0.0, 0);
    law.check();
    // NaN of any payload, also one below the format's.
    for (std::uint64_t const bits : {0x7FF0000000000001U, 0x7FF8000000000000U, 0x7FFFFFFFFFFFFFFFU}) {
        CHECK(is_nan(static_cast<float>(T(from_bits<double>(bits)))));
        CHECK((T(from_bits<double>(bits)).bits() & 0x80U) == 0);
        CHECK((T(from_bits<double>(bits | 0x8000000000000000U)).bits() & 0x80U) != 0);
        CHECK(is_nan(static_cast<float>(T::saturated(from_bits<double>(bits)))));
    }
    CHECK(is_nan(static_cast<float>(T(from_bits<float>(0x7F800001U)))));
}

TEMPLATE_TEST_CASE("float8: random numbers go to the nearest of the table", "[base][float8]", float8_e4m3,
                   float8_e5m2) {
    using T = TestType;
    float8_table<T> const table;
    random_stream random(8);
    tally law;
    auto const format = quantify::number_format_of<T>;
    for (std::size_t i = 0; i < lastbit_tests::trials(20000); ++i) {
        double const x = i % 8 == 0 ? lastbit_tests::any_number<double>(random)
                                    : lastbit_tests::number_between<double>(random, -20, 17);
        if (!is_finite(x)) continue;
        auto const narrow = detail::convert<float>(x);
        law.expect(T(x).bits() == table.nearest(x) && T::saturated(x).bits() == table.nearest(x, true), text_of(x));
        if (is_finite(narrow))
            law.expect(T(narrow).bits() == table.nearest(detail::convert<double>(narrow)), text_of(x));
        T stored;
        quantify::store(format, &stored, 0, x);
        bool const nan = float8_table<T>::is_e4m3 && T(x).bits() % 128U == 0x7FU;
        law.expect(nan ? stored.bits() % 128U == 0x7FU : stored.bits() == T(x).bits(), text_of(x));
    }
    law.check();
}

TEMPLATE_TEST_CASE("float8: numbers that were rounded by rational arithmetic and by ml_dtypes", "[base][float8]",
                   float8_e4m3, float8_e5m2) {
    using T = TestType;
    auto const lines = lastbit_tests::float8_lines("round");
    REQUIRE(lines.size() == 643);
    tally law;
    for (auto const& line : lines) {
        double const x = from_bits<double>(line[0]);
        law.expect(T(x).bits() == line[float8_table<T>::is_e4m3 ? 1 : 2], text_of(x));
    }
    law.check();
}

TEST_CASE("float8_e5m2: is the upper half of a float16", "[base][float8]") {
    for (unsigned pattern = 0; pattern < 256; ++pattern) {
        float const x = float8_e5m2::from_bits(static_cast<std::uint8_t>(pattern));
        float const y = from_bits<float16>(static_cast<std::uint16_t>(pattern << 8));
        REQUIRE(to_bits(x) == to_bits(y));
    }
}

TEMPLATE_TEST_CASE("float8: comparison is that of the values", "[base][float8]", float8_e4m3, float8_e5m2) {
    using T = TestType;
    CHECK(T(0.0) == T(-0.0));
    CHECK(T(1.0) < T(2.0));
    CHECK(T(-1.0) < T(0.5));
    CHECK(T(3) == T(3.0));
}
