// SPDX-License-Identifier: BSL-1.0
#pragma once
// exp, expm1, log1p and the normal distribution in a format wider than the result's: the parts of the activations.
//
// Every operation is one of base/opaque.hpp's or exact/expansion.hpp's, in one fixed order: no platform's mathematical
// library has a say, and the bits are the same everywhere. Results are meant to be rounded to a narrower format: their
// relative errors (docs/mathematics.md, "Activations") are small against half an ulp of it.

#include <lastbit/exact/expansion.hpp>
#include <lastbit/exact/round_within.hpp>

#include <array>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// A double whose operators are single IEEE 754 operations, whatever the flags.
class opaque_double {
public:
    constexpr opaque_double() noexcept = default;
    constexpr explicit opaque_double(double x) noexcept : value_(x) {}
    [[nodiscard]] constexpr double value() const noexcept { return value_; }

    [[nodiscard]] friend opaque_double operator-(opaque_double x) noexcept { return opaque_double(negate(x.value_)); }
    [[nodiscard]] friend opaque_double operator+(opaque_double x, opaque_double y) noexcept {
        return opaque_double(add(x.value_, y.value_));
    }
    [[nodiscard]] friend opaque_double operator-(opaque_double x, opaque_double y) noexcept {
        return opaque_double(sub(x.value_, y.value_));
    }
    [[nodiscard]] friend opaque_double operator*(opaque_double x, opaque_double y) noexcept {
        return opaque_double(mul(x.value_, y.value_));
    }
    [[nodiscard]] friend opaque_double operator/(opaque_double x, opaque_double y) noexcept {
        return opaque_double(divide(x.value_, y.value_));
    }

private:
    double value_ = 0;
};

/// What an activation of T is computed in.
template <binary_format T>
using wide = std::conditional_t<std::same_as<T, double>, double_double, opaque_double>;

[[nodiscard]] inline double leading(opaque_double x) noexcept { return x.value(); }
[[nodiscard]] inline double leading(double_double const& x) noexcept { return x[0]; }

/// x times a power of two. Requires: nothing becomes subnormal.
[[nodiscard]] inline opaque_double scaled(opaque_double x, double power) noexcept { return x * opaque_double(power); }
[[nodiscard]] inline double_double scaled(double_double const& x, double power) noexcept { return x.scaled(power); }

/// A constant to 106 bits, or to the first 53 of them.
template <class W>
[[nodiscard]] constexpr W constant(double high, double low) noexcept {
    if constexpr (std::same_as<W, double_double>) return double_double::from_nonoverlapping({high, low});
    else return W(high);
}

/// What depends on the width: ln 2 in two parts, the first with so few bits that k times it is exact for |k| < 2^12,
/// and how far each series goes.
template <class W>
struct widths;

template <>
struct widths<opaque_double> {
    static constexpr double ln2_high = 0x1.62e42fee00000p-1, ln2_middle = 0x1.a39ef35793c76p-33, ln2_low = 0;
    static constexpr int exp_terms = 13, exp_doublings = 0;         // (ln 2 / 2)^14 / 14! < 2^-57
    static constexpr double normal_switch = 3;                      // series below, continued fraction from there on
    static constexpr int normal_terms = 32, normal_fractions = 36;  // to 2^-54 and to 2^-44
    static constexpr double negligible = 40;                        // exp(-40) < 2^-57
};

template <>
struct widths<double_double> {
    static constexpr double ln2_high = 0x1.62e42fefa2000p-1, ln2_middle = 0x1.9ef35793c7673p-41,
                            ln2_low = 0x1.f97b57a079a19p-103;
    static constexpr int exp_terms = 10, exp_doublings = 8;  // (ln 2 / 512)^11 / 11! < 2^-129
    static constexpr double normal_switch = 5;
    static constexpr int normal_terms = 72, normal_fractions = 34;  // to 2^-102 and to 2^-66
    static constexpr double negligible = 75;                        // exp(-75) < 2^-108
};

/// 1 / k! for k = 1, ..., 13, in two words.
inline constexpr std::array<std::array<double, 2>, 13> inverse_factorials = {
    {{1, 0},
     {0x1p-1, 0},
     {0x1.5555555555555p-3, 0x1.5555555555555p-57},
     {0x1.5555555555555p-5, 0x1.5555555555555p-59},
     {0x1.1111111111111p-7, 0x1.1111111111111p-63},
     {0x1.6c16c16c16c17p-10, -0x1.f49f49f49f49fp-65},
     {0x1.a01a01a01a01ap-13, 0x1.a01a01a01a01ap-73},
     {0x1.a01a01a01a01ap-16, 0x1.a01a01a01a01ap-76},
     {0x1.71de3a556c734p-19, -0x1.c154f8ddc6c00p-73},
     {0x1.27e4fb7789f5cp-22, 0x1.cbbc05b4fa99ap-76},
     {0x1.ae64567f544e4p-26, -0x1.c062e06d1f209p-80},
     {0x1.1eed8eff8d898p-29, -0x1.2aec959e14c06p-83},
     {0x1.6124613a86d09p-33, 0x1.f28e0cc748ebep-87}}};

/// value * 2^exponent; the value is a normal number of modest size, whatever the exponent.
template <class W>
struct scaled_value {
    W value;
    int exponent;
};

