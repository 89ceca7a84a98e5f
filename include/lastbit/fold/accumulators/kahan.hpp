// SPDX-License-Identifier: BSL-1.0
#pragma once
// Accumulator kahan: the compensation is subtracted from the next term.

#include <lastbit/fold/accumulators/plain.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// y = fl(x - c); t = fl(s + y); c = fl(fl(t - s) - y); s = t. Products are rounded once before.
///
/// Merging, which the published algorithm lacks, adds the other's sum, then minus its compensation, each as a term.
/// Error:   |result - exact| <= (3 u + O(N u^2)) S with N the number of terms added, merging included; each product adds
///          u |x y|. The literature's 2 u is for s - c; the result is s alone.
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
        [[nodiscard]] constexpr V value() const { return word[0]; }
    };

    template <binary_format U>
    static constexpr double bound(reduction_shape shape, summand_size size) noexcept {
        double const u = unit_roundoff<U>;
        double const additions = static_cast<double>(shape.terms) + 2.0 * static_cast<double>(shape.merges);
        double const factor = 3.0 * u + detail::gamma(12.0 * additions, u) * u + (size.products ? 2.0 * u : 0.0);
        double const underflow = size.products ? static_cast<double>(shape.terms) * detail::underflow_unit<U> * 2.0 : 0.0;
        return (factor * size.sum_of_absolutes + underflow) * detail::bound_margin;
    }
};

}  // namespace LASTBIT_ABI
}  // namespace lastbit
