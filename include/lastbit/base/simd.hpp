// SPDX-License-Identifier: BSL-1.0
#pragma once
// Batches of float and double: the only file that names xsimd. It serves xsimd 8.1 and newer.
//
// A batch has as many lanes as the instruction set gives; kernels use several of them as one row of virtual lanes,
// whose number is fixed (fold/orders/lanes.hpp), so that results do not depend on it. There is no horizontal operation
// here: the tree of xsimd's differs by instruction set. Arithmetic is opaque, as in base/opaque.hpp, but for one thing:
// the caller hides what the compiler could know, by opaque(): constant operands, and one of two equal ones in x - x.

#include <lastbit/base/environment.hpp>

#include <xsimd/xsimd.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// A register of float or double.
template <native_format T>
using batch = xsimd::batch<T>;

/// The number of lanes of batch<T> in this translation unit.
template <native_format T>
inline constexpr std::size_t batch_width = batch<T>::size;

namespace detail {

// The spelling of xsimd's own cast changed between 8.1 and 13.
template <class To, class From>
[[gnu::always_inline]] inline xsimd::batch<To> cast_bits(xsimd::batch<From> const& x) noexcept {
    return xsimd::batch<To>(std::bit_cast<typename xsimd::batch<To>::register_type>(x.data));
}

/// Lane by lane all ones where a >= b, else 0. Requires: the top bit of a and of b is 0. Shifts and additions only:
/// comparing and selecting words differs between versions of xsimd, and 8.1's does not compile for AVX-512 at -O0.
template <class Word>
[[gnu::always_inline]] inline xsimd::batch<Word> at_least(xsimd::batch<Word> const& a,
                                                          xsimd::batch<Word> const& b) noexcept {
    constexpr int top = 8 * static_cast<int>(sizeof(Word)) - 1;
    return ((a - b) >> top) - xsimd::batch<Word>(Word{1});
}

/// Bit by bit: mask ? a : b.
template <class Word>
[[gnu::always_inline]] inline xsimd::batch<Word> choose_bits(xsimd::batch<Word> const& mask,
                                                             xsimd::batch<Word> const& a,
                                                             xsimd::batch<Word> const& b) noexcept {
    return b ^ ((a ^ b) & mask);
}

}  // namespace detail

/// x, of which the compiler knows nothing afterwards.
template <native_format T>
[[nodiscard, gnu::always_inline]] inline batch<T> opaque(batch<T> x) noexcept {
    detail::pass_register(x.data);
    return x;
}

/// Lane by lane fl(a + b), fl(a - b), fl(a b).
template <native_format T>
[[nodiscard, gnu::always_inline]] inline batch<T> add(batch<T> const& a, batch<T> const& b) noexcept {
    return opaque<T>(a + b);
}
template <native_format T>
[[nodiscard, gnu::always_inline]] inline batch<T> sub(batch<T> const& a, batch<T> const& b) noexcept {
    return opaque<T>(a - b);
}
template <native_format T>
[[nodiscard, gnu::always_inline]] inline batch<T> mul(batch<T> const& a, batch<T> const& b) noexcept {
    return opaque<T>(a * b);
}

/// Lane by lane -x, by the sign bit.
template <native_format T>
[[nodiscard, gnu::always_inline]] inline batch<T> negate(batch<T> const& x) noexcept {
    using bits_type = typename format<T>::bits_type;
    xsimd::batch<bits_type> const sign(detail::fields<T>::sign);
    return detail::cast_bits<T>(detail::cast_bits<bits_type>(x) ^ sign);
}

/// Lane by lane |x|, by the sign bit.
template <native_format T>
[[nodiscard, gnu::always_inline]] inline batch<T> absolute(batch<T> const& x) noexcept {
    using bits_type = typename format<T>::bits_type;
    xsimd::batch<bits_type> const mask(static_cast<bits_type>(~detail::fields<T>::sign));
    return detail::cast_bits<T>(detail::cast_bits<bits_type>(x) & mask);
}

