// SPDX-License-Identifier: BSL-1.0
#pragma once
// What a binary floating-point format is: its constants, its bits, and tests of a value that look at bits only.
//
// Under -ffast-math a compiler may assume that no NaN and no infinity exists and fold `x != x` to false; it cannot fold
// a test of integer bits. Nothing in the library calls std::isnan and its kin. Newer Clang then also assumes that no
// function takes or returns one (and folds the test of bits, too): functions of values are inlined before it can.
// Source: IEEE 754-2019, section 3 (precision p, exponents emin and emax).

#include <lastbit/base/config.hpp>

#include <bit>
#include <concepts>
#include <cstdint>
#include <type_traits>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// The constants of a format: `bits_type`, `precision` (p, with the hidden bit), `max_exponent` (emax), `min_exponent`
/// (emin = 1 - emax) and `storage_bits`. Specialised for float, double, bfloat16 and float16.
template <class T>
struct format;

template <>
struct format<float> {
    using bits_type = std::uint32_t;
    static constexpr int precision = 24, max_exponent = 127, min_exponent = -126, storage_bits = 32;
    static constexpr char const* name = "float32";
};

template <>
struct format<double> {
    using bits_type = std::uint64_t;
    static constexpr int precision = 53, max_exponent = 1023, min_exponent = -1022, storage_bits = 64;
    static constexpr char const* name = "float64";
};

class bfloat16;
class float16;

template <>
struct format<bfloat16> {
    using bits_type = std::uint16_t;
    static constexpr int precision = 8, max_exponent = 127, min_exponent = -126, storage_bits = 16;
    static constexpr char const* name = "bfloat16";
};

template <>
struct format<float16> {
    using bits_type = std::uint16_t;
    static constexpr int precision = 11, max_exponent = 15, min_exponent = -14, storage_bits = 16;
    static constexpr char const* name = "float16";
};

/// One of the four binary formats. Examples: float, bfloat16. Counter-examples: int, long double.
template <class T>
concept binary_format = requires {
    typename format<T>::bits_type;
};

/// The two formats that the processor computes in. Examples: float, double.
template <class T>
concept native_format = std::same_as<T, float> || std::same_as<T, double>;

/// The bits of x; to_bits(-0.0) is 2^63.
template <binary_format T>
[[nodiscard, gnu::always_inline]] constexpr inline typename format<T>::bits_type to_bits(T x) noexcept {
    return std::bit_cast<typename format<T>::bits_type>(x);
}

/// The value with these bits.
template <binary_format T>
[[nodiscard, gnu::always_inline]] constexpr inline T from_bits(typename format<T>::bits_type bits) noexcept {
    return std::bit_cast<T>(bits);
}

class float8_e4m3;
class float8_e5m2;
class tf32;

/// A format that stores only: no kernel computes in it, and every value is exactly a float. They are no binary_format.
template <class T>
concept storage_only_format = std::same_as<T, float8_e4m3> || std::same_as<T, float8_e5m2> || std::same_as<T, tf32>;

/// What kernels of others store their numbers in; every value is exactly a float or a double. Examples: float,
/// bfloat16, float8_e4m3, std::int8_t (whole numbers). Counter-examples: int, long double.
template <class T>
concept storage_format = binary_format<T> || storage_only_format<T> || std::same_as<T, std::int8_t>;

namespace detail {

/// Masks and fields of a format, all of its bits_type.
template <binary_format T>
struct fields {
    using bits_type = typename format<T>::bits_type;
    static constexpr int fraction_bits = format<T>::precision - 1;
    static constexpr bits_type sign = static_cast<bits_type>(bits_type{1} << (format<T>::storage_bits - 1));
    static constexpr bits_type fraction = static_cast<bits_type>((bits_type{1} << fraction_bits) - 1);
    static constexpr bits_type exponent = static_cast<bits_type>(~sign & ~fraction);
    static constexpr bits_type quiet = static_cast<bits_type>(bits_type{1} << (fraction_bits - 1));
};

/// All bits but the sign. Hidden, or newer Clang makes a comparison of numbers of a test of them, which -ffast-math
/// then answers wrongly for NaN.
template <binary_format T>
[[nodiscard, gnu::always_inline]] constexpr inline typename format<T>::bits_type magnitude_bits(T x) noexcept {
    using bits_type = typename format<T>::bits_type;
    bits_type bits = to_bits(x);
    if constexpr (native_format<T>) {
        if (!std::is_constant_evaluated()) asm("" : "+r"(bits));
    }
    return static_cast<bits_type>(bits & static_cast<bits_type>(~fields<T>::sign));
}

}  // namespace detail

