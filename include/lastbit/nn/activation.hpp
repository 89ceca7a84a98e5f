// SPDX-License-Identifier: BSL-1.0
#pragma once
// The activations of a dense layer, by name and by value: the same bits on every platform.

#include <lastbit/base/matrix_view.hpp>
#include <lastbit/nn/elementary.hpp>

#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// y = act(z). Phi is the normal distribution function, s(z) = 1 / (1 + exp(-z)).
enum class activation {
    linear,            ///< z
    relu,              ///< z for z > 0, else +0 (so relu(-0) = +0)
    leaky_relu,        ///< z for z > 0, else z / 100: the slope of PyTorch and ONNX
    leaky_relu_fifth,  ///< z for z > 0, else z / 5: the slope of Keras
    elu,               ///< z for z > 0, else exp(z) - 1
    selu,              ///< c z for z > 0, else c a (exp(z) - 1), c and a being selu_scale and selu_alpha
    sigmoid,           ///< s(z)
    tanh,              ///< tanh(z)
    softplus,          ///< log(1 + exp(z))
    softsign,          ///< z / (1 + |z|)
    silu,              ///< z s(z), swish by another name
    gelu,              ///< z Phi(z), the form with erf
    gelu_tanh,         ///< z s(2 sqrt(2 / pi) (z + 0.044715 z^3)), the form with tanh
    softmax            ///< of a row: exp(z_i) / sum_j exp(z_j)
};

/// The constants of selu in all formats: the doubles nearest to those of the paper. Source: [KUMH17] equation (14).
inline constexpr double selu_scale = 0x1.0cfabd6a91132p+0;  // 1.0507009873554805
inline constexpr double selu_alpha = 0x1.ac5afad782cf1p+0;  // 1.6732632423543772

namespace detail {

struct named_activation {
    std::string_view name;
    activation act;
};

/// The first name of each is the one that name() gives.
inline constexpr std::array<named_activation, 22> activation_names = {
    {{"linear", activation::linear},
     {"relu", activation::relu},
     {"leaky_relu", activation::leaky_relu},
     {"leaky_relu(0.2)", activation::leaky_relu_fifth},
     {"elu", activation::elu},
     {"selu", activation::selu},
     {"sigmoid", activation::sigmoid},
     {"tanh", activation::tanh},
     {"softplus", activation::softplus},
     {"softsign", activation::softsign},
     {"silu", activation::silu},
     {"gelu", activation::gelu},
     {"gelu_tanh", activation::gelu_tanh},
     {"softmax", activation::softmax},
     {"none", activation::linear},
     {"identity", activation::linear},
     {"leaky_relu(0.01)", activation::leaky_relu},
     {"logistic", activation::sigmoid},
     {"swish", activation::silu},
     {"gelu(erf)", activation::gelu},
     {"gelu(tanh)", activation::gelu_tanh},
     {"gelu_pytorch_tanh", activation::gelu_tanh}}};

}  // namespace detail

/// "linear", "relu", "leaky_relu", "leaky_relu(0.2)", ..., as in the list above.
[[nodiscard]] constexpr std::string_view name(activation a) noexcept {
    for (auto const& entry : detail::activation_names)
        if (entry.act == a) return entry.name;
    return "unknown";
}

/// The activation of this name, or nothing. Further names: "none" and "identity" (linear), "swish" (silu), "logistic"
/// (sigmoid), "gelu(erf)", "gelu(tanh)", "gelu_pytorch_tanh", "leaky_relu(0.01)".
[[nodiscard]] constexpr std::optional<activation> activation_from_name(std::string_view text) noexcept {
    for (auto const& entry : detail::activation_names)
        if (entry.name == text) return entry.act;
    return std::nullopt;
}

