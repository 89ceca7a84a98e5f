// SPDX-License-Identifier: BSL-1.0
#pragma once
// Numbers of two to eight words: unevaluated sums of floats or doubles, with the arithmetic of a number type.

#include <lastbit/exact/accumulation_network.hpp>
#include <lastbit/exact/nearest_words.hpp>

#include <compare>
#include <concepts>
#include <string_view>
#include <type_traits>
#include <utility>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// `word` where it is an expansion as it should be; else what IEEE 754 says of the leading words: `first` is the sum or
/// product of these.
template <native_format T, std::size_t N>
[[gnu::always_inline]] constexpr inline void settle(std::array<T, N>& word, T first) noexcept {
    bool finite = is_finite(first);
    for (T const& x : word) finite = finite && is_finite(x);
    if (!finite) [[unlikely]] {
        word = {};
        word[0] = canonical(first);
    } else if (is_zero(word[0])) [[unlikely]] {
        // -0 only from zeros, and where it is an underflow.
        word = {};
        word[0] = from_hidden_bits<T>(is_zero(first) ? to_bits(first) : 0);
    }
}

template <native_format T, std::size_t N>
[[nodiscard]] constexpr std::array<T, N> sum_of_words(std::array<T, N> const& x, std::array<T, N> const& y) noexcept {
    if constexpr (N <= 4) {
        std::array<T, N> word = network_sum(x, y);
        settle(word, add(x[0], y[0]));
        return word;
    } else {
        superaccumulator<T> total;
        for (std::size_t q = 0; q < N; ++q) {
            // The zeros behind a number say nothing of the sign of a sum that is zero.
            if (q == 0 || !is_zero(x[q])) total.add_bits(to_bits(x[q]));
            if (q == 0 || !is_zero(y[q])) total.add_bits(to_bits(y[q]));
        }
        return nearest_words<T, N>(total);
    }
}

template <native_format T, std::size_t N>
[[nodiscard]] constexpr std::array<T, N> product_of_words(std::array<T, N> const& x,
                                                          std::array<T, N> const& y) noexcept {
    T const first = mul(x[0], y[0]);
    if (!is_finite(first) || is_zero(first)) {
        std::array<T, N> word{};
        word[0] = canonical(first);
        return word;
    }
    if constexpr (N <= 4) {
        std::array<T, N> word = network_product(x, y);
        settle(word, first);
        return word;
    } else {
        superaccumulator<T> total;
        for (T const& a : x)
            for (T const& b : y)
                if (!is_zero(a) && !is_zero(b)) total.add_product_bits(to_bits(a), to_bits(b));
        return nearest_words<T, N>(total);
    }
}

/// The sum of words that decrease, as N words.
template <std::size_t N, native_format T, std::size_t Count>
[[nodiscard]] constexpr std::array<T, N> renormalised(std::array<T, Count> const& decreasing) noexcept {
    std::array<T, Count> sum = decreasing;
    auto const pass = [&sum](std::size_t q) {
        auto const [value, error] = two_sum(sum[q], sum[q + 1]);
        sum[q] = value;
        sum[q + 1] = error;
    };
    for (std::size_t q = Count - 1; q-- > 0;) pass(q);
    for (std::size_t q = 0; q + 1 < Count; ++q) pass(q);
    std::array<T, N> word{};
    for (std::size_t q = 0; q < Count; ++q) {
        // Twice is almost always enough: not, for one, where several words in a row have become zero.
        bool const overlaps = q + 1 < Count && to_bits(add(sum[q], sum[q + 1])) != to_bits(sum[q]);
        if (overlaps || !is_finite(sum[q])) [[unlikely]]
            return nearest_words_of<N>(decreasing);
        if (q < N && (q == 0 || !is_zero(sum[q]))) word[q] = sum[q];
    }
    return word;
}

/// How the numbers with these bits compare; neither is NaN.
template <std::unsigned_integral Bits>
[[nodiscard]] constexpr std::partial_ordering compare_bits(Bits x, Bits y) noexcept {
    constexpr int top = 8 * static_cast<int>(sizeof(Bits)) - 1;
    auto const key = [](Bits bits) {
        auto const magnitude = static_cast<std::make_signed_t<Bits>>(bits & ~(Bits{1} << top));
        return (bits >> top) != 0 ? -magnitude : magnitude;
    };
    return key(x) <=> key(y);
}

