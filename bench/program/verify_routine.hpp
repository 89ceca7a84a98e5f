// SPDX-License-Identifier: BSL-1.0
#pragma once
// One question asked of one routine of a BLAS, in this process.

#include "blas_routines.hpp"

#include <optional>
#include <string>
#include <vector>

namespace program {

/// What is asked. Values: of verify_kernel; the others: of the properties.
enum class question { values, bounds, edges, special_values, repetition, order, batch, alignment, threads };

inline constexpr question questions[] = {question::bounds,         question::values,     question::edges,
                                         question::special_values, question::repetition, question::order,
                                         question::batch,          question::alignment,  question::threads};

/// "while its values were judged": for what happened meanwhile.
[[nodiscard]] std::string meanwhile(question asked);

/// Something that rounding cannot explain: a word, and sentences.
struct routine_defect {
    std::string fault, text;
};

/// What came out.
struct routine_answer {
    std::optional<bool> held;           ///< nothing where there was nothing to examine, or something else was met
    std::optional<double> worst_ratio;  ///< of values: the largest error / bound
    std::vector<routine_defect> defects;
    std::string example;  ///< of a property that does not hold, and need not: the smallest failure found
};

[[nodiscard]] routine_answer examine(blas_routine const& routine, thread_control const& threads, question asked);

}  // namespace program
