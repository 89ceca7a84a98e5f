// SPDX-License-Identifier: BSL-1.0
#include <lastbit/fold/accumulators/fused.hpp>

#include "../check_bits.hpp"
#include "../check_bound.hpp"

using namespace lastbit_tests;
using lastbit::bfloat16;
using lastbit::float16;
using lastbit::fused;

TEMPLATE_TEST_CASE("fused: every order has the bits of its transcription", "[fold][fused]", float, double, bfloat16,
                   float16) {
    check_bits<fused, transcription::fused<TestType>, TestType, TestType>();
    check_default_order<fused, TestType>();
}

TEMPLATE_TEST_CASE("fused: the error stays below the bound", "[fold][fused]", float, double, bfloat16, float16) {
    check_bounds<fused, TestType>(0.05);
}

TEST_CASE("fused: it is not plain", "[fold][fused]") {
    std::vector const x{1.0 + 0x1p-52, 1.0};
    std::vector const y{1.0 + 0x1p-52, -1.0 - 0x1p-51};
    using lastbit::sequential;
    CHECK(lastbit::dot<lastbit::plain, sequential>(x, y) == 0.0);
    std::vector const back_x{1.0, 1.0 + 0x1p-52};
    std::vector const back_y{-1.0 - 0x1p-51, 1.0 + 0x1p-52};
    CHECK(lastbit::dot<fused, sequential>(back_x, back_y) == 0x1p-104);
}
