// SPDX-License-Identifier: BSL-1.0
#include <lastbit/io/npy_header.hpp>

#include "fixtures.hpp"

using namespace io_tests;
namespace io = lastbit::io;

namespace {

/// A header of that version around a dict; `length` may lie.
bytes with_dict(std::string const& dict, int version = 1, std::size_t length = SIZE_MAX) {
    if (length == SIZE_MAX) length = dict.size();
    std::string text = "\x93NUMPY";
    text += {static_cast<char>(version), '\0'};
    for (std::size_t k = 0; k < (version == 1 ? 2u : 4u); ++k) text += static_cast<char>((length >> (8 * k)) & 0xff);
    return to_bytes(text + dict);
}

io::npy_header parse(std::string const& dict, int version = 1) {
    return io::parse_npy_header(with_dict(dict, version), "x.npy");
}

std::string error(std::string const& dict, int version = 1) {
    return error_of([&] { static_cast<void>(parse(dict, version)); });
}

using shape = std::vector<std::size_t>;

}  // namespace

TEST_CASE("parse_npy_header: every spelling of the dict that Python reads alike", "[io][npy]") {
    for (auto const* dict : {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }  \n",
                             "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}",
                             "{\"descr\":\"<f4\",\"shape\":(2,3,),\"fortran_order\":False}\n",
                             " { 'shape'\n:\t( 2 , 3 ) , 'fortran_order' :False,\r\n'descr' : '<f4' , } ",
                             "{'shape': (2L, 3L), 'fortran_order': False, 'descr': '<f4'}"}) {
        auto const header = parse(dict);
        CHECK(header.shape == shape{2, 3});
        CHECK(header.type == io::dtype::float32);
        CHECK(header.endian == std::endian::little);
        CHECK_FALSE(header.fortran_order);
        CHECK(header.data_bytes == 24);
        CHECK(header.data_offset == 10 + std::string_view(dict).size());
    }
}

TEST_CASE("parse_npy_header: versions 1, 2 and 3, and no other", "[io][npy]") {
    std::string const dict = "{'descr': '<f4', 'fortran_order': True, 'shape': (5,), }";
    CHECK(parse(dict, 1).data_offset == 10 + dict.size());
    CHECK(parse(dict, 2).data_offset == 12 + dict.size());
    CHECK(parse(dict, 3).data_offset == 12 + dict.size());
    CHECK(parse(dict, 3).fortran_order);
    CHECK(error(dict, 4).find("offset 6: version 4.0 is not known") != std::string::npos);
    CHECK(error(dict, 0).find("version 0.0 is not known") != std::string::npos);
    // NumPy drops Python 2's suffix in the versions that Python 2 wrote.
    std::string const suffix = "{'descr': '<f4', 'fortran_order': True, 'shape': (5L,), }";
    CHECK(parse(suffix, 2).shape == shape{5});
    CHECK(error(suffix, 3) != "no error");
}

TEST_CASE("parse_npy_header: the dtypes and byte orders", "[io][npy]") {
    auto const of = [](std::string const& descr) {
        return parse("{'descr': '" + descr + "', 'fortran_order': False, 'shape': ()}");
    };
    CHECK(of("<f2").type == io::dtype::float16);
    CHECK(of(">f8").type == io::dtype::float64);
    CHECK(of("=i4").type == io::dtype::int32);
    CHECK(of("|i8").type == io::dtype::int64);
    CHECK(of(">f8").endian == std::endian::big);
    CHECK(of("<f8").endian == std::endian::little);
    CHECK(of("=f8").endian == std::endian::native);
    CHECK(of("|f8").endian == std::endian::native);
    CHECK(of("f8").endian == std::endian::native);
    CHECK(of("f8").data_bytes == 8);
}

TEST_CASE("parse_npy_header: a type that is not served is named, with what to do", "[io][npy]") {
    auto const of = [](std::string const& descr) {
        return error("{'descr': " + descr + ", 'fortran_order': False, 'shape': ()}");
    };
    CHECK(of("'<f3'") ==
          "x.npy: offset 20: header: descr '<f3' is not a known dtype; known are f2, f4, f8, i4, i8; save "
          ".astype('float64') or another");
    CHECK(of("'|O'").find("Python objects") != std::string::npos);
    CHECK(of("'<V2'").find("bfloat16") != std::string::npos);
    CHECK(of("[('a', '<f4')]").find("structured") != std::string::npos);
    for (auto const* descr :
         {"'|u1'", "'<c8'", "'<f16'", "'<<f4'", "''", "'<'", "'<f4 '", "f4", "None", "'\\x3cf4'", "u'<f4'"})
        CHECK(of(descr) != "no error");
}

