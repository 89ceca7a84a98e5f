// SPDX-License-Identifier: BSL-1.0
#pragma once
// One source for Catch2 2, Catch2 3 and GoogleTest: what a user may write with either header. Included by catch2_test.cpp
// and googletest_test.cpp, which define before it
//
//   LAW(name)                        a test case
//   CHECK, CHECK_FALSE, CHECK_THAT, REQUIRE_THAT
//   failure_text(value, matcher)     what the framework prints of a failed CHECK_THAT(value, matcher)

#include <lastbit/base/matrix_view.hpp>

#include <array>
#include <cstdint>
#include <ostream>
#include <span>
#include <string>
#include <vector>

namespace both_frameworks {

using namespace lastbit::testing;
using lastbit::bfloat16;
using lastbit::float16;
using lastbit::matrix_view;

inline bool has(std::string const& text, std::string const& part) { return text.find(part) != std::string::npos; }

/// The result of a check of a property.
struct three_is_even {
    bool value;
    explicit operator bool() const { return value; }
    friend std::ostream& operator<<(std::ostream& os, three_is_even const&) {
        return os << "3 leaves a remainder of 1";
    }
};

/// A matcher with one text, of one type of argument, which counts how often it is asked.
struct half_of final : matcher<half_of> {
    explicit half_of(int whole_number, int* count = nullptr) : whole(whole_number), calls(count) {}
    bool match(int x) const {
        if (calls != nullptr) ++*calls;
        return 2 * x == whole;
    }
    std::string describe() const { return "is half of " + std::to_string(whole); }
    int whole;
    int* calls;
};

/// Matches views by their size.
struct has_rows final : matcher<has_rows> {
    explicit has_rows(std::size_t number) : rows(number) {}
    template <class T>
    bool match(matrix_view<T> const& x) const {
        return x.rows() == rows;
    }
    std::string expectation() const { return "has the right rows"; }
    std::size_t rows;
};

LAW(numbers_match) {
    CHECK_THAT(1.0, bitwise_equal_to(1.0));
    CHECK_THAT(-0.0F, !bitwise_equal_to(0.0F));
    CHECK_THAT(-0.0F, within_ulps_of(0.0F, 0));
    CHECK_THAT(bfloat16(1.5), bitwise_equal_to(bfloat16(1.5)));
    REQUIRE_THAT(float16(1.5), within_ulps_of(float16(1.5), 1));
}

LAW(ranges_match_in_any_mixture) {
    std::vector<double> const v{1.0, -0.0, 0.1};
    std::array<double, 3> const a{1.0, -0.0, 0.1};
    double const c[3] = {1.0, -0.0, 0.1};
    CHECK_THAT(v, bitwise_equal_to(a));
    CHECK_THAT(a, bitwise_equal_to(std::span(v)));
    CHECK_THAT(std::span<double const>(a), within_ulps_of(c, 1));
    CHECK_THAT(c, bitwise_equal_to(v));
    REQUIRE_THAT((std::vector{1.0, 0.0, 0.1}), !bitwise_equal_to(v));
}

LAW(matchers_combine) {
    auto const one = bitwise_equal_to(1.0);
    auto const two = bitwise_equal_to(2.0);
    CHECK_THAT(1.0, one || two);
    CHECK_THAT(2.0, one || two);
    CHECK_THAT(3.0, !(one || two));
    CHECK_THAT(1.0, one && !two);
    CHECK_THAT(1.0, !(one && two));
    CHECK_THAT(1.0, !!one);
    CHECK_THAT((std::vector{1.0F}), within_ulps_of(std::vector{1.0F}, 3) && !bitwise_equal_to(std::vector{2.0F}));
}

LAW(a_failure_says_what_was_expected_and_what_was_found) {
    std::string const text = failure_text(2.0, bitwise_equal_to(1.0));
    CHECK(has(text, "2 (0x1p+1)"));
    CHECK(has(text, "has the bits of 1 (0x1p+0)"));
    CHECK(has(text, "4503599627370496 ulps apart"));
    CHECK(has(failure_text(1.0, !bitwise_equal_to(1.0)), "not has the bits of 1 (0x1p+0)"));
    CHECK_FALSE(has(failure_text(1.0, !bitwise_equal_to(1.0)), "apart"));
    std::string const either = failure_text(3.0, bitwise_equal_to(1.0) || bitwise_equal_to(2.0));
    CHECK(has(either, "( has the bits of 1 (0x1p+0) or has the bits of 2 (0x1p+1) )"));
    CHECK(has(either, "6755399441055744 ulps apart; got 3 (0x1.8p+1), 2251799813685248 ulps apart"));
}

LAW(a_failure_is_no_wall_of_numbers) {
    std::vector<float> y(1000000, 1.0F);
    std::vector<float> const expected = y;
    y[123456] = 1.5F;
    std::string const text = failure_text(y, bitwise_equal_to(expected));
    CHECK(text.size() < 300);
    CHECK(has(text, "[1000000] float32"));
    CHECK(has(text, "1 of 1000000 differ; worst at [123456]: got 1.5 (0x1.8p+0), expected 1 (0x1p+0)"));
    std::array<float, 9> const nine{};
    CHECK(has(failure_text(nine, !bitwise_equal_to(nine)), "[9] float32"));
    std::array<bfloat16, 8> eight{};
    eight[7] = bfloat16(0.1);
    CHECK(has(failure_text(eight, !bitwise_equal_to(eight)), "{ 0, 0, 0, 0, 0, 0, 0, 0.1 }"));
    CHECK(has(failure_text(matrix_view<float const>(y.data(), 500, 2000), has_rows(7)), "[500 x 2000] float32"));
}

LAW(a_property_holds_or_says_why_not) {
    CHECK_THAT(three_is_even{true}, holds());
    CHECK_THAT(three_is_even{false}, !holds());
    CHECK(has(failure_text(three_is_even{false}, holds()), "3 leaves a remainder of 1"));
}

LAW(sums_and_products_match) {
    std::vector<float> const x{1.0F, 2.0F, 3.0F};
    std::vector<float> const y{4.0F, 5.0F, 6.0F};
    CHECK_THAT(6.0F, is_sum_of(x));
    CHECK_THAT(32.0F, is_dot_of(x, y).correctly_rounded());
    CHECK_THAT(33.0F, !is_dot_of(x, y));
    matrix_view<float const> const column(x.data(), 3, 1);
    matrix_view<float const> const row(y.data(), 1, 3);
    std::vector<float> c{4.0F, 5.0F, 6.0F, 8.0F, 10.0F, 12.0F, 12.0F, 15.0F, 18.0F};
    CHECK_THAT(c, is_product_of(column, row));
    CHECK_THAT(matrix_view<float const>(c.data(), 3, 3), is_product_of(column, row).within_ulps(0));
    c[5] = 11.0F;
    std::string const text = failure_text(c, is_product_of(column, row));
    CHECK(has(text, "[9] float32"));
    CHECK(has(text, "the product"));
    CHECK_FALSE(has(text, "18"));
}

LAW(own_matchers_with_one_text) {
    CHECK_THAT(3, half_of(6));
    CHECK_THAT(4, !half_of(6) && half_of(8));
    CHECK(has(failure_text(4, half_of(6)), "is half of 6"));
    CHECK_FALSE(matcher_of<half_of, std::string>);
}

LAW(a_matcher_is_asked_once) {
    int calls = 0;
    CHECK(has(failure_text(4, half_of(6, &calls)), "is half of 6"));
    CHECK(calls == 1);
}

}  // namespace both_frameworks