namespace detail {

/// exp(-|x|) / (1 + exp(-|x|)) for x < 0, 1 / (1 + exp(-|x|)) else.
template <class W>
[[nodiscard]] scaled_value<W> sigmoid_of(W const& x) noexcept {
    bool const negative = is_negative(leading(x));
    scaled_value<W> const e = exponential(negative ? x : -x);
    W const below = W(1.0) + plain_value(e);
    if (negative) return {e.value / below, e.exponent};
    return {W(1.0) / below, 0};
}

/// log(1 + exp(x)) = max(x, 0) + log(1 + exp(-|x|)).
template <class W>
[[nodiscard]] scaled_value<W> softplus_of(W const& x) noexcept {
    bool const negative = is_negative(leading(x));
    scaled_value<W> const e = exponential(negative ? x : -x);
    if (negative && leading(x) < -widths<W>::negligible) return e;  // log(1 + e) = e (1 - e / 2 + ...)
    W const log = log1p_of(plain_value(e));
    return {negative ? log : x + log, 0};
}

template <class W>
[[nodiscard]] W tanh_of(W const& x) noexcept {
    bool const negative = is_negative(leading(x));
    W const e = expm1_of(scaled(negative ? x : -x, 2.0));  // exp(-2 |x|) - 1
    W const t = e / (e + W(2.0));
    return negative ? t : -t;
}

/// 2 sqrt(2 / pi) (x + 0.044715 x^3).
template <class W>
[[nodiscard]] W gelu_argument(W const& x) noexcept {
    W const slope = constant<W>(0x1.9884533d43651p+0, -0x1.cbc0d30ebfd15p-54);
    W const cubic = constant<W>(0x1.2444f2a4d8b4bp-4, -0x1.6c843a29d1c70p-61);
    return x * (slope + cubic * (x * x));
}

/// A finite x in W, times what some activations multiply it with.
template <class W>
[[nodiscard]] scaled_value<W> times(W const& x, scaled_value<W> const& v) noexcept {
    return {x * v.value, v.exponent};
}

/// act(x) where it is neither near_zero nor saturated.
template <class W>
[[nodiscard]] scaled_value<W> activation_value(activation a, W const& x) noexcept {
    switch (a) {
        case activation::elu:
            return {expm1_of(x), 0};
        case activation::selu:
            return {W(selu_scale) * W(selu_alpha) * expm1_of(x), 0};
        case activation::sigmoid:
            return sigmoid_of(x);
        case activation::tanh:
            return {tanh_of(x), 0};
        case activation::softplus:
            return softplus_of(x);
        case activation::softsign:
            return {x / (W(1.0) + (is_negative(leading(x)) ? -x : x)), 0};
        case activation::silu:
            return times(x, sigmoid_of(x));
        case activation::gelu:
            return times(x, normal_distribution(x));
        case activation::gelu_tanh:
            return times(x, sigmoid_of(gelu_argument(x)));
        default:
            return {x, 0};
    }
}

/// |z| from which on act(z) is, to the last bit of every format, what it tends to.
[[nodiscard]] constexpr double saturation(activation a) noexcept {
    if (a == activation::softsign) return largest<double>();
    if (a == activation::gelu) return 39;       // Phi(-39) < 2^-1100
    if (a == activation::gelu_tanh) return 22;  // s(-2 sqrt(2 / pi) (22 + 0.044715 22^3)) < 2^-1100
    return 780;                                 // 780 exp(-780) < 2^-1100
}

/// What act(z) tends to, by z's sign; z itself, or a multiple, where it tends to infinity.
template <binary_format T>
[[nodiscard]] typename format<T>::bits_type saturated(activation a, T z) noexcept {
    bool const negative = is_negative(z);
    auto const limit = [](double x) { return to_bits(narrowed<T>(x)); };
    switch (a) {
        case activation::elu:
            return limit(-1.0);
        case activation::selu:
            return limit(negate(mul(selu_scale, selu_alpha)));
        case activation::sigmoid:
            return limit(negative ? 0.0 : 1.0);
        case activation::tanh:
        case activation::softsign:
            return limit(negative ? -1.0 : 1.0);
        case activation::softplus:
            return negative ? limit(0.0) : to_bits(z);
        default:  // -z exp(-z), which keeps its sign when it underflows
            return negative ? static_cast<typename format<T>::bits_type>(fields<T>::sign) : to_bits(z);
    }
}

/// z / 2 and a little more, rounded to T: z / 2 + c z^2 with some c > 0, which matters only where z / 2 is a tie.
template <binary_format T>
[[nodiscard]] typename format<T>::bits_type half_and_more(T z) noexcept {
    double const x = convert<double>(z);
    if constexpr (std::same_as<T, double>) {
        std::uint64_t const magnitude = magnitude_bits(x);
        if (magnitude < to_bits(0x1p-1021)) {  // the significand of a subnormal result, twice
            return is_negative(x) ? fields<double>::sign | (magnitude >> 1) : (magnitude + 1) >> 1;
        }
        return to_bits(mul(x, 0.5));
    } else {
        std::uint64_t const half = to_bits(mul(x, 0.5));
        if (is_zero(x)) return to_bits(z);
        return to_bits(narrowed<T>(from_hidden_bits<double>(is_negative(x) ? half - 1 : half + 1)));
    }
}

/// act(z) for |z| < 2^-100: a constant, or a multiple of z.
template <binary_format T>
[[nodiscard]] typename format<T>::bits_type near_zero(activation a, T z) noexcept {
    double const x = convert<double>(z);
    auto const rounded = [](double y) { return to_bits(narrowed<T>(y)); };
    switch (a) {
        case activation::selu: {
            if (is_zero(z)) return to_bits(z);
            auto const [slope, rest] = two_product(selu_scale, selu_alpha);
            superaccumulator<double> product;
            product.add_product(slope, x);
            product.add_product(rest, x);
            return product.template round_bits<T>();
        }
        case activation::sigmoid:
            return rounded(0.5);
        case activation::softplus:
            return rounded(0x1.62e42fefa39efp-1);  // ln 2
        case activation::silu:
        case activation::gelu:
        case activation::gelu_tanh:
            return half_and_more(z);
        default:
            return to_bits(z);
    }
}

/// act(z) of a number that is no NaN, for all activations but linear, relu and softmax. Bits in, bits out: a compiler
/// that may assume finite numbers assumes them of the arguments of a function.
template <binary_format T>
[[nodiscard, gnu::noinline]] typename format<T>::bits_type activation_bits(
    activation a, typename format<T>::bits_type bits) noexcept {
    T const z = from_hidden_bits<T>(bits);
    double const x = convert<double>(z);
    bool const positive = !is_negative(z) && !is_zero(z);
    if (a == activation::leaky_relu) return positive ? bits : to_bits(narrowed<T>(divide(x, 100.0)));
    if (a == activation::leaky_relu_fifth) return positive ? bits : to_bits(narrowed<T>(divide(x, 5.0)));
    if (positive && a == activation::elu) return bits;
    if (positive && a == activation::selu) return to_bits(narrowed<T>(mul(selu_scale, x)));
    if (!is_finite(z) || absolute(x) > saturation(a)) return saturated<T>(a, z);
    if (absolute(x) < 0x1p-100) return near_zero<T>(a, z);
    return to_bits(rounded_value<T>(activation_value(a, wide<T>(x))));
}

}  // namespace detail

