// SPDX-License-Identifier: BSL-1.0
#pragma once
// Accumulator plain: one word, products rounded. What a loop with -ffp-contract=off computes.

#include <lastbit/eft.hpp>
#include <lastbit/fold/bounds.hpp>
#include <lastbit/fold/vector.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// s <- fl(s + x); a product is rounded once before it is added.
/// Error:   |result - exact| <= gamma_h S in sums, gamma_(h+1) S + underflow in dot products, h the order's height.
/// Special: as IEEE 754 says of these operations; a partial sum that overflows stays infinite.
/// Source:  [Hig02] (4.4).
struct plain {
    static constexpr char const* name = "plain";
    template <class T>
    using held = T;

    template <class V>
    struct state {
        std::array<V, 1> word = detail::neutral_words<V, 1>();

        [[gnu::always_inline]] constexpr void add(V const& x) { word[0] = lastbit::add(word[0], x); }
        [[gnu::always_inline]] constexpr void add_product(V const& x, V const& y) { add(lastbit::mul(x, y)); }
        [[gnu::always_inline]] constexpr void merge(state const& b) { add(b.word[0]); }
        [[nodiscard, gnu::always_inline]] constexpr inline V value() const { return word[0]; }
    };

    /// U is the format that sums are held in.
    template <binary_format U>
    static constexpr double bound(reduction_shape shape, summand_size size) noexcept {
        double const steps = static_cast<double>(shape.height) + (size.products ? 1.0 : 0.0);
        double const factor = detail::gamma(steps, unit_roundoff<U>);
        double const underflow =
            size.products ? static_cast<double>(shape.terms) * detail::underflow_unit<U> * (1.0 + factor) : 0.0;
        return (detail::scaled(factor, size.sum_of_absolutes) + underflow) * detail::bound_margin;
    }
};

}  // namespace LASTBIT_ABI
}  // namespace lastbit
