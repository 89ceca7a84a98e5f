// SPDX-License-Identifier: BSL-1.0
#include <lastbit/nn/activate_rows.hpp>

#include "activation_error.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

#include <boost/multiprecision/cpp_bin_float.hpp>

using namespace lastbit;

TEMPLATE_TEST_CASE("softmax: below 0.501 ulp of the exact value", "[nn][activation]", float, double, bfloat16,
                   float16) {
    using T = TestType;
    random_stream random(2);
    double worst = 0;
    for (std::size_t i = 0; i < lastbit_tests::trials(60); ++i) {
        std::size_t const n = 1 + static_cast<std::size_t>(random.below(40));
        double const reach = i % 3 == 0 ? 1 : i % 3 == 1 ? 30 : 700;
        std::vector<T> row(n);
        std::vector<oracle::real> exact;
        for (T& z : row) {
            z = detail::convert<T>((2 * random.uniform() - 1) * reach);
            exact.emplace_back(z);
        }
        oracle::activate_row(activation::softmax, exact);
        activate_rows(activation::softmax, matrix_view<T>(row.data(), 1, n));
        for (std::size_t j = 0; j < n; ++j) worst = std::max(worst, activation_test::ulps(row[j], exact[j]));
    }
    CHECK(worst < 0.501);
    CHECK(worst > 0.3);
}

TEST_CASE("softmax: below 0.501 ulp with 65,536 columns", "[nn][activation]") {
    std::size_t const n = LASTBIT_TEST_SCALE < 1 ? 1024 : 65'536;
    random_stream random(6);
    std::vector<float> row(n);
    std::vector<oracle::real> exact;
    for (float& z : row) {
        z = detail::convert<float>(8 * random.uniform() - 4);
        exact.emplace_back(z);
    }
    oracle::activate_row(activation::softmax, exact);
    activate_rows(activation::softmax, matrix_view<float>(row.data(), 1, n));
    double worst = 0;
    for (std::size_t j = 0; j < n; ++j) worst = std::max(worst, activation_test::ulps(row[j], exact[j]));
    CHECK(worst < 0.501);
    CHECK(worst > 0.49);
}

TEMPLATE_TEST_CASE("softmax: special rows, extreme differences, strides and batches", "[nn][activation]", float, double,
                   bfloat16, float16) {
    using T = TestType;
    T const inf = infinity<T>();
    T const nan = canonical_nan<T>();
    auto const softmax = [](std::vector<T> row) {
        activate_rows(activation::softmax, matrix_view<T>(row.data(), 1, row.size()));
        return row;
    };
    auto const is_all_nan = [](std::vector<T> const& row) {
        bool all = true;
        for (T const y : row) all = all && to_bits(y) == to_bits(canonical_nan<T>());
        return all;
    };
    CHECK(is_all_nan(softmax({T(1), inf, T(2)})));
    CHECK(is_all_nan(softmax({T(1), negate(nan), T(2)})));
    CHECK(is_all_nan(softmax({negate(inf), negate(inf)})));
    CHECK(softmax({}).empty());
    std::vector<T> const half = softmax({T(3), negate(inf), T(3)});
    CHECK(to_bits(half[0]) == to_bits(T(0.5F)));
    CHECK(to_bits(half[1]) == 0);
    CHECK(to_bits(half[2]) == to_bits(T(0.5F)));
    std::vector<T> const far = softmax({largest<T>(), negate(largest<T>())});
    CHECK(to_bits(far[0]) == to_bits(T(1)));
    CHECK(to_bits(far[1]) == 0);

    // Three rows of a wider matrix, together and one by one.
    random_stream random(3);
    std::vector<T> numbers(3 * 16);
    for (T& z : numbers) z = detail::convert<T>(20 * random.uniform() - 10);
    std::vector<T> together = numbers;
    activate_rows(activation::softmax, matrix_view<T>(together.data(), 3, 8, 16, 2));
    for (std::size_t i = 0; i < 3; ++i) {
        std::vector<T> row;
        for (std::size_t j = 0; j < 8; ++j) row.push_back(numbers[16 * i + 2 * j]);
        row = softmax(row);
        for (std::size_t j = 0; j < 8; ++j) {
            CHECK(to_bits(together[16 * i + 2 * j]) == to_bits(row[j]));
            CHECK(to_bits(together[16 * i + 2 * j + 1]) == to_bits(numbers[16 * i + 2 * j + 1]));
        }
    }
}

TEST_CASE("activate_rows: strides that meet are refused", "[nn][activation]") {
    std::vector<float> y{1, 2};
    CHECK_THROWS_WITH(activate_rows(activation::tanh, matrix_view<float>(y.data(), 3, 2, 0, 1)),
                      Catch::Contains("holds some element twice"));
}

TEST_CASE("activate_rows: every activation as activate, software numbers too", "[nn][activation]") {
    std::vector<float> const z{-3, -0.5F, -0.0F, 0.25F, 7, -200};
    for (auto const& entry : detail::activation_names) {
        if (!is_elementwise(entry.act)) continue;
        std::vector<float> y = z;
        activate_rows(entry.act, matrix_view<float>(y.data(), 2, 3));
        for (std::size_t k = 0; k < z.size(); ++k) CHECK(to_bits(y[k]) == to_bits(activate(entry.act, z[k])));
    }
    using number = boost::multiprecision::cpp_bin_float_50;
    std::vector<number> row{number(1000), number(999)};
    activate_rows(activation::softmax, matrix_view<number>(row.data(), 1, 2));
    CHECK(abs(number(row[0] + row[1] - 1)) < number("1e-48"));
    CHECK(abs(number(row[0] - 1 / (1 + exp(number(-1))))) < number("1e-48"));
    std::vector<double_double> words{double_double(1.0)};
    CHECK_THROWS_WITH(activate_rows(activation::softmax, matrix_view<double_double>(words.data(), 1, 1)),
                      Catch::Contains("softmax needs exp"));
}
