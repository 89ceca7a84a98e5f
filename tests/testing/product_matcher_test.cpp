// SPDX-License-Identifier: BSL-1.0
#include <lastbit/testing/product_matcher.hpp>

#include <lastbit/fold/dot.hpp>
#include <lastbit/fold/sum.hpp>
#include <lastbit/linalg/gemm.hpp>
#include <lastbit/nn/forward.hpp>
#include <lastbit/testing/catch2.hpp>
#include <lastbit/testing/suite.hpp>

#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit::testing;
using Catch::Contains;

namespace {

template <class T>
std::vector<T> gaussian(std::size_t n, std::uint64_t seed) {
    random_stream r(seed);
    std::vector<T> x;
    for (std::size_t i = 0; i < n; ++i) x.push_back(T(suite::detail::bell(r)));
    return x;
}

/// A, B and a product of them in sequence, in float.
struct problem {
    std::size_t m = 13, n = 7, k = 50;
    std::vector<float> a = gaussian<float>(m * k, 1), b = gaussian<float>(k * n, 2), c0 = gaussian<float>(m * n, 3);
    std::vector<float> bias = gaussian<float>(n, 4);
    matrix_view<float const> A{a.data(), m, k}, B{b.data(), k, n}, C0{c0.data(), m, n};

    template <class R = float>
    [[nodiscard]] std::vector<R> product(double alpha = 1, double beta = 0, bool with_bias = false) const {
        std::vector<R> c;
        for (std::size_t i = 0; i < m; ++i)
            for (std::size_t j = 0; j < n; ++j) {
                float s = 0;
                for (std::size_t l = 0; l < k; ++l) s += A(i, l) * B(l, j);
                s = static_cast<float>(alpha) * s;
                if (beta != 0) s += static_cast<float>(beta) * C0(i, j);
                c.push_back(R(with_bias ? s + bias[j] : s));
            }
        return c;
    }
};

template <class M, class X>
std::string failure(M const& m, X const& x) {
    CHECK_FALSE(m.match(x));
    return m.describe();
}

}  // namespace

TEST_CASE("is_sum_of: any order meets the bound, and a lost term of 1,000 does not", "[testing][product_matcher]") {
    std::vector<float> const x = gaussian<float>(1000, 5);
    CHECK_THAT((sum<plain, sequential>(x)), is_sum_of(x));
    CHECK_THAT((sum<plain, pairwise<>>(x)), is_sum_of(x).likely());
    CHECK_THAT(sum(x), is_sum_of(x).correctly_rounded());
    CHECK_THAT(sum(x), is_sum_of(x).within_ulps(0.5));
    CHECK_THAT((sum<kahan, sequential>(x)), (is_sum_of(x).within_bound_of<method<kahan, sequential>>()));
    std::vector<float> lost = x;
    lost[500] = 0;
    CHECK_THAT(sum(lost), !is_sum_of(x));
    CHECK_THAT(sum_to<double>(x), is_sum_of(x).correctly_rounded());
}

TEST_CASE("is_sum_of: n = 0 and n = 1 are exact", "[testing][product_matcher]") {
    std::vector<float> const none;
    CHECK_THAT(0.0F, is_sum_of(none));
    CHECK_THAT(0x1p-149F, !is_sum_of(none));
    std::vector<float> const one{0.1F};
    CHECK_THAT(0.1F, is_sum_of(one));
    CHECK_THAT(0x1.99999cp-4F, !is_sum_of(one));  // the next number
}

TEST_CASE("is_dot_of: the demands, from strict to wide", "[testing][product_matcher]") {
    std::vector<float> const x = gaussian<float>(300, 6);
    std::vector<float> const y = gaussian<float>(300, 7);
    float const right = dot(x, y);
    CHECK_THAT(right, is_dot_of(x, y).correctly_rounded());
    float const beside = from_bits<float>(to_bits(right) + 1);
    CHECK_THAT(beside, !is_dot_of(x, y).correctly_rounded());
    CHECK_THAT(beside, is_dot_of(x, y).within_ulps(1.5));
    CHECK_THAT(beside, !is_dot_of(x, y).within_ulps(0.5));
    CHECK_THAT(beside, is_dot_of(x, y));
    CHECK_THAT(beside, is_dot_of(x, y).likely());
    CHECK_THAT((dot<compensated<2>>(x, y)), is_dot_of(x, y).within_bound_of<compensated<2>>());
    CHECK_THAT(right * 1.001F, !is_dot_of(x, y).within_bound_of<compensated<2>>());
}

