// SPDX-License-Identifier: BSL-1.0
#pragma once
// Arithmetic for the transcriptions: the processor's operators for float and double (compile with -ffp-contract=off and
// without -ffast-math), and for the 16-bit formats integers that are exact until one rounding. Nothing of lastbit's
// arithmetic is used; from it come only the types and their bits.

#include <lastbit/base/bfloat16.hpp>
#include <lastbit/base/float16.hpp>

#include <cmath>
#include <cstdint>

namespace transcription {

#if defined(__FAST_MATH__)
#    error "transcriptions need IEEE arithmetic: compile with -fno-fast-math"
#endif

template <class T>
struct arithmetic {
    [[nodiscard]] static T add(T a, T b) { return a + b; }
    [[nodiscard]] static T sub(T a, T b) { return a - b; }
    [[nodiscard]] static T mul(T a, T b) { return a * b; }
    [[nodiscard]] static T fma(T a, T b, T c) { return std::fma(a, b, c); }
    [[nodiscard]] static T negative(T a) { return -a; }
    [[nodiscard]] static T constant(double c) { return static_cast<T>(c); }
    [[nodiscard]] static bool finite(T a) { return std::isfinite(a); }
    [[nodiscard]] static bool at_least(T a, T b) { return std::fabs(a) >= std::fabs(b); }
};

__extension__ typedef __int128 wide;
__extension__ typedef unsigned __int128 unsigned_wide;

/// A finite number as an integer times a power of two; `negative` is also the sign of a zero.
struct scaled {
    wide integer;
    int exponent;
    bool negative;
};

/// A format of 16 bits with `Fraction` bits of fraction.
template <class T, int Fraction>
struct small_arithmetic {
    static constexpr unsigned infinite = ((1U << (15 - Fraction)) - 1U) << Fraction;
    static constexpr unsigned a_nan = infinite | 1U;
    static constexpr int bias = (1 << (14 - Fraction)) - 1;
    static constexpr int smallest = 1 - bias - Fraction;  // exponent of the smallest subnormal

    [[nodiscard]] static unsigned bits(T a) { return lastbit::to_bits(a); }
    [[nodiscard]] static T of(unsigned b) { return lastbit::from_bits<T>(static_cast<std::uint16_t>(b)); }
    [[nodiscard]] static unsigned magnitude(T a) { return bits(a) & 0x7FFFU; }
    [[nodiscard]] static bool finite(T a) { return magnitude(a) < infinite; }
    [[nodiscard]] static bool is_nan(T a) { return magnitude(a) > infinite; }
    [[nodiscard]] static bool at_least(T a, T b) { return magnitude(a) >= magnitude(b); }
    [[nodiscard]] static T negative(T a) { return of(bits(a) ^ 0x8000U); }
    [[nodiscard]] static T constant(double c) { return c == 0.0 ? of(std::signbit(c) ? 0x8000U : 0U) : T(c); }

    [[nodiscard]] static scaled read(T a) {
        unsigned const field = magnitude(a) >> Fraction;
        unsigned const fraction = magnitude(a) & ((1U << Fraction) - 1U);
        bool const negative = bits(a) >= 0x8000U;
        wide const significand = field == 0 ? fraction : fraction | (1U << Fraction);
        return {negative ? -significand : significand, smallest + (field == 0 ? 0 : static_cast<int>(field) - 1),
                negative};
    }

