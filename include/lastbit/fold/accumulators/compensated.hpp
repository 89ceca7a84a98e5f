// SPDX-License-Identifier: BSL-1.0
#pragma once
// Accumulator compensated<K>: results as if computed in K-fold precision and rounded once.

#include <lastbit/fold/accumulators/plain.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// K words: the errors of word k's additions are the terms of word k + 1; the last word is summed plainly. For K = 2
/// sums are Sum2 and dot products Dot2; for larger K sums are SumK, one pass.
///
/// A product enters with its error, from two_product. For K = 2 the two errors are added first, c <- fl(c + fl(q + r)),
/// as in Dot2; for K > 2 each enters word 1 as a term of its own, q before r: that is DotK with its vector of errors
/// taken in the order q_1, r_1, q_2, r_2, ..., where the published one, which needs 2 n words of memory, takes all r
/// before all q. Merging, which the published algorithms lack, adds the other's words, largest first, each as a term.
/// Error:   |result - exact| <= u |exact| + (1 + u) gamma_2N^K S, N = n + K merges (for products twice that) + K^2.
/// Special: a compensation that is not finite is dropped, at the end and in merging. The sum of -0 terms is +0.
/// Source:  [ORO05] algorithms 4.4 (Sum2), 4.8 (SumK), 5.3 (Dot2), 5.10 (DotK).
template <std::size_t K>
    requires(K >= 2 && K <= 9)
struct compensated {
    static constexpr char name[] = {'c', 'o', 'm', 'p', 'e', 'n', 's', 'a', 't', 'e', 'd', '<', '0' + K, '>', 0};
    static constexpr bool needs_two_product = true;
    template <class T>
    using held = T;

    template <class V>
    struct state {
        std::array<V, K> word = detail::neutral_words<V, K>();

        [[gnu::always_inline]] constexpr void add(V const& x) { add_from(0, x); }

        [[gnu::always_inline]] constexpr void add_product(V const& x, V const& y) {
            auto const [p, r] = two_product(x, y);
            auto const [s, q] = two_sum(word[0], p);
            word[0] = s;
            if constexpr (K == 2) {
                word[1] = lastbit::add(word[1], lastbit::add(q, r));
            } else {
                add_from(1, q);
                add_from(1, r);
            }
        }

        [[gnu::always_inline]] constexpr void merge(state const& b) {
            add(b.word[0]);
            for (std::size_t k = 1; k < K; ++k) add(zero_unless_finite(b.word[k], b.word[k]));
        }

        /// The remaining steps of SumK: word k is the last term of word k + 1's sum, after the errors that adding the
        /// earlier words leaves.
        [[nodiscard, gnu::always_inline]] constexpr inline V value() const {
            std::array<V, K> sum = word;
            for (std::size_t k = 1; k < K; ++k) sum[k] = zero_unless_finite(sum[k], sum[k]);
            std::array<V, K> pending{};
            pending[0] = sum[0];
            std::size_t count = 1;
            for (std::size_t k = 1; k + 1 < K; ++k) {
                for (std::size_t i = 0; i < count; ++i) {
                    auto const [s, e] = two_sum(sum[k], pending[i]);
                    sum[k] = s;
                    pending[i] = zero_unless_finite(e, e);
                }
                pending[count++] = sum[k];
            }
            for (std::size_t i = 0; i + 1 < count; ++i) sum[K - 1] = lastbit::add(sum[K - 1], pending[i]);
            return lastbit::add(pending[count - 1], zero_unless_finite(sum[K - 1], sum[K - 1]));
        }

    private:
        [[gnu::always_inline]] constexpr void add_from(std::size_t first, V x) {
            for (std::size_t k = first; k + 1 < K; ++k) {
                auto const [s, e] = two_sum(word[k], x);
                word[k] = s;
                x = e;
            }
            word[K - 1] = lastbit::add(word[K - 1], x);
        }
    };

    template <binary_format U>
    static constexpr double bound(reduction_shape shape, summand_size size) noexcept {
        double const u = unit_roundoff<U>;
        double const growth = detail::k_fold_growth(K, shape, size.products, u);
        double const underflow =
            size.products ? 5.0 * static_cast<double>(shape.terms) * detail::underflow_unit<U> : 0.0;
        return (u * size.absolute_of_sum + detail::scaled(growth, size.sum_of_absolutes) + underflow) *
               detail::bound_margin;
    }
};

}  // namespace LASTBIT_ABI
}  // namespace lastbit
