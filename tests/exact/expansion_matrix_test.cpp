// SPDX-License-Identifier: BSL-1.0
#include <lastbit/exact/expansion_matrix.hpp>

#include "exact/hard_expansions.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace lastbit;
using namespace lastbit_tests;

TEMPLATE_TEST_CASE("expansion_matrix: what is written is read, also through views", "[exact][expansion_matrix]",
                   double_double, (expansion<float, 3>), (expansion<double, 8>)) {
    using E = TestType;
    using T = typename E::word_type;
    using M = expansion_matrix<T, E::words>;
    hard_expansions<T, E::words> make(62);
    std::size_t const rows = 3, cols = 5;
    std::vector<E> x(rows * cols);
    for (E& e : x) e = make.any(3);
    M m(rows, cols);
    CHECK((m.rows() == rows && m.cols() == cols && !m.empty()));
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t j = 0; j < cols; ++j) {
            REQUIRE(E(m(i, j)) == E(0));
            m(i, j) = x[i * cols + j];
        }
    M const copy(matrix_view<E const>(x.data(), rows, cols));
    M const across(transposed(m.view()));
    CHECK((across.rows() == cols && across.cols() == rows));
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t j = 0; j < cols; ++j) {
            auto const want = x[i * cols + j].to_array();
            REQUIRE(E(m(i, j)).to_array() == want);
            REQUIRE(copy(i, j).to_array() == want);
            REQUIRE(m.view()(i, j).to_array() == want);
            REQUIRE(transposed(m.view())(j, i).to_array() == want);
            REQUIRE(across(j, i).to_array() == want);
            REQUIRE(m.view().row(i)[j].to_array() == want);
            for (std::size_t q = 0; q < E::words; ++q) REQUIRE(m.view().word(q)(i, j) == want[q]);
        }
    m = M(0, 7);
    CHECK((m.empty() && m.view().empty() && m.cols() == 7));
    CHECK(copy(2, 4).to_array() == x[14].to_array());
    CHECK_THROWS_WITH(copy.view().row(3), Catch::Contains("row 3 of a matrix of shape [3 x 5]"));
    CHECK_THROWS_WITH(transposed(copy.view()).row(0), Catch::Contains("does not lie in a row"));
    CHECK_THROWS_WITH(M(static_cast<std::size_t>(-1) / 2, 3), Catch::Contains("more than memory can hold"));
}
