// SPDX-License-Identifier: BSL-1.0
#include <lastbit/io/safetensors.hpp>

#include "fixtures.hpp"

using namespace io_tests;
namespace io = lastbit::io;

namespace {

void read_bytes(bytes const& input) {
    static_cast<void>(io::read_safetensors(input, "m.safetensors"));
}

template <class T>
void add(io::safetensors& content, std::string const& name, std::vector<std::size_t> const& shape, std::size_t count) {
    auto const values = expected<T>(count);
    auto const view = std::as_bytes(std::span(values));
    content.tensors.emplace(name, io::array(io::dtype_of<T>, shape, {view.begin(), view.end()}, name));
}

}  // namespace

TEST_CASE("read_safetensors: a file of the reference writer in every dtype", "[io][safetensors]") {
    auto const file = io::read_safetensors(fixture_path("all.safetensors"));
    check_values<double>(file.at("f64"), {2, 3});
    check_values<float>(file.at("f32"), {2, 3});
    check_values<lastbit::float16>(file.at("f16"), {2, 3});
    check_values<lastbit::bfloat16>(file.at("bf16"), {2, 3});
    check_values<std::int64_t>(file.at("i64"), {2, 3});
    check_values<std::int32_t>(file.at("i32"), {2, 3});
    check_values<float>(file.at("scalar"), {});
    check_values<float>(file.at("empty"), {0, 3});
    CHECK(file.tensors.size() == 8);
    CHECK(file.metadata.size() == 2);
    CHECK(file.metadata.at("activation") == "relu");
    CHECK(file.metadata.at("unicode") == "\xc3\xa9");
}

TEST_CASE("safetensors: at() names what is not there or cannot be read", "[io][safetensors]") {
    auto const file = io::read_safetensors(fixture("all.safetensors"), "m.safetensors");
    CHECK(file.unsupported.at("u8") == "U8");
    CHECK_THROWS_WITH(file.at("u8"), "m.safetensors: tensor 'u8' is U8, which cannot be read; store it as F32 or F64");
    CHECK_THROWS_WITH(file.at("none"),
                      Catch::StartsWith("m.safetensors: tensor 'none' is not there; there are 'bf16', "));
}

TEST_CASE("safetensors_bytes: the bytes of the reference writer", "[io][safetensors]") {
    io::safetensors content;
    add<float>(content, "b", {3}, 3);
    add<double>(content, "a", {2}, 2);
    content.metadata.emplace("k", "v");
    CHECK(io::safetensors_bytes(content) == fixture("plain.safetensors"));
}

TEST_CASE("write_safetensors: read_safetensors returns what it wrote", "[io][safetensors]") {
    scratch_file const file("safetensors_test.safetensors");
    io::safetensors content;
    add<double>(content, "z", {4}, 4);
    add<float>(content, "quote \" and \\ \xc3\xa9", {2, 0}, 0);
    add<lastbit::bfloat16>(content, "", {1, 3}, 3);
    add<lastbit::float16>(content, "h", {}, 1);
    add<std::int64_t>(content, "n", {3, 2, 1}, 6);
    add<std::int32_t>(content, "m", {5}, 5);
    for (auto const& [key, value] : std::map<std::string, std::string>{{"", ""}, {"a\n", "\"b\""}})
        content.metadata.emplace(key, value);
    io::write_safetensors(file.path(), content);
    auto const back = io::read_safetensors(file.path());
    CHECK(back.metadata == content.metadata);
    REQUIRE(back.tensors.size() == content.tensors.size());
    for (auto const& [name, tensor] : content.tensors) {
        CHECK(back.at(name).type() == tensor.type());
        CHECK(back.at(name).shape() == tensor.shape());
        CHECK(same_bits(back.at(name).bytes(), tensor.bytes()));
    }
    CHECK(io::detail::load_little<std::uint64_t>(io::safetensors_bytes(content)) % 8 == 0);
    io::write_safetensors(file.path(), {});
    CHECK(io::read_safetensors(file.path()).tensors.empty());
}

TEST_CASE("write_safetensors: what it cannot write is a broken contract, a bad path an error", "[io][safetensors]") {
    io::safetensors content;
    add<float>(content, "__metadata__", {1}, 1);
    CHECK_THROWS_AS(io::safetensors_bytes(content), std::invalid_argument);
    CHECK_THROWS_AS(io::write_safetensors("no/such/file", {}), io::format_error);
    CHECK_THROWS_AS(io::read_safetensors("no/such/file"), io::format_error);
}

TEST_CASE("read_safetensors: every truncation is refused", "[io][safetensors]") {
    check_truncations(fixture("all.safetensors"), read_bytes);
    check_truncations(fixture("plain.safetensors"), read_bytes);
}

TEST_CASE("read_safetensors: every change of one byte is read or refused", "[io][safetensors]") {
    auto const file = fixture("plain.safetensors");
    CHECK(check_changes(file, read_bytes) > 50 * 255);
    CHECK(check_changes(fixture("all.safetensors"), read_bytes, 11) > 100 * 24);
}
