// SPDX-License-Identifier: BSL-1.0
#include "text.hpp"

#include <lastbit/base/format.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iterator>

namespace program {
namespace {

/// Two digits, to nearest, or the next such number where that lies on the wrong side of x.
std::string directed(double x, bool up) {
    auto const nearest = short_number(x);
    if (!lastbit::is_finite(x) || lastbit::is_zero(x)) return nearest;
    double const printed = std::strtod(nearest.c_str(), nullptr);
    if (up ? printed >= x : printed <= x) return nearest;
    int digits = (nearest[0] - '0') * 10 + (nearest[2] - '0') + (up ? 1 : -1);
    int exponent = std::atoi(nearest.c_str() + nearest.find('e') + 1);
    if (digits == 100) digits = 10, ++exponent;
    if (digits == 9) digits = 99, --exponent;
    return fmt::format("{}.{}e{}{:02}", digits / 10, digits % 10, exponent < 0 ? '-' : '+', std::abs(exponent));
}

void append_filled(std::string& page, std::string const& text, std::size_t indent) {
    for (auto const& line : filled(text, indent)) page += line + '\n';
}

void append_layers(std::string& page, report const& found, style const& paint) {
    page += '\n' + paint.heading("ERROR BY LAYER") +
            paint.quiet(
                fmt::format("  {}, rms over the layer's outputs for all inputs; condition: median", found.layers_of)) +
            '\n';
    page += paint.quiet(fmt::format("   {:<12}{:<14}{:<12}{:>10}{:>12}{:>10}{:>12}", "layer", "shape", "activation",
                                    "made", "inherited", "total", "condition")) +
            '\n';
    for (auto const& layer : found.layers)
        page += fmt::format("   {:<12}{:<14}{:<12}{:>10}{:>12}{:>10}{:>12}\n", layer.name, layer.shape,
                            layer.activation, short_number(layer.made), short_number(layer.inherited),
                            short_number(layer.total), short_number(layer.condition));
}

char const* arithmetic_text(std::string const& model) {
    return model == "ftz"
               ? "any binary tree of float32 additions to nearest, products rounded or fused, bias at any leaf, "
                 "subnormals flushed to zero, no overflow"
               : "any binary tree of float32 additions to nearest, products rounded or fused, bias at any leaf, "
                 "gradual underflow, no overflow";
}

/// ", activations off by at most 4 ulps", where there are any but linear and relu.
std::string activations_text(report const& found) {
    if (!found.model.rounds_in_sums_alone())
        return fmt::format(", activations off by at most {} ulps", found.certificate.activation_ulps);
    return {};
}

/// The first of a list of rows.
template <class Rows>
std::string listed(Rows const& rows) {
    constexpr std::size_t most = 200;
    auto const shown = std::min(most, rows.size());
    auto const last = rows.begin() + static_cast<std::ptrdiff_t>(shown);
    return fmt::format("{}{}", fmt::join(rows.begin(), last, ", "),
                       shown < rows.size() ? fmt::format(", and {} more in --json", rows.size() - shown) : "");
}

/// What the search for orders that flip predictions came to. Where activations are rounded as well, their rounding may
/// be what flips one.
void append_witnesses(std::string& page, report const& found) {
    auto const& c = found.certificate;
    std::vector<std::size_t> rows;
    for (auto const& f : c.flipped) rows.push_back(f.input);
    auto const unknown = c.uncertain.size() - rows.size();
    append_filled(page,
                  rows.empty() ? fmt::format("unknown: {}; no order that flips a prediction was found", unknown)
                               : fmt::format("flipped by {} found and replayed: {} (rows {}); unknown: {}",
                                             found.model.rounds_in_sums_alone()
                                                 ? "an order"
                                                 : "the rounding of sums and activations in an order",
                                             rows.size(), listed(rows), unknown),
                  3);
}

void append_certificate(std::string& page, report const& found, style const& paint) {
    auto const& c = found.certificate;
    bool const all = c.certain == c.inputs, classes = found.model.outputs > 1;
    auto const verdict =
        classes ? fmt::format("{} of {} certain", c.certain, counted(c.inputs, "input"))
                : fmt::format("a bound for {} of {}", c.inputs - c.without_bound, counted(c.inputs, "input"));
    page += '\n' + paint.heading("CERTIFICATE") + "  " + (all ? paint.good(verdict) : paint.bad(verdict)) + '\n';
    append_filled(page, fmt::format("covers {}{}", arithmetic_text(c.model), activations_text(found)), 3);
    append_filled(page,
                  fmt::format("bound on a logit's error: median {}, largest {}{}", short_number_up(c.median_bound),
                              short_number_up(c.largest_bound),
                              classes ? "; smallest margin of a class: " + short_number_down(c.smallest_margin) : ""),
                  3);
    if (c.uncertain.empty()) return;
    append_filled(page, fmt::format("not certain (rows of the input, from 0): {}", listed(c.uncertain)), 3);
    if (classes) append_witnesses(page, found);
}

void append_libraries(std::string& page, report const& found, style const& paint) {
    if (found.libraries.empty() && found.failed.empty() && found.notes.empty()) return;
    page += '\n' + paint.heading("NOTES") + '\n';
    for (auto const& l : found.libraries) append_filled(page, fmt::format("{}: {}, {}", l.name, l.version, l.path), 3);
    for (auto const& f : found.failed) append_filled(page, fmt::format("{} has no row: {}", f.name, f.reason), 3);
    for (auto const& note : found.notes) append_filled(page, note, 3);
}

std::string next_step(report const& found) {
    auto const outside =
        std::find_if(found.rows.begin(), found.rows.end(), [](row const& r) { return r.errors.outside > 0; });
    if (outside != found.rows.end())
        return fmt::format(
            "Next: find out what {} computes in (precision policy, quantisation, weights, inputs). --json FILE keeps "
            "every figure.",
            fitted(outside->name, 60));
    auto const& c = found.certificate;
    if (c.without_bound > 0) return "Next: the notes say why no bound holds. --json FILE keeps every figure.";
    if (!c.flipped.empty())
        return fmt::format("Next: {} of {} depends on {}: treat those inputs as ties. --json FILE keeps every figure.",
                           c.flipped.size() == 1 ? "the prediction" : "each prediction",
                           counted(c.flipped.size(), "input"),
                           found.model.rounds_in_sums_alone() ? "the order of summation alone"
                                                              : "rounding alone, that of sums and of activations");
    if (c.certain < c.inputs)
        return "Next: the bound, far above the errors seen, does not settle the inputs listed. Compare the margin of "
               "each with the errors of the rows: only one as small as those is a real tie. --json FILE keeps every "
               "figure.";
    return "Next: --output NAME=FILE.npy holds your own framework's logits against these; --json FILE keeps every "
           "figure.";
}

}  // namespace

std::string label(std::size_t k) {
    std::string text(1, static_cast<char>('A' + k % 26));
    for (k /= 26; k > 0; k = (k - 1) / 26) text.insert(text.begin(), static_cast<char>('A' + (k - 1) % 26));
    return text;
}

std::string short_number(double x) {
    if (lastbit::is_nan(x)) return "nan";
    if (lastbit::is_inf(x)) return lastbit::is_negative(x) ? "-inf" : "inf";
    return lastbit::is_zero(x) ? "0" : fmt::format("{:.1e}", x);
}

std::string short_number_up(double x) { return directed(x, true); }

std::string short_number_down(double x) { return directed(x, false); }

std::string counted(std::size_t n, std::string const& thing) {
    if (n == 1) return "1 " + thing;
    return thing.ends_with("ary") ? fmt::format("{} {}ies", n, thing.substr(0, thing.size() - 1))
                                  : fmt::format("{} {}s", n, thing);
}

std::string to_text(report const& found, style const& paint) {
    std::string page = '\n' + paint.heading("lastbit report") + '\n';
    append_filled(page, fmt::format("model  {}, {}, {}", found.model.path, found.model.shape, found.model.weights), 0);
    append_filled(page, fmt::format("input  {}, {}", found.input_path, counted(found.inputs, "row")), 0);
    page += '\n';
    for (auto const& sentence : answer_sentences(found)) {
        auto lines = filled(sentence, 2);
        lines.front().front() = '*';
        for (auto const& line : lines) page += paint.heading(line) + '\n';
    }
    append_rows(page, found, paint);
    append_precisions(page, found, paint);
    append_disagreement(page, found, paint);
    append_layers(page, found, paint);
    append_certificate(page, found, paint);
    append_libraries(page, found, paint);
    page += '\n';
    append_filled(page, next_step(found), 0);
    return page;
}

}  // namespace program
