// SPDX-License-Identifier: BSL-1.0
#include <lastbit/base/environment.hpp>

#include "trials.hpp"

#include <catch2/catch.hpp>

#include <cfenv>
#include <vector>

#if defined(__SSE2__)
#    include <immintrin.h>
#endif

using namespace lastbit;

namespace {

/// Restores the whole floating-point environment at its end, so that no test leaves one behind.
class restored_environment {
public:
    restored_environment() { std::fegetenv(&saved_); }
    ~restored_environment() { std::fesetenv(&saved_); }
    restored_environment(restored_environment const&) = delete;
    restored_environment& operator=(restored_environment const&) = delete;

private:
    std::fenv_t saved_;
};

/// Sums and products that each unsound environment spoils, by plain C++ on volatile operands, which are not moved across
/// volatile asm. Independent of add(), mul() and is_sound().
[[gnu::noinline]] bool arithmetic_is_ieee() {
    double volatile tiny = 0x1p-1022;
    double volatile half = 0.5;
    double volatile one = 1;
    double volatile minus_one = -1;
    double volatile u = 0x1p-54;
    double volatile subnormal = from_bits<double>(3);
    float volatile tiny_float = 0x1p-126F;
    float volatile half_float = 0.5F;
    double volatile const product = tiny * half;
    float volatile const product_float = tiny_float * half_float;
    double volatile const doubled = subnormal + subnormal;
    double volatile const above = one + u;
    double volatile const below = minus_one - u;
    double volatile const down = one - u;
    return to_bits(double{product}) == std::uint64_t{1} << 51 && to_bits(float{product_float}) == 1U << 22 &&
           to_bits(double{doubled}) == 6 && to_bits(double{above}) == to_bits(1.0) &&
           to_bits(double{below}) == to_bits(-1.0) && to_bits(double{down}) == to_bits(1.0);
}

struct outcome {
    bool ieee_before, sound_before, ieee_inside, sound_inside, ieee_after;
};

}  // namespace

TEST_CASE("is_sound: true in the environment of a program's start", "[base][environment]") {
    CHECK(environment::is_sound());
    CHECK(arithmetic_is_ieee());
}

TEST_CASE("guard: rounds to nearest inside, and restores the caller's direction", "[base][environment]") {
    for (int const direction : {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO, FE_TONEAREST}) {
        outcome o{};
        int after = 0;
        {
            restored_environment const restored;
            std::fesetround(direction);
            o.ieee_before = arithmetic_is_ieee();
            o.sound_before = environment::is_sound();
            {
                environment::guard const guard;
                o.ieee_inside = arithmetic_is_ieee();
                o.sound_inside = environment::is_sound();
            }
            after = std::fegetround();
            o.ieee_after = arithmetic_is_ieee();
        }
        CAPTURE(direction);
        CHECK(o.ieee_before == (direction == FE_TONEAREST));
        CHECK(o.sound_before == (direction == FE_TONEAREST));
        CHECK(o.ieee_inside);
        CHECK(o.sound_inside);
        CHECK(after == direction);
        CHECK(o.ieee_after == (direction == FE_TONEAREST));
    }
}

TEST_CASE("guard: status flags raised before and inside are raised after", "[base][environment]") {
    for (int const direction : {FE_UPWARD, FE_TONEAREST}) {
        int before = 0;
        int after = 0;
        {
            restored_environment const restored;
            std::feclearexcept(FE_ALL_EXCEPT);
            std::fesetround(direction);
            std::feraiseexcept(FE_DIVBYZERO);
            before = std::fetestexcept(FE_ALL_EXCEPT);
            {
                environment::guard const guard;
                static_cast<void>(
                    detail::leave(mul(detail::opaque_constant(0.0), detail::opaque_constant(infinity<double>()))));
            }
            after = std::fetestexcept(FE_ALL_EXCEPT);
        }
        CHECK(before == FE_DIVBYZERO);
        CHECK(after == (FE_DIVBYZERO | FE_INVALID));
    }
}

