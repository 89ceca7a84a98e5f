// SPDX-License-Identifier: BSL-1.0
#include <lastbit/base/choose.hpp>

#include "base/samples.hpp"

#include <boost/multiprecision/cpp_bin_float.hpp>

using namespace lastbit;
using boost::multiprecision::cpp_bin_float_50;

static_assert(select_if_larger(-2.0, 1.0, 3.0, 4.0) == 3.0);

TEMPLATE_TEST_CASE("select_if_larger: by magnitude; equal ones choose the first; NaN is the largest", "[base][choose]",
                   float, double, bfloat16, float16) {
    using T = TestType;
    T const a = T(10.0);
    T const b = T(20.0);
    auto const chooses_a = [=](T x, T y) { return to_bits(select_if_larger(x, y, a, b)) == to_bits(a); };
    CHECK(chooses_a(T(-2.0), T(1.0)));
    CHECK_FALSE(chooses_a(T(1.0), T(-2.0)));
    CHECK(chooses_a(T(1.0), T(-1.0)));
    CHECK(chooses_a(T(-0.0), T(0.0)));
    CHECK(chooses_a(T(0.0), T(-0.0)));
    CHECK_FALSE(chooses_a(T(0.0), smallest_subnormal<T>()));
    CHECK(chooses_a(negate(infinity<T>()), largest<T>()));
    CHECK(chooses_a(canonical_nan<T>(), infinity<T>()));
    CHECK_FALSE(chooses_a(infinity<T>(), negate(canonical_nan<T>())));
}

TEMPLATE_TEST_CASE("zero_unless_finite: x with a finite guard, +0 with another", "[base][choose]", float, double,
                   bfloat16, float16) {
    using T = TestType;
    for (T const x : lastbit_tests::special_values<T>()) {
        for (T const guard : lastbit_tests::special_values<T>())
            CHECK(to_bits(zero_unless_finite(x, guard)) == (is_finite(guard) ? to_bits(x) : 0));
    }
}

TEST_CASE("choose: software numbers by their own operators", "[base][choose]") {
    cpp_bin_float_50 const two = 2;
    cpp_bin_float_50 const minus_three = -3;
    CHECK(select_if_larger(two, minus_three, two, minus_three) == minus_three);
    CHECK(select_if_larger(minus_three, two, two, minus_three) == two);
    CHECK(select_if_larger(two, cpp_bin_float_50(-2), two, minus_three) == two);
    CHECK(zero_unless_finite(two, minus_three) == two);
    CHECK(negate(two) == -2);
}
