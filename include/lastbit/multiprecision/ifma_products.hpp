// SPDX-License-Identifier: BSL-1.0
#pragma once
// Eight products of long integers at once, cut to one grid and summed, by AVX-512's multiply-add of 52-bit integers.
//
// A lane of the registers holds a product, a register one 52-bit digit of eight. One factor is shifted first, so that
// the cut falls between two digits of the product: digits above it are added up as they are, without carries. Whether
// the processor has the instructions is asked at run time; where it lacks them, or on another architecture,
// ifma_products::available() is false and nothing else is called.

#include <lastbit/multiprecision/limbs.hpp>

#if defined(__x86_64__)
#    include <immintrin.h>
#endif

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// Sums of products of integers of P bits, floor(x y / 2^cut) each, in digits of 52 bits and eight lanes.
template <std::size_t P>
class ifma_products {
public:
    static constexpr std::size_t width = 52;
    static constexpr std::size_t lanes = 8;
    static constexpr std::size_t words = limbs_of(P);
    static constexpr std::size_t y_digits = (P + width - 1) / width;
    static constexpr std::size_t x_digits = (P + 2 * width - 2) / width;  // after a shift by less than a digit
    static constexpr std::size_t columns = x_digits + y_digits;
    /// The place of a cut in digits, rounded up.
    [[nodiscard]] static constexpr std::size_t digit_of(std::size_t cut) noexcept { return (cut + width - 1) / width; }

    /// Eight products with the cut at the same digit.
    struct batch {
        std::array<limb const*, lanes> x;
        std::array<limb const*, lanes> y;
        std::array<limb, lanes> shift;  ///< width digit_of(cut) - cut
        unsigned negative;              ///< the lanes to subtract, bit by bit
        unsigned active;                ///< the lanes that count
    };

    /// Whether this processor, and the operating system, has the instructions.
    [[nodiscard]] static bool available() noexcept;

    /// Adds the products but for those that it returns: theirs could be carried into by digits that were not computed.
    /// Requires: available(); 2 <= digit < columns.
    [[nodiscard]] unsigned add(batch const& terms, std::size_t digit) noexcept;

    /// The magnitude of the sum as N limbs; true if it is negative. Requires: it fits.
    template <std::size_t N>
    [[nodiscard]] bool total(std::array<limb, N>& magnitude) const noexcept {
        __extension__ using wide = __int128;
        std::array<limb, columns + spare> digits;
        wide carry = 0;
        for (std::size_t t = 0; t < digits.size(); ++t) {
            for (long long const part : sums_[t].lane) carry += part;
            digits[t] = static_cast<limb>(carry) & digit_mask;
            carry >>= width;
        }
        bool const negative = carry < 0;
        limb borrow = negative ? 1 : 0;  // - x = ~x + 1
        magnitude.fill(0);
        for (std::size_t t = 0; t < digits.size(); ++t) {
            limb digit = digits[t];
            if (negative) {
                digit = (digit ^ digit_mask) + borrow;
                borrow = digit >> width;
                digit &= digit_mask;
            }
            std::size_t const q = width * t / limb_width, r = width * t % limb_width;
            if (q < N) magnitude[q] |= digit << r;
            if (q + 1 < N) magnitude[q + 1] |= digit >> 1 >> (limb_width - 1 - r);
        }
        return negative;
    }

private:
    static constexpr limb digit_mask = (limb{1} << width) - 1;
    static constexpr std::size_t block = 4;  // columns computed together
    // Digits above those of a product: for 2^64 products, and for the end of the last block.
    static constexpr std::size_t spare = block + 2;
    // A column of a product is below 2 (y_digits + 1) 2^52: after so many no sum has left 63 bits. Requires: P <= 2^14.
    static constexpr std::size_t period = 1023 / (y_digits + 1);

    struct alignas(64) lane_words {
        std::array<long long, lanes> lane;
    };
    struct scratch {
        std::array<lane_words, (words + 7) / 8 * 8 + 2> word;
        std::array<lane_words, x_digits> x;
        std::array<lane_words, y_digits + 2 * (block - 1)> y;  // between zeros
    };

    void normalise() noexcept;

    std::array<lane_words, columns + spare> sums_{};  // from the cut on
    std::size_t since_normalised_ = 0;
    scratch scratch_{};
};

#if defined(__x86_64__)

