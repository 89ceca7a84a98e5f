// SPDX-License-Identifier: BSL-1.0
#pragma once
// What the person at the keyboard can mend: one line on standard error, exit status 2.

#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace program {

/// what() is one line that names the thing and says what to do.
class user_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Text out of a file, fit for a message: in quotes, printable, at most 60 characters of it.
[[nodiscard]] inline std::string in_quotes(std::string_view text) {
    constexpr std::size_t most = 60;
    std::string result = "'";
    for (char const c : text.substr(0, most)) result += c > 0x1f && c < 0x7f ? c : '?';
    return result + (text.size() > most ? "...'" : "'");
}

/// "[3, 4]"
[[nodiscard]] inline std::string shape_text(std::span<std::size_t const> shape) {
    std::string text = "[";
    for (std::size_t k = 0; k < shape.size(); ++k) text += (k == 0 ? "" : ", ") + std::to_string(shape[k]);
    return text + ']';
}

}  // namespace program
