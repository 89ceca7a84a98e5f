// SPDX-License-Identifier: BSL-1.0
#include "analysis.hpp"

#include "methods.hpp"
#include "plot_data.hpp"
#include "precision.hpp"

#include <lastbit/oracle/network.hpp>
#include <lastbit/quantify/certificate.hpp>
#include <lastbit/quantify/condition.hpp>
#include <lastbit/quantify/error.hpp>
#include <lastbit/quantify/layer_budget.hpp>
#include <lastbit/quantify/prediction.hpp>
#include <lastbit/quantify/summary.hpp>
#include <lastbit/quantify/witness.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <span>

namespace program {
namespace {

namespace oracle = lastbit::oracle;
namespace quantify = lastbit::quantify;

/// What every row is held against.
struct judge {
    oracle::exact_matrix const& exact;
    quantify::certificate const& certificate;
};

template <lastbit::binary_format T>
std::size_t count_equal(std::vector<T> const& values, oracle::exact_matrix const& exact) {
    std::size_t equal = 0;
    auto const expected = exact.round<T>();
    for (std::size_t k = 0; k < values.size(); ++k)
        equal += lastbit::to_bits(values[k]) == lastbit::to_bits(expected[k]) ? 1U : 0U;
    return equal;
}

template <lastbit::binary_format T>
std::size_t count_changed(std::vector<T> const& values, judge const& against) {
    std::size_t const width = against.exact.cols();
    std::size_t changed = 0;
    for (std::size_t i = 0; i < against.exact.rows(); ++i) {
        auto const logits = std::span(values).subspan(i * width, width);
        changed += quantify::predicted_class(logits) != against.certificate.inputs[i].predicted ? 1U : 0U;
    }
    return changed;
}

/// Where the certificate has no bound, nothing is known to lie outside it.
std::size_t count_outside(std::vector<double> const& errors, quantify::error_bounds const& bounds) {
    std::size_t outside = 0;
    for (std::size_t k = 0; k < errors.size(); ++k) outside += errors[k] > bounds.values()[k] ? 1U : 0U;
    return outside;
}

template <lastbit::binary_format T>
row_errors measure(std::vector<T> const& values, judge const& against) {
    auto const absolute = quantify::absolute_errors(values, against.exact.values());
    auto const in_ulps = quantify::ulp_errors(values, against.exact.values());
    auto const a = quantify::summarise(absolute), u = quantify::summarise(in_ulps);
    return {a.max,
            a.mean,
            a.rms,
            u.max,
            u.mean,
            u.rms,
            count_equal(values, against.exact),
            count_changed(values, against),
            count_outside(absolute, against.certificate.bounds)};
}

/// The logits as bits of float64, to which each of the formats widens exactly: equal values of two formats are equal.
std::vector<std::uint64_t> bits_of(logits const& values) {
    return std::visit(
        [](auto const& array) {
            std::vector<std::uint64_t> bits;
            for (auto const x : array) bits.push_back(lastbit::to_bits(lastbit::detail::convert<double>(x)));
            return bits;
        },
        values);
}

double share_that_differs(std::vector<std::uint64_t> const& a, std::vector<std::uint64_t> const& b) {
    std::size_t differing = 0;
    for (std::size_t k = 0; k < a.size(); ++k) differing += a[k] != b[k] ? 1U : 0U;
    return static_cast<double>(differing) / static_cast<double>(a.size());
}

/// Numbers the distinct answers in the order in which they come, and compares each two.
void compare_bits(report& found) {
    std::map<std::vector<std::uint64_t>, std::size_t> numbers;
    std::vector<std::vector<std::uint64_t>> answers;
    for (auto& r : found.rows) {
        auto bits = bits_of(r.values);
        auto const [entry, is_new] = numbers.emplace(std::move(bits), answers.size());
        if (is_new) answers.push_back(entry->first);
        r.bits = entry->second;
    }
    found.classes = answers.size();
    found.class_disagreement.assign(answers.size(), std::vector<double>(answers.size(), 0.0));
    for (std::size_t i = 0; i < answers.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            found.class_disagreement[i][j] = found.class_disagreement[j][i] =
                share_that_differs(answers[i], answers[j]);
}

void measure_rows(report& found, judge const& against, progress& steps) {
    std::map<std::pair<std::size_t, std::string>, row_errors> known;  // rows with the same bits share their figures
    for (auto& r : found.rows) {
        steps.step(r.name);
        auto const key = std::pair(r.bits, r.format);
        auto place = known.find(key);
        if (place == known.end())
            place =
                known.emplace(key, std::visit([&](auto const& values) { return measure(values, against); }, r.values))
                    .first;
        r.errors = place->second;
    }
}

void summarise_certificate(report& found, quantify::certificate const& certificate) {
    auto& summary = found.certificate;
    summary.model = quantify::name(certificate.model);
    summary.inputs = certificate.inputs.size();
    summary.certain = certificate.certain();
    summary.median_bound = certificate.median_bound();
    summary.largest_bound = quantify::percentile(certificate.bounds.values(), 100);
    summary.smallest_margin = certificate.inputs[certificate.narrowest()].margin;
    for (std::size_t i = 0; i < certificate.inputs.size(); ++i) {
        auto const& input = certificate.inputs[i];
        summary.by_input.push_back({input.predicted, input.runner_up, input.margin, input.bound, input.certain});
        if (!input.certain) summary.uncertain.push_back(i);
        if (input.status != quantify::bound_status::valid) ++summary.without_bound;
    }
    if (summary.without_bound > 0)
        found.notes.push_back(
            fmt::format("no bound holds for {} of {} inputs: a layer is too wide for float32 sums, or a partial "
                        "sum may overflow; those inputs are not certain, and no logit of theirs counts as outside",
                        summary.without_bound, summary.inputs));
}

/// Which of the inputs that are not certain some order flips.
void find_flipped(report& found, lastbit::network<float> const& network, lastbit::matrix_view<float const> inputs,
                  std::span<oracle::exact_matrix const> exact, quantify::certificate const& certificate) {
    auto const verdicts = quantify::find_witnesses(network, inputs, exact, certificate);
    for (std::size_t i = 0; i < verdicts.size(); ++i)
        if (auto const& witness = verdicts[i].found)
            found.certificate.flipped.push_back({i, witness->exact_class, witness->other_class});
}

/// The median condition number of a layer's sums; those of units whose terms are all 0 do not count.
double median_condition(lastbit::dense_view<float> const& layer, oracle::exact_matrix const& inputs) {
    auto conditions = quantify::conditions_of_layer(layer, inputs);
    std::erase_if(conditions, [](double c) { return lastbit::is_nan(c); });
    return quantify::percentile(conditions, 50);
}

/// The outputs of each layer by the textbook's method, and whose error they have.
void budget_layers(report& found, lastbit::network<float> const& network, lastbit::matrix_view<float const> inputs,
                   std::span<oracle::exact_matrix const> exact) {
    auto outputs = textbook_layers(network, inputs);
    std::vector<lastbit::matrix_view<float const>> views;
    for (std::size_t k = 0; k < network.size(); ++k)
        views.emplace_back(outputs[k].data(), inputs.rows(), network[k].outputs());
    auto const budgets = quantify::budget_by_layer(network, inputs, views, exact);
    found.layers_of = textbook_name();
    for (std::size_t k = 0; k < network.size(); ++k)
        found.layers.push_back(
            {fmt::format("dense_{}", k), fmt::format("{} -> {}", network[k].inputs(), network[k].outputs()),
             std::string(lastbit::name(network[k].act())), budgets[k].made.rms, budgets[k].inherited.rms,
             budgets[k].total.rms,
             median_condition(network[k].view(), k == 0 ? oracle::exact_matrix(inputs) : exact[k - 1])});
    found.by_condition = errors_by_condition(network, inputs, views);
}

}  // namespace

void analyse(report& found, lastbit::network<float> const& network, lastbit::matrix_view<float const> inputs,
             std::vector<std::size_t> const& precisions, covered const& cover, progress& steps) {
    auto const exact = oracle::forward_layers(
        network, inputs, [&](std::size_t row, std::size_t) { steps.step(fmt::format("exact network, row {}", row)); });
    steps.step("certificate");
    auto const model = cover.ftz ? quantify::arithmetic::ftz : quantify::arithmetic::ieee;
    auto const certificate = quantify::certify(network, inputs, std::span(exact), model, cover.activation_ulps);
    found.certificate.activation_ulps = cover.activation_ulps;
    summarise_certificate(found, certificate);
    steps.step("witnesses");
    find_flipped(found, network, inputs, std::span(exact), certificate);
    compare_bits(found);
    measure_rows(found, {exact.back(), certificate}, steps);
    found.histogram = histogram_of_errors(found, exact.back());
    for (std::size_t const bits : precisions) {
        steps.step(fmt::format("{} bits", bits));
        found.precisions.push_back(run_precision(bits, network, inputs, exact.back()));
    }
    steps.step("error by layer");
    budget_layers(found, network, inputs, std::span(exact));
}

}  // namespace program
