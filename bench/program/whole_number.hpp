// SPDX-License-Identifier: BSL-1.0
#pragma once
// Whole numbers as they are typed: read as text, since what converts them elsewhere may clamp them in silence.

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace program {

/// The number that the text is, digits only, if it is below 2^64.
[[nodiscard]] inline std::optional<std::uint64_t> whole_number(std::string_view text) {
    std::uint64_t value = 0;
    char const* const end = text.data() + text.size();
    auto const found = std::from_chars(text.data(), end, value);
    if (text.empty() || found.ec != std::errc() || found.ptr != end) return std::nullopt;
    return value;
}

}  // namespace program