TEST_CASE("parse_npy_header: what is not such a dict is refused", "[io][npy]") {
    std::string const d = "'descr': '<f4'", f = "'fortran_order': False", s = "'shape': (2,)";
    REQUIRE(error("{" + d + "," + f + "," + s + "}") == "no error");
    for (std::string const& dict :
         {std::string(), std::string("{"), std::string("{}"), "{" + d + "," + f + "}", "{" + d + "," + s + "}",
          "{" + f + "," + s + "}", "{" + d + "," + f + "," + s, "{" + d + "," + f + "," + s + ",,}",
          "{," + d + "," + f + "," + s + "}", "{" + d + f + s + "}", "{" + d + "," + f + "," + s + "} x",
          "{" + d + "," + f + "," + s + "}" + std::string(1, '\0'), "{" + d + "," + d + "," + f + "," + s + "}",
          "{" + d + "," + f + "," + s + ",'more': 1}", "[" + d + "," + f + "," + s + "]",
          "{" + d + ",'fortran_order': 0," + s + "}", "{" + d + ",'fortran_order': Falsely," + s + "}",
          "{'descr: '<f4'," + f + "," + s + "}", "{'descr' '<f4'," + f + "," + s + "}"})
        CHECK(error(dict) != "no error");
}

TEST_CASE("parse_npy_header: a shape is a tuple of small enough integers", "[io][npy]") {
    auto const of = [](std::string const& text) {
        return error("{'descr': '<f4', 'fortran_order': False, 'shape': " + text + "}");
    };
    for (auto const* text : {"()", "(1,)", "(0,)", "(1, 2)", "(1,2,)", "( 1 , )", "(9223372036854775807, 0)"}) {
        CAPTURE(text);
        CHECK((of(text) == "no error") == (std::string_view(text).find("9223") == std::string_view::npos));
    }
    CHECK(of("(2305843009213693951,)") == "no error");  // 2^61 - 1 floats are less than 2^63 bytes
    CHECK(of("(2305843009213693952,)").find("is too large") != std::string::npos);
    for (auto const* text : {"(1)",
                             "1",
                             "[1]",
                             "(,)",
                             "(1,,2)",
                             "(1 2)",
                             "(-1,)",
                             "(+1,)",
                             "(1.0,)",
                             "(1e3,)",
                             "(0x10,)",
                             "(01,)",
                             "(1_0,)",
                             "(None,)",
                             "((1,),)",
                             "(1,",
                             "(",
                             "(9223372036854775808,)",
                             "(18446744073709551616,)",
                             "(18446744073709551617,)",
                             "(99999999999999999999999999999999999999999,)",
                             "(4294967296, 4294967296)",
                             "(4294967296, 4294967296, 0)"})
        CHECK(of(text) != "no error");
}

TEST_CASE("parse_npy_header: a length that lies is refused before memory is asked for", "[io][npy]") {
    std::string const dict = "{'descr': '<f4', 'fortran_order': False, 'shape': ()}";
    auto const of = [&](int version, std::size_t length) {
        return error_of([&] { static_cast<void>(io::parse_npy_header(with_dict(dict, version, length), "x.npy")); });
    };
    CHECK(of(1, 65535).find("the header ends at byte 65545") != std::string::npos);
    CHECK(of(2, 0xffffffff).find("the header claims 4294967295 bytes; the limit is 1048576") != std::string::npos);
    CHECK(of(2, io::max_npy_header).find("the header ends at byte") != std::string::npos);
    CHECK(of(1, dict.size() - 1) != "no error");
    CHECK(of(1, 0) != "no error");
}

TEST_CASE("read_npy_header: reads the header only, however large the array is", "[io][npy]") {
    scratch_file const file("npy_header_test.npy");
    auto const head = with_dict("{'descr': '>i8', 'fortran_order': False, 'shape': (1000000000000,)}", 2);
    io::detail::write_file(file.path(), {head});
    auto const header = io::read_npy_header(file.path());
    CHECK(header.shape == shape{1000000000000});
    CHECK(header.data_bytes == 8000000000000);
    CHECK(header.data_offset == head.size());
    io::detail::write_file(file.path(), {std::span(head).first(head.size() - 1)});
    CHECK_THROWS_AS(io::read_npy_header(file.path()), io::format_error);
    CHECK_THROWS_AS(io::read_npy_header(file.path() + ".none"), io::format_error);
    CHECK(io::read_npy_header(fixture_path("v3.npy")).data_offset == 128);
}
