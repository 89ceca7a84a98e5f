// SPDX-License-Identifier: BSL-1.0
#pragma once
// A caller's floating-point environment: set for a while, and read back.

#include <cfenv>
#include <cstdint>

#if defined(__SSE2__)
#    include <xmmintrin.h>
#endif

namespace lastbit_tests {

namespace environment_bits {

#if defined(__SSE2__)
inline std::uint64_t read_control() { return _mm_getcsr() & 0xFFC0U; }
inline void flush_subnormals() { _mm_setcsr(_mm_getcsr() | 0x8040U); }
#elif defined(__aarch64__)
inline std::uint64_t read_control() {
    std::uint64_t control;
    asm volatile("mrs %0, fpcr" : "=r"(control));
    return control;
}
inline void flush_subnormals() {
    std::uint64_t const flushing = read_control() | (std::uint64_t{1} << 24);
    asm volatile("msr fpcr, %0" : : "r"(flushing));
}
#endif

}  // namespace environment_bits

/// While one lives, this thread flushes subnormals (results and operands) if asked to, and rounds in the direction. The
/// destructor restores what was before.
class caller_environment {
public:
    caller_environment(bool flushes, int direction) {
        std::fegetenv(&saved_);
        if (flushes) environment_bits::flush_subnormals();
        std::fesetround(direction);
    }
    ~caller_environment() { std::fesetenv(&saved_); }
    caller_environment(caller_environment const&) = delete;
    caller_environment& operator=(caller_environment const&) = delete;

    /// The control bits, without the flags of what has happened.
    [[nodiscard]] static std::uint64_t control() { return environment_bits::read_control(); }

private:
    std::fenv_t saved_;
};

}  // namespace lastbit_tests
