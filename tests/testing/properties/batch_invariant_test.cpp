// SPDX-License-Identifier: BSL-1.0
#include <lastbit/testing/properties/batch_invariant.hpp>

#include "testing/kernels.hpp"
#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit::testing;
using namespace lastbit_tests;

namespace {

/// Two orders of summation, chosen by some condition.
template <class Condition>
auto two_orders(Condition backward) {
    return [backward](view<float const> a, view<float const> b, view<float> c) {
        for (std::size_t i = 0; i < c.rows(); ++i)
            for (std::size_t j = 0; j < c.cols(); ++j) {
                float total = 0;
                for (std::size_t p = 0; p < a.cols(); ++p) {
                    std::size_t const q = backward(i, c.rows()) ? a.cols() - 1 - p : p;
                    total = add(total, mul(a(i, q), b(q, j)));
                }
                c(i, j) = total;
            }
    };
}

}  // namespace

TEST_CASE("is_batch_invariant: true where m changes no order", "[testing][batch_invariant]") {
    CHECK(is_batch_invariant(loop_gemm<float>));
    CHECK(is_batch_invariant(exact_gemm<bfloat16>));
    CHECK(is_batch_invariant(loop_gemv<double>));
}

TEST_CASE("is_batch_invariant: a sum and a dot product have no batch", "[testing][batch_invariant]") {
    auto const result = is_batch_invariant(exact_dot<float>);
    CHECK(result);
    CHECK_FALSE(result.applicable);
}

TEST_CASE("is_batch_invariant: an order that depends on m, at the smallest batch", "[testing][batch_invariant]") {
    auto const two = is_batch_invariant(two_orders([](std::size_t, std::size_t m) { return m > 1; }));
    CHECK_FALSE(two);
    CHECK(two.finding.fault == "batch_dependent");
    CHECK((two.m == 2 && two.n == 1 && two.k == 3));
    auto const eight = is_batch_invariant(two_orders([](std::size_t, std::size_t m) { return m >= 8; }));
    CHECK_FALSE(eight);
    CHECK((eight.m == 8 && eight.n == 1 && eight.k == 3));
}

TEST_CASE("is_batch_invariant: an order that depends on the place", "[testing][batch_invariant]") {
    // Blocks of four rows one way, the rest another, but a row alone as in a block.
    auto const tail = [](std::size_t i, std::size_t m) { return m > 1 && i >= m - m % 4; };
    auto const result = is_batch_invariant(two_orders(tail));
    CHECK_FALSE(result);
    CHECK(result.finding.fault == "batch_dependent");
    CHECK((result.m == 2 && result.k == 3));
}

TEST_CASE("is_batch_invariant: an order that depends on a place in the middle", "[testing][batch_invariant]") {
    auto const result = is_batch_invariant(two_orders([](std::size_t i, std::size_t) { return i == 50; }));
    CHECK_FALSE(result);
    CHECK(result.finding.fault == "place_dependent");
    CHECK((result.m == 99 && result.n == 1 && result.k == 3));  // of smaller batches only the ends are examined
}
