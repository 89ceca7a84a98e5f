// SPDX-License-Identifier: BSL-1.0
#pragma once
// lastbit report: from the command line to the page.

#include "model.hpp"
#include "report.hpp"

#include <CLI/CLI.hpp>

#include <lastbit/quantify/activation_bound.hpp>

#include <string>
#include <vector>

namespace program {

/// The options of `lastbit report` as they were typed.
struct report_options {
    std::string model, input, json, html, layout, arithmetic = "ieee", activation, output_activation;
    std::vector<std::string> outputs, libraries;
    std::vector<std::size_t> precisions;
    double activation_ulps = lastbit::quantify::usual_activation_ulps;
    bool no_libraries = false;
};

/// Adds the subcommand to the program; `options` is filled when the command line is parsed.
CLI::App* add_report_command(CLI::App& app, report_options& options);

/// Computes the report, prints it and writes the JSON and the page.
/// Error: user_error and io::format_error, before any text is on standard output.
void run_report(report_options const& options);

}  // namespace program
