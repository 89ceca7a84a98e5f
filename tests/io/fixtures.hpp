// SPDX-License-Identifier: BSL-1.0
#pragma once
// What the tests of io/ share: the fixtures of data/make.py and their values, files of the test's own, bytes changed in
// every place, and a limit on what one allocation may ask for. Included once in a program: it replaces operator new.

#include <lastbit/io/array.hpp>
#include <lastbit/io/file.hpp>

#include <catch2/catch.hpp>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <new>
#include <string>
#include <vector>

#include <unistd.h>

namespace io_tests {

inline std::atomic<std::size_t> allocation_limit = SIZE_MAX;

/// While it lives, a larger request throws std::bad_alloc, which no reader may let happen.
struct limited_allocations {
    explicit limited_allocations(std::size_t bytes) { allocation_limit = bytes; }
    ~limited_allocations() { allocation_limit = SIZE_MAX; }
};

inline void* allocate(std::size_t bytes) {
    if (bytes > allocation_limit) throw std::bad_alloc();
    void* const memory = std::malloc(bytes == 0 ? 1 : bytes);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}

using bytes = std::vector<std::byte>;

inline std::string fixture_path(std::string const& name) {
    return LASTBIT_IO_DATA + name;
}

inline bytes fixture(std::string const& name) {
    return lastbit::io::detail::read_file(fixture_path(name));
}

/// A file name of this process, removed at the end.
class scratch_file {
public:
    explicit scratch_file(std::string const& name)
        : path_((std::filesystem::temp_directory_path() / (std::to_string(getpid()) + "_" + name)).string()) {}
    ~scratch_file() {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }
    scratch_file(scratch_file const&) = delete;
    scratch_file& operator=(scratch_file const&) = delete;
    std::string const& path() const { return path_; }

private:
    std::string path_;
};

inline bytes to_bytes(std::string const& text) {
    auto const view = lastbit::io::detail::as_byte_span(text);
    return {view.begin(), view.end()};
}

/// The values that make.py writes: 1, -2, 3, ... for integers, a quarter of it for floats.
template <class T>
std::vector<T> expected(std::size_t count) {
    std::vector<T> result;
    for (std::size_t k = 0; k < count; ++k) {
        int const value = static_cast<int>(k % 2 == 0 ? k + 1 : ~k);
        if constexpr (std::is_integral_v<T>) result.push_back(value);
        else result.push_back(T(value / 4.0));
    }
    return result;
}

template <class T>
bool same_bits(std::span<T const> a, std::span<T const> b) {
    return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size_bytes()) == 0);
}

template <class T>
void check_values(lastbit::io::array const& array, std::vector<std::size_t> const& shape) {
    CAPTURE(array.source());
    CHECK(array.shape() == shape);
    REQUIRE(array.holds<T>());
    auto const values = expected<T>(array.size());
    CHECK(same_bits<T>(array.view<T>(), values));
}

/// Reads bytes that may be anything, with at most 4 MiB an allocation. True if they were accepted; a format_error is a
/// good answer, any other exception fails the test.
template <class Read>
bool accepts(bytes const& input, Read read) {
    // An exact allocation lets the address sanitizer see a read behind the end.
    bytes const exact(input.begin(), input.end());
    limited_allocations const limit(std::size_t{1} << 22);
    try {
        read(exact);
    } catch (lastbit::io::format_error const& error) {
        if (error.offset() > input.size() + (std::size_t{1} << 22)) FAIL("offset beyond the file: " << error.what());
        return false;
    }
    return true;
}

/// Each beginning of a valid file that is shorter than the file is refused.
template <class Read>
void check_truncations(bytes const& file, Read read) {
    REQUIRE(accepts(file, read));
    for (std::size_t size = 0; size < file.size(); ++size) {
        bytes const cut(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
        if (accepts(cut, read)) FAIL_CHECK("accepted after " << size << " of " << file.size() << " bytes");
    }
}

/// One byte changed, to any value, at each place: accepted or refused, nothing else. Returns how many were refused.
template <class Read>
std::size_t check_changes(bytes const& file, Read read, unsigned step = 1) {
    std::size_t refused = 0;
    for (std::size_t at = 0; at < file.size(); ++at) {
        bytes changed = file;
        for (unsigned difference = 1; difference < 256; difference += step) {
            changed[at] = file[at] ^ static_cast<std::byte>(difference);
            refused += accepts(changed, read) ? 0u : 1u;
        }
    }
    return refused;
}

/// The message of the format_error that `call` throws.
template <class Call>
std::string error_of(Call call) {
    limited_allocations const limit(std::size_t{1} << 22);
    try {
        call();
    } catch (lastbit::io::format_error const& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace io_tests

// Out of line, or GCC sees malloc on one side and delete on the other, and warns.
[[gnu::noinline]] void* operator new(std::size_t bytes) {
    return io_tests::allocate(bytes);
}
[[gnu::noinline]] void* operator new[](std::size_t bytes) {
    return io_tests::allocate(bytes);
}
[[gnu::noinline]] void* operator new(std::size_t bytes, std::nothrow_t const&) noexcept {
    return bytes > io_tests::allocation_limit ? nullptr : std::malloc(bytes == 0 ? 1 : bytes);
}
[[gnu::noinline]] void* operator new[](std::size_t bytes, std::nothrow_t const& tag) noexcept {
    return operator new(bytes, tag);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
    std::free(memory);
}
[[gnu::noinline]] void operator delete[](void* memory) noexcept {
    std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
[[gnu::noinline]] void operator delete[](void* memory, std::size_t) noexcept {
    std::free(memory);
}
