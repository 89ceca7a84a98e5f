// SPDX-License-Identifier: BSL-1.0
#include <lastbit/io/file.hpp>

#include "fixtures.hpp"

using namespace io_tests;
namespace detail = lastbit::io::detail;
using lastbit::io::format_error;

TEST_CASE("read_file: returns what write_file wrote", "[io][file]") {
    scratch_file const file("file_test.bin");
    for (std::size_t const size : {0u, 1u, 65535u, 65536u, 65537u, 1000000u}) {
        bytes content(size);
        for (std::size_t k = 0; k < size; ++k) content[k] = static_cast<std::byte>(k * 7919 >> 8);
        detail::write_file(file.path(), {std::span(content).first(size / 3), std::span(content).subspan(size / 3)});
        CHECK(detail::read_file(file.path()) == content);
    }
}

TEST_CASE("read_file: what cannot be opened or read is a format_error with the system's text", "[io][file]") {
    CHECK_THROWS_WITH(detail::read_file("no/such/file"), "no/such/file: cannot be opened: No such file or directory");
    CHECK_THROWS_AS(detail::read_file(std::filesystem::temp_directory_path().string()), format_error);
    CHECK_THROWS_AS(detail::write_file("no/such/file", {}), format_error);
}

TEST_CASE("write_file: a full device is an error", "[io][file]") {
    if (!std::filesystem::exists("/dev/full")) return;
    for (std::size_t const size : {1u, 100000u})  // one byte fails when the file is closed, many while they are written
        CHECK_THROWS_WITH(detail::write_file("/dev/full", {bytes(size)}), Catch::Contains("cannot be written"));
}

TEST_CASE("load_little: the least significant byte comes first", "[io][file]") {
    bytes const input = to_bytes("\x01\x02\x03\x84\x05\x06\x07\x88");
    CHECK(detail::load_little<std::uint16_t>(input) == 0x0201);
    CHECK(detail::load_little<std::uint32_t>(input) == 0x84030201);
    CHECK(detail::load_little<std::uint64_t>(input) == 0x8807060584030201);
}

TEST_CASE("swap_bytes: reverses each item", "[io][file]") {
    bytes data = to_bytes("abcdefgh");
    detail::swap_bytes(data, 4);
    CHECK(data == to_bytes("dcbahgfe"));
    detail::swap_bytes(data, 2);
    CHECK(data == to_bytes("cdabghef"));
}
