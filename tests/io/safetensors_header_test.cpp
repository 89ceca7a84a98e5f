// SPDX-License-Identifier: BSL-1.0
#include <lastbit/io/safetensors_header.hpp>

#include <lastbit/io/safetensors.hpp>

#include "fixtures.hpp"

using namespace io_tests;
namespace io = lastbit::io;

namespace {

bytes with_header(std::string const& header, std::size_t data, std::uint64_t length = UINT64_MAX) {
    if (length == UINT64_MAX) length = header.size();
    std::string text;
    for (std::size_t k = 0; k < 8; ++k) text += static_cast<char>((length >> (8 * k)) & 0xff);
    return to_bytes(text + header + std::string(data, '\0'));
}

std::string error(bytes const& file) {
    return error_of([&] { static_cast<void>(io::read_safetensors(file, "m.safetensors")); });
}

std::string error(std::string const& header, std::size_t data = 0) {
    return error(with_header(header, data));
}

/// One tensor "a" with these fields.
std::string tensor(std::string const& dtype, std::string const& shape, std::string const& offsets) {
    return R"({"a":{"dtype":)" + dtype + R"(,"shape":)" + shape + R"(,"data_offsets":)" + offsets + "}}";
}

bool contains(std::string const& text, std::string const& part) {
    UNSCOPED_INFO(text);
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("safetensors header: what the format allows is read", "[io][safetensors]") {
    CHECK(error("{}") == "no error");
    CHECK(error("{}      ") == "no error");
    CHECK(error(tensor("\"F32\"", "[2]", "[0,8]"), 8) == "no error");
    CHECK(error(tensor("\"F32\"", "[]", "[0,4]"), 4) == "no error");
    CHECK(error(tensor("\"F32\"", "[0,7]", "[0,0]")) == "no error");
    CHECK(error(tensor("\"F4\"", "[4]", "[0,2]"), 2) == "no error");
    CHECK(error(R"({"__metadata__":{},"a":{"data_offsets":[0,2],"shape":[1],"dtype":"BF16"}})", 2) == "no error");
    CHECK(error("{\"\\u00e9\xc3\xa9\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[0,2]}}", 2) == "no error");
}

TEST_CASE("safetensors header: its length is held against the limit and the file", "[io][safetensors]") {
    CHECK(contains(error(with_header("{}", 0, 100'000'001)),
                   "the header claims 100000001 bytes; the limit is 100000000"));
    CHECK(contains(error(with_header("{}", 0, 100'000'000)), "the header ends at byte 100000008, the file before it"));
    CHECK(contains(error(with_header("{}", 0, UINT64_MAX - 7)), "the limit is"));
    CHECK(contains(error(with_header("{}", 0, 3)), "offset 10: the header ends at byte 11"));
    CHECK(contains(error(with_header("{}", 0, 0)), "does not start with {"));
    CHECK(contains(error(to_bytes("1234567")), "ends before the length"));
}

TEST_CASE("safetensors header: it is a JSON object in UTF-8 and starts with {", "[io][safetensors]") {
    CHECK(contains(error(" {}"), "does not start with {"));
    CHECK(contains(error("\xef\xbb\xbf{}"), "does not start with {"));
    CHECK(contains(error("[]"), "does not start with {"));
    for (auto const* header :
         {"{", "{}x", "{}{}", "{} {}", "{\"a\"}", "{a:1}", "{'a':1}", "{,}", "{\"a\":}", "{/**/}", "{\"\x80\":1}",
          "{\"\xc0\x80\":1}", "{\"\xed\xa0\x80\":1}", "{\"\\ud800\":1}", "{\"\n\":1}"})
        CHECK(contains(error(header), "not valid JSON"));
    CHECK(contains(error(std::string("{}\0", 3)), "offset 10: header: a zero byte"));
    CHECK(contains(error(std::string("{}\0junk", 7)), "a zero byte"));
}

TEST_CASE("safetensors header: a name or a key that comes twice is refused", "[io][safetensors]") {
    std::string const entry = R"("a":{"dtype":"F16","shape":[0],"data_offsets":[0,0]})";
    CHECK(error("{" + entry + "}") == "no error");
    CHECK(contains(error("{" + entry + "," + entry + "}"), "'a': the name comes twice"));
    CHECK(contains(error(R"({"__metadata__":{},"__metadata__":{}})"), "the name comes twice"));
    CHECK(contains(error(R"({"__metadata__":{"k":"1","k":"2"}})"), "'k': the key comes twice"));
    CHECK(contains(error(R"({"a":{"dtype":"F16","dtype":"F16","shape":[0],"data_offsets":[0,0]}})"),
                   "'dtype': the key comes twice"));
}

TEST_CASE("safetensors header: each value is of the kind that the format says", "[io][safetensors]") {
    for (std::string const value : {"null", "true", "1", "-1", "1.5", "\"x\"", "[]", "{}", "[[0]]", "[{}]"}) {
        CAPTURE(value);
        CHECK(error("{\"a\":" + value + "}") != "no error");
        CHECK(error(tensor(value, "[0]", "[0,0]")) != "no error");
        if (value != "[]") CHECK(error(tensor("\"F32\"", value, "[0,0]")) != "no error");
        CHECK(error(tensor("\"F32\"", "[0]", value)) != "no error");
        if (value != "{}") CHECK(error("{\"__metadata__\":" + value + "}") != "no error");
        if (value != "\"x\"") CHECK(error("{\"__metadata__\":{\"k\":" + value + "}}") != "no error");
    }
    CHECK(contains(error(R"({"a":{"dtype":"F32","shape":[0]}})"), "is missing"));
    CHECK(contains(error(R"({"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0],"more":0}})"),
                   "'more': the key is not known"));
    CHECK(error("{\"a\":" + std::string(100000, '[') + std::string(100000, ']') + "}") != "no error");
    std::string deep;
    for (int k = 0; k < 100000; ++k) deep += "{\"a\":";
    CHECK(error(deep) != "no error");
}

