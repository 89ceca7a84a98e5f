// SPDX-License-Identifier: BSL-1.0
#include "verify_command.hpp"

#include "output.hpp"
#include "terminal.hpp"
#include "text.hpp"
#include "user_error.hpp"
#include "verify_library.hpp"

#include <lastbit/base/config.hpp>
#include <lastbit/base/format.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace program {
namespace {

using json = nlohmann::ordered_json;

constexpr auto example = R"(Example, after the preset release has been built:
  build/release/lastbit verify libblas.so.3 --routine sdot --routine dgemm

Exit status: 0 no defect; 1 a defect that rounding cannot explain; 2 bad usage or bad input.
)";

/// The known names among those given, each once, in the order of the table; all if none is given.
std::vector<std::string> routines_of(std::vector<std::string> const& given) {
    auto const& known = known_routines();
    for (auto const& name : given)
        if (std::find(known.begin(), known.end(), name) == known.end())
            throw user_error(fmt::format("--routine {}: there is no such routine; there are {}", in_quotes(name),
                                         fmt::join(known, ", ")));
    std::vector<std::string> chosen;
    for (auto const& name : known)
        if (given.empty() || std::find(given.begin(), given.end(), name) != given.end()) chosen.push_back(name);
    return chosen;
}

std::optional<bool> held(routine_report const& r, question asked) {
    auto const at = r.answers.find(asked);
    return at == r.answers.end() ? std::nullopt : at->second.held;
}

std::optional<double> worst_ratio(routine_report const& r) {
    auto const at = r.answers.find(question::values);
    return at == r.answers.end() ? std::nullopt : at->second.worst_ratio;
}

json verdict(routine_report const& r, question asked) {
    auto const value = held(r, asked);
    return value ? json(*value) : json();
}

json routine_json(routine_report const& r) {
    json defects = json::array(), examples = json::array();
    for (auto const& d : r.defects) defects.push_back({{"fault", d.fault}, {"text", d.text}});
    for (auto const& [asked, answer] : r.answers)
        if (!answer.example.empty()) examples.push_back(answer.example);
    auto const ratio = worst_ratio(r);
    json number;
    if (ratio && lastbit::is_finite(*ratio)) number = *ratio;
    else if (ratio) number = short_number(*ratio);
    return {{"name", r.name},
            {"interface", r.interface},
            {"worst_ratio_to_bound", std::move(number)},
            {"order_invariant", verdict(r, question::order)},
            {"batch_invariant", verdict(r, question::batch)},
            {"thread_invariant", verdict(r, question::threads)},
            {"alignment_invariant", verdict(r, question::alignment)},
            {"deterministic", verdict(r, question::repetition)},
            {"special_values", verdict(r, question::special_values)},
            {"edges", verdict(r, question::edges)},
            {"in_bounds", verdict(r, question::bounds)},
            {"defects", std::move(defects)},
            {"examples", std::move(examples)}};
}

std::string to_json(std::string const& file, library_verification const& found) {
    json routines = json::array();
    for (auto const& r : found.routines) routines.push_back(routine_json(r));
    json page{
        {"version", fmt::format("{}.{}.{}", lastbit::version_major, lastbit::version_minor, lastbit::version_patch)},
        {"library", {{"given", file}, {"path", found.path}, {"version", found.version}}},
        {"thread_control", found.thread_control.empty() ? json() : json(found.thread_control)},
        {"routines", std::move(routines)},
        {"absent", found.absent}};
    // Names of files are bytes; those that are not UTF-8 are shown as well as can be.
    return page.dump(1, ' ', false, json::error_handler_t::replace) + '\n';
}

/// A column of the table: a question, and whether "no" is a defect.
struct column {
    char const* head;
    question asked;
    bool demanded;
};
constexpr std::array columns{
    column{"order", question::order, false},         column{"batch", question::batch, false},
    column{"aligned", question::alignment, false},   column{"threads", question::threads, false},
    column{"repeated", question::repetition, false}, column{"special", question::special_values, true},
    column{"edges", question::edges, true},          column{"in bounds", question::bounds, true}};

