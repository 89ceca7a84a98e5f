// SPDX-License-Identifier: BSL-1.0
#include "json.hpp"

#include <lastbit/base/format.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace program {
namespace {

using json = nlohmann::ordered_json;

json number(double x) {
    if (lastbit::is_nan(x)) return "nan";
    if (lastbit::is_inf(x)) return lastbit::is_negative(x) ? "-inf" : "inf";
    return x;
}

json share(std::size_t part, std::size_t all) { return static_cast<double>(part) / static_cast<double>(all); }

json row_json(row const& r, std::size_t count) {
    auto const& e = r.errors;
    return {{"name", r.name},
            {"kind", name(r.kind)},
            {"format", r.format},
            {"bits", r.bits},
            {"max_abs", number(e.max_abs)},
            {"mean_abs", number(e.mean_abs)},
            {"rms_abs", number(e.rms_abs)},
            {"max_ulp", number(e.max_ulp)},
            {"mean_ulp", number(e.mean_ulp)},
            {"rms_ulp", number(e.rms_ulp)},
            {"equal_bits", share(e.equal, count)},
            {"predictions_changed", e.predictions_changed},
            {"outside_bound", e.outside}};
}

json precision_json(precision_row const& r) {
    return {{"bits", r.bits},
            {"number", r.number},
            {"max_abs", number(r.max_abs)},
            {"mean_abs", number(r.mean_abs)},
            {"rms_abs", number(r.rms_abs)},
            {"max_ulp", number(r.max_ulp)},
            {"mean_ulp", number(r.mean_ulp)},
            {"rms_ulp", number(r.rms_ulp)},
            {"predictions_changed", r.predictions_changed}};
}

json disagreement_json(report const& found) {
    json names = json::array(), matrix = json::array();
    for (auto const& a : found.rows) {
        names.push_back(a.name);
        json line = json::array();
        for (auto const& b : found.rows) line.push_back(found.class_disagreement[a.bits][b.bits]);
        matrix.push_back(std::move(line));
    }
    return {{"names", std::move(names)}, {"share", std::move(matrix)}};
}

json layers_json(report const& found) {
    json layers = json::array();
    for (auto const& layer : found.layers)
        layers.push_back({{"layer", layer.name},
                          {"method", found.layers_of},
                          {"made", number(layer.made)},
                          {"inherited", number(layer.inherited)},
                          {"total", number(layer.total)},
                          {"condition", number(layer.condition)}});
    return layers;
}

json histogram_json(error_histogram const& histogram) {
    json answers = json::array();
    for (std::size_t k = 0; k < histogram.answers.size(); ++k) {
        auto const& a = histogram.answers[k];
        answers.push_back({{"bits", k}, {"below", a.below}, {"counts", a.counts}, {"not_finite", a.not_finite}});
    }
    return {{"edges", histogram.edges}, {"answers", std::move(answers)}};
}

json condition_json(report const& found) {
    json layers = json::array();
    for (auto const& layer : found.by_condition) {
        json bins = json::array();
        for (auto const& b : layer.bins)
            bins.push_back({{"from", number(b.from)},
                            {"to", number(b.to)},
                            {"sums", b.sums},
                            {"median", number(b.median)},
                            {"max", number(b.max)}});
        layers.push_back({{"layer", layer.layer},
                          {"method", found.layers_of},
                          {"terms", layer.terms},
                          {"bound_factor", number(layer.bound_factor)},
                          {"left_out", layer.left_out},
                          {"outside_bound", layer.outside},
                          {"bins", std::move(bins)}});
    }
    return layers;
}

json model_json(model_info const& model) {
    return {{"path", model.path},     {"weights", model.weights}, {"shape", model.shape},
            {"inputs", model.inputs}, {"outputs", model.outputs}, {"activations", model.activations}};
}

json witnesses_json(certificate_summary const& c) {
    json inputs = json::array();
    for (auto const& f : c.flipped)
        inputs.push_back({{"input", f.input}, {"exact_class", f.exact_class}, {"other_class", f.other_class}});
    return {{"flipped", c.flipped.size()},
            {"unknown", c.uncertain.size() - c.flipped.size()},
            {"inputs", std::move(inputs)}};
}

json certificate_json(certificate_summary const& c) {
    json by_input = json::array();
    for (auto const& i : c.by_input)
        by_input.push_back({{"predicted", i.predicted},
                            {"runner_up", i.runner_up},
                            {"margin", number(i.margin)},
                            {"bound", number(i.bound)},
                            {"certain", i.certain}});
    return {{"inputs", c.inputs},
            {"certain", c.certain},
            {"model", c.model},
            {"activation_ulps", number(c.activation_ulps)},
            {"uncertain", c.uncertain},
            {"witnesses", witnesses_json(c)},
            {"median_bound", number(c.median_bound)},
            {"largest_bound", number(c.largest_bound)},
            {"smallest_margin", number(c.smallest_margin)},
            {"by_input", std::move(by_input)}};
}

}  // namespace

std::string to_json(report const& found) {
    json rows = json::array(), precisions = json::array(), failed = json::array(), libraries = json::array();
    for (auto const& r : found.rows) rows.push_back(row_json(r, found.logit_count()));
    for (auto const& p : found.precisions) precisions.push_back(precision_json(p));
    for (auto const& f : found.failed) failed.push_back({{"name", f.name}, {"reason", f.reason}});
    for (auto const& l : found.libraries)
        libraries.push_back({{"name", l.name}, {"path", l.path}, {"version", l.version}});
    json const document = {
        {"version", fmt::format("{}.{}.{}", lastbit::version_major, lastbit::version_minor, lastbit::version_patch)},
        {"model", model_json(found.model)},
        {"input", {{"path", found.input_path}, {"rows", found.inputs}}},
        {"rows", std::move(rows)},
        {"precision", std::move(precisions)},
        {"failed", std::move(failed)},
        {"libraries", std::move(libraries)},
        {"disagreement", disagreement_json(found)},
        {"histogram", histogram_json(found.histogram)},
        {"layers", layers_json(found)},
        {"error_by_condition", condition_json(found)},
        {"certificate", certificate_json(found.certificate)},
        {"notes", found.notes}};
    return document.dump(1, ' ', false, json::error_handler_t::replace) + '\n';
}

}  // namespace program
