// SPDX-License-Identifier: BSL-1.0
#pragma once
// Accumulator klein: neumaier's compensation is itself summed with a compensation.

#include <lastbit/fold/accumulators/plain.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// [s, e] = sorted_two_sum(s, x); [c, d] = sorted_two_sum(c, e); cc <- fl(cc + d); the result is fl(s + fl(c + cc)).
/// Products are rounded once before.
///
/// Merging, which the published algorithm lacks, adds the other's three words, largest first, each as a term.
/// Error:   |result - exact| <= u |exact| + (2 u gamma_2N + gamma_2N^3) S (1 + u)^2, N = n + 3 merges; each product
///          adds u |x y|.
/// Special: a compensation that is not finite is dropped, at the end and in merging. The sum of -0 terms is +0.
/// Source:  [Kle06] the second-order iterative Kahan-Babuska algorithm.
struct klein {
    static constexpr char const* name = "klein";
    template <class T>
    using held = T;

    template <class V>
    struct state {
        std::array<V, 3> word = detail::neutral_words<V, 3>();

        [[gnu::always_inline]] constexpr void add(V const& x) {
            auto const [s, e] = sorted_two_sum(word[0], x);
            auto const [c, d] = sorted_two_sum(word[1], e);
            word = {s, c, lastbit::add(word[2], d)};
        }
        [[gnu::always_inline]] constexpr void add_product(V const& x, V const& y) { add(lastbit::mul(x, y)); }
        [[gnu::always_inline]] constexpr void merge(state const& b) {
            add(b.word[0]);
            add(zero_unless_finite(b.word[1], b.word[1]));
            add(zero_unless_finite(b.word[2], b.word[2]));
        }
        [[nodiscard, gnu::always_inline]] constexpr inline V value() const {
            V const c = lastbit::add(zero_unless_finite(word[1], word[1]), zero_unless_finite(word[2], word[2]));
            return lastbit::add(word[0], zero_unless_finite(c, c));
        }
    };

    template <binary_format U>
    static constexpr double bound(reduction_shape shape, summand_size size) noexcept {
        double const u = unit_roundoff<U>;
        double const g =
            detail::error_growth(static_cast<double>(shape.terms) + 3.0 * static_cast<double>(shape.merges), u);
        double const product_error = detail::product_rounding<U>(shape.terms, size);
        double const s = size.absolute_of_sum + product_error;
        double const S = size.sum_of_absolutes + product_error;
        double const compensated = (2.0 * u * g + g * g * g) * (1.0 + u) * (1.0 + u);
        return (u * s + detail::scaled(compensated, S) + product_error) * detail::bound_margin;
    }
};

}  // namespace LASTBIT_ABI
}  // namespace lastbit