void append_table(std::string& page, library_verification const& found, style const& paint) {
    std::string head = fmt::format("  {:<8}{:<9}{:>12}", "routine", "called", "error/bound");
    for (auto const& c : columns) head += fmt::format("  {:<{}}", c.head, std::string_view(c.head).size());
    page += paint.heading(head) + '\n';
    for (auto const& r : found.routines) {
        auto const ratio = worst_ratio(r);
        auto const text = ratio ? fmt::format("{:.2g}", *ratio) : std::string("-");
        auto const cell = fmt::format("{:>12}", text);
        page += fmt::format("  {:<8}{:<9}", r.name, r.interface) + (ratio && *ratio > 1 ? paint.bad(cell) : cell);
        for (auto const& c : columns) {
            auto const value = held(r, c.asked);
            auto const shown = fmt::format("{:<{}}",
                                           !value   ? "-"
                                           : *value ? "yes"
                                                    : "no",
                                           std::string_view(c.head).size());
            page += "  " + (c.demanded && value == false ? paint.bad(shown) : shown);
        }
        page.erase(page.find_last_not_of(' ') + 1);
        page += '\n';
    }
}

void append_filled(std::string& page, std::string const& text, std::size_t indent) {
    for (auto const& line : filled(text, indent)) page += line + '\n';
}

std::string to_text(library_verification const& found, style const& paint) {
    std::string page;
    auto const count = found.defects();
    auto const faulty = std::count_if(found.routines.begin(), found.routines.end(),
                                      [](routine_report const& r) { return !r.defects.empty(); });
    auto const routines = counted(found.routines.size(), "routine");
    page += count == 0 ? paint.good(fmt::format("No defect in {}.", routines))
                       : paint.bad(fmt::format("FAILED: {} in {} of {}.", counted(count, "defect"), faulty, routines));
    page += "\n\n";
    append_filled(page, fmt::format("{} ({})", found.path, found.version), 2);
    append_filled(page,
                  found.thread_control.empty()
                      ? "No function that sets the number of threads is known in it: calls at the same time were tried."
                      : fmt::format("Numbers of threads were set by {}.", found.thread_control),
                  2);
    if (!found.absent.empty()) append_filled(page, fmt::format("Not in it: {}.", fmt::join(found.absent, ", ")), 2);
    page += '\n';
    append_table(page, found, paint);
    page += '\n';
    append_filled(page,
                  "Same bits in every order of the terms, in batches of rows, at every alignment, with every number of "
                  "threads, when repeated: a property, whose absence is no defect. -: nothing to examine, or not done.",
                  2);
    if (count == 0) return page;
    page += '\n' + paint.heading("DEFECTS") + '\n';
    for (auto const& r : found.routines)
        for (auto const& d : r.defects) {
            auto const lines = filled(fmt::format("{} {}: {}", r.name, d.fault, d.text), 4);
            for (std::size_t i = 0; i < lines.size(); ++i)
                page += i == 0 ? "  " + paint.bad(lines[i].substr(4)) + '\n' : lines[i] + '\n';
        }
    return page;
}

}  // namespace

CLI::App* add_verify_command(CLI::App& app, verify_command_options& options) {
    auto* const command = app.add_subcommand("verify", "What a BLAS library does that rounding cannot explain");
    command->add_option("LIB.so", options.library, "a shared library with cblas_NAME or NAME_ (Fortran)")
        ->required()
        ->type_name("FILE");
    command
        ->add_option("--routine", options.routines,
                     "sdot ddot sdsdot dsdot sgemv dgemv sgemm dgemm; may come many times")
        ->type_name("NAME")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command->add_option("--time-limit", options.seconds, "of each examination of a routine; 120 if it is not given")
        ->type_name("SECONDS")
        ->check(CLI::Range(1, 86400).description(""));
    command->add_option("--json", options.json, "the result as JSON; - writes it to standard output, and nothing else")
        ->type_name("FILE");
    command->footer(example);
    return command;
}

bool run_verify_command(verify_command_options const& options) {
    auto const routines = routines_of(options.routines);
    if (!options.json.empty() && options.json != "-") check_destination("--json", options.json, {options.library});
    progress steps(routines.size() * std::size(questions));
    auto const found =
        verify_library(options.library, routines, options.seconds, [&](std::string const& what) { steps.step(what); });
    steps.clear();
    bool const good = found.defects() == 0;
    if (options.json == "-") {
        print(to_json(options.library, found));
        return good;
    }
    if (!options.json.empty()) write_whole("--json", options.json, to_json(options.library, found));
    print(to_text(found, style::of_stdout()));
    return good;
}

}  // namespace program
