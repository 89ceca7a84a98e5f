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
    std::set<std::string> libraries;
    double largest = 0;
    std::size_t changed = 0;  ///< rows that change a prediction

    void add(row const& r) {
        ++rows;
        answers.insert(r.bits);
        if (r.kind == row_kind::library) libraries.insert(r.name.substr(0, r.name.rfind('/')));
        if (lastbit::is_nan(r.errors.max_abs) || r.errors.max_abs > largest) largest = r.errors.max_abs;
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
    return lastbit::is_finite(t.largest) ? fmt::format("within {} of the exact logits", short_number_up(t.largest))
                                         : "of which some logits are not finite";
}

/// "float32 summation in any order", of the certificate's arithmetic.
std::string any_order(certificate_summary const& c) {
    return fmt::format("float32 summation in any order{}", c.model == "ftz" ? " with subnormals flushed" : "");
}

/// Where the rows lie. Nothing is said of the bound where it is none.
std::string where(tally const& t, certificate_summary const& c) {
    bool const finite = lastbit::is_finite(t.largest);
    auto const text = (t.rows > 1 && finite ? "all " : "") + distance(t);
    return c.without_bound > 0 || !finite ? text : text + ", which is inside the bound for " + any_order(c);
}

std::string capitalised(std::string text) {
    if (text.front() >= 'a' && text.front() <= 'z') text.front() = static_cast<char>(text.front() - 'a' + 'A');
    return text;
}

std::string recorded_sentence(report const& found, tally const& t) {
    return fmt::format("{}{}, {}.", capitalised(answers_from(t, counted(t.rows, "recorded run"))), t.formats(),
                       where(t, found.certificate));
}

/// Of the rows computed here that are not outside; empty if there are none.
std::string local_sentence(report const& found, tally const& libraries, tally const& methods, bool follows) {
    std::vector<std::string> parts;
    if (libraries.rows > 0)
        parts.push_back(answers_from(libraries, fmt::format("{} on {}", counted(libraries.rows, "run"),
                                                            counted(libraries.libraries.size(), "BLAS library"))));
    if (methods.rows > 0) parts.push_back(answers_from(methods, counted(methods.rows, "way") + " of summing"));
    if (parts.empty()) return {};
    tally both = methods;
    both.rows += libraries.rows;
    if (!(libraries.largest <= both.largest)) both.largest = libraries.largest;
    auto const text = fmt::format("{}", fmt::join(parts, ", "));
    bool const all = lastbit::is_finite(both.largest) && both.rows > 1;
    return follows ? fmt::format("Here: {}, {}{}.", text, all ? "all " : "", distance(both))
                   : fmt::format("{}, {}.", capitalised(text), where(both, found.certificate));
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
    auto const whose =
        all == recorded && recorded == 1
            ? std::string("The recorded run has")
            : fmt::format("{} of the {} {}", all, counted(recorded, "recorded run"), all == 1 ? "has" : "have");
    return fmt::format("{} the bits of a way of summing below in every logit: {}.", whose, fmt::join(parts, ", "));
}

/// Why the inputs that are not certain are not: the bound is too wide for the margin, or there is none.
std::string open_inputs(certificate_summary const& c) {
    std::vector<std::string> parts;
    if (auto const open = c.inputs - c.certain - c.without_bound; open > 0)
        parts.push_back(fmt::format("for {} the bound leaves the predicted class open", open));
    if (c.without_bound > 0) parts.push_back(fmt::format("for {} no bound holds", c.without_bound));
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::string outside_sentence(report const& found, row const& r) {
    auto const changed = found.model.outputs == 1 ? std::string()
                         : r.errors.predictions_changed == 0
                             ? std::string("; it changes no prediction")
                             : "; it changes " + counted(r.errors.predictions_changed, "prediction");
    auto const by = lastbit::is_finite(r.errors.max_abs) ? ", by up to " + short_number_up(r.errors.max_abs)
                                                         : std::string("; some are not finite");
    return fmt::format("{} lies outside: {} of {} {} farther from the exact ones than {} can take them{}{}.",
                       fitted(r.name, 60), r.errors.outside, counted(found.logit_count(), "logit"),
                       r.errors.outside == 1 ? "is" : "are", any_order(found.certificate), by, changed);
}

void append_outside(std::vector<std::string>& sentences, report const& found) {
    constexpr std::size_t in_detail = 3, most = 10;
    std::vector<std::string> names;
    for (auto const& r : found.rows)
        if (is_outside(r)) names.push_back(fitted(r.name, 60));
    if (names.size() > in_detail) {
        auto const count = names.size();
        names.resize(std::min(most, count));
        sentences.push_back(fmt::format("{} rows lie outside that bound: {}{}.", count, fmt::join(names, ", "),
                                        count > most ? fmt::format(" and {} more", count - most) : ""));
        return;
    }
    for (auto const& r : found.rows)
        if (is_outside(r)) sentences.push_back(outside_sentence(found, r));
}

/// Rows that rounding alone may have led to another class.
std::string changed_sentence(report const& found, std::size_t changed) {
    auto const& c = found.certificate;
    return fmt::format("{}{} {} another class than the exact network for some input{}.", counted(changed, "run"),
                       c.without_bound > 0 ? "" : " inside the bound", changed == 1 ? "predicts" : "predict",
                       c.without_bound > 0 ? fmt::format("; for {} of {} there is no bound to hold that against",
                                                         c.without_bound, counted(c.inputs, "input"))
                                           : "");
}

}  // namespace

/// With one output there is no class: what holds is the bound itself.
std::string certificate_sentence(report const& found) {
    auto const& c = found.certificate;
    auto const inputs = counted(c.inputs, "input");
    auto const order = c.model == "ftz" ? "float32 summation with subnormals flushed" : "float32 summation";
    if (found.model.outputs == 1)
        return c.without_bound > 0
                   ? fmt::format("No bound on the output holds for {} of {}.", c.without_bound, inputs)
                   : fmt::format("Under any order of {} the output is within {} of the exact one, for each of {}.",
                                 order, short_number_up(c.largest_bound), inputs);
    if (c.certain == c.inputs)
        return fmt::format("No order of {} can change a prediction: {} of {} {} certain.", order, c.certain, inputs,
                           c.certain == 1 ? "is" : "are");
    if (c.without_bound == c.inputs)
        return fmt::format("No bound holds for any of {}: no prediction is certain.", inputs);
    return fmt::format("{} of {} {} certain under any order of {}; {} (listed below).",
                       c.certain == 0 ? "None" : std::to_string(c.certain), inputs, c.certain > 1 ? "are" : "is", order,
                       open_inputs(c));
}

std::vector<std::string> answer_sentences(report const& found) {
    auto const recorded = tally_of(found, row_kind::recorded);
    auto const libraries = tally_of(found, row_kind::library);
    auto const methods = tally_of(found, row_kind::method);
    std::vector<std::string> sentences;
    if (recorded.rows > 0) sentences.push_back(recorded_sentence(found, recorded));
    sentences.push_back(certificate_sentence(found));
    append_outside(sentences, found);
    if (auto text = match_sentence(found); !text.empty()) sentences.push_back(std::move(text));
    if (auto text = local_sentence(found, libraries, methods, recorded.rows > 0); !text.empty())
        sentences.push_back(std::move(text));
    auto const changed = recorded.changed + libraries.changed + methods.changed;
    if (changed > 0 && found.model.outputs > 1) sentences.push_back(changed_sentence(found, changed));
    return sentences;
}

}  // namespace program
