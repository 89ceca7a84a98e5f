// SPDX-License-Identifier: BSL-1.0
#include <lastbit/quantify/trace.hpp>

#include <lastbit/nn/forward.hpp>
#include <lastbit/oracle/dense.hpp>
#include <lastbit/oracle/dot.hpp>
#include "oracle/numbers.hpp"

#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit_tests;
using oracle::real;
using quantify::trace_of_dot;
using quantify::trace_of_output;
using quantify::trace_of_sum;

namespace {

template <class T>
std::vector<T> numbers(random_stream& random, std::size_t n) {
    std::vector<T> x(n);
    for (T& e : x) e = of_exponent<T>(random, -4, 2);
    return x;
}

/// What holds of every trace.
template <class Trace>
void check_steps(Trace const& trace, std::size_t terms, real const& exact) {
    REQUIRE(!trace.steps.empty());
    real made;
    std::size_t taken = 0, catastrophic = 0;
    for (auto const& s : trace.steps) {
        using U = std::remove_cvref_t<decltype(s.after)>;
        made += s.made + s.product_made;
        taken += s.merges ? 0U : 1U;
        catastrophic += s.catastrophic ? 1U : 0U;
        CHECK(s.error_ulp == quantify::ulp_error(s.after, s.exact));
        CHECK(s.first <= s.index);
        // The addition errs by half an ulp of its result at most.
        real const half = real(1).scaled(quantify::ulp_exponent<U>(real(s.after)) - 1);
        CHECK(s.made.abs() <= half);
    }
    CHECK(taken == terms);
    CHECK(catastrophic == trace.catastrophic);
    CHECK(trace.exact == exact);
    CHECK(trace.steps.back().exact == exact);
    CHECK(made == real(trace.steps.back().after) - exact);  // every error is made somewhere, and only once
}

template <class M, class T>
void check_method(std::size_t n, std::uint64_t seed) {
    random_stream random(seed, n);
    auto const x = numbers<T>(random, n);
    auto const y = numbers<T>(random, n);
    CAPTURE(lastbit::detail::method_of<M>::type::name(), n);
    auto const sums = trace_of_sum<M>(x);
    CHECK(to_bits(sums.result) == to_bits(sum<M>(x)));
    check_steps(sums, n, oracle::sum(x));
    auto const dots = trace_of_dot<M>(x, y);
    CHECK(to_bits(dots.result) == to_bits(dot<M>(x, y)));
    check_steps(dots, n, oracle::dot(x, y));
}

}  // namespace

TEMPLATE_TEST_CASE("trace: the bits of the kernels, and errors that add up", "[quantify][trace]", float, double,
                   bfloat16, float16) {
    using T = TestType;
    for (std::size_t const n : {1U, 2U, 3U, 31U, 33U, 200U}) {
        check_method<method<plain, sequential>, T>(n, 1);
        check_method<method<plain, lanes<>>, T>(n, 2);
        check_method<method<plain, pairwise<8>>, T>(n, 3);
        check_method<method<fused, sequential>, T>(n, 4);
        check_method<fused, T>(n, 5);
        check_method<method<widened<double>, pairwise<16>>, T>(n, 6);
    }
}

TEST_CASE("trace: in sequence each step has the partial sum of the terms so far", "[quantify][trace]") {
    random_stream random(11);
    auto const x = numbers<float>(random, 50);
    auto const trace = trace_of_sum<method<plain, sequential>>(x);
    REQUIRE(trace.steps.size() == 50);
    for (std::size_t i = 0; i < 50; ++i) {
        auto const& s = trace.steps[i];
        std::span<float const> const so_far(x.data(), i + 1);
        CHECK(s.index == i);
        CHECK(s.first == 0);
        CHECK(s.added == x[i]);
        CHECK(s.exact == oracle::sum(so_far));
        CHECK(to_bits(s.after) == to_bits(sum<plain, sequential>(so_far)));
        if (i > 0) CHECK(to_bits(s.before) == to_bits(trace.steps[i - 1].after));
        real const brought = real(s.after) - s.exact - s.made;
        CHECK(s.inherited_ulp == brought.abs().scaled(-quantify::ulp_exponent<float>(s.exact)).round<double>());
    }
}

TEST_CASE("trace: lanes and halves say what meets when", "[quantify][trace]") {
    std::vector<float> const x{1, 2, 3, 4, 5};
    auto const by_lanes = trace_of_sum<method<plain, lanes<4>>>(x);
    REQUIRE(by_lanes.steps.size() == 8);
    auto const& last = by_lanes.steps.back();
    CHECK((last.merges && last.first == 0 && last.index == 1));
    CHECK(last.before == 9.0F);  // 1 + 5 + 3
    CHECK(last.added == 6.0F);   // 2 + 4
    auto const halves = trace_of_sum<method<plain, pairwise<2>>>(x);
    REQUIRE(halves.steps.size() == 7);
    CHECK((halves.steps[4].merges && halves.steps[4].first == 0 && halves.steps[4].index == 2));
    CHECK((halves.steps[6].merges && halves.steps[6].index == 4));
    // Lanes without terms make no steps.
    CHECK(trace_of_sum<plain>(x).steps.size() == 9);
}

