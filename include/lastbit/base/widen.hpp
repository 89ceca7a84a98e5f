// SPDX-License-Identifier: BSL-1.0
#pragma once
// Registers filled from numbers of a narrower format, widened exactly.

#include <lastbit/base/simd.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {

namespace detail {

/// Lanes numbers of the type E in one vector register, or in a part of one.
template <class E, std::size_t Lanes>
struct packed_of {
    using type [[gnu::vector_size(sizeof(E) * Lanes)]] = E;
};
template <class E, std::size_t Lanes>
using packed = typename packed_of<E, Lanes>::type;

/// Lane by lane, exactly. The compilers' own conversion of vectors, which every instruction set has, is made of halves
/// by GCC 12 where there is one instruction.
template <class To, class From>
[[nodiscard, gnu::always_inline]] inline To widen_lanes(From const& x) noexcept {
    return __builtin_convertvector(x, To);
}
#if defined(__AVX512F__)
// The masked forms: the plain ones make GCC 12 warn of an uninitialised register.
template <>
[[nodiscard, gnu::always_inline]] inline packed<double, 8> widen_lanes(packed<float, 8> const& x) noexcept {
    return _mm512_maskz_cvtps_pd(0xFF, x);
}
template <>
[[nodiscard, gnu::always_inline]] inline packed<std::uint32_t, 16> widen_lanes(
    packed<std::uint16_t, 16> const& x) noexcept {
    return std::bit_cast<packed<std::uint32_t, 16>>(_mm512_maskz_cvtepu16_epi32(0xFFFF, std::bit_cast<__m256i>(x)));
}
#elif defined(__AVX__)
template <>
[[nodiscard, gnu::always_inline]] inline packed<double, 4> widen_lanes(packed<float, 4> const& x) noexcept {
    return _mm256_cvtps_pd(x);
}
#endif
#if defined(__AVX2__)
template <>
[[nodiscard, gnu::always_inline]] inline packed<std::uint32_t, 8> widen_lanes(
    packed<std::uint16_t, 8> const& x) noexcept {
    return std::bit_cast<packed<std::uint32_t, 8>>(_mm256_cvtepu16_epi32(std::bit_cast<__m128i>(x)));
}
#endif

/// `Lanes` float16, by their bits.
template <std::size_t Lanes>
[[nodiscard, gnu::always_inline]] inline packed<float, Lanes> widened_float16(
    packed<std::uint16_t, Lanes> const& x) noexcept {
    using words = packed<std::uint32_t, Lanes>;
    words const bits = widen_lanes<words>(x);
    words const magnitude = bits & 0x7FFFU;
    // The exponent's bias moves from 15 to 127 by a product with 2^112, which also normalises subnormals.
    packed<float, Lanes> scaled = std::bit_cast<packed<float, Lanes>>(words(magnitude << 13)) * 0x1p112F;
    words const special = ((0x7BFFU - magnitude) >> 31) * 0x7F800000U;
    words const sign = (bits & 0x8000U) << 16;
    return std::bit_cast<packed<float, Lanes>>(words(std::bit_cast<words>(scaled) | special | sign));
}
#if defined(__F16C__)
// The instruction takes no subnormal float16 for 0, whatever the environment.
template <>
[[nodiscard, gnu::always_inline]] inline packed<float, 4> widened_float16<4>(
    packed<std::uint16_t, 4> const& x) noexcept {
    return _mm_cvtph_ps(_mm_cvtsi64_si128(std::bit_cast<long long>(x)));
}
template <>
[[nodiscard, gnu::always_inline]] inline packed<float, 8> widened_float16<8>(
    packed<std::uint16_t, 8> const& x) noexcept {
    return _mm256_cvtph_ps(std::bit_cast<__m128i>(x));
}
#endif
#if defined(__F16C__) && defined(__AVX512F__)
// The masked form: see above.
template <>
[[nodiscard, gnu::always_inline]] inline packed<float, 16> widened_float16<16>(
    packed<std::uint16_t, 16> const& x) noexcept {
    return _mm512_maskz_cvtph_ps(0xFFFF, std::bit_cast<__m256i>(x));
}
#endif

/// `Lanes` numbers of a 16-bit format, widened exactly to floats. What becomes of a signalling NaN is another NaN.
template <std::size_t Lanes, half_format T>
[[nodiscard, gnu::always_inline]] inline packed<float, Lanes> widened_lanes(T const* from) noexcept {
    using words = packed<std::uint32_t, Lanes>;
    packed<std::uint16_t, Lanes> narrow;
    __builtin_memcpy(&narrow, from, sizeof narrow);
    if constexpr (std::same_as<T, bfloat16>)
        return std::bit_cast<packed<float, Lanes>>(words(widen_lanes<words>(narrow) << 16));
    else return widened_float16<Lanes>(narrow);
}

}  // namespace detail

/// batch_width<double> numbers of a narrower format, widened exactly.
[[nodiscard, gnu::always_inline]] inline batch<double> load_widened(float const* from) noexcept {
    constexpr std::size_t lanes = batch_width<double>;
    detail::packed<float, lanes> narrow;
    __builtin_memcpy(&narrow, from, sizeof narrow);
    auto const wide = detail::widen_lanes<detail::packed<double, lanes>>(narrow);
    return opaque<double>(batch<double>(typename batch<double>::register_type(wide)));
}
/// Both halves of a register of floats, widened exactly.
[[nodiscard, gnu::always_inline]] inline std::array<batch<double>, 2> widen(batch<float> const& x) noexcept {
    constexpr std::size_t lanes = batch_width<double>;
    using half = detail::packed<float, lanes>;
    using wide = detail::packed<double, lanes>;
    using register_type = typename batch<double>::register_type;
    auto const both = std::bit_cast<std::array<half, 2>>(x.data);
    return {opaque<double>(batch<double>(register_type(detail::widen_lanes<wide>(both[0])))),
            opaque<double>(batch<double>(register_type(detail::widen_lanes<wide>(both[1]))))};
}
template <half_format T>
[[nodiscard, gnu::always_inline]] inline batch<double> load_as_double(T const* from) noexcept {
    constexpr std::size_t lanes = batch_width<double>;
    auto const wide = detail::widen_lanes<detail::packed<double, lanes>>(detail::widened_lanes<lanes>(from));
    return opaque<double>(batch<double>(typename batch<double>::register_type(wide)));
}
template <native_format T>
[[nodiscard, gnu::always_inline]] inline batch<double> load_as_double(T const* from) noexcept {
    if constexpr (std::same_as<T, double>) return load(from);
    else return load_widened(from);
}

/// batch_width<float> numbers of a 16-bit format, widened exactly.
template <half_format T>
[[nodiscard, gnu::always_inline]] inline batch<float> load_widened(T const* from) noexcept {
    auto const wide = detail::widened_lanes<batch_width<float>>(from);
    return opaque<float>(batch<float>(typename batch<float>::register_type(wide)));
}

}  // namespace LASTBIT_ABI
}  // namespace lastbit