    /// integer * 2^exponent to nearest, ties to even; integer is not 0.
    [[nodiscard]] static T rounded(wide integer, int exponent) {
        bool const negative = integer < 0;
        auto m = static_cast<unsigned_wide>(negative ? -integer : integer);
        bool lost = false;  // something below the last two bits
        auto const halve = [&] {
            lost = lost || (m & 1) != 0;
            m >>= 1;
            ++exponent;
        };
        // Keep one bit below the result's last: halve until 2^(Fraction + 2) is not reached and the last bit is in range.
        while ((m >> (Fraction + 2)) != 0 || exponent < smallest - 1) halve();
        while (exponent > smallest - 1 && (m >> (Fraction + 1)) == 0) {
            m <<= 1;
            --exponent;
        }
        bool const half = (m & 1) != 0;
        auto kept = static_cast<unsigned>(m >> 1);
        ++exponent;
        if (half && (lost || (kept & 1U) != 0)) ++kept;
        if (kept >> (Fraction + 1) != 0) {
            kept >>= 1;
            ++exponent;
        }
        unsigned const sign = negative ? 0x8000U : 0U;
        if (kept >> Fraction == 0) return of(sign | kept);  // subnormal
        int const field = exponent - smallest + 1;
        if (field >= static_cast<int>(infinite >> Fraction)) return of(sign | infinite);
        return of(sign | (static_cast<unsigned>(field) << Fraction) | (kept & ((1U << Fraction) - 1U)));
    }

    [[nodiscard]] static T sum(scaled a, scaled b) {
        if (a.integer == 0 && b.integer == 0) return of(a.negative && b.negative ? 0x8000U : 0U);
        if (a.integer == 0) return rounded(b.integer, b.exponent);
        if (b.integer == 0) return rounded(a.integer, a.exponent);
        if (a.exponent < b.exponent) {
            scaled const c = a;
            a = b;
            b = c;
        }
        // The integers are below 2^22: beyond a distance of 90 only b's sign matters.
        if (a.exponent - b.exponent > 90) b = {b.integer < 0 ? -1 : 1, a.exponent - 90, b.negative};
        wide const total = (a.integer * (wide{1} << (a.exponent - b.exponent))) + b.integer;
        return total == 0 ? of(0) : rounded(total, b.exponent);
    }

    [[nodiscard]] static T add(T a, T b) {
        if (is_nan(a) || is_nan(b)) return of(a_nan);
        if (!finite(a) && !finite(b)) return bits(a) == bits(b) ? a : of(a_nan);
        if (!finite(a)) return a;
        return finite(b) ? sum(read(a), read(b)) : b;
    }
    [[nodiscard]] static T sub(T a, T b) { return add(a, negative(b)); }
    [[nodiscard]] static T mul(T a, T b) {
        unsigned const sign = (bits(a) ^ bits(b)) & 0x8000U;
        if (is_nan(a) || is_nan(b)) return of(a_nan);
        if (!finite(a) || !finite(b)) return magnitude(a) == 0 || magnitude(b) == 0 ? of(a_nan) : of(sign | infinite);
        scaled const x = read(a);
        scaled const y = read(b);
        return x.integer == 0 || y.integer == 0 ? of(sign) : rounded(x.integer * y.integer, x.exponent + y.exponent);
    }
    [[nodiscard]] static T fma(T a, T b, T c) {
        if (!finite(a) || !finite(b) || !finite(c)) {
            if (finite(a) && finite(b) && !is_nan(c)) return c;
            return add(mul(a, b), c);
        }
        scaled const x = read(a);
        scaled const y = read(b);
        return sum({x.integer * y.integer, x.exponent + y.exponent, x.negative != y.negative}, read(c));
    }
};

template <>
struct arithmetic<lastbit::bfloat16> : small_arithmetic<lastbit::bfloat16, 7> {};
template <>
struct arithmetic<lastbit::float16> : small_arithmetic<lastbit::float16, 10> {};

/// x rounded once to T.
template <class T, class W>
[[nodiscard]] T narrowed(W x) {
    if constexpr (sizeof(T) > 2) {
        return static_cast<T>(x);
    } else {
        using R = arithmetic<T>;
        unsigned const sign = std::signbit(x) ? 0x8000U : 0U;
        if (std::isnan(x)) return R::of(R::a_nan);
        if (std::isinf(x)) return R::of(sign | R::infinite);
        if (x == 0) return R::of(sign);
        int exponent = 0;
        double const fraction = std::frexp(static_cast<double>(x), &exponent);
        return R::rounded(static_cast<wide>(std::ldexp(fraction, 53)), exponent - 53);
    }
}

}  // namespace transcription
