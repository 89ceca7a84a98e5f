// SPDX-License-Identifier: BSL-1.0
#pragma once
// Arithmetic that no compiler flag can change: each rounded value passes through an empty `asm` as an in-out operand.
//
// The compiler then cannot contract a*b + c, reassociate, or fold x - x, whatever -ffast-math or -ffp-contract=fast
// allow: it does not know that the two values on either side of the `asm` are equal. An operand that it could know (a
// constant) is hidden likewise, or 0 + x would be folded to x and -0 survive. Division and square root are written as
// instructions, since -ffast-math replaces `/` by an approximate reciprocal with Newton steps.
// Everything here is usable in constant evaluation, where nothing is hidden, except square_root.

#include <lastbit/base/bfloat16.hpp>
#include <lastbit/base/float16.hpp>

#include <cmath>
#include <type_traits>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

// pass_register: x goes through an empty asm, in the register file that holds floating-point values. The volatile form
// is ordered among other volatile asm statements (base/environment.hpp); the right form is never merged with the plain.
#if defined(__AVX512F__)
template <class Register>
[[gnu::always_inline]] inline void pass_register(Register& x) noexcept {
    asm("" : "+v"(x));
}
template <class Register>
[[gnu::always_inline]] inline void pass_register_in_order(Register& x) noexcept {
    asm volatile("" : "+v"(x));
}
template <class Register>
[[gnu::always_inline]] inline void pass_register_right(Register& x) noexcept {
    asm(" " : "+v"(x));
}
#elif defined(__SSE2__)
template <class Register>
[[gnu::always_inline]] inline void pass_register(Register& x) noexcept {
    asm("" : "+x"(x));
}
template <class Register>
[[gnu::always_inline]] inline void pass_register_in_order(Register& x) noexcept {
    asm volatile("" : "+x"(x));
}
template <class Register>
[[gnu::always_inline]] inline void pass_register_right(Register& x) noexcept {
    asm(" " : "+x"(x));
}
#elif defined(__aarch64__)
template <class Register>
[[gnu::always_inline]] inline void pass_register(Register& x) noexcept {
    asm("" : "+w"(x));
}
template <class Register>
[[gnu::always_inline]] inline void pass_register_in_order(Register& x) noexcept {
    asm volatile("" : "+w"(x));
}
template <class Register>
[[gnu::always_inline]] inline void pass_register_right(Register& x) noexcept {
    asm(" " : "+w"(x));
}
#else
template <class Register>
[[gnu::always_inline]] inline void pass_register(Register& x) noexcept {
    asm("" : "+m"(x));
}
template <class Register>
[[gnu::always_inline]] inline void pass_register_in_order(Register& x) noexcept {
    asm volatile("" : "+m"(x));
}
template <class Register>
[[gnu::always_inline]] inline void pass_register_right(Register& x) noexcept {
    asm(" " : "+m"(x));
}
#endif

// Quotient and square root of one register, as instructions.
#if defined(__AVX512F__)
[[gnu::always_inline]] inline void divide_register(float& a, float b) noexcept {
    asm("vdivss %1, %0, %0" : "+v"(a) : "v"(b));
}
[[gnu::always_inline]] inline void divide_register(double& a, double b) noexcept {
    asm("vdivsd %1, %0, %0" : "+v"(a) : "v"(b));
}
[[gnu::always_inline]] inline void square_root_register(float& a) noexcept { asm("vsqrtss %0, %0, %0" : "+v"(a)); }
[[gnu::always_inline]] inline void square_root_register(double& a) noexcept { asm("vsqrtsd %0, %0, %0" : "+v"(a)); }
#elif defined(__AVX__)
[[gnu::always_inline]] inline void divide_register(float& a, float b) noexcept {
    asm("vdivss %1, %0, %0" : "+x"(a) : "x"(b));
}
[[gnu::always_inline]] inline void divide_register(double& a, double b) noexcept {
    asm("vdivsd %1, %0, %0" : "+x"(a) : "x"(b));
}
[[gnu::always_inline]] inline void square_root_register(float& a) noexcept { asm("vsqrtss %0, %0, %0" : "+x"(a)); }
[[gnu::always_inline]] inline void square_root_register(double& a) noexcept { asm("vsqrtsd %0, %0, %0" : "+x"(a)); }
#elif defined(__SSE2__)
[[gnu::always_inline]] inline void divide_register(float& a, float b) noexcept {
    asm("divss %1, %0" : "+x"(a) : "x"(b));
}
[[gnu::always_inline]] inline void divide_register(double& a, double b) noexcept {
    asm("divsd %1, %0" : "+x"(a) : "x"(b));
}
[[gnu::always_inline]] inline void square_root_register(float& a) noexcept { asm("sqrtss %0, %0" : "+x"(a)); }
[[gnu::always_inline]] inline void square_root_register(double& a) noexcept { asm("sqrtsd %0, %0" : "+x"(a)); }
#elif defined(__aarch64__)
[[gnu::always_inline]] inline void divide_register(float& a, float b) noexcept {
    asm("fdiv %s0, %s0, %s1" : "+w"(a) : "w"(b));
}
[[gnu::always_inline]] inline void divide_register(double& a, double b) noexcept {
    asm("fdiv %d0, %d0, %d1" : "+w"(a) : "w"(b));
}
[[gnu::always_inline]] inline void square_root_register(float& a) noexcept { asm("fsqrt %s0, %s0" : "+w"(a)); }
[[gnu::always_inline]] inline void square_root_register(double& a) noexcept { asm("fsqrt %d0, %d0" : "+w"(a)); }
#else
// Elsewhere the operands are hidden, so that no quotient can become a product with a shared reciprocal.
template <native_format T>
inline void divide_register(T& a, T b) noexcept {
    pass_register(b);
    a = a / b;
    pass_register(a);
}
template <native_format T>
inline void square_root_register(T& a) noexcept {
    a = std::sqrt(a);
    pass_register(a);
}
#endif

}  // namespace detail

