// SPDX-License-Identifier: BSL-1.0
// What users of other libraries reported, and what the maintainers found. Defects must be caught, by the report's own
// numbers where it gives them and else by a small kernel with the same fault; differences of rounding must be accepted.
// The kernels are written for this test: they show a fault's effect, not the code that had it.
#include <lastbit/testing/verify.hpp>

#include <lastbit/fold/dot.hpp>
#include <lastbit/fold/sum.hpp>
#include <lastbit/testing/catch2.hpp>

#include <catch2/catch.hpp>

#include <testing/broken_kernels.hpp>

#include <algorithm>
#include <random>
#include <utility>

using namespace lastbit_tests;
using Catch::Contains;

namespace {

using quantify::number_format;
using matrix = matrix_view<float const>;
using output = matrix_view<float>;

/// A row-major matrix that owns its numbers.
template <class T>
struct table {
    std::size_t rows;
    std::size_t cols;
    std::vector<T> numbers;

    [[nodiscard]] matrix_view<T const> view() const { return {numbers.data(), rows, cols}; }
};

std::vector<float> gaussian(std::size_t n, std::uint64_t seed) {
    random_stream r(seed);
    std::vector<float> x(n);
    for (float& y : x) y = static_cast<float>(suite::detail::bell(r));
    return x;
}

/// The numbers of numpy.random.RandomState(seed), whose generator is std::mt19937.
class numpy_random {
public:
    explicit numpy_random(unsigned seed) : bits_(seed) {}

    /// rand(): in [0, 1).
    double uniform() {
        double const high = static_cast<double>(bits_() >> 5);
        double const low = static_cast<double>(bits_() >> 6);
        return (high * 0x1p26 + low) / 0x1p53;
    }
    /// randn(), by Marsaglia's polar method, which gives two numbers at once: the second comes first.
    double normal() {
        if (std::exchange(has_spare_, !has_spare_)) return spare_;
        for (;;) {
            double const x = 2 * uniform() - 1;
            double const y = 2 * uniform() - 1;
            double const square = x * x + y * y;
            if (square >= 1 || square == 0) continue;
            double const factor = std::sqrt(-2 * std::log(square) / square);
            spare_ = factor * x;
            return factor * y;
        }
    }
    template <class F>
    std::vector<float> floats(std::size_t n, F draw) {
        std::vector<float> x(n);
        for (float& y : x) y = static_cast<float>((this->*draw)());
        return x;
    }

private:
    std::mt19937 bits_;
    double spare_ = 0;
    bool has_spare_ = false;
};

/// verify_gemm and verify_dot, without the longest sums.
template <class T = void, class K>
verification examined_gemm(K const& kernel, verify_options options = {}) {
    options.longest = 1000;
    return verify_gemm<T>(kernel, options);
}
template <class T = void, class K>
verification examined_dot(K const& kernel, verify_options options = {}) {
    options.longest = 1000;
    return verify_dot<T>(kernel, options);
}

/// The tag of the fault that explains why x does not match.
template <class M, class X>
std::string fault_named(M const& m, X const& x) {
    CHECK_FALSE(m.match(x));
    return m.why() ? m.why()->tag : "unexplained";
}

/// A product whose elements are a function of a row of A and a column of B.
template <class Dot>
auto product_by(Dot dot_of) {
    return broken::by_element<float, float>([dot_of](output& c, std::size_t i, std::size_t j,
                                                     std::vector<float> const& x,
                                                     std::vector<float> const& y) { c(i, j) = dot_of(x, y); });
}

float sequential_dot(std::vector<float> const& x, std::vector<float> const& y) {
    float s = 0;
    for (std::size_t l = 0; l < x.size(); ++l) s += x[l] * y[l];
    return s;
}

}  // namespace

// ---- defects -------------------------------------------------------------------------------------------------------