TEST_CASE("is_dot_of: an exact zero has the sign that is promised", "[testing][product_matcher]") {
    std::vector<float> const x{1.0F, -1.0F};
    std::vector<float> const y{2.0F, 2.0F};
    CHECK_THAT(0.0F, is_dot_of(x, y).correctly_rounded());
    CHECK_THAT(-0.0F, !is_dot_of(x, y).correctly_rounded());
    CHECK_THAT(-0.0F, is_dot_of(x, y));
}

TEST_CASE("is_dot_of: a bound that proves nothing is refused", "[testing][product_matcher]") {
    std::vector<bfloat16> const x(200, bfloat16(1.0F));
    CHECK_THAT(bfloat16(200.0F), is_dot_of(x, x));
    std::string const text = failure(is_dot_of(x, x).accumulated_in<bfloat16>(), bfloat16(200.0F));
    CHECK_THAT(text, Contains("refused: the bound proves nothing of 200 terms summed in bfloat16"));
    CHECK_THAT(text, Contains("likely()"));
    std::vector<bfloat16> const short_one(100, bfloat16(1.0F));
    CHECK_THAT(bfloat16(100.0F), is_dot_of(short_one, short_one).accumulated_in<bfloat16>());
}

TEST_CASE("is_product_of: views with strides, ranges and batches", "[testing][product_matcher]") {
    problem const p;
    std::vector<float> const c = p.product();
    CHECK_THAT(c, is_product_of(p.A, p.B));
    CHECK_THAT((matrix_view<float const>(c.data(), p.m, p.n)), is_product_of(p.A, p.B));
    // (A B)^T = B^T A^T
    CHECK_THAT(transposed(matrix_view<float const>(c.data(), p.m, p.n)),
               is_product_of(transposed(p.B), transposed(p.A)));
    std::string const text = failure(is_product_of(p.B, transposed(p.B)), c);
    CHECK_THAT(text, Contains("shapes differ: got [1 x 91] float32, expected [50 x 50]"));

    std::vector<float> const a2 = gaussian<float>(2 * 3 * 4, 8);
    std::vector<float> const b2 = gaussian<float>(4 * 5, 9);
    std::vector<float> c2(2 * 3 * 5);
    for (std::size_t batch = 0; batch < 2; ++batch)
        gemm(matrix_view<float const>(a2.data() + batch * 12, 3, 4), matrix_view<float const>(b2.data(), 4, 5),
             matrix_view<float>(c2.data() + batch * 15, 3, 5));
    auto const batched =
        is_product_of(batch_view<float const>(a2.data(), 2, 3, 4), matrix_view<float const>(b2.data(), 4, 5));
    CHECK_THAT(c2, batched.correctly_rounded());
    CHECK_THAT((batch_view<float const>(c2.data(), 2, 3, 5)), batched);
    c2[20] += 1;
    CHECK_THAT(failure(batched, c2), Contains("1 of 30 elements are not; the worst, at [1, 1, 0]"));
}

TEST_CASE("is_matvec_of: rows of a matrix times a vector", "[testing][product_matcher]") {
    problem const p;
    std::vector<float> const x = gaussian<float>(p.k, 30);
    std::vector<float> y(p.m);
    gemm(p.A, matrix_view<float const>(x.data(), p.k, 1), matrix_view<float>(y.data(), p.m, 1));
    CHECK_THAT(y, is_matvec_of(p.A, x).correctly_rounded());
    std::swap(y[3], y[4]);
    CHECK_THAT(failure(is_matvec_of(p.A, x), y), Contains("2 of 13 elements are not"));
}

