// SPDX-License-Identifier: BSL-1.0
#pragma once
// Accumulator plain: one word, products rounded. What a loop with -ffp-contract=off computes.

#include <lastbit/eft.hpp>
#include <lastbit/fold/bounds.hpp>
#include <lastbit/fold/vector.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// s <- fl(s + x); a product is rounded once before it is added.
/// Error:   |result - exact| <= gamma_h S in sums, gamma_(h+1) S + underflow in dot products, h the order's height; and
///          (n - 1) u S in sums, about n u S + underflow in dot products, for any n. The smaller of the two counts.
/// Special: as IEEE 754 says of these operations; a partial sum that overflows stays infinite.
/// Source:  [Hig02] (4.4); [JR13]; docs/mathematics.md, lemma 4.
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
        constexpr double u = unit_roundoff<U>;
        double const steps = static_cast<double>(shape.height) + (size.products ? 1.0 : 0.0);
        double const additions = shape.terms > 0 ? static_cast<double>(shape.terms - 1) : 0.0;
        double const in_terms =
            size.products ? detail::linear_growth(additions, u) * (1.0 + u) + u : detail::linear_growth(additions, u);
        double const factor = detail::smaller(detail::gamma(steps, u), in_terms);
        double const underflow =
            size.products ? static_cast<double>(shape.terms) * detail::underflow_unit<U> * (1.0 + factor) : 0.0;
        return (detail::scaled(factor, size.sum_of_absolutes) + underflow) * detail::bound_margin;
    }
};

}  // namespace LASTBIT_ABI
}  // namespace lastbit
