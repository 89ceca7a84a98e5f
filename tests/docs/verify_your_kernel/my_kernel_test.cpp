// SPDX-License-Identifier: BSL-1.0
// [test]
#define CATCH_CONFIG_MAIN
#include <lastbit/testing.hpp>

using namespace lastbit::testing;

float my_dot(std::span<float const> x, std::span<float const> y) {
    float part[4] = {};
    for (std::size_t i = 0; i + 4 <= x.size(); i += 4)
        for (std::size_t j = 0; j < 4; ++j) part[j] += x[i + j] * y[i + j];
    return (part[0] + part[1]) + (part[2] + part[3]);
}

TEST_CASE("my_dot") {
    std::vector<float> const x(65, 0.1F);
    std::vector<float> const y(65, 0.3F);
    // [checks]
    CHECK_THAT(my_dot(x, y), is_dot_of(x, y));
    CHECK(verify_dot(my_dot));
    // [/checks]
}
// [/test]
