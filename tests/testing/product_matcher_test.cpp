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

TEST_CASE("is_gemm_of: alpha on A, on B or on the sum: overflow and underflow on the way",
          "[testing][product_matcher]") {
    std::vector<float> const a{0x1p65F}, b{0x1p65F}, large{0x1p100F}, small{0x1p-120F}, tiny{0x1p-100F};
    auto const one = [](std::vector<float> const& x) { return matrix_view<float const>(x.data(), 1, 1); };
    float const inf = infinity<float>();
    CHECK_THAT(inf, is_gemm_of(one(a), one(b)).alpha(0x1p-20));          // A B overflows, alpha A does not
    CHECK_THAT(inf, is_gemm_of(one(large), one(small)).alpha(0x1p60));   // alpha A overflows, A B does not
    CHECK_THAT(0.0F, is_gemm_of(one(tiny), one(large)).alpha(0x1p-60));  // alpha A is zero
    CHECK_THAT(1.0F, !is_gemm_of(one(tiny), one(large)).alpha(0x1p-60));
    CHECK_THAT(0.0F, is_sum_of(std::vector{0x1p-149F}).alpha(0.3));
    std::vector<double> const c{1e308};
    auto const m = is_gemm_of(matrix_view<double const>(c.data(), 1, 1), matrix_view<double const>(c.data(), 1, 1));
    CHECK_THAT(canonical_nan<double>(), m.beta(-4, c));  // an infinity less another
}

TEST_CASE("is_gemm_of: what C held counts with alpha = 0, too", "[testing][product_matcher]") {
    std::vector<float> const x{1.0F}, nan{canonical_nan<float>()}, inf{infinity<float>()};
    matrix_view<float const> const one(x.data(), 1, 1);
    CHECK_THAT(nan, is_gemm_of(one, one).alpha(0).beta(1, nan));
    CHECK_THAT(5.0F, !is_gemm_of(one, one).alpha(0).beta(1, nan));
    CHECK_THAT(inf, is_gemm_of(one, one).alpha(0).beta(1, inf));
    CHECK_THAT(5.0F, !is_gemm_of(one, one).alpha(0).beta(1, inf));
}

TEST_CASE("is_dot_of: an infinity, and finite terms that overflow to the other one", "[testing][product_matcher]") {
    float const inf = infinity<float>();
    std::vector<float> const x{inf, -0x1p127F, -0x1p127F}, y{inf, -0x1p90F, -0x1p90F}, one(3, 1.0F);
    CHECK_THAT(inf, is_dot_of(x, one));
    CHECK_THAT(canonical_nan<float>(), is_dot_of(x, one));
    CHECK_THAT(-inf, !is_dot_of(x, one));
    CHECK_THAT(1.0F, !is_dot_of(x, one));
    CHECK_THAT(canonical_nan<float>(), !is_dot_of(y, one));
    std::vector<float> const infinite{inf}, tiny{0x1p-130F};
    CHECK_THAT(canonical_nan<float>(), !is_dot_of(infinite, tiny));
    CHECK_THAT(canonical_nan<float>(), is_dot_of(infinite, tiny).flushing_subnormals());
}

TEST_CASE("epilogue: limits at infinity within the activation's ulps", "[testing][product_matcher]") {
    std::vector<float> const x{-infinity<float>()}, y{1.0F};
    auto const m = is_gemm_of(matrix_view<float const>(x.data(), 1, 1), matrix_view<float const>(y.data(), 1, 1));
    CHECK_THAT(-0x1.c212cap+0F, m.epilogue(activation::selu));  // one ulp off
    CHECK_THAT(-0x1.c2127p+0F, !m.epilogue(activation::selu));
    CHECK_THAT(-1.0F, m.epilogue(activation::tanh));
    CHECK_THAT(1.0F, !m.epilogue(activation::tanh));
}

