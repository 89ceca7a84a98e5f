// SPDX-License-Identifier: BSL-1.0
#pragma once
// A block of a matrix product in registers: sums of products in double.

#include <lastbit/linalg/panel.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// The shape of a block: as many registers of sums as the register file holds beside a row of B and an element of A.
struct product_tile {
    static constexpr bool many_registers = batch_width<double> >= 8;
    static constexpr std::size_t rows = many_registers ? 8 : 4;
    static constexpr std::size_t registers = many_registers || LASTBIT_HAS_FMA ? 3 : 2;
    static constexpr std::size_t columns = registers * batch_width<double>;
    static constexpr std::size_t words = 1;
    /// Products that meet in a register before their sum is added to the others.
    static constexpr std::size_t depth = 256;

    /// sums [rows x columns] = the products of k columns of a panel of A and k rows of a panel of B, added to what it
    /// holds unless `fresh`. Each sum is a chain of k additions, and one more to what it held.
    /// Requires: every product is exact in double.
    static void add(double const* a, double const* b, std::size_t k, bool fresh, double* sums) noexcept {
        using row = std::array<batch<double>, registers>;
        constexpr std::size_t width = batch_width<double>;
        batch<double> const zero = opaque<double>(broadcast(0.0));
        std::array<row, rows> sum;
#pragma GCC unroll 8
        for (std::size_t r = 0; r < rows; ++r)
#pragma GCC unroll 4
            for (std::size_t c = 0; c < registers; ++c) sum[r][c] = zero;
        for (std::size_t l = 0; l < k; ++l, a += rows, b += columns) {
            row y;
#pragma GCC unroll 4
            for (std::size_t c = 0; c < registers; ++c) y[c] = load(b + c * width);
#pragma GCC unroll 8
            for (std::size_t r = 0; r < rows; ++r) {
                batch<double> const x = broadcast(a[r]);
#pragma GCC unroll 4
                for (std::size_t c = 0; c < registers; ++c) sum[r][c] = add_exact_product(x, y[c], sum[r][c]);
            }
        }
#pragma GCC unroll 8
        for (std::size_t r = 0; r < rows; ++r)
#pragma GCC unroll 4
            for (std::size_t c = 0; c < registers; ++c) {
                double* const to = sums + r * columns + c * width;
                store(to, fresh ? sum[r][c] : lastbit::add<double>(load(to), sum[r][c]));
            }
    }

    /// totals = sums, or totals + sums: one addition more.
    static void merge(double const* sums, bool fresh, double* totals) noexcept {
        for (std::size_t t = 0; t < rows * columns; t += batch_width<double>) {
            batch<double> const sum = load(sums + t);
            store(totals + t, fresh ? sum : lastbit::add<double>(load(totals + t), sum));
        }
    }
};

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
