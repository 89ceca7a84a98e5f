// SPDX-License-Identifier: BSL-1.0
#include "trace_command.hpp"

#include "arrays.hpp"
#include "model.hpp"
#include "model_arguments.hpp"
#include "output.hpp"
#include "terminal.hpp"
#include "text.hpp"
#include "trace.hpp"
#include "user_error.hpp"
#include "whole_number.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace program {
namespace {

constexpr auto example = R"(Example, from the root of the source tree after the preset release has been built:
  build/release/lastbit trace bench/data/digits/model.safetensors \
      --input bench/data/digits/inputs.npy --row 9 --layer 1 --neuron 2

Exit status: 0 the trace was made, whatever it says; 2 bad usage or bad input.
)";

void check_method(std::string const& method) {
    auto const known = traceable_methods();
    if (std::find(known.begin(), known.end(), method) == known.end())
        throw user_error(
            fmt::format("--method {}: one of {} can be traced", in_quotes(method), fmt::join(known, ", ")));
}

/// The number of one of `count` things. @param whole  what has them, for messages
std::size_t checked_place(char const* flag, std::string const& text, std::size_t count, std::string const& whole,
                          char const* thing) {
    auto const value = whole_number(text);
    if (value && *value < count) return *value;
    bool const number = !text.empty() && text.size() <= 40 && text.find_first_not_of("0123456789-") == text.npos;
    throw user_error(fmt::format("{} {}: {}{} has {}, {}", flag, number ? text : in_quotes(text),
                                 number ? "" : "give a whole number; ", whole, counted(count, thing),
                                 count == 1 ? "number 0" : fmt::format("0 to {}", count - 1)));
}

model_options options_of_model(trace_options const& options) {
    return given_options(options.activation, options.output_activation, options.layout);
}

}  // namespace

CLI::App* add_trace_command(CLI::App& app, trace_options& options) {
    auto* const command =
        app.add_subcommand("trace", "One neuron's sum, operation by operation: where errors are made and come out");
    command
        ->add_option("MODEL", options.model, ".safetensors: dense_K.weight and dense_K.bias, or 0.weight, 0.bias ...")
        ->required()
        ->type_name("FILE");
    command->add_option("--input", options.input, "the inputs, an .npy file [rows, inputs]")
        ->required()
        ->type_name("X.npy");
    command->add_option("--row", options.row, "of the inputs, from 0")->required()->type_name("R");
    command->add_option("--layer", options.layer, "of the network, from 0")->required()->type_name("L");
    command->add_option("--neuron", options.neuron, "of the layer, from 0")->required()->type_name("J");
    command
        ->add_option("--method", options.method,
                     "plain, fused or widened<double>, each /sequential, /lanes or /pairwise")
        ->type_name("NAME")
        ->capture_default_str();
    add_model_options(*command, options.activation, options.output_activation, options.layout);
    command->add_option("--json", options.json, "every step as JSON; - writes it to standard output, and nothing else")
        ->type_name("FILE");
    command->footer(example);
    return command;
}

void run_trace(trace_options const& options) {
    check_method(options.method);
    if (!options.json.empty() && options.json != "-")
        check_destination("--json", options.json, {options.model, options.input});
    auto const model = load_model(options.model, options_of_model(options));
    auto const& network = model.network;
    auto const layer = checked_place("--layer", options.layer, network.size(), "the network", "layer");
    auto const neuron =
        checked_place("--neuron", options.neuron, network[layer].outputs(), fmt::format("layer {}", layer), "neuron");
    auto const input = read_inputs(options.input, network.inputs());
    auto const place = checked_place("--row", options.row, input.rows, "the input", "row");
    auto const first = input.values.begin() + static_cast<std::ptrdiff_t>(place * input.columns);
    std::vector<float> row(first, first + static_cast<std::ptrdiff_t>(input.columns));
    auto found = trace_neuron(network, std::move(row), options.method, layer, neuron);
    found.model = options.model;
    found.input = options.input;
    found.row = place;
    if (options.json == "-") return print(to_json(found));
    if (!options.json.empty()) write_whole("--json", options.json, to_json(found));
    print(to_text(found, style::of_stdout()));
}

}  // namespace program
