// SPDX-License-Identifier: BSL-1.0
#pragma once
// Formats of numbers that are known at run time only, as doubles: every value of each is one.
//
// What judges kernels of many formats need not be compiled once for each of them.

#include <lastbit/base/bfloat16.hpp>
#include <lastbit/base/float16.hpp>
#include <lastbit/base/float8.hpp>
#include <lastbit/base/tf32.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// A format in which kernels hold numbers.
enum class number_format : std::uint8_t {
    float64,
    float32,
    float16,
    bfloat16,
    tf32,         ///< 32 bits of storage, of which 10 of the fraction are used
    float8_e4m3,  ///< no infinities; what exceeds 448 becomes NaN
    float8_e5m2,
    int8,  ///< whole numbers; what exceeds the range becomes its end, NaN becomes 0
    int32
};

/// The constants of a format. For whole numbers: every one of |x| <= largest, and no other, so that precision and
/// min_exponent are those of a format whose last place is 1.
struct number_format_constants {
    std::string_view name;
    std::size_t bytes;  ///< of storage
    int precision;      ///< p, with the hidden bit
    int min_exponent;   ///< emin of the smallest normal number
    double largest;     ///< the largest finite number
    bool has_infinity;
    bool is_integer;
};

/// Of the format f.
[[nodiscard]] constexpr number_format_constants constants(number_format f) noexcept {
    switch (f) {
        case number_format::float64:
            return {"float64", 8, 53, -1022, largest<double>(), true, false};
        case number_format::float32:
            return {"float32", 4, 24, -126, 0x1.fffffep127, true, false};
        case number_format::float16:
            return {"float16", 2, 11, -14, 65504, true, false};
        case number_format::bfloat16:
            return {"bfloat16", 2, 8, -126, 0x1.fep127, true, false};
        case number_format::tf32:
            return {"tf32", 4, 11, -126, 0x1.ffcp127, true, false};
        case number_format::float8_e4m3:
            return {"float8_e4m3", 1, 4, -6, 448, false, false};
        case number_format::float8_e5m2:
            return {"float8_e5m2", 1, 3, -14, 57344, true, false};
        case number_format::int8:
            return {"int8", 1, 7, 6, 127, false, true};
        case number_format::int32:
            break;
    }
    return {"int32", 4, 31, 30, 2147483647, false, true};
}

/// "float32", "bfloat16" and so on.
[[nodiscard]] constexpr std::string_view name(number_format f) noexcept { return constants(f).name; }

/// Bytes of storage of one number.
[[nodiscard]] constexpr std::size_t size_of(number_format f) noexcept { return constants(f).bytes; }

/// p, with the hidden bit.
[[nodiscard]] constexpr int precision(number_format f) noexcept { return constants(f).precision; }

/// u = 2^-p, the largest relative error of one rounding to nearest; 0 for whole numbers, whose sums are exact.
[[nodiscard]] constexpr double unit_roundoff_of(number_format f) noexcept {
    return constants(f).is_integer ? 0.0 : lastbit::detail::power_of_two(-precision(f));
}

/// The distance of the smallest numbers, 2^(emin - p + 1).
[[nodiscard]] constexpr double smallest_step(number_format f) noexcept {
    return lastbit::detail::power_of_two(constants(f).min_exponent - precision(f) + 1);
}

/// The unit in the last place of the binade of x, 2^(max(floor(log2 |x|), emin) - p + 1). Special: 0 -> the smallest
/// step; NaN and infinities -> +inf.
[[nodiscard]] constexpr double ulp_of(number_format f, double x) noexcept {
    if (!lastbit::is_finite(x)) return infinity<double>();
    int const biased = static_cast<int>((to_bits(x) >> 52) & 0x7FF);
    int binade = biased - 1023;
    if (binade < constants(f).min_exponent) binade = constants(f).min_exponent;
    int const last = binade - precision(f) + 1;
    return lastbit::detail::power_of_two(last < -1074 ? -1074 : last);
}

/// Whether x lies below the normal numbers of f and is no zero. Integer formats have no such numbers.
[[nodiscard]] constexpr bool is_subnormal(number_format f, double x) noexcept {
    return !lastbit::is_zero(x) && !constants(f).is_integer &&
           to_bits(absolute(x)) < to_bits(lastbit::detail::power_of_two(constants(f).min_exponent));
}

namespace detail {

/// |x| rounded to a multiple of the last place of its binade in f, ties to even; may exceed the largest number.
/// Requires: x is finite.
[[nodiscard]] constexpr double rounded_magnitude(number_format_constants const& c, double x) noexcept {
    lastbit::detail::decomposed const d = lastbit::detail::decompose(x);
    if (d.significand == 0) return 0.0;
    int const length = 64 - std::countl_zero(d.significand);
    int last = d.exponent + length - c.precision;
    if (last < c.min_exponent - c.precision + 1) last = c.min_exponent - c.precision + 1;
    int const drop = last - d.exponent;
    if (drop <= 0) return absolute(x);
    if (drop > length + 1) return 0.0;
    std::uint64_t kept = drop >= 64 ? 0 : d.significand >> drop;
    std::uint64_t const rest = d.significand - (drop >= 64 ? 0 : kept << drop);
    std::uint64_t const half = std::uint64_t{1} << (drop - 1);
    if (rest > half || (rest == half && kept % 2 != 0)) ++kept;
    return lastbit::detail::compose<double>(false, kept, last);  // at most p + 1 bits: exact
}

}  // namespace detail

