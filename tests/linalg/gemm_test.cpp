// SPDX-License-Identifier: BSL-1.0
#include <lastbit/linalg/gemm.hpp>

#include "../fold/software.hpp"
#include "products.hpp"

using namespace lastbit;
using namespace lastbit_tests;

template <class M, class T, class R>
constexpr bool can_multiply = requires(matrix_view<T> a, matrix_view<R> c) {
    gemm<M>(a, a, c);
};
static_assert(can_multiply<plain, float, float> && can_multiply<kahan, float const, double> &&
              can_multiply<plain, float, bfloat16>);
static_assert(!can_multiply<sequential, float, float> && !can_multiply<plain, int, int>);
static_assert(!can_multiply<widened<float>, double, double>);

TEST_CASE("gemm: each element has the bits of dot, in float", "[linalg][gemm]") {
    check_products<plain, float>();
    check_products<method<plain, sequential>, float>();
    check_products<method<fused, pairwise<8>>, float>();
    check_products<method<kahan, sequential>, float>();
    check_products<method<compensated<3>, sequential>, float>();
    check_products<method<widened<double>, sequential>, float>();
}

TEST_CASE("gemm: each element has the bits of dot, in double", "[linalg][gemm]") {
    check_products<method<fused, sequential>, double>();
    check_products<neumaier, double>();
    check_products<method<klein, pairwise<8>>, double>();
    check_products<method<compensated<2>, pairwise<>>, double>();
}

TEST_CASE("gemm: each element has the bits of dot, in bfloat16", "[linalg][gemm]") {
    check_products<method<plain, sequential>, bfloat16>();
    check_products<method<widened<float>, pairwise<4>>, bfloat16>();
}

TEST_CASE("gemm: each element has the bits of dot, in float16", "[linalg][gemm]") {
    check_products<method<neumaier, sequential>, float16>();
    check_products<method<widened<double>, lanes<>>, float16>();
}

TEST_CASE("gemm: another output format is rounded once from the sum", "[linalg][gemm]") {
    auto const [x, y] = make_data<float>(family::ordinary, 40, 3);
    matrix_view<float const> const a(x.data(), 4, 10);
    matrix_view<float const> const b(y.data(), 10, 4);
    std::vector<double> wide(16);
    std::vector<bfloat16> narrow(16);
    gemm<widened<double>, sequential>(a, b, matrix_view<double>(wide.data(), 4, 4));
    gemm<widened<double>, sequential>(a, b, matrix_view<bfloat16>(narrow.data(), 4, 4));
    for (std::size_t i = 0; i < 4; ++i)
        for (std::size_t j = 0; j < 4; ++j) {
            double sum = -0.0;
            for (std::size_t k = 0; k < 10; ++k)
                sum = add(sum, mul(static_cast<double>(a(i, k)), static_cast<double>(b(k, j))));
            CHECK(to_bits(wide[4 * i + j]) == to_bits(sum));
            CHECK(to_bits(narrow[4 * i + j]) == to_bits(bfloat16(sum)));
        }
    std::vector<double> held_in_float(16);
    gemm<kahan>(a, b, matrix_view<double>(held_in_float.data(), 4, 4));
    for (std::size_t i = 0; i < 4; ++i)
        CHECK(held_in_float[4 * i] ==
              static_cast<double>(dot<kahan>(row_of<float>(a, i), row_of<float>(transposed(b), 0))));
}

TEST_CASE("gemm: no columns to sum give +0, no elements are fine", "[linalg][gemm]") {
    std::vector<float> c(6, -1.0F);
    matrix_view<float const> const none;
    gemm<plain, sequential>(matrix_view<float const>(nullptr, 2, 0), matrix_view<float const>(nullptr, 0, 3),
                            matrix_view<float>(c.data(), 2, 3));
    for (float const element : c) CHECK(to_bits(element) == 0);
    gemm<kahan>(none, none, matrix_view<float>());
    gemm<plain>(matrix_view<float const>(c.data(), 0, 3), matrix_view<float const>(c.data(), 3, 2),
                matrix_view<float>(nullptr, 0, 2));
    CHECK(to_bits(c[0]) == 0);
}

