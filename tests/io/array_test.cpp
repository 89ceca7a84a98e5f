// SPDX-License-Identifier: BSL-1.0
#include <lastbit/io/array.hpp>

#include "fixtures.hpp"

using namespace io_tests;
namespace io = lastbit::io;
using lastbit::bfloat16;
using lastbit::float16;

namespace {

template <class T>
io::array array_of(std::vector<T> const& values) {
    auto const view = std::as_bytes(std::span(values));
    return {io::dtype_of<T>, {values.size()}, {view.begin(), view.end()}, "x.npy"};
}

/// The conversions that lose nothing, spelled out a second time: rows from, columns to.
///                                                 double float half  bf16   i64    i32
constexpr bool exact[6][6] = {/* double   */ {true, false, false, false, false, false},
                              /* float    */ {true, true, false, false, false, false},
                              /* float16  */ {true, true, true, false, false, false},
                              /* bfloat16 */ {true, true, false, true, false, false},
                              /* int64    */ {false, false, false, false, true, false},
                              /* int32    */ {true, false, false, false, true, true}};

template <class From, class To>
void check_conversion() {
    auto const array = array_of(expected<From>(9));
    bool const allowed =
        exact[static_cast<std::size_t>(io::dtype_of<From>)][static_cast<std::size_t>(io::dtype_of<To>)];
    CAPTURE(io::name(io::dtype_of<From>), io::name(io::dtype_of<To>));
    if (!allowed) {
        CHECK_THROWS_AS(array.template as<To>(), io::format_error);
        return;
    }
    auto const converted = array.template as<To>();
    REQUIRE(converted.size() == 9);
    for (std::size_t k = 0; k < 9; ++k)
        CHECK(static_cast<double>(converted[k]) == static_cast<double>(expected<From>(9)[k]));
}

template <class From>
void check_conversions() {
    check_conversion<From, double>();
    check_conversion<From, float>();
    check_conversion<From, float16>();
    check_conversion<From, bfloat16>();
    check_conversion<From, std::int64_t>();
    check_conversion<From, std::int32_t>();
}

static_assert(!io::element<long double> && !io::element<unsigned> && !io::element<char>);

}  // namespace

TEST_CASE("array: as<T> converts where T holds every value of the dtype, and refuses elsewhere", "[io][array]") {
    check_conversions<double>();
    check_conversions<float>();
    check_conversions<float16>();
    check_conversions<bfloat16>();
    check_conversions<std::int64_t>();
    check_conversions<std::int32_t>();
}

TEST_CASE("array: as<T> keeps subnormals, infinities and the sign of zero", "[io][array]") {
    std::vector<float> const values = {lastbit::smallest_subnormal<float>(), -0.0f, lastbit::infinity<float>(),
                                       -lastbit::largest<float>()};
    auto const wide = array_of(values).as<double>();
    CHECK(wide[0] == 0x1p-149);
    CHECK(lastbit::to_bits(wide[1]) == lastbit::to_bits(-0.0));
    CHECK(lastbit::to_bits(wide[2]) == lastbit::to_bits(lastbit::infinity<double>()));
    CHECK(wide[3] == -0x1.fffffep127);
    CHECK(array_of(std::vector{std::numeric_limits<std::int32_t>::min()}).as<double>()[0] == -0x1p31);
}

TEST_CASE("array: view<T> has the bits, and only for the dtype's own type", "[io][array]") {
    auto const values = expected<float>(5);
    auto const array = array_of(values);
    CHECK(same_bits<float>(array.view<float>(), values));
    CHECK(array.size() == 5);
    CHECK(array.rank() == 1);
    CHECK_THROWS_WITH(array.view<double>(),
                      Catch::StartsWith("x.npy: holds float32, wanted is float64; write it again"));
    CHECK_FALSE(array.holds<std::int32_t>());
}

TEST_CASE("array: a shape that does not fit its bytes is a broken contract", "[io][array]") {
    CHECK_THROWS_AS(io::array(io::dtype::float32, {2, 2}, bytes(15), "x"), std::invalid_argument);
    CHECK_THROWS_AS(io::array(io::dtype::float32, {SIZE_MAX, SIZE_MAX}, bytes(4), "x"), std::invalid_argument);
    CHECK(io::array(io::dtype::float32, {}, bytes(4), "x").size() == 1);
    CHECK(io::array(io::dtype::float32, {3, 0}, bytes(), "x").size() == 0);
}

TEST_CASE("byte_count: the product, or nothing where it exceeds 2^63 - 1", "[io][array]") {
    using shape = std::vector<std::size_t>;
    std::size_t const big = std::size_t{1} << 31;
    CHECK(io::detail::byte_count(shape{}, 8) == 8);
    CHECK(io::detail::byte_count(shape{3, 5}, 4) == 60);
    CHECK(io::detail::byte_count(shape{big, big}, 1) == std::uint64_t{1} << 62);
    CHECK_FALSE(io::detail::byte_count(shape{big, big}, 2).has_value());
    CHECK(io::detail::byte_count(shape{0, big, big}, 1) == 0);
    CHECK_FALSE(io::detail::byte_count(shape{0, big, big}, 2).has_value());
    CHECK_FALSE(io::detail::byte_count(shape{big, big, 0}, 4).has_value());
}

TEST_CASE("shape_tuple: as Python writes it", "[io][array]") {
    using shape = std::vector<std::size_t>;
    CHECK(io::detail::shape_tuple(shape{}) == "()");
    CHECK(io::detail::shape_tuple(shape{5}) == "(5,)");
    CHECK(io::detail::shape_tuple(shape{2, 3}) == "(2, 3)");
    CHECK(io::detail::shape_tuple(shape(1000, 1)) == "(1, 1, 1, 1, 1, 1, 1, 1, ...)");
}
