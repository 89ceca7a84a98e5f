// SPDX-License-Identifier: BSL-1.0
#pragma once
// A loop over the products that begins or ends one off, or runs through one operand with an offset.

#include <lastbit/quantify/hypotheses/hypothesis.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// Adds: the last or the first product missing, or counted twice; A or B read one place on.
inline void add_shifted_depth(hypothesis_list& list, evidence const& e) {
    if (e.asked.depth() == 0) return;
    list.push_back({"last_product_missing", "the last product was missing (k - 1)",
                    [](element_terms& t) { t.a.back() = t.b.back() = 0; }});
    list.push_back({"first_product_missing", "the first product was missing",
                    [](element_terms& t) { t.a.front() = t.b.front() = 0; }, 0.5});
    list.push_back(
        {"last_product_twice", "the last product was counted twice", [](element_terms& t) { t.a.back() *= 2; }, 1.0});
    list.push_back({"first_product_twice", "the first product was counted twice",
                    [](element_terms& t) { t.a.front() *= 2; }, 1.0});
    if (e.asked.depth() < 2 || e.asked.is_sum) return;
    auto const on = [](std::vector<double>& x) {
        for (std::size_t l = 0; l + 1 < x.size(); ++l) x[l] = x[l + 1];
    };
    auto const last = [](element_terms& t) { t.a.back() = t.b.back() = 0; };
    list.push_back({"shifted_operand", "A was read one place on, against B",
                    [on, last](element_terms& t) {
                        on(t.a);
                        last(t);
                    },
                    3.0});
    list.push_back({"shifted_operand", "B was read one place on, against A",
                    [on, last](element_terms& t) {
                        on(t.b);
                        last(t);
                    },
                    3.0});
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
