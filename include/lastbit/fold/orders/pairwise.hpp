// SPDX-License-Identifier: BSL-1.0
#pragma once
// Order pairwise<Block>: halves are summed by themselves, then merged.

#include <lastbit/fold/orders/sequential.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// Up to Block terms in sequence; more are split at the largest power of two times Block below n, and the two parts'
/// states are merged. The height is about Block + log2(n / Block).
/// Source: [Hig02] section 4.1, with the split of a complete binary tree on the left.
template <std::size_t Block = 128>
    requires(Block > 0)
struct pairwise {
    static constexpr char const* name = "pairwise";

    /// The largest Block 2^k below n. Requires n > Block.
    [[nodiscard]] static constexpr std::size_t split_point(std::size_t n) noexcept {
        std::size_t m = Block;
        while (m < n - m) m *= 2;
        return m;
    }

    [[nodiscard]] static constexpr reduction_shape shape(std::size_t n, int) noexcept {
        if (n <= Block) return {n, 0, n, 0};
        std::size_t levels = 0;
        for (std::size_t m = Block; m < n; m *= 2) {
            ++levels;
            if (m > n / 2) break;
        }
        return {n, (n + Block - 1) / Block - 1, Block + levels, levels};
    }

    template <class State, class Terms>
    [[nodiscard]] static constexpr State run(Terms const& terms, std::size_t first, std::size_t n) {
        if (n <= Block) return sequential::run<State>(terms, first, n);
        std::size_t const left = split_point(n);
        State s = run<State>(terms, first, left);
        State const t = run<State>(terms, first + left, n - left);
        s.merge(t);
        return s;
    }
};

}  // namespace LASTBIT_ABI
}  // namespace lastbit
