// SPDX-License-Identifier: BSL-1.0
#include <lastbit/eft/fast_two_sum.hpp>

#include "eft/laws.hpp"
#include <lastbit/eft/two_sum.hpp>

using namespace lastbit;
using lastbit_tests::call_text;
using lastbit_tests::tally;
using oracle::real;

static_assert(fast_two_sum(1.0, 0x1p-60).error == 0x1p-60, "usable in constant expressions");

TEMPLATE_TEST_CASE("fast_two_sum: exact if |a| >= |b|, if a = 0, and if a's exponent is at least b's",
                   "[eft][fast_two_sum]", float, double, bfloat16, float16) {
    using T = TestType;
    tally law;
    lastbit_tests::for_each_pair<T>([&law](T a, T b) {
        bool const promised = is_zero(a) || (is_finite(a) && is_finite(b) && to_bits(ulp(a)) >= to_bits(ulp(b)));
        auto const result = fast_two_sum(a, b);
        T const s = result.value;
        T const e = result.error;
        law.expect(lastbit_tests::same(s, (real(a) + real(b)).round<T>()),
                   [=] { return call_text("fast_two_sum", a, b); });
        if (promised && is_finite(s))
            law.expect(real(s) + real(e) == real(a) + real(b), [=] { return call_text("fast_two_sum", a, b, s, e); });
        if (!is_finite(s)) law.expect(!is_finite(e), [=] { return call_text("not finite", a, b, s, e); });
    });
    law.check();
}

TEST_CASE("fast_two_sum: not exact with a smaller first operand", "[eft][fast_two_sum]") {
    double const b = 0x1p53 + 2;
    auto const wrong = fast_two_sum(1.0, b);
    CHECK(to_bits(wrong.value) == to_bits(0x1p53 + 4));
    CHECK(wrong.error == -2.0);  // a + b - s is -1
    CHECK(fast_two_sum(b, 1.0).error == -1.0);
    CHECK(sorted_two_sum(1.0, b).error == -1.0);
}

TEMPLATE_TEST_CASE("sorted_two_sum: exact whenever the sum is finite", "[eft][fast_two_sum]", float, double, bfloat16,
                   float16) {
    using T = TestType;
    tally law;
    lastbit_tests::for_each_pair<T>([&law](T a, T b) {
        auto const result = sorted_two_sum(a, b);
        T const s = result.value;
        T const e = result.error;
        law.expect(lastbit_tests::same(s, (real(a) + real(b)).round<T>()),
                   [=] { return call_text("sorted_two_sum", a, b); });
        if (is_finite(s))
            law.expect(real(s) + real(e) == real(a) + real(b), [=] { return call_text("sorted_two_sum", a, b, s, e); });
        auto const general = two_sum(a, b);
        if (is_finite(s) && is_finite(general.error))
            law.expect(general.error == e, [=] { return call_text("two_sum's", a, b, e, general.error); });
    });
    law.check();
}

TEMPLATE_TEST_CASE("fast_two_sum, sorted_two_sum: every lane has the scalar's bits", "[eft][fast_two_sum]", float,
                   double, bfloat16, float16) {
    lastbit_tests::check_lanes<TestType>([](auto const& a, auto const& b) { return fast_two_sum(a, b); });
    lastbit_tests::check_lanes<TestType>([](auto const& a, auto const& b) { return sorted_two_sum(a, b); });
}
