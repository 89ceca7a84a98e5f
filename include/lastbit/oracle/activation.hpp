// SPDX-License-Identifier: BSL-1.0
#pragma once
// The activations of exact numbers: exact where the value is an integer times a power of two, else to 256 bits.
//
// Transcendental functions are Boost.Multiprecision's exp and log, and series and continued fractions of our own that
// share nothing with nn/: other formulas, another number type.

#include <lastbit/nn/activation.hpp>
#include <lastbit/oracle/number.hpp>

#include <vector>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace oracle {

/// What activate() and slope() promise: |result - true value| <= 2^-activation_bits |true value| + 2^-2048.
inline constexpr int activation_bits = 256;

namespace detail {

/// Bits of precision and an exponent that no argument below overflows.
template <unsigned Bits>
using big_float =
    boost::multiprecision::number<boost::multiprecision::cpp_bin_float<Bits, boost::multiprecision::digit_base_2>,
                                  boost::multiprecision::et_off>;

/// The functions that activations are made of, of numbers below 5000 in magnitude, with relative errors of some 2^-Bits
/// times 2^32 at most.
template <unsigned Bits>
class activation_functions {
public:
    using number = big_float<Bits>;

    [[nodiscard]] static number of(real const& x) {
        number const m = ldexp(number(x.significand()), static_cast<int>(x.exponent()));
        return x.is_negative() ? number(-m) : m;
    }

    [[nodiscard]] static number pi() {
        static number const value = 4 * atan(number(1));
        return value;
    }

    [[nodiscard]] static number expm1(number const& x) {
        if (abs(x) > ldexp(number(1), -10)) return exp(x) - 1;
        return series(x, [&x](number const& term, int k) -> number { return term * x / (k + 1); });
    }

    /// log(1 + t), t >= 0.
    [[nodiscard]] static number log1p(number const& t) {
        if (t > ldexp(number(1), -10)) return log(number(1 + t));
        number const s = t / (2 + t);  // 2 artanh(s)
        number const square = s * s;
        number power = s;
        number sum = s;
        for (int k = 3; power > ldexp(sum, -static_cast<int>(Bits)); k += 2) {
            power *= square;
            sum += power / k;
        }
        return 2 * sum;
    }

    [[nodiscard]] static number sigmoid(number const& x) { return 1 / (1 + exp(number(-x))); }

    [[nodiscard]] static number tanh(number const& x) {
        number const e = expm1(number(-2 * abs(x)));
        number const t = -e / (2 + e);
        return x < 0 ? number(-t) : t;
    }

    [[nodiscard]] static number density(number const& x) { return exp(number(-x * x / 2)) / sqrt(number(2 * pi())); }

    /// Phi(x), by its series below 6 in magnitude, else by the continued fraction of the tail.
    [[nodiscard]] static number normal(number const& x) {
        number const t = abs(x);
        if (t < 6) {
            number const sum = series(t, [square = number(t * t)](number const& term, int k) -> number {
                return term * square / (2 * k + 1);
            });
            number const half = number(1) / 2;
            return x < 0 ? number(half - density(t) * sum) : number(half + density(t) * sum);
        }
        number tail = density(t) / fraction(t, 32);
        for (int n = 64;; n *= 2) {
            number const better = density(t) / fraction(t, n);
            bool const same = abs(number(better - tail)) <= ldexp(better, 8 - static_cast<int>(Bits));
            tail = better;
            if (same) break;
        }
        return x < 0 ? tail : number(1 - tail);
    }

    /// 2 sqrt(2 / pi) (x + 0.044715 x^3).
    [[nodiscard]] static number gelu_argument(number const& x) {
        return 2 * sqrt(number(2 / pi())) * (x + number(44715) / 1000000 * x * x * x);
    }
    [[nodiscard]] static number gelu_argument_slope(number const& x) {
        return 2 * sqrt(number(2 / pi())) * (1 + number(3 * 44715) / 1000000 * x * x);
    }

private:
    /// first + second + ..., each term from the one before it, till they no longer count.
    template <class Next>
    [[nodiscard]] static number series(number const& first, Next next) {
        number term = first;
        number sum = first;
        for (int k = 1; abs(term) > ldexp(number(abs(sum)), -static_cast<int>(Bits)); ++k) {
            term = next(term, k);
            sum += term;
        }
        return sum;
    }

