// SPDX-License-Identifier: BSL-1.0
#include <lastbit/linalg/gemv.hpp>

#include "products.hpp"

#include <span>

using namespace lastbit;
using namespace lastbit_tests;

namespace {

template <class M, class T>
void check_gemv() {
    for (std::size_t m : {0U, 1U, 3U, 8U, 37U})
        for (std::size_t k : {0U, 1U, 5U, 33U, 130U})
            for (layout const how : layouts) {
                auto const numbers = make_data<T>(family::wide, std::max(m, std::size_t{1}) * k, m + k);
                stored_matrix<T> const a(numbers.x, m, k, how);
                std::vector<T> const x(numbers.y.begin(), numbers.y.begin() + static_cast<std::ptrdiff_t>(k));
                std::vector<T> y(m, T(99));
                gemv<M>(a.view(), x, y);
                for (std::size_t i = 0; i < m; ++i) CHECK(to_bits(y[i]) == to_bits(dot<M>(row_of<T>(a.view(), i), x)));
            }
}

}  // namespace

TEST_CASE("gemv: each element has the bits of dot", "[linalg][gemv]") {
    check_gemv<plain, float>();
    check_gemv<method<fused, sequential>, float>();
    check_gemv<method<compensated<2>, pairwise<4>>, double>();
    check_gemv<method<widened<float>, sequential>, bfloat16>();
    check_gemv<kahan, float16>();
}

TEST_CASE("gemv: shapes that do not fit are refused, and all named", "[linalg][gemv]") {
    std::vector<float> const a(12);
    std::vector<float> const x(3);
    std::vector<float> y(4);
    matrix_view<float const> const view(a.data(), 3, 4);
    CHECK_THROWS_AS(gemv<plain>(view, x, y), std::invalid_argument);
    CHECK_THROWS_WITH(gemv<plain>(view, x, y),
                      Catch::Contains("[3 x 4]") && Catch::Contains("[3]") && Catch::Contains("[4]"));
    CHECK_NOTHROW(gemv<plain>(transposed(view), x, y));
}

TEST_CASE("gemv: an output that overlaps is refused", "[linalg][gemv]") {
    std::vector<double> a(9, 1.0);
    std::vector<double> x(3, 1.0);
    matrix_view<double const> const view(a.data(), 3, 3);
    CHECK_THROWS_AS(gemv<plain>(view, x, x), std::invalid_argument);
    CHECK_THROWS_AS(gemv<plain>(view, x, std::span<double>(a.data() + 6, 3)), std::invalid_argument);
}

TEST_CASE("gemv: the output's format may differ", "[linalg][gemv]") {
    std::vector<float> const a{1.0F, 0x1p-30F};
    std::vector<float> const x{1.0F, 1.0F};
    std::vector<double> y(1);
    gemv<widened<double>, sequential>(matrix_view<float const>(a.data(), 1, 2), x, y);
    CHECK(y[0] == 1.0 + 0x1p-30);
}
