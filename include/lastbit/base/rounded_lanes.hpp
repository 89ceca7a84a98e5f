// SPDX-License-Identifier: BSL-1.0
#pragma once
// Both ends of an interval rounded to a format, for all lanes of a register at once: where they agree, the number in
// between is certain.

#include <lastbit/base/simd.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// As many words of 64 bits as batch<double> has lanes, or of 32 for float.
template <binary_format R>
using lane_word = std::conditional_t<std::same_as<R, float>, std::uint32_t, std::uint64_t>;
template <class Word>
struct lane_words {
    using type [[gnu::vector_size(sizeof(Word) * batch_width<double>)]] = Word;
};

/// True if all N bytes are 0: a vector of words.
template <std::size_t N>
struct zero_test {
    template <class Words>
    [[nodiscard, gnu::always_inline]] static bool run(Words const& x) noexcept {
        std::uint64_t any = 0;
        for (std::uint64_t const word : std::bit_cast<std::array<std::uint64_t, N / 8>>(x)) any |= word;
        return any == 0;
    }
};
#if defined(__AVX__)
template <>
struct zero_test<32> {
    template <class Words>
    [[nodiscard, gnu::always_inline]] static bool run(Words const& x) noexcept {
        return _mm256_testz_si256(std::bit_cast<__m256i>(x), std::bit_cast<__m256i>(x)) != 0;
    }
};
#endif
#if defined(__AVX512F__)
template <>
struct zero_test<64> {
    template <class Words>
    [[nodiscard, gnu::always_inline]] static bool run(Words const& x) noexcept {
        return _mm512_test_epi64_mask(std::bit_cast<__m512i>(x), std::bit_cast<__m512i>(x)) == 0;
    }
};
#endif

/// Lanes rounded to a format: its bits in the low bits of each word, and words that are 0 where they are certain.
template <binary_format R>
struct rounded_lanes {
    using words = typename lane_words<lane_word<R>>::type;
    words bits;
    words doubt;

    [[nodiscard, gnu::always_inline]] bool all_certain() const noexcept { return zero_test<sizeof(words)>::run(doubt); }
    /// All lanes, to consecutive numbers of the format.
    [[gnu::always_inline]] void store(R* to) const noexcept {
        using narrow [[gnu::vector_size(sizeof(R) * batch_width<double>)]] = typename format<R>::bits_type;
        auto const some = __builtin_convertvector(bits, narrow);
        __builtin_memcpy(static_cast<void*>(to), &some, sizeof some);
    }
};

/// The bits of non-negative numbers, rounded to Drop bits fewer, ties to even.
template <int Drop>
[[nodiscard, gnu::always_inline]] inline register_words rounded_words(register_words const& magnitude) noexcept {
    if constexpr (Drop == 0) {
        return magnitude;
    } else {
        constexpr std::uint64_t unit = std::uint64_t{1} << Drop;
        return (magnitude + (unit / 2 - 1) + ((magnitude >> Drop) & 1)) & ~(unit - 1);
    }
}

/// The numbers of x rounded to float, as bits.
#if defined(__AVX512F__)
// The masked form: the plain one makes GCC 12 warn of an uninitialised register.
[[nodiscard, gnu::always_inline]] inline auto float_words(batch<double> const& x) noexcept {
    auto rounded = _mm512_maskz_cvtpd_ps(0xFF, opaque<double>(x).data);
    pass_register(rounded);
    return std::bit_cast<lane_words<std::uint32_t>::type>(rounded);
}
#elif defined(__AVX__)
[[nodiscard, gnu::always_inline]] inline auto float_words(batch<double> const& x) noexcept {
    auto rounded = _mm256_cvtpd_ps(opaque<double>(x).data);
    pass_register(rounded);
    return std::bit_cast<lane_words<std::uint32_t>::type>(rounded);
}
#else
[[nodiscard, gnu::always_inline]] inline auto float_words(batch<double> const& x) noexcept {
    alignas(batch<double>) std::array<double, batch_width<double>> lanes;
    store(lanes.data(), opaque<double>(x));
    std::array<std::uint32_t, batch_width<double>> bits;
    for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = to_bits(opaque(static_cast<float>(lanes[i])));
    return std::bit_cast<lane_words<std::uint32_t>::type>(bits);
}
#endif

/// Lane by lane what down and up round to in R, to nearest, ties to even; certain where that is one normal number of R.
/// Requires: a sound environment.
[[gnu::always_inline]] inline void round_both(batch<double> const& down, batch<double> const& up,
                                              rounded_lanes<float>& to) noexcept {
    using words = rounded_lanes<float>::words;
    constexpr std::uint32_t sign = fields<float>::sign;
    words const a = float_words(down);
    words const b = float_words(up);
    words const magnitude = a & ~sign;
    constexpr std::uint32_t least = fields<float>::fraction + 1;
    // The top bit is set where a number lies outside: the magnitudes are below 2^31.
    words const outside = ((magnitude - least) | (fields<float>::exponent - 1 - magnitude)) & sign;
    to.bits = a;
    to.doubt = (a ^ b) | outside;
}
template <binary_format R>
[[gnu::always_inline]] inline void round_both(batch<double> const& down, batch<double> const& up,
                                              rounded_lanes<R>& to) noexcept {
    constexpr int drop = format<double>::precision - format<R>::precision;
    constexpr std::uint64_t sign = fields<double>::sign;
    register_words const a = words_of(down);
    register_words const b = words_of(up);
    register_words const magnitude = rounded_words<drop>(a & ~sign);
    register_words const difference = (magnitude ^ rounded_words<drop>(b & ~sign)) | ((a ^ b) & sign);
    constexpr std::uint64_t least = to_bits(power_of_two(format<R>::min_exponent));
    constexpr std::uint64_t most = ((std::uint64_t{format<R>::max_exponent} + 1024) << 52) - 1;
    // The top bit is set where a number lies outside: the magnitudes are below 2^63.
    register_words const outside = ((magnitude - least) | (most - magnitude)) & sign;
    register_words const doubt = difference | outside;
    constexpr std::uint64_t rebias = std::uint64_t{1023 - format<R>::max_exponent} << 52;
    register_words const bits = ((magnitude - rebias) >> drop) | ((a & sign) >> (64 - format<R>::storage_bits));
    to.bits = bits;
    to.doubt = doubt;
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
