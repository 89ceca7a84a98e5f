// SPDX-License-Identifier: BSL-1.0
#include <lastbit/fold/orders/sequential.hpp>

#include "counting.hpp"

#include <catch2/catch.hpp>

using namespace lastbit_tests;

TEST_CASE("sequential: terms are taken from the first to the last", "[fold][sequential]") {
    auto const s = lastbit::sequential::run<counting_state<int>>(counting_terms{}, 3, 4);
    CHECK(s.text == "(((3 4) 5) 6)");
    CHECK(lastbit::sequential::run<counting_state<int>>(counting_terms{}, 3, 0).text.empty());
}

TEST_CASE("sequential: its shape is what it does", "[fold][sequential]") {
    for (std::size_t n = 0; n < 20; ++n)
        CHECK(shape_covers(lastbit::sequential::shape(n, 32),
                           lastbit::sequential::run<counting_state<int>>(counting_terms{}, 0, n), n));
}
