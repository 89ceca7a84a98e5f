// SPDX-License-Identifier: BSL-1.0
#pragma once
// Accumulator multiword<N>: sums held in N words, of numbers of one word or of N; the result is an expansion.

#include <lastbit/exact/expansion.hpp>
#include <lastbit/exact/extraction.hpp>
#include <lastbit/fold/accumulators/plain.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// What a number of V is made of, as an array of words.
template <class V>
struct number_words {
    using word = V;
    static constexpr std::size_t count = 1;
    [[gnu::always_inline]] static constexpr std::array<V, 1> of(V const& x) noexcept { return {x}; }
};
template <native_format T, std::size_t N>
struct number_words<expansion_lane<T, N>> {
    using word = T;
    static constexpr std::size_t count = N;
    [[gnu::always_inline]] static constexpr std::array<T, N> const& of(expansion_lane<T, N> const& x) noexcept {
        return x.to_array();
    }
};
template <native_format T, std::size_t N>
struct number_words<expansion_batch<T, N>> {
    using word = batch<T>;
    static constexpr std::size_t count = N;
    [[gnu::always_inline]] static std::array<batch<T>, N> const& of(expansion_batch<T, N> const& x) noexcept {
        return x.word;
    }
};

/// The least r of the products of words r and s of two numbers of M words with r + s = order, and how many there are.
template <std::size_t M>
[[nodiscard]] consteval std::size_t first_product(std::size_t order) noexcept {
    return order < M ? 0 : order - M + 1;
}
template <std::size_t M>
[[nodiscard]] consteval std::size_t product_count(std::size_t order) noexcept {
    return order < M ? order + 1 : order + 1 < 2 * M ? 2 * M - 1 - order : 0;
}

/// The words of a sum, order by order: what enters word k by two_sum leaves its error to word k + 1.
template <class W, std::size_t N>
struct word_sums {
    std::array<W, N>& word;

    /// `waiting` enters from word K on.
    template <std::size_t K, std::size_t Count>
    [[gnu::always_inline]] constexpr void add(std::array<W, Count> waiting) const noexcept {
        if constexpr (K + 1 < N) {
            unrolled<Count>([&](auto q) __attribute__((always_inline)) {
                auto const [sum, error] = two_sum<W>(word[K], waiting[q]);
                word[K] = sum;
                waiting[q] = error;
            });
            add<K + 1>(waiting);
        } else {
            W sum = waiting[0];
            unrolled<Count - 1>([&](auto q)
                                    __attribute__((always_inline)) { sum = lastbit::add(sum, waiting[q + 1]); });
            word[K] = lastbit::add(word[K], sum);
        }
    }

    /// The product of x and y from its words of order K on, after the errors in `waiting`.
    template <std::size_t K, std::size_t M, std::size_t Count>
    [[gnu::always_inline]] constexpr void add_product(std::array<W, M> const& x, std::array<W, M> const& y,
                                                      std::array<W, Count> const& waiting) const noexcept {
        constexpr std::size_t first = first_product<M>(K);
        constexpr std::size_t products = product_count<M>(K);
        if constexpr (K + 1 < N) {
            // First the errors of these products, then those of the additions.
            std::array<W, 2 * products + Count> next;
            unrolled<products>([&](auto q) __attribute__((always_inline)) {
                auto const [product, product_error] = two_product(x[first + q], y[K - first - q]);
                auto const [sum, error] = two_sum<W>(word[K], product);
                word[K] = sum;
                next[q] = product_error;
                next[products + q] = error;
            });
            unrolled<Count>([&](auto q) __attribute__((always_inline)) {
                auto const [sum, error] = two_sum<W>(word[K], waiting[q]);
                word[K] = sum;
                next[2 * products + q] = error;
            });
            if constexpr (products > 0 || M > 1) add_product<K + 1>(x, y, next);
            else add<K + 1>(next);
        } else {
            std::array<W, products + Count> last;
            unrolled<products>([&](auto q)
                                   __attribute__((always_inline)) { last[q] = mul(x[first + q], y[K - first - q]); });
            unrolled<Count>([&](auto q) __attribute__((always_inline)) { last[products + q] = waiting[q]; });
            add<K>(last);
        }
    }
};

}  // namespace detail

/// N words: the errors of word k's additions are terms of word k + 1; the last word is summed plainly. The words are
/// not made to decrease before the end (the renormalisation is put off). The result is an expansion<T, N>, from which
/// sum and dot round to T once, and sum_to and dot_to give it whole.
///
/// Numbers have one word, or are expansions of N words. Products of words r and s enter word r + s: with their errors,
/// which go to word r + s + 1, while r + s < N - 1; rounded for r + s = N - 1; left out beyond. Into a word go first
/// the products of its order, by rising r, then the errors of those of the order before, then the errors of additions,
/// as they came; what goes to the last word is first summed by itself. bfloat16 and float16 are held in float.
/// Merging adds the other's words, largest first, word q to word q. x y and y x may differ in their last word.
/// Error:   as compensated<N> before its last rounding: (1 + u) gamma_2n'^N S with n' the additions to a word; for
///          expansions multiword_bound.
/// Special: a word behind the first that is not finite is dropped at the end. The sum of -0 terms is +0.
/// Source:  [ORO05] (SumK, DotK) for words of one; docs/mathematics.md, "Expansions".
template <std::size_t N>
    requires(N >= 2 && N <= 8)