/// The nearest integer k to x / ln 2, and exp(x - k ln 2) - 1. Requires: |x| < 2048.
template <class W>
[[nodiscard]] scaled_value<W> reduced_expm1(W const& x) noexcept {
    using width = widths<W>;
    constexpr double shifter = 0x1.8p52;  // adding it leaves the nearest integer in the last bits
    double const k = sub(add(mul(leading(x), 0x1.71547652b82fep+0), shifter), shifter);
    W const n(k);
    W r = (x - n * W(width::ln2_high)) - n * constant<W>(width::ln2_middle, width::ln2_low);
    if constexpr (width::exp_doublings > 0) r = scaled(r, power_of_two(-width::exp_doublings));
    auto const coefficient = [](int j) {
        auto const& word = inverse_factorials[static_cast<std::size_t>(j) - 1];
        return constant<W>(word[0], word[1]);
    };
    W sum = coefficient(width::exp_terms);
    for (int j = width::exp_terms - 1; j >= 1; --j) sum = sum * r + coefficient(j);
    W e = sum * r;
    for (int i = 0; i < width::exp_doublings; ++i) e = e * (e + W(2.0));  // (1 + e)^2 - 1
    return {e, static_cast<int>(k)};
}

/// exp(x). Requires: |x| < 2048.
template <class W>
[[nodiscard]] scaled_value<W> exponential(W const& x) noexcept {
    scaled_value<W> const e = reduced_expm1(x);
    return {e.value + W(1.0), e.exponent};
}

/// v as a number of W, 0 if it is below 2^-200.
template <class W>
[[nodiscard]] W plain_value(scaled_value<W> const& v) noexcept {
    return v.exponent < -200 ? W(0.0) : scaled(v.value, power_of_two(v.exponent));
}

/// exp(x) - 1. Requires: -2048 < x < 1.
template <class W>
[[nodiscard]] W expm1_of(W const& x) noexcept {
    scaled_value<W> const e = reduced_expm1(x);
    if (e.exponent == 0) return e.value;
    if (e.exponent < -200) return W(-1.0);
    double const power = power_of_two(e.exponent);
    return scaled(e.value, power) + (W(power) - W(1.0));
}

/// 1 / (2 j + 1); the terms that are left out are below 9^-18 < 2^-57.
inline constexpr std::array<double, 18> odd_reciprocals = {1.0,      1.0 / 3,  1.0 / 5,  1.0 / 7,  1.0 / 9,  1.0 / 11,
                                                           1.0 / 13, 1.0 / 15, 1.0 / 17, 1.0 / 19, 1.0 / 21, 1.0 / 23,
                                                           1.0 / 25, 1.0 / 27, 1.0 / 29, 1.0 / 31, 1.0 / 33, 1.0 / 35};

/// log(1 + t) by the series of 2 artanh(t / (2 + t)). Requires: 0 <= t <= 1; relative error then below 2^-50.
[[nodiscard]] inline opaque_double log1p_of(opaque_double t) noexcept {
    opaque_double const s = t / (t + opaque_double(2));
    opaque_double const square = s * s;
    opaque_double sum(0);
    for (std::size_t j = odd_reciprocals.size(); j-- > 0;) sum = sum * square + opaque_double(odd_reciprocals[j]);
    return (s + s) * sum;
}

/// log(1 + t): y of the leading word, and a step of Newton's method, log((1 + t) exp(-y)) = w - w^2 / 2 + ...
[[nodiscard]] inline double_double log1p_of(double_double const& t) noexcept {
    double_double const y(log1p_of(opaque_double(t[0])).value());
    double_double const e = expm1_of(-y);
    double_double const w = e + t + t * e;
    return y + (w - scaled(w * w, 0.5));
}

/// Phi(x), the normal distribution function: 1/2 + phi(x) (x + x^3 / 3 + x^5 / 15 + ...) for |x| < a, else with
/// t = |x| from the tail phi(x) / (t + 1 / (t + 2 / (t + ...))). Source: [AS64] 26.2.11, 26.2.14.
/// Requires: |x| < 40, x exact in W.
template <class W>
[[nodiscard]] scaled_value<W> normal_distribution(W const& x) noexcept {
    using width = widths<W>;
    W const square = x * x;
    scaled_value<W> density = exponential(scaled(-square, 0.5));
    density.value = density.value * constant<W>(0x1.9884533d43651p-2, -0x1.cbc0d30ebfd15p-56);  // 1 / sqrt(2 pi)
    if (absolute(leading(x)) < width::normal_switch) {
        W sum(1.0);
        for (int k = width::normal_terms; k >= 1; --k) sum = W(1.0) + sum * square / W(2.0 * k + 1);
        return {W(0.5) + plain_value(density) * (x * sum), 0};
    }
    bool const negative = is_negative(leading(x));
    W const t = negative ? -x : x;
    W below = t;
    for (int k = width::normal_fractions; k >= 1; --k) below = t + W(static_cast<double>(k)) / below;
    scaled_value<W> const tail{density.value / below, density.exponent};
    return negative ? tail : scaled_value<W>{W(1.0) - plain_value(tail), 0};
}

/// v rounded to T, once. Requires: |v.value| is below 2^24 and at least 2^-200, or v is not below 2^-900.
template <binary_format T>
[[nodiscard, gnu::always_inline]] inline T rounded_value(scaled_value<wide<T>> const& v) noexcept {
    if constexpr (std::same_as<T, double>) {
        if (v.exponent > -900) [[likely]]
            return mul(v.value[0], power_of_two(v.exponent));  // exact: the first word is the rounded value
        if (v.exponent < -1100) return from_hidden_bits<double>(to_bits(v.value[0]) & fields<double>::sign);
        superaccumulator<double> total;  // of two products: a subnormal result is rounded but once
        for (std::size_t q = 0; q < 2; ++q)
            if (!is_zero(v.value[q]))
                total.add_product_bits(to_bits(mul(v.value[q], 0x1p-30)), to_bits(power_of_two(v.exponent + 30)));
        return total.template round<double>();
    } else {
        double const power = power_of_two(v.exponent < -1000 ? -1000 : v.exponent);  // 2^-1000: zero in T
        return narrowed<T>(mul(v.value.value(), power));
    }
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
