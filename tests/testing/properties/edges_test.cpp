// SPDX-License-Identifier: BSL-1.0
#include <lastbit/testing/properties/edges.hpp>

#include "testing/kernels.hpp"
#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit::testing;
using namespace lastbit_tests;

TEMPLATE_TEST_CASE("handles_edges: true of loops and of what is correctly rounded", "[testing][edges]", float, double,
                   bfloat16, float16) {
    CHECK(handles_edges<TestType>(loop_gemm<TestType>));
    CHECK(handles_edges<TestType>(exact_gemm<TestType>));
    CHECK(handles_edges<TestType>(exact_sum<TestType>));
    CHECK(handles_edges<TestType>(loop_dot<TestType>));
    CHECK(handles_edges<TestType>(loop_gemv<TestType>));
    CHECK(handles_edges<TestType>(scaled_gemm<TestType>));
}

TEST_CASE("handles_edges: whole numbers", "[testing][edges]") {
    CHECK(handles_edges([](view<std::int8_t const> a, view<std::int8_t const> b, view<std::int32_t> c) {
        for (std::size_t i = 0; i < c.rows(); ++i)
            for (std::size_t j = 0; j < c.cols(); ++j) {
                c(i, j) = 0;
                for (std::size_t p = 0; p < a.cols(); ++p) c(i, j) += a(i, p) * b(p, j);
            }
    }));
}

TEST_CASE("handles_edges: a tail of columns not written", "[testing][edges]") {
    auto const kernel = [](view<float const> a, view<float const> b, view<float> c) {
        std::size_t const whole = c.cols() - c.cols() % 8;
        loop_gemm<float>(a, {b.data(), b.rows(), whole, b.row_stride(), b.col_stride()},
                         {c.data(), c.rows(), whole, c.row_stride(), c.col_stride()});
    };
    auto const result = handles_edges(kernel);
    CHECK_FALSE(result);
    CHECK(result.finding.fault == "element_not_written");
    CHECK((result.m == 1 && result.n == 1 && result.k == 0));
    // Nine columns, of which the ninth is forgotten.
    auto const ninth = handles_edges([&](view<float const> a, view<float const> b, view<float> c) {
        if (c.cols() > 8 && c.cols() % 8 == 1) kernel(a, b, c);
        else loop_gemm<float>(a, b, c);
    });
    CHECK_FALSE(ninth);
    CHECK(ninth.finding.fault == "element_not_written");
    CHECK((ninth.m == 1 && ninth.n == 9 && ninth.k == 0));
    CHECK(ninth.finding.col == 8);
}

TEST_CASE("handles_edges: the last product of a long sum dropped", "[testing][edges]") {
    auto const result = handles_edges([](std::span<float const> x, std::span<float const> y) {
        std::size_t const n = x.size() > 16 && x.size() % 16 != 0 ? x.size() - 1 : x.size();
        return loop_dot<float>(x.first(n), y.first(n));
    });
    CHECK_FALSE(result);
    CHECK(result.finding.fault == "wrong_value");
    CHECK(result.k == 17);
}

TEST_CASE("handles_edges: k = 0", "[testing][edges]") {
    auto const untouched = handles_edges([](view<float const> a, view<float const> b, view<float> c) {
        if (a.cols() > 0) loop_gemm<float>(a, b, c);
    });
    CHECK_FALSE(untouched);
    CHECK(untouched.finding.fault == "element_not_written");
    CHECK((untouched.m == 1 && untouched.n == 1 && untouched.k == 0));
    auto const one = handles_edges([](std::span<float const> x) { return x.empty() ? 1.0F : sum(x); });
    CHECK_FALSE(one);
    CHECK(one.finding.fault == "empty_sum_not_zero");
}

TEST_CASE("handles_edges: alpha, beta, and what C held", "[testing][edges]") {
    using v = view<float const>;
    auto const reads = handles_edges([](float alpha, v a, v b, float beta, view<float> c) {
        for (std::size_t i = 0; i < c.rows(); ++i)
            for (std::size_t j = 0; j < c.cols(); ++j) c(i, j) = mul(beta, c(i, j));
        std::vector<float> product(c.rows() * c.cols());
        view<float> const d(product.data(), c.rows(), c.cols());
        loop_gemm<float>(a, b, d);
        for (std::size_t i = 0; i < c.rows(); ++i)
            for (std::size_t j = 0; j < c.cols(); ++j) c(i, j) = add(c(i, j), mul(alpha, d(i, j)));
    });
    CHECK_FALSE(reads);
    CHECK(reads.finding.fault == "c_read_at_beta_zero");
    CHECK((reads.m == 1 && reads.n == 1 && reads.k == 0));
    auto const ignores =
        handles_edges([](float alpha, v a, v b, float, view<float> c) { scaled_gemm<float>(alpha, a, b, 0.0F, c); });
    CHECK_FALSE(ignores);
    CHECK(ignores.finding.fault == "beta_ignored");
    CHECK((ignores.m == 1 && ignores.n == 1 && ignores.k == 0));
    auto const no_alpha =
        handles_edges([](float, v a, v b, float beta, view<float> c) { scaled_gemm<float>(1.0F, a, b, beta, c); });
    CHECK_FALSE(no_alpha);
    CHECK(no_alpha.finding.fault == "alpha_ignored");
    CHECK((no_alpha.m == 1 && no_alpha.n == 1 && no_alpha.k == 1));
    auto const adds = handles_edges([](v a, v b, view<float> c) { scaled_gemm<float>(1.0F, a, b, 1.0F, c); });
    CHECK_FALSE(adds);
    CHECK(adds.finding.fault == "reads_output");
    CHECK((adds.m == 1 && adds.n == 1 && adds.k == 1));
}

TEST_CASE("handles_edges: whole vectors written into the gap behind a row", "[testing][edges]") {
    auto const kernel = after_loop<float>([](auto, auto, view<float> c) {
        for (std::size_t i = 0; i + 1 < c.rows(); ++i)
            for (std::size_t j = c.cols(); j % 4 != 0 && c.row_stride() >= static_cast<std::ptrdiff_t>(c.cols()) + 3;
                 ++j)
                (&c(i, 0))[j] = 0.0F;
    });
    auto const result = handles_edges(kernel);
    CHECK_FALSE(result);
    CHECK(result.finding.fault == "outside_written");
    CHECK((result.m == 2 && result.n == 1 && result.k == 0));
}
