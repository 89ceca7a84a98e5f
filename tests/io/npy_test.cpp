// SPDX-License-Identifier: BSL-1.0
#include <lastbit/io/npy.hpp>

#include "fixtures.hpp"

using namespace io_tests;
namespace io = lastbit::io;

namespace {

void read_bytes(bytes const& input) {
    static_cast<void>(io::read_npy(input, "x.npy"));
}

template <class T>
void check_round_trip(std::vector<std::size_t> const& shape, std::size_t count) {
    scratch_file const file("npy_test.npy");
    auto const values = expected<T>(count);
    io::write_npy<T>(file.path(), shape, values);
    check_values<T>(io::read_npy(file.path()), shape);
}

}  // namespace

TEST_CASE("read_npy: NumPy's files in every dtype and byte order", "[io][npy]") {
    for (std::string const order : {"_little.npy", "_big.npy"}) {
        check_values<lastbit::float16>(io::read_npy(fixture_path("f2" + order)), {2, 3});
        check_values<float>(io::read_npy(fixture_path("f4" + order)), {2, 3});
        check_values<double>(io::read_npy(fixture_path("f8" + order)), {2, 3});
        check_values<std::int32_t>(io::read_npy(fixture_path("i4" + order)), {2, 3});
        check_values<std::int64_t>(io::read_npy(fixture_path("i8" + order)), {2, 3});
    }
}

TEST_CASE("read_npy: versions 1 to 3, scalars, vectors and empty arrays", "[io][npy]") {
    for (auto const* name : {"v1.npy", "v2.npy", "v3.npy"})
        check_values<float>(io::read_npy(fixture_path(name)), {2, 3});
    check_values<double>(io::read_npy(fixture_path("scalar.npy")), {});
    check_values<float>(io::read_npy(fixture_path("vector.npy")), {5});
    check_values<float>(io::read_npy(fixture_path("empty.npy")), {0, 3});
}

TEST_CASE("read_npy: Fortran order comes out in C order", "[io][npy]") {
    check_values<float>(io::read_npy(fixture_path("fortran.npy")), {2, 3});
    check_values<double>(io::read_npy(fixture_path("fortran_rank3_big.npy")), {2, 3, 4});
}

TEST_CASE("read_npy: NumPy's other types are refused by name", "[io][npy]") {
    for (auto const* name : {"structured.npy", "object.npy", "uint8.npy", "bfloat16.npy"})
        CHECK_THROWS_WITH(io::read_npy(fixture_path(name)), Catch::StartsWith(fixture_path(name) + ": offset 2"));
}

TEST_CASE("npy_bytes: the bytes that numpy.save writes", "[io][npy]") {
    using shape = std::vector<std::size_t>;
    if constexpr (std::endian::native == std::endian::little) {
        CHECK(io::npy_bytes<float>(shape{2, 3}, expected<float>(6)) == fixture("f4_little.npy"));
        CHECK(io::npy_bytes<double>(shape{2, 3}, expected<double>(6)) == fixture("f8_little.npy"));
        CHECK(io::npy_bytes<lastbit::float16>(shape{2, 3}, expected<lastbit::float16>(6)) == fixture("f2_little.npy"));
        CHECK(io::npy_bytes<std::int64_t>(shape{2, 3}, expected<std::int64_t>(6)) == fixture("i8_little.npy"));
        CHECK(io::npy_bytes<std::int32_t>(shape{2, 3}, expected<std::int32_t>(6)) == fixture("i4_little.npy"));
        CHECK(io::npy_bytes<double>(shape{}, expected<double>(1)) == fixture("scalar.npy"));
        CHECK(io::npy_bytes<float>(shape{5}, expected<float>(5)) == fixture("vector.npy"));
        CHECK(io::npy_bytes<float>(shape{0, 3}, expected<float>(0)) == fixture("empty.npy"));
        shape extents = {0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 10000000};
        CHECK(io::npy_bytes<float>(extents, expected<float>(0)) == fixture("padding_8.npy"));
        extents.back() *= 10;
        CHECK(io::npy_bytes<float>(extents, expected<float>(0)) == fixture("padding_9.npy"));
    }
}

TEST_CASE("write_npy: read_npy returns what it wrote", "[io][npy]") {
    check_round_trip<double>({}, 1);
    check_round_trip<double>({7}, 7);
    check_round_trip<float>({4, 0, 2}, 0);
    check_round_trip<lastbit::float16>({2, 3, 4, 5}, 120);
    check_round_trip<std::int32_t>({1, 9}, 9);
    check_round_trip<std::int64_t>({100, 200}, 20000);
    check_round_trip<float>(std::vector<std::size_t>(21000, 1), 1);  // the header is too long for version 1
    CHECK(io::npy_bytes<float>(std::vector<std::size_t>(21000, 1), expected<float>(1))[6] == std::byte{1});
    CHECK(io::npy_bytes<float>(std::vector<std::size_t>(22000, 1), expected<float>(1))[6] == std::byte{2});
    check_round_trip<float>(std::vector<std::size_t>(22000, 1), 1);
}

TEST_CASE("write_npy: values start at a multiple of 64, whatever the header's length", "[io][npy]") {
    for (std::size_t rank = 0; rank < 100; ++rank) {
        auto const file = io::npy_bytes<double>(std::vector<std::size_t>(rank, 1), expected<double>(1));
        CHECK(io::parse_npy_header(file, "x").data_offset % 64 == 0);
    }
}

TEST_CASE("write_npy: a shape that does not fit is a broken contract, a bad path an error", "[io][npy]") {
    scratch_file const file("npy_test.npy");
    CHECK_THROWS_AS(io::write_npy<float>(file.path(), {2, 3}, expected<float>(5)), std::invalid_argument);
    CHECK_FALSE(std::filesystem::exists(file.path()));
    CHECK_THROWS_AS(io::write_npy<float>("no/such/file", {1}, expected<float>(1)), io::format_error);
    CHECK_THROWS_AS(io::read_npy("no/such/file"), io::format_error);
}

TEST_CASE("read_npy: too few and too many bytes are errors that say which", "[io][npy]") {
    auto file = fixture("f4_little.npy");
    file.push_back(std::byte{0});
    CHECK(error_of([&] { read_bytes(file); }) ==
          "x.npy: offset 152: shape (2, 3) of float32 needs 24 bytes of data, the file has 25: bytes follow the array");
    file.resize(151);
    CHECK(error_of([&] { read_bytes(file); }) ==
          "x.npy: offset 151: shape (2, 3) of float32 needs 24 bytes of data, the file has 23: it is truncated");
}

TEST_CASE("read_npy: a shape beyond the file asks for no memory", "[io][npy]") {
    std::string text = "\x93NUMPY\x01";
    std::string const dict = "{'descr': '<f8', 'fortran_order': True, 'shape': (1000000, 1000000)}";
    text += {'\0', static_cast<char>(dict.size()), '\0'};
    CHECK(error_of([&] { read_bytes(to_bytes(text + dict)); }).find("it is truncated") != std::string::npos);
}

TEST_CASE("read_npy: every truncation is refused", "[io][npy]") {
    for (auto const* name : {"v1.npy", "v3.npy", "fortran_rank3_big.npy", "scalar.npy"})
        check_truncations(fixture(name), read_bytes);
}

TEST_CASE("read_npy: every change of one byte is read or refused", "[io][npy]") {
    for (auto const* name : {"v1.npy", "v3.npy", "fortran.npy", "structured.npy"}) {
        auto const file = fixture(name);
        std::size_t const refused = check_changes(file, read_bytes);
        CHECK(refused > 5 * 255);  // the magic at least
    }
}
