// SPDX-License-Identifier: BSL-1.0
#include <lastbit/testing/properties/alignment_invariant.hpp>

#include "testing/kernels.hpp"
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>

using namespace lastbit;
using namespace lastbit::testing;
using namespace lastbit_tests;

namespace {

/// Sums the elements before an address divisible by 32 last.
float peeled_sum(std::span<float const> x) {
    auto const address = reinterpret_cast<std::uintptr_t>(x.data());
    std::size_t const head = std::min<std::size_t>((32 - address % 32) % 32 / sizeof(float), x.size());
    float total = 0;
    for (std::size_t i = head; i < x.size(); ++i) total = add(total, x[i]);
    for (std::size_t i = 0; i < head; ++i) total = add(total, x[i]);
    return total;
}

}  // namespace

TEMPLATE_TEST_CASE("is_alignment_invariant: true of loops", "[testing][alignment_invariant]", float, double, bfloat16) {
    CHECK(is_alignment_invariant<TestType>(exact_dot<TestType>));
    CHECK(is_alignment_invariant<TestType>(loop_gemm<TestType>));
    CHECK(is_alignment_invariant<TestType>(loop_gemv<TestType>));
}

TEST_CASE("is_alignment_invariant: an order that depends on the address", "[testing][alignment_invariant]") {
    auto const result = is_alignment_invariant(peeled_sum);
    CHECK_FALSE(result);
    CHECK(result.finding.fault == "alignment_dependent");
    CHECK(result.k == 3);
    INFO(result.text());
    CHECK(result.text().find("where A lies") != std::string::npos);
}

TEST_CASE("is_alignment_invariant: looks at C, too", "[testing][alignment_invariant]") {
    auto const kernel = after_loop<double>([](auto, auto, view<double> c) {
        if (reinterpret_cast<std::uintptr_t>(c.data()) % 32 == 8 && !c.empty()) c(c.rows() - 1, c.cols() - 1) = 0;
    });
    auto const result = is_alignment_invariant(kernel);
    CHECK_FALSE(result);
    CHECK((result.m == 1 && result.n == 1 && result.k == 1));
    INFO(result.text());
    CHECK(result.text().find("where C lies 8 bytes") != std::string::npos);
}
