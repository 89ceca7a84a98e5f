// SPDX-License-Identifier: BSL-1.0
#include "text.hpp"

#include <lastbit/base/format.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace program {
namespace {

/// What is worth saying of some rows.
struct tally {
    std::size_t rows = 0;
    std::set<std::size_t> answers;
    std::set<std::string> other_formats;
    std::size_t in_other_formats = 0;
    double largest = 0;
    std::size_t changed = 0;  ///< rows that change a prediction

    void add(row const& r) {
        ++rows;
        answers.insert(r.bits);
        largest = std::max(largest, r.errors.max_abs);
        if (r.errors.predictions_changed > 0) ++changed;
        if (r.format == "float32") return;
        other_formats.insert(r.format);
        ++in_other_formats;
    }

    [[nodiscard]] std::string formats() const {
        auto const names = fmt::format("in {}", fmt::join(other_formats, " and "));
        if (in_other_formats == rows) return in_other_formats == 0 ? "" : fmt::format(" ({})", names);
        return in_other_formats == 0 ? "" : fmt::format(" ({} {})", in_other_formats, names);
    }
};

bool is_outside(row const& r) { return r.errors.outside > 0; }

tally tally_of(report const& found, row_kind kind) {
    tally result;
    for (auto const& r : found.rows)
        if (r.kind == kind && !is_outside(r)) result.add(r);
    return result;
}

/// "12 different answers from 33 runs"
std::string answers_from(tally const& t, std::string const& runs) {
    auto const answers = t.rows == 1             ? std::string("1 answer")
                         : t.answers.size() == 1 ? std::string("one and the same answer")
                                                 : fmt::format("{} different answers", t.answers.size());
    return fmt::format("{} from {}", answers, runs);
}

std::string distance(tally const& t) {
    return lastbit::is_finite(t.largest) ? fmt::format("within {} of the exact logits", short_number(t.largest))
                                         : "of which some logits are not finite";
}

/// Where the rows lie. Nothing is said of the bound where it is none.
std::string where(tally const& t, certificate_summary const& c) {
    bool const finite = lastbit::is_finite(t.largest);
    auto const text = (t.rows > 1 && finite ? "all " : "") + distance(t);
    return c.without_bound > 0 || !finite ? text
                                          : text + ", which is inside the bound for float32 summation in any order";
}

std::string capitalised(std::string text) {
    if (text.front() >= 'a' && text.front() <= 'z') text.front() = static_cast<char>(text.front() - 'a' + 'A');
    return text;
}

std::string recorded_sentence(report const& found, tally const& t) {
    auto const runs = counted(t.rows, "recorded run") + " of one network";
    return fmt::format("{}{}, {}.", capitalised(answers_from(t, runs)), t.formats(), where(t, found.certificate));
}

std::string local_sentence(report const& found, tally const& libraries, tally const& methods, bool follows) {
    auto const summing = answers_from(methods, counted(methods.rows, "way") + " of summing");
    tally both = methods;
    both.rows += libraries.rows;
    both.largest = std::max(both.largest, libraries.largest);
    auto const parts =
        libraries.rows == 0
            ? summing
            : fmt::format("{}, {}",
                          answers_from(libraries, fmt::format("{} on {}", counted(libraries.rows, "run"),
                                                              counted(found.libraries.size(), "BLAS library"))),
                          summing);
    return follows
               ? fmt::format("Here: {}, {}{}.", parts, lastbit::is_finite(both.largest) ? "all " : "", distance(both))
               : fmt::format("{}, {}.", capitalised(parts), where(both, found.certificate));
}

/// How many recordings have the bits of a method, and of which. They need not have been computed so.
std::string match_sentence(report const& found) {
    std::map<std::size_t, std::string> methods;
    for (auto const& r : found.rows)
        if (r.kind == row_kind::method) methods.emplace(r.bits, r.name);
    std::map<std::size_t, std::size_t> matches;
    std::size_t all = 0, recorded = 0;
    for (auto const& r : found.rows) {
        if (r.kind != row_kind::recorded || is_outside(r)) continue;
        ++recorded;
        if (!methods.contains(r.bits)) continue;
        ++matches[r.bits];
        ++all;
    }
    if (all == 0) return {};
    std::vector<std::pair<std::size_t, std::string>> ranked;
    for (auto const& [bits, count] : matches) ranked.emplace_back(count, methods[bits]);
    std::stable_sort(ranked.begin(), ranked.end(), [](auto const& a, auto const& b) { return a.first > b.first; });
    std::vector<std::string> parts;
    for (auto const& [count, method] : ranked) parts.push_back(fmt::format("{} those of {}", count, method));
    return fmt::format("{} of the {} have the bits of a way of summing below in every logit: {}.", all,
                       counted(recorded, "recorded run"), fmt::join(parts, ", "));
}

/// With one output there is no class: what holds is the bound itself.
std::string certificate_sentence(report const& found) {
    auto const& c = found.certificate;
    auto const order =
        fmt::format("any order of float32 summation{}", c.model == "ftz" ? " with subnormals flushed" : "");
    if (found.model.outputs == 1 && c.without_bound == 0)
        return fmt::format("Under {} the output is within {} of the exact one, for each of {}.", order,
                           short_number(c.largest_bound), counted(c.inputs, "input"));
    if (c.certain == c.inputs)
        return fmt::format("No prediction can change: {} of {} are certain under {}.", c.certain,
                           counted(c.inputs, "input"), order);
    return fmt::format(
        "{} of {} are certain under {}; for {} {} the bound leaves the predicted class open "
        "(listed below).",
        c.certain == 0 ? "None" : std::to_string(c.certain), counted(c.inputs, "input"), order,
        c.certain == 0 ? "all" : "the other", c.inputs - c.certain);
}

std::string outside_sentence(report const& found, row const& r) {
    auto const changed = r.errors.predictions_changed == 0
                             ? "changes no prediction"
                             : "changes " + counted(r.errors.predictions_changed, "prediction");
    return fmt::format(
        "{} lies outside: {} of {} {} farther from the exact ones than float32 summation in any order can take "
        "them, by up to {}; it {}.",
        fitted(r.name, 60), r.errors.outside, counted(found.logit_count(), "logit"),
        r.errors.outside == 1 ? "is" : "are", short_number(r.errors.max_abs), changed);
}

void append_outside(std::vector<std::string>& sentences, report const& found) {
    constexpr std::size_t most = 3;
    std::vector<std::string> names;
    for (auto const& r : found.rows)
        if (is_outside(r)) names.push_back(fitted(r.name, 60));
    if (names.size() > most) {
        sentences.push_back(fmt::format("{} rows lie outside that bound: {}.", names.size(), fmt::join(names, ", ")));
        return;
    }
    for (auto const& r : found.rows)
        if (is_outside(r)) sentences.push_back(outside_sentence(found, r));
}

}  // namespace

std::vector<std::string> answer_sentences(report const& found) {
    auto const recorded = tally_of(found, row_kind::recorded);
    auto const libraries = tally_of(found, row_kind::library);
    auto const methods = tally_of(found, row_kind::method);
    std::vector<std::string> sentences;
    if (recorded.rows > 0) sentences.push_back(recorded_sentence(found, recorded));
    sentences.push_back(certificate_sentence(found));
    append_outside(sentences, found);
    if (auto text = match_sentence(found); !text.empty()) sentences.push_back(std::move(text));
    sentences.push_back(local_sentence(found, libraries, methods, recorded.rows > 0));
    auto const changed = recorded.changed + libraries.changed + methods.changed;
    if (changed > 0)
        sentences.push_back(
            fmt::format("{} inside the bound predict{} another class than the exact network for some input.",
                        counted(changed, "run"), changed == 1 ? "s" : ""));
    return sentences;
}

}  // namespace program
