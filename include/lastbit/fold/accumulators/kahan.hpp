// SPDX-License-Identifier: BSL-1.0
#pragma once
// Accumulator kahan: the compensation is subtracted from the next term.

#include <lastbit/fold/accumulators/plain.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// y = fl(x - c); t = fl(s + y); c = fl(fl(t - s) - y); s = t. Products are rounded once before.
///
/// Merging, which the published algorithm lacks, adds the other's sum, then minus its compensation, each as a term.
/// Error:   |result - exact| <= u |exact| + (2 u (1 + l) + O(N u^2)) S, N = n + 2 merges additions, l the levels of
///          merging (0 in sequence): each time a state is merged its sum is rounded as a term is. Products add u |x y|.
/// Special: a compensation formed beside a sum that is not finite is dropped: the result is then that of plain
///          summation, so {inf, 1, 1} gives inf, where the textbook's loop gives NaN.
/// Source:  [Kah65]; [Hig02] section 4.3.
struct kahan {
    static constexpr char const* name = "kahan";
    template <class T>
    using held = T;

    template <class V>
    struct state {
        std::array<V, 2> word = detail::neutral_words<V, 2>();

        [[gnu::always_inline]] constexpr void add(V const& x) {
            auto& [s, c] = word;
            V const y = lastbit::sub(x, c);
            V const t = lastbit::add(s, y);
            c = zero_unless_finite(lastbit::sub(lastbit::sub(t, s), y), t);
            s = t;
        }
        [[gnu::always_inline]] constexpr void add_product(V const& x, V const& y) { add(lastbit::mul(x, y)); }
        [[gnu::always_inline]] constexpr void merge(state const& b) {
            add(b.word[0]);
            add(negate(b.word[1]));
        }
        [[nodiscard, gnu::always_inline]] constexpr inline V value() const { return word[0]; }
    };

    template <binary_format U>
    static constexpr double bound(reduction_shape shape, summand_size size) noexcept {
        double const u = unit_roundoff<U>;
        double const additions = static_cast<double>(shape.terms) + 2.0 * static_cast<double>(shape.merges);
        double const product_error = detail::product_rounding<U>(shape.terms, size);
        double const S = size.sum_of_absolutes + product_error;
        double const s = size.absolute_of_sum + product_error;
        double const factor =
            2.0 * u * (1.0 + static_cast<double>(shape.levels)) + u * detail::gamma(12.0 * additions, u);
        return (detail::scaled(factor, S) + u * s + product_error) * detail::bound_margin;
    }
};

}  // namespace LASTBIT_ABI
}  // namespace lastbit
