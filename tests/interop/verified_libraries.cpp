// SPDX-License-Identifier: BSL-1.0
// `verified_libraries LIBRARY`: what verified_libraries.py makes docs/verified-libraries.md of. Lines of fields with tabs
// between them: "library" name, version; "note" subject, text; "row" routine, format that sums are held in, worst error / bound,
// then for order, batch, thread, alignment, special values, edges and bounds of memory "yes", "no", or "-" where there is
// nothing to examine; "finding" routine, property, fault, text.
#include "library.hpp"

#include <lastbit/testing/verify.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <thread>

namespace {

namespace testing = lastbit::testing;

void print_line(std::vector<std::string> fields) {
    std::string line;
    for (std::string& field : fields) {
        for (char& c : field)
            if (c == '\n' || c == '\t') c = ' ';
        line += (line.empty() ? "" : "\t") + field;
    }
    std::printf("%s\n", line.c_str());
    std::fflush(stdout);
}

testing::verification values_of(interop::routine const& r, std::optional<testing::number_format> held) {
    testing::verify_options options;
    options.accumulated_in = held;
    options.flushes_subnormals = r.may_flush;
    options.properties = false;  // asked one by one
    return testing::verify_kernel(r.kernel, options);
}

void examine(interop::library const& found, interop::routine const& r) {
    testing::verification values = values_of(r, {});
    auto held = r.kernel.in == testing::number_format::float64 ? testing::number_format::float64
                                                               : testing::number_format::float32;
    if (!values && r.held) {
        std::string text =
            "sums in " + std::string(lastbit::quantify::name(held)) +
            " do not explain its errors; what does, as lastbit::quantify::explain finds it: " + values.fault();
        values = values_of(r, r.held);
        held = *r.held;
        text += "; of " + std::to_string(values.unproven) + " of " + std::to_string(values.cases + values.unproven) +
                " outputs the bound proves nothing, for too many terms";
        print_line({"note", r.name, text});
    }
    // As many threads as other threads of this process have: what follows leaves this one with one.
    if (found.set_threads) found.set_threads(static_cast<int>(std::thread::hardware_concurrency()));
    testing::property_result const repeated = testing::is_deterministic(r.kernel);
    std::vector<testing::property_result> const properties{testing::is_order_invariant(r.kernel),
                                                           testing::is_batch_invariant(r.kernel),
                                                           testing::is_thread_invariant(r.kernel, found.set_threads),
                                                           testing::is_alignment_invariant(r.kernel),
                                                           testing::respects_special_values(r.kernel),
                                                           testing::handles_edges(r.kernel),
                                                           testing::stays_in_bounds(r.kernel)};
    char ratio[32];
    std::snprintf(ratio, sizeof ratio, "%.3f", values.worst_ratio);
    std::vector<std::string> row{"row", r.name, std::string(lastbit::quantify::name(held)), ratio};
    for (auto const& p : properties) {
        bool const examined = p.applicable && (found.set_threads || p.name != "is_thread_invariant" || !p.held);
        row.push_back(!examined ? "-" : p.held ? "yes" : "no");
    }
    print_line(row);
    for (auto const& f : values.findings) print_line({"finding", r.name, "values", f.tag, f.text});
    for (auto const& p : properties)
        if (!p.held) print_line({"finding", r.name, p.name, p.finding.fault, p.text()});
    if (!repeated) print_line({"finding", r.name, repeated.name, repeated.finding.fault, repeated.text()});
}

/// How a process ends that makes the call.
std::string end_of(interop::lone_call const& lone) {
    int ends[2];
    pid_t process = -1;
    if (::pipe(ends) != 0 || (process = ::fork()) < 0) return "not made: there is no process for it";
    if (process == 0) {
        std::string text = "made";
        try {
            lone.call();
        } catch (std::exception const& error) {
            text = std::string("refused: ") + error.what();
        }
        _exit(::write(ends[1], text.data(), text.size()) < 0 ? 1 : 0);
    }
    ::close(ends[1]);
    char text[256] = {};
    if (::read(ends[0], text, sizeof text - 1) < 0) text[0] = '\0';
    ::close(ends[0]);
    int status = 0;
    ::waitpid(process, &status, 0);
    return WIFSIGNALED(status) ? std::string("the process ends: ") + ::strsignal(WTERMSIG(status)) : text;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: %s openblas|blis|refblas|eigen|onednn\n", argv[0]);
        return 2;
    }
    try {
        interop::library const found = interop::open_library(argv[1]);
        print_line({"library", found.name, found.version});
        if (!found.absent.empty()) print_line({"note", found.name, found.absent});
        for (auto const& [subject, text] : found.notes) print_line({"note", subject, text});
        for (auto const& lone : found.alone) print_line({"note", lone.what, end_of(lone)});
        for (auto const& r : found.routines) examine(found, r);
    } catch (std::exception const& error) {
        std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
        return 2;
    }
}