TEST_CASE("gemm: shapes that do not fit are refused, and both named", "[linalg][gemm]") {
    std::vector<float> x(64);
    std::vector<float> y(64);
    matrix_view<float const> const a(x.data(), 2, 3);
    matrix_view<float const> const b(x.data() + 8, 4, 5);
    matrix_view<float const> const fitting(x.data() + 8, 3, 5);
    matrix_view<float> const c(y.data(), 2, 5);
    CHECK_THROWS_AS(gemm<plain>(a, b, c), std::invalid_argument);
    CHECK_THROWS_WITH(gemm<plain>(a, b, c), Catch::Contains("[2 x 3]") && Catch::Contains("[4 x 5]"));
    CHECK_THROWS_WITH(gemm<plain>(a, fitting, matrix_view<float>(y.data(), 2, 4)),
                      Catch::Contains("[2 x 5]") && Catch::Contains("[2 x 4]"));
    CHECK_NOTHROW(gemm<plain>(a, fitting, c));
}

TEST_CASE("gemm: an output that overlaps an input or itself is refused, one that interleaves is not",
          "[linalg][gemm]") {
    std::vector<double> x(64, 1.0);
    matrix_view<double const> const left(x.data(), 3, 3, 6);
    matrix_view<double> const right(x.data() + 3, 3, 3, 6);
    CHECK_NOTHROW(gemm<plain>(left, left, right));
    CHECK(x[3] == 3.0);
    CHECK(x[0] == 1.0);
    matrix_view<double const> const fresh(x.data() + 32, 3, 3);
    CHECK_THROWS_WITH(gemm<plain>(right, fresh, right), Catch::Contains("overlaps A"));
    CHECK_THROWS_WITH(gemm<plain>(fresh, right, right), Catch::Contains("overlaps B"));
    CHECK_THROWS_AS(gemm<plain>(left, fresh, matrix_view<double>(x.data() + 2, 3, 3, 6)), std::invalid_argument);
    CHECK_THROWS_WITH(gemm<plain>(left, left, matrix_view<double>(x.data() + 50, 3, 3, 0)),
                      Catch::Contains("twice"));
}

TEST_CASE("gemm: a batch has the bits of its rows one by one", "[linalg][gemm]") {
    auto const data = make_data<float>(family::wide, 37 * 40, 8);
    matrix_view<float const> const a(data.x.data(), 37, 40);
    matrix_view<float const> const b(data.y.data(), 40, 37);
    std::vector<float> all(37 * 37);
    std::vector<float> one(37);
    auto const compare = [&]<class M>(M) {
        gemm<M>(a, b, matrix_view<float>(all.data(), 37, 37));
        for (std::size_t i = 0; i < 37; ++i) {
            gemm<M>(a.row_block(i, 1), b, matrix_view<float>(one.data(), 1, 37));
            for (std::size_t j = 0; j < 37; ++j) CHECK(to_bits(one[j]) == to_bits(all[37 * i + j]));
        }
    };
    compare(method<plain>{});
    compare(method<fused, sequential>{});
}

TEST_CASE("gemm: rational numbers are exact", "[linalg][gemm]") {
    auto const x = fractions<rational>(12);
    auto const y = fractions<rational>(12, 5);
    std::vector<rational> c(9);
    auto const compare = [&]<class M>(M) {
        gemm<M>(matrix_view<rational const>(x.data(), 3, 4), matrix_view<rational const>(y.data(), 4, 3),
                matrix_view<rational>(c.data(), 3, 3));
        for (std::size_t i = 0; i < 3; ++i)
            for (std::size_t j = 0; j < 3; ++j) {
                rational exact = 0;
                for (std::size_t k = 0; k < 4; ++k) exact += x[4 * i + k] * y[3 * k + j];
                CHECK(c[3 * i + j] == exact);
            }
    };
    compare(method<plain>{});
    compare(method<neumaier, sequential>{});
    compare(method<klein, pairwise<2>>{});
}
