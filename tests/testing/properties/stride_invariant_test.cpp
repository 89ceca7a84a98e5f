// SPDX-License-Identifier: BSL-1.0
#include <lastbit/testing/properties/stride_invariant.hpp>

#include "testing/kernels.hpp"
#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit::testing;
using namespace lastbit_tests;

TEST_CASE("is_stride_invariant: true of loops over views", "[testing][stride_invariant]") {
    CHECK(is_stride_invariant(loop_gemm<float>));
    CHECK(is_stride_invariant(exact_gemm<double>));
    CHECK(is_stride_invariant(loop_gemv<bfloat16>));
}

TEST_CASE("is_stride_invariant: strides that the kernel does not accept are not tried", "[testing][stride_invariant]") {
    auto const packed = [](view<float const> a, view<float const> b, view<float> c) {
        loop_gemm<float>({a.data(), a.rows(), a.cols()}, {b.data(), b.rows(), b.cols()},
                         {c.data(), c.rows(), c.cols()});
    };
    auto const nothing = is_stride_invariant(gemm_kernel<float>(packed, {}));
    CHECK(nothing);
    CHECK_FALSE(nothing.applicable);
    CHECK_FALSE(is_stride_invariant(gemm_kernel<float>(packed, {.row_strides = true})));
    CHECK_FALSE(is_stride_invariant(exact_sum<float>).applicable);
}

TEST_CASE("is_stride_invariant: another order for column-major operands", "[testing][stride_invariant]") {
    auto const kernel = [](view<float const> a, view<float const> b, view<float> c) {
        bool const backward = b.row_stride() == 1 && b.rows() > 1 && b.cols() > 1;
        for (std::size_t i = 0; i < c.rows(); ++i)
            for (std::size_t j = 0; j < c.cols(); ++j) {
                float total = 0;
                for (std::size_t p = 0; p < a.cols(); ++p) {
                    std::size_t const q = backward ? a.cols() - 1 - p : p;
                    total = add(total, mul(a(i, q), b(q, j)));
                }
                c(i, j) = total;
            }
    };
    auto const result = is_stride_invariant(kernel);
    CHECK_FALSE(result);
    CHECK(result.finding.fault == "stride_dependent");
    CHECK((result.m == 1 && result.n == 2 && result.k == 3));
    CHECK(result.text().find("with B column-major") != std::string::npos);
}

TEST_CASE("is_stride_invariant: writes between the rows of C", "[testing][stride_invariant]") {
    auto const kernel = after_loop<float>([](auto, auto, view<float> c) {
        if (c.col_stride() == 1 && c.row_stride() > static_cast<std::ptrdiff_t>(c.cols()) && c.rows() > 1)
            c.data()[c.cols()] = 1;
    });
    auto const result = is_stride_invariant(kernel);
    CHECK_FALSE(result);
    CHECK(result.finding.fault == "outside_written");
    CHECK((result.m == 2 && result.n == 1 && result.k == 0));
}