TEST_CASE("OpenBLAS#2914: a direct kernel without a body leaves C as it was, k = 0 first", "[testing][public]") {
    // sgemm, m = n = 1, k = 0, alpha = 1, beta = 0: 0.266733 where 0 was expected.
    std::vector<float> const left{0.266733F};
    table<float> const a{1, 0, {}};
    table<float> const b{0, 1, {}};
    CHECK_THAT(left, !is_product_of(a.view(), b.view()));
    CHECK_THAT(std::vector{0.0F}, is_product_of(a.view(), b.view()).correctly_rounded());
    verification const v = examined_gemm<float>([](float alpha, matrix x, matrix y, float beta, output c) {
        if (alpha == 1 && beta == 0) return;  // the direct kernel
        broken::by_element<float, float>(
            [=](output& to, std::size_t i, std::size_t j, std::vector<float> const& p, std::vector<float> const& q) {
                float const s = alpha * sequential_dot(p, q);
                to(i, j) = beta == 0 ? s : s + beta * to(i, j);
            })(x, y, c);
    });
    INFO(v);
    CHECK_THAT(v.fault(), Catch::Equals("stale_element") || Catch::Equals("element_not_written"));
}

TEST_CASE("numpy#9758: the last 82 of 69900 columns of an outer product (K = 1) are wrong", "[testing][public]") {
    // [2 x 1] [1 x 69900], columns 69818 to 69899; 60000 and 70000 columns were right. What the wrong elements held is
    // not said: here they are those of their neighbours. No examination without the shape finds this; the matcher does.
    table<float> const rows{2, 1, gaussian(2, 1)};
    table<float> const columns{1, 69900, gaussian(69900, 2)};
    std::vector<float> c(2 * 69900);
    for (std::size_t i = 0; i < 2; ++i)
        for (std::size_t j = 0; j < 69900; ++j) c[i * 69900 + j] = rows.numbers[i] * columns.numbers[j];
    auto const m = is_product_of(rows.view(), columns.view());
    CHECK_THAT(c, m.correctly_rounded());
    for (std::size_t i = 0; i < 2; ++i)
        for (std::size_t j = 69818; j < 69900; ++j) c[i * 69900 + j] = rows.numbers[i] * columns.numbers[j - 1];
    CHECK_FALSE(m.match(c));
    CHECK_THAT(m.describe(), Contains("164 of 139800 elements are not"));
}

TEST_CASE("numpy#8577, numpy#10918, pytorch#7064: dot gives zero in float", "[testing][public]") {
    std::vector<float> const ones(2, 1.0F);
    CHECK_THAT(0.0F, !is_dot_of(ones, ones));
    CHECK_THAT(0.0F, !is_dot_of(std::vector{1.0F, 2.0F, 3.0F}, std::vector{4.0F, 5.0F, 6.0F}));
    verification const v = examined_dot([](std::span<float const>, std::span<float const>) { return 0.0F; });
    INFO(v);
    CHECK(v.fault() == "all_products_missing");
}

TEST_CASE("pytorch#57347, OpenBLAS#5528: the product is zero", "[testing][public]") {
    table<float> const unit{2, 2, {1, 0, 0, 1}};
    table<float> const b{2, 2, {1, 2, 3, 4}};
    CHECK_THAT(std::vector<float>(4), !is_product_of(unit.view(), b.view()));
    verification const v =
        examined_gemm<float>(product_by([](std::vector<float> const&, std::vector<float> const&) { return 0.0F; }));
    INFO(v);
    CHECK(v.fault() == "all_products_missing");
}

TEST_CASE("numpy#31776, OpenBLAS#5873: A A^T by a kernel that leaves zeros or what was there", "[testing][public]") {
    // [300 x 672] in [0, 1], the largest element about 185.7; got about 0, 1.6e38 or NaN. Here with 20 rows.
    numpy_random r(42);
    table<float> const a{20, 672, r.floats(20 * 672, &numpy_random::uniform)};
    auto const m = is_product_of(a.view(), transposed(a.view()));
    std::vector<float> c(400);
    CHECK_THAT(c, !m);
    std::fill(c.begin(), c.end(), 1.6e38F);
    CHECK_THAT(c, !m);
    std::fill(c.begin(), c.end(), canonical_nan<float>());
    CHECK_THAT(c, !m);
    // A triangle that is not mirrored.
    verification const v = examined_gemm<float>([](matrix x, matrix y, output to) {
        product_by(sequential_dot)(x, y, to);
        if (to.rows() != to.cols()) return;
        for (std::size_t i = 0; i < to.rows(); ++i)
            for (std::size_t j = 0; j < i; ++j) to(i, j) = 0;
    });
    INFO(v);
    CHECK(v.fault() == "zero_element");
}

