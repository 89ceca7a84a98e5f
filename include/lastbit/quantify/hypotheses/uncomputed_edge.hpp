// SPDX-License-Identifier: BSL-1.0
#pragma once
// Rows or columns of C beyond the last whole tile that were not computed.

#include <lastbit/quantify/hypotheses/hypothesis.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// Adds: the rows, the columns, or both, from the last multiple of 2 .. 256 on hold zero, or what they held before.
inline void add_uncomputed_edge(hypothesis_list& list, evidence const& e) {
    std::size_t const m = e.asked.rows();
    std::size_t const n = e.asked.cols();
    std::optional<operand> const before = e.before ? e.before : e.asked.old;
    auto const add = [&](std::size_t from_row, std::size_t from_col, std::string const& where) {
        auto const outside = [from_row, from_col](element_index const& at) {
            return at.row >= from_row || at.col >= from_col;
        };
        list.push_back({"uncomputed_edge", where + " were not computed: they are zero",
                        [outside](element_terms& t) {
                            if (outside(t.index)) t.fixed = 0;
                        },
                        1.5});
        if (!before) return;
        list.push_back({"uncomputed_edge", where + " were not written: they hold what they held before",
                        [outside, old = *before](element_terms& t) {
                            if (outside(t.index)) t.fixed = old.at(t.index.batch, t.index.row, t.index.col);
                        },
                        1.5});
    };
    auto const edge = [](std::size_t size, std::size_t tile) { return size - size % tile; };
    auto const from = [](char const* what, std::size_t first) { return std::string(what) + std::to_string(first); };
    std::size_t last_row = m;
    std::size_t last_col = n;
    for (std::size_t t = 2; t <= 256; t *= 2) {
        std::size_t const row = edge(m, t);
        std::size_t const col = edge(n, t);
        if (row != last_row && row < m && m > 1) add(row, n, from("the rows from ", row) + " on");
        if (col != last_col && col < n && n > 1) add(m, col, from("the columns from ", col) + " on");
        if ((row != last_row || col != last_col) && row < m && col < n && m > 1 && n > 1)
            add(row, col, from("the rows from ", row) + from(" on and the columns from ", col) + " on");
        last_row = row;
        last_col = col;
    }
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
