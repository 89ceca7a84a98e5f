// SPDX-License-Identifier: BSL-1.0
#pragma once
// Accumulator neumaier: the errors of the additions are summed beside the sum and added once, at the end.

#include <lastbit/fold/accumulators/plain.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// [s, e] = sorted_two_sum(s, x); c <- fl(c + e); the result is fl(s + c). Products are rounded once before.
///
/// Merging, which the published algorithm lacks, adds the other's sum, then its compensation, each as a term.
/// Error:   |result - exact| <= u |exact| + (1 + u) gamma_2N^2 S, N = n + 2 merges; each product adds u |x y|.
/// Special: a compensation that is not finite is dropped, at the end and in merging: the result is then that of plain
///          summation. The sum of -0 terms is +0, since the compensation starts at +0.
/// Source:  [Neu74] algorithm IV.
struct neumaier {
    static constexpr char const* name = "neumaier";
    template <class T>
    using held = T;

    template <class V>
    struct state {
        std::array<V, 2> word = detail::neutral_words<V, 2>();

        [[gnu::always_inline]] constexpr void add(V const& x) {
            auto const [t, e] = sorted_two_sum(word[0], x);
            word[0] = t;
            word[1] = lastbit::add(word[1], e);
        }
        [[gnu::always_inline]] constexpr void add_product(V const& x, V const& y) { add(lastbit::mul(x, y)); }
        [[gnu::always_inline]] constexpr void merge(state const& b) {
            add(b.word[0]);
            add(zero_unless_finite(b.word[1], b.word[1]));
        }
        [[nodiscard, gnu::always_inline]] constexpr inline V value() const {
            return lastbit::add(word[0], zero_unless_finite(word[1], word[1]));
        }
    };

    template <binary_format U>
    static constexpr double bound(reduction_shape shape, summand_size size) noexcept {
        double const u = unit_roundoff<U>;
        double const g =
            detail::error_growth(static_cast<double>(shape.terms) + 2.0 * static_cast<double>(shape.merges), u);
        double const product_error = detail::product_rounding<U>(shape.terms, size);
        double const s = size.absolute_of_sum + product_error;
        double const S = size.sum_of_absolutes + product_error;
        return (u * s + detail::scaled((1.0 + u) * g * g, S) + product_error) * detail::bound_margin;
    }
};

}  // namespace LASTBIT_ABI
}  // namespace lastbit
