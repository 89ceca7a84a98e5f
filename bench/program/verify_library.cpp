// SPDX-License-Identifier: BSL-1.0
#include "verify_library.hpp"

#include "child_process.hpp"
#include "shared_library.hpp"
#include "user_error.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <exception>
#include <filesystem>

namespace program {
namespace {

namespace fs = std::filesystem;
using json = nlohmann::json;

/// A name without a folder is that of a file here, if there is one, else the loader's to find.
std::string path_of(std::string const& file) {
    std::error_code error;
    return file.find('/') == std::string::npos && fs::is_regular_file(file, error) ? "./" + file : file;
}

/// What a child process answers; an object without members if it did not get that far.
template <class Ask>
json ask(Ask const& question_to, unsigned seconds, finished_child& child) {
    child = run_child(
        [&](int file) {
            std::string const text = question_to().dump(-1, ' ', false, json::error_handler_t::replace);
            write_all(file, text.data(), text.size());
        },
        seconds);
    json answer = json::parse(child.bytes.begin(), child.bytes.end(), nullptr, false);
    return answer.is_object() ? answer : json::object();
}

/// What there is to examine.
json inspected(std::string const& file, std::vector<std::string> const& names) {
    std::string problem;
    void* const library = open_library(file, problem);
    if (library == nullptr) return {{"problem", problem}};
    json routines = json::array();
    std::string path;
    for (auto const& name : names) {
        auto const routine = find_routine(library, name);
        if (!routine) continue;
        routines.push_back({{"name", name}, {"interface", routine->interface}});
        auto const symbol_name = routine->interface == "cblas" ? "cblas_" + name : name + "_";
        if (path.empty()) path = file_of(dlsym(library, symbol_name.c_str()));
    }
    return {{"path", path},
            {"version", version_of(library, family_of(library), path)},
            {"threads", find_thread_control(library).name},
            {"routines", std::move(routines)}};
}

json answered(std::string const& file, std::string const& name, question asked) {
    std::string problem;
    void* const library = open_library(file, problem);
    auto const routine = library != nullptr ? find_routine(library, name) : std::nullopt;
    if (!routine) return {{"error", "the library is not what it was: " + problem}};
    try {
        auto const answer = examine(*routine, find_thread_control(library), asked);
        json page{{"example", answer.example}, {"defects", json::array()}};
        if (answer.held) page["held"] = *answer.held;
        if (answer.worst_ratio) page["worst_ratio"] = *answer.worst_ratio;
        for (auto const& d : answer.defects) page["defects"].push_back({{"fault", d.fault}, {"text", d.text}});
        return page;
    } catch (std::exception const& error) {
        return {{"error", error.what()}};
    }
}

routine_answer answer_of(json const& page) {
    routine_answer answer;
    answer.example = page.value("example", "");
    if (page.contains("held")) answer.held = page["held"].get<bool>();
    if (page.contains("worst_ratio") && page["worst_ratio"].is_number())
        answer.worst_ratio = page["worst_ratio"].get<double>();
    for (auto const& d : page["defects"]) answer.defects.push_back({d.value("fault", ""), d.value("text", "")});
    return answer;
}

/// Each fault once.
void add(std::vector<routine_defect>& defects, routine_defect const& defect) {
    auto const same =
        std::find_if(defects.begin(), defects.end(), [&](routine_defect const& d) { return d.fault == defect.fault; });
    if (same == defects.end()) defects.push_back(defect);
}

/// One defect for all crashes of a routine.
void add_crash(std::vector<routine_defect>& defects, std::string const& failure, question asked) {
    for (auto& d : defects) {
        if (d.fault != "crashed") continue;
        d.text += (d.text.find(failure) == std::string::npos ? "; " + failure + ' ' : ", ") + meanwhile(asked);
        return;
    }
    defects.push_back({"crashed", failure + ' ' + meanwhile(asked)});
}

void ask_all(routine_report& report, std::string const& file, unsigned seconds,
             std::function<void(std::string const&)> const& step) {
    for (question const asked : questions) {
        step(report.name + ' ' + meanwhile(asked));
        finished_child child;
        json const page = ask([&] { return answered(file, report.name, asked); }, seconds, child);
        if (page.contains("defects")) {
            auto const& answer = report.answers[asked] = answer_of(page);
            for (auto const& defect : answer.defects) add(report.defects, defect);
        } else if (page.contains("error")) {
            add(report.defects, {"not_examined", page.value("error", "") + ' ' + meanwhile(asked)});
        } else if (child.late) {
            add(report.defects, {"did_not_end", child.failure + ' ' + meanwhile(asked) + "; not examined further"});
            return;
        } else {
            add_crash(report.defects, child.failure, asked);
        }
    }
}

}  // namespace

std::size_t library_verification::defects() const {
    std::size_t count = 0;
    for (auto const& r : routines) count += r.defects.size();
    return count;
}

library_verification verify_library(std::string const& file, std::vector<std::string> const& routines, unsigned seconds,
                                    std::function<void(std::string const&)> const& step) {
    auto const path = path_of(file);
    finished_child child;
    json const page = ask([&] { return inspected(path, routines); }, seconds, child);
    if (page.empty()) throw user_error(fmt::format("{}: {} while it was loaded", file, child.failure));
    if (page.contains("problem"))
        throw user_error(fmt::format("{}: no shared library that can be loaded: {}", file, page.value("problem", "")));
    library_verification result;
    result.path = page.value("path", "");
    result.version = page.value("version", "");
    result.thread_control = page.value("threads", "");
    for (auto const& r : page["routines"])
        result.routines.push_back({r.value("name", ""), r.value("interface", ""), {}, {}});
    for (auto const& name : routines)
        if (std::none_of(result.routines.begin(), result.routines.end(),
                         [&](routine_report const& r) { return r.name == name; }))
            result.absent.push_back(name);
    if (result.routines.empty())
        throw user_error(fmt::format("{}: exports none of {}, neither as cblas_NAME nor as NAME_; give a BLAS library",
                                     file, fmt::join(routines, ", ")));
    for (auto& r : result.routines) ask_all(r, path, seconds, step);
    return result;
}

}  // namespace program
