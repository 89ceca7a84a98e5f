// SPDX-License-Identifier: BSL-1.0
#include <lastbit/testing/trial.hpp>

#include "testing/kernels.hpp"
#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit::testing;
using namespace lastbit_tests;

namespace {

kernel_trial two_by_two() {
    kernel_trial t;
    t.m = t.n = t.k = 2;
    t.a = {1, 2, 3, 4};
    t.b = {5, 6, 7, 8};
    return t;
}

std::vector<double> values(number_format format, trial_outcome const& outcome) {
    std::vector<double> list;
    for (auto const bits : outcome.bits) list.push_back(testing::detail::value_of(format, bits));
    return list;
}

}  // namespace

TEMPLATE_TEST_CASE("kernel_session: the same product in every layout", "[testing][trial]", float, double, bfloat16,
                   float16) {
    auto const kernel = erase<TestType>(loop_gemm<TestType>);
    kernel_session session(kernel);
    kernel_trial t = two_by_two();
    for (std::size_t const padding : {0U, 3U})
        for (bool const column_major : {false, true})
            for (std::size_t const increment : {1U, 2U})
                for (placement const place : {placement::at_start, placement::at_end}) {
                    for (auto& l : t.layout) l = {padding, column_major, increment, 5, place};
                    auto const outcome = session.run(t);
                    CHECK_FALSE(outcome.violation.has_value());
                    CHECK(values(kernel.out, outcome) == std::vector<double>{19, 22, 43, 50});
                }
    CHECK(session.calls() == 16);
}

TEST_CASE("kernel_session: C holds what the trial says, else NaN", "[testing][trial]") {
    auto const nothing = erase([](view<float const>, view<float const>, view<float>) {});
    kernel_session session(nothing);
    kernel_trial t = two_by_two();
    for (double const x : values(number_format::float32, session.run(t))) CHECK(is_nan(x));
    t.c = {1, 2, 3, 4};
    CHECK(values(number_format::float32, session.run(t)) == t.c);
    auto const add_to = erase(scaled_gemm<float>);
    kernel_session scaled(add_to);
    t.alpha = 2;
    t.beta = -1;
    CHECK(values(number_format::float32, scaled.run(t)) == std::vector<double>{37, 42, 83, 96});
}

TEST_CASE("kernel_session: a vector with an increment", "[testing][trial]") {
    kernel_under_test kernel{kernel_kind::dot, number_format::float64, number_format::float64, {}, {}};
    kernel.accepts.vector_increments = true;
    kernel.call = [](kernel_call const& c) {
        auto const* const x = static_cast<double const*>(c.a.data);
        auto const* const y = static_cast<double const*>(c.b.data);
        double total = 0;
        for (std::ptrdiff_t p = 0; p < static_cast<std::ptrdiff_t>(c.a.cols); ++p)
            total += x[p * c.a.col_stride] * y[p * c.b.row_stride];
        *static_cast<double*>(c.c.data) = total;
    };
    kernel_session session(kernel);
    kernel_trial t;
    t.kind = kernel_kind::dot;
    t.k = 3;
    t.a = {1, 2, 3};
    t.b = {4, 5, 6};
    for (std::size_t const step : {1U, 2U, 7U}) {
        t.layout[0].increment = step;
        t.layout[1].increment = step + 1;
        REQUIRE(session.accepts(t));
        auto const outcome = session.run(t);
        CHECK(values(kernel.out, outcome) == std::vector<double>{32});
        CHECK_FALSE(outcome.violation.has_value());
    }
}

TEST_CASE("kernel_session: operands begin at the offset asked for", "[testing][trial]") {
    std::vector<std::uintptr_t> seen;
    auto const kernel = erase([&](std::span<float const> x) {
        seen.push_back(reinterpret_cast<std::uintptr_t>(x.data()) % 64);
        return 0.0F;
    });
    kernel_session session(kernel);
    kernel_trial t;
    t.kind = kernel_kind::sum;
    t.k = 2;
    t.a = {1, 2};
    for (std::size_t const offset : {0U, 1U, 15U}) {
        t.layout[0].offset = offset;
        static_cast<void>(session.run(t));
    }
    CHECK(seen == std::vector<std::uintptr_t>{0, 4, 60});
}
