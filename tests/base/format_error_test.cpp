// SPDX-License-Identifier: BSL-1.0
#include <lastbit/base/format_error.hpp>

#include <catch2/catch.hpp>

using lastbit::format_error;

TEST_CASE("format_error: what() is file, offset and text", "[base][format_error]") {
    format_error const error("w.npz", 128, "descr '<f3' is not known");
    CHECK(std::string(error.what()) == "w.npz: offset 128: descr '<f3' is not known");
    CHECK(error.file() == "w.npz");
    CHECK(error.offset() == 128);
    static_assert(std::is_base_of_v<std::runtime_error, format_error>);
}

TEST_CASE("format_error: an error of the whole file has no offset in its text", "[base][format_error]") {
    format_error const error("w.npz", "cannot be opened");
    CHECK(std::string(error.what()) == "w.npz: cannot be opened");
    CHECK(error.file() == "w.npz");
    CHECK(error.offset() == 0);
}

TEST_CASE("raise: throws the error as it is", "[base][format_error]") {
    CHECK_THROWS_AS(lastbit::detail::raise(format_error("f", 3, "text")), format_error);
    CHECK_THROWS_WITH(lastbit::detail::raise(format_error("f", 3, "text")), "f: offset 3: text");
}
