// SPDX-License-Identifier: BSL-1.0
#pragma once
// A result that reached C's format in a wrong way: by way of another format, cut off, or through a narrower one.

#include <lastbit/quantify/hypotheses/predict.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// Adds: rounded to each format between the sums' and C's first; through each format narrower than C's; truncated.
inline void add_double_rounding(hypothesis_list& list, evidence const& e) {
    number_format const output = e.asked.stored.value_or(e.got.format);
    number_format const held = accumulator_of(e.asked, output);
    if (constants(output).is_integer) return;
    for (number_format const f :
         {number_format::float32, number_format::tf32, number_format::float16, number_format::bfloat16}) {
        std::string const to(name(f));
        auto const stage = [f](element_terms& t) { t.stages.push_back(f); };
        if (precision(f) > precision(output) && precision(f) <= precision(held))
            list.push_back({"double_rounding",
                            "results were rounded to " + to + " and then to " + std::string(name(output)), stage, 1.0});
        if (precision(f) < precision(output))
            list.push_back({to + "_results", "results were rounded to " + to, stage, 0.5});
        if (precision(f) < precision(output))
            list.push_back({to + "_results", "results were cut off to " + to + ", toward zero",
                            [f](element_terms& t) { t.of_result = [f](double y) { return detail::truncated(f, y); }; },
                            1.5});
    }
    if (precision(output) < precision(held))
        list.push_back({"truncated_results", "results were cut off to " + std::string(name(output)) + ", toward zero",
                        [](element_terms& t) { t.truncates = true; }, 0.5});
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
