// SPDX-License-Identifier: BSL-1.0
#pragma once
// Elements that were not written: they hold what C held before, zero, or what belongs to a neighbour.

#include <lastbit/quantify/hypotheses/predict.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

namespace detail {

/// Whether two outputs are the same number, NaN too.
[[nodiscard]] inline bool is_same(double x, double y) noexcept {
    return is_nan(x) ? is_nan(y) : to_bits(x) == to_bits(y) || (is_zero(x) && is_zero(y));
}

}  // namespace detail

/// Adds: every wrong element holds what it held before, zero, or what its neighbour in the row or column does.
/// Which elements are wrong the output tells: ln 2 for each.
inline void add_stale_element(hypothesis_list& list, evidence const& e) {
    array_view const got = e.got;
    auto const at = [got](element_terms const& t) { return got.at(t.index.batch, t.index.row, t.index.col); };
    double const choices = std::log(2.0);
    if (e.before || e.asked.old) {
        operand const before = e.before ? *e.before : *e.asked.old;
        list.push_back({"stale_element", "an element was not written: it holds what it held before",
                        [before, at](element_terms& t) {
                            double const x = before.at(t.index.batch, t.index.row, t.index.col);
                            if (detail::is_same(at(t), x)) t.fixed = x;
                        },
                        0.5, choices});
    }
    list.push_back({"zero_element", "an element was not computed: it is zero",
                    [at](element_terms& t) {
                        if (is_zero(at(t))) t.fixed = 0;
                    },
                    0.5, choices});
    auto const neighbour = [got, at](std::ptrdiff_t down, std::ptrdiff_t on) {
        return [got, at, down, on](element_terms& t) {
            auto const row = static_cast<std::ptrdiff_t>(t.index.row) + down;
            auto const col = static_cast<std::ptrdiff_t>(t.index.col) + on;
            if (row < 0 || col < 0 || row >= static_cast<std::ptrdiff_t>(got.rows) ||
                col >= static_cast<std::ptrdiff_t>(got.cols))
                return;
            double const x = got.at(t.index.batch, static_cast<std::size_t>(row), static_cast<std::size_t>(col));
            if (detail::is_same(at(t), x)) t.fixed = x;
        };
    };
    struct direction {
        std::ptrdiff_t down;
        std::ptrdiff_t on;
        char const* name;
    };
    for (direction const d : {direction{0, -1, "before it in the row"}, direction{0, 1, "after it in the row"},
                              direction{-1, 0, "above it"}, direction{1, 0, "below it"}}) {
        if (d.on != 0 ? got.cols < 2 : got.rows < 2) continue;
        list.push_back({"neighbour_element", "an element holds what belongs to the one " + std::string(d.name),
                        neighbour(d.down, d.on), 2.0, choices + 1});
    }
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
