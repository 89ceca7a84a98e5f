// SPDX-License-Identifier: BSL-1.0
#include <lastbit/linalg/blocked_product.hpp>

#include <catch2/catch.hpp>

#include <vector>

using namespace lastbit;

namespace {

/// A tile of integers: every sum is exact, and a second word counts the products.
struct counting_tile {
    static constexpr std::size_t rows = 2, columns = 3, words = 2, depth = 5;

    static void add(double const* a, double const* b, std::size_t k, bool fresh, double* sums) {
        for (std::size_t r = 0; r < rows; ++r)
            for (std::size_t c = 0; c < columns; ++c) {
                double& sum = sums[r * columns + c];
                double& count = sums[rows * columns + r * columns + c];
                if (fresh) sum = count = 0;
                for (std::size_t l = 0; l < k; ++l) sum += a[l * rows + r] * b[l * columns + c];
                count += static_cast<double>(k);
            }
    }
    static void merge(double const* sums, bool fresh, double* totals) {
        for (std::size_t t = 0; t < rows * columns * words; ++t) totals[t] = fresh ? sums[t] : totals[t] + sums[t];
    }
};

struct recorder {
    detail::product_operands<float, float> operands;
    std::vector<double>* sums;
    std::vector<double>* counts;

    void decide_row(std::size_t i, std::size_t j, std::size_t count, double const* sum, double const* number) const {
        for (std::size_t c = 0; c < count; ++c) {
            (*sums)[i * operands.b.cols() + j + c] += sum[c];
            (*counts)[i * operands.b.cols() + j + c] += number[c];
        }
    }
};

}  // namespace

TEST_CASE("blocked_product: every element is decided once, from all its products", "[linalg][blocked_product]") {
    for (auto const [m, n, k, depth] :
         {std::array<std::size_t, 4>{1, 1, 1, 1}, {5, 7, 12, 12}, {49, 13, 12, 7}, {5, 400, 23, 4}, {60, 4, 40, 1}}) {
        std::vector<float> a(m * k);
        std::vector<float> b(k * n);
        for (std::size_t i = 0; i < a.size(); ++i) a[i] = static_cast<float>(i % 11) - 5.0F;
        for (std::size_t i = 0; i < b.size(); ++i) b[i] = static_cast<float>(i % 7) - 3.0F;
        std::vector<double> sums(m * n);
        std::vector<double> counts(m * n);
        std::vector<float> c(m * n);
        matrix_view<float const> const left(a.data(), m, k);
        matrix_view<float const> const right(b.data(), k, n);
        recorder const judge{
            {left, right, {}, matrix_view<float>(c.data(), m, n), nullptr, nullptr, nullptr}, &sums, &counts};
        std::vector<double> const row_scale(m, 2.0);
        std::vector<double> const column_scale(n, 0.25);
        detail::product_blocks<counting_tile> blocks(m, n, k);
        blocks.depth = depth;
        detail::workspace room;
        for (bool const counting : {true, false}) {
            detail::blocked_product<counting_tile, recorder> const product(
                judge, nullptr, {row_scale.data(), column_scale.data()}, blocks, room);
            if (counting) room.allocate();
            else product.run();
        }
        for (std::size_t i = 0; i < m; ++i)
            for (std::size_t j = 0; j < n; ++j) {
                double sum = 0;
                for (std::size_t l = 0; l < k; ++l) sum += static_cast<double>(left(i, l) * right(l, j));
                REQUIRE(sums[i * n + j] == sum / 2);
                REQUIRE(counts[i * n + j] == static_cast<double>(k));
            }
    }
}
