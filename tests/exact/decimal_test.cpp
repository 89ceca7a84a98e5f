// SPDX-License-Identifier: BSL-1.0
#include <lastbit/exact/decimal.hpp>

#include <lastbit/base/environment.hpp>

#include "exact/hard_expansions.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

#include <iomanip>
#include <sstream>
#include <tuple>
#include <vector>

using namespace lastbit;
using lastbit_tests::hard_expansions;
using lastbit_tests::nonoverlapping;
using lastbit_tests::trials;

namespace {

/// The judge: 16384 bits hold a text of 4000 digits more exactly than any result depends on.
class judge {
public:
    judge() { mpfr_inits2(16384, value_, rest_, static_cast<mpfr_ptr>(nullptr)); }
    judge(judge const&) = delete;
    judge& operator=(judge const&) = delete;
    ~judge() { mpfr_clears(value_, rest_, static_cast<mpfr_ptr>(nullptr)); }

    void set(std::string const& text) { REQUIRE(mpfr_set_str(value_, text.c_str(), 10, MPFR_RNDN) == 0); }
    template <class T, std::size_t N>
    void set(expansion<T, N> const& x) {
        mpfr_set_zero(value_, 1);
        for (T const word : x.to_array()) mpfr_add_d(value_, value_, static_cast<double>(word), MPFR_RNDN);
    }
    [[nodiscard]] mpfr_ptr get() { return value_; }

    /// "d.ddde-07" with so many digits, which mpfr_get_str gives.
    [[nodiscard]] std::string text(int digits) {
        char* written = nullptr;
        mpfr_asprintf(&written, "%.*RNe", digits - 1, value_);
        std::string const result = written;
        mpfr_free_str(written);
        return result;
    }

    /// What the words x of a text must be: its nearest number, what is left of it, and so on, in sum; and an expansion.
    template <class T, std::size_t N>
    [[nodiscard]] bool accepts(expansion<T, N> const& x) {
        mpfr_set(rest_, value_, MPFR_RNDN);
        for (std::size_t q = 0; q < N; ++q) {
            T const word = std::is_same_v<T, float> ? static_cast<T>(mpfr_get_flt(rest_, MPFR_RNDN))
                                                    : static_cast<T>(mpfr_get_d(rest_, MPFR_RNDN));
            if (q == 0 && (!is_finite(word) || is_zero(word))) return to_bits(x[0]) == to_bits(word) && is_zero(x[1]);
            mpfr_sub_d(rest_, rest_, static_cast<double>(word), MPFR_RNDN);
        }
        mpfr_sub(rest_, value_, rest_, MPFR_RNDN);
        for (T const word : x.to_array()) {
            if (!is_finite(word)) return false;
            mpfr_sub_d(rest_, rest_, static_cast<double>(word), MPFR_RNDN);
        }
        return mpfr_zero_p(rest_) != 0 && nonoverlapping(x.to_array());
    }

private:
    mpfr_t value_, rest_;
};

std::string random_digits(random_stream& chance, std::size_t count) {
    std::string digits;
    for (std::size_t i = 0; i < count; ++i) digits += static_cast<char>('0' + chance.below(10));
    return digits;
}

/// Digits with a point and an exponent, now and then of another look.
std::string random_decimal(random_stream& chance, int range) {
    std::string text = chance.below(3) == 0 ? "-" : chance.below(3) == 0 ? "+" : "";
    text += random_digits(chance, 1 + chance.below(40));
    if (chance.below(4) != 0) text += '.';
    if (text.back() == '.') text += random_digits(chance, chance.below(120));
    int const exponent = static_cast<int>(chance.below(2 * static_cast<std::uint64_t>(range) + 1)) - range;
    if (chance.below(8) != 0) text += (chance.below(2) == 0 ? "e" : "E") + std::to_string(exponent);
    return text;
}

template <class T>
constexpr int decimal_range = std::is_same_v<T, float> ? 60 : 360;

/// A hard expansion of any size, its last words subnormal at times.
template <class T, std::size_t N>
expansion<T, N> hard_number(hard_expansions<T, N>& hard) {
    bool const is_float = std::is_same_v<T, float>;
    std::array<T, N> word = hard.any(is_float ? 120 : 100).to_array();
    int const shift = is_float ? 0 : static_cast<int>(hard.chance().below(1801)) - 900;
    for (T& w : word) w = mul(w, detail::compose<T>(false, 1, shift));
    return expansion<T, N>::from_words(word);
}

template <class X>
bool refuses(std::string const& text) {
    try {
        static_cast<void>(X(text));
    } catch (std::invalid_argument const& error) {
        std::string const message = error.what();
        return message.size() < 150 && message.find("\"" + text.substr(0, 40) + "\"") != std::string::npos;
    }
    return false;
}

template <class X>
std::string streamed(X const& x, std::ios_base::fmtflags flags, int precision, int width = 0) {
    std::ostringstream out;
    out.flags(flags);
    out << std::setprecision(precision) << std::setfill('*') << std::setw(width) << x;
    return out.str();
}

using all_expansions =
    std::tuple<expansion<float, 2>, expansion<float, 3>, expansion<float, 4>, expansion<float, 8>, expansion<double, 2>,
               expansion<double, 3>, expansion<double, 4>, expansion<double, 8>>;

}  // namespace

