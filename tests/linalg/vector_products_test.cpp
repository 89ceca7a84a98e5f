// SPDX-License-Identifier: BSL-1.0
#include <lastbit/linalg/vector_products.hpp>

#include "products.hpp"

#include <lastbit/oracle/dot.hpp>

using namespace lastbit;
using namespace lastbit_tests;

namespace {

/// The sums are within gamma of the height, and the lengths are bounds.
template <class T>
void check_vector_products(std::size_t m, std::size_t k, bool by_columns) {
    auto const data = make_data<T>(family::wide, m * k, 6);
    stored_matrix<T> const stored(data.x, m, k, by_columns ? layout::transposed : layout::padded);
    matrix_view<T const> const a(stored.view());
    std::vector<T> const y(data.y.begin(), data.y.begin() + static_cast<std::ptrdiff_t>(k));
    std::vector<double> x(detail::vector_products::padded(k), 0.0);
    detail::widen_run(y.data(), 1, k, x.data());
    std::vector<double> sum(m + 1, -3.0);
    std::vector<double> length(m + 1, -3.0);
    std::vector<double> again(m, -3.0);
    if (by_columns) {
        detail::multiply_by_columns<true>(a, x.data(), sum.data(), length.data());
        detail::multiply_by_columns<false>(a, x.data(), again.data(), nullptr);
    } else {
        detail::multiply_by_rows<true>(a, x.data(), sum.data(), length.data());
        detail::multiply_by_rows<false>(a, x.data(), again.data(), nullptr);
    }
    REQUIRE(to_bits(sum[m]) == to_bits(-3.0));
    REQUIRE(to_bits(length[m]) == to_bits(-3.0));
    double const relative = static_cast<double>(detail::vector_products::height(k, by_columns)) * 0x1p-53 * 1.000001;
    for (std::size_t i = 0; i < m; ++i) {
        REQUIRE(to_bits(sum[i]) == to_bits(again[i]));
        auto const row = row_of<T>(a, i);
        oracle::real const exact = oracle::dot(row, y);
        std::vector<double> const computed{sum[i]};
        std::vector<double> const one{1.0};
        oracle::real const error = (exact - oracle::dot(computed, one)).abs();
        std::vector<double> const size{
            oracle::dot_of_absolutes(row, y).template round<double>(oracle::direction::upward)};
        std::vector<double> const bound{relative};
        REQUIRE(error <= oracle::dot(size, bound));
        std::vector<double> const bounding{length[i]};
        if (is_finite(length[i])) REQUIRE(oracle::dot(row, row) <= oracle::dot(bounding, bounding));
    }
}

}  // namespace

TEST_CASE("multiply_by_rows, multiply_by_columns: sums within the bound of their height, lengths that bound",
          "[linalg][vector_products]") {
    environment::guard const guard;
    for (bool const by_columns : {false, true})
        for (std::size_t const m : {1U, 2U, 4U, 5U, 33U, 66U})
            for (std::size_t const k : {1U, 15U, 16U, 17U, 300U, 5000U}) {
                INFO(m << " x " << k << ", by columns: " << by_columns);
                check_vector_products<float>(m, k, by_columns);
                check_vector_products<bfloat16>(m, k, by_columns);
            }
    check_vector_products<float16>(5, 100, false);
    check_vector_products<float16>(5, 100, true);
    check_vector_products<float>(2, 300000, false);
}

TEST_CASE("multiply_by_rows: squares that overflow or vanish in float still give a bound",
          "[linalg][vector_products]") {
    environment::guard const guard;
    std::vector<double> const x(32, 1.0);
    std::array<double, 4> sum{};
    std::array<double, 4> length{};
    std::vector<float> const huge(64, 0x1p100F);
    detail::multiply_by_rows<true>(matrix_view<float const>(huge.data(), 2, 32), x.data(), sum.data(), length.data());
    CHECK(!(length[0] < 0x1p102));
    std::vector<float> const tiny(64, 0x1p-140F);
    detail::multiply_by_rows<true>(matrix_view<float const>(tiny.data(), 2, 32), x.data(), sum.data(), length.data());
    CHECK(length[0] >= 0x1p-137);
    CHECK(to_bits(sum[1]) == to_bits(0x1p-135));
}
