// SPDX-License-Identifier: BSL-1.0
#pragma once
// Operands that were rounded to a narrower format before they were multiplied: TF32, bfloat16, float16.

#include <lastbit/quantify/hypotheses/hypothesis.hpp>

#include <array>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// Adds: A and B rounded to each format that has less precision than theirs; A alone; B alone.
inline void add_narrow_inputs(hypothesis_list& list, evidence const& e) {
    constexpr std::array formats = {number_format::tf32, number_format::bfloat16, number_format::float16,
                                    number_format::float32};
    int const p = precision(e.asked.a.format());
    int const q = precision(e.asked.b.format());
    for (number_format const f : formats) {
        auto const round_all = [f](std::vector<double>& x) {
            for (double& y : x) y = rounded(f, y);
        };
        std::string const to = " rounded to " + std::string(name(f)) + " before the multiplication";
        std::string const tag = std::string(name(f)) + "_inputs";
        if (precision(f) < p && precision(f) < q)
            list.push_back({tag, "A and B were" + to, [round_all](element_terms& t) {
                                round_all(t.a);
                                round_all(t.b);
                            }});
        if (precision(f) < p)
            list.push_back({tag + "_a", "A was" + to, [round_all](element_terms& t) { round_all(t.a); }, 1.0});
        if (precision(f) < q && !e.asked.is_sum)
            list.push_back({tag + "_b", "B was" + to, [round_all](element_terms& t) { round_all(t.b); }, 1.0});
    }
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