/// x, of which the compiler knows nothing afterwards.
template <native_format T>
[[nodiscard, gnu::always_inline]] constexpr inline T opaque(T x) noexcept {
    if (!std::is_constant_evaluated()) detail::pass_register(x);
    return x;
}

namespace detail {

/// x; hidden if the compiler knows it to be a constant. Costs nothing otherwise.
/// Its bits are hidden, not the number: where -fno-signed-zeros is on, a compiler may put a known -0 into a register as
/// +0 (GCC 12 for AArch64 does).
template <native_format T>
[[nodiscard, gnu::always_inline]] constexpr inline T hide_constant(T x) noexcept {
    if (!std::is_constant_evaluated() && __builtin_constant_p(x)) {
        auto bits = to_bits(x);
        asm("" : "+r"(bits));
        return from_bits<T>(bits);
    }
    return x;
}

/// The number with computed bits. A native number's pass through an asm first: where -fno-signed-zeros is on, GCC makes
/// one zero of `c ? +0.0 : -0.0`, and of a choice between their bits too.
template <binary_format T>
[[nodiscard, gnu::always_inline]] constexpr inline T from_hidden_bits(typename format<T>::bits_type bits) noexcept {
    if constexpr (native_format<T>) {
        if (!std::is_constant_evaluated()) asm("" : "+r"(bits));
    }
    return from_bits<T>(bits);
}

/// x, hidden always: the right operand of a sum or a difference. Under -ffast-math a compiler folds x - x and x + (-x)
/// to 0, which is wrong for infinities and NaN. Another asm text than that of pass_register: compilers merge equal
/// asm statements on equal operands.
template <native_format T>
[[nodiscard, gnu::always_inline]] constexpr inline T hide_right(T x) noexcept {
    if (std::is_constant_evaluated()) return x;
    x = hide_constant(x);
    pass_register_right(x);
    return x;
}

}  // namespace detail

/// fl(a + b): one IEEE 754 addition in the format T, whatever the flags.
template <native_format T>
[[nodiscard, gnu::always_inline]] constexpr inline T add(T a, T b) noexcept {
    return opaque(detail::hide_constant(a) + detail::hide_right(b));
}

/// fl(a - b).
template <native_format T>
[[nodiscard, gnu::always_inline]] constexpr inline T sub(T a, T b) noexcept {
    return opaque(detail::hide_constant(a) - detail::hide_right(b));
}

/// fl(a b): the product rounded once, never fused with an addition.
template <native_format T>
[[nodiscard, gnu::always_inline]] constexpr inline T mul(T a, T b) noexcept {
    return opaque(detail::hide_constant(a) * detail::hide_constant(b));
}

/// fl(a / b), by the processor's division instruction.
template <native_format T>
[[nodiscard, gnu::always_inline]] constexpr inline T divide(T a, T b) noexcept {
    if (std::is_constant_evaluated()) return a / b;
    detail::divide_register(a, b);
    return a;
}

/// fl(sqrt(a)), by the processor's square-root instruction. Special: a < 0 gives a NaN; square_root(-0) = -0.
template <native_format T>
[[nodiscard, gnu::always_inline]] inline T square_root(T a) noexcept {
    detail::square_root_register(a);
    return a;
}

/// bfloat16 or float16. Arithmetic on them is done in float and rounded again, which gives the correctly rounded result
/// (double rounding is innocuous: 24 >= 2 p + 2; docs/mathematics.md, "Arithmetic on 16-bit formats").
template <class T>
concept half_format = std::same_as<T, bfloat16> || std::same_as<T, float16>;

template <half_format T>
[[nodiscard]] constexpr T opaque(T x) noexcept {
    return x;
}

/// fl(a + b) in bfloat16 or float16.
template <half_format T>
[[nodiscard]] constexpr T add(T a, T b) noexcept {
    return T(add(static_cast<float>(a), static_cast<float>(b)));
}

/// fl(a - b) in bfloat16 or float16.
template <half_format T>
[[nodiscard]] constexpr T sub(T a, T b) noexcept {
    return T(sub(static_cast<float>(a), static_cast<float>(b)));
}

/// fl(a b) in bfloat16 or float16.
template <half_format T>
[[nodiscard]] constexpr T mul(T a, T b) noexcept {
    return T(mul(static_cast<float>(a), static_cast<float>(b)));
}

/// A number whose arithmetic is not the processor's: a Boost.Multiprecision number. Examples: cpp_bin_float_50,
/// cpp_rational. Its operators are used as they are. Counter-examples: float, int, float8_e4m3.
template <class T>
concept software_number =
    std::is_class_v<T> && !storage_format<T> && std::regular<T> && requires(T const a, T const b) {
    { T(a + b) } -> std::same_as<T>;
    { T(a * b) } -> std::same_as<T>;
    { a < b } -> std::convertible_to<bool>;
};

template <software_number T>
[[nodiscard]] T add(T const& a, T const& b) {
    return T(a + b);
}
template <software_number T>
[[nodiscard]] T sub(T const& a, T const& b) {
    return T(a - b);
}
template <software_number T>
[[nodiscard]] T mul(T const& a, T const& b) {
    return T(a * b);
}

}  // namespace LASTBIT_ABI
}  // namespace lastbit