/// Lane by lane the larger of a and b. Where one is a NaN: either.
#if defined(__AVX512F__)
// The masked forms: the plain ones make GCC 12 warn of an uninitialised register.
[[nodiscard, gnu::always_inline]] inline batch<float> maximum(batch<float> const& a, batch<float> const& b) noexcept {
    return opaque<float>(batch<float>(_mm512_maskz_max_ps(0xFFFF, a.data, b.data)));
}
[[nodiscard, gnu::always_inline]] inline batch<double> maximum(batch<double> const& a,
                                                               batch<double> const& b) noexcept {
    return opaque<double>(batch<double>(_mm512_maskz_max_pd(0xFF, a.data, b.data)));
}
#else
[[nodiscard, gnu::always_inline]] inline batch<float> maximum(batch<float> const& a, batch<float> const& b) noexcept {
    return opaque<float>(xsimd::max(a, b));
}
[[nodiscard, gnu::always_inline]] inline batch<double> maximum(batch<double> const& a,
                                                               batch<double> const& b) noexcept {
    return opaque<double>(xsimd::max(a, b));
}
#endif

/// All lanes equal to x.
template <native_format T>
[[nodiscard, gnu::always_inline]] inline batch<T> broadcast(T x) noexcept {
    return batch<T>(x);
}

/// batch_width<T> numbers from any address.
template <native_format T>
[[nodiscard, gnu::always_inline]] inline batch<T> load(T const* from) noexcept {
    return batch<T>::load_unaligned(from);
}
template <native_format T>
[[gnu::always_inline]] inline void store(T* to, batch<T> const& x) noexcept {
    x.store_unaligned(to);
}

/// Lane by lane: |x| >= |y| ? a : b. A NaN counts as larger than every number.
template <native_format T>
[[nodiscard, gnu::always_inline]] inline batch<T> select_if_larger(batch<T> const& x, batch<T> const& y,
                                                                   batch<T> const& a, batch<T> const& b) noexcept {
    using bits_type = typename format<T>::bits_type;
    auto const larger = detail::at_least<bits_type>(detail::cast_bits<bits_type>(absolute<T>(x)),
                                                    detail::cast_bits<bits_type>(absolute<T>(y)));
    return detail::cast_bits<T>(
        detail::choose_bits<bits_type>(larger, detail::cast_bits<bits_type>(a), detail::cast_bits<bits_type>(b)));
}

/// Lanes 0 ... count - 1 of a, the others of b.
template <native_format T>
[[nodiscard, gnu::always_inline]] inline batch<T> first_lanes(std::size_t count, batch<T> const& a,
                                                              batch<T> const& b) noexcept {
    using bits_type = typename format<T>::bits_type;
    // Ones, then zeros: reading from the right place gives any mask.
    static constexpr auto ones_then_zeros = [] {
        std::array<bits_type, 2 * batch_width<T>> m{};
        for (std::size_t i = 0; i < batch_width<T>; ++i) m[i] = static_cast<bits_type>(~bits_type{0});
        return m;
    }();
    auto const mask = xsimd::batch<bits_type>::load_unaligned(ones_then_zeros.data() + (batch_width<T> - count));
    auto const bits_a = detail::cast_bits<bits_type>(a);
    auto const bits_b = detail::cast_bits<bits_type>(b);
    return detail::cast_bits<T>(detail::choose_bits<bits_type>(mask, bits_a, bits_b));
}

/// Lane by lane: x where guard is finite, +0 where guard is an infinity or a NaN.
template <native_format T>
[[nodiscard, gnu::always_inline]] inline batch<T> zero_unless_finite(batch<T> const& x,
                                                                     batch<T> const& guard) noexcept {
    using bits_type = typename format<T>::bits_type;
    using words = xsimd::batch<bits_type>;
    words const last_finite(static_cast<bits_type>(detail::fields<T>::exponent - 1));
    // Hidden on both sides: a compiler that may assume finite numbers would see through the test of bits.
    words const finite =
        detail::at_least<bits_type>(last_finite, detail::cast_bits<bits_type>(absolute<T>(opaque<T>(guard))));
    return opaque<T>(detail::cast_bits<T>(detail::cast_bits<bits_type>(opaque<T>(x)) & finite));
}

/// Lane i of the result is lane i + Distance of x; the lanes that nothing moves into are +0.
template <std::size_t Distance, native_format T>
    requires(Distance <= batch_width<T>)
[[nodiscard, gnu::always_inline]] inline batch<T> lanes_down(batch<T> const& x) noexcept {
    using register_type = typename batch<T>::register_type;
    register_type const zero = batch<T>(T{0}).data;
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        return batch<T>(register_type(__builtin_shufflevector(x.data, zero, static_cast<int>(I + Distance)...)));
    }
    (std::make_index_sequence<batch_width<T>>{});
}

