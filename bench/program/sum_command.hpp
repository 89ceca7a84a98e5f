// SPDX-License-Identifier: BSL-1.0
#pragma once
// lastbit sum: the correctly rounded sum of everything in some files.

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace program {

/// The options of `lastbit sum` as they were typed.
struct sum_options {
    std::vector<std::string> files;
    std::string format, partial, json;
};

/// Adds the subcommand to the program; `options` is filled when the command line is parsed.
CLI::App* add_sum_command(CLI::App& app, sum_options& options);

/// Sums, writes the partial sum and the JSON, and prints the line.
/// Error: user_error and io::format_error, before anything is written.
void run_sum(sum_options const& options);

}  // namespace program
