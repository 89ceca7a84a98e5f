// SPDX-License-Identifier: BSL-1.0
#pragma once
// Accumulator stochastic: one word, products rounded, each operation rounded stochastically.

#include <lastbit/base/random.hpp>
#include <lastbit/base/stochastic_rounding.hpp>
#include <lastbit/fold/accumulators/plain.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// s <- SR(s + x); a product is SR(x y) before it is added. SR is one of the two neighbours, chosen by chance so that
/// the mean of the result is the exact sum: see stochastic_add.
///
/// The random bits of an operation are a function of the seed and its place: the index of the term, or the first
/// indices of the two partial sums that merge. So the result is a function of the values, n, the order and the seed,
/// and no two operations of one reduction draw the same bits. It takes a seed, in any order: sum<stochastic>(x, seed),
/// dot<stochastic>(x, y, seed). Reductions that are to be independent need different seeds.
/// Error:   |result - exact| <= gamma_h S in sums, gamma_(h+1) S + underflow in dot products, as plain with 2 u in the
///          place of u, h the order's height; of mean zero, and about sqrt(h) u S: quantify::probable_error_bound
/// Special: as IEEE 754 says of these operations; a partial sum that overflows stays infinite.
/// Cost:    one Philox block and about 20 integer operations a term, one term at a time
/// Source:  [CHM21]; [HM19] theorem 2.4 holds for it
struct stochastic {
    static constexpr char const* name = "stochastic";
    static constexpr bool needs_seed = true;
    template <class T>
    struct holder {};
    template <binary_format T>
    struct holder<T> {
        using type = T;
    };
    template <class T>
    using held = typename holder<T>::type;

    template <class V>
    struct state {
        static constexpr bool one_at_a_time = true;
        static constexpr std::uint64_t no_index = ~std::uint64_t{0};

        std::array<V, 1> word = detail::neutral_words<V, 1>();
        std::uint64_t seed = 0;
        std::uint64_t first = no_index;  ///< the index of the first term; an empty sum has none

        /// The term x at index i.
        constexpr void add(V const& x, std::uint64_t key, std::uint64_t i) noexcept {
            auto const chance = place(key, i);
            word[0] = stochastic_add(word[0], x, {chance[0], chance[1]});
        }
        constexpr void add_product(V const& x, V const& y, std::uint64_t key, std::uint64_t i) noexcept {
            auto const chance = place(key, i);
            V const product = stochastic_multiply(x, y, {chance[2], chance[3]});
            word[0] = stochastic_add(word[0], product, {chance[0], chance[1]});
        }
        constexpr void merge(state const& b) noexcept {
            if (b.first == no_index) return;
            if (first == no_index) {
                *this = b;
                return;
            }
            auto const chance = philox4x64({first, b.first, 1, domain}, {seed, 0});
            word[0] = stochastic_add(word[0], b.word[0], {chance[0], chance[1]});
        }
        [[nodiscard]] constexpr V const& value() const noexcept { return word[0]; }

    private:
        /// Not 0, which random_stream uses: data drawn from the same seed have other bits.
        static constexpr std::uint64_t domain = 0x73746F6368617374U;

        [[nodiscard]] constexpr std::array<std::uint64_t, 4> place(std::uint64_t key, std::uint64_t i) noexcept {
            seed = key;
            if (first == no_index) first = i;
            return philox4x64({i, 0, 0, domain}, {key, 0});
        }
    };

    template <binary_format U>
    static constexpr double bound(reduction_shape shape, summand_size size) noexcept {
        double const steps = static_cast<double>(shape.height) + (size.products ? 1.0 : 0.0);
        double const factor = detail::gamma(steps, 2.0 * unit_roundoff<U>);
        double const underflow =
            size.products ? static_cast<double>(shape.terms) * 2.0 * detail::underflow_unit<U> * (1.0 + factor) : 0.0;
        return (detail::scaled(factor, size.sum_of_absolutes) + underflow) * detail::bound_margin;
    }
};

}  // namespace LASTBIT_ABI
}  // namespace lastbit
