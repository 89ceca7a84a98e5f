// SPDX-License-Identifier: BSL-1.0
#include <lastbit/linalg/wide_vector_products.hpp>

#include "products.hpp"

#include <lastbit/oracle/dot.hpp>

using namespace lastbit;
using namespace lastbit_tests;

namespace {

/// Both words are within the bound of their height, and the lengths are bounds.
template <class T>
void check_wide_products(std::size_t m, std::size_t k, bool by_columns, family kind) {
    auto const data = make_data<T>(kind, m * k, 6);
    stored_matrix<T> const stored(data.x, m, k, by_columns ? layout::transposed : layout::padded);
    matrix_view<T const> const a(stored.view());
    std::vector<T> const y(data.y.begin(), data.y.begin() + static_cast<std::ptrdiff_t>(k));
    std::vector<double> x(detail::wide_vector_products::padded(k), 0.0);
    detail::widen_run(y.data(), 1, k, x.data());
    std::vector<double> sum(m + 1, -3.0);
    std::vector<double> rest(m + 1, -3.0);
    std::vector<double> length(m + 1, -3.0);
    if (by_columns) detail::multiply_wide_by_columns<true>(a, x.data(), sum.data(), rest.data(), length.data());
    else detail::multiply_wide_by_rows<true>(a, x.data(), sum.data(), rest.data(), length.data());
    REQUIRE((sum[m] < -2 && rest[m] < -2 && length[m] < -2));
    auto const height = static_cast<double>(detail::wide_vector_products::height(k, by_columns));
    for (std::size_t i = 0; i < m; ++i) {
        auto row = row_of<T>(a, i);
        std::vector<double> const bounding{length[i]};
        REQUIRE(is_finite(length[i]));
        REQUIRE(oracle::dot(row, row) <= oracle::dot(bounding, bounding));
        std::vector<double> const size{
            oracle::dot_of_absolutes(row, y).template round<double>(oracle::direction::upward)};
        std::vector<double> const relative{(height + 3) * (height + 6) * 0x1p-106};
        std::vector<double> const words{sum[i], rest[i]};
        std::vector<double> const ones{1.0, 1.0};
        oracle::real const error = (oracle::dot(row, y) - oracle::dot(words, ones)).abs();
        REQUIRE(error <= oracle::dot(size, relative));
    }
}

}  // namespace

TEST_CASE("multiply_wide_by_rows, ..._by_columns: two words within the bound of their height",
          "[linalg][wide_vector_products]") {
    environment::guard const guard;
    for (bool const by_columns : {false, true})
        for (std::size_t const m : {1U, 2U, 5U, 33U})
            for (std::size_t const k : {1U, 7U, 8U, 17U, 300U, 5000U}) {
                INFO(m << " x " << k << ", by columns: " << by_columns);
                check_wide_products<double>(m, k, by_columns, family::ordinary);
                check_wide_products<float>(m, k, by_columns, family::wide);
            }
}
