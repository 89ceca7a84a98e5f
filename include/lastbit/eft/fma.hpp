// SPDX-License-Identifier: BSL-1.0
#pragma once
// Fused multiply-add: a b + c rounded once, on every target, the same bits with and without FMA hardware.

#include <lastbit/base/half_batch.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

__extension__ using wide_bits = unsigned __int128;

[[nodiscard]] constexpr int leading_zeros(wide_bits x) noexcept {
    auto const high = static_cast<std::uint64_t>(x >> 64);
    return high != 0 ? std::countl_zero(high) : 64 + std::countl_zero(static_cast<std::uint64_t>(x));
}

/// A positive number as significand * 2^exponent, the significand's leading bit at place 125.
struct wide_float {
    bool negative;
    wide_bits significand;
    int exponent;
};

[[nodiscard]] constexpr wide_float normalised(bool negative, wide_bits significand, int exponent) noexcept {
    int const shift = leading_zeros(significand) - 2;
    return {negative, significand << shift, exponent - shift};
}

/// The bits of big + small rounded to double. Requires: big.exponent >= small.exponent, both normalised.
[[nodiscard]] constexpr std::uint64_t sum_rounded(wide_float big, wide_float small) noexcept {
    int const distance = big.exponent - small.exponent;
    bool sticky = false;
    if (distance >= 128) {
        sticky = true;
        small.significand = 0;
    } else if (distance > 0) {
        sticky = (small.significand << (128 - distance)) != 0;
        small.significand >>= distance;
    }
    bool negative = big.negative;
    wide_bits total = 0;
    if (big.negative == small.negative) {
        total = big.significand + small.significand;
    } else if (big.significand >= small.significand) {
        // What was shifted out is subtracted, too: one less, and a positive tail remains. The significands are
        // multiples of 2^19, so a tail implies distance >= 20 and no cancellation.
        total = big.significand - small.significand - (sticky ? 1 : 0);
    } else {
        total = small.significand - big.significand;  // only at distance 0
        negative = small.negative;
    }
    if (total == 0) return 0;
    int const shift = leading_zeros(total) < 64 ? 64 - leading_zeros(total) : 0;
    sticky = sticky || (shift > 0 && (total << (128 - shift)) != 0);
    return compose_bits<double>(negative, static_cast<std::uint64_t>(total >> shift), big.exponent + shift, sticky);
}

/// The bits of fma(x, y, z) for finite numbers, x and y not zero.
[[nodiscard, gnu::noinline]] constexpr std::uint64_t fma_bits(std::uint64_t x_bits, std::uint64_t y_bits,
                                                              std::uint64_t z_bits) noexcept {
    decomposed const a = decompose(from_bits<double>(x_bits));
    decomposed const b = decompose(from_bits<double>(y_bits));
    decomposed const c = decompose(from_bits<double>(z_bits));
    wide_float const product =
        normalised(a.negative != b.negative, wide_bits{a.significand} * b.significand, a.exponent + b.exponent);
    if (c.significand == 0) return sum_rounded(product, {product.negative, 0, product.exponent});
    wide_float const addend = normalised(c.negative, c.significand, c.exponent);
    return product.exponent >= addend.exponent ? sum_rounded(product, addend) : sum_rounded(addend, product);
}

/// fma in double by integers. Source: IEEE 754-2019 section 5.4.1.
[[nodiscard, gnu::always_inline]] constexpr inline double fma_by_integers(double x, double y, double z) noexcept {
    if (!is_finite(x) || !is_finite(y) || is_zero(x) || is_zero(y)) return add(mul(x, y), z);
    if (!is_finite(z)) return z;
    return from_bits<double>(fma_bits(to_bits(x), to_bits(y), to_bits(z)));
}

/// p + z, where p is exact, rounded to odd: any later rounding to 51 bits or fewer is then that of the exact sum.
/// Source: [BM08] Theorem 1.
[[nodiscard, gnu::always_inline]] constexpr inline double add_to_odd(double p, double z) noexcept {
    double const s = add(p, z);
    if (!is_finite(s)) return s;
    double const z_seen = sub(s, p);
    double const error = add(sub(p, sub(s, z_seen)), sub(z, z_seen));
    std::uint64_t const bits = to_bits(s);
    if (is_zero(error) || (bits & 1) != 0) return s;
    return from_bits<double>(is_negative(error) == is_negative(s) ? bits + 1 : bits - 1);
}

