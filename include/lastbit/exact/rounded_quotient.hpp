// SPDX-License-Identifier: BSL-1.0
#pragma once
// The quotient of two exact sums, rounded once: means.

#include <lastbit/exact/rounded_root.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// q + rest / b rounded once to R, where q is that quotient rounded to double.
template <binary_format R>
[[nodiscard, gnu::always_inline]] inline R rounded_beside(double q, double rest, double b) noexcept {
    if constexpr (std::same_as<R, double>) {
        return q;
    } else {
        std::uint64_t const bits = to_bits(q);
        if (is_zero(rest) || (bits & 1) != 0) return narrowed<R>(q);
        bool const away = is_negative(rest) == (is_negative(b) != is_negative(q));
        return narrowed<R>(from_bits<double>(away ? bits + 1 : bits - 1));  // to odd
    }
}

/// The quotient of any two numbers within a.error of a.high + a.low and within b.error of b.high + b.low, rounded to R
/// if that is certain. Without errors ties are decided, too: always where the sums are single words.
/// Requires: both are normalised; a sound environment.
/// Source:   docs/mathematics.md, "Roots and quotients".
template <binary_format R>
[[nodiscard]] decided<R> round_quotient(estimate const& a, estimate const& b) noexcept {
    if (!is_moderate(a.high) || !is_moderate(b.high)) return {0, false};
    double const q = divide(a.high, b.high);
    double const size = absolute(b.high);
    if (!is_moderate(q) || !(b.error <= size * 0x1p-21)) return {0, false};
    double const rest = fma(negate(q), b.high, a.high);  // exact
    if (is_zero(a.error) && is_zero(b.error) && is_zero(b.low)) {
        if (is_zero(a.low)) return {to_bits(rounded_beside<R>(q, rest, b.high)), true};
        auto const [numerator, lost] = two_sum(rest, a.low);
        if (is_zero(lost) && is_moderate(numerator)) {
            double const c = divide(numerator, b.high);
            bool const exact = is_moderate(c) && is_zero(fma(negate(c), b.high, numerator));
            return round_within<R>(q, c, exact ? 0.0 : absolute(c) * 0x1p-52 + smallest_subnormal<double>());
        }
    }
    double const c = divide(add(rest, fma(negate(q), b.low, a.low)), b.high);
    double const error = divide(a.error + absolute(q) * b.error, size) * (1.0 + 0x1p-18) + absolute(q) * 0x1p-101;
    return round_within<R>(q, c, error);
}

/// The bits of |a| / |b| rounded once to R, with a sign; by long division. Requires: both are finite and not 0.
template <binary_format R, std::size_t N, std::size_t M>
[[nodiscard]] typename format<R>::bits_type quotient_of_magnitudes(bool negative, exact_digits<N> const& a,
                                                                   exact_digits<M> const& b) noexcept {
    int const apart = a.length() - b.length();
    // The leading bits of a, as many as b has; then bit by bit.
    std::array<std::uint32_t, M + 1> rest{};
    for (std::size_t i = 0; i < b.size; ++i)
        rest[i] = static_cast<std::uint32_t>(a.bits(apart + 32 * static_cast<int>(i)));
    auto const is_less = [&] {
        if (rest[b.size] != 0) return false;
        for (std::size_t i = b.size; i-- > 0;)
            if (rest[i] != b.digit[i]) return rest[i] < b.digit[i];
        return false;
    };
    auto const subtract = [&] {
        std::uint64_t borrow = 0;
        for (std::size_t i = 0; i <= b.size; ++i) {
            std::uint64_t const difference = std::uint64_t{rest[i]} - (i < b.size ? b.digit[i] : 0) - borrow;
            rest[i] = static_cast<std::uint32_t>(difference);
            borrow = difference >> 63;
        }
    };
    auto const append = [&](std::uint32_t bit) {
        for (std::size_t i = 0; i <= b.size; ++i) {
            std::uint32_t const carry = rest[i] >> 31;
            rest[i] = rest[i] << 1 | bit;
            bit = carry;
        }
    };
    std::uint64_t quotient = 0;  // 63 or 64 bits in the end
    for (int k = 0; k < 64; ++k) {
        if (k > 0) append(static_cast<std::uint32_t>(a.bits(apart - k) & 1));
        bool const fits = !is_less();
        if (fits) subtract();
        quotient = quotient << 1 | (fits ? 1 : 0);
    }
    bool sticky = a.any_below(apart - 63);
    for (std::size_t i = 0; i <= b.size; ++i) sticky = sticky || rest[i] != 0;
    return compose_bits<R>(negative, quotient, a.lowest - b.lowest + apart - 63, sticky);
}

