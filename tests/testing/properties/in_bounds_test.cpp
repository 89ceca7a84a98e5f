// SPDX-License-Identifier: BSL-1.0
#include <lastbit/testing/properties/in_bounds.hpp>

#include "testing/kernels.hpp"
#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit::testing;
using namespace lastbit_tests;

namespace {

/// What lies at p, read but not used: neither the compiler nor the result knows.
template <class T>
void peek(T const* p) {
    T const value = *const_cast<T const volatile*>(p);
    static_cast<void>(value);
}

}  // namespace

TEMPLATE_TEST_CASE("stays_in_bounds: true of loops and of the library", "[testing][in_bounds]", float, double,
                   bfloat16) {
    CHECK(stays_in_bounds<TestType>(loop_gemm<TestType>));
    CHECK(stays_in_bounds<TestType>(exact_gemm<TestType>));
    CHECK(stays_in_bounds<TestType>(exact_dot<TestType>));
    CHECK(stays_in_bounds<TestType>(exact_sum<TestType>));
    CHECK(stays_in_bounds<TestType>(loop_gemv<TestType>));
}

TEST_CASE("stays_in_bounds: reads past the end", "[testing][in_bounds]") {
    auto const result = stays_in_bounds([](std::span<float const> x, std::span<float const> y) {
        if (x.size() % 8 == 7) peek(y.data() + y.size());
        return loop_dot<float>(x, y);
    });
    CHECK_FALSE(result);
    CHECK(result.finding.fault == "read_after_end");
    CHECK(result.k == 7);
    INFO(result.text());
    CHECK(result.text().find("k = 7: reads B after its end: byte 1 (element 1) after the last") != std::string::npos);
}

TEST_CASE("stays_in_bounds: reads before the start", "[testing][in_bounds]") {
    auto const result = stays_in_bounds([](view<double const> a, view<double const> b, view<double> c) {
        if (a.cols() > 2 && a.rows() > 1) peek(a.data() - 2);
        loop_gemm<double>(a, b, c);
    });
    CHECK_FALSE(result);
    CHECK(result.finding.fault == "read_before_start");
    CHECK((result.m == 2 && result.n == 0 && result.k == 3));
    CHECK(result.text().find("reads A before its start: byte 16 (element 2) before the first") != std::string::npos);
}

TEST_CASE("stays_in_bounds: writes outside C", "[testing][in_bounds]") {
    auto const five = stays_in_bounds(after_loop<float>([](auto, auto, view<float> c) {
        if (c.rows() > 1 && c.cols() == 5 && c.col_stride() == 1) (&c(c.rows() - 1, 0))[5] = 0;
    }));
    CHECK_FALSE(five);
    CHECK(five.finding.fault == "write_after_end");
    CHECK((five.m == 2 && five.n == 5 && five.k == 0));
    auto const before = stays_in_bounds(after_loop<float>([](auto, auto, view<float> c) {
        if (!c.empty()) c.data()[-1] = 2;
    }));
    CHECK_FALSE(before);
    CHECK(before.finding.fault == "write_before_start");
    CHECK((before.m == 1 && before.n == 1 && before.k == 0));
}

TEST_CASE("stays_in_bounds: writes to an operand", "[testing][in_bounds]") {
    auto const result = stays_in_bounds([](view<float const> a, view<float const> b, view<float> c) {
        loop_gemm<float>(a, b, c);
        if (!a.empty()) const_cast<float&>(a(0, 0)) = 99;
    });
    CHECK_FALSE(result);
    CHECK(result.finding.fault == "input_written");
    CHECK((result.m == 1 && result.n == 0 && result.k == 1));
}

TEST_CASE("stays_in_bounds: memory that is nobody's", "[testing][in_bounds]") {
    auto const result = stays_in_bounds([](std::span<float const> x) {
        float const* const far = x.data() + (std::size_t{1} << 44);
        if (x.size() == 5) peek(far);
        return sum(x);
    });
    CHECK_FALSE(result);
    CHECK(result.finding.fault == "crash");
    CHECK(result.k == 5);
}
