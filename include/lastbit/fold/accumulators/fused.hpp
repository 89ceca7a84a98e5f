// SPDX-License-Identifier: BSL-1.0
#pragma once
// Accumulator fused: one word, a product and its addition rounded together. What an FMA loop computes.

#include <lastbit/fold/accumulators/plain.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// s <- fl(s + x), and s <- fl(x y + s) with one rounding, on every target: emulated without FMA hardware.
/// Error:   |result - exact| <= gamma_h S + underflow, h the order's height, and for any n
///          (n - 1) u S in sums, (n + merges) u S + underflow in dot products. The smaller of the two counts.
/// Special: as IEEE 754 says of these operations.
/// Source:  [Hig02] section 3.1, with one rounding a term; docs/mathematics.md, lemma 5.
struct fused {
    static constexpr char const* name = "fused";
    template <class T>
    using held = T;

    template <class V>
    struct state {
        std::array<V, 1> word = detail::neutral_words<V, 1>();

        [[gnu::always_inline]] constexpr void add(V const& x) { word[0] = lastbit::add(word[0], x); }
        [[gnu::always_inline]] constexpr void add_product(V const& x, V const& y) {
            word[0] = lastbit::fma(x, y, word[0]);
        }
        [[gnu::always_inline]] constexpr void merge(state const& b) { add(b.word[0]); }
        [[nodiscard, gnu::always_inline]] constexpr inline V value() const { return word[0]; }
    };

    template <binary_format U>
    static constexpr double bound(reduction_shape shape, summand_size size) noexcept {
        double const additions = shape.terms > 0 ? static_cast<double>(shape.terms - 1) : 0.0;  // of sums, as plain's
        double const roundings =
            size.products ? static_cast<double>(shape.terms) + static_cast<double>(shape.merges) : additions;
        double const factor = detail::smaller(detail::gamma(static_cast<double>(shape.height), unit_roundoff<U>),
                                              detail::linear_growth(roundings, unit_roundoff<U>));
        double const underflow =
            size.products ? static_cast<double>(shape.terms) * detail::underflow_unit<U> * (1.0 + factor) : 0.0;
        return (detail::scaled(factor, size.sum_of_absolutes) + underflow) * detail::bound_margin;
    }
};

}  // namespace LASTBIT_ABI
}  // namespace lastbit