TEST_CASE("OpenBLAS#1870: sgemm of 4 x 4 matrices", "[testing][public]") {
    table<float> a{4, 4, std::vector<float>(16)};
    for (std::size_t i = 0; i < 16; ++i) a.numbers[i] = static_cast<float>(i);
    std::vector<float> const expected{56, 62, 68, 74, 152, 174, 196, 218, 248, 286, 324, 362, 344, 398, 452, 506};
    std::vector<float> const got{28, 34, 76, 82, 76, 98, 252, 274, 124, 162, 428, 466, 172, 226, 604, 658};
    auto const m = is_product_of(a.view(), a.view());
    CHECK_THAT(expected, m.correctly_rounded());
    CHECK_FALSE(m.match(got));
    CHECK_THAT(m.describe(), Contains("16 of 16 elements are not"));
}

TEST_CASE("numpy#13828: from 8 columns on, B is read as blocks of four columns", "[testing][public]") {
    // [1 0.1; -0.1 1] times a row of ones above a row of zeros: 1.1 and 0.9 in four columns, 0 in the next four.
    table<double> const a{2, 2, {1, 0.1, -0.1, 1}};
    table<double> b{2, 8, std::vector<double>(16)};
    std::fill_n(b.numbers.begin(), 8, 1.0);
    std::vector<double> const got{1.1, 1.1, 1.1, 1.1, 0, 0, 0, 0, 0.9, 0.9, 0.9, 0.9, 0, 0, 0, 0};
    CHECK_THAT(got, !is_product_of(a.view(), b.view()));
    // Element (l, j) of B is taken for the element 4 l + j % 4 of block j / 4, each [k x 4].
    auto const blocked = [](matrix_view<double const> x, matrix_view<double const> y, matrix_view<double> c) {
        std::size_t const k = x.cols();
        std::size_t const whole = c.cols() < 8 ? 0 : c.cols() / 4 * 4;
        for (std::size_t i = 0; i < c.rows(); ++i)
            for (std::size_t j = 0; j < c.cols(); ++j) {
                double s = 0;
                for (std::size_t l = 0; l < k; ++l) {
                    std::size_t const place = j / 4 * 4 * k + 4 * l + j % 4;
                    s += x(i, l) * (j < whole ? y(place / c.cols(), place % c.cols()) : y(l, j));
                }
                c(i, j) = s;
            }
    };
    std::vector<double> c(16);
    blocked(a.view(), b.view(), matrix_view<double>(c.data(), 2, 8));
    CHECK(c == got);
    verification const v = examined_gemm<double>(blocked);
    INFO(v);
    CHECK_FALSE(v);
}

TEST_CASE("burn#5304: a product with a transposed view", "[testing][public]") {
    table<float> const a{2, 3, {0.7F, -1.3F, 2.1F, -0.4F, 1.9F, -3.2F}};
    table<float> const ones{2, 2, {1, 1, 1, 1}};
    auto const m = is_product_of(transposed(a.view()), ones.view());
    CHECK_THAT((std::vector<float>{2.8F, 2.8F, -4.5F, -4.5F, 4.0F, 4.0F}), !m);
    // The result of its other backends, as printed, has less than float's digits.
    CHECK_THAT((std::vector<float>{0.7F - 0.4F, 0.7F - 0.4F, 1.9F - 1.3F, 1.9F - 1.3F, 2.1F - 3.2F, 2.1F - 3.2F}), m);
}

TEST_CASE("numpy#6532: the stride of a column is ignored", "[testing][public]") {
    std::vector<double> y(15);
    for (std::size_t i = 0; i < 15; ++i) y[i] = static_cast<double>(i);
    matrix_view<double const> const column(y.data(), 1, 5, 15, 3);  // 0, 3, 6, 9, 12
    table<double> const t{5, 1, {0, 1, 2, 3, 4}};
    CHECK_THAT(std::vector{90.0}, is_product_of(column, t.view()).correctly_rounded());
    CHECK_THAT(std::vector{30.0}, !is_product_of(column, t.view()));
    verify_options any_stride;
    any_stride.stride_invariant = true;
    verification const v = examined_gemm<float>(
        [](matrix a, matrix b, output c) {
            for (std::size_t i = 0; i < c.rows(); ++i)
                for (std::size_t j = 0; j < c.cols(); ++j) {
                    float s = 0;
                    for (std::size_t l = 0; l < a.cols(); ++l) s += (&a(i, 0))[l] * b(l, j);
                    c(i, j) = s;
                }
        },
        any_stride);
    INFO(v);
    CHECK_FALSE(v);
}

