// SPDX-License-Identifier: BSL-1.0
#pragma once
// A bias added too late or along the wrong dimension.

#include <lastbit/quantify/hypotheses/hypothesis.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// Adds: bias added after the sum was rounded to C's format; one number of it for each row instead of each column.
inline void add_misplaced_bias(hypothesis_list& list, evidence const& e) {
    if (!e.asked.bias) return;
    number_format const output = e.asked.stored.value_or(e.got.format);
    number_format const held = accumulator_of(e.asked, output);
    if (precision(output) < precision(held))
        list.push_back({"late_bias",
                        "the sum was rounded to " + std::string(name(output)) + " before the bias was added",
                        [output](element_terms& t) { t.sum_stage = output; }, 1.0});
    operand const bias = *e.asked.bias;
    if (e.asked.rows() > 1)
        list.push_back({"bias_by_row", "each row got one number of the bias, not each column",
                        [bias](element_terms& t) {
                            t.bias = t.index.row < bias.cols() ? bias.at(t.index.batch, 0, t.index.row) : 0.0;
                        },
                        2.0});
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
