// SPDX-License-Identifier: BSL-1.0
#pragma once
// Work in a process of its own: what a library does there, crashes and endless loops included, stays there.

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace program {

/// What a child process wrote, and how it ended.
struct finished_child {
    std::vector<char> bytes;
    std::string
        failure;        ///< "not done after 300 s", "the library crashed (Aborted)": why bytes are missing, if they are
    bool late = false;  ///< it was ended because its time was over
};

/// work(file) in a child process, which writes to `file` what it has to say; standard output and standard error of the
/// child are dropped. Ends it after `seconds`. Error: std::runtime_error if there can be no child.
[[nodiscard]] finished_child run_child(std::function<void(int)> const& work, unsigned seconds);

/// All bytes to the file; ends the process if that fails.
void write_all(int file, void const* data, std::size_t size);

}  // namespace program