TEST_CASE("is_dot_of: results too large for formats without infinities", "[testing][product_matcher]") {
    std::vector<float> const x{1000.0F}, inf{infinity<float>()}, nan{canonical_nan<float>()}, one{1.0F};
    float8_e4m3 const top(448.0F), bottom(-448.0F), none(canonical_nan<float>());
    for (auto const& m : {is_dot_of(x, one), is_dot_of(inf, one)}) {
        CHECK_THAT(top, m && m.correctly_rounded() && m.within_ulps(1));
        CHECK_THAT(none, m && m.correctly_rounded() && m.within_ulps(1));
        CHECK_THAT(bottom, !m && !m.correctly_rounded() && !m.within_ulps(1));
        CHECK_THAT(float8_e4m3(416.0F), !m && !m.correctly_rounded() && !m.within_ulps(1));
    }
    CHECK_THAT(std::int8_t{127}, is_dot_of(inf, one));
    CHECK_THAT(std::int8_t{-128}, !is_dot_of(inf, one));
    CHECK_THAT(std::int8_t{0}, is_dot_of(nan, one));  // C++ leaves open what becomes of a NaN
    std::vector<float> const edge{65519.0F};          // a little below what rounds to infinity
    auto const infinite = from_bits<float16>(0x7C00);
    CHECK_THAT(infinite, is_dot_of(edge, one).within_ulps(1) && !is_dot_of(edge, one) && !is_dot_of(one, one));
    CHECK_THAT(infinite, !is_dot_of(one, one).within_ulps(1));
}

TEST_CASE("is_gemm_of: scaled integers are summed in float", "[testing][product_matcher]") {
    std::vector<std::int8_t> const x{100}, one{1};
    auto const m =
        is_gemm_of(matrix_view<std::int8_t const>(x.data(), 1, 1), matrix_view<std::int8_t const>(one.data(), 1, 1));
    CHECK_THAT(std::int8_t{12}, m.alpha(0.125000001));  // 12.5000001, a tie in float
    CHECK_THAT(std::int8_t{14}, !m.alpha(0.125000001));
    CHECK_THAT(std::int8_t{100}, m.epilogue(activation::gelu));
    CHECK_THAT(std::int8_t{97}, !m.epilogue(activation::gelu));
    CHECK_THAT(std::int8_t{-100}, m.alpha(-1));
    CHECK_THAT(std::int8_t{-99}, !m.alpha(-1));
}

TEST_CASE("flushing_subnormals: sums, results and operands, under every demand", "[testing][product_matcher]") {
    std::vector<float> const x{0x1p-126F, -0x1.8p-126F}, tiny{0x1p-130F}, y{0x1p-16F}, one{1.0F};
    CHECK_THAT(0.0F, is_sum_of(x).flushing_subnormals() && !is_sum_of(x));
    CHECK_THAT(0.0F, is_dot_of(tiny, one).correctly_rounded().flushing_subnormals());
    CHECK_THAT(0.0F, is_dot_of(tiny, one).within_ulps(1).flushing_subnormals());
    CHECK_THAT(0.0F, !is_dot_of(one, one).within_ulps(1).flushing_subnormals());
    CHECK_THAT(float16(0.0F), is_dot_of(y, one).flushing_subnormals() && !is_dot_of(y, one));
    std::vector<float16> const halves{float16(0x1p-15F)}, normal{float16(0x1p-14F)};
    CHECK_THAT(0.0F, is_dot_of(halves, one).flushing_subnormals() && !is_dot_of(halves, one));
    CHECK_THAT(0.0F, !is_dot_of(normal, one).flushing_subnormals());
}

TEST_CASE("is_sum_of: numbers that the accumulator must round", "[testing][product_matcher]") {
    std::vector<float> const x{1 + 0x1p-9F};
    CHECK_THAT(1.0F, is_sum_of(x).accumulated_in<bfloat16>() && !is_sum_of(x));
    CHECK_THAT(1.03125F, !is_sum_of(x).accumulated_in<bfloat16>());
}

TEST_CASE("is_product_of: no batches", "[testing][product_matcher]") {
    std::vector<float> const x(4, 1.0F);
    batch_view<float const> const none(x.data(), 0, 2, 2);
    CHECK_THAT(none, is_product_of(none, none));
    CHECK_THAT(none, is_product_of(none, matrix_view<float const>(x.data(), 2, 2)));
    CHECK_THAT(none, is_product_of(matrix_view<float const>(x.data(), 2, 2), none));
}
