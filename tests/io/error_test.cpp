// SPDX-License-Identifier: BSL-1.0
#include <lastbit/io/error.hpp>

#include <catch2/catch.hpp>

namespace io = lastbit::io;

TEST_CASE("format_error: one class under two names", "[io][error]") {
    static_assert(std::is_same_v<io::format_error, lastbit::format_error>);
    CHECK_THROWS_AS(io::detail::fail("w.npz", "cannot be opened"), lastbit::format_error);
}

TEST_CASE("fail: what() is file, offset and text", "[io][error]") {
    CHECK_THROWS_WITH(io::detail::fail("w.npz", 128, "text"), "w.npz: offset 128: text");
    CHECK_THROWS_WITH(io::detail::fail("w.npz", "cannot be opened"), "w.npz: cannot be opened");
}

TEST_CASE("quote: text out of a file is printable and short in a message", "[io][error]") {
    CHECK(io::detail::quote("a b") == "'a b'");
    CHECK(io::detail::quote(std::string_view("\x1b[0m\0\xff", 6)) == "'\\x1b[0m\\x00\\xff'");
    CHECK(io::detail::quote(std::string(1000, 'a')) == "'" + std::string(60, 'a') + "...'");
}
