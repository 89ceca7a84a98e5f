// SPDX-License-Identifier: BSL-1.0
#pragma once
// What goes wrong with files and bytes: the file, the offset, and what to do.

#include <lastbit/base/config.hpp>

#include <cstdint>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace io {

/// A file that cannot be opened, read, written or understood. what() is "FILE: offset N: TEXT", one printable line.
class format_error : public std::runtime_error {
public:
    /// @param offset  where in the file, in bytes; for a member of an archive, in the member's own bytes
    format_error(std::string file, std::uint64_t offset, std::string const& text)
        : std::runtime_error(file + ": offset " + std::to_string(offset) + ": " + text),
          file_(std::move(file)),
          offset_(offset) {}

    /// An error of the file as a whole: offset() is 0 and what() leaves it out.
    format_error(std::string file, std::string const& text)
        : std::runtime_error(file + ": " + text), file_(std::move(file)) {}

    [[nodiscard]] std::string const& file() const noexcept { return file_; }
    [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }

private:
    std::string file_;
    std::uint64_t offset_ = 0;
};

namespace detail {

#if LASTBIT_HAS_EXCEPTIONS
[[noreturn, gnu::cold, gnu::noinline]] inline void raise(format_error const& error) {
    throw error;
}
#else
[[noreturn, gnu::cold, gnu::noinline]] inline void raise(format_error const& error) {
    std::fprintf(stderr, "lastbit: %s\n", error.what());
    std::terminate();
}
#endif

/// Throws format_error; where exceptions are off, prints it and terminates.
[[noreturn, gnu::cold, gnu::noinline]] inline void fail(std::string file, std::uint64_t offset,
                                                        std::string const& text) {
    raise(format_error(std::move(file), offset, text));
}

[[noreturn, gnu::cold, gnu::noinline]] inline void fail(std::string file, std::string const& text) {
    raise(format_error(std::move(file), text));
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
