// SPDX-License-Identifier: BSL-1.0
#include <lastbit/base/matrix_view.hpp>

#include <catch2/catch.hpp>

#include <array>

using lastbit::matrix_view;
using lastbit::transposed;

static_assert(std::is_convertible_v<matrix_view<float>, matrix_view<float const>>);
static_assert(!std::is_convertible_v<matrix_view<float const>, matrix_view<float>>, "const is not cast away");
static_assert(!std::is_convertible_v<matrix_view<float>, matrix_view<double const>>);
static_assert(std::is_same_v<matrix_view<float const>::value_type, float>);
static_assert(std::is_trivially_copyable_v<matrix_view<double>>);

namespace {

constexpr std::array<int, 12> numbers() { return {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}; }

constexpr int corner_of_transposed() {
    auto data = numbers();
    matrix_view<int> const view(data.data(), 3, 4);
    return transposed(view)(3, 2);
}
static_assert(corner_of_transposed() == 11, "usable in constant expressions");

}  // namespace

TEST_CASE("matrix_view: element (i, j) lies at i * row_stride + j * col_stride", "[base][matrix_view]") {
    auto data = numbers();
    matrix_view<int> const rows(data.data(), 3, 4);
    matrix_view<int> const columns(data.data(), 3, 4, 1, 3);
    matrix_view<int> const padded(data.data(), 3, 2, 4);
    for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t j = 0; j < 4; ++j) {
            CHECK(rows(i, j) == static_cast<int>(4 * i + j));
            CHECK(columns(i, j) == static_cast<int>(i + 3 * j));
        }
        CHECK(padded(i, 1) == static_cast<int>(4 * i + 1));
    }
    rows(1, 2) = 60;
    CHECK(data[6] == 60);
}

TEST_CASE("matrix_view: strides may be negative or zero", "[base][matrix_view]") {
    auto data = numbers();
    matrix_view<int> const upside_down(data.data() + 11, 3, 4, -4, -1);
    CHECK(upside_down(0, 0) == 11);
    CHECK(upside_down(2, 3) == 0);
    CHECK(upside_down(1, 3) == 4);
    matrix_view<int const> const repeated(data.data(), 5, 4, 0, 1);
    CHECK(repeated(4, 3) == 3);
}

TEST_CASE("transposed: exchanges indices, and twice is the same view", "[base][matrix_view]") {
    auto data = numbers();
    matrix_view<int const> const view(data.data(), 2, 3, 6, 2);
    auto const t = transposed(view);
    CHECK(t.rows() == 3);
    CHECK(t.cols() == 2);
    for (std::size_t i = 0; i < 2; ++i)
        for (std::size_t j = 0; j < 3; ++j) CHECK(&t(j, i) == &view(i, j));
    auto const back = transposed(t);
    CHECK(back.rows() == view.rows());
    CHECK(back.row_stride() == view.row_stride());
    CHECK(back.col_stride() == view.col_stride());
}

TEST_CASE("row_block: some rows, none, all; never more", "[base][matrix_view]") {
    auto data = numbers();
    matrix_view<int> const view(data.data(), 3, 4);
    auto const block = view.row_block(1, 2);
    CHECK(block.rows() == 2);
    CHECK(block.cols() == 4);
    CHECK(block(1, 3) == 11);
    CHECK(view.row_block(3, 0).empty());
    CHECK(view.row_block(0, 3).data() == view.data());
    CHECK_THROWS_WITH(view.row_block(2, 2), "row_block: rows 2 to 4 of a matrix of shape [3 x 4]");
    CHECK_THROWS_AS(view.row_block(4, 0), std::invalid_argument);
    CHECK_THROWS_AS(view.row_block(1, ~std::size_t{0}), std::invalid_argument);
}

TEST_CASE("matrix_view: a view of nothing needs no data", "[base][matrix_view]") {
    CHECK(matrix_view<float>().empty());
    CHECK(matrix_view<float>(nullptr, 0, 5).empty());
    CHECK(matrix_view<float>(nullptr, 5, 0).row_block(2, 3).rows() == 3);
    std::array<float, 1> one{};
    CHECK_FALSE(matrix_view<float>(one.data(), 1, 1).empty());
}
