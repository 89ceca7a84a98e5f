// SPDX-License-Identifier: BSL-1.0
#pragma once
// The exact sum of a vector of floats, or of numbers as kernels store them.

#include <lastbit/oracle/buckets.hpp>

#include <concepts>
#include <ranges>
#include <span>
#include <type_traits>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace oracle {

/// A contiguous range of numbers of one of the four formats. Examples: std::vector<float>, std::span<double const>.
template <class Range>
concept float_range = std::ranges::contiguous_range<Range const> && std::ranges::sized_range<Range const> &&
    binary_format<std::remove_cv_t<std::ranges::range_value_t<Range const>>>;

/// A contiguous range of numbers that kernels store. Examples: std::vector<float>, std::span<float8_e4m3 const>,
/// std::vector<std::int8_t>.
template <class Range>
concept storage_range = std::ranges::contiguous_range<Range const> && std::ranges::sized_range<Range const> &&
    storage_format<std::remove_cv_t<std::ranges::range_value_t<Range const>>>;

/// A contiguous range of exact numbers. Example: std::vector<real>.
template <class Range>
concept real_range = std::ranges::contiguous_range<Range const> && std::ranges::sized_range<Range const> &&
    std::same_as<std::remove_cv_t<std::ranges::range_value_t<Range const>>, real>;

namespace detail {

/// A range as a span of const.
template <class Range>
    requires(storage_range<Range> || real_range<Range>)
[[nodiscard]] auto as_span(Range const& x) {
    using value_type = std::remove_cv_t<std::ranges::range_value_t<Range const>>;
    return std::span<value_type const>(std::ranges::data(x), std::ranges::size(x));
}

template <storage_format T>
[[nodiscard]] constexpr bool is_finite_number(T x) noexcept {
    if constexpr (binary_format<T>) return lastbit::is_finite(x);
    else if constexpr (std::integral<T>) return true;
    else return !kind_of(x).nan && !kind_of(x).infinite;
}

template <storage_format T>
[[nodiscard]] bool all_finite(std::span<T const> x) noexcept {
    for (T const element : x)
        if (!is_finite_number(element)) return false;
    return true;
}

/// Sum x_i, or sum |x_i|.
template <bool Absolutes, storage_format T>
[[nodiscard]] real sum_of(std::span<T const> x) {
    if (!all_finite(x)) {
        real total = real::zero(true);
        for (T const element : x) total += Absolutes ? real(element).abs() : real(element);
        return total;
    }
    return sum_of_terms(x.size(), [x](std::size_t i) {
        float_parts const parts = take_apart(x[i]);
        return term{!Absolutes && parts.negative, static_cast<wide_integer>(parts.significand), parts.exponent};
    });
}

}  // namespace detail

/// Sum x_i, exactly.
/// @param  x  [n], any n, in any storage_format
/// Error:     none
/// Special:   n = 0 -> +0; any NaN, or infinities of both signs -> NaN; an exact zero is +0 unless every term is -0
/// Cost:      two passes over x; memory for one 128-bit integer for each exponent that occurs
template <storage_range Range>
[[nodiscard]] real sum(Range const& x) {
    return detail::sum_of<false>(detail::as_span(x));
}

/// Sum x_i of exact numbers, exactly. Special: as for floats.
template <real_range Range>
[[nodiscard]] real sum(Range const& x) {
    std::span<real const> const terms = detail::as_span(x);
    real total = real::zero(!terms.empty());
    for (real const& element : terms) total += element;
    return total;
}

/// Sum |x_i|, exactly. Special: n = 0 -> +0; any NaN -> NaN.
template <storage_range Range>
[[nodiscard]] real sum_of_absolutes(Range const& x) {
    return detail::sum_of<true>(detail::as_span(x));
}

}  // namespace oracle
}  // namespace LASTBIT_ABI
}  // namespace lastbit
