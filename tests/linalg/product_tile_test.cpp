// SPDX-License-Identifier: BSL-1.0
#include <lastbit/linalg/product_tile.hpp>

#include <lastbit/base/random.hpp>

#include <catch2/catch.hpp>

#include <vector>

using namespace lastbit;
using shape = detail::product_tile;

TEST_CASE("product_tile: each sum is the chain of its products, then one addition to what was there",
          "[linalg][product_tile]") {
    environment::guard const guard;
    random_stream chance(1);
    for (std::size_t const k : {0U, 1U, 2U, 57U}) {
        std::vector<double> a(k * shape::rows);
        std::vector<double> b(k * shape::columns);
        for (double& x : a) x = static_cast<double>(static_cast<float>(2 * chance.uniform() - 1));
        for (double& x : b) x = static_cast<double>(static_cast<float>(2 * chance.uniform() - 1));
        std::vector<double> sums(shape::rows * shape::columns + 1, 0.75);
        for (bool const fresh : {true, false}) {
            std::vector<double> const before = sums;
            shape::add(a.data(), b.data(), k, fresh, sums.data());
            for (std::size_t r = 0; r < shape::rows; ++r)
                for (std::size_t c = 0; c < shape::columns; ++c) {
                    double sum = 0.0;
                    for (std::size_t l = 0; l < k; ++l)
                        sum = add(sum, mul(a[l * shape::rows + r], b[l * shape::columns + c]));
                    std::size_t const at = r * shape::columns + c;
                    REQUIRE(to_bits(sums[at]) == to_bits(fresh ? sum : add(before[at], sum)));
                }
            REQUIRE(to_bits(sums.back()) == to_bits(0.75));
        }
    }
}
