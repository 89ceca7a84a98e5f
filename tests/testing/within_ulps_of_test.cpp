// SPDX-License-Identifier: BSL-1.0
#include <lastbit/testing/within_ulps_of.hpp>

#include <lastbit/testing/catch2.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <vector>

using namespace lastbit;
using lastbit::testing::within_ulps_of;

namespace {

template <class T>
T steps_up(T x, unsigned steps) {
    return from_bits<T>(static_cast<typename format<T>::bits_type>(to_bits(x) + steps));
}

}  // namespace

TEMPLATE_TEST_CASE("within_ulps_of: the limit itself matches, one more does not", "[testing]", float, double, bfloat16,
                   float16) {
    using T = TestType;
    for (T const x : {T(0.0), T(1.0), T(-1.0), T(0.1), smallest_normal<T>()}) {
        for (unsigned const n : {0U, 1U, 2U, 7U}) {
            CHECK_THAT(steps_up(x, n), within_ulps_of(x, n));
            CHECK_THAT(x, within_ulps_of(steps_up(x, n), n));
            CHECK_THAT(steps_up(x, n + 1), !within_ulps_of(x, n));
            CHECK_THAT(x, !within_ulps_of(steps_up(x, n + 1), n));
        }
    }
}

TEMPLATE_TEST_CASE("within_ulps_of: zeros, infinities and NaN", "[testing]", float, double, bfloat16, float16) {
    using T = TestType;
    CHECK_THAT(T(0.0), within_ulps_of(T(-0.0), 0));
    CHECK_THAT(largest<T>(), within_ulps_of(infinity<T>(), 1));
    CHECK_THAT(largest<T>(), !within_ulps_of(infinity<T>(), 0));
    CHECK_THAT(canonical_nan<T>(), within_ulps_of(negate(canonical_nan<T>()), 0));
    CHECK_THAT(canonical_nan<T>(), !within_ulps_of(infinity<T>(), ~std::uint64_t{0}));
    CHECK_THAT(infinity<T>(), !within_ulps_of(canonical_nan<T>(), ~std::uint64_t{0}));
    CHECK_THAT(infinity<T>(), within_ulps_of(negate(infinity<T>()), ~std::uint64_t{0}));
}

TEST_CASE("within_ulps_of: says what was allowed and what was found", "[testing]") {
    auto const m = within_ulps_of(1.0, 2);
    CHECK_FALSE(m.match(steps_up(1.0, 3)));
    CHECK(m.describe() ==
          "is within 2 ulps of 1 (0x1p+0); got 1.0000000000000007 (0x1.0000000000003p+0), 3 ulps apart");
    CHECK_FALSE(m.match(canonical_nan<double>()));
    CHECK(m.describe() == "is within 2 ulps of 1 (0x1p+0); got nan (nan(0x7ff8000000000000)), one is NaN");
}

TEST_CASE("within_ulps_of: ranges count only what is out of the limit", "[testing]") {
    std::vector<float> const expected{1.0F, 1.0F, 1.0F};
    auto const m = within_ulps_of(expected, 1);
    CHECK_THAT((std::array{1.0F, steps_up(1.0F, 1), 1.0F}), within_ulps_of(expected, 1));
    CHECK_FALSE(m.match(std::array{steps_up(1.0F, 1), steps_up(1.0F, 2), steps_up(1.0F, 5)}));
    CHECK(m.describe() ==
          "is within 1 ulp of the expected [3]; 2 of 3 differ; worst at [2]: got 1.0000006 (0x1.00000ap+0), "
          "expected 1 (0x1p+0), 5 ulps apart");
    CHECK_FALSE(m.match(std::array{1.0F, 1.0F}));
    CHECK(m.describe() == "is within 1 ulp of the expected [3]; sizes differ: got [2], expected [3]");
}
