// SPDX-License-Identifier: BSL-1.0
#include <lastbit/exact/bulk_add.hpp>

#include <lastbit/exact/superaccumulator.hpp>

#include "fold/families.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

using namespace lastbit;
using lastbit_tests::families;
using lastbit_tests::make_data;

TEMPLATE_TEST_CASE("arrays are added as their numbers one by one, to the last byte", "", float, double, bfloat16,
                   float16) {
    for (auto const kind : families)
        for (std::size_t const n : {0U, 1U, 63U, 64U, 65U, 100U, 2047U, 2048U, 2049U, 5000U}) {
            auto const [x, y] = make_data<TestType>(kind, n, 3);
            superaccumulator<TestType> one_by_one, at_once, products_one_by_one, products_at_once;
            for (std::size_t i = 0; i < n; ++i) {
                one_by_one.add(x[i]);
                products_one_by_one.add_product(x[i], y[i]);
            }
            at_once.add(std::span<TestType const>(x));
            products_at_once.add_product(std::span<TestType const>(x), std::span<TestType const>(y));
            REQUIRE(at_once.to_bytes() == one_by_one.to_bytes());
            REQUIRE(products_at_once.to_bytes() == products_one_by_one.to_bytes());
        }
}

TEST_CASE("exponents over the whole range, cancelling") {
    random_stream random(8, 1);
    for (std::size_t trial = 0; trial < lastbit_tests::trials(100); ++trial) {
        std::size_t const n = 64 + random.below(5000);
        std::vector<double> x(n);
        for (double& v : x) do
                v = from_bits<double>(random.bits());
            while (!is_finite(v));
        for (std::size_t i = 1; i < n; i += 2)
            if (random.below(3) != 0) x[i] = negate(x[random.below(i)]);
        superaccumulator<double> one_by_one, at_once;
        for (double const v : x) one_by_one.add(v);
        at_once.add(std::span<double const>(x));
        REQUIRE(at_once.to_bytes() == one_by_one.to_bytes());
    }
}

TEST_CASE("a NaN or an infinity among zeros is not taken for one of them") {
    for (double const bad : {canonical_nan<double>(), negate(canonical_nan<double>()), infinity<double>()})
        for (std::size_t const n : {64U, 65U, 2049U})
            for (std::size_t const place : {std::size_t{0}, std::size_t{33}, n - 1}) {
                std::vector<double> x(n);
                x[place] = bad;
                superaccumulator<double> sum;
                sum.add(std::span<double const>(x));
                CHECK(to_bits(sum.round()) == to_bits(canonical(bad)));
            }
}

TEST_CASE("products that underflow or overflow as doubles are added exactly") {
    for (double const scale : {0x1p-540, 0x1p-500, 0x1p510, 0x1p600}) {
        std::vector<double> x(300), y(300);
        random_stream random(9, 1);
        for (std::size_t i = 0; i < x.size(); ++i) {
            x[i] = scale * (1.0 + static_cast<double>(random.bits() >> 12) * 0x1p-52);
            y[i] = i % 5 == 0 ? 0.0 : -scale * (1.0 + static_cast<double>(random.bits() >> 12) * 0x1p-52);
        }
        superaccumulator<double> one_by_one, at_once;
        for (std::size_t i = 0; i < x.size(); ++i) one_by_one.add_product(x[i], y[i]);
        at_once.add_product(std::span<double const>(x), std::span<double const>(y));
        CHECK(at_once.to_bytes() == one_by_one.to_bytes());
    }
}

TEST_CASE("arrays of different length are refused") {
    std::vector<double> const x(3), y(4);
    superaccumulator<double> a;
    CHECK_THROWS_WITH(a.add_product(std::span<double const>(x), std::span<double const>(y)),
                      Catch::Contains("[3]") && Catch::Contains("[4]"));
}

TEST_CASE("a NaN or an infinity alone among zeros, in every lane of a padded block") {
    for (std::size_t const n : {64U, 65U, 100U, 2049U})
        for (std::size_t at = 0; at<n; at += n> 200 ? 97 : 1)
            for (double const special : {canonical_nan<double>(), infinity<double>()}) {
                std::vector<double> x(n, 0.0);
                x[at] = special;
                std::vector<double> const ones(n, 1.0);
                superaccumulator<double> sum, dot, want;
                want.add(special);
                want.add(0.0);
                sum.add(std::span<double const>(x));
                dot.add_product(std::span<double const>(x), std::span<double const>(ones));
                REQUIRE(sum.to_bytes() == want.to_bytes());
                REQUIRE(dot.to_bytes() == want.to_bytes());
            }
}
