// SPDX-License-Identifier: BSL-1.0
#include <lastbit/testing/kernel.hpp>

#include "testing/kernels.hpp"
#include <catch2/catch.hpp>

#include <stdexcept>
#include <vector>

using namespace lastbit;
using namespace lastbit::testing;
using namespace lastbit_tests;
using Catch::Matchers::Contains;

namespace {

/// As a Fortran BLAS has it: column-major, leading dimensions, no other strides.
void fortran_gemm(int const* m, int const* n, int const* k, float const* alpha, float const* a, int const* lda,
                  float const* b, int const* ldb, float const* beta, float* c, int const* ldc) {
    for (int j = 0; j < *n; ++j)
        for (int i = 0; i < *m; ++i) {
            float total = 0;
            for (int p = 0; p < *k; ++p) total += a[i + p * *lda] * b[p + j * *ldb];
            c[i + j * *ldc] = *alpha * total + (*beta == 0 ? 0 : *beta * c[i + j * *ldc]);
        }
}

/// Row-major C = A B is column-major C^T = B^T A^T.
kernel_under_test from_fortran(decltype(&fortran_gemm) function) {
    kernel_under_test kernel{kernel_kind::gemm, number_format::float32, number_format::float32, {}, {}};
    kernel.accepts.row_strides = kernel.accepts.alpha_beta = true;
    kernel.call = [function](kernel_call const& call) {
        auto const m = static_cast<int>(call.c.cols), n = static_cast<int>(call.c.rows),
                   k = static_cast<int>(call.a.cols);
        auto const lda = static_cast<int>(leading_layout_of(call.b).leading);
        auto const ldb = static_cast<int>(leading_layout_of(call.a).leading);
        auto const ldc = static_cast<int>(leading_layout_of(call.c).leading);
        auto const alpha = static_cast<float>(call.alpha), beta = static_cast<float>(call.beta);
        function(&m, &n, &k, &alpha, static_cast<float const*>(call.b.data), &lda,
                 static_cast<float const*>(call.a.data), &ldb, &beta, static_cast<float*>(call.c.data), &ldc);
    };
    return kernel;
}

}  // namespace

static_assert(kernel_callable<float (*)(std::span<float const>)>);
static_assert(kernel_callable<decltype(&loop_gemm<double>)>);
static_assert(!kernel_callable<int (*)(int)>);
static_assert(!kernel_callable<kernel_under_test> && testable_kernel<kernel_under_test>);
static_assert(!kernel_callable<decltype(&loop_gemm<double>), float>, "a kernel of doubles has no floats");

TEST_CASE("erase: kind and formats follow from what a callable takes", "[testing][kernel]") {
    auto const s = erase(exact_sum<bfloat16>);
    CHECK((s.kind == kernel_kind::sum && s.in == number_format::bfloat16 && s.out == number_format::bfloat16));
    auto const d = erase([](std::span<float16 const>, std::span<float16 const>) { return 1.0F; });
    CHECK((d.kind == kernel_kind::dot && d.in == number_format::float16 && d.out == number_format::float32));
    auto const v = erase(loop_gemv<double>);
    CHECK((v.kind == kernel_kind::gemv && v.in == number_format::float64 && v.out == number_format::float64));
    auto const p = erase([](view<std::int8_t const>, view<std::int8_t const>, view<std::int32_t>) {});
    CHECK((p.kind == kernel_kind::gemm && p.in == number_format::int8 && p.out == number_format::int32));
    CHECK_FALSE(p.accepts.alpha_beta);
    auto const scaled = erase(scaled_gemm<float>);
    CHECK((scaled.kind == kernel_kind::gemm && scaled.accepts.alpha_beta && scaled.accepts.row_strides));
}

TEST_CASE("erase: of a generic callable the format is given, else float", "[testing][kernel]") {
    auto const dot_of = [](auto x, auto y) { return x[0] * y[0]; };
    CHECK(erase(dot_of).in == number_format::float32);
    CHECK(erase<double>(dot_of).in == number_format::float64);
}