TEMPLATE_LIST_TEST_CASE("decimal: a text's nearest words, over the whole range", "[exact][decimal]", all_expansions) {
    environment::guard const guard;
    using T = typename TestType::word_type;
    random_stream chance(1, TestType::words);
    judge exact;
    for (std::size_t trial = 0; trial < trials(1000); ++trial) {
        std::string const text = random_decimal(chance, decimal_range<T>);
        INFO(text);
        exact.set(text);
        REQUIRE(exact.accepts(TestType(text)));
    }
}

TEMPLATE_LIST_TEST_CASE("decimal: half-way between two expansions, and a little beside", "[exact][decimal]",
                        all_expansions) {
    environment::guard const guard;
    using T = typename TestType::word_type;
    hard_expansions<T, TestType::words> hard(2);
    judge exact;
    for (std::size_t trial = 0; trial < trials(100); ++trial) {
        TestType const x = hard_number(hard);
        // The last word's place varies, down to half the smallest subnormal.
        mpfr_prec_t const below = static_cast<mpfr_prec_t>(TestType::words) * format<T>::precision;
        int const lowest = format<T>::min_exponent - format<T>::precision;
        for (int const side : {-1, 0, 1}) {
            exact.set(x);
            long const place =
                std::max<long>(mpfr_get_exp(exact.get()) - 1 - below - static_cast<long>(trial % 5), lowest);
            judge change;
            mpfr_set_si_2exp(change.get(), 1, place, MPFR_RNDN);
            mpfr_add(exact.get(), exact.get(), change.get(), MPFR_RNDN);
            mpfr_set_si_2exp(change.get(), side, -3000, MPFR_RNDN);
            mpfr_add(exact.get(), exact.get(), change.get(), MPFR_RNDN);
            std::string const text = exact.text(side == 0 ? 1600 : 3400);
            INFO(text);
            REQUIRE(exact.accepts(TestType(text)));
        }
    }
}