TEST_CASE("is_gemm_of: alpha, beta, bias, epilogue, output", "[testing][product_matcher]") {
    problem const p;
    CHECK_THAT(p.product(0.3F, -1.7F), is_gemm_of(p.A, p.B).alpha(0.3F).beta(-1.7F, p.C0));
    CHECK_THAT(p.product(0.3F, -1.7F), !is_gemm_of(p.A, p.B).alpha(0.3F));
    std::vector<float> rectified = p.product(1, 0, true);
    for (float& x : rectified) x = x > 0 ? x : 0;
    CHECK_THAT(rectified, is_gemm_of(p.A, p.B).bias(p.bias).epilogue(activation::relu));
    CHECK_THAT(p.product(), !is_gemm_of(p.A, p.B).epilogue(activation::relu));
    std::vector<float> curved = p.product(1, 0, true);
    for (float& x : curved) x = activate(activation::gelu, x);
    CHECK_THAT(curved, is_gemm_of(p.A, p.B).bias(p.bias).epilogue(activation::gelu));
    for (float& x : curved) x *= 1.001F;
    CHECK_THAT(curved, !is_gemm_of(p.A, p.B).bias(p.bias).epilogue(activation::gelu));
    CHECK_THAT(p.product<bfloat16>(), is_gemm_of(p.A, p.B));
    std::vector<float> wide;
    for (bfloat16 const x : p.product<bfloat16>()) wide.push_back(x);
    CHECK_THAT(wide, is_gemm_of(p.A, p.B).output<bfloat16>());
    CHECK_THAT(wide, !is_gemm_of(p.A, p.B));
    // beta = 0: C0 is not read.
    std::vector<float> nan(p.m * p.n, canonical_nan<float>());
    CHECK_THAT(p.product(), is_gemm_of(p.A, p.B).beta(0, matrix_view<float const>(nan.data(), p.m, p.n)));
    CHECK_THROWS_WITH(is_gemm_of(p.A, p.B).beta(1, p.A), Contains("C0") && Contains("[13 x 7]"));
    CHECK_THROWS_WITH(is_gemm_of(p.A, p.B).bias(p.a), Contains("a bias of shape [1 x 650]"));
}

TEST_CASE("is_dense_of: a layer, its bias and its activation", "[testing][product_matcher]") {
    dense<float> const layer(gaussian<float>(6 * 20, 10), 6, 20, gaussian<float>(6, 11), activation::tanh);
    std::vector<float> const x = gaussian<float>(5 * 20, 12);
    std::vector<float> y(5 * 6);
    forward(layer.view(), matrix_view<float const>(x.data(), 5, 20), matrix_view<float>(y.data(), 5, 6));
    auto const m = is_dense_of(layer, matrix_view<float const>(x.data(), 5, 20));
    CHECK_THAT(y, m);
    y[17] += 0.001F;
    CHECK_THAT(y, !m);
    dense<float> const row(gaussian<float>(6 * 20, 10), 6, 20, {}, activation::softmax);
    CHECK_THROWS_WITH(is_dense_of(row, matrix_view<float const>(x.data(), 5, 20)), Contains("softmax"));
}

TEST_CASE("inputs_rounded_to: a kernel that rounds its operands by design", "[testing][product_matcher]") {
    std::vector<float> const x = gaussian<float>(400, 13);
    std::vector<float> const y = gaussian<float>(400, 14);
    std::vector<float> u;
    std::vector<float> v;
    for (float const z : x) u.push_back(bfloat16(z));
    for (float const z : y) v.push_back(bfloat16(z));
    CHECK_THAT(dot(u, v), is_dot_of(x, y).inputs_rounded_to<bfloat16>().correctly_rounded());
    CHECK_THAT(failure(is_dot_of(x, y), dot(u, v)), Contains("bfloat16_inputs"));
}

TEST_CASE("is_dot_of: NaN, infinities, overflow", "[testing][product_matcher]") {
    float const nan = canonical_nan<float>();
    float const inf = infinity<float>();
    std::vector<float> const one(4, 1.0F);
    CHECK_THAT(nan, is_dot_of(std::vector{1.0F, nan, 1.0F, 1.0F}, one));
    CHECK_THAT(3.0F, !is_dot_of(std::vector{1.0F, nan, 1.0F, 1.0F}, one));
    CHECK_THAT(inf, is_dot_of(std::vector{1.0F, inf, 1.0F, 1.0F}, one));
    CHECK_THAT(-inf, !is_dot_of(std::vector{1.0F, inf, 1.0F, 1.0F}, one));
    CHECK_THAT(nan, is_dot_of(std::vector{-inf, inf, 1.0F, 1.0F}, one));
    CHECK_THAT(inf, !is_dot_of(std::vector{-inf, inf, 1.0F, 1.0F}, one));
    // Finite data: a NaN is no rounding error. A partial sum may overflow in some order: nothing is said.
    CHECK_THAT(nan, !is_dot_of(one, one));
    std::vector<float> const large{0x1p127F, 0x1p127F, -0x1p127F, -0x1p127F};
    auto const m = is_dot_of(large, one);
    CHECK_THAT(nan, m);
    CHECK(m.judgment()->unjudged == 1);
    CHECK_THAT(0.0F, m.correctly_rounded());
}

