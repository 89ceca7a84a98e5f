// SPDX-License-Identifier: BSL-1.0
#pragma once
// A block of a matrix product in registers: sums of products of doubles, in twice double's precision.
//
// A sum is 3 + s, between 2 and 4, and grows by each product rounded to its last place; what the product has below that
// is exact or nearly so, and a second sum takes it. Four operations a product, where two_sum needs ten.

#include <lastbit/eft/two_product.hpp>
#include <lastbit/linalg/panel.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// s grows by the product a b rounded to a multiple of 2^-51, c by the rest.
/// Requires: 2 <= s < 4 before and after, |a| and |b| at most 1.
/// Exact:    s. What c grows by is off by at most 2^-104 and 8 smallest subnormals, and at most 2^-51.
/// Source:   [ROO08] section 2 (extraction by a large number); docs/mathematics.md, "Correct rounding of matrix
///           products".
[[gnu::always_inline]] inline void extract_product(batch<double> const& a, batch<double> const& b, batch<double>& s,
                                                   batch<double>& c) noexcept {
    if constexpr (LASTBIT_HAS_FMA) {
        batch<double> const next = fma(a, b, s);
        batch<double> const part = sub<double>(next, s);
        s = next;
        c = add<double>(c, fma(a, b, negate<double>(part)));
    } else {
        batch<double> const product = mul<double>(a, b);
        batch<double> const next = add<double>(s, product);
        batch<double> const part = sub<double>(next, s);
        s = next;
        batch<double> const rest = product_error_by_split<batch<double>, double>(a, b, product);
        c = add<double>(c, add<double>(sub<double>(product, part), rest));
    }
}

/// The shape of a block, and how it is summed.
struct extraction_tile {
    static constexpr bool many_registers = batch_width<double> >= 8;
    static constexpr std::size_t rows = many_registers ? 4 : 2;
    static constexpr std::size_t registers = many_registers ? 3 : 2;
    static constexpr std::size_t columns = registers * batch_width<double>;
    static constexpr std::size_t words = 2;
    /// Products that meet in a register before their low sum is added to the others.
    static constexpr std::size_t depth = 256;

    /// sums: 3 + s for each element, [rows x columns], then c for each: they grow by the products of k columns of a
    /// panel of A and k rows of a panel of B, or begin with these if `fresh`. c is a chain of k additions and one more.
    /// Requires: as extract_product.
    static void add(double const* a, double const* b, std::size_t k, bool fresh, double* sums) noexcept {
        using row = std::array<batch<double>, registers>;
        constexpr std::size_t width = batch_width<double>;
        batch<double> const zero = opaque<double>(broadcast(0.0));
        batch<double> const start = opaque<double>(broadcast(3.0));
        std::array<row, rows> high;
        std::array<row, rows> low;
#pragma GCC unroll 4
        for (std::size_t r = 0; r < rows; ++r)
#pragma GCC unroll 4
            for (std::size_t j = 0; j < registers; ++j) {
                high[r][j] = fresh ? start : load(sums + r * columns + j * width);
                low[r][j] = zero;
            }
        for (std::size_t l = 0; l < k; ++l, a += rows, b += columns) {
            row y;
#pragma GCC unroll 4
            for (std::size_t j = 0; j < registers; ++j) y[j] = load(b + j * width);
#pragma GCC unroll 4
            for (std::size_t r = 0; r < rows; ++r) {
                batch<double> const x = broadcast(a[r]);
#pragma GCC unroll 4
                for (std::size_t j = 0; j < registers; ++j) extract_product(x, y[j], high[r][j], low[r][j]);
            }
        }
#pragma GCC unroll 4
        for (std::size_t r = 0; r < rows; ++r)
#pragma GCC unroll 4
            for (std::size_t j = 0; j < registers; ++j) {
                double* const to = sums + r * columns + j * width;
                double* const rest = to + rows * columns;
                store(to, high[r][j]);
                store(rest, fresh ? low[r][j] : lastbit::add<double>(load(rest), low[r][j]));
            }
    }

    /// totals = sums, or totals + sums: exact for the high words, one addition more for the low ones.
    static void merge(double const* sums, bool fresh, double* totals) noexcept {
        batch<double> const start = opaque<double>(broadcast(3.0));
        for (std::size_t t = 0; t < rows * columns; t += batch_width<double>) {
            batch<double> const high = load(sums + t);
            batch<double> const low = load(sums + rows * columns + t);
            store(totals + t, fresh ? high : lastbit::add<double>(load(totals + t), sub<double>(high, start)));
            double* const rest = totals + rows * columns + t;
            store(rest, fresh ? low : lastbit::add<double>(load(rest), low));
        }
    }
};

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