/// Whether act(z) of a row depends on each number alone: all but softmax.
[[nodiscard]] constexpr bool is_elementwise(activation a) noexcept { return a != activation::softmax; }

/// act(z) of one number; softmax is that of a row of one.
///
/// Error:   none for linear and relu; leaky_relu correctly rounded; selu of z > 0, softsign and the others below
///          0.501 ulp (docs/mathematics.md, "Activations"), so at most one of the two numbers around act(z).
/// Special: every NaN gives the canonical NaN; at infinities what act tends to: relu(-inf) = +0, tanh(-inf) = -1,
///          silu(-inf) = gelu(-inf) = -0; zeros keep their sign where act(0) = 0, but in relu; results that underflow
///          keep theirs.
/// Order:   the same bits on every instruction set and under every flag.
/// Requires: a sound environment, except for linear and relu
template <binary_format T>
[[nodiscard, gnu::always_inline]] constexpr inline T activate(activation a, T z) noexcept {
    if (is_nan(z)) return canonical_nan<T>();
    if (a == activation::relu) return is_negative(z) ? from_bits<T>(0) : z;
    if (a == activation::linear) return z;
    if (a == activation::softmax) return is_finite(z) ? T(1) : canonical_nan<T>();
    return detail::from_hidden_bits<T>(detail::activation_bits<T>(a, to_bits(z)));
}