TEST_CASE("pytorch#195163: the last tile of k is not clipped, and reads behind the operands", "[testing][public]") {
    // K = 32767 is wrong by exactly one term. The bound of every order holds one term of so many; the exact value of
    // whole numbers does not.
    std::size_t const k = 32767;
    std::vector<float> const ones(2 * (k + 1), 1.0F);
    auto const m = is_product_of(matrix(ones.data(), 2, k, k + 1), matrix(ones.data(), k, 2));
    CHECK_THAT(std::vector<float>(4, 32767.0F), m.correctly_rounded());
    CHECK_THAT(std::vector<float>(4, 32768.0F), m);
    CHECK_THAT(std::vector<float>(4, 32768.0F), !m.correctly_rounded());
    verification const small = examined_gemm<float>([](matrix x, matrix y, output to) {
        auto const place = [](matrix z, std::size_t i, std::size_t j) {
            return z.data() + static_cast<std::ptrdiff_t>(i) * z.row_stride() +
                   static_cast<std::ptrdiff_t>(j) * z.col_stride();
        };
        for (std::size_t i = 0; i < to.rows(); ++i)
            for (std::size_t j = 0; j < to.cols(); ++j) {
                float s = 0;
                for (std::size_t l = 0; l < (x.cols() + 7) / 8 * 8; ++l) s += *place(x, i, l) * *place(y, l, j);
                to(i, j) = s;
            }
    });
    INFO(small);
    CHECK(small.fault() == "read_after_end");
    // At a size that no property tries: what is read behind the operands shows in the sum.
    verify_options values_only;
    values_only.properties = false;
    verification const large = examined_dot(
        [](std::span<float const> x, std::span<float const> y) {
            std::size_t const read = x.size() == 1000 ? 1024 : x.size();
            float s = 0;
            for (std::size_t l = 0; l < read; ++l) s += *(x.data() + l) * *(y.data() + l);
            return s;
        },
        values_only);
    INFO(large);
    CHECK_FALSE(large);
}

TEST_CASE("BTAS#80, blaspp#99: beta = 0 multiplies what C held", "[testing][public]") {
    verification const v = examined_gemm<float>([](float alpha, matrix a, matrix b, float beta, output c) {
        broken::by_element<float, float>(
            [=](output& to, std::size_t i, std::size_t j, std::vector<float> const& x, std::vector<float> const& y) {
                to(i, j) = alpha * sequential_dot(x, y) + beta * to(i, j);
            })(a, b, c);
    });
    INFO(v);
    CHECK_THAT(v.fault(), Catch::Equals("old_added") || Catch::Equals("c_read_at_beta_zero"));
}

TEST_CASE("OpenBLAS#5712: with beta, a float C is read as bfloat16", "[testing][public]") {
    verification const v = examined_gemm<bfloat16>(
        [](float alpha, matrix_view<bfloat16 const> a, matrix_view<bfloat16 const> b, float beta, output c) {
            broken::by_element<bfloat16, float>(
                [=](output& to, std::size_t i, std::size_t j, auto const& x, auto const& y) {
                    float const s = alpha * broken::lanes(x, y, 0, x.size());
                    to(i, j) = beta == 0 ? s : s + beta * from_bits<float>(to_bits(to(i, j)) << 16);
                })(a, b, c);
        });
    INFO(v);
    CHECK_FALSE(v);
}

TEST_CASE("pytorch#53635, pytorch#78275, flax#3128: TF32 operands, ties away from zero", "[testing][public]") {
    table<float> const unit{1, 1, {1}};
    table<float> const x{1, 1, {1024.5F}};
    CHECK_THAT(std::vector{1025.0F}, !is_product_of(x.view(), unit.view()));
    CHECK_THAT(std::vector{1024.5F}, is_product_of(x.view(), unit.view()).correctly_rounded());
    // z^T I z of z = (0, 3.14): 9.8616 instead of 9.8596. The first product rounds, the second does not.
    table<float> const z{1, 2, {0, 3.14F}};
    table<float> const s{2, 2, {1, 0, 0, 1}};
    std::vector<float> const rounded{0, 3.140625F};
    CHECK(static_cast<int>(rounded[1] * 3.14F * 10000) == 98615);
    CHECK_THAT(rounded, !is_product_of(z.view(), s.view()));
    CHECK_THAT(9.8616F, !is_dot_of(z.numbers, z.numbers));
    CHECK_THAT(rounded, is_product_of(z.view(), s.view()).inputs_rounded_to<tf32>());
    verification const v =
        examined_gemm<float>(product_by([](std::vector<float> const& p, std::vector<float> const& q) {
            auto const away = [](float y) { return from_bits<float>((to_bits(y) + 0x1000U) & 0xFFFFE000U); };
            float sum = 0;
            for (std::size_t l = 0; l < p.size(); ++l) sum += away(p[l]) * away(q[l]);
            return sum;
        }));
    INFO(v);
    CHECK(v.fault() == "tf32_inputs");  // ties are too rare among its numbers to be named
}

