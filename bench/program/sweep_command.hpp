// SPDX-License-Identifier: BSL-1.0
#pragma once
// lastbit sweep: errors of all methods against condition and against n, with their bounds beside.

#include <CLI/CLI.hpp>

#include <cstddef>
#include <string>

namespace program {

/// The options of `lastbit sweep` as they were typed.
struct sweep_options {
    std::string kernel = "dot", format = "float32", methods = "all", condition = "1e0:1e40", n = "16:1e4", seed = "0",
                json;
    std::size_t trials = 1;
};

/// Adds the subcommand to the program; `options` is filled when the command line is parsed.
CLI::App* add_sweep_command(CLI::App& app, sweep_options& options);

/// Measures, writes the JSON, and prints the table.
/// @return  whether every error is within its bound
/// Error:   user_error, before anything is written
[[nodiscard]] bool run_sweep_command(sweep_options const& options);

}  // namespace program
