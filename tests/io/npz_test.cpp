// SPDX-License-Identifier: BSL-1.0
#include <lastbit/io/npz.hpp>

#include "fixtures.hpp"

#include <cstring>

using namespace io_tests;
namespace io = lastbit::io;

namespace {

void read_bytes(bytes const& input) {
    static_cast<void>(io::read_npz(input, "w.npz"));
}

std::string error(bytes const& input, std::uint64_t limit = io::default_npz_limit) {
    return error_of([&] { static_cast<void>(io::read_npz(input, "w.npz", limit)); });
}

void check_arrays(io::npz const& arrays) {
    check_values<float>(arrays.at("weight"), {2, 3});
    check_values<double>(arrays.at("bias"), {3});
    check_values<std::int64_t>(arrays.at("layer/0"), {2});
}

/// Replaces every occurrence, of the same length.
bytes replaced(bytes input, std::string const& from, std::string const& to) {
    REQUIRE(from.size() == to.size());
    std::string text(reinterpret_cast<char const*>(input.data()), input.size());
    std::size_t count = 0;
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size(), ++count)
        text.replace(at, to.size(), to);
    REQUIRE(count > 0);
    return to_bytes(text);
}

/// Writes a little-endian number at `field` bytes behind each signature: "PK\1\2" central entries, "PK\3\4" local ones.
bytes with_field(bytes input, std::string const& signature, std::size_t field, std::uint64_t value, std::size_t size) {
    std::string text(reinterpret_cast<char const*>(input.data()), input.size());
    std::size_t count = 0;
    for (std::size_t at = 0; (at = text.find(signature, at)) != std::string::npos; at += 4, ++count)
        for (std::size_t k = 0; k < size; ++k) text[at + field + k] = static_cast<char>((value >> (8 * k)) & 0xff);
    REQUIRE(count > 0);
    return to_bytes(text);
}

std::string const central = "PK\x01\x02", local = "PK\x03\x04";

/// An archive of one stored or deflated member.
bytes simple_archive(std::string const& member, bytes const& content, bool deflated = false) {
    scratch_file const file("npz_test.npz");
    int code = 0;
    zip_t* const archive = zip_open(file.path().c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
    REQUIRE(archive != nullptr);
    zip_source_t* const source = zip_source_buffer(archive, content.data(), content.size(), 0);
    REQUIRE(zip_file_add(archive, member.c_str(), source, 0) == 0);
    REQUIRE(zip_set_file_compression(archive, 0, deflated ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 9) == 0);
    REQUIRE(zip_close(archive) == 0);
    return io::detail::read_file(file.path());
}

}  // namespace

TEST_CASE("read_npz: NumPy's archives, stored and deflated", "[io][npz]") {
    auto const stored = io::read_npz(fixture_path("stored.npz"));
    CHECK(stored.size() == 3);
    check_arrays(stored);
    auto const deflated = io::read_npz(fixture_path("deflated.npz"));
    CHECK(deflated.size() == 4);
    check_arrays(deflated);
    CHECK(deflated.at("zeros").shape() == std::vector<std::size_t>{200, 50});
    check_arrays(io::read_npz(fixture("stored.npz"), "bytes in memory"));
    check_values<float>(io::read_npz(simple_archive(".npy", fixture("v1.npy")), "w").at(""), {2, 3});
}

TEST_CASE("read_npz: what cannot be opened is a format_error", "[io][npz]") {
    CHECK_THROWS_WITH(io::read_npz("no/such/file"), Catch::StartsWith("no/such/file: cannot be opened: "));
    CHECK_THROWS_AS(io::read_npz(std::filesystem::temp_directory_path().string()), io::format_error);
    CHECK_THROWS_WITH(io::read_npz(fixture_path("v1.npy")), Catch::Contains("not a sound .npz (zip) file"));
    CHECK(error({}) != "no error");
}

TEST_CASE("read_npz: members of another kind are refused by name", "[io][npz]") {
    CHECK(error(fixture("other_member.npz")) ==
          "w.npz: member 'readme.txt' is not an .npy array; an .npz file holds nothing else");
    CHECK(error(fixture("bzip2.npz")).find("'a.npy' is packed by method 12") != std::string::npos);
    CHECK(error(simple_archive("a.npy", to_bytes("text"))) ==
          "w.npz: member 'a.npy': offset 0: not an .npy file: the first six bytes are not \\x93NUMPY; write it with "
          "numpy.save");
    CHECK(error(simple_archive("a.npy", fixture("object.npy"))).find("Python objects") != std::string::npos);
    CHECK(error(simple_archive("a/", {})) != "no error");
}

