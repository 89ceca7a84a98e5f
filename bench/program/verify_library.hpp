// SPDX-License-Identifier: BSL-1.0
#pragma once
// All questions asked of a BLAS library, each in a process of its own: a routine that crashes, hangs or ruins memory
// costs one answer.

#include "verify_routine.hpp"

#include <map>
#include <string>
#include <vector>

namespace program {

/// One routine, and all that was found of it. A question without an answer was not asked to its end.
struct routine_report {
    std::string name, interface;
    std::map<question, routine_answer> answers;
    std::vector<routine_defect> defects;  ///< of all questions, each fault once
};

struct library_verification {
    std::string path, version, thread_control;  ///< the last: the name of a function; empty if there is none
    std::vector<routine_report> routines;
    std::vector<std::string> absent;  ///< asked for, and not in the library

    [[nodiscard]] std::size_t defects() const;
};

/// Asks. @param seconds  the time limit of each question  @param step  is told what begins
/// Error: user_error if the library cannot be opened or has none of the routines.
[[nodiscard]] library_verification verify_library(std::string const& file, std::vector<std::string> const& routines,
                                                  unsigned seconds,
                                                  std::function<void(std::string const&)> const& step);

}  // namespace program
