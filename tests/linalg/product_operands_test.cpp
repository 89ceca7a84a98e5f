// SPDX-License-Identifier: BSL-1.0
#include <lastbit/linalg/product_operands.hpp>

#include "hard_products.hpp"

using namespace lastbit;
using namespace lastbit_tests;

TEST_CASE("decide_by_integers: an element from the operands alone, of a product or of its transpose",
          "[linalg][product_operands]") {
    environment::guard const guard;
    auto const data = make_product<bfloat16, float>(0, 3, 4, 5, 1);
    std::vector<float> row(5);
    std::vector<float> column(5);
    std::vector<bfloat16> c(12);
    std::size_t undecided = 0;
    detail::product_operands<bfloat16, float> const p{matrix_view<float const>(data.x.data(), 3, 5),
                                                      matrix_view<float const>(data.y.data(), 5, 4),
                                                      {data.x.data(), 0, 1},
                                                      matrix_view<bfloat16>(c.data(), 3, 4),
                                                      row.data(),
                                                      column.data(),
                                                      &undecided};
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < 4; ++j) {
            if (i < 2) detail::decide_by_integers(p, i, j);
            else detail::decide_by_integers(transposed(p), j, i);
        }
    CHECK(undecided == 12);
    CHECK(wrong_elements<bfloat16, float>(p.a, p.b, data.x.data(), p.c) == 0);
}

TEST_CASE("exact_zero: -0 only if every term is", "[linalg][product_operands]") {
    environment::guard const guard;
    std::array<float, 2> const a{-0.0F, 3.0F};
    std::array<float, 2> const b{2.0F, -0.0F};
    std::array<float, 2> const d{2.0F, 0.0F};
    float const minus = -0.0F;
    std::array<double, 1> c{};
    auto const zero = [&](float const* right, float const* bias) {
        detail::product_operands<double, float> const p{matrix_view<float const>(a.data(), 1, 2),
                                                        matrix_view<float const>(right, 2, 1),
                                                        {bias, 0, 0},
                                                        matrix_view<double>(c.data(), 1, 1),
                                                        nullptr,
                                                        nullptr,
                                                        nullptr};
        return to_bits(detail::exact_zero(p, 0, 0));
    };
    constexpr std::uint64_t negative = std::uint64_t{1} << 63;
    CHECK(zero(b.data(), nullptr) == negative);
    CHECK(zero(b.data(), &minus) == negative);
    CHECK(zero(b.data(), d.data() + 1) == 0);
    CHECK(zero(d.data(), nullptr) == 0);
}
