// SPDX-License-Identifier: BSL-1.0
#include <lastbit/testing/verify.hpp>

#include <lastbit/linalg/gemm.hpp>
#include <lastbit/linalg/gemv.hpp>
#include <lastbit/testing/catch2.hpp>

#include <catch2/catch.hpp>

#include <testing/broken_kernels.hpp>
#include <trials.hpp>

#include <algorithm>
#include <iostream>

using namespace lastbit_tests;
using Catch::Contains;

namespace {

struct tally {
    std::size_t kernels = 0;
    std::size_t caught = 0;
    std::size_t named = 0;
};

tally examine(std::vector<broken_kernel> const& kernels) {
    tally t;
    for (broken_kernel const& b : kernels) {
        verification const v = verify_kernel(b.kernel, b.options);
        INFO(b.name << "\n" << v);
        CHECK_FALSE(v.passed());
        ++t.kernels;
        t.caught += v.passed() ? 0U : 1U;
        bool const is_named = std::find(b.tags.begin(), b.tags.end(), v.fault()) != b.tags.end();
        if (!b.tags.empty()) CHECK(is_named);
        t.named += is_named ? 1U : 0U;
    }
    return t;
}

}  // namespace

TEST_CASE("verify: every one of 44 broken kernels is caught, and 42 are named rightly", "[testing][verify]") {
    tally const dots = examine(broken::dots());
    tally const products = examine(broken::products());
    CHECK(dots.kernels + products.kernels == 44);
    CHECK(dots.caught + products.caught == 44);
    CHECK(dots.named + products.named == 42);
}

TEST_CASE("verify: the kernels of this library pass, in every method, with what they promise", "[testing][verify]") {
    verify_options all;
    all.correctly_rounded = all.order_invariant = all.batch_invariant = true;
    all.alignment_invariant = all.stride_invariant = true;
    CHECK(verify_dot<float>([](auto x, auto y) { return dot(x, y); }, all));
    CHECK(verify_dot<double>([](auto x, auto y) { return dot(x, y); }, all));
    CHECK(verify_dot<bfloat16>([](auto x, auto y) { return dot(x, y); }, all));
    CHECK(verify_dot<float16>([](auto x, auto y) { return dot(x, y); }, all));
    CHECK(verify_sum<float>([](auto x) { return sum(x); }, all));
    CHECK(verify_gemm<float>([](auto a, auto b, auto c) { gemm(a, b, c); }, all));
    CHECK(verify_gemv<double>(gemv_kernel<double>([](auto a, auto x, auto y) { gemv(a, x, y); }), all));
    verify_options bits;
    bits.batch_invariant = bits.alignment_invariant = bits.stride_invariant = true;
    CHECK(verify_gemm<float>([](auto a, auto b, auto c) { gemm<plain>(a, b, c); }, bits));
    CHECK(verify_dot<float>([](auto x, auto y) { return dot<kahan>(x, y); }, bits));
    CHECK(verify_dot<double>([](auto x, auto y) { return dot<fused, pairwise<>>(x, y); }, bits));
}

TEST_CASE("verify: a narrow accumulator is no fault if it is declared", "[testing][verify]") {
    auto const narrow = [](std::span<float16 const> x, std::span<float16 const> y) {
        float16 s{};
        for (std::size_t l = 0; l < x.size(); ++l) s = float16(float{s} + float{x[l]} * float{y[l]});
        return s;
    };
    verify_options declared;
    declared.accumulated_in = number_format::float16;
    declared.longest = 100;
    CHECK(verify_dot(narrow, declared));
    verification const v = verify_dot(narrow);
    CHECK_FALSE(v);
    CHECK(v.fault() == "float16_sums");
}