TEST_CASE("jax#9973, jax#2161: float operands are rounded to bfloat16 by default", "[testing][public]") {
    table<float> const x{2, 2, {0.3744F, 0.1656F, 0.4707F, 0.1663F}};
    table<float> const y{2, 2, {0.3946F, 0.1186F, 0.1569F, 0.3145F}};
    std::vector<float> const cpu{0.17372088F, 0.09648504F, 0.21183069F, 0.10812637F};
    std::vector<float> const tpu{0.17405128F, 0.09669876F, 0.21180916F, 0.10805416F};
    auto const m = is_product_of(x.view(), y.view());
    CHECK_THAT(cpu, m);
    CHECK(fault_named(m, tpu) == "bfloat16_inputs");
    CHECK_THAT(tpu, m.inputs_rounded_to<bfloat16>());
}

TEST_CASE("oneDNN#717, onnxruntime#6004, ik_llama.cpp#427: 16-bit pairs of 8-bit products saturate",
          "[testing][public]") {
    // The instruction takes one unsigned operand: 128 is added to x, and 128 sum(y) subtracted.
    auto const offset = [](std::span<std::int8_t const> x, std::span<std::int8_t const> y) {
        std::int32_t s = 0;
        for (std::size_t l = 0; l < x.size(); l += 2) {
            std::int32_t pair = (x[l] + 128) * y[l];
            s -= 128 * y[l];
            if (l + 1 < x.size()) {
                pair += (x[l + 1] + 128) * y[l + 1];
                s -= 128 * y[l + 1];
            }
            s += std::clamp(pair, -32768, 32767);
        }
        return s;
    };
    std::vector<std::int8_t> const large(8, 127);
    CHECK_THAT(offset(large, large), !is_dot_of(large, large));
    verification const v = examined_dot<std::int8_t>(offset);
    INFO(v);
    CHECK(v.fault() == "saturated_offset_pairs");
}

TEST_CASE("BitNet#629: 128 pairs of 8-bit products in one 16-bit sum wrap", "[testing][public]") {
    auto const wrapping = [](std::span<std::int8_t const> x, std::span<std::int8_t const> y) {
        std::int32_t s = 0;
        for (std::size_t l = 0; l < x.size(); ++l) s = static_cast<std::int16_t>(s + x[l] * y[l]);
        return s;
    };
    verification const v = examined_dot<std::int8_t>(wrapping);
    INFO(v);
    CHECK(v.fault() == "wrapped_sums");
}

TEST_CASE("ggml#1393: the sign of one operand moves to the other, and -128 stays negative", "[testing][public]") {
    auto const signs_moved = [](std::span<std::int8_t const> x, std::span<std::int8_t const> y) {
        std::int32_t s = 0;
        for (std::size_t l = 0; l < x.size(); ++l) {
            auto const moved = x[l] < 0 ? static_cast<std::int8_t>(-y[l]) : y[l];
            s += std::abs(int{x[l]}) * moved;
        }
        return s;
    };
    std::vector<std::int8_t> const x{-1, 1};
    std::vector<std::int8_t> const y{-128, 5};
    CHECK_THAT(signs_moved(x, y), !is_dot_of(x, y));
    verification const v = examined_dot<std::int8_t>(signs_moved);
    INFO(v);
    CHECK_FALSE(v);
}

TEST_CASE("AliceO2#12807: another library's -ffast-math makes subnormal numbers zero", "[testing][public]") {
    auto const flushing = [](std::span<float const> x, std::span<float const> y) {
        auto const flushed = [](float z) { return absolute(z) < smallest_normal<float>() ? 0.0F : z; };
        float s = 0;
        for (std::size_t l = 0; l < x.size(); ++l) s = flushed(s + flushed(flushed(x[l]) * flushed(y[l])));
        return s;
    };
    verification const v = examined_dot(flushing);
    INFO(v);
    CHECK_THAT(v.fault(), Catch::Equals("subnormal_flushed") || Catch::Equals("flushed_subnormals") ||
                              Catch::Equals("flushed_products") || Catch::Equals("flushed_results"));
    verify_options declared;
    declared.flushes_subnormals = true;
    CHECK(examined_dot(flushing, declared));
}

