// SPDX-License-Identifier: BSL-1.0
#include <lastbit/linalg/wide_product.hpp>

#include "hard_products.hpp"
#include "trials.hpp"

using namespace lastbit;
using namespace lastbit_tests;

TEST_CASE("row_scale: a scaled row is shorter than 1, and at least a quarter long", "[linalg][wide_product]") {
    environment::guard const guard;
    for (double const length : {1.0, 0.75, 0x1.fffffffffffffp0, 3.0, 0x1p-479, 0x1.8p479}) {
        auto const s = detail::row_scale::of(length);
        CHECK(to_bits(mul(s.scale, s.factor)) == to_bits(1.0));
        CHECK(mul(length, s.scale) <= 1 - 0x1p-10);
        CHECK(mul(length, s.scale) >= 0.25);
    }
    CHECK(is_inf(detail::row_scale::of(0x1p481).factor));
    CHECK(is_inf(detail::row_scale::of(infinity<double>()).factor));
    CHECK(is_inf(detail::row_scale::of(canonical_nan<double>()).factor));
    CHECK(to_bits(detail::row_scale::of(0.0).factor) == to_bits(1.0));
    CHECK(to_bits(detail::row_scale::of(0x1p-600).factor) == to_bits(0x1p-480));
}

TEST_CASE("wide_product: rows and columns of every size, from underflow to overflow", "[linalg][wide_product]") {
    environment::guard const guard;
    random_stream chance(12);
    for (std::size_t trial = 0; trial < trials(200); ++trial) {
        auto const m = static_cast<std::size_t>(1 + chance.below(30));
        auto const n = static_cast<std::size_t>(1 + chance.below(30));
        auto const k = static_cast<std::size_t>(1 + chance.below(80));
        pair_of_vectors<double> data{std::vector<double>(m * k), std::vector<double>(k * n)};
        for (std::size_t i = 0; i < m; ++i) {
            int const e = between(chance, -1000, 1000);
            for (std::size_t l = 0; l < k; ++l)
                data.x[i * k + l] = random_number<double>(chance, e + between(chance, -30, 20));
        }
        for (std::size_t j = 0; j < n; ++j) {
            int const e = between(chance, -1000, 1000);
            for (std::size_t l = 0; l < k; ++l)
                data.y[l * n + j] = random_number<double>(chance, e + between(chance, -30, 20));
        }
        REQUIRE(
            (multiply_and_check<double, double>(data, m, n, k, layout::plain, layout::plain, trial % 2 == 0).wrong ==
             0));
        REQUIRE((
            multiply_and_check<float, double>(data, m, n, k, layout::plain, layout::transposed, trial % 2 == 0).wrong ==
            0));
    }
}

TEST_CASE("wide_product: sums that cancel to 2^-20 of their terms need no superaccumulator", "[linalg][wide_product]") {
    environment::guard const guard;
    for (auto const [m, n] : {std::array<std::size_t, 2>{20, 30}, {1, 200}}) {
        std::size_t const k = 64;
        random_stream chance(3);
        pair_of_vectors<double> data{std::vector<double>(m * k), std::vector<double>(k * n)};
        for (std::size_t l = 0; l < k; ++l) {
            bool const second = l % 2 == 1;
            for (std::size_t i = 0; i < m; ++i) data.x[i * k + l] = second ? -data.x[i * k + l - 1] : chance.uniform();
            for (std::size_t j = 0; j < n; ++j)
                data.y[l * n + j] = second ? data.y[(l - 1) * n + j] + 0x1p-20 * chance.uniform() : chance.uniform();
        }
        auto const outcome = multiply_and_check<double, double>(data, m, n, k, layout::plain, layout::plain, false);
        CHECK(outcome.undecided == 0);
        CHECK(outcome.wrong == 0);
    }
}
