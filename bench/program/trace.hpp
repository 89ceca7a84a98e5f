// SPDX-License-Identifier: BSL-1.0
#pragma once
// What `lastbit trace` found: one neuron's sum for one row, operation by operation, whatever format it was held in.

#include "terminal.hpp"

#include <lastbit/nn/network.hpp>
#include <lastbit/quantify/trace.hpp>

#include <string>
#include <vector>

namespace program {

/// quantify::trace_step with its numbers in double, which holds those of every format.
struct trace_line {
    std::string kind;  ///< "product", "bias" or "merge"
    std::size_t index = 0, first = 0;
    float input = 0, weight = 0;  ///< of a product
    double before = 0, added = 0, after = 0;
    double exact = 0;                         ///< rounded to double
    double made = 0;                          ///< by the product and the addition, computed less exact
    double made_ulp = 0;                      ///< the same in ulps of the exact result
    double error_ulp = 0, inherited_ulp = 0;  ///< in ulps of the exact partial sum
    int cancelled_bits = 0;
    bool catastrophic = false;
};

struct traced_neuron {
    std::string model, input, method, format, activation;  ///< format: of the partial sums
    std::size_t row = 0, layer = 0, neuron = 0, products = 0;
    std::size_t inputs_not_finite = 0;  ///< of the layer's inputs: what layers before it made of finite ones
    bool has_bias = false;
    lastbit::quantify::cancellation_limits limits;
    double result = 0, exact = 0, error_ulp = 0, error = 0;  ///< before the activation, in float32
    double output = 0;                                       ///< after it
    double made_ulp = 0;  ///< the magnitudes of all errors made, in ulps of the exact result
    std::vector<trace_line> lines;
};

/// The methods that can be traced: plain, fused and widened<double>, each sequential, lanes and pairwise.
[[nodiscard]] std::vector<std::string> traceable_methods();

/// The neuron's sum for the inputs of one row, which go through the layers before it by the same method.
/// Requires: the method is one of traceable_methods(), layer and neuron exist, the row fits the network.
[[nodiscard]] traced_neuron trace_neuron(lastbit::network<float> const& network, std::vector<float> row,
                                         std::string const& method, std::size_t layer, std::size_t neuron);

/// A page: the answer, then the first and last steps, the catastrophic ones and the largest errors.
[[nodiscard]] std::string to_text(traced_neuron const& found, style const& paint);

/// Everything, as docs/schema/trace.schema.json says.
[[nodiscard]] std::string to_json(traced_neuron const& found);

}  // namespace program
