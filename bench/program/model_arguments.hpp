// SPDX-License-Identifier: BSL-1.0
#pragma once
// The options by which a command line says what a model's file does not.

#include <CLI/CLI.hpp>

#include <string>

namespace program {

/// Adds --activation, --output-activation and --layout to a subcommand; the strings are what given_options() takes.
void add_model_options(CLI::App& command, std::string& activation, std::string& output_activation, std::string& layout);

}  // namespace program
