// SPDX-License-Identifier: BSL-1.0
#pragma once
// Numbers held against expected ones, and what a person wants to read about the difference. Knows no test framework.

#include <lastbit/base/ulp.hpp>
#include <lastbit/testing/text.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <ranges>
#include <span>
#include <string>
#include <type_traits>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {

/// A contiguous range of numbers of one format. Examples: std::vector<float>, std::span<double const>,
/// std::array<bfloat16, 3>, float[4]. Counter-examples: std::list<float>, std::vector<int>.
template <class R>
concept number_range = std::ranges::contiguous_range<R> && std::ranges::sized_range<R> &&
    binary_format<std::remove_cv_t<std::ranges::range_value_t<R>>>;

/// The same bits: +0 is not -0, and a NaN is that NaN only.
struct same_bits {
    template <binary_format T>
    [[nodiscard]] constexpr bool operator()(T got, T expected) const noexcept {
        return to_bits(got) == to_bits(expected);
    }
};

/// At most so many steps apart, each to the next number of the format (ulp_distance): +0 is -0, and from the largest
/// finite number it is one step to the infinity. Two NaNs agree, whatever their bits; a NaN and a number never do.
struct within_steps {
    std::uint64_t limit;

    template <binary_format T>
    [[nodiscard]] constexpr bool operator()(T got, T expected) const noexcept {
        if (is_nan(got) || is_nan(expected)) return is_nan(got) && is_nan(expected);
        return ulp_distance(got, expected) <= limit;
    }
};

/// The outcome of a comparison. `worst_*` describe the first of the disagreeing elements that are farthest apart, where
/// a NaN beside a number counts as farther than any two numbers, and two NaNs as nearest.
template <binary_format T>
struct comparison {
    std::size_t got_size = 0;
    std::size_t expected_size = 0;
    std::size_t differing = 0;
    std::size_t worst_index = 0;
    T worst_got{};
    T worst_expected{};

    /// Sizes are equal and all elements agree.
    [[nodiscard]] bool agree() const noexcept { return got_size == expected_size && differing == 0; }
};

/// Compares element by element; if the sizes differ, nothing else is compared. O(1) an element, no allocation.
template <binary_format T, class Agree>
[[nodiscard]] comparison<T> compare(std::span<T const> got, std::span<T const> expected, Agree agree) {
    comparison<T> c{got.size(), expected.size()};
    if (got.size() != expected.size()) return c;
    std::uint64_t worst = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
        if (agree(got[i], expected[i])) continue;
        std::uint64_t const distance = is_nan(got[i]) && is_nan(expected[i]) ? 0 : ulp_distance(got[i], expected[i]);
        if (c.differing++ == 0 || distance > worst) {
            worst = distance;
            c.worst_index = i;
            c.worst_got = got[i];
            c.worst_expected = expected[i];
        }
    }
    return c;
}

/// "3 ulps apart", "1 ulp apart", or why there is no distance.
template <binary_format T>
[[nodiscard]] std::string distance_text(T a, T b) {
    if (is_nan(a) && is_nan(b)) return "both NaN";
    std::uint64_t const distance = ulp_distance(a, b);
    if (distance == unordered_distance) return "one is NaN";
    return std::to_string(distance) + (distance == 1 ? " ulp apart" : " ulps apart");
}

/// The difference in words, empty if there is none: sizes, how many elements disagree, the worst one with its index,
/// both values in decimal and in hexadecimal, their distance in ulps.
template <binary_format T>
[[nodiscard]] std::string difference_text(comparison<T> const& c) {
    if (c.got_size != c.expected_size)
        return "sizes differ: got [" + std::to_string(c.got_size) + "], expected [" + std::to_string(c.expected_size) +
               "]";
    if (c.differing == 0) return {};
    return std::to_string(c.differing) + " of " + std::to_string(c.got_size) + " differ; worst at [" +
           std::to_string(c.worst_index) + "]: got " + number_text(c.worst_got) + ", expected " +
           number_text(c.worst_expected) + ", " + distance_text(c.worst_got, c.worst_expected);
}

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
