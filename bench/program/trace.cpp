// SPDX-License-Identifier: BSL-1.0
#include "trace.hpp"

#include <lastbit/base/config.hpp>
#include <lastbit/nn/forward.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <utility>

namespace program {
namespace {

using json = nlohmann::ordered_json;
using lastbit::oracle::real;

/// In ulps of the exact result; a NaN where one of them is not finite.
double in_ulps_of(real const& error, real const& exact) {
    if (!error.is_finite() || !exact.is_finite()) return lastbit::canonical_nan<double>();
    return error.scaled(-lastbit::quantify::ulp_exponent<float>(exact)).round<double>();
}

template <class Trace>
void take_steps(traced_neuron& found, Trace const& trace, lastbit::dense_view<float> const& layer,
                std::vector<float> const& x) {
    for (auto const& s : trace.steps) {
        trace_line line;
        line.kind = s.merges ? "merge" : s.index == x.size() ? "bias" : "product";
        line.index = s.index;
        line.first = s.first;
        if (line.kind == "product") {
            line.input = x[s.index];
            line.weight = layer.weight(found.neuron, s.index);
        }
        line.before = static_cast<double>(s.before);
        line.added = static_cast<double>(s.added);
        line.after = static_cast<double>(s.after);
        line.exact = s.exact.template round<double>();
        real const made = s.made + s.product_made;
        line.made = made.round<double>();
        line.made_ulp = in_ulps_of(made, trace.exact);
        found.made_ulp += lastbit::absolute(in_ulps_of(s.made, trace.exact)) +
                          lastbit::absolute(in_ulps_of(s.product_made, trace.exact));
        line.error_ulp = s.error_ulp;
        line.inherited_ulp = s.inherited_ulp;
        line.cancelled_bits = s.cancelled_bits;
        line.catastrophic = s.catastrophic;
        found.lines.push_back(std::move(line));
    }
}

/// The outputs of one layer for one row.
template <class Method>
std::vector<float> outputs_of(lastbit::dense<float> const& layer, std::vector<float> const& x) {
    std::vector<float> y(layer.outputs());
    lastbit::forward<Method>(layer, lastbit::matrix_view<float const>(x.data(), 1, x.size()),
                             lastbit::matrix_view<float>(y.data(), 1, y.size()));
    return y;
}

template <class Method>
traced_neuron run(lastbit::network<float> const& network, std::vector<float> x, std::size_t layer, std::size_t neuron) {
    for (std::size_t k = 0; k < layer; ++k) x = outputs_of<Method>(network[k], x);
    auto const view = network[layer].view();
    traced_neuron found;
    auto const trace = lastbit::quantify::trace_of_output<Method>(view, neuron, x, found.limits);
    using held = lastbit::detail::held_t<Method, float>;
    found.method = Method::name();
    found.format = lastbit::format<held>::name;
    found.activation = lastbit::name(view.act);
    found.layer = layer;
    found.neuron = neuron;
    found.products = x.size();
    for (float const input : x) found.inputs_not_finite += lastbit::is_finite(input) ? 0U : 1U;
    found.has_bias = !view.bias.empty();
    found.result = static_cast<double>(trace.result);
    found.exact = trace.exact.template round<double>();
    found.error_ulp = trace.error_ulp;
    found.error = lastbit::quantify::absolute_error(trace.result, trace.exact);
    found.output = static_cast<double>(outputs_of<Method>(network[layer], x)[neuron]);  // softmax needs them all
    take_steps(found, trace, view, x);
    return found;
}

struct tracer {
    std::string name;
    traced_neuron (*run)(lastbit::network<float> const&, std::vector<float>, std::size_t, std::size_t);
};

template <class Accumulator>
void add_orders(std::vector<tracer>& all) {
    auto const one = [&all]<class Order>(Order) {
        using M = lastbit::method<Accumulator, Order>;
        all.push_back({M::name(), run<M>});
    };
    one(lastbit::sequential{});
    one(lastbit::lanes<>{});
    one(lastbit::pairwise<>{});
}

std::vector<tracer> const& tracers() {
    static std::vector<tracer> const all = [] {
        std::vector<tracer> made;
        add_orders<lastbit::plain>(made);
        add_orders<lastbit::fused>(made);
        add_orders<lastbit::widened<double>>(made);
        return made;
    }();
    return all;
}

json number(double x) {
    if (lastbit::is_nan(x)) return "nan";
    if (lastbit::is_inf(x)) return lastbit::is_negative(x) ? "-inf" : "inf";
    return x;
}

json line_json(trace_line const& line) {
    json step{{"kind", line.kind}, {"index", line.index}, {"first", line.first}};
    if (line.kind == "product") {
        step["input"] = number(line.input);
        step["weight"] = line.weight;
    }
    step.update({{"before", number(line.before)},
                 {"added", number(line.added)},
                 {"after", number(line.after)},
                 {"exact", number(line.exact)},
                 {"made", number(line.made)},
                 {"made_ulp", number(line.made_ulp)},
                 {"error_ulp", number(line.error_ulp)},
                 {"inherited_ulp", number(line.inherited_ulp)},
                 {"cancelled_bits", line.cancelled_bits},
                 {"catastrophic", line.catastrophic}});
    return step;
}

}  // namespace

std::vector<std::string> traceable_methods() {
    std::vector<std::string> names;
    for (auto const& t : tracers()) names.push_back(t.name);
    return names;
}

traced_neuron trace_neuron(lastbit::network<float> const& network, std::vector<float> row, std::string const& method,
                           std::size_t layer, std::size_t neuron) {
    for (auto const& t : tracers())
        if (t.name == method) return t.run(network, std::move(row), layer, neuron);
    throw std::logic_error("trace_neuron: no method " + method);
}

std::string to_json(traced_neuron const& found) {
    json steps = json::array(), catastrophic = json::array();
    for (std::size_t k = 0; k < found.lines.size(); ++k) {
        steps.push_back(line_json(found.lines[k]));
        if (found.lines[k].catastrophic) catastrophic.push_back(k);
    }
    json const document = {
        {"version", fmt::format("{}.{}.{}", lastbit::version_major, lastbit::version_minor, lastbit::version_patch)},
        {"model", found.model},
        {"input", found.input},
        {"row", found.row},
        {"layer", found.layer},
        {"neuron", found.neuron},
        {"method", found.method},
        {"format", found.format},
        {"products", found.products},
        {"bias", found.has_bias},
        {"result", number(found.result)},
        {"exact", number(found.exact)},
        {"error", number(found.error)},
        {"error_ulp", number(found.error_ulp)},
        {"made_ulp", number(found.made_ulp)},
        {"activation", found.activation},
        {"output", number(found.output)},
        {"limits", {{"bits", found.limits.bits}, {"ulp", found.limits.ulp}}},
        {"catastrophic", std::move(catastrophic)},
        {"steps", std::move(steps)}};
    return document.dump(1, ' ', false, json::error_handler_t::replace) + '\n';
}

}  // namespace program