namespace detail {

/// |x|'s bits as signed integers, which have the order of the magnitudes, with NaN above the infinity.
template <native_format T>
using ordered_bits = std::make_signed_t<typename format<T>::bits_type>;

}  // namespace detail

/// True if in all lanes |x| < limit. A NaN counts as larger than every number. Requires: limit is a positive number.
template <native_format T>
[[nodiscard, gnu::always_inline]] inline bool all_below(batch<T> const& x, T limit) noexcept {
    using ordered = detail::ordered_bits<T>;
    xsimd::batch<ordered> const bound(static_cast<ordered>(to_bits(limit)));
    return xsimd::all(detail::cast_bits<ordered>(absolute<T>(x)) < bound);
}

/// True if in all lanes |x| >= limit. A NaN counts as larger than every number. Requires: limit is a positive number.
template <native_format T>
[[nodiscard, gnu::always_inline]] inline bool all_at_least(batch<T> const& x, T limit) noexcept {
    using ordered = detail::ordered_bits<T>;
    xsimd::batch<ordered> const bound(static_cast<ordered>(to_bits(limit)));
    return xsimd::all(detail::cast_bits<ordered>(absolute<T>(x)) >= bound);
}

/// True if in all lanes a and b have the same bits.
template <native_format T>
[[nodiscard, gnu::always_inline]] inline bool all_same_bits(batch<T> const& a, batch<T> const& b) noexcept {
    using ordered = detail::ordered_bits<T>;
    return xsimd::all(detail::cast_bits<ordered>(opaque<T>(a)) == detail::cast_bits<ordered>(opaque<T>(b)));
}

/// Lane by lane x, and +0 for -0.
template <native_format T>
[[nodiscard, gnu::always_inline]] inline batch<T> unsigned_zeros(batch<T> const& x) noexcept {
    using bits_type = typename format<T>::bits_type;
    xsimd::batch<bits_type> const magnitude = detail::cast_bits<bits_type>(absolute<T>(opaque<T>(x)));
    auto const nonzero = detail::at_least<bits_type>(magnitude, xsimd::batch<bits_type>(bits_type{1}));
    return opaque<T>(detail::cast_bits<T>(detail::cast_bits<bits_type>(opaque<T>(x)) & nonzero));
}

/// Lane by lane: the number of the 16-bit format T nearest to x, ties to even, held in a float.
/// NaN lanes stay NaN. Any finite or infinite x is handled: overflow gives an infinity, underflow subnormals.
template <half_format T>
[[nodiscard, gnu::always_inline]] inline batch<float> round_to(batch<float> const& x) noexcept {
    using words = xsimd::batch<std::uint32_t>;
    words const bits = detail::cast_bits<std::uint32_t>(x);
    words const sign = bits & words(0x80000000U);
    words const magnitude = bits ^ sign;
    constexpr int drop = 24 - format<T>::precision;
    words const odd = (magnitude >> drop) & words(1U);
    words const rounded = (magnitude + words((1U << (drop - 1)) - 1U) + odd) & words(~((1U << drop) - 1U));
    words result = detail::choose_bits<std::uint32_t>(detail::at_least<std::uint32_t>(magnitude, words(0x7F800001U)),
                                                      magnitude, rounded);
    if constexpr (std::same_as<T, float16>) {
        // From 65520 on the rounded value is 2^16 or more: infinite. Below 2^-14 the last bit is 2^-24, which is also
        // that of the floats in [0.5, 1): adding and subtracting 0.5 rounds there.
        words const infinite(0x7F800000U);
        words const too_large = detail::at_least<std::uint32_t>(result, words(0x47800000U));
        result = detail::choose_bits<std::uint32_t>(too_large & detail::at_least<std::uint32_t>(infinite, result),
                                                    infinite, result);
        batch<float> const half(0.5F);
        batch<float> const small = sub<float>(add<float>(detail::cast_bits<float>(magnitude), half), half);
        result = detail::choose_bits<std::uint32_t>(detail::at_least<std::uint32_t>(words(0x387FFFFFU), magnitude),
                                                    detail::cast_bits<std::uint32_t>(small), result);
    }
    return opaque<float>(detail::cast_bits<float>(result | sign));
}

