// SPDX-License-Identifier: BSL-1.0
#pragma once
// A bias that was not added, added twice, or added after the result had been rounded to C's format.

#include <lastbit/quantify/hypotheses/hypothesis.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// Adds: missing bias; bias twice; the bias of the column before and after.
inline void add_wrong_bias(hypothesis_list& list, evidence const& e) {
    if (!e.asked.bias) return;
    list.push_back({"missing_bias", "the bias was not added", [](element_terms& t) { t.bias = 0; }});
    list.push_back({"bias_twice", "the bias was added twice", [](element_terms& t) { t.bias *= 2; }, 1.0});
    operand const bias = *e.asked.bias;
    auto const of_column = [bias](std::ptrdiff_t shift) {
        return [bias, shift](element_terms& t) {
            std::ptrdiff_t const col = static_cast<std::ptrdiff_t>(t.index.col) + shift;
            std::ptrdiff_t const n = static_cast<std::ptrdiff_t>(bias.cols());
            t.bias = col < 0 || col >= n ? 0.0 : bias.at(t.index.batch, 0, static_cast<std::size_t>(col));
        };
    };
    list.push_back({"shifted_bias", "each column got the bias of the column after it", of_column(1), 2.0});
    list.push_back({"shifted_bias", "each column got the bias of the column before it", of_column(-1), 2.0});
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
