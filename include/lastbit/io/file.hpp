// SPDX-License-Identifier: BSL-1.0
#pragma once
// Whole files in and out, and integers out of bytes. Errors of the system become format_error with the system's text.

#include <lastbit/io/error.hpp>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <initializer_list>
#include <limits>
#include <memory>
#include <span>
#include <vector>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace io {
namespace detail {

static_assert(std::endian::native == std::endian::little || std::endian::native == std::endian::big,
              "lastbit: mixed-endian machines are not supported");

struct file_closer {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
using file_handle = std::unique_ptr<std::FILE, file_closer>;

[[nodiscard]] inline file_handle open_file(std::string const& path, char const* mode) {
    file_handle file(std::fopen(path.c_str(), mode));
    if (!file) fail(path, std::string("cannot be opened: ") + std::strerror(errno));
    return file;
}

/// Appends at most `count` bytes of the file to `bytes`, in steps that double, so that memory follows what is there.
inline void read_some(std::FILE* file, std::string const& path, std::size_t count, std::vector<std::byte>& bytes) {
    std::size_t step = std::size_t{1} << 16;
    while (count > 0) {
        std::size_t const want = std::min(step, count);
        std::size_t const before = bytes.size();
        bytes.resize(before + want);
        std::size_t const got = std::fread(bytes.data() + before, 1, want, file);
        bytes.resize(before + got);
        if (got < want) {
            if (std::ferror(file) != 0)
                fail(path, bytes.size(), std::string("cannot be read: ") + std::strerror(errno));
            return;
        }
        count -= got;
        step = std::min(step * 2, std::size_t{1} << 26);
    }
}

[[nodiscard]] inline std::vector<std::byte> read_file(std::string const& path) {
    file_handle const file = open_file(path, "rb");
    std::vector<std::byte> bytes;
    if (std::fseek(file.get(), 0, SEEK_END) == 0) {  // a pipe has no size and is read as it comes
        long const size = std::ftell(file.get());
        std::rewind(file.get());
        // A directory claims 2^63 - 1 bytes here and fails at the first read.
        if (size > 0 && size < std::numeric_limits<long>::max()) bytes.reserve(static_cast<std::size_t>(size));
    }
    read_some(file.get(), path, std::numeric_limits<std::size_t>::max(), bytes);
    return bytes;
}

/// Replaces the file by the parts, one after the other.
inline void write_file(std::string const& path, std::initializer_list<std::span<std::byte const>> parts) {
    file_handle file = open_file(path, "wb");
    std::uint64_t written = 0;
    bool good = true;
    for (auto const part : parts) {
        std::size_t const count = part.empty() ? 0 : std::fwrite(part.data(), 1, part.size(), file.get());
        written += count;
        good = good && count == part.size();
        if (!good) break;
    }
    good = std::fclose(file.release()) == 0 && good;
    if (!good) fail(path, written, std::string("cannot be written: ") + std::strerror(errno));
}

/// The unsigned integer in the first sizeof(Unsigned) bytes, least significant first.
template <class Unsigned>
[[nodiscard]] Unsigned load_little(std::span<std::byte const> bytes) noexcept {
    Unsigned value = 0;
    for (std::size_t k = sizeof(Unsigned); k-- > 0;)
        value = static_cast<Unsigned>((value << (sizeof(Unsigned) > 1 ? 8 : 0)) | std::to_integer<Unsigned>(bytes[k]));
    return value;
}

/// Reverses the bytes of each item.
inline void swap_bytes(std::span<std::byte> bytes, std::size_t item) noexcept {
    for (std::size_t k = 0; k + item <= bytes.size(); k += item)
        std::reverse(bytes.data() + k, bytes.data() + k + item);
}

[[nodiscard]] inline std::span<std::byte const> as_byte_span(std::string const& text) noexcept {
    return {reinterpret_cast<std::byte const*>(text.data()), text.size()};
}

}  // namespace detail
}  // namespace io
}  // namespace LASTBIT_ABI
}  // namespace lastbit
