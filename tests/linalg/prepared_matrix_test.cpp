// SPDX-License-Identifier: BSL-1.0
#include <lastbit/linalg/prepared_matrix.hpp>

#include "hard_products.hpp"
#include "trials.hpp"

#include <stdexcept>

using namespace lastbit;
using namespace lastbit_tests;

namespace {

template <class R, class T>
void check_prepared() {
    random_stream chance(9, format<T>::precision * 100 + format<R>::precision);
    for (std::size_t trial = 0; trial < trials(60); ++trial) {
        auto const n = static_cast<std::size_t>(chance.below(60));
        auto const k = static_cast<std::size_t>(chance.below(60));
        auto const kind = static_cast<std::size_t>(chance.below(kinds_of_products));
        auto const data = make_product<R, T>(kind, 30, n, k, trial);
        stored_matrix<T> const b(data.y, k, n, layouts[chance.below(layouts.size())]);
        prepared_matrix<T> const prepared(b.view());
        REQUIRE((prepared.rows() == k && prepared.cols() == n));
        for (std::size_t l = 0; l < k; ++l)
            for (std::size_t j = 0; j < n; ++j) REQUIRE(to_bits(prepared.view()(l, j)) == to_bits(b.view()(l, j)));
        // Many products with one matrix.
        for (std::size_t const m : {0U, 1U, 2U, 3U, 4U, 9U, 30U}) {
            INFO(format<T>::name << " into " << format<R>::name << ": " << m << " x " << k << " x " << n << ", kind "
                                 << kind);
            matrix_view<T const> const a(data.x.data(), m, k);
            std::vector<R> c(m * n + 1, R(3.0F));
            matrix_view<R> const result(c.data(), m, n);
            gemm(a, prepared, result);
            REQUIRE((wrong_elements<R, T>(a, b.view(), nullptr, result) == 0));
            prepared.multiply(a, n == 0 || k == 0 ? nullptr : data.y.data(), result);
            REQUIRE((wrong_elements<R, T>(a, b.view(), n == 0 || k == 0 ? nullptr : data.y.data(), result) == 0));
            REQUIRE(to_bits(c.back()) == to_bits(R(3.0F)));
        }
        std::vector<T> const x(data.x.begin(), data.x.begin() + static_cast<std::ptrdiff_t>(k));
        std::vector<R> y(n);
        gemv(prepared, x, y);
        REQUIRE((wrong_elements<R, T>(matrix_view<T const>(x.data(), 1, k), b.view(), nullptr,
                                      matrix_view<R const>(y.data(), 1, n)) == 0));
    }
}

}  // namespace

TEST_CASE("prepared_matrix: products have the bits of the exact values, call after call", "[linalg][prepared]") {
    check_prepared<float, float>();
    check_prepared<bfloat16, bfloat16>();
    check_prepared<float, bfloat16>();
    check_prepared<float16, float16>();
    check_prepared<double, double>();
    check_prepared<float, double>();
    check_prepared<double, float>();
}

TEST_CASE("prepared_matrix: it is a copy", "[linalg][prepared]") {
    std::vector<float> b{1.0F, 2.0F};
    prepared_matrix<float> const prepared(matrix_view<float const>(b.data(), 2, 1));
    b[0] = 100.0F;
    std::vector<float> const x{10.0F, 1.0F};
    std::vector<double> y(1);
    gemv(prepared, x, y);
    CHECK(y[0] == 12.0);
}

TEST_CASE("prepared_matrix: shapes that do not fit and overlap are refused", "[linalg][prepared]") {
    std::vector<float> const b(6);
    std::vector<float> c(12);
    prepared_matrix<float> const prepared(matrix_view<float const>(b.data(), 2, 3));
    matrix_view<float> const two_by_two(c.data(), 2, 2);
    CHECK_THROWS_AS(gemm(matrix_view<float const>(b.data(), 2, 3), prepared, matrix_view<float>(c.data(), 2, 3)),
                    std::invalid_argument);
    CHECK_THROWS_AS(gemm(matrix_view<float const>(b.data(), 2, 2), prepared, two_by_two), std::invalid_argument);
    CHECK_THROWS_AS(gemm(two_by_two, prepared, matrix_view<float>(c.data() + 2, 2, 3)), std::invalid_argument);
    std::vector<float> y(2);
    CHECK_THROWS_AS(gemv(prepared, std::vector<float>(2), y), std::invalid_argument);
    CHECK_THROWS_AS(gemv(prepared, std::vector<float>(3), std::vector<float>(3)), std::invalid_argument);
}
