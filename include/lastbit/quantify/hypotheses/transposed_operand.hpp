// SPDX-License-Identifier: BSL-1.0
#pragma once
// A matrix whose rows and columns were exchanged: read column by column though it lies row by row, or written so.

#include <lastbit/quantify/hypotheses/hypothesis.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// Adds: A, B, both, and C with rows and columns exchanged in memory. For square matrices that is the transpose.
inline void add_transposed_operand(hypothesis_list& list, evidence const& e) {
    product const* const p = &e.asked;
    std::size_t const m = p->rows();
    std::size_t const n = p->cols();
    std::size_t const k = p->depth();
    auto const read_a = [p, m, k](element_terms& t) {
        for (std::size_t l = 0; l < k; ++l) {
            std::size_t const place = l * m + t.index.row;
            t.a[l] = p->a.at(t.index.batch, place / k, place % k);
        }
    };
    auto const read_b = [p, n, k](element_terms& t) {
        for (std::size_t l = 0; l < k; ++l) {
            std::size_t const place = t.index.col * k + l;
            t.b[l] = p->b.at(t.index.batch, place / n, place % n);
        }
    };
    bool const a = m > 1 && k > 1;
    bool const b = n > 1 && k > 1 && !p->is_sum;
    auto const text = [](char const* x, bool square) {
        return square ? std::string(x) + " was transposed"
                      : std::string(x) + " was read column by column, but lies row by row";
    };
    if (a) list.push_back({"transposed_a", text("A", m == k), read_a, 1.0});
    if (b) list.push_back({"transposed_b", text("B", n == k), read_b, 1.0});
    if (a && b)
        list.push_back({"transposed_a_and_b", text("each of A and B", false),
                        [read_a, read_b](element_terms& t) {
                            read_a(t);
                            read_b(t);
                        },
                        2.0});
    if (m > 1 && n > 1)
        list.push_back({"transposed_c",
                        m == n ? "C was transposed" : "C was written column by column, but lies row by row",
                        [p, m, n](element_terms& t) {
                            std::size_t const place = t.index.row * n + t.index.col;
                            t = terms_of(*p, {t.index.batch, place % m, place / m});
                        },
                        2.0});
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