template <std::size_t P>
bool ifma_products<P>::available() noexcept {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512ifma") &&
           __builtin_cpu_supports("avx512vbmi2");
}

// The masked forms, with all lanes: GCC's unmasked ones name a value without initialising it, and it warns of that.
inline constexpr __mmask8 all_lanes = 0xFF;

/// The words of eight integers, number by number, to registers of one word of each.
template <std::size_t Words, class Lanes>
[[gnu::target("avx512f,avx512ifma,avx512vbmi2")]] inline void transpose_words(std::array<limb const*, 8> const& from,
                                                                              Lanes* to) noexcept {
    for (std::size_t first = 0; first < Words; first += 8) {
        std::size_t const left = Words - first;
        auto const some = static_cast<__mmask8>(left >= 8 ? 0xFFU : (1U << left) - 1U);
        __m512i a[8], b[8];
        for (std::size_t l = 0; l < 8; ++l) a[l] = _mm512_maskz_loadu_epi64(some, from[l] + first);
        for (std::size_t l = 0; l < 8; l += 2) {
            b[l] = _mm512_maskz_unpacklo_epi64(all_lanes, a[l], a[l + 1]);
            b[l + 1] = _mm512_maskz_unpackhi_epi64(all_lanes, a[l], a[l + 1]);
        }
        for (std::size_t odd = 0; odd < 2; ++odd) {  // words 0, 2, 4, 6, or 1, 3, 5, 7
            __m512i const even_low = _mm512_maskz_shuffle_i64x2(all_lanes, b[odd], b[2 + odd], 0x88);
            __m512i const even_high = _mm512_maskz_shuffle_i64x2(all_lanes, b[4 + odd], b[6 + odd], 0x88);
            __m512i const odd_low = _mm512_maskz_shuffle_i64x2(all_lanes, b[odd], b[2 + odd], 0xDD);
            __m512i const odd_high = _mm512_maskz_shuffle_i64x2(all_lanes, b[4 + odd], b[6 + odd], 0xDD);
            _mm512_store_si512(to + first + odd, _mm512_maskz_shuffle_i64x2(all_lanes, even_low, even_high, 0x88));
            _mm512_store_si512(to + first + odd + 4, _mm512_maskz_shuffle_i64x2(all_lanes, even_low, even_high, 0xDD));
            _mm512_store_si512(to + first + odd + 2, _mm512_maskz_shuffle_i64x2(all_lanes, odd_low, odd_high, 0x88));
            _mm512_store_si512(to + first + odd + 6, _mm512_maskz_shuffle_i64x2(all_lanes, odd_low, odd_high, 0xDD));
        }
    }
}