template <native_format T, std::size_t N>
[[nodiscard, gnu::always_inline]] constexpr inline std::array<T, N> negated(std::array<T, N> x) noexcept {
    for (T& word : x) word = negate(word);
    return x;
}

}  // namespace detail

/// Examples: int, std::uint64_t. Counter-examples: bool, char8_t, double.
template <class I>
concept whole_number = std::integral<I> && !std::same_as<I, bool> && requires(I const i) {
    std::cmp_less(i, 0);
};

/// An unevaluated sum of N numbers of the format T, each what its sum with the next one is rounded to: about N p bits,
/// with the range of T. Zero words stand at the end; an infinity or a NaN is in word 0, and the others are 0.
///
/// Error:    of a result in relation to its exact value, if neither it nor a part of it comes near overflow or
///           underflow: expansion_error. Addition loses nothing to underflow.
///           From five words on +, - and x are the exact value's nearest words: the last is rounded, nothing else.
/// Special:  as IEEE 754 says of the operation on the leading words; NaN is the canonical one. Within a few ulps of the
///           largest number only one word may be kept.
/// Order:    the same bits on every instruction set and under every flag.
/// Requires: a sound environment (environment::is_sound) for all arithmetic.
template <native_format T, std::size_t N>
    requires(N >= 2 && N <= 8)
class expansion {
public:
    using word_type = T;
    static constexpr std::size_t words = N;

    /// +0.
    constexpr expansion() noexcept = default;

    /// A float or double, exactly; a double as floats only when asked: the nearest N words. (A template, so that no
    /// double turns into a float on the way.)
    template <native_format U>
    [[gnu::always_inline]] explicit(sizeof(U) > sizeof(T)) constexpr expansion(U x) noexcept {
        if constexpr (sizeof(U) <= sizeof(T)) word_[0] = static_cast<T>(x);
        else *this = from_total(total_of(x));
    }

    /// n, exactly if N words hold it: always for doubles, and from three floats on.
    template <whole_number I>
    constexpr expansion(I integer) noexcept {
        constexpr std::int64_t small = std::int64_t{1} << format<T>::precision;
        if (std::cmp_less_equal(integer, small) && std::cmp_greater_equal(integer, -small))
            word_[0] = static_cast<T>(integer);
        else *this = from_integer(integer);
    }

    /// The number that the text says: "0.1", "-12.5e-3", "inf". Defined in decimal.hpp.
    explicit expansion(std::string_view decimal);
    expansion(std::nullptr_t) = delete;

    /// More or fewer words: exact, or the nearest N words.
    template <std::size_t M>
        requires(M != N)
    explicit(M > N) constexpr expansion(expansion<T, M> const& x) noexcept {
        if constexpr (M < N)
            for (std::size_t q = 0; q < M; ++q) word_[q] = x[q];
        else word_ = detail::nearest_words_of<N>(x.to_array());
    }

    /// The sum of the numbers in `word`, which may overlap and stand in any order: its nearest N words. N is 8 at most,
    /// `word` as long as you like.
    template <std::size_t Count>
    [[nodiscard]] static constexpr expansion from_words(std::array<T, Count> const& word) noexcept {
        return from_nonoverlapping(detail::nearest_words_of<N>(word));
    }

    /// The sum in `total`, as its nearest N words.
    [[nodiscard]] static constexpr expansion from_total(superaccumulator<T> const& total) noexcept {
        return from_nonoverlapping(detail::nearest_words<T, N>(total));
    }

    /// `word` as it is. Requires: each is what its sum with the next one is rounded to; zeros at the end.
    [[nodiscard, gnu::always_inline]] static constexpr expansion from_nonoverlapping(
        std::array<T, N> const& word) noexcept {
        expansion x;
        x.word_ = word;
        return x;
    }

    /// x times a power of two. Exact where no word becomes subnormal or overflows.
    [[nodiscard]] constexpr expansion scaled(T power) const noexcept {
        expansion x = *this;
        for (T& word : x.word_) word = mul(word, power);
        return x;
    }

