// SPDX-License-Identifier: BSL-1.0
#pragma once
// What goes wrong with files and bytes: which file, where in it, and what to do.

#include <lastbit/base/config.hpp>

#include <cstdint>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <utility>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// A file that cannot be opened, read, written or understood, or bytes in memory that cannot be. what() is
/// "FILE: offset N: TEXT", one printable line.
class format_error : public std::runtime_error {
public:
    /// @param file    the file, or what the caller calls the bytes
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

/// Throws the error; where exceptions are off, prints it and terminates.
#if LASTBIT_HAS_EXCEPTIONS
[[noreturn, gnu::cold, gnu::noinline]] inline void raise(format_error const& error) { throw error; }
#else
[[noreturn, gnu::cold, gnu::noinline]] inline void raise(format_error const& error) {
    std::fprintf(stderr, "lastbit: %s\n", error.what());
    std::terminate();
}
#endif

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
