// SPDX-License-Identifier: BSL-1.0
#include <lastbit/linalg/narrow_product.hpp>

#include "hard_products.hpp"

using namespace lastbit;
using namespace lastbit_tests;

TEST_CASE("narrow_product: columns known beforehand give the same bits as those packed on the way",
          "[linalg][narrow_product]") {
    for (auto const [m, n, k] : {std::array<std::size_t, 3>{30, 70, 600}, {2, 70, 33}, {50, 2, 33}, {9, 500, 20000}}) {
        auto const data = make_product<float, float>(0, m, n, k, 2);
        matrix_view<float const> const a(data.x.data(), m, k);
        matrix_view<float const> const b(data.y.data(), k, n);
        using shape = detail::product_tile;
        std::vector<double> panels;
        for (std::size_t j = 0; j < n; j += shape::columns) {
            panels.resize((j + shape::columns) * k);
            detail::pack_panel<shape::columns>(transposed(b), j, std::min(shape::columns, n - j), 0, k, nullptr,
                                               panels.data() + j * k);
        }
        std::vector<double> lengths(n);
        std::vector<double> quanta(n);
        detail::bound_lengths(transposed(b), lengths.data());
        for (std::size_t j = 0; j < n; ++j)
            quanta[j] = detail::inverse_quantum(&b(0, j), static_cast<std::ptrdiff_t>(n), k);
        std::vector<float> c(m * n);
        std::vector<float> d(m * n);
        std::size_t undecided = 0;
        environment::guard const guard;
        detail::multiply_narrow<float, float>(
            {a, b, {}, matrix_view<float>(c.data(), m, n), nullptr, nullptr, &undecided}, {});
        detail::multiply_narrow<float, float>(
            {a, b, {}, matrix_view<float>(d.data(), m, n), nullptr, nullptr, &undecided},
            {panels.data(), lengths.data(), quanta.data()});
        for (std::size_t i = 0; i < m * n; ++i) REQUIRE(to_bits(c[i]) == to_bits(d[i]));
        CHECK(undecided < m * n / 10 + 3);
    }
}

TEST_CASE("product_blocks: blocks are whole tiles, and no higher a tree than is counted", "[linalg][narrow_product]") {
    for (std::size_t const m : {1U, 9U, 1000U})
        for (std::size_t const n : {1U, 25U, 3000U})
            for (std::size_t const k : {1U, 2048U, 100000U}) {
                detail::product_blocks<detail::product_tile> const blocks(m, n, k);
                CHECK((blocks.rows > 0 && blocks.rows % detail::product_tile::rows == 0));
                CHECK((blocks.columns > 0 && blocks.columns % detail::product_tile::columns == 0));
                CHECK((blocks.depth > 0 && blocks.depth <= k));
                std::size_t const passes = (k + blocks.depth - 1) / blocks.depth;
                std::size_t const chains =
                    (blocks.depth + detail::product_tile::depth - 1) / detail::product_tile::depth;
                std::size_t const chain = std::min(k, detail::product_tile::depth);
                CHECK(blocks.height(k) >= chain + (chains - 1) + (passes - 1));
            }
}