    /// Word q, the largest first.
    [[nodiscard, gnu::always_inline]] constexpr T operator[](std::size_t q) const noexcept { return word_[q]; }
    [[nodiscard, gnu::always_inline]] constexpr std::array<T, N> const& to_array() const noexcept { return word_; }

    /// The value rounded to R, once, in any direction.
    template <binary_format R>
    [[nodiscard, gnu::always_inline]] constexpr R round(rounding direction = rounding::to_nearest) const noexcept {
        return exact_total().template round<R>(direction);
    }

    /// The value rounded to R, to nearest.
    template <binary_format R>
    [[nodiscard, gnu::always_inline]] explicit constexpr operator R() const noexcept {
        return round<R>();
    }

    /// The integer part. Requires: I holds it.
    template <whole_number I>
    [[nodiscard]] explicit constexpr operator I() const noexcept {
        // From the last word on, each truncated towards the sign of the whole: the parts below 1 are the last ones.
        return to_integer<I>();
    }

    [[nodiscard]] explicit constexpr operator bool() const noexcept { return !is_zero(word_[0]); }

    /// The exact value.
    [[nodiscard]] constexpr superaccumulator<T> exact_total() const noexcept {
        superaccumulator<T> total;
        total.add_bits(to_bits(word_[0]));
        for (std::size_t q = 1; q < N; ++q)
            if (!is_zero(word_[q])) total.add_bits(to_bits(word_[q]));
        return total;
    }

    [[nodiscard]] friend constexpr expansion operator+(expansion const& x) noexcept { return x; }
    [[nodiscard]] friend constexpr expansion operator-(expansion const& x) noexcept {
        return from_nonoverlapping(detail::negated(x.word_));
    }
    [[nodiscard]] friend constexpr expansion operator+(expansion const& x, expansion const& y) noexcept {
        return from_nonoverlapping(detail::sum_of_words(x.word_, y.word_));
    }
    [[nodiscard]] friend constexpr expansion operator-(expansion const& x, expansion const& y) noexcept {
        return from_nonoverlapping(detail::sum_of_words(x.word_, detail::negated(y.word_)));
    }
    [[nodiscard]] friend constexpr expansion operator*(expansion const& x, expansion const& y) noexcept {
        return from_nonoverlapping(detail::product_of_words(x.word_, y.word_));
    }
    /// Long division: N + 1 quotients of leading words, each by what the ones before it leave.
    [[nodiscard]] friend expansion operator/(expansion const& x, expansion const& y) noexcept { return quotient(x, y); }

    constexpr expansion& operator+=(expansion const& y) noexcept { return *this = *this + y; }
    constexpr expansion& operator-=(expansion const& y) noexcept { return *this = *this - y; }
    constexpr expansion& operator*=(expansion const& y) noexcept { return *this = *this * y; }
    expansion& operator/=(expansion const& y) noexcept { return *this = *this / y; }

    /// By value: -0 equals +0, and NaN nothing.
    [[nodiscard]] friend constexpr bool operator==(expansion const& x, expansion const& y) noexcept {
        return (x <=> y) == 0;
    }
    [[nodiscard]] friend constexpr std::partial_ordering operator<=>(expansion const& x, expansion const& y) noexcept {
        return compared(x, y);
    }

private:
    [[nodiscard]] static constexpr superaccumulator<T> total_of(double x) noexcept {
        superaccumulator<double> wide;
        wide.add_bits(to_bits(x));
        superaccumulator<T> total;
        for (int q = 0; q < 3; ++q) {
            auto const part = wide.template round_bits<T>();
            if (q > 0 && (part & ~detail::fields<T>::sign) == 0) break;
            total.add_bits(part);
            if ((part & detail::fields<T>::exponent) == detail::fields<T>::exponent) break;
            wide.add_bits(to_bits(-static_cast<double>(from_bits<T>(part))));
        }
        return total;
    }

