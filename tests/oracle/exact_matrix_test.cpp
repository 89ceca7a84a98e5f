// SPDX-License-Identifier: BSL-1.0
#include <lastbit/oracle/exact_matrix.hpp>

#include <catch2/catch.hpp>

using namespace lastbit;
using oracle::exact_matrix;
using oracle::real;

TEST_CASE("exact_matrix: starts as zeros, is row-major, and rows are views", "[oracle][exact_matrix]") {
    exact_matrix m(2, 3);
    CHECK(m.rows() == 2);
    CHECK(m.cols() == 3);
    CHECK(m.at(1, 2).is_zero());
    m.at(1, 0) = real(5);
    m.row(0)[2] = real(7);
    CHECK(m.values()[3] == real(5));
    CHECK(m.values()[2] == real(7));
    CHECK(std::as_const(m).row(1).size() == 3);
    CHECK(exact_matrix().values().empty());
}

TEST_CASE("exact_matrix: takes a view with any strides and rounds each element once", "[oracle][exact_matrix]") {
    double const data[] = {1, 2, 3, 4, 5, 6};
    exact_matrix const m(transposed(matrix_view<double const>(data, 2, 3)));
    CHECK(m.rows() == 3);
    CHECK(m.at(2, 0) == real(3));
    CHECK(m.at(2, 1) == real(6));
    exact_matrix third(1, 1);
    third.at(0, 0) = real(1) + real(1).scaled(-24);
    CHECK(third.round<float>()[0] == 1.0F);
    CHECK(third.round<float>(oracle::direction::upward)[0] == 1.0F + 0x1p-23F);
}

TEST_CASE("exact_matrix: takes numbers as kernels store them, and block-scaled ones", "[oracle][exact_matrix]") {
    float8_e5m2 const data[] = {float8_e5m2(1.5), float8_e5m2(-2), float8_e5m2(57344)};
    exact_matrix const m(matrix_view<float8_e5m2 const>(data, 3, 1));
    CHECK(m.at(0, 0) == real(1.5));
    CHECK(m.at(2, 0) == real(57344));
    std::int8_t const whole[] = {-128, 127};
    CHECK(exact_matrix(matrix_view<std::int8_t const>(whole, 1, 2)).at(0, 0) == real(-128));
    // In blocks, whole numbers count 64ths.
    scale_e8m0 const scales[] = {scale_e8m0::of_exponent(127), scale_e8m0{255}};
    exact_matrix const blocks(block_scaled_view<std::int8_t, 1>(whole, scales, 1, 2));
    CHECK(blocks.at(0, 0) == -real(1).scaled(128));
    CHECK(blocks.at(0, 1).is_nan());
}
