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