TEST_CASE("invoke: passes operands, strides, alpha and beta", "[testing][kernel]") {
    std::vector<float> const a{1, 2, 3, 4, 5, 6}, b{1, 10, 100, 7, 8, 9};
    std::vector<float> c{1, 1, -1, 1, 1, -1};
    // A = [1 2; 3 4; 5 6]^T as [2 x 3] column-major, B = [1 7; 10 8; 100 9] column-major, C with a leading dimension.
    kernel_call const call{{a.data(), 2, 3, 1, 2}, {b.data(), 3, 2, 1, 3}, {c.data(), 2, 2, 3, 1}, 2, 3};
    invoke(erase(scaled_gemm<float>), call);
    CHECK(c == std::vector<float>{2 * 531 + 3, 2 * 76 + 3, -1, 2 * 642 + 3, 2 * 100 + 3, -1});
}

TEST_CASE("leading_layout_of: row-major wherever that can be said", "[testing][kernel]") {
    auto const check = [](raw_matrix const& x, bool column_major, std::ptrdiff_t leading) {
        auto const layout = leading_layout_of(x);
        CHECK(layout.regular);
        CHECK(layout.column_major == column_major);
        CHECK(layout.leading == leading);
    };
    check({nullptr, 2, 3, 3, 1}, false, 3);
    check({nullptr, 2, 3, 7, 1}, false, 7);
    check({nullptr, 2, 3, 1, 2}, true, 2);
    check({nullptr, 2, 3, 1, 5}, true, 5);
    check({nullptr, 1, 3, 1, 1}, false, 3);  // the stride of a single row is too short for a leading dimension
    check({nullptr, 1, 3, 1, 4}, true, 4);
    check({nullptr, 3, 1, 1, 3}, false, 1);
    check({nullptr, 3, 1, 2, 9}, false, 2);
    check({nullptr, 2, 0, 0, 1}, false, 1);
    check({nullptr, 0, 9, 1, 6}, false, 9);
    CHECK_FALSE(leading_layout_of(raw_matrix{nullptr, 2, 3, 6, 2}).regular);
}

TEST_CASE("refusal: names what a kernel does not accept", "[testing][kernel]") {
    kernel_under_test kernel = gemm_kernel<float>(loop_gemm<float>, {});
    kernel_call call{{nullptr, 2, 3, 3, 1}, {nullptr, 3, 4, 4, 1}, {nullptr, 2, 4, 4, 1}};
    CHECK(refusal(kernel, call).empty());
    kernel_call changed = call;
    changed.a.row_stride = 5;
    CHECK(refusal(kernel, changed) == "a leading dimension of A");
    CHECK_THROWS_AS(invoke(kernel, changed), std::invalid_argument);
    CHECK_THROWS_WITH(invoke(kernel, changed), Contains("gemm: the kernel does not accept a leading dimension of A"));
    kernel.accepts.row_strides = true;
    CHECK(refusal(kernel, changed).empty());
    changed = call;
    changed.b = {nullptr, 3, 4, 1, 3};
    CHECK(refusal(kernel, changed) == "the column-major layout of B");
    kernel.accepts.transposed_inputs = true;
    CHECK(refusal(kernel, changed).empty());
    changed.c = {nullptr, 2, 4, 1, 2};
    CHECK(refusal(kernel, changed) == "the column-major layout of C");
    changed = call;
    changed.a = {nullptr, 2, 3, 6, 2};
    CHECK(refusal(kernel, changed) == "general strides of A");
    changed = call;
    changed.beta = 1;
    CHECK(refusal(kernel, changed) == "alpha and beta");
    // A single row has no leading dimension.
    kernel.accepts = {};
    kernel_call const row{{nullptr, 1, 3, 50, 1}, {nullptr, 3, 4, 4, 1}, {nullptr, 1, 4, 50, 1}};
    CHECK(refusal(kernel, row).empty());
    auto const dot_of = erase(loop_dot<float>);
    CHECK(refusal(dot_of, {{nullptr, 1, 3, 6, 2}, {nullptr, 3, 1, 1, 1}, {nullptr, 1, 1, 1, 1}}) ==
          "an increment other than 1 of A");
}

TEST_CASE("kernel_under_test: made from a function with a Fortran interface", "[testing][kernel]") {
    auto const kernel = from_fortran(fortran_gemm);
    std::vector<float> const a{1, 2, 3, 4, 5, 6}, b{7, 8, 9, 10, 11, 12};
    std::vector<float> c(6, -1.0F);
    invoke(kernel, {{a.data(), 2, 3, 3, 1}, {b.data(), 3, 2, 2, 1}, {c.data(), 2, 2, 3, 1}});
    CHECK(c == std::vector<float>{58, 64, -1, 139, 154, -1});
}
