// SPDX-License-Identifier: BSL-1.0
#include "sweep_command.hpp"

#include "output.hpp"
#include "sweep.hpp"
#include "terminal.hpp"
#include "text.hpp"
#include "user_error.hpp"
#include "whole_number.hpp"

#include <lastbit/base/config.hpp>
#include <lastbit/base/format.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace program {
namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t most_columns = 9, most_terms = std::size_t{1} << 24;

constexpr auto example = R"(Example, after the preset release has been built:
  build/release/lastbit sweep --kernel dot --condition 1e0:1e20 --n 16:4096

Exit status: 0 every error is within its bound; 1 one is not; 2 bad usage.
)";

/// "A:B", or "A" for both: positive finite numbers, A <= B.
std::pair<double, double> parse_range(char const* flag, std::string const& text) {
    auto const number = [&](std::string const& part) {
        char* end = nullptr;
        double const x = std::strtod(part.c_str(), &end);
        if (part.empty() || *end != 0 || !lastbit::is_finite(x) || !(x >= 1.0))
            throw user_error(
                fmt::format("{} {}: give A:B or A, numbers of at least 1 such as 1e0:1e40", flag, in_quotes(text)));
        return x;
    };
    auto const colon = text.find(':');
    double const low = number(text.substr(0, colon));
    double const high = colon == std::string::npos ? low : number(text.substr(colon + 1));
    if (low > high) throw user_error(fmt::format("{} {}: the range ends before it begins", flag, in_quotes(text)));
    return {low, high};
}

/// low, low 10^k, low 10^2k, ..., high: at most nine; the last step may be shorter.
std::vector<double> conditions_of(std::string const& text) {
    auto const [low, high] = parse_range("--condition", text);
    std::vector<double> conditions;
    for (int step = 1; conditions.empty() || conditions.size() > most_columns; ++step) {
        conditions.clear();
        double next = low;
        for (int k = step; next < high; k += step) {
            conditions.push_back(next);
            next = low * std::strtod(fmt::format("1e{}", k).c_str(), nullptr);
        }
        conditions.push_back(high);
    }
    return conditions;
}

/// low, low f, low f^2, ..., high, f a power of two, at least 4: at most nine; the last step may be shorter.
std::vector<std::size_t> sizes_of(std::string const& text) {
    auto const [low, high] = parse_range("--n", text);
    for (double const x : {low, high})
        if (x > static_cast<double>(most_terms) || x != std::floor(x))
            throw user_error(fmt::format("--n {}: give whole numbers of at most {}", in_quotes(text), most_terms));
    std::vector<std::size_t> sizes;
    for (std::size_t factor = 4; sizes.empty() || sizes.size() > most_columns; factor *= 2) {
        sizes.clear();
        for (auto n = static_cast<std::size_t>(low); n < static_cast<std::size_t>(high); n *= factor)
            sizes.push_back(n);
        sizes.push_back(static_cast<std::size_t>(high));
    }
    return sizes;
}

std::uint64_t seed_of(std::string const& text) {
    auto const seed = whole_number(text);
    if (!seed)
        throw user_error(fmt::format("--seed {}: give a whole number from 0 to {}", in_quotes(text),
                                     std::numeric_limits<std::uint64_t>::max()));
    return *seed;
}

/// Names out of a list with commas; an accumulator alone stands for its orders.
std::vector<std::string> methods_of(std::string const& text) {
    auto const known = sweep_methods();
    if (text == "all") return known;
    std::vector<std::string> chosen;
    std::size_t start = 0;
    while (start <= text.size()) {
        std::size_t const end = std::min(text.find(',', start), text.size());
        std::string const name = text.substr(start, end - start);
        bool found = false;
        for (auto const& method : known) {
            if (method != name && method.substr(0, method.find('/')) != name) continue;
            found = true;
            if (std::find(chosen.begin(), chosen.end(), method) == chosen.end()) chosen.push_back(method);
        }
        if (!found)
            throw user_error(fmt::format("--methods: there is no method {}; there are all, {}", in_quotes(name),
                                         fmt::join(known, ", ")));
        start = end + 1;
    }
    return chosen;
}

