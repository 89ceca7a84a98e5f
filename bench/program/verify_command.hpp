// SPDX-License-Identifier: BSL-1.0
#pragma once
// lastbit verify: what the routines of a BLAS library do that rounding cannot explain, and what their bits depend on.

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace program {

/// The options of `lastbit verify` as they were typed.
struct verify_command_options {
    std::string library, json;
    std::vector<std::string> routines;
    unsigned seconds = 120;
};

/// Adds the subcommand to the program; `options` is filled when the command line is parsed.
CLI::App* add_verify_command(CLI::App& app, verify_command_options& options);

/// Examines, writes the JSON, and prints the table.
/// @return  whether no defect was found
/// Error:   user_error, before anything is written
[[nodiscard]] bool run_verify_command(verify_command_options const& options);

}  // namespace program
