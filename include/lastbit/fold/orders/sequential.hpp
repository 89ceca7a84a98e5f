// SPDX-License-Identifier: BSL-1.0
#pragma once
// Order sequential: ((t0 + t1) + t2) + ... , the textbook's.

#include <lastbit/fold/bounds.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// One state takes the terms in the order of their indices.
struct sequential {
    static constexpr char const* name = "sequential";

    [[nodiscard]] static constexpr reduction_shape shape(std::size_t n, int) noexcept { return {n, 0, n, 0}; }

    /// Terms first ... first + n - 1 in one state.
    template <class State, class Terms>
    [[nodiscard]] static constexpr State run(Terms const& terms, std::size_t first, std::size_t n) {
        State s;
        for (std::size_t i = first; i < first + n; ++i) terms.step(s, i);
        return s;
    }
};

}  // namespace LASTBIT_ABI
}  // namespace lastbit