/// True for every NaN, quiet or signalling. Holds under -ffast-math.
template <binary_format T>
[[nodiscard, gnu::always_inline]] constexpr inline bool is_nan(T x) noexcept {
    return detail::magnitude_bits(x) > detail::fields<T>::exponent;
}

/// True for +inf and -inf.
template <binary_format T>
[[nodiscard, gnu::always_inline]] constexpr inline bool is_inf(T x) noexcept {
    return detail::magnitude_bits(x) == detail::fields<T>::exponent;
}

/// True for zeros, subnormals and normal numbers.
template <binary_format T>
[[nodiscard, gnu::always_inline]] constexpr inline bool is_finite(T x) noexcept {
    return detail::magnitude_bits(x) < detail::fields<T>::exponent;
}

/// True for +0 and -0.
template <binary_format T>
[[nodiscard, gnu::always_inline]] constexpr inline bool is_zero(T x) noexcept {
    return detail::magnitude_bits(x) == 0;
}

/// True if the sign bit is set: for -0 and for a NaN with it, too.
template <binary_format T>
[[nodiscard, gnu::always_inline]] constexpr inline bool is_negative(T x) noexcept {
    return (to_bits(x) & detail::fields<T>::sign) != 0;
}

/// |x| by clearing the sign bit, of a NaN too.
template <binary_format T>
[[nodiscard, gnu::always_inline]] constexpr inline T absolute(T x) noexcept {
    return from_bits<T>(detail::magnitude_bits(x));
}

/// -x by flipping the sign bit, of a zero and of a NaN too.
template <binary_format T>
[[nodiscard, gnu::always_inline]] constexpr inline T negate(T x) noexcept {
    using bits_type = typename format<T>::bits_type;
    return from_bits<T>(static_cast<bits_type>(to_bits(x) ^ detail::fields<T>::sign));
}

/// The positive quiet NaN with zero payload: the only NaN that a kernel returns.
template <binary_format T>
[[nodiscard, gnu::always_inline]] constexpr inline T canonical_nan() noexcept {
    using bits_type = typename format<T>::bits_type;
    return from_bits<T>(static_cast<bits_type>(detail::fields<T>::exponent | detail::fields<T>::quiet));
}

/// x, or the canonical NaN in the place of any NaN.
template <binary_format T>
[[nodiscard, gnu::always_inline]] constexpr inline T canonical(T x) noexcept {
    return is_nan(x) ? canonical_nan<T>() : x;
}

/// +inf.
template <binary_format T>
[[nodiscard, gnu::always_inline]] constexpr inline T infinity() noexcept {
    return from_bits<T>(detail::fields<T>::exponent);
}

/// The largest finite number, (2 - 2^(1-p)) 2^emax; called Omega in docs/mathematics.md.
template <binary_format T>
[[nodiscard, gnu::always_inline]] constexpr inline T largest() noexcept {
    using bits_type = typename format<T>::bits_type;
    return from_bits<T>(static_cast<bits_type>(detail::fields<T>::exponent - 1));
}

/// The smallest positive number, 2^(emin - p + 1), a subnormal.
template <binary_format T>
[[nodiscard, gnu::always_inline]] constexpr inline T smallest_subnormal() noexcept {
    return from_bits<T>(1);
}

/// The smallest positive normal number, 2^emin.
template <binary_format T>
[[nodiscard, gnu::always_inline]] constexpr inline T smallest_normal() noexcept {
    using bits_type = typename format<T>::bits_type;
    return from_bits<T>(static_cast<bits_type>(bits_type{1} << detail::fields<T>::fraction_bits));
}

namespace detail {

/// 2^k as a double, for -1074 <= k <= 1023, by its bits.
[[nodiscard, gnu::always_inline]] constexpr inline double power_of_two(int k) noexcept {
    return k >= -1022 ? from_bits<double>(static_cast<std::uint64_t>(k + 1023) << 52)
                      : from_bits<double>(std::uint64_t{1} << (k + 1074));
}

}  // namespace detail

/// u = 2^-p, the largest relative error of one rounding to nearest without underflow: |fl(x) - x| <= u |x|.
template <binary_format T>
inline constexpr double unit_roundoff = detail::power_of_two(-format<T>::precision);

}  // namespace LASTBIT_ABI
}  // namespace lastbit