TEMPLATE_LIST_TEST_CASE("decimal: gaps, subnormal words and the ends of the range", "[exact][decimal]",
                        all_expansions) {
    environment::guard const guard;
    using T = typename TestType::word_type;
    judge exact;
    std::string const gap(300, '0');
    int const most = std::numeric_limits<T>::max_exponent10;
    int const least = std::is_same_v<T, float> ? -46 : -324;
    std::vector<std::string> texts{"1." + gap + "1",
                                   "1" + gap + "1." + gap + "1",
                                   "-1." + gap + "1e-20",
                                   "0." + gap + "1" + gap + "1",
                                   "1" + gap,
                                   "1" + gap + "00000001e-300",
                                   gap + "1e-2",
                                   "0.1",
                                   ".5",
                                   "5.",
                                   "+0",
                                   "-0",
                                   "-0.0e5",
                                   "0e-9999",
                                   "00012.500e+0001"};
    for (int digit = 1; digit < 10; ++digit)
        for (int exponent : {most, most + 1, least - 1, least, least + 1, least + 8})
            texts.push_back((digit % 2 == 0 ? "-" : "") + std::to_string(digit) + "." + std::to_string(digit) + "e" +
                            std::to_string(exponent));
    exact.set(TestType(largest<T>()));
    texts.push_back(exact.text(400));
    exact.set(std::numeric_limits<TestType>::max());
    texts.push_back(exact.text(800));
    exact.set(std::numeric_limits<TestType>::lowest());
    texts.push_back(exact.text(800));
    judge half;  // the first number that is infinite, and half the smallest one, which is zero
    mpfr_set_si_2exp(half.get(), 1, format<T>::max_exponent - format<T>::precision, MPFR_RNDN);
    exact.set(TestType(largest<T>()));
    mpfr_add(exact.get(), exact.get(), half.get(), MPFR_RNDN);
    std::string const overflow = exact.text(800);
    texts.push_back(overflow);
    mpfr_set_si_2exp(exact.get(), 1, format<T>::min_exponent - format<T>::precision, MPFR_RNDN);
    std::string const underflow = exact.text(1000);
    texts.push_back(underflow);
    texts.push_back(std::string(underflow).insert(underflow.find('e'), 5000, '0'));
    for (std::string const& text : texts) {
        INFO(text);
        exact.set(text);
        CHECK(exact.accepts(TestType(text)));
    }
    CHECK(to_bits(TestType(overflow)[0]) == to_bits(infinity<T>()));
    CHECK(to_bits(TestType(underflow)[0]) == 0);
    // However little is added, and however far behind the digits that are read.
    std::string const above = std::string(underflow).insert(underflow.find('e'), std::string(5000, '0') + "1");
    CHECK(to_bits(TestType(above)[0]) == 1);
    // The leading word would be finite, but all of them have no room for what is left.
    mpfr_set_si_2exp(half.get(), 1, -100, MPFR_RNDN);
    exact.set(overflow);
    mpfr_sub(exact.get(), exact.get(), half.get(), MPFR_RNDN);
    TestType const between(exact.text(800));
    CHECK((!is_nan(between[0]) && is_zero(between[1])));
}

TEMPLATE_LIST_TEST_CASE("decimal: hostile texts are cheap", "[exact][decimal]", all_expansions) {
    using T = typename TestType::word_type;
    auto const bits = [](std::string const& text) {
        TestType const x(text);
        for (std::size_t q = 1; q < TestType::words; ++q) REQUIRE(is_zero(x[q]));
        return to_bits(x[0]);
    };
    auto const inf = to_bits(infinity<T>());
    auto const minus = detail::fields<T>::sign;
    CHECK((bits("1e-999999999999") == 0 && bits("-1e-999999999999") == minus));
    CHECK((bits("1e+99999999999999999999") == inf && bits("-1e99999999999999999999") == (inf | minus)));
    CHECK((bits("0e99999999999999999999999") == 0 && bits("-0e+99999999999999999999999") == minus));
    std::string const digits(1'000'000, '7');
    std::string const zeros(1'000'000, '0');
    CHECK((bits(digits) == inf && bits("-" + digits + "e999999999999999999999") == (inf | minus)));
    CHECK((bits(digits + "e-99999999999") == 0 && bits("." + zeros + "1") == 0 && bits("-" + zeros) == minus));
    CHECK(bits("1e" + zeros + "1") == to_bits(T{10}));
    CHECK(bits("1" + zeros + "e-1000000") == to_bits(T{1}));
    CHECK(bits("0." + zeros + "1e1000001") == to_bits(T{1}));
    CHECK(bits("1." + zeros + "1e" + digits) == inf);
    CHECK(TestType("." + digits) == TestType("." + digits.substr(0, 2000)));
    CHECK(TestType(digits + "e-1000000") == TestType("." + digits.substr(0, 2000)));
}