json number(double x) {
    if (lastbit::is_finite(x)) return x;
    return short_number(x);
}

std::string to_json(sweep_plan const& plan, std::vector<sweep_point> const& points) {
    json list = json::array();
    for (auto const& p : points) {
        json point{{"method", p.method},
                   {"n", p.n},
                   {"condition_asked", p.asked},
                   {"condition_obtained", number(p.obtained)},
                   {"error", number(p.error)},
                   {"relative_error", number(p.relative)},
                   {"ulp_error", number(p.ulps)},
                   {"bound", number(p.bound)},
                   {"relative_bound", number(p.relative_bound)},
                   {"within_bound", !fails(p)}};
        if (!p.note.empty()) point["note"] = p.note;
        list.push_back(std::move(point));
    }
    json const page{
        {"version", fmt::format("{}.{}.{}", lastbit::version_major, lastbit::version_minor, lastbit::version_patch)},
        {"kernel", plan.dot ? "dot" : "sum"},
        {"format", plan.format},
        {"seed", plan.seed},
        {"trials", plan.trials},
        {"methods", plan.methods},
        {"conditions", plan.conditions},
        {"sizes", plan.sizes},
        {"failures", std::count_if(points.begin(), points.end(), fails)},
        {"points", std::move(list)}};
    return page.dump(1) + '\n';
}

/// short_number without the plus of an exponent of three digits, which would make it longer than the others.
std::string cell_of(std::string text) {
    if (auto const plus = text.find('+'); text.size() > 7 && plus != std::string::npos) text.erase(plus, 1);
    return text;
}

/// Cells to the right, in columns as wide as `width` says.
template <class Paint>
std::string line_of(std::string const& label, std::vector<std::string> const& cells,
                    std::vector<std::size_t> const& width, Paint paint) {
    auto line = fmt::format("  {:<26}", fitted(label, 26));
    for (std::size_t k = 0; k < cells.size(); ++k) line += paint(k, fmt::format("{:>{}}", cells[k], width[k]));
    return line;
}

/// The points of one table under their heads: one line of errors for each method, and its bounds below.
template <class Wanted>
void append_table(std::string& page, sweep_plan const& plan, std::vector<sweep_point> const& points, style const& paint,
                  std::string const& label, std::vector<std::string> const& heads, Wanted wanted) {
    struct row {
        std::vector<std::string> errors, bounds;
        std::vector<bool> failed;
    };
    std::vector<row> rows;
    std::vector<std::size_t> width(heads.size(), 8);
    for (std::size_t k = 0; k < heads.size(); ++k) width[k] = std::max(width[k], heads[k].size() + 1);
    for (auto const& method : plan.methods) {
        row next;
        for (auto const& p : points) {
            if (p.method != method || !wanted(p)) continue;
            next.errors.push_back(cell_of(short_number(p.relative)));
            next.bounds.push_back(cell_of(short_number_up(p.relative_bound)));
            next.failed.push_back(fails(p));
        }
        for (std::size_t k = 0; k < next.errors.size(); ++k)
            width[k] = std::max({width[k], next.errors[k].size() + 1, next.bounds[k].size() + 1});
        rows.push_back(std::move(next));
    }
    auto const plainly = [](std::size_t, std::string const& cell) { return cell; };
    page += line_of(label, heads, width, plainly) + '\n';
    for (std::size_t m = 0; m < rows.size(); ++m) {
        auto const& failed = rows[m].failed;
        page += line_of(plan.methods[m], rows[m].errors, width,
                        [&](std::size_t k, std::string const& cell) { return failed[k] ? paint.bad(cell) : cell; }) +
                '\n' + paint.quiet(line_of("  bound", rows[m].bounds, width, plainly)) + '\n';
    }
}

