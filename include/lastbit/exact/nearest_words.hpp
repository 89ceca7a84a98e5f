// SPDX-License-Identifier: BSL-1.0
#pragma once
// The words of an expansion from an exact sum: the nearest number first, then what is left of it, and so on.

#include <lastbit/base/simd.hpp>
#include <lastbit/eft/two_sum.hpp>
#include <lastbit/exact/superaccumulator.hpp>

#include <array>
#include <cstddef>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// The exact sum in `total`, its nearest T first, then what is left of it, and so on. Words that nothing is left for
/// are +0, so that equal sums have equal words. Where the sum has bits below the smallest subnormal, they are lost.
template <native_format T, std::size_t N>
[[nodiscard]] constexpr std::array<T, N> nearest_words(superaccumulator<T> total) noexcept {
    std::array<T, N> word{};
    for (std::size_t q = 0; q < N; ++q) {
        auto const bits = total.round_bits();
        if (q > 0 && (bits & ~fields<T>::sign) == 0) break;
        word[q] = from_hidden_bits<T>(bits);  // as a number it could lose the sign of a zero
        if ((bits & fields<T>::exponent) == fields<T>::exponent) break;
        total.add_bits(bits ^ fields<T>::sign);
    }
    T const first = word[0];
    if (!is_finite(first)) return word;
    // A word that was rounded up to half an ulp of an odd one would round that up, too.
    for (std::size_t q = N - 1; q-- > 0;) {
        if (is_zero(word[q + 1])) continue;
        auto const [sum, error] = two_sum(word[q], word[q + 1]);
        word[q] = sum;
        word[q + 1] = error;
    }
    if (!is_finite(word[0])) [[unlikely]] {  // half an ulp above the largest number
        word = {};
        word[0] = first;
    }
    return word;
}

/// Whether `word` are the nearest words of their sum: the first is finite and not 0, and each is less than half way
/// from the one before it to that one's neighbours. What follows a word is then less than an ulp of it and cannot
/// carry it there. Enough, not needed: words half way, for one, are not accepted.
template <native_format T, std::size_t Count>
[[nodiscard]] constexpr bool separated(std::array<T, Count> const& word) noexcept {
    constexpr T wider = T(1) + 4 * T(unit_roundoff<T>);
    if (!is_finite(word[0]) || is_zero(word[0])) return false;
    for (std::size_t q = 0; q + 1 < Count; ++q)
        if (to_bits(add(word[q], mul(word[q + 1], wider))) != to_bits(word[q])) return false;
    return true;
}

/// separated in every lane; tiny first words are not accepted.
template <native_format T, std::size_t Count>
[[nodiscard]] bool separated(std::array<batch<T>, Count> const& word) noexcept {
    constexpr T wider = T(1) + 4 * T(unit_roundoff<T>);
    if (!all_below<T>(word[0], infinity<T>()) || !all_at_least<T>(word[0], smallest_normal<T>())) return false;
    for (std::size_t q = 0; q + 1 < Count; ++q)
        if (!all_same_bits<T>(add<T>(word[q], mul<T>(word[q + 1], broadcast<T>(wider))), word[q])) return false;
    return true;
}

/// Adds up `word` by error-free transformations until they are the nearest words of their sum, or, where W is a
/// register, of the sum in each lane; false if that cannot be told after a few passes.
template <class W, std::size_t Count>
[[nodiscard]] constexpr bool distil(std::array<W, Count>& word) noexcept {
    for (std::size_t pass = 0; pass < Count; ++pass) {
        for (std::size_t q = Count - 1; q-- > 0;) {
            auto const [sum, error] = two_sum<W>(word[q], word[q + 1]);
            word[q] = sum;
            word[q + 1] = error;
        }
        bool const early = Count > 2 && pass == 0;  // one pass is rarely enough for more than two words
        if (!early && separated(word)) return true;
    }
    return false;
}

/// The exact sum of `word`, in any order and overlapping in any way, as N words.
template <std::size_t N, native_format T, std::size_t Count>
[[nodiscard]] constexpr std::array<T, N> nearest_words_of(std::array<T, Count> const& word) noexcept {
    std::array<T, Count> sum = word;
    if (distil(sum)) [[likely]] {
        std::array<T, N> nearest{};
        for (std::size_t q = 0; q < N && q < Count; ++q)
            nearest[q] = from_hidden_bits<T>(is_zero(sum[q]) ? 0 : to_bits(sum[q]));
        return nearest;
    }
    superaccumulator<T> total;
    for (T const& x : word) total.add_bits(to_bits(x));
    return nearest_words<T, N>(total);
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
