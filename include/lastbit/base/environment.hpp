// SPDX-License-Identifier: BSL-1.0
#pragma once
// The floating-point environment: set right for the duration of a kernel, and probed.
//
// A library linked with -ffast-math may set flush-to-zero and denormals-are-zero when the program starts, and a caller
// may have chosen another rounding direction. Every public kernel holds an environment::guard. Clang moves arithmetic
// across an unfenced guard, so the data's address enters through a volatile asm behind the guard's, and results leave
// through another before it ends; volatile asm statements keep their order.

#include <lastbit/base/opaque.hpp>

#include <cstdint>

#if !defined(__SSE2__) && !defined(__aarch64__)
#    include <cfenv>
#endif

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace environment {

/// While one lives, this thread rounds to nearest, subnormals are neither flushed nor read as zero, and no
/// floating-point exception traps. The destructor restores what it found; status flags that were raised stay raised.
/// Cost: reading the control register; writing it only where something must change.
class guard {
public:
    [[gnu::always_inline]] guard() noexcept;
    [[gnu::always_inline]] ~guard() noexcept;
    guard(guard const&) = delete;
    guard& operator=(guard const&) = delete;

private:
#if defined(__SSE2__)
    std::uint32_t saved_;
#elif defined(__aarch64__)
    std::uint64_t saved_;
#else
    std::fenv_t saved_;
#endif
};

#if defined(__SSE2__)
// MXCSR: bits 0-5 status, 6 denormals-are-zero, 7-12 trap masks, 13-14 rounding, 15 flush-to-zero.
// Source: Intel SDM volume 1, section 10.2.3.
inline guard::guard() noexcept {
    asm volatile("stmxcsr %0" : "=m"(saved_) : : "memory");
    if ((saved_ & 0xFFC0U) != 0x1F80U) {
        std::uint32_t const sound = (saved_ & ~0xFFC0U) | 0x1F80U;
        asm volatile("ldmxcsr %0" : : "m"(sound) : "memory");
    }
    asm volatile("" : : : "memory");
}
inline guard::~guard() noexcept {
    asm volatile("" : : : "memory");
    if ((saved_ & 0xFFC0U) != 0x1F80U) {
        std::uint32_t now;
        asm volatile("stmxcsr %0" : "=m"(now) : : "memory");
        std::uint32_t const restored = (saved_ & 0xFFC0U) | (now & ~0xFFC0U);
        asm volatile("ldmxcsr %0" : : "m"(restored) : "memory");
    }
}
#elif defined(__aarch64__)
// FPCR: bits 0-2 alternate behaviours, 8-12 and 15 trap enables, 19 FZ16, 22-23 rounding, 24 FZ, 25 DN.
// Source: Arm ARM, section C5.2.8.
inline guard::guard() noexcept {
    asm volatile("mrs %0, fpcr" : "=r"(saved_) : : "memory");
    constexpr std::uint64_t unsound = 0x3C89F07U;
    if ((saved_ & unsound) != 0) asm volatile("msr fpcr, %0" : : "r"(saved_ & ~unsound) : "memory");
    asm volatile("" : : : "memory");
}
inline guard::~guard() noexcept {
    constexpr std::uint64_t unsound = 0x3C89F07U;
    asm volatile("" : : : "memory");
    if ((saved_ & unsound) != 0) asm volatile("msr fpcr, %0" : : "r"(saved_) : "memory");
}
#else
inline guard::guard() noexcept {
    std::feholdexcept(&saved_);
    std::fesetround(FE_TONEAREST);
    asm volatile("" : : : "memory");
}
inline guard::~guard() noexcept {
    asm volatile("" : : : "memory");
    std::feupdateenv(&saved_);
}
#endif

}  // namespace environment

namespace detail {

/// The same address, of whose memory the compiler knows nothing: loads stay behind the guard.
template <class T>
[[nodiscard, gnu::always_inline]] inline T* enter(T* data) noexcept {
    asm volatile("" : "+r"(data) : : "memory");
    return data;
}

/// x, computed before the guard ends.
template <class T>
[[nodiscard, gnu::always_inline]] inline T leave(T x) noexcept {
    if constexpr (native_format<T>) {
        pass_register_in_order(x);
    } else if constexpr (binary_format<T>) {
        std::uint32_t bits = to_bits(x);
        asm volatile("" : "+r"(bits));
        x = from_bits<T>(static_cast<typename format<T>::bits_type>(bits));
    }
    return x;
}

/// A start value or padding: its bits are hidden (as in hide_constant), behind the guard.
template <class T>
[[nodiscard, gnu::always_inline]] constexpr inline T opaque_constant(T x) noexcept {
    if constexpr (native_format<T>) {
        if (!std::is_constant_evaluated()) {
            auto bits = to_bits(x);
            asm volatile("" : "+r"(bits));
            return from_bits<T>(bits);
        }
    }
    return x;
}

}  // namespace detail

namespace environment {

/// True if error-free transformations give what they promise when called here and now, outside a kernel: this thread
/// rounds to nearest, keeps subnormals, and this translation unit's flags left the arithmetic alone.
/// Kernels do not need it (they hold a guard); callers of eft/ and of expansions' operators do.
[[nodiscard]] inline bool is_sound() noexcept {
    double const tiny = detail::opaque_constant(0x1p-1022);
    double const half = detail::opaque_constant(0.5);
    double const one = detail::opaque_constant(1.0);
    double const u = detail::opaque_constant(0x1p-53);
    float const tiny_float = detail::opaque_constant(0x1p-126F);
    float const half_float = detail::opaque_constant(0.5F);
    bool const keeps_subnormals =
        to_bits(mul(tiny, half)) == (std::uint64_t{1} << 51) &&
        to_bits(mul(tiny_float, half_float)) == (std::uint32_t{1} << 22) &&
        to_bits(add(detail::opaque_constant(from_bits<double>(1)), tiny)) == (std::uint64_t{1} << 52) + 1;
    // To nearest, ties to even: 1 + u = 1, -1 - u = -1 and 1 + 3u = 1 + 4u.
    bool const rounds_to_nearest =
        to_bits(add(one, u)) == to_bits(1.0) && to_bits(sub(negate(one), u)) == to_bits(-1.0) &&
        to_bits(add(one, mul(detail::opaque_constant(3.0), u))) == to_bits(0x1.0000000000002p0);
    // TwoSum(1, u) leaves the error u.
    double const s = add(one, u);
    double const b = sub(s, one);
    double const error = add(sub(one, sub(s, b)), sub(u, b));
    return keeps_subnormals && rounds_to_nearest && to_bits(error) == to_bits(0x1p-53);
}

}  // namespace environment
}  // namespace LASTBIT_ABI
}  // namespace lastbit