    template <whole_number I>
    [[nodiscard]] static constexpr expansion from_integer(I integer) noexcept {
        bool const negative = integer < 0;
        using U = std::make_unsigned_t<I>;
        auto left = static_cast<U>(integer);
        if (negative) left = static_cast<U>(U{0} - left);
        superaccumulator<T> total;
        for (int exponent = 0; left != 0; exponent += 16) {  // 16 bits at a time are numbers of either format
            T const part =
                static_cast<T>(static_cast<T>(left & 0xFFFFU) * static_cast<T>(detail::power_of_two(exponent)));
            total.add_bits(to_bits(negative ? negate(part) : part));
            if constexpr (sizeof(U) > 2) left = static_cast<U>(left >> 16);
            else left = 0;
        }
        return from_total(total);
    }

    template <whole_number I>
    [[nodiscard]] constexpr I to_integer() const noexcept {
        using U = std::make_unsigned_t<I>;
        U sum = 0;
        bool whole_above = false;        // the words so far have a part of 1 or more
        bool fraction_below = false;     // the words so far have a part below 1 ...
        bool fraction_negative = false;  // ... of this sign
        for (T const& word : word_) {
            if (is_zero(word)) break;
            detail::decomposed const part = detail::decompose(word);
            bool const tiny = part.exponent <= -64;
            std::uint64_t const whole = tiny                ? 0
                                        : part.exponent < 0 ? part.significand >> -part.exponent
                                                            : part.significand;
            bool const inexact =
                tiny || (part.exponent < 0 && (part.significand & ((std::uint64_t{1} << -part.exponent) - 1)) != 0);
            U const shifted = part.exponent >= static_cast<int>(8 * sizeof(U)) ? U{0}
                              : part.exponent > 0 ? static_cast<U>(static_cast<U>(whole) << part.exponent)
                                                  : static_cast<U>(whole);
            sum = static_cast<U>(part.negative ? sum - shifted : sum + shifted);
            whole_above = whole_above || whole != 0;
            if (inexact) {
                fraction_below = true;
                fraction_negative = part.negative;
                break;  // the words behind it do not reach the next integer
            }
        }
        // A fraction against the sign of the whole takes it below the integer found: 5 - 0.25 is 4.
        if (fraction_below && whole_above && fraction_negative != is_negative(word_[0]))
            sum = static_cast<U>(fraction_negative ? sum - 1 : sum + 1);
        return static_cast<I>(sum);
    }

    [[nodiscard]] static expansion quotient(expansion const& x, expansion const& y) noexcept {
        T const first = divide(x.word_[0], y.word_[0]);
        if (!is_finite(first) || is_zero(first) || !is_finite(y.word_[0])) return expansion(canonical(first));
        // Near overflow y times a quotient's word must not overflow.
        bool const scales = absolute(x.word_[0]) > static_cast<T>(detail::power_of_two(format<T>::max_exponent - 8));
        expansion left = scales ? x.scaled(static_cast<T>(0x1p-8)) : x;
        std::array<T, N + 1> part{};
        for (std::size_t q = 0; q <= N; ++q) {
            if (q > 0) left -= y * expansion(part[q - 1]);
            part[q] = divide(left.word_[0], y.word_[0]);
        }
        expansion const result = from_nonoverlapping(detail::renormalised<N>(part));
        if (!scales) return result;
        expansion const whole = result.scaled(static_cast<T>(0x1p8));
        return is_finite(whole.word_[0]) ? whole : expansion(first);
    }

    [[nodiscard]] static constexpr std::partial_ordering compared(expansion const& x, expansion const& y) noexcept {
        T const a = x.word_[0];
        T const b = y.word_[0];
        if (is_nan(a) || is_nan(b)) return std::partial_ordering::unordered;
        if (!is_finite(a) || !is_finite(b) || is_zero(a) || is_zero(b) || is_negative(a) != is_negative(b))
            return detail::compare_bits(to_bits(a), to_bits(b));
        // Of one sign: the difference does not overflow, and its sign is that of the exact one.
        T const difference = detail::sum_of_words(x.word_, detail::negated(y.word_))[0];
        return detail::compare_bits(to_bits(difference), to_bits(T{0}));
    }

    std::array<T, N> word_{};
};

/// About 32 and 48 decimal digits; 64 for four words.
using double_double = expansion<double, 2>;
using triple_double = expansion<double, 3>;
using quad_double = expansion<double, 4>;

}  // namespace LASTBIT_ABI
}  // namespace lastbit