namespace detail {

/// A number whose exponential is found by argument. Counter-examples: expansion, cpp_rational.
template <class T>
concept has_exponential = requires(T const z) {
    {T(exp(z))};
    {T(log(z))};
    {T(tanh(z))};
};

template <software_number T>
[[nodiscard]] T transcendental_activation(activation a, T const& z) {
    LASTBIT_EXPECTS(has_exponential<T>, "activate: " + std::string(name(a)) +
                                            " needs exp, log and tanh of the number, which this type lacks; "
                                            "round to one of the four formats, or use a cpp_bin_float");
    if constexpr (has_exponential<T>) {
        T const one(1);
        T const half = one / T(2);
        bool const negative = static_cast<bool>(z < T(0));
        auto const sigmoid = [&one](T const& x) {
            if (x < T(0)) return T(exp(x) / (one + exp(x)));
            return T(one / (one + exp(T(-x))));
        };
        switch (a) {
            case activation::elu:
                return negative ? T(exp(z) - one) : z;
            case activation::selu:
                return negative ? T(T(selu_scale) * T(selu_alpha) * (exp(z) - one)) : T(T(selu_scale) * z);
            case activation::sigmoid:
                return sigmoid(z);
            case activation::tanh:
                return T(tanh(z));
            case activation::softplus:
                // Far below, 1 + exp(z) would be 1, and its logarithm 0.
                if (negative && one + exp(z) == one) return T(exp(z));
                return negative ? T(log(T(one + exp(z)))) : T(z + log(T(one + exp(T(-z)))));
            case activation::silu:
                return T(z * sigmoid(z));
            case activation::gelu_tanh: {
                T const root = exp(T(log(T(T(8) / (T(4) * atan(one)))) * half));  // 2 sqrt(2 / pi)
                return T(z * sigmoid(T(root * (z + T(44715) / T(1000000) * z * z * z))));
            }
            default:
                break;
        }
        LASTBIT_EXPECTS(false, "activate: gelu with erf is there for the four formats, not for software numbers");
    }
    return z;
}

}  // namespace detail

/// act(z) of a software number by its own operators and functions, without a statement on the error or on infinities;
/// relu of what is not above 0 is 0, of a NaN itself. Transcendental ones need the number's exp, log and tanh; gelu is
/// not there.
template <software_number T>
[[nodiscard]] T activate(activation a, T const& z) {
    bool const positive = static_cast<bool>(T(0) < z);
    bool const dropped = static_cast<bool>(z <= T(0));
    switch (a) {
        case activation::linear:
            return z;
        case activation::relu:
            return dropped ? T(0) : z;
        case activation::leaky_relu:
            return positive ? z : T(z / T(100));
        case activation::leaky_relu_fifth:
            return positive ? z : T(z / T(5));
        case activation::softsign:
            return T(z / (T(1) + (positive ? z : T(-z))));
        case activation::softmax:
            return T(1);
        default:
            return detail::transcendental_activation(a, z);
    }
}

}  // namespace LASTBIT_ABI
}  // namespace lastbit
