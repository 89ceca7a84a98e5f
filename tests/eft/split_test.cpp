// SPDX-License-Identifier: BSL-1.0
#include <lastbit/eft/split.hpp>

#include "eft/laws.hpp"

using namespace lastbit;
using lastbit_tests::call_text;
using oracle::real;

static_assert(split(1.0 + 0x1p-52).value == 1.0, "usable in constant expressions");

namespace {

/// The number of bits from the first to the last that is set.
template <class T>
std::int64_t bits_of(T x) {
    return is_zero(x) ? 0 : oracle::detail::bit_length(real(x).significand());
}

template <class T>
constexpr int s = (format<T>::precision + 1) / 2;

/// What the comment promises below the limit.
template <class T>
bool splits(T x) {
    auto const [high, low] = split(x);
    return is_finite(high) && is_finite(low) && real(high) + real(low) == real(x) &&
           bits_of(high) <= format<T>::precision - s<T> && bits_of(low) <= s<T> - 1;
}

}  // namespace

TEMPLATE_TEST_CASE("split: two halves, exactly, below 2^(emax - s - 1), subnormal numbers included", "[eft][split]",
                   float, double) {
    using T = TestType;
    using f = format<T>;
    random_stream random(81);
    lastbit_tests::tally law;
    auto const expect = [&law](T x) { law.expect(splits(x), [x] { return call_text("split", x); }); };
    for (T const x : lastbit_tests::special_values<T>())
        if (absolute(x) < detail::split_limit<T>) expect(x);
    for (std::size_t i = 0; i < lastbit_tests::trials(20000); ++i) {
        expect(lastbit_tests::number_between<T>(random, f::min_exponent - f::precision, f::max_exponent - s<T> - 2));
        expect(lastbit_tests::number_between<T>(random, -1, 1));
    }
    law.check();
}

TEMPLATE_TEST_CASE("split: the limits are those that the comment states", "[eft][split]", float, double) {
    using T = TestType;
    int const emax = format<T>::max_exponent;
    CHECK(detail::split_limit<T> == (std::is_same_v<T, double> ? static_cast<T>(0x1p995) : static_cast<T>(0x1p114)));
    T const limit = std::ldexp(T{1}, emax - s<T> - 1);
    CHECK(detail::split_limit<T> == limit);
    CHECK(splits(from_bits<T>(to_bits(limit) - 1)));
    // From 2^(emax + 1 - s) on the product overflows.
    T const overflow = std::ldexp(T{1}, emax + 1 - s<T>);
    CHECK_FALSE(splits(overflow));
    CHECK(is_nan(split(overflow).value));
    CHECK(is_nan(split(largest<T>()).error));
    CHECK(is_nan(split(infinity<T>()).value));
    CHECK(is_nan(split(canonical_nan<T>()).value));
}

TEMPLATE_TEST_CASE("split: a product of two halves is exact", "[eft][split]", float, double) {
    using T = TestType;
    random_stream random(82);
    lastbit_tests::tally law;
    for (std::size_t i = 0; i < lastbit_tests::trials(10000); ++i) {
        auto const x = split(lastbit_tests::number_between<T>(random, -3, 3));
        auto const y = split(lastbit_tests::number_between<T>(random, -3, 3));
        for (T const a : {x.value, x.error})
            for (T const b : {y.value, y.error})
                law.expect(real(mul(a, b)) == real(a) * real(b), [=] { return call_text("half times half", a, b); });
    }
    law.check();
}

TEMPLATE_TEST_CASE("split: every lane has the scalar's bits", "[eft][split]", float, double) {
    lastbit_tests::check_lanes<TestType>([](auto const& a, auto const&) { return split(a); });
}
