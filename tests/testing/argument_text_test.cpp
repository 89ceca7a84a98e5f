// SPDX-License-Identifier: BSL-1.0
#include <lastbit/testing/argument_text.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <cstdint>
#include <list>
#include <span>
#include <vector>

using namespace lastbit;
using lastbit::testing::argument_text;

TEST_CASE("argument_text: numbers", "[testing][argument_text]") {
    CHECK(argument_text(0.5F) == "0.5 (0x1p-1)");
    CHECK(argument_text(bfloat16(-2.0)) == "-2 (-0x1p+1)");
    CHECK(argument_text(std::int8_t{65}) == "65");
    CHECK(argument_text(2147483647) == "2147483647");
}

TEST_CASE("argument_text: ranges are printed up to eight elements", "[testing][argument_text]") {
    CHECK(argument_text(std::vector<float>{}) == "{ }");
    CHECK(argument_text(std::vector{0.1F, -0.0F}) == "{ 0.1, -0 }");
    CHECK(argument_text(std::array<std::int8_t, 2>{65, -1}) == "{ 65, -1 }");
    CHECK(argument_text(std::array<double, 8>{}) == "{ 0, 0, 0, 0, 0, 0, 0, 0 }");
    CHECK(argument_text(std::array<double, 9>{}) == "[9] float64");
    float const c[9] = {};
    CHECK(argument_text(c) == "[9] float32");
    CHECK(argument_text(std::span<float16 const>()) == "{ }");
    CHECK(argument_text(std::vector<float16>(1000000)) == "[1000000] float16");
    CHECK(argument_text(std::list<float>(9)) == "[9] float32");
    CHECK(argument_text(std::vector<std::vector<float>>(9)) == "[9]");
}

TEST_CASE("argument_text: views of matrices", "[testing][argument_text]") {
    std::vector<float> data(12);
    CHECK(argument_text(matrix_view<float>(data.data(), 3, 4)) == "[3 x 4] float32");
    CHECK(argument_text(matrix_view<float const>(data.data(), 2, 3)) == "[2 x 3] float32");
    CHECK(argument_text(matrix_view<bfloat16 const>()) == "[0 x 0] bfloat16");
}

TEST_CASE("argument_text: leaves the rest to the framework", "[testing][argument_text]") {
    CHECK(argument_text(std::string("a text longer than eight characters")).empty());
    CHECK(argument_text("a text longer than eight characters").empty());
    CHECK(argument_text(true).empty());
    CHECK(argument_text(std::vector<std::vector<float>>(2)).empty());
    CHECK(argument_text(nullptr).empty());
}
