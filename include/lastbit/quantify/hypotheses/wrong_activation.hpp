// SPDX-License-Identifier: BSL-1.0
#pragma once
// An activation that was left out, applied too early, or is another one.

#include <lastbit/quantify/hypotheses/hypothesis.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// Adds: no activation; the bias added after it; relu, and the two forms of gelu for each other.
inline void add_wrong_activation(hypothesis_list& list, evidence const& e) {
    activation const asked = e.asked.act;
    auto const is = [](activation act) { return [act](element_terms& t) { t.act = act; }; };
    if (asked != activation::linear) {
        list.push_back({"missing_activation", "the activation was left out", is(activation::linear)});
        if (e.asked.has_bias())
            list.push_back({"bias_after_activation", "the bias was added after the activation",
                            [](element_terms& t) {
                                t.after = t.bias;
                                t.bias = 0;
                            },
                            1.0});
    }
    for (activation const other : {activation::relu, activation::gelu, activation::gelu_tanh, activation::silu,
                                   activation::sigmoid, activation::tanh})
        if (other != asked)
            list.push_back(
                {"wrong_activation", "the activation was " + std::string(lastbit::name(other)), is(other), 2.0});
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
