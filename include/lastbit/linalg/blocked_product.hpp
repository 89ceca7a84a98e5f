// SPDX-License-Identifier: BSL-1.0
#pragma once
// The loops around a tile of registers: panels of both matrices packed for the cache, and sums that wait for the rest.

#include <lastbit/linalg/product_operands.hpp>
#include <lastbit/linalg/workspace.hpp>

#include <algorithm>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// How C = A B is cut into tiles: blocks of A's rows, of B's columns, of the inner dimension.
/// A Tile has `rows`, `columns`, `words` for what is held of a sum, a `depth` to which add(a, b, k, fresh, sums) sums
/// products of two panels, and merge(sums, fresh, totals), which adds such sums.
template <class Tile>
struct product_blocks {
    product_blocks(std::size_t m, std::size_t n, std::size_t k) noexcept
        : depth(std::min(k, std::size_t{1} << 14)),
          rows(std::min(whole(m, Tile::rows), 12 * Tile::rows)),
          columns(std::min(whole(n, Tile::columns), at_most(depth))) {}

    std::size_t depth;
    std::size_t rows;
    std::size_t columns;

    [[nodiscard]] std::size_t height(std::size_t k) const noexcept {
        return std::min(k, Tile::depth) + depth / Tile::depth + k / depth + 2;
    }

private:
    [[nodiscard]] static std::size_t whole(std::size_t n, std::size_t unit) noexcept {
        return (n + unit - 1) / unit * unit;
    }
    /// B takes at most 16 MB at a time; 120 columns or more.
    [[nodiscard]] static std::size_t at_most(std::size_t depth) noexcept {
        std::size_t const wanted =
            std::max<std::size_t>(120, std::min<std::size_t>(1024, (std::size_t{1} << 21) / depth));
        return wanted / Tile::columns * Tile::columns;
    }
};

/// Numbers that the rows of A and the columns of B are multiplied by; null for 1.
struct product_scale {
    double const* rows = nullptr;
    double const* columns = nullptr;
};

/// C = A B by blocks in registers: the sums that a Tile makes go to judge.decide_row.
/// @param panels  B's columns in panels of Tile::columns, B.rows() deep, scaled; or null
template <class Tile, class Judge>
class blocked_product {
public:
    blocked_product(Judge const& judge, double const* panels, product_scale scale, product_blocks<Tile> const& blocks,
                    workspace& room) noexcept
        : judge_(judge), panels_(panels), scale_(scale), blocks_(blocks) {
        auto const& p = judge.operands;
        if (panels == nullptr) packed_ = room.take<double>(blocks.depth * blocks.columns);
        a_panels_ = room.take<double>(Tile::depth * blocks.rows);
        sums_ = room.take<double>(Tile::words * blocks.rows * blocks.columns);
        // Where the inner dimension takes several passes, the sums of all rows wait.
        if (p.a.cols() > blocks.depth)
            totals_ = room.take<double>((p.a.rows() + blocks.rows) / blocks.rows * blocks.rows * Tile::words *
                                        blocks.columns);
    }

    void run() const noexcept {
        auto const& p = judge_.operands;
        std::size_t const k = p.a.cols();
        for (std::size_t j = 0; j < p.b.cols(); j += blocks_.columns)
            for (std::size_t from = 0; from < k; from += blocks_.depth) {
                std::size_t const depth = std::min(blocks_.depth, k - from);
                if (packed_ != nullptr) pack_columns(j, from, depth);
                for (std::size_t i = 0; i < p.a.rows(); i += blocks_.rows) multiply(i, j, from, depth);
            }
    }

private:
    void pack_columns(std::size_t j, std::size_t from, std::size_t depth) const noexcept {
        auto const columns = lastbit::transposed(judge_.operands.b);
        std::size_t const end = std::min(columns.rows(), j + blocks_.columns);
        for (std::size_t c = j; c < end; c += Tile::columns)
            pack_panel<Tile::columns>(columns, c, std::min(Tile::columns, end - c), from, depth, scale_.columns,
                                      packed_ + (c - j) * depth);
    }

    /// The block of C from (i, j) on, products from ... from + depth - 1.
    void multiply(std::size_t i, std::size_t j, std::size_t from, std::size_t depth) const noexcept {
        auto const& p = judge_.operands;
        std::size_t const rows = std::min(blocks_.rows, p.a.rows() - i);
        std::size_t const columns = std::min(blocks_.columns, p.b.cols() - j);
        for (std::size_t l = 0; l < depth; l += Tile::depth) {
            std::size_t const some = std::min(Tile::depth, depth - l);
            for (std::size_t r = 0; r < rows; r += Tile::rows)
                pack_panel<Tile::rows>(p.a, i + r, std::min(Tile::rows, rows - r), from + l, some, scale_.rows,
                                       a_panels_ + r * some);
            for (std::size_t c = 0; c < columns; c += Tile::columns) {
                double const* const panel = packed_ != nullptr
                                                ? packed_ + c * depth + l * Tile::columns
                                                : panels_ + (j + c) * p.a.cols() + (from + l) * Tile::columns;
                for (std::size_t r = 0; r < rows; r += Tile::rows)
                    Tile::add(a_panels_ + r * some, panel, some, l == 0, tile(sums_, r, c));
            }
        }
        double* sums = sums_;
        if (totals_ != nullptr) {
            sums = totals_ + Tile::words * i * blocks_.columns;
            for (std::size_t r = 0; r < rows; r += Tile::rows)
                for (std::size_t c = 0; c < columns; c += Tile::columns)
                    Tile::merge(tile(sums_, r, c), from == 0, tile(sums, r, c));
        }
        if (from + depth < p.a.cols()) return;
        for (std::size_t r = 0; r < rows; r += Tile::rows)
            for (std::size_t c = 0; c < columns; c += Tile::columns) decide(i, j, rows, columns, r, c, sums);
    }

    [[nodiscard]] double* tile(double* sums, std::size_t r, std::size_t c) const noexcept {
        return sums + Tile::words * (r * blocks_.columns + c * Tile::rows);
    }

    void decide(std::size_t i, std::size_t j, std::size_t rows, std::size_t columns, std::size_t r, std::size_t c,
                double* sums) const noexcept {
        std::size_t const count = std::min(Tile::columns, columns - c);
        std::size_t const k = judge_.operands.a.cols();
        packed_column packed{nullptr, Tile::columns};
        if (packed_ == nullptr) packed.data = panels_ + (j + c) * k;
        else if (k == blocks_.depth) packed.data = packed_ + c * k;
        for (std::size_t t = 0; t < std::min(Tile::rows, rows - r); ++t) {
            double const* const row = tile(sums, r, c) + t * Tile::columns;
            if constexpr (Tile::words == 1) judge_.decide_row(i + r + t, j + c, count, row, packed);
            else judge_.decide_row(i + r + t, j + c, count, row, row + Tile::rows * Tile::columns);
        }
    }

    Judge const& judge_;
    double const* panels_;  // of all columns
    product_scale scale_;
    product_blocks<Tile> blocks_;
    double* packed_ = nullptr;  // of a block of columns
    double* a_panels_ = nullptr;
    double* sums_ = nullptr;
    double* totals_ = nullptr;
};

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
