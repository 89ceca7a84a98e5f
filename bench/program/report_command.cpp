// SPDX-License-Identifier: BSL-1.0
#include "report_command.hpp"

#include "analysis.hpp"
#include "arrays.hpp"
#include "json.hpp"
#include "libraries.hpp"
#include "methods.hpp"
#include "model_arguments.hpp"
#include "output.hpp"
#include "page.hpp"
#include "precision.hpp"
#include "terminal.hpp"
#include "text.hpp"
#include "user_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <set>
#include <utility>

namespace program {
namespace {

constexpr auto example = R"(Example, from the root of the source tree after the preset release has been built:
  build/release/lastbit report bench/data/digits/model.safetensors \
      --input bench/data/digits/inputs.npy \
      --output torch=bench/data/digits/outputs/torch2_mkl_batch.npy \
      --output jax=bench/data/digits/outputs/keras_jax_batch.npy

Exit status: 0 the report was made, whatever it says; 2 bad usage or bad input.
)";

/// NAME=FILE, as --output and --blas take it.
struct named_file {
    std::string name, file;
};

std::vector<named_file> named_files(std::vector<std::string> const& texts, char const* flag, char const* file) {
    std::vector<named_file> result;
    std::set<std::string> names;
    for (auto const& text : texts) {
        auto const at = text.find('=');
        if (at == std::string::npos || at == 0 || at + 1 == text.size())
            throw user_error(fmt::format("{} {}: write {} NAME={}", flag, text, flag, file));
        named_file const entry{text.substr(0, at), text.substr(at + 1)};
        bool const printable =
            std::all_of(entry.name.begin(), entry.name.end(), [](unsigned char c) { return c > ' ' && c != 0x7f; });
        if (!printable)
            throw user_error(fmt::format("{} {}: a name has no blanks and no control characters", flag, text));
        if (!names.insert(entry.name).second)
            throw user_error(fmt::format("{} {}: the name comes twice", flag, entry.name));
        result.push_back(entry);
    }
    return result;
}

model_options options_of_model(report_options const& options) {
    return given_options(options.activation, options.output_activation, options.layout);
}

model_info info_of(std::string const& path, loaded_model const& model) {
    auto const& network = model.network;
    model_info info{path, model.weights, std::to_string(network.inputs()), {}, network.inputs(), network.outputs()};
    for (auto const& layer : network.layers()) {
        info.shape += '-' + std::to_string(layer.outputs());
        info.activations.emplace_back(lastbit::name(layer.act()));
    }
    return info;
}

void add_library_rows(report& found, library_result result, bool wanted) {
    if (result.runs.empty()) {
        if (wanted) throw user_error(fmt::format("--blas {}: {}", result.name, result.absent));
        found.notes.push_back(fmt::format("{}: {}; --blas NAME=FILE adds a BLAS", result.name, result.absent));
        return;
    }
    found.libraries.push_back({result.name, result.path, result.version});
    for (auto& run : result.runs) {
        if (run.failure.empty())
            found.rows.push_back({run.name, row_kind::library, "float32", std::move(run.values), {}, 0});
        else found.failed.push_back({run.name, run.failure});
    }
}

/// The wider numbers have no exponential.
void check_precisions(std::vector<std::size_t> const& precisions, lastbit::network<float> const& network) {
    for (auto const& layer : network.layers())
        if (!precisions.empty() && layer.act() != lastbit::activation::linear &&
            layer.act() != lastbit::activation::relu)
            throw user_error(fmt::format("--precision: there are linear and relu in numbers of {} bits, not {}",
                                         precisions.front(), lastbit::name(layer.act())));
}

void check_precisions(std::vector<std::size_t> const& precisions) {
    auto const& known = known_precisions();
    std::set<std::size_t> seen;
    for (std::size_t const bits : precisions) {
        if (std::find(known.begin(), known.end(), bits) == known.end())
            throw user_error(fmt::format("--precision {}: there are numbers of {} bits", bits, fmt::join(known, ", ")));
        if (!seen.insert(bits).second) throw user_error(fmt::format("--precision {}: it comes twice", bits));
    }
}

/// The report's own rows have activations that are off by up to 0.501 ulp: a bound for less would not hold for them.
void check_activation_ulps(double ulps, lastbit::network<float> const& network) {
    for (auto const& layer : network.layers())
        if (!lastbit::quantify::is_exact(layer.act()) && !(ulps >= 0.501))
            throw user_error(
                fmt::format("--activation-ulps {}: the report's own {} is off by up to 0.501 ulp; give 0.501 "
                            "or more",
                            ulps, lastbit::name(layer.act())));
}

/// Two rows of one name could not be told apart.
void check_names(report const& found) {
    std::set<std::string> names;
    for (auto const& r : found.rows)
        if (!names.insert(r.name).second)
            throw user_error(fmt::format("two rows would be called {}; choose another NAME", r.name));
}

void check_files(report_options const& options, std::vector<named_file> const& recorded) {
    std::vector<std::string> sources{options.model, options.input};
    for (auto const& entry : recorded) sources.push_back(entry.file);
    bool const json_file = !options.json.empty() && options.json != "-";
    if (json_file) check_destination("--json", options.json, sources);
    if (options.html.empty()) return;
    if (!has_page())
        throw user_error(
            "--html: this program was built without it; install D3 (Debian: node-d3), then configure and build again");
    if (options.html == "-") throw user_error("--html -: name a file; the page does not go to standard output");
    check_destination("--html", options.html, sources);
    if (json_file) check_distinct("--html", options.html, "--json", options.json);
}

/// A library to run, and whether its absence is an error.
struct request {
    library_request library;
    bool wanted;
};

/// The usual ones, then those of the command line, where a file that exists is meant before what the loader would find.
std::vector<request> requested_libraries(report_options const& options) {
    std::vector<request> requests;
    if (!options.no_libraries)
        for (auto& usual : usual_libraries()) requests.push_back({std::move(usual), false});
    for (auto const& entry : named_files(options.libraries, "--blas", "LIB.so")) {
        std::error_code error;
        bool const is_file = std::filesystem::exists(entry.file, error);
        requests.push_back(
            {{entry.name, {is_file ? std::filesystem::absolute(entry.file).string() : entry.file}, {}}, true});
    }
    return requests;
}

/// The rows that are computed: methods first, then libraries. Libraries run first, since a wrong --blas is an error.
void run_here(report& found, lastbit::network<float> const& network, lastbit::matrix_view<float const> inputs,
              std::vector<request> const& requests, progress& steps) {
    for (auto const& entry : requests) {
        steps.step(entry.library.name);
        add_library_rows(found, run_library(entry.library, network, inputs), entry.wanted);
    }
    std::vector<row> library_rows = std::exchange(found.rows, {});
    for (auto const& method : all_methods()) {
        steps.step(method.name);
        found.rows.push_back(run_method(method, network, inputs));
    }
    std::move(library_rows.begin(), library_rows.end(), std::back_inserter(found.rows));
}

void publish(report const& found, std::string const& json, std::string const& html) {
    if (!html.empty()) write_whole("--html", html, to_html(found));
    if (json == "-") return print(to_json(found));
    if (!json.empty()) write_whole("--json", json, to_json(found));
    print(to_text(found, style::of_stdout()));
}

}  // namespace

