// SPDX-License-Identifier: BSL-1.0
// The program `lastbit`: one subcommand a question. Options and exit statuses: docs/cli.md.

#include "report_command.hpp"
#include "sum_command.hpp"
#include "sweep_command.hpp"
#include "trace_command.hpp"
#include "user_error.hpp"
#include "verify_command.hpp"

#include <lastbit/base/config.hpp>
#include <lastbit/io/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <new>
#include <string>

namespace {

constexpr int done = 0, failed_check = 1, bad_input = 2;

/// One line on standard error, whatever the text was and whether or not anyone can read it.
int refuse(std::string text) {
    while (!text.empty() && text.back() == '\n') text.pop_back();
    std::replace(text.begin(), text.end(), '\n', ' ');
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; }, '?');
    std::fputs(fmt::format("lastbit: {}\n", text).c_str(), stderr);
    return bad_input;
}

int run(int argc, char** argv) {
    CLI::App app("lastbit: what a network computes, to the last bit", "lastbit");
    app.set_version_flag("--version", fmt::format("lastbit {}.{}.{}", lastbit::version_major, lastbit::version_minor,
                                                  lastbit::version_patch));
    app.require_subcommand(1);
    program::report_options report;
    program::sum_options sum;
    program::trace_options trace;
    program::add_report_command(app, report);
    auto* const sum_command = program::add_sum_command(app, sum);
    auto* const trace_command = program::add_trace_command(app, trace);
    program::sweep_options sweep;
    auto* const sweep_command = program::add_sweep_command(app, sweep);
    program::verify_command_options verify;
    auto* const verify_command = program::add_verify_command(app, verify);
    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& error) {
        if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) return app.exit(error);
        auto const parsed = app.get_subcommands();
        auto const command = parsed.empty() ? std::string() : parsed.front()->get_name() + ' ';
        return refuse(fmt::format("{} (see lastbit {}--help)", error.what(), command));
    }
    if (sweep_command->parsed()) return program::run_sweep_command(sweep) ? done : failed_check;
    if (verify_command->parsed()) return program::run_verify_command(verify) ? done : failed_check;
    if (sum_command->parsed()) program::run_sum(sum);
    else if (trace_command->parsed()) program::run_trace(trace);
    else program::run_report(report);
    return done;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (std::bad_alloc const&) {
        return refuse("out of memory: give fewer rows of input");
    } catch (std::exception const& error) {
        return refuse(error.what());
    }
}
