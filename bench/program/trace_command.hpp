// SPDX-License-Identifier: BSL-1.0
#pragma once
// lastbit trace: one neuron's sum, operation by operation.

#include <CLI/CLI.hpp>

#include <string>

namespace program {

/// The options of `lastbit trace` as they were typed.
struct trace_options {
    std::string model, input, json, layout, activation, output_activation, method = "plain/sequential";
    std::string row, layer, neuron;
};

/// Adds the subcommand to the program; `options` is filled when the command line is parsed.
CLI::App* add_trace_command(CLI::App& app, trace_options& options);

/// Computes the trace, prints it and writes the JSON.
/// Error: user_error and io::format_error, before any text is on standard output.
void run_trace(trace_options const& options);

}  // namespace program