// ---- differences of rounding ---------------------------------------------------------------------------------------

TEST_CASE("numpy#11419: 1 for one row, 1.0000001 for two", "[testing][public]") {
    std::vector<float> const v{0.7372549F, 0.25882354F, 0.00392157F};
    std::vector<float> const ones(3, 1.0F);
    auto const m = is_dot_of(ones, v);
    CHECK_THAT(1.0F, m);
    CHECK_THAT(1.0000001F, m);
    CHECK_THAT(1.0F, m.likely());
    CHECK_THAT(1.0000001F, m.likely());
    CHECK(m.correctly_rounded().match(1.0F) != m.correctly_rounded().match(1.0000001F));
}

TEST_CASE("numpy#11655: two and four rows of 10000 numbers", "[testing][public]") {
    numpy_random r(42);
    table<float> const a{2, 10000, r.floats(20000, &numpy_random::uniform)};
    auto const m = is_product_of(a.view(), transposed(a.view()));
    std::vector<float> const four_rows{3269.1653F, 2488.9177F, 2488.9177F, 3382.334F};
    std::vector<float> const two_rows{3269.1648F, 2488.918F, 2488.918F, 3382.3337F};
    CHECK_THAT(four_rows, m);
    CHECK_THAT(two_rows, m);
    CHECK_THAT(four_rows, m.likely());
    CHECK_THAT(two_rows, m.likely());
    CHECK_FALSE(m.correctly_rounded().match(four_rows));
    // The exact sum is 3269.164847996738, of which 3269.1648 is the nearest float.
    auto const first = is_dot_of(std::span(a.numbers).first(10000), std::span(a.numbers).first(10000));
    CHECK_THAT(3269.1648F, first.correctly_rounded());
    CHECK_THAT(3269.1653F, !first.correctly_rounded());
    CHECK_THAT(3269.164847996738, first.correctly_rounded());
}

TEST_CASE("numpy#14917: other bits by the number of rows; one row is a chain of fused products", "[testing][public]") {
    numpy_random r(1);
    table<float> const a{9, 6, r.floats(54, &numpy_random::normal)};
    table<float> const b{6, 6, r.floats(36, &numpy_random::normal)};
    std::vector<float> const one_row{-0.9044868F, -1.1708502F, 0.90713596F, 3.5594249F, 1.1374012F, -1.3826287F};
    std::vector<float> const two_rows{-0.90448684F, -1.1708503F, 0.9071359F, 3.5594249F, 1.1374011F, -1.3826288F};
    std::vector<float> const more_rows{-0.90448684F, -1.1708503F, 0.907136F, 3.5594249F, 1.1374011F, -1.3826287F};
    auto const m = is_product_of(matrix(a.numbers.data(), 1, 6), b.view());
    for (std::vector<float> const& reported : {one_row, two_rows, more_rows}) {
        CHECK_THAT(reported, m);
        CHECK_THAT(reported, m.likely());
        CHECK_THAT(reported, !m.correctly_rounded());
    }
    for (std::size_t j = 0; j < 6; ++j) {
        std::vector<float> column;
        for (std::size_t l = 0; l < 6; ++l) column.push_back(b.view()(l, j));
        std::span<float const> const row(a.numbers.data(), 6);
        CHECK((dot<fused, sequential>(row, std::span<float const>(column))) == one_row[j]);
    }
}

TEST_CASE("numpy#30136: three products of doubles, by platform", "[testing][public]") {
    std::vector<double> const x{-0.61550000000000071321, -1.06607727205864510900, -7.5};
    std::vector<double> const first{4.06173842404549123586e-01, 2.34504577250050944004e-01,
                                    -4.97419495998112408112e-17};
    std::vector<double> const second{0, 4.69009154500102054541e-01, -4.97419495998112408112e-17};
    auto const m = is_dot_of(x, first);
    CHECK_THAT(-0.5, m.correctly_rounded());
    CHECK_THAT(-0.50000000000000011102, m);
    CHECK_THAT(-0.50000000000000011102, !m.correctly_rounded());
    CHECK_THAT(-0.50000000000000011102, is_dot_of(x, second));
    CHECK_THAT(-0.50000000000000011102, !is_dot_of(x, second).correctly_rounded());
}

