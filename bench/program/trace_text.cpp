// SPDX-License-Identifier: BSL-1.0
// The page of `lastbit trace`.
#include "number_text.hpp"
#include "text.hpp"
#include "trace.hpp"

#include <lastbit/base/format.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace program {
namespace {

constexpr std::size_t at_start = 2, at_end = 3, most_losses = 6, most_catastrophic = 8;

/// 0, 0.37, -4.00, 1.2e+07
std::string ulp_text(double x) {
    double const size = lastbit::absolute(x);
    if (!lastbit::is_finite(x) || lastbit::is_zero(x)) return short_number(x);
    if (size >= 0.005 && size < 99999.5) return fmt::format("{:.2f}", x);
    return (lastbit::is_negative(x) ? "-" : "") + short_number(size);
}

/// Nine significant digits: a float32 is told from its neighbours.
std::string nine_digits(double x) { return fmt::format("{:.9g}", x); }

std::string what(trace_line const& line) {
    if (line.kind == "bias") return "bias";
    return fmt::format("{} {}", line.kind == "merge" ? "sum from" : "product", line.index);
}

/// The numbers of the steps that are shown, in order.
std::set<std::size_t> shown_steps(std::vector<trace_line> const& lines) {
    std::set<std::size_t> shown;
    std::size_t const n = lines.size();
    for (std::size_t k = 0; k < n; ++k)
        if (k < at_start || k + at_end >= n) shown.insert(k);
    std::size_t catastrophic = 0;
    for (std::size_t k = 0; k < n; ++k)
        if (lines[k].catastrophic && catastrophic++ < most_catastrophic) shown.insert(k);
    std::vector<std::size_t> by_loss(n);
    for (std::size_t k = 0; k < n; ++k) by_loss[k] = k;
    std::stable_sort(by_loss.begin(), by_loss.end(), [&lines](std::size_t a, std::size_t b) {
        return lastbit::absolute(lines[a].made) > lastbit::absolute(lines[b].made);
    });
    for (std::size_t k = 0; k < n && k < most_losses; ++k)
        if (lastbit::is_finite(lines[by_loss[k]].made) && !lastbit::is_zero(lines[by_loss[k]].made))
            shown.insert(by_loss[k]);
    return shown;
}

std::string sentence_of_cancellations(traced_neuron const& found) {
    std::string where;
    std::size_t count = 0;
    for (std::size_t k = 0; k < found.lines.size(); ++k) {
        if (!found.lines[k].catastrophic) continue;
        if (count < most_catastrophic) where += fmt::format("{}{}", count == 0 ? "" : ", ", k);
        ++count;
    }
    if (count > most_catastrophic) where += ", ...";
    std::string const meaning =
        fmt::format("the exponent falls by {} bits or more, and earlier errors are then {} ulp or more",
                    found.limits.bits, found.limits.ulp);
    if (count == 0) return fmt::format("No cancellation is catastrophic ({}).", meaning);
    return fmt::format(
        "{}, at {} {}: {}.",
        count == 1 ? "One cancellation is catastrophic" : fmt::format("{} cancellations are catastrophic", count),
        count == 1 ? "step" : "steps", where, meaning);
}

void append(std::string& page, std::string const& text) {
    for (auto const& line : filled(text, 2)) page += line + '\n';
}

/// Of a sum without an exact one to compare with.
void append_not_finite(std::string& page, traced_neuron const& found) {
    append(page,
           fmt::format("The sum of {}{} is {} in float32.", counted(found.products, "product"),
                       found.has_bias ? " and the bias" : "", shortest_decimal(static_cast<float>(found.result))));
    append(page,
           fmt::format("The layer's inputs are not finite: {} of {}. A layer before it overflowed; there is no exact "
                       "sum to compare with, and the errors below say nothing. Trace layer {} instead.",
                       found.inputs_not_finite, found.products, found.layer - 1));
}

void append_answer(std::string& page, traced_neuron const& found) {
    if (found.inputs_not_finite > 0) return append_not_finite(page, found);
    append(page,
           fmt::format("The sum of {}{} is {} in float32; exactly, for the same inputs, it is {:.17g}: {} ulp off, {}.",
                       counted(found.products, "product"), found.has_bias ? " and the bias" : "",
                       shortest_decimal(static_cast<float>(found.result)), found.exact, ulp_text(found.error_ulp),
                       short_number(found.error)));
    if (lastbit::is_finite(found.made_ulp))
        append(page,
               fmt::format("Its {} made errors of {} ulp of the result in all; signs and the last rounding leave {}.",
                           counted(found.lines.size(), "step"), ulp_text(found.made_ulp), ulp_text(found.error_ulp)));
    append(page, sentence_of_cancellations(found));
    append(page, fmt::format("Activation {}: the output is {}.", found.activation,
                             shortest_decimal(static_cast<float>(found.output))));
}

}  // namespace

std::string to_text(traced_neuron const& found, style const& paint) {
    std::string page =
        paint.heading(fmt::format("TRACE OF dense_{}, NEURON {}, ROW {}", found.layer, found.neuron, found.row)) +
        paint.quiet(fmt::format("  by {}, sums held in {}", found.method, found.format)) + "\n\n";
    append_answer(page, found);
    page += '\n' + paint.heading("STEPS") +
            paint.quiet("  the first and last, the catastrophic (!), and those that err most; all: --json") + '\n';
    page += paint.quiet(fmt::format("{:>6}  {:<14}{:>17}{:>17}{:>17}{:>10}{:>10}{:>6}", "step", "takes in", "its value",
                                    "partial sum", "exact", "made", "error", "bits")) +
            '\n';
    std::size_t next = 0;
    for (std::size_t const k : shown_steps(found.lines)) {
        if (k != next) page += paint.quiet("   ...") + '\n';
        next = k + 1;
        auto const& line = found.lines[k];
        auto text = fmt::format("{:>6}  {:<14}{:>17}{:>17}{:>17}{:>10}{:>10}", k, what(line), nine_digits(line.added),
                                nine_digits(line.after), nine_digits(line.exact), ulp_text(line.made_ulp),
                                ulp_text(line.error_ulp));
        if (line.cancelled_bits > 0) text += fmt::format("{:>6}", line.cancelled_bits);
        page += (line.catastrophic ? paint.bad(text + '!') : text) + '\n';
    }
    page += '\n';
    append(page,
           "made: by the step's product and addition, in ulps of the exact result. error: of the partial sum, in "
           "ulps of the exact partial sum. bits: by how many the exponent fell.");
    return page;
}

}  // namespace program