TEST_CASE("safetensors header: numbers are plain and not too large", "[io][safetensors]") {
    for (std::string const number :
         {"-1", "-0", "1.0", "1e1", "18446744073709551616", "1e999", "9223372036854775808"}) {
        CAPTURE(number);
        CHECK(error(tensor("\"F32\"", "[" + number + "]", "[0,4]"), 4) != "no error");
        CHECK(error(tensor("\"F32\"", "[1]", "[" + number + ",4]"), 4) != "no error");
        CHECK(error(tensor("\"F32\"", "[1]", "[0," + number + "]"), 4) != "no error");
    }
    for (std::string const shape : {"[4294967296,4294967296]", "[4294967296,4294967296,0]", "[2305843009213693952]"})
        CHECK(contains(error(tensor("\"F32\"", shape, "[0,0]")), "is too large"));
    CHECK(contains(error(tensor("\"F32\"", "[1]", "[0,18446744073709551615]"), 4),
                   "data_offsets span 18446744073709551615"));
}

TEST_CASE("safetensors header: a dtype that is not known is named", "[io][safetensors]") {
    CHECK(error(tensor("\"F33\"", "[1]", "[0,4]"), 4) ==
          "m.safetensors: offset 8: header: tensor 'a': dtype 'F33' is not known; store the tensor as F32 or F64");
    CHECK(error(tensor("\"f32\"", "[1]", "[0,4]"), 4) != "no error");
    CHECK(error(tensor("\"\"", "[1]", "[0,4]"), 4) != "no error");
}

TEST_CASE("safetensors header: offsets fit the shape and cover the data once", "[io][safetensors]") {
    CHECK(contains(error(tensor("\"F32\"", "[1]", "[4,0]"), 4), "end before they begin"));
    CHECK(contains(error(tensor("\"F32\"", "[1]", "[0,3]"), 4), "needs 4 bytes, data_offsets span 3"));
    CHECK(contains(error(tensor("\"F4\"", "[3]", "[0,1]"), 1), "needs 1 bytes"));
    CHECK(contains(error(tensor("\"F32\"", "[1]", "[0]"), 4), "are not two numbers"));
    CHECK(contains(error(tensor("\"F32\"", "[1]", "[0,4,8]"), 4), "are not two numbers"));
    CHECK(contains(error(tensor("\"F32\"", "[1]", "[4,8]"), 8), "begin at 4, the tensor before it ends at 0"));
    CHECK(contains(error(tensor("\"F32\"", "[1]", "[0,4]"), 3), "the tensors need 4 bytes of data, the file has 3"));
    CHECK(contains(error(tensor("\"F32\"", "[1]", "[0,4]"), 5), "1 bytes of data belong to no tensor"));
    CHECK(contains(error("{}", 1), "1 bytes of data belong to no tensor"));
    auto const two = [](std::string const& first, std::string const& second) {
        return R"({"a":{"dtype":"F32","shape":[2],"data_offsets":)" + first +
               R"(},"b":{"dtype":"F32","shape":[1],"data_offsets":)" + second + "}}";
    };
    CHECK(error(two("[0,8]", "[8,12]"), 12) == "no error");
    CHECK(error(two("[4,12]", "[0,4]"), 12) == "no error");
    CHECK(contains(error(two("[0,8]", "[4,8]"), 8), "'b': data_offsets begin at 4, the tensor before it ends at 8"));
    CHECK(contains(error(two("[0,8]", "[0,4]"), 8), "'a': data_offsets begin at 0, the tensor before it ends at 4"));
    CHECK(contains(error(two("[0,8]", "[12,16]"), 16), "begin at 12, the tensor before it ends at 8"));
}
