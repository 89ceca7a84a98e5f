// SPDX-License-Identifier: BSL-1.0
#include <lastbit/exact/expansion_vector.hpp>

#include "exact/hard_expansions.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <vector>

using namespace lastbit;
using namespace lastbit_tests;

TEMPLATE_TEST_CASE("expansion_vector: what is written is read", "[exact][expansion_vector]", double_double, quad_double,
                   (expansion<float, 3>), (expansion<double, 8>)) {
    using E = TestType;
    using T = typename E::word_type;
    using V = expansion_vector<T, E::words>;
    hard_expansions<T, E::words> make(61);
    for (std::size_t n = 0; n < 40; ++n) {
        std::vector<E> x(n);
        for (E& e : x) e = make.any(3);
        V v(n);
        for (std::size_t i = 0; i < n; ++i) REQUIRE(E(v[i]) == E(0));
        for (std::size_t i = 0; i < n; ++i) v[i] = x[i];
        V const copy = v;
        V const other(x);
        REQUIRE(v.size() == n);
        for (std::size_t i = 0; i < n; ++i) {
            REQUIRE(E(v[i]).to_array() == x[i].to_array());
            REQUIRE(copy[i].to_array() == x[i].to_array());
            REQUIRE(other[i].to_array() == x[i].to_array());
            for (std::size_t q = 0; q < E::words; ++q) REQUIRE(v.word(q)[i] == x[i][q]);
        }
        for (std::size_t q = 0; q < E::words && n > 0; ++q)
            REQUIRE(reinterpret_cast<std::uintptr_t>(v.word(q)) % 64 == 0);
        if (n < 2) continue;
        v[0] = v[1];  // a number, not a reference
        REQUIRE(E(v[0]).to_array() == x[1].to_array());
        REQUIRE(copy[0].to_array() == x[0].to_array());
        V moved = std::move(v);
        v = copy;
        REQUIRE(E(v[0]).to_array() == x[0].to_array());
        REQUIRE(E(moved[0]).to_array() == x[1].to_array());
        auto const part = copy.view().subview(1, n - 1);
        REQUIRE(part.size() == n - 1);
        REQUIRE(part[0].to_array() == x[1].to_array());
    }
    V const three{E(1), E(2), E(3)};
    CHECK(three[2] == E(3));
    CHECK_THROWS_WITH(three.view().subview(2, 2), Catch::Contains("of 3"));
    CHECK_THROWS_AS(V(static_cast<std::size_t>(-1) / 8), std::invalid_argument);
}

TEST_CASE("expansion_vector: v[i] computes and compares as its number", "[exact][expansion_vector]") {
    expansion_vector<double, 2> v{double_double(3), double_double(4)};
    CHECK(v[0] + v[1] == double_double(7));
    CHECK(v[0] * 2.0 == double_double(6));
    CHECK(double_double(1) - v[1] == double_double(-3));
    CHECK(12 / v[1] == double_double(3));
    CHECK(-v[0] == double_double(-3));
    CHECK((v[0] < v[1] && v[0] != v[1] && v[0] == 3.0 && 4 == v[1] && v[1] >= double_double(4)));
    v[0] += v[1];
    v[1] -= 1;
    CHECK((v[0] == double_double(7) && v[1] == double_double(3)));
    v[0] /= v[1];
    v[1] *= v[0];
    CHECK(v[0] == double_double(7) / double_double(3));
    CHECK(v[1] == double_double(7) / double_double(3) * double_double(3));
    expansion_vector<double, 2> const c = v;
    CHECK(c[0] + v[0] == 2 * v[0]);
}
