// SPDX-License-Identifier: BSL-1.0
#include <lastbit/oracle/buckets.hpp>

#include <lastbit/base/random.hpp>

#include <catch2/catch.hpp>

using namespace lastbit;
using oracle::integer;
using oracle::real;
namespace internal = lastbit::oracle::detail;

TEST_CASE("to_integer: 128-bit integers of both signs keep their value", "[oracle][buckets]") {
    internal::wide_integer const big = static_cast<internal::wide_integer>(1) << 100;
    CHECK(internal::to_integer(big + 5) == (integer(1) << 100) + 5);
    CHECK(internal::to_integer(-big - 5) == -(integer(1) << 100) - 5);
    CHECK(internal::to_integer(-1) == -1);
    CHECK(internal::to_integer(0) == 0);
    CHECK(internal::to_integer(-(big << 26) - (big << 26)) == -(integer(1) << 127));
}

TEST_CASE("buckets: more than 2^20 of the largest terms do not overflow", "[oracle][buckets]") {
    internal::wide_integer const largest = (static_cast<internal::wide_integer>(1) << 106) - 1;
    int const n = 3 * (1 << 20) + 7;
    internal::buckets sums(-10, 20);
    for (int i = 0; i < n; ++i) sums.add({true, largest, i == 0 ? 20 : -10});
    real const unit(integer((integer(1) << 106) - 1));
    CHECK(sums.total() == -(unit * real(n - 1)).scaled(-10) - unit.scaled(20));
}

TEST_CASE("sum_of_terms: equals the sum of the terms one by one, and knows the sign of zero", "[oracle][buckets]") {
    random_stream random(1);
    std::vector<internal::term> terms;
    real expected;
    for (int i = 0; i < 500; ++i) {
        internal::term const t{random.bits() % 2 == 0, static_cast<internal::wide_integer>(random.bits() >> 12),
                               static_cast<int>(random.below(2000)) - 1000};
        terms.push_back(t);
        real const magnitude(internal::to_integer(t.significand), t.exponent);
        expected += t.negative ? -magnitude : magnitude;
    }
    CHECK(internal::sum_of_terms(terms.size(), [&](std::size_t i) { return terms[i]; }) == expected);
    auto const zero = [](bool negative) { return internal::term{negative, 0, 3}; };
    CHECK(internal::sum_of_terms(2, [&](std::size_t) { return zero(true); }).is_negative());
    CHECK_FALSE(internal::sum_of_terms(2, [&](std::size_t i) { return zero(i == 0); }).is_negative());
    CHECK_FALSE(internal::sum_of_terms(0, [&](std::size_t) { return zero(true); }).is_negative());
}