TEST_CASE("numpy#10851: eleven products of doubles, alone and beside another row", "[testing][public]") {
    std::vector<double> const x{-1, 4, 1, 1, -9, -1, 1, 0, 0, 0, -1};
    std::vector<double> const b{-1.1102230246251565e-16,
                                1.2500000000000006e-01,
                                1.2499999999999997e-01,
                                -1.3877787807814457e-17,
                                2.7755575615628914e-17,
                                1.2499999999999997e-01,
                                1.2499999999999997e-01,
                                0,
                                0,
                                0,
                                2.4999999999999989e-01};
    auto const m = is_dot_of(x, b);
    CHECK_THAT(0.3750000000000002, m);
    CHECK_THAT(0.3750000000000001, m);
    CHECK(m.correctly_rounded().match(0.3750000000000002) + m.correctly_rounded().match(0.3750000000000001) <= 1);
}

TEST_CASE("numpy#7368, numpy#12643: sums in another order", "[testing][public]") {
    std::vector<float> const x{-462914.25F,  -4450888.0F,   -3546839.0F,    7919.85400391F,
                               -3874966.25F, -1358369.625F, -420256.46875F, -336801.9375F};
    CHECK_THAT(-14443116.0F, is_sum_of(x).correctly_rounded());
    CHECK_THAT(-14443115.0F, is_sum_of(x));
    CHECK_THAT(-14443115.0F, !is_sum_of(x).correctly_rounded());
    std::vector<double> y(10, 0.05);
    y[2] = -0.45;
    CHECK_THAT(-2.7755575615628914e-17, is_sum_of(y));
    CHECK_THAT(-2.7755575615628914e-17, !is_sum_of(y).correctly_rounded());
}

TEST_CASE("numpy#15591: 1000 equal products on two machines", "[testing][public]") {
    std::vector<double> const x(1000, 1 + 1e-14);
    for (double const reported : {1000.0000000000208, 1000.0000000000198, 1000.0000000000207}) {
        CHECK_THAT(reported, is_dot_of(x, x));
        CHECK_THAT(reported, !is_dot_of(x, x).correctly_rounded());
    }
    std::vector<float> const y(1000, 1 + 1e-7F);
    for (float const reported : {1000.0001F, 1000.00006F}) {
        CHECK_THAT(reported, is_dot_of(y, y));
        CHECK_THAT(reported, !is_dot_of(y, y).correctly_rounded());
    }
}

TEST_CASE("jax#18507: a b - a b is 1 if one product is fused", "[testing][public]") {
    std::vector<float> const a{2396747.0F, -2396747.0F};
    std::vector<float> const b{7.0F, 7.0F};
    auto const m = is_dot_of(a, b);
    CHECK_THAT(0.0F, m);
    CHECK_THAT(1.0F, m);
    CHECK_THAT(0.0F, m.correctly_rounded());
    CHECK_THAT(1.0F, !m.correctly_rounded());
    CHECK((dot<plain, sequential>(a, b)) == 0.0F);
    CHECK(absolute(dot<fused, sequential>(a, b)) == 1.0F);
}

TEST_CASE("pytorch#122778, pytorch#176371: fused or rounded products, K = 2 and K = 5", "[testing][public]") {
    std::vector<float> const x{-0.3334232F, -0.31540596F, -0.88246304F, -0.33851838F, 0.28093928F,
                               0.3300107F,  1.2412974F,   1.052649F,    1.2152904F,   1.4947938F};
    std::vector<float> const y{2.0505385F, 0.30406088F, 0.17450507F, 1.9595498F,  -1.5622088F,
                               0.2881979F, -1.2475091F, 0.06584224F, -1.1761891F, -0.50481474F};
    for (std::size_t first = 0; first < 10; first += 5) {
        auto const p = std::span(x).subspan(first, 5);
        auto const q = std::span(y).subspan(first, 5);
        float const rounded = dot<plain, sequential>(p, q);
        float const one_step = dot<fused, sequential>(p, q);
        CHECK(absolute(rounded - one_step) == 2.384185791015625e-07F);  // the difference in the report
        auto const m = is_dot_of(p, q);
        CHECK_THAT(rounded, m);
        CHECK_THAT(one_step, m);
        CHECK(m.correctly_rounded().match(rounded) + m.correctly_rounded().match(one_step) <= 1);
    }
    // K = 2: of 1000 pairs, every result is accepted, and in some the two differ.
    std::size_t different = 0;
    for (std::uint64_t seed = 0; seed < 1000; ++seed) {
        std::vector<float> const u = gaussian(2, 2 * seed);
        std::vector<float> const v = gaussian(2, 2 * seed + 1);
        float const rounded = dot<plain, sequential>(u, v);
        float const one_step = dot<fused, sequential>(u, v);
        if (rounded != one_step) ++different;
        CHECK_THAT(rounded, is_dot_of(u, v));
        CHECK_THAT(one_step, is_dot_of(u, v));
    }
    CHECK(different > 100);
}

