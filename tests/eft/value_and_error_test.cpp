// SPDX-License-Identifier: BSL-1.0
#include <lastbit/eft/value_and_error.hpp>

#include <catch2/catch.hpp>

#include <type_traits>

static_assert(std::is_aggregate_v<lastbit::value_and_error<float>>);

TEST_CASE("value_and_error: unpacks as value, then error", "[eft]") {
    auto const [value, error] = lastbit::value_and_error<double>{1.0, 0.25};
    CHECK(value == 1.0);
    CHECK(error == 0.25);
}
