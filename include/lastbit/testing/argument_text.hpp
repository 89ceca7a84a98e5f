// SPDX-License-Identifier: BSL-1.0
#pragma once
// What a failure says of the value that was tested: enough to recognise it, never a wall of numbers.

#include <lastbit/base/matrix_view.hpp>
#include <lastbit/quantify/number_format.hpp>
#include <lastbit/testing/text.hpp>

#include <concepts>
#include <cstddef>
#include <ranges>
#include <string>
#include <type_traits>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {
namespace detail {

/// Ranges of at most so many elements are printed whole.
inline constexpr std::size_t longest_printed_range = 8;

template <class X>
concept character = std::same_as<X, char> || std::same_as<X, wchar_t> || std::same_as<X, char8_t> ||
    std::same_as<X, char16_t> || std::same_as<X, char32_t>;

/// A range with a size that is no text. Examples: std::vector<float>, float[4]. Counter-example: std::string.
template <class X>
concept printed_range =
    std::ranges::sized_range<X const> && !character<std::remove_cv_t<std::ranges::range_value_t<X const>>>;

/// " float32"; empty for a type that is no storage format.
template <class T>
[[nodiscard]] std::string format_suffix() {
    if constexpr (quantify::stored_number<T>) return " " + std::string(quantify::name(quantify::number_format_of<T>));
    else return {};
}

/// A number in decimal, with the fewest digits that identify it in its own format.
template <quantify::stored_number T>
[[nodiscard]] std::string short_text(T const& x) {
    if constexpr (binary_format<T>) return decimal_text(x);
    else return decimal_text(quantify::load(quantify::number_format_of<T>, &x, 0));
}

template <class R>
[[nodiscard]] std::string range_text(R const& x) {
    using value = std::remove_cv_t<std::ranges::range_value_t<R const>>;
    auto const size = static_cast<std::size_t>(std::ranges::size(x));
    if (size > longest_printed_range)
        return std::string("[").append(std::to_string(size)).append("]").append(format_suffix<value>());
    std::string text;
    if constexpr (quantify::stored_number<value>) {
        text = "{";
        for (value const& element : x) text.append(text.size() == 1 ? " " : ", ").append(short_text(element));
        text.append(" }");
    }
    return text;
}

template <class T>
[[nodiscard]] std::string matrix_text(matrix_view<T> x) {
    return std::string("[")
        .append(std::to_string(x.rows()))
        .append(" x ")
        .append(std::to_string(x.cols()))
        .append("]")
        .append(format_suffix<std::remove_cv_t<T>>());
}

}  // namespace detail

/// A tested value in words: a number in decimal and hexadecimal, "{ 1, 2.5 }", "[1000000] float32" for a range of more
/// than eight elements, "[64 x 512] float32" for a matrix view. Empty for what a test framework prints as well.
template <class X>
[[nodiscard]] std::string argument_text(X const& x) {
    if constexpr (binary_format<X>) return number_text(x);
    else if constexpr (quantify::stored_number<X>) return detail::short_text(x);
    else if constexpr (requires { detail::matrix_text(x); }) return detail::matrix_text(x);
    else if constexpr (detail::printed_range<X>) return detail::range_text(x);
    else return {};
}

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