    /// t + 1 / (t + 2 / (t + ... n / t)).
    [[nodiscard]] static number fraction(number const& t, int n) {
        number below = t;
        for (int k = n; k >= 1; --k) below = t + k / below;
        return below;
    }
};

/// Where exp(-|z|) is far below 2^-2048.
inline constexpr int far_from_zero = 4096;

/// What stands for a number below 2^-2048: 2^-2048, which rounds as it does.
[[nodiscard]] inline real tiny(bool negative) {
    real const value = real(1).scaled(-2048);
    return negative ? -value : value;
}

[[nodiscard]] inline real not_below_tiny(real value, bool negative) {
    if (value.is_zero() || value.abs() < tiny(false)) return tiny(negative);
    return value;
}

/// The limit at the side of z where exp(-|z|) vanishes, z finite or infinite; softsign only for infinite z.
[[nodiscard]] inline real limit(activation a, real const& z) {
    bool const negative = z.is_negative();
    switch (a) {
        case activation::elu:
            return negative ? real(-1) : z;
        case activation::selu:
            return (negative ? -real(selu_alpha) : z) * real(selu_scale);
        case activation::sigmoid:
            return negative ? (z.is_inf() ? real() : tiny(false)) : real(1);
        case activation::tanh:
        case activation::softsign:
            return negative ? real(-1) : real(1);
        case activation::softplus:
            return negative ? (z.is_inf() ? real() : tiny(false)) : z;
        case activation::silu:
        case activation::gelu:
        case activation::gelu_tanh:
            return negative ? (z.is_inf() ? real::zero(true) : tiny(true)) : z;
        default:
            return z;
    }
}

template <unsigned Bits>
[[nodiscard]] big_float<Bits> transcendental(activation a, big_float<Bits> const& x) {
    using f = activation_functions<Bits>;
    using number = big_float<Bits>;
    switch (a) {
        case activation::leaky_relu:
            return x / 100;
        case activation::leaky_relu_fifth:
            return x / 5;
        case activation::elu:
            return f::expm1(x);
        case activation::selu:
            return number(selu_scale) * number(selu_alpha) * f::expm1(x);
        case activation::sigmoid:
            return f::sigmoid(x);
        case activation::tanh:
            return f::tanh(x);
        case activation::softplus:
            return x > 0 ? number(x + f::log1p(exp(number(-x)))) : f::log1p(exp(x));
        case activation::softsign:
            return x / (1 + abs(x));
        case activation::silu:
            return x * f::sigmoid(x);
        case activation::gelu:
            return x * f::normal(x);
        case activation::gelu_tanh: {
            number const argument = f::gelu_argument(x);
            return argument < -far_from_zero ? number(0) : number(x * f::sigmoid(argument));
        }
        default:
            return x;
    }
}

/// act(z), z not NaN, for all but linear, relu and softmax.
template <unsigned Bits>
[[nodiscard]] real activate_to(activation a, real const& z) {
    bool const negative = z.is_negative();
    bool const leaky = a == activation::leaky_relu || a == activation::leaky_relu_fifth;
    if (z.sign() > 0 && (leaky || a == activation::elu)) return z;
    if (z.sign() > 0 && a == activation::selu) return z * real(selu_scale);
    if (z.is_zero() && a != activation::sigmoid && a != activation::softplus) return z;
    if (leaky && z.is_inf()) return z;
    if (z.is_inf() || (!leaky && a != activation::softsign && z.abs() > real(far_from_zero))) return limit(a, z);
    real value = exact_value(transcendental<Bits>(a, activation_functions<Bits>::of(z)));
    bool const positive_result = a == activation::sigmoid || a == activation::softplus;
    return leaky || a == activation::softsign ? value : not_below_tiny(std::move(value), negative && !positive_result);
}

/// act'(x) of the activations that no bit of z decides.
template <unsigned Bits>
[[nodiscard]] big_float<Bits> derivative(activation a, big_float<Bits> const& x) {
    using f = activation_functions<Bits>;
    using number = big_float<Bits>;
    // s + x s (1 - s) x', the derivative of x s(argument)
    auto const of_gate = [&x](number const& s, number const& slope) -> number { return s + x * s * (1 - s) * slope; };
    switch (a) {
        case activation::elu:
            return exp(x);
        case activation::selu:
            return number(selu_scale) * number(selu_alpha) * exp(x);
        case activation::sigmoid: {
            number const s = f::sigmoid(number(abs(x)));
            return s * f::sigmoid(number(-abs(x)));
        }
        case activation::tanh: {
            number const s = f::sigmoid(number(2 * abs(x)));
            return 4 * s * f::sigmoid(number(-2 * abs(x)));
        }
        case activation::softplus:
            return f::sigmoid(x);
        case activation::softsign:
            return 1 / ((1 + abs(x)) * (1 + abs(x)));
        case activation::silu:
            return of_gate(f::sigmoid(x), number(1));
        case activation::gelu:
            return f::normal(x) + x * f::density(x);
        case activation::gelu_tanh: {
            number const argument = f::gelu_argument(x);
            if (argument < -far_from_zero) return number(0);
            return of_gate(f::sigmoid(argument), f::gelu_argument_slope(x));
        }
        default:
            return number(1);
    }
}

}  // namespace detail