std::string to_text(sweep_plan const& plan, std::vector<sweep_point> const& points, style const& paint) {
    std::string page;
    auto const failures = std::count_if(points.begin(), points.end(), fails);
    auto const sentence =
        failures == 0
            ? fmt::format("No error is above its deterministic bound, in {}.", counted(points.size(), "point"))
            : fmt::format("FAILED: {} of {} above the deterministic bound.", failures, counted(points.size(), "point"));
    page += (failures == 0 ? paint.good(sentence) : paint.bad(sentence)) + '\n';
    for (auto const& p : points)
        if (fails(p))
            page += fmt::format("  {} n {} condition {:.1e}: error {}, bound {}\n", p.method, p.n, p.obtained, p.error,
                                p.bound);
    auto const what = plan.dot ? "dot product" : "sum";
    page += '\n' +
            paint.heading(fmt::format("Relative error of a {} in {} against its condition, n = {}", what, plan.format,
                                      plan.sizes.back())) +
            '\n';
    std::vector<std::string> conditions, sizes;
    for (double const c : plan.conditions) conditions.push_back(cell_of(short_number(c)));
    for (std::size_t const n : plan.sizes) sizes.push_back(std::to_string(n));
    append_table(page, plan, points, paint, "condition", conditions,
                 [&](sweep_point const& p) { return p.n == plan.sizes.back(); });
    page += '\n' +
            paint.heading(fmt::format("Relative error of a {} in {} against n, condition {}", what, plan.format,
                                      short_number(plan.conditions.front()))) +
            '\n';
    append_table(page, plan, points, paint, "n", sizes,
                 [&](sweep_point const& p) { return !(p.asked > plan.conditions.front()); });
    return page;
}

/// What the data could not carry, once.
void append_notes(std::string& page, std::vector<sweep_point> const& points) {
    std::size_t limited = 0;
    std::string first;
    for (auto const& p : points) {
        if (p.note.empty()) continue;
        ++limited;
        if (first.empty()) first = p.note;
    }
    if (limited == 0) return;
    page += '\n';
    auto const text = fmt::format("In {} the condition is another than was asked for ({}); --json has those obtained.",
                                  counted(limited, "point"), first);
    for (auto const& line : filled(text, 0)) page += line + '\n';
}

}  // namespace

CLI::App* add_sweep_command(CLI::App& app, sweep_options& options) {
    auto* const command = app.add_subcommand("sweep", "Errors against condition and against n, beside their bounds");
    command->add_option("--kernel", options.kernel, "dot or sum")
        ->type_name("NAME")
        ->check(CLI::IsMember({"dot", "sum"}).description(""));
    command->add_option("--format", options.format, "float64, float32, float16 or bfloat16")
        ->type_name("NAME")
        ->check(CLI::IsMember({"float64", "float32", "float16", "bfloat16"}).description(""));
    command->add_option("--methods", options.methods, "all, or a list with commas: kahan,plain/pairwise")
        ->type_name("LIST");
    command->add_option("--condition", options.condition, "from A to B, at most nine of them")->type_name("A:B");
    command->add_option("--n", options.n, "numbers of terms, from A to B, at most nine of them")->type_name("A:B");
    command->add_option("--trials", options.trials, "data sets at each point; the worst is kept")
        ->type_name("N")
        ->check(CLI::Range(1, 1000000).description(""));
    command->add_option("--seed", options.seed, "of the data, a whole number from 0")->type_name("S");
    command->add_option("--json", options.json, "all points as JSON; - writes it to standard output, and nothing else")
        ->type_name("FILE");
    command->footer(example);
    return command;
}

bool run_sweep_command(sweep_options const& options) {
    sweep_plan plan;
    plan.dot = options.kernel == "dot";
    plan.format = options.format;
    plan.methods = methods_of(options.methods);
    plan.conditions = conditions_of(options.condition);
    plan.sizes = sizes_of(options.n);
    plan.trials = options.trials;
    plan.seed = seed_of(options.seed);
    if (!options.json.empty() && options.json != "-") check_destination("--json", options.json, {});
    progress steps(plan.sizes.size() * plan.conditions.size());
    auto const points = run_sweep(
        plan, [](void* shown, std::string const& what) { static_cast<progress*>(shown)->step(what); }, &steps);
    steps.clear();
    bool const good = std::none_of(points.begin(), points.end(), fails);
    if (options.json == "-") {
        print(to_json(plan, points));
        return good;
    }
    if (!options.json.empty()) write_whole("--json", options.json, to_json(plan, points));
    std::string page = to_text(plan, points, style::of_stdout());
    append_notes(page, points);
    print(page);
    return good;
}

}  // namespace program
