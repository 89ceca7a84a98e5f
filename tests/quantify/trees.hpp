// SPDX-License-Identifier: BSL-1.0
#pragma once
// A network evaluated in float32, each output in a random binary tree with the bias at a random leaf and products fused
// at random, under either model of arithmetic. Every operation is exact and rounded once by the oracle.

#include "oracle/numbers.hpp"
#include <lastbit/nn/network.hpp>
#include <lastbit/quantify/network_bound.hpp>

namespace lastbit_tests {

using lastbit::oracle::real;

/// One float32 processor: rounds, and under ftz reads and writes zeros for subnormals (both, or as chance has it).
class float_unit {
public:
    float_unit(lastbit::random_stream& random, lastbit::quantify::arithmetic model) : random_(random), model_(model) {}

    [[nodiscard]] float read(float x) {
        bool const tiny = lastbit::absolute(x) < lastbit::smallest_normal<float>();
        return flushes() && tiny ? 0.0F : x;
    }
    [[nodiscard]] float write(real const& exact) {
        auto const rounded = exact.round<float>();
        // Some processors test before rounding, some after.
        bool const tiny = chance() ? lastbit::absolute(rounded) < lastbit::smallest_normal<float>()
                                   : exact.abs() < real(lastbit::smallest_normal<float>());
        return flushes() && tiny ? 0.0F : rounded;
    }
    [[nodiscard]] bool chance() { return random_.bits() % 2 == 0; }
    [[nodiscard]] std::size_t below(std::size_t n) { return random_.below(n); }

private:
    [[nodiscard]] bool flushes() { return model_ == lastbit::quantify::arithmetic::ftz && random_.below(4) != 0; }

    lastbit::random_stream& random_;
    lastbit::quantify::arithmetic model_;
};

/// A product that may still be fused, or a value.
struct leaf {
    bool is_product;
    float a;
    float b;
};

[[nodiscard]] inline float value_of(float_unit& unit, leaf const& x) {
    return x.is_product ? unit.write(real(unit.read(x.a)) * real(unit.read(x.b))) : unit.read(x.a);
}

[[nodiscard]] inline float combine(float_unit& unit, leaf const& x, leaf const& y) {
    if (x.is_product && unit.chance()) {
        float const addend = value_of(unit, y);
        return unit.write(real(unit.read(x.a)) * real(unit.read(x.b)) + real(unit.read(addend)));
    }
    float const a = value_of(unit, x), b = value_of(unit, y);
    return unit.write(real(unit.read(a)) + real(unit.read(b)));
}

/// The outputs of the network for one row; `sequential` takes the terms one after the other, the bias first.
[[nodiscard]] inline std::vector<float> forward_in_some_order(float_unit& unit, lastbit::network<float> const& net,
                                                              std::vector<float> x, bool sequential = false) {
    for (auto const& layer : net.layers()) {
        auto const view = layer.view();
        std::vector<float> y;
        for (std::size_t i = 0; i < view.outputs(); ++i) {
            std::vector<leaf> leaves;
            if (!view.bias.empty()) leaves.push_back({false, view.bias[i], 0});
            for (std::size_t j = 0; j < view.inputs(); ++j) leaves.push_back({true, view.weight(i, j), x[j]});
            while (leaves.size() > 1) {
                std::size_t const first = sequential ? 0 : unit.below(leaves.size());
                leaf const a = leaves[first];
                leaves.erase(leaves.begin() + static_cast<std::ptrdiff_t>(first));
                std::size_t const second = sequential ? 0 : unit.below(leaves.size());
                leaves[second] = {false, combine(unit, leaves[second], a), 0};
            }
            y.push_back(lastbit::activate(view.act, value_of(unit, leaves[0])));
        }
        x = y;
    }
    return x;
}

}  // namespace lastbit_tests
