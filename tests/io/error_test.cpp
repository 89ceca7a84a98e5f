// SPDX-License-Identifier: BSL-1.0
#include <lastbit/io/error.hpp>

#include <catch2/catch.hpp>

namespace io = lastbit::io;

TEST_CASE("format_error: what() is file, offset and text", "[io][error]") {
    io::format_error const error("w.npz", 128, "descr '<f3' is not known");
    CHECK(std::string(error.what()) == "w.npz: offset 128: descr '<f3' is not known");
    CHECK(error.file() == "w.npz");
    CHECK(error.offset() == 128);
    static_assert(std::is_base_of_v<std::runtime_error, io::format_error>);
}

TEST_CASE("format_error: an error of the whole file has no offset in its text", "[io][error]") {
    io::format_error const error("w.npz", "cannot be opened");
    CHECK(std::string(error.what()) == "w.npz: cannot be opened");
    CHECK(error.offset() == 0);
}

TEST_CASE("format_error: text out of a file is printable and short in a message", "[io][error]") {
    CHECK(io::detail::quote("a b") == "'a b'");
    CHECK(io::detail::quote(std::string_view("\x1b[0m\0\xff", 6)) == "'\\x1b[0m\\x00\\xff'");
    CHECK(io::detail::quote(std::string(1000, 'a')) == "'" + std::string(60, 'a') + "...'");
}
