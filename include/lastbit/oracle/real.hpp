// SPDX-License-Identifier: BSL-1.0
#pragma once
// The oracle's number: an integer times a power of two, or an infinity, or NaN. Nothing is rounded but by round<T>().
//
// Every finite number of the formats is such a number, and sums, differences and products of such numbers are such
// numbers: no precision has to be chosen. The code takes floats apart and puts them together by itself and shares no
// arithmetic with base/ and the kernels: a judge that used their rounding could not find a fault in it.

#include <lastbit/base/bfloat16.hpp>
#include <lastbit/base/float16.hpp>
#include <lastbit/base/float8.hpp>
#include <lastbit/base/tf32.hpp>

#include <boost/multiprecision/cpp_int.hpp>

#include <compare>
#include <concepts>
#include <cstdint>
#include <utility>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace oracle {

/// An integer of any size.
using integer = boost::multiprecision::cpp_int;

/// Where a number that the format lacks goes: to the nearer neighbour (of two equally near ones to the one whose last
/// bit is 0), to the upper, to the lower, or to the one that is smaller in magnitude.
enum class direction { nearest, upward, downward, toward_zero };

namespace detail {

/// (-1)^negative * significand * 2^exponent, read from the bits of a finite number.
struct float_parts {
    bool negative;
    std::uint64_t significand;
    int exponent;
};

/// The parts of the number with these bits: a sign, an exponent of so many bits, and p - 1 bits of fraction.
[[nodiscard]] constexpr float_parts take_apart_bits(std::uint64_t bits, int p, int exponent_bits, int bias) noexcept {
    std::uint64_t const hidden = std::uint64_t{1} << (p - 1);
    std::uint64_t const fraction = bits % hidden;
    int const field = static_cast<int>((bits >> (p - 1)) % (std::uint64_t{1} << exponent_bits));
    bool const negative = (bits >> (p - 1 + exponent_bits)) != 0;
    int const last = (field == 0 ? 1 : field) - bias - (p - 1);
    return {negative, field == 0 ? fraction : fraction + hidden, last};
}

/// Requires: x is finite.
template <binary_format T>
[[nodiscard]] constexpr float_parts take_apart(T x) noexcept {
    return take_apart_bits(to_bits(x), format<T>::precision, format<T>::storage_bits - format<T>::precision,
                           format<T>::max_exponent);
}

/// Requires: x is finite.
[[nodiscard]] constexpr float_parts take_apart(float8_e4m3 x) noexcept { return take_apart_bits(x.bits(), 4, 4, 7); }
[[nodiscard]] constexpr float_parts take_apart(float8_e5m2 x) noexcept { return take_apart_bits(x.bits(), 3, 5, 15); }
[[nodiscard]] constexpr float_parts take_apart(tf32 x) noexcept { return take_apart_bits(x.bits(), 24, 8, 127); }
[[nodiscard]] constexpr float_parts take_apart(std::int8_t x) noexcept {
    return {x < 0, static_cast<std::uint64_t>(x < 0 ? -x : x), 0};
}

/// What a number of a format that stores only is.
struct kind_of_value {
    bool nan;
    bool infinite;
};

/// By the bits without sign of it, of the largest number, and of the infinity (0 if there is none).
[[nodiscard]] constexpr kind_of_value kind_of_bits(std::uint32_t magnitude, std::uint32_t largest,
                                                   std::uint32_t infinity) noexcept {
    bool const infinite = infinity != 0 && magnitude == infinity;
    return {magnitude > largest && !infinite, infinite};
}
[[nodiscard]] constexpr kind_of_value kind_of(float8_e4m3 x) noexcept { return kind_of_bits(x.bits() % 128U, 0x7E, 0); }
[[nodiscard]] constexpr kind_of_value kind_of(float8_e5m2 x) noexcept {
    return kind_of_bits(x.bits() % 128U, 0x7B, 0x7C);
}
[[nodiscard]] constexpr kind_of_value kind_of(tf32 x) noexcept {
    return kind_of_bits(x.bits() % 0x80000000U, 0x7F7FE000, 0x7F800000);
}

/// The number of bits of m, 0 for 0.
[[nodiscard]] inline std::int64_t bit_length(integer const& m) {
    return m.is_zero() ? 0 : static_cast<std::int64_t>(msb(m)) + 1;
}

[[nodiscard]] inline integer shifted_left(integer const& m, std::int64_t by) {
    return m << static_cast<std::size_t>(by);
}

/// m / 2^dropped as an integer below 2^64, rounded once. Requires: m is odd.
[[nodiscard]] inline std::uint64_t rounded_shift(integer const& m, std::int64_t dropped, direction d, bool negative) {
    if (dropped <= 0) return static_cast<std::uint64_t>(shifted_left(m, -dropped));
    // m is odd: the part that is dropped is not zero. It is below one half if it has no bit at the half's place.
    bool const vanishes = dropped > bit_length(m);
    std::uint64_t const kept =
        vanishes ? 0 : static_cast<std::uint64_t>(integer(m >> static_cast<std::size_t>(dropped)));
    bool const half_or_more = !vanishes && bit_test(m, static_cast<unsigned>(dropped - 1));
    bool const half_exactly = half_or_more && dropped == 1;  // m is odd: only then is no lower bit set
    bool up = false;
    switch (d) {
        case direction::nearest:
            up = half_or_more && (!half_exactly || kept % 2 != 0);
            break;
        case direction::upward:
            up = !negative;
            break;
        case direction::downward:
            up = negative;
            break;
        case direction::toward_zero:
            break;
    }
    return up ? kept + 1 : kept;
}

}  // namespace detail

