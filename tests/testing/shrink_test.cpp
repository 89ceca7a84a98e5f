// SPDX-License-Identifier: BSL-1.0
#include <lastbit/testing/shrink.hpp>

#include "testing/kernels.hpp"
#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit::testing;
using namespace lastbit_tests;

namespace {

kernel_trial large_trial() {
    static kernel_under_test const kernel = erase(loop_gemm<float>);
    kernel_trial t = rounding_trial(kernel, 20, 30, 100, 3);
    for (auto& l : t.layout) l = {.padding = 7, .column_major = true, .increment = 2, .offset = 3};
    return t;
}

/// A check of a condition, by a fault's name.
template <class Condition>
trial_check fails_if(Condition condition, std::size_t& calls, char const* fault = "fault") {
    return [=, &calls](kernel_trial const& t) -> std::optional<kernel_finding> {
        ++calls;
        if (!condition(t)) return std::nullopt;
        return kernel_finding{.fault = fault};
    };
}

}  // namespace

TEST_CASE("shrink: the smallest shape, plain layouts, zeros and ones", "[testing][shrink]") {
    std::size_t calls = 0;
    kernel_trial t = large_trial();
    auto const check =
        fails_if([](kernel_trial const& s) { return s.m >= 3 && s.n >= 1 && s.k >= 7 && !is_zero(s.a[0]); }, calls);
    kernel_finding finding = *check(t);
    shrink(t, finding, check);
    CHECK((t.m == 3 && t.n == 1 && t.k == 7));
    std::vector<double> expected(21, 0.0);
    expected[0] = 1;
    CHECK(t.a == expected);
    CHECK(t.b == std::vector<double>(7, 0.0));
    for (auto const& l : t.layout) CHECK(l == operand_layout{});
    CHECK(calls < 600);
}

TEST_CASE("shrink: terms that lie apart", "[testing][shrink]") {
    std::size_t calls = 0;
    kernel_trial t = large_trial();
    double const first = t.a[2], second = t.a[97];
    auto const holds = [=](kernel_trial const& s) {
        bool has_first = false, has_second = false;
        for (double const x : s.a) {
            has_first |= to_bits(x) == to_bits(first);
            has_second |= to_bits(x) == to_bits(second);
        }
        return has_first && has_second;
    };
    t.m = 1;
    t.a.resize(100);
    auto const check = fails_if(holds, calls);
    kernel_finding finding = *check(t);
    shrink(t, finding, check);
    CHECK(t.k == 2);
    CHECK(t.a == std::vector<double>{first, second});
}

TEST_CASE("shrink: stays with the fault that was found", "[testing][shrink]") {
    std::size_t calls = 0;
    kernel_trial t = large_trial();
    trial_check const check = [&](kernel_trial const& s) -> std::optional<kernel_finding> {
        ++calls;
        return kernel_finding{.fault = s.k >= 5 ? "large" : "small"};
    };
    kernel_finding finding{.fault = "large"};
    shrink(t, finding, check);
    CHECK(t.k == 5);
    CHECK(finding.fault == "large");
}

TEST_CASE("shrink: no more checks than allowed", "[testing][shrink]") {
    std::size_t calls = 0;
    kernel_trial t = large_trial();
    auto const check = fails_if([](kernel_trial const&) { return true; }, calls);
    kernel_finding finding{.fault = "fault"};
    shrink(t, finding, check, 3);
    CHECK(calls == 3);
    CHECK((t.k == 0 && t.m == 10 && t.n == 30));  // two halves of k, and one of m
}

TEST_CASE("examination: reports the first failure, shrunk, and counts calls", "[testing][shrink]") {
    auto const kernel = erase(loop_gemm<float>);
    examination all("some_property", kernel, 4);
    auto const check = [&](kernel_trial const& t) -> std::optional<kernel_finding> {
        static_cast<void>(all.session().run(t));
        if (t.k < 2) return std::nullopt;
        return kernel_finding{.fault = "two_terms", .what = "has two terms"};
    };
    CHECK(all.check(rounding_trial(kernel, 1, 1, 1, 4), check));
    CHECK_FALSE(all.check(rounding_trial(kernel, 5, 6, 9, 4), check));
    CHECK_FALSE(all.check(rounding_trial(kernel, 1, 1, 1, 4), check));
    all.add_calls(1000);
    std::size_t const calls = all.session().calls();
    auto const result = all.result();
    CHECK_FALSE(result);
    CHECK(result.name == "some_property");
    CHECK((result.m == 0 && result.n == 0 && result.k == 2));
    CHECK(result.finding.fault == "two_terms");
    CHECK(result.calls == calls + 1000);
    CHECK(result.seed == 4);
}
