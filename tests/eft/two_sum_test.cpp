// SPDX-License-Identifier: BSL-1.0
#include <lastbit/eft/two_sum.hpp>

#include "eft/laws.hpp"

using namespace lastbit;
using oracle::real;

static_assert(two_sum(1.0, 0x1p-60).error == 0x1p-60, "usable in constant expressions");

TEMPLATE_TEST_CASE("two_sum: s is a + b rounded, and s + e is a + b exactly, whenever s is finite", "[eft][two_sum]",
                   float, double, bfloat16, float16) {
    using T = TestType;
    lastbit_tests::tally law;
    lastbit_tests::for_each_pair<T>([&law](T a, T b) {
        auto const result = two_sum(a, b);
        T const s = result.value;
        T const e = result.error;
        real const exact = real(a) + real(b);
        law.expect(lastbit_tests::same(s, exact.round<T>()), [=] { return lastbit_tests::call_text("two_sum", a, b); });
        // The one exception: an operand is the largest number in magnitude, or next to it.
        bool const may_overflow_between = absolute(a) == largest<T>() || absolute(b) == largest<T>();
        if (is_finite(s) && !may_overflow_between)
            law.expect(real(s) + real(e) == exact, [=] { return lastbit_tests::call_text("two_sum", a, b, s, e); });
        if (!is_finite(s))
            law.expect(!is_finite(e), [=] { return lastbit_tests::call_text("not finite", a, b, s, e); });
    });
    law.check();
}

TEMPLATE_TEST_CASE("two_sum: every lane has the scalar's bits", "[eft][two_sum]", float, double, bfloat16, float16) {
    lastbit_tests::check_lanes<TestType>([](auto const& a, auto const& b) { return two_sum(a, b); });
}

TEMPLATE_TEST_CASE("two_sum: a zero error is +0, so -0 + -0 too", "[eft][two_sum]", float, double, bfloat16, float16) {
    using T = TestType;
    T const minus = negate(T{});
    CHECK(to_bits(two_sum(minus, minus).value) == to_bits(minus));
    CHECK(is_zero(two_sum(minus, minus).error));
    CHECK(is_zero(two_sum(T(1.0), T(-1.0)).error));
}

TEMPLATE_TEST_CASE("two_sum: overflows in between only if an operand is the largest number", "[eft][two_sum]", float,
                   double) {
    using T = TestType;
    // The other operand has the opposite sign and is large, so that s is finite.
    auto const overflows = [](T b) {
        int count = 0;
        for (int shift = 0; shift < 2 * format<T>::precision; ++shift) {
            for (T const factor : {T{-1}, T{-1.5}, std::nextafter(T{-2}, T{0}), std::nextafter(T{-1}, T{-2})}) {
                T const a = std::ldexp(factor, format<T>::max_exponent - shift);
                for (auto const& r : {two_sum(a, b), two_sum(b, a)}) {
                    REQUIRE(is_finite(r.value));
                    if (!is_finite(r.error)) ++count;
                    else CHECK(real(r.value) + real(r.error) == real(a) + real(b));
                }
            }
        }
        return count;
    };
    CHECK(overflows(largest<T>()) > 0);
    CHECK(overflows(std::nextafter(largest<T>(), T{0})) == 0);
}