TEST_CASE("guard: one inside another", "[base][environment]") {
    bool between = false;
    int after = 0;
    {
        restored_environment const restored;
        std::fesetround(FE_DOWNWARD);
        {
            environment::guard const outer;
            { environment::guard const inner; }
            between = arithmetic_is_ieee();
        }
        after = std::fegetround();
    }
    CHECK(between);
    CHECK(after == FE_DOWNWARD);
}

#if defined(__GLIBC__)
TEST_CASE("guard: an operation that the caller made trap does not trap inside", "[base][environment]") {
    std::uint64_t quotient = 0;
    int enabled_after = 0;
    {
        restored_environment const restored;
        std::feclearexcept(FE_ALL_EXCEPT);
        feenableexcept(FE_DIVBYZERO | FE_INVALID | FE_OVERFLOW | FE_UNDERFLOW | FE_INEXACT);
        {
            environment::guard const guard;
            quotient = to_bits(detail::leave(divide(detail::opaque_constant(1.0), detail::opaque_constant(0.0))));
            static_cast<void>(detail::leave(divide(detail::opaque_constant(1.0), detail::opaque_constant(3.0))));
            static_cast<void>(detail::leave(mul(detail::opaque_constant(0x1p-1022), detail::opaque_constant(0x1p-60))));
        }
        enabled_after = fegetexcept();
    }
    CHECK(quotient == to_bits(infinity<double>()));
    CHECK(enabled_after == (FE_DIVBYZERO | FE_INVALID | FE_OVERFLOW | FE_UNDERFLOW | FE_INEXACT));
    CHECK(fegetexcept() == 0);
}
#endif

#if defined(__SSE2__)
TEST_CASE("guard: every combination of the control bits of MXCSR", "[base][environment]") {
    constexpr unsigned flush_to_zero = 0x8000U;
    constexpr unsigned denormals_are_zero = 0x40U;
    constexpr unsigned masks = 0x1F80U;
    std::size_t wrong = 0;
    std::size_t cases = 0;
    for (unsigned const flush : {0U, flush_to_zero}) {
        for (unsigned const zero : {0U, denormals_are_zero}) {
            for (unsigned const rounding : {0U, 0x2000U, 0x4000U, 0x6000U}) {
                // All masked; some that trap, of those that the probes here do not raise outside the guard.
                for (unsigned const mask : {masks, masks & ~0x0600U, masks & ~0x0080U}) {
                    unsigned const control = flush | zero | rounding | mask;
                    bool const sound = flush == 0 && zero == 0 && rounding == 0;
                    unsigned const saved = _mm_getcsr();
                    _mm_setcsr(control);
                    bool const before = environment::is_sound();
                    unsigned inside = 0;
                    outcome o{};
                    {
                        environment::guard const guard;
                        inside = _mm_getcsr();
                        o.ieee_inside = arithmetic_is_ieee();
                        o.sound_inside = environment::is_sound();
                    }
                    unsigned const after = _mm_getcsr();
                    _mm_setcsr(saved);
                    bool const right = before == sound && (inside & 0xFFC0U) == masks && o.ieee_inside &&
                                       o.sound_inside && (after & 0xFFC0U) == control;
                    CAPTURE(control, before, inside, after);
                    if (!right) CHECK(right);
                    wrong += right ? 0U : 1U;
                    ++cases;
                }
            }
        }
    }
    CHECK(wrong == 0);
    CHECK(cases == 48);
}
#endif

TEST_CASE("leave, opaque_constant, enter: give back what they got", "[base][environment]") {
    static_assert(detail::opaque_constant(-1.5) == -1.5, "usable in constant expressions");
    CHECK(to_bits(detail::leave(-0.0)) == to_bits(-0.0));
    CHECK(to_bits(detail::opaque_constant(canonical_nan<float>())) == to_bits(canonical_nan<float>()));
    CHECK(to_bits(detail::opaque_constant(bfloat16(1.5))) == to_bits(bfloat16(1.5)));
    std::vector<float> const x{1.0F};
    CHECK(detail::enter(x.data()) == x.data());
}
