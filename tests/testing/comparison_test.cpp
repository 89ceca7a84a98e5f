// SPDX-License-Identifier: BSL-1.0
#include <lastbit/testing/comparison.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <limits>
#include <list>
#include <vector>

using namespace lastbit;
using namespace lastbit::testing;

static_assert(number_range<std::vector<float>> && number_range<std::span<double const>> && number_range<bfloat16[3]>);
static_assert(!number_range<std::list<float>> && !number_range<std::vector<int>>);

TEST_CASE("same_bits: tells zeros and NaNs apart", "[testing][comparison]") {
    CHECK(same_bits{}(1.0, 1.0));
    CHECK_FALSE(same_bits{}(0.0, -0.0));
    CHECK(same_bits{}(canonical_nan<float>(), canonical_nan<float>()));
    CHECK_FALSE(same_bits{}(canonical_nan<float>(), negate(canonical_nan<float>())));
}

TEST_CASE("within_steps: counts steps, and treats NaN by itself", "[testing][comparison]") {
    double const next = 0x1.0000000000001p0;
    CHECK(within_steps{0}(0.0, -0.0));
    CHECK(within_steps{1}(1.0, next));
    CHECK_FALSE(within_steps{0}(1.0, next));
    CHECK(within_steps{1}(largest<double>(), infinity<double>()));
    CHECK(within_steps{2}(from_bits<float>(1), negate(from_bits<float>(1))));
    CHECK_FALSE(within_steps{1}(from_bits<float>(1), negate(from_bits<float>(1))));
    within_steps const any{std::numeric_limits<std::uint64_t>::max()};
    CHECK(any(1.0, -1.0));
    CHECK(any(canonical_nan<double>(), negate(canonical_nan<double>())));
    CHECK_FALSE(any(canonical_nan<double>(), 1.0));
    CHECK_FALSE(any(1.0, canonical_nan<double>()));
}

namespace {

template <class T, std::size_t N, std::size_t M>
comparison<T> bits_of(std::array<T, N> const& got, std::array<T, M> const& expected) {
    return compare(std::span<T const>(got), std::span<T const>(expected), same_bits{});
}

}  // namespace

TEST_CASE("compare: counts what disagrees and keeps the first of the farthest", "[testing][comparison]") {
    double const two_up = 0x1.0000000000002p0;
    auto const c =
        bits_of<double>(std::array{1.0, 2.0, two_up, 4.0, two_up}, std::array{1.0, 0x1.0000000000001p1, 1.0, 4.0, 1.0});
    CHECK(c.differing == 3);
    CHECK(c.worst_index == 2);
    CHECK(to_bits(c.worst_got) == to_bits(two_up));
    CHECK(to_bits(c.worst_expected) == to_bits(1.0));
    CHECK_FALSE(c.agree());
    CHECK(difference_text(c) ==
          "3 of 5 differ; worst at [2]: got 1.0000000000000004 (0x1.0000000000002p+0), expected 1 "
          "(0x1p+0), 2 ulps apart");
}

TEST_CASE("compare: a NaN beside a number is the worst, two NaNs the least", "[testing][comparison]") {
    float const nan = canonical_nan<float>();
    auto const one = bits_of<float>(std::array{largest<float>(), 1.0F, nan}, std::array{-largest<float>(), nan, 1.0F});
    CHECK(one.worst_index == 1);
    CHECK(difference_text(one) ==
          "3 of 3 differ; worst at [1]: got 1 (0x1p+0), expected nan (nan(0x7fc00000)), one is NaN");
    auto const both = bits_of<float>(std::array{nan, 0x1.000002p0F}, std::array{-nan, 1.0F});
    CHECK(both.worst_index == 1);
    auto const alone = bits_of<float>(std::array{1.0F, nan}, std::array{1.0F, -nan});
    CHECK(alone.worst_index == 1);
    CHECK(difference_text(alone) ==
          "1 of 2 differ; worst at [1]: got nan (nan(0x7fc00000)), expected nan (nan(0xffc00000)), both NaN");
}

TEST_CASE("compare: sizes first, and empty ranges agree", "[testing][comparison]") {
    auto const c = bits_of<double>(std::array{1.0, 2.0}, std::array{1.0});
    CHECK_FALSE(c.agree());
    CHECK(difference_text(c) == "sizes differ: got [2], expected [1]");
    CHECK(compare(std::span<float const>(), std::span<float const>(), same_bits{}).agree());
    auto const same = bits_of<double>(std::array{1.0, -0.0}, std::array{1.0, -0.0});
    CHECK(same.agree());
    CHECK(difference_text(same).empty());
}

TEST_CASE("distance_text: singular, plural, zeros and NaN", "[testing][comparison]") {
    CHECK(distance_text(1.0F, 0x1.000002p0F) == "1 ulp apart");
    CHECK(distance_text(0.0F, -0.0F) == "0 ulps apart");
    CHECK(distance_text(bfloat16(1.0), bfloat16(2.0)) == "128 ulps apart");
    CHECK(distance_text(canonical_nan<float>(), 1.0F) == "one is NaN");
    CHECK(distance_text(canonical_nan<float>(), canonical_nan<float>()) == "both NaN");
}
