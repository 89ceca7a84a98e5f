// SPDX-License-Identifier: BSL-1.0
#include "verify_routine.hpp"

#include <lastbit/testing/verify.hpp>

#include <array>
#include <string_view>

namespace program {
namespace {

namespace testing = lastbit::testing;
namespace quantify = lastbit::quantify;

/// Differences that any order of summation may make.
bool is_of_rounding(std::string_view fault) {
    constexpr std::array<std::string_view, 7> faults{"order_dependent",      "batch_dependent",  "place_dependent",
                                                     "alignment_dependent",  "thread_dependent", "not_deterministic",
                                                     "concurrency_dependent"};
    for (auto const known : faults)
        if (fault == known) return true;
    return false;
}

/// Whether the two numbers of the finding differ by more than two sums of the same terms can, in any orders: twice
/// (k + 1) u / (1 - (k + 1) u) times the sum of the terms' magnitudes (docs/mathematics.md), and what underflow adds.
bool is_beyond_rounding(testing::property_result const& p) {
    auto const& f = p.finding;
    if (!f.has_numbers || p.a.size() != p.m * p.k || p.b.size() != p.k * p.n) return false;
    if (!lastbit::is_finite(f.got) || !lastbit::is_finite(f.expected)) return true;
    double magnitudes = 0;
    for (std::size_t l = 0; l < p.k; ++l) magnitudes += std::abs(p.a[f.row * p.k + l] * p.b[l * p.n + f.col]);
    int const precision = quantify::precision(p.out);
    double const ku = std::ldexp(static_cast<double>(p.k + 1), -precision);
    double const smallest = std::ldexp(1.0, std::max(quantify::constants(p.out).min_exponent - precision, -1000));
    double const each = ku / (1 - ku) * magnitudes * 1.0001 + static_cast<double>(2 * p.k + 1) * smallest;
    return ku < 0.5 && std::abs(f.got - f.expected) > 2 * each;
}

/// Accesses to memory that are nobody's business: asked of by question::bounds, and met by the others.
bool is_of_memory(std::string_view fault) {
    return fault.starts_with("read_") || fault.starts_with("write_") || fault == "outside_written" ||
           fault == "input_written" || fault == "crash";
}

routine_answer examine_values(blas_routine const& routine) {
    testing::verify_options options;
    options.accumulated_in = routine.accumulated_in;
    options.properties = false;  // asked one by one
    auto const found = testing::verify_kernel(routine.kernel, options);
    routine_answer answer;
    answer.worst_ratio = found.worst_ratio;
    for (auto const& f : found.findings) answer.defects.push_back({f.tag, f.text});
    if (found.passed() || options.accumulated_in != quantify::number_format::float64) return answer;
    options.accumulated_in = quantify::number_format::float32;
    if (testing::verify_kernel(routine.kernel, options).passed())
        answer.defects = {{"float32_sums",
                           "computes as if sums were held in float32, where BLAS prescribes double: by that "
                           "measure all of its values are right. By the other: " +
                               found.findings.front().text}};
    return answer;
}

routine_answer demanded(testing::property_result const& p) {
    routine_answer answer;
    if (!p.applicable) return answer;
    if (p.held || p.name == "stays_in_bounds" || !is_of_memory(p.finding.fault)) answer.held = p.held;
    if (!p.held) answer.defects.push_back({p.finding.fault, p.text()});
    return answer;
}

/// A property that a routine need not have. What else is met is a defect, and leaves the question open.
routine_answer noted(testing::property_result const& p) {
    if (p.held || !is_of_rounding(p.finding.fault)) {
        routine_answer answer = demanded(p);
        if (!p.held) answer.held.reset();
        return answer;
    }
    routine_answer answer;
    answer.held = false;
    answer.example = p.text();
    if (is_beyond_rounding(p))
        answer.defects.push_back({p.finding.fault, p.text() + "; rounding cannot explain so large a difference"});
    return answer;
}

routine_answer examine_threads(blas_routine const& routine, thread_control const& threads) {
    routine_answer answer = noted(testing::is_thread_invariant(routine.kernel, threads.set));
    if (!threads.set && answer.held == true) answer.held.reset();  // calls at the same time were all that was tried
    return answer;
}

}  // namespace

std::string meanwhile(question asked) {
    switch (asked) {
        case question::values:
            return "while its values were judged";
        case question::bounds:
            return "while its accesses to memory were watched";
        case question::edges:
            return "at the edges of sizes";
        case question::special_values:
            return "on special values";
        case question::repetition:
            return "when it was called again, and by several threads";
        case question::order:
            return "on terms in other orders";
        case question::batch:
            return "on batches of rows";
        case question::alignment:
            return "on operands at other addresses";
        case question::threads:
            break;
    }
    return "with other numbers of threads";
}

routine_answer examine(blas_routine const& routine, thread_control const& threads, question asked) {
    auto const& kernel = routine.kernel;
    switch (asked) {
        case question::values:
            return examine_values(routine);
        case question::bounds:
            return demanded(testing::stays_in_bounds(kernel));
        case question::edges:
            return demanded(testing::handles_edges(kernel));
        case question::special_values:
            return demanded(testing::respects_special_values(kernel));
        case question::repetition:
            return noted(testing::is_deterministic(kernel));
        case question::order:
            return noted(testing::is_order_invariant(kernel));
        case question::batch:
            return noted(testing::is_batch_invariant(kernel));
        case question::alignment:
            return noted(testing::is_alignment_invariant(kernel));
        case question::threads:
            break;
    }
    return examine_threads(routine, threads);
}

}  // namespace program
