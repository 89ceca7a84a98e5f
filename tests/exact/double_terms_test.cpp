// SPDX-License-Identifier: BSL-1.0
#include <lastbit/exact/double_terms.hpp>

#include "fold/families.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace lastbit;
using namespace lastbit::detail;

TEMPLATE_TEST_CASE("terms are the numbers and the products, exactly", "", float, double, bfloat16, float16) {
    random_stream random(6, 1);
    constexpr std::size_t width = batch_width<double>;
    for (std::size_t trial = 0; trial < lastbit_tests::trials(2000); ++trial) {
        std::array<TestType, width> x, y;
        for (auto* const to : {&x, &y})
            for (TestType& v : *to)
                v = lastbit_tests::random_number<TestType>(random, lastbit_tests::between(random, -9, 9));
        std::array<double, width> got, error{};
        store(got.data(), number_doubles<TestType>{x.data()}.at(0).value);
        for (std::size_t i = 0; i < width; ++i) REQUIRE(got[i] == static_cast<double>(x[i]));
        auto const product = product_doubles<TestType>{x.data(), y.data()}.at(0);
        store(got.data(), product.value);
        if constexpr (!product_doubles<TestType>::exact) store(error.data(), product.error);
        for (std::size_t i = 0; i < width; ++i) {
            auto const a = static_cast<double>(x[i]);
            auto const b = static_cast<double>(y[i]);
            REQUIRE(got[i] == a * b);
            REQUIRE(error[i] == std::fma(a, b, -got[i]));
        }
    }
}

TEST_CASE("all_multiples_of tells multiples of a power of two from others") {
    random_stream random(7, 1);
    for (std::size_t trial = 0; trial < lastbit_tests::trials(2000); ++trial) {
        int const q = static_cast<int>(random.below(1600)) - 1000;
        std::size_t const n = 1 + random.below(3 * extraction_block::row);
        std::vector<double> x(n);
        for (double& v : x) {
            auto const m = static_cast<double>(static_cast<std::int64_t>(random.bits()) >> (11 + random.below(50)));
            v = std::ldexp(m, q + static_cast<int>(random.below(46)));
        }
        REQUIRE(all_multiples_of(power_of_two(q), number_doubles<double>{x.data()}, n));
        double& odd = x[random.below(n)];
        odd =
            std::ldexp(static_cast<double>(2 * random.below(1U << 20) + 1), q - 1 - static_cast<int>(random.below(20)));
        REQUIRE_FALSE(all_multiples_of(power_of_two(q), number_doubles<double>{x.data()}, n));
    }
}

TEST_CASE("products are multiples only if their error words are") {
    std::vector<double> const x{0x1.0000002p0};
    std::vector<double> const y{0x1.0000002p0};  // the product's last bit is 2^-54
    product_doubles<double> const terms{x.data(), y.data()};
    CHECK(all_multiples_of(0x1p-54, terms, 1));
    CHECK_FALSE(all_multiples_of(0x1p-53, terms, 1));
}

TEST_CASE("all_minus_zero wants every term, and no padding") {
    for (std::size_t n = 0; n < 100; ++n) {
        std::vector<float> x(n, from_bits<float>(0x80000000U));
        CHECK(all_minus_zero(number_doubles<float>{x.data()}, n));
        std::vector<float> const ones(n, 1.0F);
        CHECK(all_minus_zero(product_doubles<float>{x.data(), ones.data()}, n));
        CHECK(all_minus_zero(product_doubles<float>{x.data(), x.data()}, n) == (n == 0));
        for (std::size_t i = 0; i < n; i += 7) {
            x[i] = from_bits<float>(0);
            CHECK_FALSE(all_minus_zero(number_doubles<float>{x.data()}, n));
            x[i] = from_bits<float>(0x80000000U);
        }
    }
}