namespace detail {

/// The words of a register, as the compilers' own vectors: GCC 12 warns of xsimd's shifts for AVX-512.
using register_words [[gnu::vector_size(8 * batch_width<double>)]] = std::uint64_t;

[[nodiscard, gnu::always_inline]] inline register_words words_of(batch<double> const& x) noexcept {
    return std::bit_cast<register_words>(opaque<double>(x).data);
}

/// Lane by lane +0 where 0 <= test <= limit, else x. Requires: limit is a positive number.
[[nodiscard, gnu::always_inline]] inline batch<double> zero_if_at_most(batch<double> const& x,
                                                                       batch<double> const& test,
                                                                       double limit) noexcept {
    register_words const bits = words_of(test);
    // The top bit: of a negative number, or of a difference of words below 2^63.
    register_words const above = (bits | (to_bits(limit) - bits)) >> 63;
    register_words const kept = words_of(x) & (0 - above);
    return batch<double>(std::bit_cast<typename batch<double>::register_type>(kept));
}

/// Lane by lane the smaller of `least` and a key of x: one less than the bits of a power of two of which |x| is a
/// multiple, the largest such or half of it. Zeros have the largest key, 2^63 - 1, with which `least` begins.
[[nodiscard, gnu::always_inline]] inline batch<double> least_quantum_key(batch<double> const& x,
                                                                         batch<double> const& least) noexcept {
    using register_type = typename batch<double>::register_type;
    constexpr std::uint64_t sign = fields<double>::sign;
    register_words const bits = words_of(x) & ~sign;
    // Without its lowest bit; that of a power of two has the lowest bit of the exponent's field taken away.
    register_words const rest = bits & (bits - 1);
    batch<double> const lowest = sub<double>(batch<double>(std::bit_cast<register_type>(bits)),
                                             batch<double>(std::bit_cast<register_type>(rest)));
    register_words const key = (words_of(lowest) - 1) & ~sign;
    register_words const kept = words_of(least);
    // All ones where key < kept; both are below 2^63.
    register_words const smaller = 0 - ((key - kept) >> 63);
    return batch<double>(std::bit_cast<register_type>(register_words((key & smaller) | (kept & ~smaller))));
}

}  // namespace detail

/// Lane by lane fl(a b + c) with one rounding. Only where LASTBIT_HAS_FMA: xsimd's own fma is two roundings on several
/// targets, AVX-512 of xsimd 8.1 among them.
#if defined(__FMA__) && defined(__AVX512F__)
[[nodiscard, gnu::always_inline]] inline batch<float> fma_instruction(batch<float> const& a, batch<float> const& b,
                                                                      batch<float> const& c) noexcept {
    return opaque<float>(batch<float>(_mm512_fmadd_ps(a.data, b.data, c.data)));
}
[[nodiscard, gnu::always_inline]] inline batch<double> fma_instruction(batch<double> const& a, batch<double> const& b,
                                                                       batch<double> const& c) noexcept {
    return opaque<double>(batch<double>(_mm512_fmadd_pd(a.data, b.data, c.data)));
}
#elif defined(__FMA__)
[[nodiscard, gnu::always_inline]] inline batch<float> fma_instruction(batch<float> const& a, batch<float> const& b,
                                                                      batch<float> const& c) noexcept {
    return opaque<float>(batch<float>(_mm256_fmadd_ps(a.data, b.data, c.data)));
}
[[nodiscard, gnu::always_inline]] inline batch<double> fma_instruction(batch<double> const& a, batch<double> const& b,
                                                                       batch<double> const& c) noexcept {
    return opaque<double>(batch<double>(_mm256_fmadd_pd(a.data, b.data, c.data)));
}
#elif defined(__aarch64__)
[[nodiscard, gnu::always_inline]] inline batch<float> fma_instruction(batch<float> const& a, batch<float> const& b,
                                                                      batch<float> const& c) noexcept {
    return opaque<float>(batch<float>(vfmaq_f32(c.data, a.data, b.data)));
}
[[nodiscard, gnu::always_inline]] inline batch<double> fma_instruction(batch<double> const& a, batch<double> const& b,
                                                                       batch<double> const& c) noexcept {
    return opaque<double>(batch<double>(vfmaq_f64(c.data, a.data, b.data)));
}
#endif

}  // namespace LASTBIT_ABI
}  // namespace lastbit