TEST_CASE("verify: no correct kernel in any order is rejected", "[testing][verify]") {
    // A trial is one output judged. Orders: sequence, reversed, lanes of 1 to 32, blocks, a random tree.
    std::size_t outputs = 0;
    std::size_t const wanted = trials(10000);
    random_stream r(42);
    for (std::uint64_t seed = 1; outputs < wanted; ++seed) {
        std::uint64_t const tree = r.bits();
        bool const fuse = r.bits() % 2 == 0;
        auto const any_order = [tree, fuse](std::span<float const> x, std::span<float const> y) {
            random_stream choice(tree, x.size());
            std::vector<float> part;
            std::size_t const lanes = std::size_t{1} << choice.below(6);
            part.assign(std::max<std::size_t>(lanes, 1), -0.0F);
            bool const backwards = choice.bits() % 2 == 0;
            for (std::size_t i = 0; i < x.size(); ++i) {
                std::size_t const l = backwards ? x.size() - 1 - i : i;
                float& p = part[i % part.size()];
                p = fuse ? std::fma(x[l], y[l], p) : p + x[l] * y[l];
            }
            while (part.size() > 1) {
                std::size_t const i = choice.below(part.size() - 1);
                part[i] += part.back();
                part.pop_back();
            }
            return x.empty() ? 0.0F : part[0];
        };
        verify_options o;
        o.seed = seed;
        o.properties = false;
        o.longest = std::size_t{1} << (8 + seed % 9);
        verification const v = verify_dot<float>(any_order, o);
        outputs += v.cases;
        INFO("tree " << tree << "\n" << v);
        REQUIRE(v.passed());
    }
    std::cout << outputs << " outputs of correct kernels, none rejected\n";
}

TEST_CASE("verify: factors of the output's format, flushed subnormal numbers and saturation are no faults",
          "[testing][verify]") {
    auto const product = [](auto const& a, auto const& b, std::size_t i, std::size_t j) {
        float s = 0;
        for (std::size_t l = 0; l < a.cols(); ++l) s += float{a(i, l)} * float{b(l, j)};
        return s;
    };
    using half = bfloat16;
    verify_options o;
    o.longest = 300;
    // 0.7 and -1.3 are not bfloat16 numbers: the kernel gets those next to them.
    CHECK(verify_gemm(
        [product](half alpha, matrix_view<half const> a, matrix_view<half const> b, half beta, matrix_view<half> c) {
            for (std::size_t i = 0; i < c.rows(); ++i)
                for (std::size_t j = 0; j < c.cols(); ++j) {
                    float const s = float{alpha} == 0 ? 0.0F : float{alpha} * product(a, b, i, j);
                    c(i, j) = half(float{beta} == 0 ? s : s + float{beta} * float{c(i, j)});
                }
        },
        o));
    using quarter = float8_e4m3;
    CHECK(verify_gemm<quarter>(
        [product](matrix_view<quarter const> a, matrix_view<quarter const> b, matrix_view<quarter> c) {
            for (std::size_t i = 0; i < c.rows(); ++i)
                for (std::size_t j = 0; j < c.cols(); ++j) c(i, j) = quarter::saturated(product(a, b, i, j));
        },
        o));
    auto const flushed = [](float x) { return std::fabs(x) < 0x1p-126F ? 0.0F : x; };
    auto const flushing = [flushed](std::span<float const> x, std::span<float const> y) {
        float s = 0;
        for (std::size_t l = 0; l < x.size(); ++l) s = flushed(s + flushed(flushed(x[l]) * flushed(y[l])));
        return s;
    };
    CHECK(verify_dot(flushing, o).fault() == "subnormal_flushed");
    o.flushes_subnormals = true;
    CHECK(verify_dot(flushing, o));
}

TEST_CASE("verify: the text names the fault, the case and the worst element", "[testing][verify]") {
    verification const v = verify_dot([](std::span<float const> x, std::span<float const> y) {
        float s = 0;
        for (std::size_t l = 0; l + 1 < x.size(); ++l) s += x[l] * y[l];
        return s;
    });
    CHECK_THAT(v.text(), Contains("dot float32 -> float32") && Contains("* last_product_missing") &&
                             Contains("as if the last product was missing") && Contains("demanded correctly rounded"));
}