template <std::size_t P>
[[gnu::target("avx512f,avx512ifma,avx512vbmi2")]] unsigned ifma_products<P>::add(batch const& terms,
                                                                                 std::size_t digit) noexcept {
    __m512i const mask = _mm512_set1_epi64(static_cast<long long>(digit_mask));
    lane_words* const word = scratch_.word.data();
    transpose_words<words>(terms.y, word);
    for (std::size_t j = 0; j < y_digits; ++j) {
        std::size_t const q = width * j / limb_width, r = width * j % limb_width;
        __m512i const bits = _mm512_shrdv_epi64(_mm512_load_si512(word + q), _mm512_load_si512(word + q + 1),
                                                _mm512_set1_epi64(static_cast<long long>(r)));
        _mm512_store_si512(&scratch_.y[block - 1 + j], _mm512_and_si512(bits, mask));
    }
    transpose_words<words>(terms.x, word);
    __m512i const shift = _mm512_loadu_si512(terms.shift.data());
    __m512i lower = _mm512_setzero_si512();
    for (std::size_t i = 0; i < x_digits; ++i) {
        std::size_t const q = width * i / limb_width, r = width * i % limb_width;
        __m512i const bits = _mm512_shrdv_epi64(_mm512_load_si512(word + q), _mm512_load_si512(word + q + 1),
                                                _mm512_set1_epi64(static_cast<long long>(r)));
        _mm512_store_si512(&scratch_.x[i], _mm512_and_si512(_mm512_shldv_epi64(bits, lower, shift), mask));
        lower = _mm512_maskz_slli_epi64(all_lanes, bits, 64 - width);
    }

    __m512i const sign = _mm512_maskz_set1_epi64(static_cast<__mmask8>(terms.negative), -1);
    auto active = static_cast<__mmask8>(terms.active);
    unsigned open = 0;
    __m512i const zero = _mm512_setzero_si512();
    __m512i above = zero;  // what the last block gives to the next column
    for (std::size_t k = digit - 2; k < columns; k += block) {
        // Written out: a compiler that keeps the loop keeps the arrays in memory.
        __m512i low[block] = {zero, zero, zero, zero};
        __m512i high[block] = {zero, zero, zero, zero};
        std::size_t const begin = k < y_digits ? 0 : k - (y_digits - 1);
        std::size_t const end = k + block < x_digits ? k + block : x_digits;
        for (std::size_t i = begin; i < end; ++i) {
            __m512i const x = _mm512_load_si512(&scratch_.x[i]);
            lane_words const* const y = scratch_.y.data() + (block - 1 + k - i);
            low[0] = _mm512_madd52lo_epu64(low[0], x, _mm512_load_si512(y));
            high[0] = _mm512_madd52hi_epu64(high[0], x, _mm512_load_si512(y));
            low[1] = _mm512_madd52lo_epu64(low[1], x, _mm512_load_si512(y + 1));
            high[1] = _mm512_madd52hi_epu64(high[1], x, _mm512_load_si512(y + 1));
            low[2] = _mm512_madd52lo_epu64(low[2], x, _mm512_load_si512(y + 2));
            high[2] = _mm512_madd52hi_epu64(high[2], x, _mm512_load_si512(y + 2));
            low[3] = _mm512_madd52lo_epu64(low[3], x, _mm512_load_si512(y + 3));
            high[3] = _mm512_madd52hi_epu64(high[3], x, _mm512_load_si512(y + 3));
        }
        __m512i column[block] = {_mm512_add_epi64(low[0], above), _mm512_add_epi64(low[1], high[0]),
                                 _mm512_add_epi64(low[2], high[1]), _mm512_add_epi64(low[3], high[2])};
        above = high[3];
        std::size_t c = 0;
        if (k + 2 == digit) {
            // The columns that are left out are less than y_digits + 1 units of column 1: they carry no further than
            // into it unless its digit is that near to its end.
            __m512i const below = _mm512_add_epi64(column[1], _mm512_maskz_srli_epi64(all_lanes, column[0], width));
            __m512i const limit = _mm512_set1_epi64(static_cast<long long>(digit_mask - y_digits - 1));
            open = terms.active & _mm512_cmpgt_epu64_mask(_mm512_and_si512(below, mask), limit);
            active = static_cast<__mmask8>(terms.active & ~open);
            column[2] = _mm512_add_epi64(column[2], _mm512_maskz_srli_epi64(all_lanes, below, width));
            c = 2;
        }
        for (; c < block; ++c) {
            lane_words* const sum = &sums_[k + c - digit];
            __m512i const part = _mm512_sub_epi64(_mm512_xor_si512(column[c], sign), sign);
            _mm512_store_si512(sum, _mm512_add_epi64(_mm512_load_si512(sum), _mm512_maskz_mov_epi64(active, part)));
        }
    }
    // Nothing is left above: the product ends below the topmost column.
    if (++since_normalised_ >= period) normalise();
    return open;
}

template <std::size_t P>
[[gnu::target("avx512f,avx512ifma,avx512vbmi2")]] void ifma_products<P>::normalise() noexcept {
    __m512i const mask = _mm512_set1_epi64(static_cast<long long>(digit_mask));
    __m512i carry = _mm512_setzero_si512();
    for (std::size_t t = 0; t + 1 < sums_.size(); ++t) {
        __m512i const sum = _mm512_add_epi64(_mm512_load_si512(&sums_[t]), carry);
        _mm512_store_si512(&sums_[t], _mm512_and_si512(sum, mask));
        carry = _mm512_maskz_srai_epi64(all_lanes, sum, width);
    }
    _mm512_store_si512(&sums_.back(), _mm512_add_epi64(_mm512_load_si512(&sums_.back()), carry));
    since_normalised_ = 0;
}

#else

template <std::size_t P>
bool ifma_products<P>::available() noexcept {
    return false;
}
template <std::size_t P>
unsigned ifma_products<P>::add(batch const& terms, std::size_t) noexcept {
    return terms.active;
}
template <std::size_t P>
void ifma_products<P>::normalise() noexcept {}

#endif

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