TEST_CASE("is_dot_of: subnormal results may be lost only where that is said", "[testing][product_matcher]") {
    std::vector<float> const x{0x1p-100F, 0x1p-100F};
    std::vector<float> const y{0x1p-30F, 0x1p-31F};
    CHECK_THAT(0x1.8p-130F, is_dot_of(x, y));
    CHECK_THAT(0.0F, !is_dot_of(x, y));
    CHECK_THAT(0.0F, is_dot_of(x, y).flushing_subnormals());
}

TEST_CASE("is_dot_of: 8-bit integers are exact", "[testing][product_matcher]") {
    std::vector<std::int8_t> const x{-128, 127, 5, 77};
    std::vector<std::int8_t> const y{-128, 127, -3, 1};
    std::int32_t const right = 16384 + 16129 - 15 + 77;
    CHECK_THAT(right, is_dot_of(x, y));
    CHECK_THAT(right + 1, !is_dot_of(x, y));
}

TEST_CASE("product_matcher: a failure names the worst element", "[testing][product_matcher]") {
    problem const p;
    std::vector<float> c = p.product();
    c[3 * 7 + 2] += 0.5F;
    c[5 * 7 + 6] -= 0.25F;
    std::string const text = failure(is_product_of(p.A, p.B), c);
    CHECK_THAT(text, Contains("is the product of [13 x 50] float32 and [50 x 7] float32, each element within the bound "
                              "of every order of summation in float32"));
    CHECK_THAT(text, Contains("2 of 91 elements are not; the worst, at [3, 2]:"));
    CHECK_THAT(text, Contains("ulps allowed; condition number"));
    CHECK_THAT(text, Contains("got       " + number_text(c[23])));
}

TEST_CASE("is_product_of: float8, tf32 and block-scaled operands, accumulated in float", "[testing][product_matcher]") {
    std::size_t const m = 4;
    std::size_t const k = 96;
    std::vector<float> const a = gaussian<float>(m * k, 20);
    std::vector<float> const b = gaussian<float>(k * 3, 21);
    std::vector<float8_e4m3> a8;
    std::vector<float8_e5m2> b8;
    for (float const x : a) a8.emplace_back(x);
    for (float const x : b) b8.emplace_back(x);
    std::vector<float> c(m * 3);
    auto const multiply = [&](auto const& x, auto const& y) {
        for (std::size_t i = 0; i < m; ++i)
            for (std::size_t j = 0; j < 3; ++j) {
                float s = 0;
                for (std::size_t l = 0; l < k; ++l) s += static_cast<float>(x(i, l)) * static_cast<float>(y(l, j));
                c[i * 3 + j] = s;
            }
    };
    matrix_view<float8_e4m3 const> const A(a8.data(), m, k);
    matrix_view<float8_e5m2 const> const B(b8.data(), k, 3);
    multiply(A, B);
    CHECK_THAT(c, is_product_of(A, B));
    CHECK_THAT(c, is_product_of(A, B).likely());
    CHECK_THAT(c, !is_product_of(matrix_view<float const>(a.data(), m, k), B));
    std::vector<float8_e4m3> stored;
    for (float const x : c) stored.emplace_back(x);
    CHECK_THAT(stored, is_product_of(A, B));
    CHECK_THAT(stored, !is_product_of(A, B).output<float8_e5m2>());

    block_scaled_matrix<float8_e4m3> const blocks(matrix_view<float const>(a.data(), m, k));
    multiply(blocks.view(), B);
    CHECK_THAT(c, is_product_of(blocks.view(), B));
    CHECK_THAT(c, !is_product_of(A, B));
}