/// act'(z) of a finite z, with an absolute error of at most 2^-activation_bits: exact for linear, relu, the leaky ones
/// (but the slopes 1/100 and 1/5) and the positive side of elu and selu.
/// Special: at a kink (relu, leaky_relu and selu at 0) the slope of the positive side. softmax: 0, a row of one number.
[[nodiscard]] inline real slope(activation a, real const& z) {
    bool const positive = z.sign() >= 0;
    bool const leaky = a == activation::leaky_relu || a == activation::leaky_relu_fifth;
    if (a == activation::softmax) return real();
    if (a == activation::linear || (positive && (leaky || a == activation::relu || a == activation::elu)))
        return real(1);
    if (a == activation::relu) return real();
    if (positive && a == activation::selu) return real(selu_scale);
    using number = detail::big_float<activation_bits + 64>;
    if (leaky) return exact_value(number(number(1) / (a == activation::leaky_relu ? 100 : 5)));
    if (a != activation::softsign && z.abs() > real(detail::far_from_zero)) {
        bool const to_z = a == activation::softplus || a == activation::silu || a == activation::gelu ||
                          a == activation::gelu_tanh;
        return positive && to_z ? real(1) : real();
    }
    using functions = detail::activation_functions<activation_bits + 64>;
    return exact_value(detail::derivative<activation_bits + 64>(a, functions::of(z)));
}

/// act(z): exact for linear, relu, and the positive side of leaky_relu, elu and selu; else to activation_bits.
/// Special: NaN -> NaN; relu of -0, of negative numbers and of -inf is +0; at infinities the limit, of silu and gelu at
///          -inf it is -0; a zero keeps its sign where act(0) = 0. softmax is that of a row of one number.
[[nodiscard]] inline real activate(activation a, real z) {
    if (a == activation::linear || z.is_nan()) return z;
    if (a == activation::relu) return z.is_negative() ? real() : z;
    if (a == activation::softmax) return z.is_finite() ? real(1) : real::nan();
    return detail::activate_to<activation_bits + 64>(a, z);
}

/// act of a row, in place: softmax, or each number by itself.
/// Special: softmax of a row with NaN or +inf, or of -inf only, is NaN throughout; -inf gives +0.
inline void activate_row(activation a, std::vector<real>& row) {
    using number = detail::big_float<activation_bits + 64>;
    if (is_elementwise(a)) {
        for (real& z : row) z = activate(a, std::move(z));
        return;
    }
    real peak = real::infinity(true);
    bool defined = true;
    for (real const& z : row) {
        defined = defined && !z.is_nan() && !(z.is_inf() && !z.is_negative());
        if (z > peak) peak = z;
    }
    defined = defined && peak.is_finite();
    std::vector<number> power(row.size());
    number total = 0;
    for (std::size_t i = 0; i < row.size() && defined; ++i) {
        if (!row[i].is_finite()) continue;
        real const below = row[i] - peak;
        if (below < real(-detail::far_from_zero)) continue;
        power[i] = exp(detail::activation_functions<activation_bits + 64>::of(below));
        total += power[i];
    }
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (!defined) row[i] = real::nan();
        else if (row[i].is_inf()) row[i] = real();
        else row[i] = detail::not_below_tiny(exact_value(number(power[i] / total)), false);
    }
}

/// act(z) in the format T, rounded once to nearest: computed to more bits until the rounding is certain, 2,560 at most.
/// (z / 2 of the smallest subnormal is a tie that z Phi(z) misses by 2^-1074 of itself.)
template <binary_format T>
[[nodiscard]] T rounded_activation(activation a, real const& z) {
    real const y = activate(a, z);
    if (!y.is_finite() || y.is_zero() || !is_elementwise(a)) return y.round<T>();
    real const distance = y.abs().scaled(-activation_bits + 8);
    T const below = (y - distance).template round<T>();
    T const above = (y + distance).template round<T>();
    if (to_bits(below) == to_bits(above) || a == activation::linear || a == activation::relu) return y.round<T>();
    return detail::activate_to<2560>(a, z).template round<T>();
}

}  // namespace oracle
}  // namespace LASTBIT_ABI
}  // namespace lastbit