/// An exact number: (-1)^negative * significand * 2^exponent, +inf, -inf, or NaN.
///
/// A zero has a sign, an infinity too, and NaN has none. +, - and * are exact; comparison is that of the values, with
/// -0 == +0 and a NaN unordered. Const operations are thread-safe.
/// Special: NaN in: NaN; +inf - +inf: NaN; 0 * inf: NaN; x - x = +0; (-0) + (-0) = -0; products have the product sign.
class real {
public:
    /// +0.
    real() = default;

    /// The value of x, with its sign if it is a zero.
    template <binary_format T>
    real(T x) {  // implicit: no information is lost
        if (lastbit::is_nan(x)) *this = nan();
        else if (lastbit::is_inf(x)) *this = infinity(lastbit::is_negative(x));
        else assign(detail::take_apart(x));
    }

    template <storage_only_format T>
    real(T x) {  // implicit: no information is lost
        detail::kind_of_value const k = detail::kind_of(x);
        detail::float_parts const parts = detail::take_apart(x);
        if (k.nan) *this = nan();
        else if (k.infinite) *this = infinity(parts.negative);
        else assign(parts);
    }

    template <std::integral Integer>
    real(Integer x) : negative_(x < 0), magnitude_(x) {  // implicit: no information is lost
        normalise();
    }

    /// significand * 2^exponent, +0 for 0.
    explicit real(integer significand, std::int64_t exponent = 0)
        : negative_(significand < 0), magnitude_(std::move(significand)), exponent_(exponent) {
        normalise();
    }

    [[nodiscard]] static real nan() {
        real r;
        r.kind_ = kind::nan;
        return r;
    }
    [[nodiscard]] static real infinity(bool negative = false) {
        real r;
        r.kind_ = kind::infinite;
        r.negative_ = negative;
        return r;
    }
    [[nodiscard]] static real zero(bool negative = false) {
        real r;
        r.negative_ = negative;
        return r;
    }

    [[nodiscard]] bool is_nan() const noexcept { return kind_ == kind::nan; }
    [[nodiscard]] bool is_inf() const noexcept { return kind_ == kind::infinite; }
    [[nodiscard]] bool is_finite() const noexcept { return kind_ == kind::finite; }
    [[nodiscard]] bool is_zero() const { return is_finite() && magnitude_.is_zero(); }
    /// True for negative numbers, -0 and -inf.
    [[nodiscard]] bool is_negative() const noexcept { return negative_; }
    /// -1, 0 or 1; 0 for NaN.
    [[nodiscard]] int sign() const { return is_nan() || is_zero() ? 0 : negative_ ? -1 : 1; }

    /// The odd integer m of |x| = m * 2^exponent(); 0 for zeros. Requires: finite.
    [[nodiscard]] integer const& significand() const noexcept { return magnitude_; }
    /// The exponent e of |x| = significand() * 2^e; 0 for zeros. Requires: finite.
    [[nodiscard]] std::int64_t exponent() const noexcept { return exponent_; }
    /// floor(log2 |x|). Requires: finite and not zero.
    [[nodiscard]] std::int64_t binade() const { return exponent_ + detail::bit_length(magnitude_) - 1; }

    /// x in the format T, rounded once.
    ///
    /// Special: to nearest, |x| >= Omega + ulp(Omega)/2 gives an infinity and a smaller one at most Omega; subnormals
    /// are exact; what underflows to zero keeps its sign; NaN gives the positive quiet NaN with zero payload. A
    /// directed rounding of a finite number gives an infinity only if it moves away from zero.
    template <binary_format T>
    [[nodiscard]] T round(direction d = direction::nearest) const;

    /// x * 2^k, exactly.
    [[nodiscard]] real scaled(std::int64_t k) const {
        real r = *this;
        if (is_finite() && !magnitude_.is_zero()) r.exponent_ += k;
        return r;
    }

    [[nodiscard]] real abs() const {
        real r = *this;
        r.negative_ = false;
        return r;
    }

    [[nodiscard]] real operator-() const {
        real r = *this;
        r.negative_ = !is_nan() && !negative_;
        return r;
    }

