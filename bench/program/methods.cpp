// SPDX-License-Identifier: BSL-1.0
#include "methods.hpp"

#include <lastbit/fold/method.hpp>
#include <lastbit/nn/forward.hpp>

namespace program {
namespace {

template <class Method>
void run(lastbit::network<float> const& network, lastbit::matrix_view<float const> inputs,
         lastbit::matrix_view<float> outputs) {
    lastbit::forward<Method>(network, inputs, outputs);
}

template <class Accumulator>
void add_orders(std::vector<named_method>& methods) {
    using lastbit::method;
    methods.push_back(
        {method<Accumulator, lastbit::sequential>::name(), run<method<Accumulator, lastbit::sequential>>});
    methods.push_back({method<Accumulator, lastbit::lanes<>>::name(), run<method<Accumulator, lastbit::lanes<>>>});
    methods.push_back(
        {method<Accumulator, lastbit::pairwise<>>::name(), run<method<Accumulator, lastbit::pairwise<>>>});
}

using textbook = lastbit::method<lastbit::plain, lastbit::sequential>;

std::vector<named_method> make_methods() {
    std::vector<named_method> methods;
    methods.push_back({lastbit::correctly_rounded::name(), run<lastbit::correctly_rounded>});
    add_orders<lastbit::plain>(methods);
    add_orders<lastbit::fused>(methods);
    add_orders<lastbit::kahan>(methods);
    add_orders<lastbit::neumaier>(methods);
    add_orders<lastbit::klein>(methods);
    add_orders<lastbit::compensated<2>>(methods);
    add_orders<lastbit::widened<double>>(methods);
    return methods;
}

}  // namespace

std::vector<named_method> const& all_methods() {
    static std::vector<named_method> const methods = make_methods();
    return methods;
}

row run_method(named_method const& method, lastbit::network<float> const& network,
               lastbit::matrix_view<float const> inputs) {
    std::vector<float> values(inputs.rows() * network.outputs());
    method.run(network, inputs, lastbit::matrix_view<float>(values.data(), inputs.rows(), network.outputs()));
    row result;
    result.name = method.name;
    result.kind = row_kind::method;
    result.format = "float32";
    result.values = std::move(values);
    return result;
}

std::string correctly_rounded_name() { return lastbit::correctly_rounded::name(); }

std::string textbook_name() { return textbook::name(); }

double textbook_bound(std::size_t terms, double sum_of_absolutes) {
    return lastbit::error_bound<textbook, float>(terms, {sum_of_absolutes, sum_of_absolutes, true});
}

std::vector<std::vector<float>> textbook_layers(lastbit::network<float> const& network,
                                                lastbit::matrix_view<float const> inputs) {
    std::vector<std::vector<float>> outputs;
    lastbit::matrix_view<float const> x = inputs;
    for (auto const& layer : network.layers()) {
        auto& y = outputs.emplace_back(inputs.rows() * layer.outputs());
        lastbit::forward<textbook>(layer.view(), x,
                                   lastbit::matrix_view<float>(y.data(), inputs.rows(), layer.outputs()));
        x = {y.data(), inputs.rows(), layer.outputs()};
    }
    return outputs;
}

}  // namespace program