/// fl(a b + c) without FMA hardware. A product of two numbers of a narrower format is exact in double.
[[nodiscard, gnu::always_inline]] constexpr inline double fma_emulated(double a, double b, double c) noexcept {
    return fma_by_integers(a, b, c);
}
[[nodiscard, gnu::always_inline]] constexpr inline float fma_emulated(float a, float b, float c) noexcept {
    return opaque(
        static_cast<float>(add_to_odd(mul(static_cast<double>(a), static_cast<double>(b)), static_cast<double>(c))));
}

#if defined(__FMA__)
[[nodiscard, gnu::always_inline]] inline double fma_scalar(double a, double b, double c) noexcept {
    return opaque(_mm_cvtsd_f64(_mm_fmadd_sd(_mm_set_sd(a), _mm_set_sd(b), _mm_set_sd(c))));
}
[[nodiscard, gnu::always_inline]] inline float fma_scalar(float a, float b, float c) noexcept {
    return opaque(_mm_cvtss_f32(_mm_fmadd_ss(_mm_set_ss(a), _mm_set_ss(b), _mm_set_ss(c))));
}
#elif defined(__aarch64__)
[[nodiscard, gnu::always_inline]] inline double fma_scalar(double a, double b, double c) noexcept {
    asm("fmadd %d0, %d1, %d2, %d0" : "+w"(c) : "w"(a), "w"(b));
    return c;
}
[[nodiscard, gnu::always_inline]] inline float fma_scalar(float a, float b, float c) noexcept {
    asm("fmadd %s0, %s1, %s2, %s0" : "+w"(c) : "w"(a), "w"(b));
    return c;
}
#else
[[nodiscard, gnu::always_inline]] inline double fma_scalar(double a, double b, double c) noexcept {
    return fma_emulated(a, b, c);
}
[[nodiscard, gnu::always_inline]] inline float fma_scalar(float a, float b, float c) noexcept {
    return fma_emulated(a, b, c);
}
#endif

/// Lane by lane, for instruction sets without FMA. Out of line, with its operands in registers, so that loops which
/// rarely come here stay small.
template <native_format T>
[[nodiscard, gnu::noinline, gnu::cold]] inline batch<T> fma_lanes(batch<T> a, batch<T> b, batch<T> c) noexcept {
    alignas(64) std::array<T, batch_width<T>> x, y, z;
    store(x.data(), a);
    store(y.data(), b);
    store(z.data(), c);
    for (std::size_t i = 0; i < x.size(); ++i) z[i] = fma_scalar(x[i], y[i], z[i]);
    return load(z.data());
}

}  // namespace detail

/// fl(a b + c), rounded once, in the format T: by the instruction where there is one, else emulated with the same bits.
/// Special:  as IEEE 754 says: 0 inf + c and inf - inf are NaN; an exact zero from opposite signs is +0.
/// Requires: a sound environment (environment::is_sound).
template <native_format T>
[[nodiscard, gnu::always_inline]] constexpr inline T fma(T a, T b, T c) noexcept {
    if (std::is_constant_evaluated()) return detail::fma_emulated(a, b, c);
    return detail::fma_scalar(a, b, c);
}

/// In bfloat16 or float16: the product is exact in double, the sum is rounded there to odd, then once to T.
template <half_format T>
[[nodiscard]] constexpr T fma(T a, T b, T c) noexcept {
    double const product = mul(static_cast<double>(a), static_cast<double>(b));
    return T(detail::add_to_odd(product, static_cast<double>(c)));
}

/// Lane by lane.
template <native_format T>
[[nodiscard, gnu::always_inline]] inline batch<T> fma(batch<T> const& a, batch<T> const& b,
                                                      batch<T> const& c) noexcept {
    if constexpr (LASTBIT_HAS_FMA) return fma_instruction(a, b, c);
    else return detail::fma_lanes<T>(a, b, c);
}
template <half_format T>
[[nodiscard]] inline half_batch<T> fma(half_batch<T> const& a, half_batch<T> const& b,
                                       half_batch<T> const& c) noexcept {
    alignas(64) std::array<float, batch_width<float>> x, y, z;
    store(x.data(), a.lanes);
    store(y.data(), b.lanes);
    store(z.data(), c.lanes);
    for (std::size_t i = 0; i < x.size(); ++i) z[i] = static_cast<float>(fma(T(x[i]), T(y[i]), T(z[i])));
    return {load(z.data())};
}

/// A software number's a b + c by its own operators.
template <software_number T>
[[nodiscard]] T fma(T const& a, T const& b, T const& c) {
    return T(T(a * b) + c);
}

}  // namespace LASTBIT_ABI
}  // namespace lastbit