/// The bits of a / b rounded once to R. NaN: if a is, if b is 0 or not finite. A zero and an infinity have the sign
/// that IEEE 754 gives a quotient, where the sign of a zero a is that of its sum.
template <binary_format R, std::size_t N, std::size_t M>
[[nodiscard]] typename format<R>::bits_type quotient_of_sums(exact_digits<N> const& a,
                                                             exact_digits<M> const& b) noexcept {
    using bits_type = typename format<R>::bits_type;
    if (a.state == sum_state::not_a_number || !b.is_finite() || b.is_zero())
        return fields<R>::exponent | fields<R>::quiet;
    bool const negative = a.is_negative() != b.is_negative();
    if (a.is_finite() && !a.is_zero()) return quotient_of_magnitudes<R>(negative, a, b);
    return static_cast<bits_type>((negative ? fields<R>::sign : 0) | (a.is_finite() ? 0 : fields<R>::exponent));
}

/// (x_0 + ... + x_(n-1)) / n rounded once to R, if that is certain without a superaccumulator.
template <binary_format R, binary_format T>
[[nodiscard, gnu::always_inline]] inline decided<R> fast_mean(T const* x, std::size_t n) noexcept {
    number_doubles<T> const numbers{x};
    if (n == 0 || n > std::uint64_t{1} << 53) return {0, false};
    estimate const count{static_cast<double>(n), 0.0, 0.0};
    known_sum sum = estimate_sum<R>(numbers, n);
    if (!sum.known) return {0, false};
    decided<R> const mean = round_quotient<R>(sum.value, count);
    return mean.certain || !is_exact_on_grid(sum, numbers, n) ? mean : round_quotient<R>(sum.value, count);
}

/// (w_0 x_0 + ...) / (w_0 + ...) rounded once to R, likewise.
template <binary_format R, binary_format T>
[[nodiscard, gnu::always_inline]] inline decided<R> fast_weighted_mean(T const* w, T const* x, std::size_t n) noexcept {
    product_doubles<T> const products{w, x};
    number_doubles<T> const weights{w};
    known_sum above = estimate_sum<R>(products, n);
    known_sum below = estimate_sum<R>(weights, n);
    if (!above.known || !below.known) return {0, false};
    decided<R> const mean = round_quotient<R>(above.value, below.value);
    if (mean.certain || !is_exact_on_grid(above, products, n) || !is_exact_on_grid(below, weights, n)) return mean;
    return round_quotient<R>(above.value, below.value);
}

/// The mean rounded once to R; NaN if n = 0. Requires: an environment::guard around it.
template <binary_format R, binary_format T>
[[nodiscard, gnu::always_inline]] inline R rounded_mean(T const* x, std::size_t n) noexcept {
    decided<R> const fast = fast_mean<R>(x, n);
    if (fast.certain) return fast.value();
    return from_hidden_bits<R>(quotient_of_sums<R>(digits_of_sum(number_doubles<T>{x}, n), digits_of_integer(n)));
}

/// The weighted mean rounded once to R. Requires: an environment::guard around it.
template <binary_format R, binary_format T>
[[nodiscard, gnu::always_inline]] inline R rounded_weighted_mean(T const* w, T const* x, std::size_t n) noexcept {
    decided<R> const fast = fast_weighted_mean<R>(w, x, n);
    if (fast.certain) return fast.value();
    auto const above = digits_of_sum(product_doubles<T>{w, x}, n);
    return from_hidden_bits<R>(quotient_of_sums<R>(above, digits_of_sum(number_doubles<T>{w}, n)));
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
