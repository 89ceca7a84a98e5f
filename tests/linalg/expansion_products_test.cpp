// SPDX-License-Identifier: BSL-1.0
#include <lastbit/linalg/expansion_products.hpp>

#include "exact/hard_expansions.hpp"
#include "products.hpp"

using namespace lastbit;
using namespace lastbit_tests;

namespace {

template <class E>
std::vector<E> random_numbers(std::size_t n, std::uint64_t seed) {
    hard_expansions<typename E::word_type, E::words> make(seed);
    std::vector<E> x(n);
    for (E& e : x) e = make.any(3);
    return x;
}

template <class E>
bool same_bits(E const& x, E const& y) {
    for (std::size_t q = 0; q < E::words; ++q)
        if (to_bits(x[q]) != to_bits(y[q])) return false;
    return true;
}

/// Products of [m x k] and [k x n] in both layouts of memory: each element has the bits of the dot product.
template <class M, class E>
void check_products(std::size_t m, std::size_t k, std::size_t n) {
    using matrix = expansion_matrix<typename E::word_type, E::words>;
    using vector = expansion_vector<typename E::word_type, E::words>;
    auto const x = random_numbers<E>(m * k, 3 * m + k);
    auto const y = random_numbers<E>(k * n, 5 * n + k);
    std::size_t wrong = 0;
    for (layout const how : layouts) {
        stored_matrix<E> const a(x, m, k, how);
        stored_matrix<E> const b(y, k, n, how);
        matrix_view<E const> const A(a.view());
        matrix_view<E const> const B(b.view());
        std::vector<E> whole(m * n, E(7));
        gemm<M>(A, B, matrix_view<E>(whole.data(), m, n));
        matrix const sa(A), sb(B), sa_across(transposed(A)), sb_across(transposed(B));
        matrix split(m, n), strided(m, n);
        gemm<M>(sa, sb, split);
        gemm<M>(transposed(sa_across.view()), transposed(sb_across.view()), strided);
        for (std::size_t i = 0; i < m; ++i)
            for (std::size_t j = 0; j < n; ++j) {
                E const want = dot<M>(row_of<E>(A, i), row_of<E>(transposed(B), j));
                wrong += same_bits(whole[i * n + j], want) ? 0U : 1U;
                wrong += same_bits(E(split(i, j)), want) ? 0U : 1U;
                wrong += same_bits(E(strided(i, j)), want) ? 0U : 1U;
            }
        if (n != 1) continue;
        vector const column(row_of<E>(transposed(B), 0));
        vector result(m);
        gemv<M>(sa, column, result);
        for (std::size_t i = 0; i < m; ++i) wrong += same_bits(E(result[i]), E(split(i, 0))) ? 0U : 1U;
    }
    CAPTURE(m, k, n);
    CHECK(wrong == 0);
}

template <class M, class E>
void check_shapes() {
    for (std::size_t const k : {std::size_t{0}, std::size_t{1}, std::size_t{7}, std::size_t{37}}) {
        check_products<M, E>(1, k, 1);
        check_products<M, E>(3, k, 2);
        check_products<M, E>(5, k, 19);
        check_products<M, E>(21, k, 3);
        check_products<M, E>(17, k, 1);
    }
    check_products<M, E>(0, 3, 4);
    check_products<M, E>(4, 3, 0);
}

}  // namespace

TEST_CASE("gemm, gemv of expansions: the bits of dot, in both layouts of memory", "[linalg][expansion_products]") {
    check_shapes<multiword<2>, double_double>();
    check_shapes<multiword<3>, expansion<float, 3>>();
    check_shapes<method<multiword<2>, pairwise<4>>, expansion<float, 2>>();
    check_shapes<method<multiword<4>, sequential>, quad_double>();
}