TEST_CASE("trace: a cancellation is catastrophic if it brings an earlier error out", "[quantify][trace]") {
    using M = method<plain, sequential>;
    auto const lost = trace_of_sum<M>(std::vector<float>{1.0F, 0x1p-24F, -1.0F});
    CHECK(lost.steps[1].made == -real(0x1p-24F));
    CHECK(lost.steps[1].error_ulp == 0.5);
    CHECK_FALSE(lost.steps[1].catastrophic);
    CHECK(lost.steps[2].catastrophic);
    CHECK(lost.steps[2].made.is_zero());
    CHECK(lost.steps[2].inherited_ulp == 0x1p23);  // 2^-24 in ulps of itself
    CHECK(lost.catastrophic == 1);
    CHECK(lost.result == 0.0F);

    auto const harmless = trace_of_sum<M>(std::vector<float>{1.0F, 0x1p-23F, -1.0F});
    CHECK(harmless.steps[2].cancelled_bits == 23);
    CHECK(harmless.catastrophic == 0);  // nothing was lost before
    CHECK(harmless.error_ulp == 0);

    // The same, by hand: half an ulp of 1, then the exponent falls by 3: 4 ulps of 1/8.
    std::vector<float> const x{1.0F, 0x1p-24F, -0.875F};
    CHECK(trace_of_sum<M>(x).steps[2].cancelled_bits == 3);
    CHECK(trace_of_sum<M>(x).steps[2].inherited_ulp == 4);
    CHECK(trace_of_sum<M>(x).catastrophic == 1);
    CHECK(trace_of_sum<M>(x, {4, 4}).catastrophic == 0);
    CHECK(trace_of_sum<M>(x, {3, 4.5}).catastrophic == 0);

    // A product's rounding error comes out likewise, unless the product is fused.
    std::vector<float> const a{1.0F, 1.0F + 0x1p-12F}, b{-1.0F - 0x1p-11F, 1.0F + 0x1p-12F};
    auto const rounded = trace_of_dot<M>(a, b);
    CHECK(rounded.steps[1].product_made == -real(0x1p-24F));
    CHECK(rounded.steps[1].catastrophic);
    auto const kept = trace_of_dot<method<fused, sequential>>(a, b);
    CHECK(kept.steps[1].product_made.is_zero());
    CHECK(kept.catastrophic == 0);
    CHECK(kept.result == 0x1p-24F);
}

TEMPLATE_TEST_CASE("trace: an output of a layer, bias last", "[quantify][trace]", float, bfloat16) {
    using T = TestType;
    random_stream random(21);
    auto const weight = numbers<T>(random, 3 * 40);
    auto const bias = numbers<T>(random, 3);
    auto const x = numbers<T>(random, 40);
    dense_view<T> const layer(matrix_view<T const>(weight.data(), 3, 40), bias);
    std::vector<T> y(3);
    using M = method<plain, lanes<>>;
    forward<M>(layer, matrix_view<T const>(x.data(), 1, 40), matrix_view<T>(y.data(), 1, 3));
    for (std::size_t j = 0; j < 3; ++j) {
        auto const trace = trace_of_output<M>(layer, j, x);
        CHECK(to_bits(trace.result) == to_bits(y[j]));
        check_steps(trace, 41, oracle::forward(layer, x)[j]);
        CHECK(trace.steps.back().index == 40);
        CHECK(to_bits(trace.steps.back().added) == to_bits(bias[j]));
    }
    dense_view<T> const without(layer.weight, {});
    CHECK(trace_of_output<M>(without, 1, x).steps.back().index < 40);
    CHECK_THROWS_WITH(trace_of_output<M>(layer, 3, x), Catch::Contains("no output 3 of 3"));
    CHECK_THROWS_WITH(trace_of_output<M>(layer, 0, bias), Catch::Contains("[3]") && Catch::Contains("[3 x 40]"));
}

TEST_CASE("trace: special values", "[quantify][trace]") {
    auto const nothing = trace_of_sum<plain>(std::vector<float>{});
    CHECK(nothing.steps.empty());
    CHECK(to_bits(nothing.result) == 0);
    CHECK(nothing.error_ulp == 0);
    float const big = largest<float>();
    auto const over = trace_of_sum<method<plain, sequential>>(std::vector<float>{big, big, -big});
    CHECK(is_inf(over.result));
    CHECK(is_inf(over.error_ulp));
    CHECK(over.exact == real(big));
    CHECK(over.catastrophic == 0);
    auto const nan =
        trace_of_sum<method<plain, sequential>>(std::vector<float>{infinity<float>(), 1.0F, -infinity<float>()});
    CHECK(to_bits(nan.result) == to_bits(canonical_nan<float>()));
    CHECK(nan.exact.is_nan());
    CHECK_THROWS_WITH(trace_of_dot<plain>(std::vector<float>{1}, std::vector<float>{}),
                      Catch::Contains("equally long"));
}
