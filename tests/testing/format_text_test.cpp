// SPDX-License-Identifier: BSL-1.0
#include <lastbit/testing/format_text.hpp>

#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit::testing;
using quantify::number_format;

TEST_CASE("number_text: in the format's own digits", "[testing][format_text]") {
    CHECK(number_text(number_format::float32, double{0.1F}) == "0.1 (0x1.99999ap-4)");
    CHECK(number_text(number_format::float64, 0.1) == "0.1 (0x1.999999999999ap-4)");
    CHECK(number_text(number_format::bfloat16, 0x1.9ap-4) == "0.1 (0x1.9ap-4)");
    CHECK(number_text(number_format::float8_e4m3, 0.109375) == "0.109375 (0x1.cp-4)");
    CHECK(number_text(number_format::int8, -7) == "-7");
}