struct multiword {
    static constexpr char name[] = {'m', 'u', 'l', 't', 'i', 'w', 'o', 'r', 'd', '<', '0' + N, '>', 0};

    /// Which numbers are held in which.
    template <class T>
    struct holder {};
    template <native_format T>
    struct holder<T> {
        using type = T;
    };
    template <half_format T>
    struct holder<T> {
        using type = float;
    };
    template <native_format T>
    struct holder<expansion<T, N>> {
        using type = detail::expansion_lane<T, N>;
    };
    template <class T>
    using held = typename holder<T>::type;

    template <class V>
    struct state {
        using word_type = typename detail::number_words<V>::word;
        static constexpr std::size_t terms = detail::number_words<V>::count;
        static constexpr bool inlined = LASTBIT_HAS_FMA ? N <= 4 : N <= 2;
        std::array<word_type, N> word = detail::neutral_words<word_type, N>();

        [[gnu::always_inline]] constexpr void add(V const& x) noexcept {
            if constexpr (inlined) add_here(x);
            else add_apart(*this, x);
        }

        [[gnu::always_inline]] constexpr void add_product(V const& x, V const& y) noexcept {
            if constexpr (inlined) add_product_here(x, y);
            else add_product_apart(*this, x, y);
        }

        [[gnu::always_inline]] constexpr void merge(state const& b) noexcept {
            if constexpr (inlined) merge_here(b);
            else merge_apart(*this, b);
        }

        /// The words' exact sum, as N words.
        template <native_format W = word_type>
        [[nodiscard]] constexpr expansion<W, N> value() const noexcept {
            std::array<W, N> sum = word;
            for (std::size_t q = 1; q < N; ++q) sum[q] = zero_unless_finite(sum[q], sum[q]);
            return expansion<W, N>::from_words(sum);
        }

        /// value() in each lane of a register; false if that takes more than a few error-free additions.
        [[nodiscard]] bool value_in_lanes(std::array<word_type, N>& sum) const noexcept
            requires(!native_format<word_type>) {
            sum = word;
            for (std::size_t q = 1; q < N; ++q) sum[q] = zero_unless_finite(sum[q], sum[q]);
            if (!detail::distil(sum)) return false;
            for (auto& w : sum) w = unsigned_zeros(w);
            return true;
        }

    private:
        [[gnu::always_inline]] constexpr void add_here(V const& x) noexcept {
            auto const& words = detail::number_words<V>::of(x);
            detail::word_sums<word_type, N> const sums{word};
            // Word q of x enters at word q of the sum.
            detail::unrolled<terms>([&](auto q)
                                        __attribute__((always_inline)) { sums.template add<q>(std::array{words[q]}); });
        }
        [[gnu::always_inline]] constexpr void add_product_here(V const& x, V const& y) noexcept {
            detail::word_sums<word_type, N> const sums{word};
            sums.template add_product<0>(detail::number_words<V>::of(x), detail::number_words<V>::of(y),
                                         std::array<word_type, 0>{});
        }
        [[gnu::always_inline]] constexpr void merge_here(state const& b) noexcept {
            detail::word_sums<word_type, N> const sums{word};
            sums.template add<0>(std::array{b.word[0]});
            detail::unrolled<N - 1>([&](auto q) __attribute__((always_inline)) {
                sums.template add<q + 1>(std::array{zero_unless_finite(b.word[q + 1], b.word[q + 1])});
            });
        }
        // Hundreds of operations: not copied into every loop.
        [[gnu::noinline]] static constexpr void add_apart(state& s, V const& x) noexcept { s.add_here(x); }
        [[gnu::noinline]] static constexpr void merge_apart(state& s, state const& b) noexcept { s.merge_here(b); }
        [[gnu::noinline]] static constexpr void add_product_apart(state& s, V const& x, V const& y) noexcept {
            s.add_product_here(x, y);
        }
    };

    /// For numbers of one word; U is the format that sums are held in.
    template <binary_format U>
    static constexpr double bound(reduction_shape shape, summand_size size) noexcept {
        double const u = unit_roundoff<U>;
        double const growth = detail::k_fold_growth(N, shape, size.products, u);
        // The words are at most twice the sum of magnitudes; the result keeps N of them, and is then rounded to U.
        double last = u;
        for (std::size_t k = 1; k < N; ++k) last *= u;
        double const underflow =
            size.products ? 5.0 * static_cast<double>(shape.terms) * detail::underflow_unit<U> : 0.0;
        return ((u + last) * size.absolute_of_sum + detail::scaled(growth, size.sum_of_absolutes) + underflow) *
               detail::bound_margin;
    }
};

}  // namespace LASTBIT_ABI
}  // namespace lastbit
