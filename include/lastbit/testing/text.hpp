// SPDX-License-Identifier: BSL-1.0
#pragma once
// Numbers as text that identifies them: the shortest decimal and the exact hexadecimal form.

#include <lastbit/base/bfloat16.hpp>
#include <lastbit/base/float16.hpp>

#include <array>
#include <charconv>
#include <string>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {
namespace detail {

/// "nan", "inf" or "-inf"; empty for a finite number.
template <binary_format T>
[[nodiscard]] std::string special_text(T x) {
    if (is_nan(x)) return "nan";
    if (is_inf(x)) return is_negative(x) ? "-inf" : "inf";
    return {};
}

/// std::to_chars(x, arguments...) as a string.
template <class Number, class... Arguments>
[[nodiscard]] std::string characters(Number x, Arguments... arguments) {
    std::array<char, 64> buffer;  // the longest: 17 digits, a sign, a point, an exponent
    auto const result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), x, arguments...);
    return {buffer.data(), result.ptr};
}

/// True if the text, read as a double and rounded to T, is x.
template <binary_format T>
[[nodiscard]] bool identifies(std::string const& text, T x) {
    double read = 0;
    std::from_chars(text.data(), text.data() + text.size(), read);
    return to_bits(lastbit::detail::convert<T>(read)) == to_bits(x);
}

}  // namespace detail

/// x in decimal with the fewest digits that identify it among the numbers of its own format: "0.1", "1e+30", "-0".
/// Special: "inf", "-inf"; "nan" for every NaN.
template <binary_format T>
[[nodiscard]] std::string decimal_text(T x) {
    if (std::string special = detail::special_text(x); !special.empty()) return special;
    if constexpr (native_format<T>) {
        return detail::characters(x);
    } else {
        double const wide = lastbit::detail::convert<double>(x);
        for (int digits = 1; digits < 6; ++digits) {
            std::string text = detail::characters(wide, std::chars_format::general, digits);
            if (detail::identifies(text, x)) return text;
        }
        return detail::characters(wide);
    }
}

/// x exactly, as a C hexadecimal literal: "-0x1.8p+3", "0x0p+0".
/// Special: "inf", "-inf"; a NaN with its bits: "nan(0x7fc00000)".
template <binary_format T>
[[nodiscard]] std::string hexadecimal_text(T x) {
    if (is_nan(x)) return "nan(0x" + detail::characters(std::uint64_t{to_bits(x)}, 16) + ")";
    if (std::string special = detail::special_text(x); !special.empty()) return special;
    double const magnitude = lastbit::detail::convert<double>(absolute(x));
    return (is_negative(x) ? "-0x" : "0x") + detail::characters(magnitude, std::chars_format::hex);
}

/// Both: "0.1 (0x1.999999999999ap-4)".
template <binary_format T>
[[nodiscard]] std::string number_text(T x) {
    return decimal_text(x) + " (" + hexadecimal_text(x) + ")";
}

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
