// SPDX-License-Identifier: BSL-1.0
#pragma once
// A state that records what an order does with it.

#include <algorithm>
#include <cstddef>
#include <string>

namespace lastbit_tests {

/// Which terms met, as text such as "((0 1) 2)", how deep a term lies, how many merges there were and how deep they go.
template <class>
struct counting_state {
    std::string text;
    std::size_t height = 0;
    std::size_t merges = 0;
    std::size_t levels = 0;

    void take(std::size_t i) {
        text = text.empty() ? std::to_string(i) : "(" + text + " " + std::to_string(i) + ")";
        ++height;
    }
    void merge(counting_state const& b) {
        text = "[" + text + " " + b.text + "]";
        height = std::max(height, b.height) + 1;
        merges += b.merges + 1;
        levels = std::max(levels, b.levels) + 1;
    }
};

struct counting_terms {
    template <class State>
    void step(State& s, std::size_t i) const {
        s.take(i);
    }
};

/// What the order says of itself is what it does; the height may be larger, never smaller.
template <class Shape, class State>
[[nodiscard]] bool shape_covers(Shape const& shape, State const& state, std::size_t n) {
    return shape.terms == n && shape.merges == state.merges && shape.levels == state.levels &&
           shape.height >= state.height && shape.height <= state.height + 1;
}

}  // namespace lastbit_tests