TEST_CASE("gemm of expansions: what a register of sums comes to has the bits of each sum by itself",
          "[linalg][expansion_products]") {
    // Easy numbers, which a register takes together, among them a sum that is not easy: each kind, at each place.
    double const kinds[] = {0.0, -0.0, 0x1p-1074, 0x1p-1030, 1e300, infinity<double>(), canonical_nan<double>()};
    constexpr std::size_t size = 33;
    random_stream random(5, 1);
    for (std::size_t trial = 0; trial < 60; ++trial) {
        expansion_matrix<double, 2> a(3, 5), b(5, size), c(3, size);
        for (std::size_t l = 0; l < 5; ++l) {
            for (std::size_t i = 0; i < 3; ++i) a(i, l) = double_double(random.uniform()) / 3;
            for (std::size_t j = 0; j < size; ++j) b(l, j) = double_double(random.uniform()) / 7;
        }
        if (trial > 0)
            for (std::size_t l = 0; l < 5; ++l) b(l, trial % size) = double_double(kinds[trial % std::size(kinds)]);
        if (trial % 4 == 1) {  // a sum of zero
            for (std::size_t i = 0; i < 3; ++i) a(i, 1) = double_double(a(i, 0));
            for (std::size_t l = 0; l < 5; ++l) b(l, 1) = double_double(l == 0 ? 1.0 : l == 1 ? -1.0 : 0.0);
        }
        gemm<multiword<2>>(a, b, c);
        for (std::size_t i = 0; i < 3; ++i)
            for (std::size_t j = 0; j < size; ++j) {
                expansion_vector<double, 2> x(5), y(5);
                for (std::size_t l = 0; l < 5; ++l) {
                    x[l] = a(i, l);
                    y[l] = b(l, j);
                }
                CAPTURE(trial, i, j);
                CHECK(same_bits(double_double(c(i, j)), dot<multiword<2>>(x, y)));
            }
    }
}

TEST_CASE("gemm of expansions: by an accumulator that takes them for numbers of another library",
          "[linalg][expansion_products]") {
    check_products<plain, double_double>(3, 5, 4);
    check_products<method<kahan, sequential>, double_double>(3, 5, 4);
}

TEST_CASE("gemm, gemv of expansions: the default method is multiword", "[linalg][expansion_products]") {
    auto const x = random_numbers<double_double>(12, 1);
    expansion_matrix<double, 2> const a(matrix_view<double_double const>(x.data(), 3, 4));
    expansion_vector<double, 2> const v(std::vector(x.begin(), x.begin() + 4));
    expansion_matrix<double, 2> c(3, 3), d(3, 3), e(3, 3);
    gemm(a, transposed(a.view()), c);
    gemm<multiword<2>>(a, transposed(a.view()), d);
    gemm<multiword<2>, lanes<>>(a, transposed(a.view()), e);
    expansion_vector<double, 2> y(3), z(3);
    gemv(a, v, y);
    gemv<multiword<2>, lanes<>>(a, v, z);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(same_bits(double_double(y[i]), double_double(z[i])));
        for (std::size_t j = 0; j < 3; ++j) {
            CHECK(same_bits(double_double(c(i, j)), double_double(d(i, j))));
            CHECK(same_bits(double_double(c(i, j)), double_double(e(i, j))));
        }
    }
}

TEST_CASE("gemm, gemv of expansions: what does not fit is refused, and nothing is written",
          "[linalg][expansion_products]") {
    using Catch::Contains;
    expansion_matrix<double, 2> a(3, 4), b(4, 2), c(3, 2), wrong(2, 3);
    expansion_vector<double, 2> x(4), y(3);
    CHECK_THROWS_WITH(gemm(a, a, c), Contains("[3 x 4] and B [3 x 4]"));
    CHECK_THROWS_WITH(gemm(a, b, wrong), Contains("C has [2 x 3]"));
    CHECK_THROWS_WITH(gemv(a, y, y), Contains("x must have A's columns"));
    expansion_matrix<double, 2> square(3, 3);
    CHECK_THROWS_WITH(gemm(square, square, square), Contains("C overlaps A"));
    expansion_matrix<double, 2> const other(3, 3);
    CHECK_THROWS_WITH(gemm(other, square, square), Contains("C overlaps B"));
    CHECK_THROWS_WITH(gemv(square, y, y), Contains("y overlaps x"));
}
