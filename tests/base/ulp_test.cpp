// SPDX-License-Identifier: BSL-1.0
#include <lastbit/base/ulp.hpp>

#include "base/half_formats.hpp"

#include <cmath>

using namespace lastbit;
using lastbit_tests::tally;

static_assert(ulp(1.0) == 0x1p-52 && ulp_distance(1.0F, 2.0F) == 0x800000U, "usable in constant expressions");

TEMPLATE_TEST_CASE("ulp: the way to the next number, for every number of a 16-bit format", "[base][ulp]", bfloat16,
                   float16) {
    using T = TestType;
    tally law;
    for (unsigned low = 0; low < lastbit_tests::finite_count<T>; ++low) {
        double const spacing = lastbit_tests::value_of<T>(low + 1) - lastbit_tests::value_of<T>(low);
        T const x = lastbit_tests::pattern<T>(low);
        law.expect(static_cast<double>(ulp(x)) == spacing && static_cast<double>(ulp(negate(x))) == spacing,
                   [x] { return testing::number_text(x); });
    }
    law.check();
}

TEMPLATE_TEST_CASE("ulp: the way to the next number, in float and double", "[base][ulp]", float, double) {
    using T = TestType;
    random_stream random(31);
    tally law;
    auto const expect = [&law](T x) {
        if (!is_finite(x) || absolute(x) == largest<T>()) return;
        law.expect(ulp(x) == std::nextafter(absolute(x), infinity<T>()) - absolute(x),
                   [x] { return testing::number_text(x); });
    };
    for (T const x : lastbit_tests::special_values<T>()) expect(x);
    for (std::size_t i = 0; i < lastbit_tests::trials(20000); ++i) expect(lastbit_tests::any_number<T>(random));
    law.check();
    CHECK(ulp(largest<T>()) == largest<T>() - std::nextafter(largest<T>(), T{0}));
}

TEMPLATE_TEST_CASE("ulp: of zeros, subnormals, infinities and NaN", "[base][ulp]", float, double, bfloat16, float16) {
    using T = TestType;
    CHECK(to_bits(ulp(T(0.0))) == 1);
    CHECK(to_bits(ulp(T(-0.0))) == 1);
    CHECK(to_bits(ulp(smallest_subnormal<T>())) == 1);
    CHECK(to_bits(ulp(smallest_normal<T>())) == 1);
    CHECK(to_bits(ulp(infinity<T>())) == to_bits(infinity<T>()));
    CHECK(to_bits(ulp(negate(infinity<T>()))) == to_bits(infinity<T>()));
    CHECK(to_bits(ulp(negate(canonical_nan<T>()))) == to_bits(canonical_nan<T>()));
}

TEMPLATE_TEST_CASE("ulp_distance: the difference of the places in the row of all 16-bit numbers", "[base][ulp]",
                   bfloat16, float16) {
    using T = TestType;
    auto const place = [](unsigned bits) {
        return bits < 0x8000U ? static_cast<int>(bits) : 0x8000 - static_cast<int>(bits);
    };
    constexpr unsigned inf = lastbit_tests::finite_count<T>;
    tally law;
    for (unsigned a = 0; a < 0x10000U; ++a) {
        // Neighbours, zeros, ends of the format, and some NaN.
        for (unsigned const b :
             {a, a ^ 1U, (a + 1) & 0xFFFFU, a ^ 0x8000U, 0U, 0x8000U, 1U, 0x8001U, inf - 1, inf | 0x8000U, inf + 1}) {
            bool const nan = (a & 0x7FFFU) > inf || (b & 0x7FFFU) > inf;
            std::uint64_t const expected =
                nan ? unordered_distance : static_cast<std::uint64_t>(std::abs(place(a) - place(b)));
            T const x = lastbit_tests::pattern<T>(a);
            T const y = lastbit_tests::pattern<T>(b);
            law.expect(ulp_distance(x, y) == expected && ulp_distance(y, x) == expected,
                       [=] { return lastbit_tests::call_text("ulp_distance", x, y); });
        }
    }
    law.check();
}

TEMPLATE_TEST_CASE("ulp_distance: one step to the next number, in float and double", "[base][ulp]", float, double) {
    using T = TestType;
    random_stream random(32);
    tally law;
    auto const expect = [&law](T x) {
        if (!is_finite(x)) return;
        T const up = std::nextafter(x, infinity<T>());
        T const two_up = std::nextafter(up, infinity<T>());
        law.expect(ulp_distance(x, up) == 1 && ulp_distance(up, x) == 1 && ulp_distance(x, x) == 0 &&
                       ulp_distance(x, two_up) == (is_inf(up) ? 1 : 2),
                   [x] { return testing::number_text(x); });
    };
    for (T const x : lastbit_tests::special_values<T>()) expect(x);
    for (std::size_t i = 0; i < lastbit_tests::trials(20000); ++i) expect(lastbit_tests::any_number<T>(random));
    law.check();
}

TEMPLATE_TEST_CASE("ulp_distance: across zero and from end to end", "[base][ulp]", float, double, bfloat16, float16) {
    using T = TestType;
    T const tiny = smallest_subnormal<T>();
    std::uint64_t const to_infinity = to_bits(infinity<T>());
    CHECK(ulp_distance(T(0.0), T(-0.0)) == 0);
    CHECK(ulp_distance(tiny, negate(tiny)) == 2);
    CHECK(ulp_distance(T(-0.0), tiny) == 1);
    CHECK(ulp_distance(largest<T>(), infinity<T>()) == 1);
    CHECK(ulp_distance(infinity<T>(), negate(infinity<T>())) == 2 * to_infinity);
    CHECK(ulp_distance(largest<T>(), negate(largest<T>())) == 2 * to_infinity - 2);
    CHECK(ulp_distance(canonical_nan<T>(), canonical_nan<T>()) == unordered_distance);
    CHECK(ulp_distance(T(1.0), canonical_nan<T>()) == unordered_distance);
    CHECK(ulp_distance(canonical_nan<T>(), infinity<T>()) == unordered_distance);
}