TEST_CASE("read_npz: an encrypted member is refused", "[io][npz]") {
    auto const file = simple_archive("a.npy", fixture("v1.npy"));
    auto const marked = with_field(with_field(file, central, 8, 1, 2), local, 6, 1, 2);
    CHECK(error(marked).find("'a.npy' is encrypted") != std::string::npos);
}

TEST_CASE("read_npz: a name that comes twice is refused", "[io][npz]") {
    scratch_file const scratch("npz_test.npz");
    int code = 0;
    zip_t* const archive = zip_open(scratch.path().c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
    REQUIRE(archive != nullptr);
    auto const content = fixture("v1.npy");
    for (auto const* name : {"a.npy", "b.npy"})
        REQUIRE(zip_file_add(archive, name, zip_source_buffer(archive, content.data(), content.size(), 0), 0) >= 0);
    REQUIRE(zip_close(archive) == 0);
    auto const pair = io::detail::read_file(scratch.path());
    CHECK(error(pair) == "no error");
    CHECK(error(replaced(pair, "b.npy", "a.npy")) == "w.npz: two members of the archive have the same name");
}

TEST_CASE("read_npz: a member's two entries must agree on its name", "[io][npz]") {
    auto file = simple_archive("a.npy", fixture("v1.npy"));
    REQUIRE(error(file) == "no error");
    file[30] = std::byte{'b'};  // the name behind the local entry's 30 bytes
    CHECK(error(file).find("not a sound .npz (zip) file") != std::string::npos);
}

TEST_CASE("read_npz: a wrong checksum is refused", "[io][npz]") {
    auto const file = simple_archive("a.npy", fixture("v1.npy"));
    CHECK(error(with_field(with_field(file, central, 16, 12345, 4), local, 14, 12345, 4)) ==
          "w.npz: member 'a.npy': offset 152: cannot be unpacked: CRC error");
}

TEST_CASE("read_npz: a bomb is refused before it is unpacked, and a size that lies asks for no memory", "[io][npz]") {
    std::size_t const size = 1 << 20;
    auto const bomb = simple_archive(
        "a.npy", io::npy_bytes<double>(std::vector<std::size_t>{size / 8}, std::vector<double>(size / 8)), true);
    REQUIRE(bomb.size() < 20000);
    CHECK(error(bomb) == "no error");
    CHECK(error(bomb, size).find("the members claim more than 1048576 bytes; raise the limit") != std::string::npos);
    CHECK(error(bomb, size + 128) == "no error");
    CHECK(error(fixture("stored.npz"), 152 + 152 + 143) != "no error");
    CHECK(error(fixture("stored.npz"), 152 + 152 + 144) == "no error");
    auto const claims = [&](std::uint64_t value) {
        return error(with_field(with_field(bomb, central, 24, value, 4), local, 22, value, 4));
    };
    CHECK(claims(0xfffffffe) != "no error");
    CHECK(claims(size) != "no error");  // shorter than what comes
    CHECK(claims(0) != "no error");
}

TEST_CASE("read_npz: every truncation is refused", "[io][npz]") {
    for (auto const* name : {"stored.npz", "deflated.npz"}) check_truncations(fixture(name), read_bytes);
}

TEST_CASE("read_npz: one changed byte is refused, or changes no value", "[io][npz]") {
    for (std::string const name : {"stored.npz", "deflated.npz"}) {
        auto const file = fixture(name);
        auto const good = io::read_npz(file, name);
        auto const read_and_compare = [&](bytes const& changed) {
            for (auto const& [key, array] : io::read_npz(changed, "w.npz")) {
                bool known = false;
                for (auto const& [other, original] : good)
                    known = known || (array.type() == original.type() && array.shape() == original.shape() &&
                                      same_bits(array.bytes(), original.bytes()));
                if (!known) FAIL("a changed array was accepted: " << key);
            }
        };
        CHECK(check_changes(file, read_and_compare, 7) > file.size() / 2 * 37);
    }
}
