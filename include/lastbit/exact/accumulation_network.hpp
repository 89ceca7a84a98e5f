// SPDX-License-Identifier: BSL-1.0
#pragma once
// Floating-point accumulation networks: sequences of additions and error-free transformations of fixed places, without
// a branch, by which expansions of two to four words are added and multiplied.

#include <lastbit/eft/fast_two_sum.hpp>
#include <lastbit/eft/two_product.hpp>
#include <lastbit/eft/two_sum.hpp>

#include <array>
#include <cstddef>
#include <utility>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// What a gate does with the words at two places.
enum class gate_kind : unsigned char {
    add,           ///< the first becomes their sum, rounded; the second is not used again
    two_sum,       ///< the first becomes their sum, the second its error
    fast_two_sum,  ///< the same, for a first word that is not smaller or is 0
};

struct gate {
    gate_kind kind;
    unsigned char first;
    unsigned char second;
};

/// Names of places and of gates.
struct network_words {
    enum place : unsigned char { a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p };

    [[nodiscard]] static consteval gate join(place x, place y) noexcept { return {gate_kind::add, x, y}; }
    [[nodiscard]] static consteval gate two(place x, place y) noexcept { return {gate_kind::two_sum, x, y}; }
    [[nodiscard]] static consteval gate fast(place x, place y) noexcept { return {gate_kind::fast_two_sum, x, y}; }
};

/// The networks for N words, and the places where a sum and a product stand afterwards, each word at most half an ulp
/// of the one before it.
template <std::size_t N>
struct networks;

/// Source: addition: [JMP17] algorithm 6 (AccurateDWPlusDW); multiplication: algorithm 10 (DWTimesDW1).
template <>
struct networks<2> : network_words {
    static constexpr place sum[] = {a, b};
    static constexpr place product[] = {a, b};
    // a = x_0, b = y_0, c = x_1, d = y_1
    static constexpr gate addition[] = {two(a, b), two(c, d), join(b, c), fast(a, b), join(b, d), fast(a, b)};
    // a, b = x_0 y_0; c = x_0 y_1; d = x_1 y_0
    static constexpr gate multiplication[] = {join(c, d), join(b, c), fast(a, b)};
};

/// Source: [ZA25], its networks for three words; two_sum where its condition for fast_two_sum needs their proof.
template <>
struct networks<3> : network_words {
    static constexpr place sum[] = {a, b, c};
    static constexpr place product[] = {a, b, c};
    // a, b = x_0, y_0; c, d = x_1, y_1; e, f = x_2, y_2
    static constexpr gate addition[] = {two(a, b),  two(c, d), two(e, f),  fast(a, c), join(b, f), two(d, e),
                                        two(a, d),  two(b, c), join(c, e), two(c, d),  two(b, c),  two(a, b),
                                        join(c, d), two(b, c), two(a, b),  two(b, c)};
    // a, b = x_0 y_0; c, d = x_0 y_1; e, f = x_1 y_0; g = x_0 y_2; h = x_1 y_1; i = x_2 y_0
    static constexpr gate multiplication[] = {two(c, e),  join(d, f), join(g, i), two(b, c),  join(g, h),
                                              fast(a, b), join(c, e), join(d, g), join(c, d), two(b, c),
                                              fast(a, b), two(b, c),  fast(a, b), two(b, c)};
};