CLI::App* add_report_command(CLI::App& app, report_options& options) {
    auto* const command = app.add_subcommand("report",
                                             "How far each way of computing a network is from the exact one, and "
                                             "which predictions could change");
    command
        ->add_option("MODEL", options.model, ".safetensors: dense_K.weight and dense_K.bias, or 0.weight, 0.bias ...")
        ->required()
        ->type_name("FILE");
    command->add_option("--input", options.input, "the inputs, an .npy file [rows, inputs]")
        ->required()
        ->type_name("X.npy");
    command->add_option("--output", options.outputs, "logits recorded elsewhere, [rows, outputs]; may come many times")
        ->type_name("NAME=Y.npy")
        ->allow_extra_args(false);
    command->add_option("--blas", options.libraries, "one more BLAS with sgemm_ and sgemv_; may come many times")
        ->type_name("NAME=LIB.so")
        ->allow_extra_args(false);
    command
        ->add_option("--precision", options.precisions, "also in 106, 159, 212, 424 or 1024 bits; may come many times")
        ->type_name("BITS")
        ->allow_extra_args(false);
    command->add_flag("--no-libraries", options.no_libraries, "do not look for OpenBLAS, BLIS and the reference BLAS");
    add_model_options(*command, options.activation, options.output_activation, options.layout);
    command
        ->add_option("--arithmetic", options.arithmetic,
                     "of the certificate: ieee, or ftz where subnormals are flushed")
        ->type_name("ieee|ftz")
        ->check(CLI::IsMember({"ieee", "ftz"}).description(""));
    command
        ->add_option("--activation-ulps", options.activation_ulps,
                     "of the certificate: how far off computed activations are (default: 4)")
        ->type_name("N")
        ->check(CLI::Range(0.0, 1e6).description(""));
    command->add_option("--json", options.json, "everything as JSON; - writes it to standard output, and nothing else")
        ->type_name("FILE");
    command->add_option("--html", options.html, "a page with the plots, for a browser; it needs no network")
        ->type_name("FILE");
    command->footer(example);
    return command;
}

void run_report(report_options const& options) {
    auto const recorded = named_files(options.outputs, "--output", "Y.npy");
    check_files(options, recorded);
    check_precisions(options.precisions);
    auto const requests = requested_libraries(options);
    auto const model = load_model(options.model, options_of_model(options));
    check_precisions(options.precisions, model.network);
    check_activation_ulps(options.activation_ulps, model.network);
    auto const input = read_inputs(options.input, model.network.inputs());
    // Recordings are read before the long work, so that a wrong file is told at once.
    std::vector<row> recordings;
    for (auto const& entry : recorded)
        recordings.push_back(read_recorded(entry.name, entry.file, input.rows, model.network.outputs()));

    report found;
    found.model = info_of(options.model, model);
    found.input_path = options.input;
    found.inputs = input.rows;
    found.notes = model.notes;
    lastbit::matrix_view<float const> const inputs(input.values.data(), input.rows, input.columns);
    progress steps(input.rows + all_methods().size() + 3 * requests.size() + recordings.size() + all_methods().size() +
                   options.precisions.size() + 3);
    run_here(found, model.network, inputs, requests, steps);
    std::move(recordings.begin(), recordings.end(), std::back_inserter(found.rows));
    check_names(found);
    analyse(found, model.network, inputs, options.precisions, {options.arithmetic == "ftz", options.activation_ulps},
            steps);
    steps.clear();
    publish(found, options.json, options.html);
}

}  // namespace program
