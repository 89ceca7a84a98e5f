// SPDX-License-Identifier: BSL-1.0
#include <lastbit/testing/property_result.hpp>

#include <catch2/catch.hpp>

#include <sstream>

using namespace lastbit;
using namespace lastbit::testing;

TEST_CASE("property_result: a condition, and a text for people", "[testing][property_result]") {
    property_result r;
    r.name = "is_order_invariant";
    r.kind = kernel_kind::gemv;
    r.calls = 12;
    CHECK(r);
    CHECK(r.text() == "is_order_invariant holds of gemv float32 -> float32, 12 calls");
    r.held = false;
    r.m = 1;
    r.k = 2;
    r.seed = 8;
    r.a = {1, 0.5};
    r.b = {0, 3};
    r.finding = {"order_dependent", "element 0 has other bits", 0, 0, true, 1, 2};
    CHECK_FALSE(r);
    CHECK(r.text() ==
          "is_order_invariant does not hold of gemv float32 -> float32 at m = 1, k = 2: element 0 has other bits; "
          "got 1 (0x1p+0), expected 2 (0x1p+1); A = {1 (0x1p+0), 0.5 (0x1p-1)}; B = {0 (0x0p+0), 3 (0x1.8p+1)} "
          "[order_dependent, seed 8, 12 calls]");
    std::ostringstream stream;
    stream << r;
    CHECK(stream.str() == r.text());
    r.applicable = false;
    CHECK(r.text() == "is_order_invariant: there is nothing to examine in this kernel");
}