TEMPLATE_TEST_CASE("decimal: every other text is refused with its beginning", "[exact][decimal]", quad_double,
                   (expansion<float, 2>)) {
    using T = typename TestType::word_type;
    for (auto const* const text :
         {"",        "+",         "-",    ".",      "e5",    "1e",  "1e+",  "1e-",   "1e5.",    "1.2.3",
          " 1",      "1 ",        "1,5",  "0x10",   "--1",   "+-1", "-+1",  "1e--5", "1f",      "in",
          "infinit", "infinityy", "nanx", "nan(0)", "1_000", ".e1", "1ee5", "i",     "\xC3\xA9"})
        CHECK(refuses<TestType>(text));
    CHECK(refuses<TestType>(std::string(1000, '-')));
    CHECK_THROWS_WITH(TestType(std::string("1\0\n", 3)), Catch::Contains("\"1??\""));
    for (auto const* const text : {"inf", "INF", "+Inf", "infinity", "InFiNiTy"})
        CHECK(to_bits(TestType(text)[0]) == to_bits(infinity<T>()));
    CHECK(to_bits(TestType("-Infinity")[0]) == to_bits(negate(infinity<T>())));
    for (auto const* const text : {"nan", "NaN", "-nan", "+NAN"})
        CHECK(to_bits(TestType(text)[0]) == to_bits(canonical_nan<T>()));
}

TEST_CASE("decimal: texts are one constructor among those of numbers", "[exact][decimal]") {
    std::string const text = "0.1";
    quad_double const x("0.1");
    quad_double const y{text};
    CHECK((x == y && x == quad_double(std::string_view(text)) && quad_double(text.c_str()) == x));
    CHECK((x != quad_double(0.1) && static_cast<double>(x) == 0.1));
    CHECK((quad_double(0) == quad_double() && quad_double(0.0) == quad_double(0U) &&
           quad_double(1) == quad_double(1.0F)));
    STATIC_REQUIRE(
        (!std::is_convertible_v<char const*, quad_double> && !std::is_convertible_v<std::string, quad_double>));
    STATIC_REQUIRE((std::is_convertible_v<int, quad_double> && std::is_convertible_v<double, quad_double>));
}

TEMPLATE_LIST_TEST_CASE("to_string: rounded once, at any number of digits", "[exact][decimal]", all_expansions) {
    environment::guard const guard;
    using T = typename TestType::word_type;
    constexpr int most = std::numeric_limits<TestType>::max_digits10;
    hard_expansions<T, TestType::words> hard(3);
    judge exact;
    for (std::size_t trial = 0; trial < trials(250); ++trial) {
        TestType const x = hard_number(hard);
        exact.set(x);
        int const any = 1 + static_cast<int>(hard.chance().below(200));
        for (int const digits : {1, 2, 3, 7, 15, 17, 32, most - 1, most, any, 1500})
            REQUIRE(to_string(x, digits) == exact.text(digits));
        REQUIRE(to_string(x) == exact.text(most));
        std::string const all = to_string(x, 0);
        std::size_t const end = all.find('e');
        REQUIRE((end != std::string::npos && (all[end - 1] != '0' || all.find('.') == std::string::npos)));
        REQUIRE((TestType(all) == x));
        judge read;
        read.set(all);
        REQUIRE(mpfr_equal_p(read.get(), exact.get()) != 0);
    }
}