/// x in the format f, rounded once, to nearest, ties to even.
///
/// Special: the sign of zero is kept (but by whole numbers); what overflows becomes an infinity, NaN (float8_e4m3) or
///          the end of the range (whole numbers); NaN -> NaN (0 for whole numbers)
[[nodiscard]] constexpr double rounded(number_format f, double x) noexcept {
    number_format_constants const c = constants(f);
    if (f == number_format::float64) return lastbit::canonical(x);
    if (lastbit::is_nan(x)) return c.is_integer ? 0.0 : canonical_nan<double>();
    bool const infinite = lastbit::is_inf(x);
    double const magnitude = infinite ? x : detail::rounded_magnitude(c, x);
    if (infinite || magnitude > c.largest) {
        if (c.is_integer) {
            double const low = f == number_format::int8 ? -128.0 : -2147483648.0;
            return lastbit::is_negative(x) ? low : c.largest;
        }
        double const end = c.has_infinity ? infinity<double>() : canonical_nan<double>();
        return lastbit::is_negative(x) && c.has_infinity ? negate(end) : end;
    }
    if (c.is_integer && magnitude == 0.0) return 0.0;
    return lastbit::is_negative(x) ? negate(magnitude) : magnitude;
}

namespace detail {

template <class Stored>
[[nodiscard]] Stored read(void const* base, std::ptrdiff_t index) noexcept {
    Stored x;
    std::memcpy(&x, static_cast<char const*>(base) + index * static_cast<std::ptrdiff_t>(sizeof(Stored)),
                sizeof(Stored));
    return x;
}

template <class Stored>
void write(void* base, std::ptrdiff_t index, Stored x) noexcept {
    std::memcpy(static_cast<char*>(base) + index * static_cast<std::ptrdiff_t>(sizeof(Stored)), &x, sizeof(Stored));
}

}  // namespace detail

/// Number `index` of an array of the format at `base`. No alignment is needed. Error: none.
[[nodiscard]] inline double load(number_format f, void const* base, std::ptrdiff_t index) noexcept {
    using lastbit::detail::convert;
    switch (f) {
        case number_format::float64:
            return detail::read<double>(base, index);
        case number_format::float32:
        case number_format::tf32:
            return from_bits<double>(
                lastbit::detail::convert_bits<double, float>(detail::read<std::uint32_t>(base, index)));
        case number_format::float16:
            return convert<double>(from_bits<float16>(detail::read<std::uint16_t>(base, index)));
        case number_format::bfloat16:
            return convert<double>(from_bits<bfloat16>(detail::read<std::uint16_t>(base, index)));
        case number_format::float8_e4m3:
            return convert<double>(float{float8_e4m3::from_bits(detail::read<std::uint8_t>(base, index))});
        case number_format::float8_e5m2:
            return convert<double>(float{float8_e5m2::from_bits(detail::read<std::uint8_t>(base, index))});
        case number_format::int8:
            return static_cast<double>(detail::read<std::int8_t>(base, index));
        case number_format::int32:
            break;
    }
    return static_cast<double>(detail::read<std::int32_t>(base, index));
}

/// Writes x, rounded once to the format, as number `index` of an array at `base`.
inline void store(number_format f, void* base, std::ptrdiff_t index, double x) noexcept {
    using lastbit::detail::convert_bits;
    double const y = rounded(f, x);
    switch (f) {
        case number_format::float64:
            return detail::write(base, index, to_bits(y));
        case number_format::float32:
        case number_format::tf32:
            return detail::write(base, index, convert_bits<float, double>(to_bits(y)));
        case number_format::float16:
            return detail::write(base, index, convert_bits<float16, double>(to_bits(y)));
        case number_format::bfloat16:
            return detail::write(base, index, convert_bits<bfloat16, double>(to_bits(y)));
        case number_format::float8_e4m3:
            return detail::write(base, index, float8_e4m3(x).bits());
        case number_format::float8_e5m2:
            return detail::write(base, index, float8_e5m2(x).bits());
        case number_format::int8:
            return detail::write(base, index, static_cast<std::int8_t>(y));
        case number_format::int32:
            break;
    }
    detail::write(base, index, static_cast<std::int32_t>(y));
}

namespace detail {

/// `value` is the format of the type; specialised for each storage type.
template <class T>
struct format_of_type;
template <number_format F>
struct format_constant {
    static constexpr number_format value = F;
};
template <>
struct format_of_type<double> : format_constant<number_format::float64> {};
template <>
struct format_of_type<float> : format_constant<number_format::float32> {};
template <>
struct format_of_type<float16> : format_constant<number_format::float16> {};
template <>
struct format_of_type<bfloat16> : format_constant<number_format::bfloat16> {};
template <>
struct format_of_type<tf32> : format_constant<number_format::tf32> {};
template <>
struct format_of_type<float8_e4m3> : format_constant<number_format::float8_e4m3> {};
template <>
struct format_of_type<float8_e5m2> : format_constant<number_format::float8_e5m2> {};
template <>
struct format_of_type<std::int8_t> : format_constant<number_format::int8> {};
template <>
struct format_of_type<std::int32_t> : format_constant<number_format::int32> {};

}  // namespace detail

/// A type in which kernels store numbers. Examples: float, bfloat16, std::int8_t. Counter-examples: long double, char.
template <class T>
concept stored_number = requires {
    detail::format_of_type<std::remove_cv_t<T>>::value;
};

/// The format of such a type.
template <stored_number T>
inline constexpr number_format number_format_of = detail::format_of_type<std::remove_cv_t<T>>::value;

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
