// SPDX-License-Identifier: BSL-1.0
#include <lastbit/testing/text.hpp>

#include <catch2/catch.hpp>

#include <cstdlib>

using namespace lastbit;
using namespace lastbit::testing;

TEST_CASE("decimal_text: the shortest decimal of the number's own format", "[testing][text]") {
    CHECK(decimal_text(0.1) == "0.1");
    CHECK(decimal_text(0.1F) == "0.1");
    CHECK(decimal_text(static_cast<double>(0.1F)) == "0.10000000149011612");
    CHECK(decimal_text(bfloat16(0.1)) == "0.1");
    CHECK(decimal_text(float16(0.1)) == "0.1");
    CHECK(decimal_text(float16(65504.0)) == "6.55e+04");
    CHECK(decimal_text(-0.0) == "-0");
    CHECK(decimal_text(bfloat16(-0.0)) == "-0");
    CHECK(decimal_text(from_bits<double>(1)) == "5e-324");
    CHECK(decimal_text(from_bits<float16>(1)) == "6e-08");
}

TEST_CASE("decimal_text: every 16-bit pattern can be read back", "[testing][text]") {
    auto const count_unreadable = []<class T>(T) {
        int unreadable = 0;
        for (unsigned bits = 0; bits < 0x10000U; ++bits) {
            T const x = from_bits<T>(static_cast<std::uint16_t>(bits));
            if (!is_finite(x)) continue;
            double const read = std::strtod(decimal_text(x).c_str(), nullptr);
            if (to_bits(T(read)) != bits) ++unreadable;
        }
        return unreadable;
    };
    CHECK(count_unreadable(bfloat16{}) == 0);
    CHECK(count_unreadable(float16{}) == 0);
}

TEST_CASE("hexadecimal_text: exact, for every format and for special values", "[testing][text]") {
    CHECK(hexadecimal_text(-12.0) == "-0x1.8p+3");
    CHECK(hexadecimal_text(0.1) == "0x1.999999999999ap-4");
    CHECK(hexadecimal_text(0.1F) == "0x1.99999ap-4");
    CHECK(hexadecimal_text(bfloat16(0.1)) == "0x1.9ap-4");
    CHECK(hexadecimal_text(0.0F) == "0x0p+0");
    CHECK(hexadecimal_text(float16(-0.0)) == "-0x0p+0");
    CHECK(hexadecimal_text(infinity<double>()) == "inf");
    CHECK(hexadecimal_text(negate(infinity<bfloat16>())) == "-inf");
    CHECK(hexadecimal_text(from_bits<float>(0x7FC00001U)) == "nan(0x7fc00001)");
    CHECK(hexadecimal_text(from_bits<float16>(0xFE00U)) == "nan(0xfe00)");
    for (double const x :
         {from_bits<double>(1), smallest_normal<double>(), largest<double>(), -0x1.23456789abcdep-1030})
        CHECK(to_bits(std::strtod(hexadecimal_text(x).c_str(), nullptr)) == to_bits(x));
}

TEST_CASE("number_text: both forms; NaN and infinities have one decimal form", "[testing][text]") {
    CHECK(number_text(1.5F) == "1.5 (0x1.8p+0)");
    CHECK(number_text(infinity<float>()) == "inf (inf)");
    CHECK(number_text(from_bits<double>(0xFFF8000000000000U)) == "nan (nan(0xfff8000000000000))");
}
