// SPDX-License-Identifier: BSL-1.0
#include "sum_command.hpp"

#include "exact_total.hpp"
#include "number_text.hpp"
#include "output.hpp"
#include "user_error.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace program {
namespace {

namespace io = lastbit::io;
using json = nlohmann::ordered_json;

constexpr auto example = R"(Example, from the root of the source tree after the preset release has been built:
  build/release/lastbit sum bench/data/digits/inputs.npy

Exit status: 0 the sum was printed; 2 bad usage or bad input.
)";

/// A sum rounded to one of the formats.
struct rounded_sum {
    std::string format, decimal, hexadecimal, bits;
    double value;  // the same number
};

template <lastbit::binary_format R>
rounded_sum rounded(exact_total const& total) {
    R const x = total.round<R>();
    auto const value = lastbit::detail::convert<double>(x);
    return {lastbit::format<R>::name, shortest_decimal(x), hexadecimal(value),
            fmt::format("{:0{}x}", lastbit::to_bits(x), lastbit::format<R>::storage_bits / 4), value};
}

rounded_sum rounded(exact_total const& total, std::string const& format) {
    if (format == "float32") return rounded<float>(total);
    if (format == "float16") return rounded<lastbit::float16>(total);
    if (format == "bfloat16") return rounded<lastbit::bfloat16>(total);
    return rounded<double>(total);
}

std::string to_json(std::vector<sum_input> const& inputs, rounded_sum const& sum, std::string const& partial) {
    json files = json::array();
    for (auto const& input : inputs) {
        json file{
            {"path", input.path}, {"kind", input.is_partial ? "partial" : "array"}, {"format", io::name(input.type)}};
        if (!input.is_partial) file["terms"] = input.terms;
        files.push_back(std::move(file));
    }
    json page{
        {"version", fmt::format("{}.{}.{}", lastbit::version_major, lastbit::version_minor, lastbit::version_patch)},
        {"inputs", std::move(files)},
        {"format", sum.format}};
    if (lastbit::is_finite(sum.value)) page["sum"] = sum.value;
    else page["sum"] = sum.decimal;
    page["decimal"] = sum.decimal;
    page["hexadecimal"] = sum.hexadecimal;
    page["bits"] = sum.bits;
    if (!partial.empty()) page["partial"] = partial;
    // Names of files are bytes; those that are not UTF-8 are shown as well as can be.
    return page.dump(1, ' ', false, json::error_handler_t::replace) + '\n';
}

void check(sum_options const& options) {
    if (options.partial == "-") throw user_error("--partial -: a partial sum is not text; name a file");
    if (!options.partial.empty()) check_destination("--partial", options.partial, options.files);
    if (options.json.empty() || options.json == "-") return;
    check_destination("--json", options.json, options.files);
    if (!options.partial.empty()) check_distinct("--json", options.json, "--partial", options.partial);
}

}  // namespace

CLI::App* add_sum_command(CLI::App& app, sum_options& options) {
    auto* const command = app.add_subcommand("sum", "The correctly rounded sum of everything in .npy files");
    command->add_option("FILE", options.files, "an .npy file or a partial sum; any number of them")
        ->required()
        ->type_name("FILE");
    command->add_option("--format", options.format, "of the result: float64, float32, float16 or bfloat16")
        ->type_name("NAME")
        ->check(CLI::IsMember({"float64", "float32", "float16", "bfloat16"}).description(""));
    command
        ->add_option("--partial", options.partial, "writes the exact sum, which other runs take as one of their files")
        ->type_name("OUT");
    command->add_option("--json", options.json, "the result as JSON; - writes it to standard output, and nothing else")
        ->type_name("FILE");
    command->footer(example);
    return command;
}

void run_sum(sum_options const& options) {
    check(options);
    progress steps(0);
    for (auto const& path : options.files)
        if (auto const known = inspect(path)) steps.expect(known->steps());
    exact_total total;
    std::vector<sum_input> inputs;
    for (auto const& path : options.files) inputs.push_back(total.add(path, steps));
    steps.clear();
    auto const sum = rounded(total, options.format.empty() ? io::name(total.format()) : options.format);
    if (!options.partial.empty()) {
        auto const bytes = total.to_bytes();
        write_whole("--partial", options.partial, {reinterpret_cast<char const*>(bytes.data()), bytes.size()});
    }
    if (options.json == "-") return print(to_json(inputs, sum, options.partial));
    if (!options.json.empty()) write_whole("--json", options.json, to_json(inputs, sum, options.partial));
    print(fmt::format("{} {} {}\n", sum.decimal, sum.hexadecimal, sum.format));
}

}  // namespace program
