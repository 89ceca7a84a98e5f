// SPDX-License-Identifier: BSL-1.0
#pragma once
// Errors of files: format_error under the name of io/, and text out of a file, fit for its messages.

#include <lastbit/base/format_error.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace io {

/// A file that cannot be opened, read, written or understood: the class of base/format_error.hpp.
using lastbit::format_error;

namespace detail {

/// Throws format_error; where exceptions are off, prints it and terminates.
[[noreturn, gnu::cold, gnu::noinline]] inline void fail(std::string file, std::uint64_t offset,
                                                        std::string const& text) {
    lastbit::detail::raise(format_error(std::move(file), offset, text));
}

[[noreturn, gnu::cold, gnu::noinline]] inline void fail(std::string file, std::string const& text) {
    lastbit::detail::raise(format_error(std::move(file), text));
}

/// Text out of a file, fit for a message: in quotes, printable, at most 60 characters of it.
[[nodiscard]] inline std::string quote(std::string_view text) {
    constexpr std::size_t most = 60;
    constexpr char const* digits = "0123456789abcdef";
    std::string result = "'";
    for (char const c : text.substr(0, most)) {
        auto const byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte < 0x7f) result += c;
        else result += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
    }
    return result + (text.size() > most ? "...'" : "'");
}

}  // namespace detail
}  // namespace io
}  // namespace LASTBIT_ABI
}  // namespace lastbit
