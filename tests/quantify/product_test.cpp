// SPDX-License-Identifier: BSL-1.0
#include <lastbit/quantify/product.hpp>

#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit::quantify;
using Catch::Contains;

TEST_CASE("array_view, operand: strides of any kind, batches, an own copy", "[quantify][product]") {
    float x[24];
    for (int i = 0; i < 24; ++i) x[i] = static_cast<float>(i);
    array_view const v{number_format::float32, x, 2, 3, 4, 12, 4, 1};
    CHECK(v.at(1, 2, 3) == 23);
    CHECK(v.size() == 24);
    array_view const transposed{number_format::float32, x, 2, 4, 3, 12, 1, 4};
    CHECK(transposed.at(1, 3, 2) == 23);
    array_view const backward{number_format::float32, x + 23, 1, 1, 24, 0, 0, -1};
    CHECK(backward.at(0, 0, 23) == 0);
    operand const o(transposed);
    x[23] = -1;
    CHECK(o.at(1, 3, 2) == 23);
    CHECK(o.has_floats());
    CHECK(o.floats(1)(3, 2) == 23);
    operand const same(array_view{number_format::float32, x, 1, 3, 4, 0, 4, 1});
    CHECK(same.at(7, 2, 3) == 11);  // one batch serves for all
    std::vector<double> storage;
    CHECK(same.doubles(0, storage)(2, 3) == 11);
}

TEST_CASE("operand: doubles and 32-bit integers that no float holds", "[quantify][product]") {
    double const d[] = {0.1, 0x1p-1074};
    operand const doubles(array_view{number_format::float64, const_cast<double*>(d), 1, 1, 2, 0, 0, 1});
    CHECK(doubles.at(0, 0, 0) == 0.1);
    CHECK(doubles.at(0, 0, 1) == 0x1p-1074);
    CHECK_FALSE(doubles.has_floats());
    std::int32_t const n[] = {2147483647, -2147483647 - 1};
    operand const integers(array_view{number_format::int32, const_cast<std::int32_t*>(n), 1, 1, 2, 0, 0, 1});
    CHECK(integers.at(0, 0, 0) == 2147483647);
    CHECK(integers.at(0, 0, 1) == -2147483648.0);
    CHECK(doubles.rounded_to(number_format::bfloat16).at(0, 0, 0) == rounded(number_format::bfloat16, 0.1));
    CHECK(doubles.rounded_to(number_format::bfloat16).format() == number_format::bfloat16);
    CHECK_THROWS_WITH(operand(number_format::float32, 1, 2, 2, {1, 2, 3}), Contains("3 numbers"));
}

TEST_CASE("accumulator_of: what sums are held in if nobody says", "[quantify][product]") {
    auto const of = [](number_format a, number_format out) {
        product p;
        p.a = operand(a, 1, 1, 1, {1});
        p.b = operand(a, 1, 1, 1, {1});
        return accumulator_of(p, out);
    };
    CHECK(of(number_format::float32, number_format::float32) == number_format::float32);
    CHECK(of(number_format::bfloat16, number_format::bfloat16) == number_format::float32);
    CHECK(of(number_format::float32, number_format::float64) == number_format::float64);
    CHECK(of(number_format::float64, number_format::float32) == number_format::float64);
    CHECK(of(number_format::int8, number_format::int32) == number_format::int32);
    CHECK(of(number_format::int8, number_format::int8) == number_format::int32);
    CHECK(of(number_format::int8, number_format::float32) == number_format::float32);
    product p;
    p.a = p.b = operand(number_format::float32, 1, 1, 1, {1});
    p.held = number_format::float16;
    CHECK(accumulator_of(p, number_format::float32) == number_format::float16);
}

TEST_CASE("expect_shapes: what does not fit is named", "[quantify][product]") {
    auto const matrix = [](std::size_t batches, std::size_t rows, std::size_t cols) {
        return operand(number_format::float32, batches, rows, cols, std::vector<double>(batches * rows * cols, 1.0));
    };
    product p;
    p.a = matrix(1, 2, 3);
    p.b = matrix(1, 4, 5);
    CHECK_THROWS_WITH(expect_shapes(p), Contains("[2 x 3]") && Contains("[4 x 5]"));
    p.b = matrix(1, 3, 5);
    CHECK_NOTHROW(expect_shapes(p));
    p.bias = matrix(1, 1, 4);
    CHECK_THROWS_WITH(expect_shapes(p), Contains("bias of shape [1 x 4]"));
    p.bias = {};
    p.beta = 1;
    CHECK_THROWS_WITH(expect_shapes(p), Contains("C0"));
    p.old = matrix(1, 2, 5);
    CHECK_NOTHROW(expect_shapes(p));
    p.a = matrix(2, 2, 3);
    p.b = matrix(3, 3, 5);
    CHECK_THROWS_WITH(expect_shapes(p), Contains("2 and 3 batches"));
}
