// SPDX-License-Identifier: BSL-1.0
#include <lastbit/nn/dense.hpp>

#include <catch2/catch.hpp>

using namespace lastbit;

TEST_CASE("dense: owns its numbers, and its view shows them", "[nn][dense]") {
    dense<float> const layer({1, 2, 3, 4, 5, 6}, 2, 3, {7, 8}, activation::relu);
    dense<float> const copy = layer;
    auto const view = copy.view();
    CHECK((view.outputs() == 2 && view.inputs() == 3 && copy.outputs() == 2 && copy.inputs() == 3));
    CHECK(view.weight(1, 0) == 4.0F);
    CHECK(view.bias[1] == 8.0F);
    CHECK((view.act == activation::relu && copy.act() == activation::relu));
    CHECK(view.weight.data() != layer.view().weight.data());
}

TEST_CASE("dense_view: from its parts, by parentheses and by braces", "[nn][dense]") {
    std::vector<float> const w(6);
    dense_view<float> const round_brackets(matrix_view<float const>(w.data(), 2, 3), std::span<float const>(),
                                           activation::relu);
    dense_view<float> const braces{matrix_view<float const>(w.data(), 2, 3), {}};
    CHECK((round_brackets.act == activation::relu && braces.act == activation::linear && braces.inputs() == 3));
}

TEST_CASE("dense: weights and biases that do not fit are refused, and the shapes named", "[nn][dense]") {
    using numbers = std::vector<float>;
    CHECK_THROWS_AS(dense<float>(numbers(5), 2, 3, numbers(2), activation::linear), std::invalid_argument);
    CHECK_THROWS_WITH(dense<float>(numbers(5), 2, 3, {}, activation::linear),
                      Catch::Contains("5") && Catch::Contains("[2 x 3]"));
    CHECK_THROWS_WITH(dense<float>(numbers(6), 2, 3, numbers(3), activation::linear),
                      Catch::Contains("[2 x 3]") && Catch::Contains("[3]"));
    CHECK_THROWS_AS(dense<float>(numbers(1), 2, 0, numbers(2), activation::linear), std::invalid_argument);
    // out * in would overflow to 0.
    CHECK_THROWS_AS(dense<float>({}, std::size_t{1} << 63, 2, {}, activation::linear), std::invalid_argument);
    CHECK_NOTHROW(dense<float>(numbers(6), 2, 3, {}, activation::linear));
    CHECK_NOTHROW(dense<float>({}, 2, 0, numbers(2), activation::linear));
    CHECK_NOTHROW(dense<float>({}, 0, 3, {}, activation::linear));
}

TEST_CASE("dense: copies a weight of any strides, and a bias", "[nn][dense]") {
    std::vector<float> const columns{1, 4, 2, 5, 3, 6};  // [3 x 2], the transpose of the weight
    std::vector<float> const bias{7, 8};
    dense<float> const layer(transposed(matrix_view<float const>(columns.data(), 3, 2)), bias, activation::linear);
    auto const view = layer.view();
    CHECK((view.outputs() == 2 && view.inputs() == 3 && view.weight.col_stride() == 1));
    for (std::size_t i = 0; i < 2; ++i)
        for (std::size_t j = 0; j < 3; ++j) CHECK(view.weight(i, j) == columns[j * 2 + i]);
    CHECK(view.bias[1] == 8.0F);
    CHECK_THROWS_AS(dense<float>(matrix_view<float const>(columns.data(), 3, 2), bias, activation::linear),
                    std::invalid_argument);
}