    [[nodiscard]] friend real operator+(real const& a, real const& b) {
        if (!a.is_finite() || !b.is_finite()) return add_special(a, b);
        if (a.magnitude_.is_zero()) return b.magnitude_.is_zero() ? zero(a.negative_ && b.negative_) : b;
        if (b.magnitude_.is_zero()) return a;
        real const& low = a.exponent_ <= b.exponent_ ? a : b;
        real const& high = a.exponent_ <= b.exponent_ ? b : a;
        integer total = detail::shifted_left(high.magnitude_, high.exponent_ - low.exponent_);
        if (high.negative_) total = -total;
        if (low.negative_) total -= low.magnitude_;
        else total += low.magnitude_;
        return real(std::move(total), low.exponent_);
    }

    [[nodiscard]] friend real operator-(real const& a, real const& b) { return a + -b; }

    [[nodiscard]] friend real operator*(real const& a, real const& b) {
        bool const negative = a.negative_ != b.negative_;
        if (a.is_nan() || b.is_nan() || (a.is_inf() && b.is_zero()) || (a.is_zero() && b.is_inf())) return nan();
        if (a.is_inf() || b.is_inf()) return infinity(negative);
        real r(integer(a.magnitude_ * b.magnitude_), a.exponent_ + b.exponent_);
        r.negative_ = negative;
        return r;
    }

    real& operator+=(real const& b) { return *this = *this + b; }
    real& operator-=(real const& b) { return *this = *this - b; }
    real& operator*=(real const& b) { return *this = *this * b; }

    [[nodiscard]] friend bool operator==(real const& a, real const& b) { return (a <=> b) == 0; }

    [[nodiscard]] friend std::partial_ordering operator<=>(real const& a, real const& b) {
        if (a.is_nan() || b.is_nan()) return std::partial_ordering::unordered;
        if (a.sign() != b.sign()) return a.sign() <=> b.sign();
        if (a.is_inf() || b.is_inf())
            return a.is_inf() == b.is_inf() ? 0 <=> 0 : (a.is_inf() ? 1 : -1) * a.sign() <=> 0;
        return (a - b).sign() <=> 0;
    }

private:
    enum class kind : std::uint8_t { finite, infinite, nan };

    void assign(detail::float_parts const& parts) {
        magnitude_ = parts.significand;
        exponent_ = parts.exponent;
        bool const negative = parts.negative;
        normalise();
        negative_ = negative;
    }

    /// Makes the magnitude positive and odd, or zero with exponent 0.
    void normalise() {
        if (magnitude_.is_zero()) {
            exponent_ = 0;
            return;
        }
        if (magnitude_ < 0) magnitude_ = -magnitude_;
        if (auto const zeros = lsb(magnitude_); zeros > 0) {
            magnitude_ >>= zeros;
            exponent_ += static_cast<std::int64_t>(zeros);
        }
    }

    [[nodiscard]] static real add_special(real const& a, real const& b) {
        if (a.is_nan() || b.is_nan()) return nan();
        if (a.is_inf() && b.is_inf() && a.negative_ != b.negative_) return nan();
        return a.is_inf() ? a : b;
    }

    kind kind_ = kind::finite;
    bool negative_ = false;
    integer magnitude_;  // of a finite number: odd, or 0
    std::int64_t exponent_ = 0;
};

template <binary_format T>
T real::round(direction d) const {
    using bits_type = typename format<T>::bits_type;
    constexpr int p = format<T>::precision;
    constexpr int emax = format<T>::max_exponent;
    constexpr int last_subnormal = format<T>::min_exponent - (p - 1);
    auto const with_sign = [this](std::uint64_t magnitude) {
        std::uint64_t const sign = negative_ ? std::uint64_t{1} << (format<T>::storage_bits - 1) : 0;
        return from_bits<T>(static_cast<bits_type>(sign | magnitude));
    };
    constexpr std::uint64_t infinite = static_cast<std::uint64_t>(2 * emax + 1) << (p - 1);
    if (is_nan()) return from_bits<T>(static_cast<bits_type>(infinite + (std::uint64_t{1} << (p - 2))));
    if (is_inf()) return with_sign(infinite);
    if (magnitude_.is_zero()) return with_sign(0);

    std::int64_t const top = binade();
    if (top > emax) {
        bool const stays = d == direction::toward_zero || d == (negative_ ? direction::upward : direction::downward);
        return with_sign(stays ? infinite - 1 : infinite);
    }
    std::int64_t const last = top - (p - 1) < last_subnormal ? last_subnormal : top - (p - 1);
    // kept * 2^last, kept <= 2^p. A normal number counts 2^(p-1) bit patterns for each binade above the lowest.
    std::uint64_t const kept = detail::rounded_shift(magnitude_, last - exponent_, d, negative_);
    std::uint64_t const hidden = std::uint64_t{1} << (p - 1);
    std::uint64_t const bits = kept + static_cast<std::uint64_t>(last - last_subnormal) * hidden;
    return with_sign(bits < infinite ? bits : infinite);  // infinite by a carry out of the largest significand
}

}  // namespace oracle
}  // namespace LASTBIT_ABI
}  // namespace lastbit