TEMPLATE_LIST_TEST_CASE("to_string: ties go to the even digit, and behind nines comes a carry", "[exact][decimal]",
                        all_expansions) {
    environment::guard const guard;
    auto const text = [](char const* number, int digits) { return to_string(TestType(number), digits); };
    CHECK((text("0.125", 2) == "1.2e-01" && text("0.375", 2) == "3.8e-01" && text("-2.5", 1) == "-2e+00"));
    CHECK((text("9.5", 1) == "1e+01" && text("8.5", 1) == "8e+00" && text("99.5", 2) == "1.0e+02"));
    CHECK((text("1048575", 3) == "1.05e+06" && text("999.5", 3) == "1.00e+03" && text("0.5", 1) == "5e-01"));
    CHECK((text("1e10", 0) == "1e+10" && text("1e10", 3) == "1.00e+10" && text("-0.75", 0) == "-7.5e-01"));
    // The digit that decides is far behind the tie.
    TestType const above = TestType::from_words(
        std::array{static_cast<typename TestType::word_type>(2.5), smallest_subnormal<typename TestType::word_type>()});
    CHECK((to_string(above, 1) == "3e+00" && to_string(-above, 1) == "-3e+00" && to_string(above, 2) == "2.5e+00"));
    CHECK((text("0", 5) == "0" && text("-0", 0) == "-0" && text("inf", 3) == "inf" && text("-inf", 0) == "-inf"));
    CHECK((text("nan", 3) == "nan" && to_string(-TestType("nan")) == "nan"));
    CHECK_THROWS_AS(to_string(TestType(1), -1), std::invalid_argument);
}

TEMPLATE_LIST_TEST_CASE("to_string: max_digits10 digits give words without gaps again", "[exact][decimal]",
                        all_expansions) {
    environment::guard const guard;
    using T = typename TestType::word_type;
    constexpr int p = format<T>::precision;
    constexpr int below = (static_cast<int>(TestType::words) - 1) * (p + 1);
    constexpr int lowest = format<T>::min_exponent - p + 1 + below;
    constexpr int highest = format<T>::max_exponent - p + 1;
    random_stream chance(4, TestType::words);
    for (std::size_t trial = 0; trial < trials(250); ++trial) {
        int last = lowest + static_cast<int>(chance.below(highest - lowest + 1));
        std::array<T, TestType::words> word{};
        for (T& w : word) {  // each from a quarter to half an ulp of the one before
            w = detail::compose<T>(chance.below(2) == 0, chance.bits() >> (64 - p) | 1ULL << (p - 1) | 1, last);
            last -= p + 1;
        }
        TestType const x = TestType::from_nonoverlapping(word);
        INFO(to_string(x));
        REQUIRE((TestType(to_string(x)).to_array() == word));
    }
}

TEST_CASE("expansions in streams look like doubles of many digits", "[exact][decimal]") {
    quad_double const x(-0.15625);
    using ios = std::ios_base;
    CHECK(streamed(x, ios::dec, 6) == "-1.56250e-01");
    CHECK((streamed(x, ios::dec, 0) == "-2e-01" && streamed(x, ios::dec, 3) == "-1.56e-01"));
    CHECK((streamed(x, ios::scientific, 3) == "-1.562e-01" && streamed(x, ios::scientific, 0) == "-2e-01"));
    CHECK(streamed(x, ios::dec, -1) == streamed(x, ios::dec, 6));
    CHECK(streamed(x, ios::left | ios::uppercase, 2, 12) == "-1.6E-01****");
    CHECK(streamed(-x, ios::right | ios::showpos, 2, 12) == "****+1.6e-01");
    CHECK((streamed(quad_double("inf"), ios::showpos, 6) == "+inf" &&
           streamed(quad_double("nan"), ios::uppercase, 6) == "NAN"));
    CHECK(streamed(quad_double(0), ios::dec, 6, 3) == "**0");
    CHECK(streamed(quad_double("0.1"), ios::dec, 60) == "1." + std::string(59, '0') + "e-01");
    std::string const as_double = [] {
        std::ostringstream out;
        out << std::scientific << std::setprecision(9) << 1.0 / 3;
        return out.str();
    }();
    CHECK(streamed(quad_double(1.0 / 3), ios::scientific, 9) == as_double);
}