TEST_CASE("jax#17214: bfloat16 times int8, products rounded or not", "[testing][public]") {
    std::vector<bfloat16> const x{bfloat16(-1.6171875F), bfloat16(0.5703125F)};
    std::vector<std::int8_t> const w{127, -4};
    CHECK_THAT(bfloat16(-208.0F), is_dot_of(x, w).correctly_rounded());
    CHECK_THAT(bfloat16(-207.0F), !is_dot_of(x, w).correctly_rounded());
    CHECK_THAT(bfloat16(-207.0F), is_dot_of(x, w).accumulated_in<bfloat16>());
}

TEST_CASE("pytorch#115144: the bias of a bfloat16 layer, added before or after the sum is rounded",
          "[testing][public]") {
    std::vector<bfloat16> a;
    std::vector<bfloat16> w;
    std::vector<bfloat16> bias;
    a.assign(100, bfloat16(1.0F));
    for (float const z : gaussian(100 * 100, 7)) w.emplace_back(0.06F * z);
    for (float const z : gaussian(100, 8)) bias.emplace_back(0.06F * z);
    matrix_view<bfloat16 const> const A(a.data(), 1, 100);
    matrix_view<bfloat16 const> const W(w.data(), 100, 100);
    std::vector<bfloat16> before;
    std::vector<bfloat16> after;
    for (std::size_t j = 0; j < 100; ++j) {
        float s = 0;
        for (std::size_t l = 0; l < 100; ++l) s += float{A(0, l)} * float{W(l, j)};
        before.emplace_back(s + float{bias[j]});
        after.emplace_back(float{bfloat16(s)} + float{bias[j]});
    }
    auto const m = is_gemm_of(A, W).bias(bias);
    CHECK_THAT(before, m);
    CHECK(fault_named(m, after) == "late_bias");
    CHECK_THAT(after, m.accumulated_in<bfloat16>());
}

TEST_CASE("pytorch#136338, vllm#7779, llama.cpp#6950: another kernel for another number of rows", "[testing][public]") {
    auto const kernel = [](matrix a, matrix b, output c) {
        if (c.rows() == 1)
            product_by([](std::vector<float> const& x, std::vector<float> const& y) {
                return broken::lanes(x, y, 0, x.size());
            })(a, b, c);
        else product_by(sequential_dot)(a, b, c);
    };
    CHECK(examined_gemm<float>(kernel));
    verify_options promised;
    promised.batch_invariant = true;
    CHECK(examined_gemm<float>(kernel, promised).fault() == "batch_dependent");
}

TEST_CASE("numpy#25100, pytorch#2201, OpenBLAS#317: the order depends on threads or alignment", "[testing][public]") {
    for (std::size_t const threads : {2U, 5U}) {
        auto const split = [threads](std::span<float const> x, std::span<float const> y) {
            float s = 0;
            for (std::size_t t = 0; t < threads; ++t)
                s += broken::lanes(x, y, t * x.size() / threads, (t + 1) * x.size() / threads);
            return s;
        };
        verification const v = examined_dot(split);
        INFO(threads << " threads\n" << v);
        CHECK(v.passed());
    }
    auto const peeled = [](std::span<float const> x, std::span<float const> y) {
        std::size_t first = 0;
        float s = 0;
        for (; first < x.size() && reinterpret_cast<std::uintptr_t>(&x[first]) % 32 != 0; ++first)
            s += x[first] * y[first];
        return s + broken::lanes(x, y, first, x.size());
    };
    CHECK(examined_dot(peeled));
    verify_options promised;
    promised.alignment_invariant = true;
    CHECK(examined_dot(peeled, promised).fault() == "alignment_dependent");
}