/// Source: [ZA25], its networks for four words; two_sum where its condition for fast_two_sum needs their proof.
template <>
struct networks<4> : network_words {
    static constexpr place sum[] = {a, b, c, d};
    static constexpr place product[] = {a, b, c, e};
    // a, b = x_0, y_0; c, d = x_1, y_1; e, f = x_2, y_2; g, h = x_3, y_3
    static constexpr gate addition[] = {two(a, b), two(c, d),  two(e, f), two(g, h), fast(a, c), join(b, h), two(d, e),
                                        two(f, g), two(b, g),  two(c, d), two(e, f), two(a, c),  two(d, e),  two(b, d),
                                        two(c, g), join(e, f), two(b, c), two(d, e), two(a, b),  two(c, d),  join(e, g),
                                        two(b, c), two(d, e),  two(a, b), two(c, d), two(b, c),  join(d, e), two(a, b),
                                        two(c, d), two(b, c),  two(c, d)};
    // a, b = x_0 y_0; c, d = x_0 y_1; e, f = x_1 y_0; g, h = x_0 y_2; i, j = x_1 y_1; k, l = x_2 y_0;
    // m = x_0 y_3; n = x_1 y_2; o = x_2 y_1; p = x_3 y_0
    static constexpr gate multiplication[] = {
        two(c, e),  two(d, f),  two(g, k),  join(h, l), join(m, p), join(n, o), two(b, c),  two(d, i), join(f, h),
        join(k, j), join(m, n), fast(a, b), two(c, e),  two(d, g),  join(f, m), join(i, k), two(c, d), join(e, i),
        join(f, g), join(e, d), two(c, e),  two(b, c),  join(e, f), fast(a, b), two(c, e),  two(b, c), fast(a, b),
        two(c, e),  two(b, c),  fast(a, b), two(c, e),  two(b, c),  two(c, e)};
};

/// One gate. V is a format, or a batch of one.
template <gate Gate, class V, std::size_t Places>
[[gnu::always_inline]] constexpr inline void run_gate(std::array<V, Places>& word) noexcept {
    if constexpr (Gate.kind == gate_kind::add) {
        word[Gate.first] = add(word[Gate.first], word[Gate.second]);
    } else if constexpr (Gate.kind == gate_kind::two_sum) {
        auto const [sum, error] = two_sum<V>(word[Gate.first], word[Gate.second]);
        word[Gate.first] = sum;
        word[Gate.second] = error;
    } else {
        auto const [sum, error] = fast_two_sum<V>(word[Gate.first], word[Gate.second]);
        word[Gate.first] = sum;
        word[Gate.second] = error;
    }
}

/// All gates in turn.
template <auto const& Gates, class V, std::size_t Places>
[[gnu::always_inline]] constexpr inline void run_network(std::array<V, Places>& word) noexcept {
    [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) { (run_gate<Gates[I]>(word), ...); }
    (std::make_index_sequence<std::size(Gates)>());
}

/// The sum of two expansions of N words, x and y.
template <class V, std::size_t N>
    requires(N >= 2 && N <= 4)
[[nodiscard, gnu::always_inline]] constexpr inline std::array<V, N> network_sum(std::array<V, N> const& x,
                                                                                std::array<V, N> const& y) noexcept {
    std::array<V, 2 * N> word;
    for (std::size_t q = 0; q < N; ++q) {
        word[2 * q] = x[q];
        word[2 * q + 1] = y[q];
    }
    run_network<networks<N>::addition>(word);
    std::array<V, N> sum;
    for (std::size_t q = 0; q < N; ++q) sum[q] = word[networks<N>::sum[q]];
    return sum;
}

/// The product of two expansions of N words, x and y; the same for y and x.
template <class V, std::size_t N>
    requires(N >= 2 && N <= 4)
[[nodiscard, gnu::always_inline]] constexpr inline std::array<V, N> network_product(
    std::array<V, N> const& x, std::array<V, N> const& y) noexcept {
    // Products x_r y_s in the order of r + s: with their errors while r + s < N - 1, without for r + s = N - 1.
    std::array<V, N * N> word;
    std::size_t next = 0;
#pragma GCC unroll 4
    for (std::size_t order = 0; order + 1 < N; ++order)
#pragma GCC unroll 4
        for (std::size_t r = 0; r <= order; ++r) {
            auto const [product, error] = two_product(x[r], y[order - r]);
            word[next++] = product;
            word[next++] = error;
        }
#pragma GCC unroll 4
    for (std::size_t r = 0; r < N; ++r) word[next++] = mul(x[r], y[N - 1 - r]);
    run_network<networks<N>::multiplication>(word);
    std::array<V, N> product;
    for (std::size_t q = 0; q < N; ++q) product[q] = word[networks<N>::product[q]];
    return product;
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
