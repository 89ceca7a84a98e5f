// SPDX-License-Identifier: BSL-1.0
#include <lastbit/quantify/generate.hpp>

#include <catch2/catch.hpp>

using namespace lastbit;
using oracle::real;

namespace {

/// FNV-1a of the bits.
template <class T>
std::uint64_t hash(std::vector<T> const& x, std::uint64_t h = 0xcbf29ce484222325U) {
    for (T const element : x)
        for (int shift = 0; shift < format<T>::storage_bits; shift += 8)
            h = (h ^ ((to_bits(element) >> shift) & 0xFF)) * 0x100000001b3U;
    return h;
}

template <class Hard>
void check_figures(Hard const& hard, real const& magnitudes, real const& exact, int width) {
    CHECK(hard.exact == exact);
    CHECK(to_bits(hard.condition) == to_bits(oracle::quotient<double>(real(width) * magnitudes, exact.abs())));
    CHECK(hard.clamped == !hard.reason.empty());
    if (!hard.clamped) {
        CHECK(hard.condition >= hard.requested / 2);
        CHECK(hard.condition <= hard.requested * 2);
    }
}

}  // namespace

TEMPLATE_TEST_CASE("generate: the condition is within a factor of two, or clamped with a reason",
                   "[quantify][generate]", float, double, bfloat16, float16) {
    using T = TestType;
    for (std::size_t const n : {1U, 2U, 3U, 4U, 5U, 7U, 10U, 33U, 100U, 1000U}) {
        for (double const condition : {1.0, 1.5, 2.0, 2.5, 10.0, 1e4, 1e8, 1e16, 1e30, 1e100, 1e300}) {
            for (std::uint64_t const seed : {0U, 1U, 2U}) {
                INFO(format<T>::name << " n " << n << " condition " << condition << " seed " << seed);
                auto const s = generate::ill_conditioned_sum<T>(n, condition, seed);
                REQUIRE(s.x.size() == n);
                REQUIRE(oracle::detail::all_finite(std::span<T const>(s.x)));
                check_figures(s, oracle::sum_of_absolutes(s.x), oracle::sum(s.x), 1);
                auto const d = generate::ill_conditioned_dot<T>(n, condition, seed);
                REQUIRE(d.x.size() == n);
                REQUIRE(d.y.size() == n);
                REQUIRE(oracle::detail::all_finite(std::span<T const>(d.x)));
                REQUIRE(oracle::detail::all_finite(std::span<T const>(d.y)));
                check_figures(d, oracle::dot_of_absolutes(d.x, d.y), oracle::dot(d.x, d.y), 2);
                CHECK_FALSE(d.exact.is_zero());
                CHECK_FALSE(s.exact.is_zero());
            }
        }
    }
}

TEST_CASE("generate: doubles meet the condition within a part in a thousand", "[quantify][generate]") {
    auto const check = [](std::size_t n, double condition) {
        CHECK(generate::ill_conditioned_sum<double>(n, condition, 6).condition == Approx(condition).epsilon(1e-3));
        CHECK(generate::ill_conditioned_dot<double>(n, condition, 6).condition == Approx(condition).epsilon(1e-3));
    };
    for (double const condition : {2.5, 4.0, 10.0, 100.0, 1e5, 1e20, 1e60, 1e150, 1e300}) check(100, condition);
    // With two terms the last one is nearly the negative of the first: the other formula for the last residual.
    for (double const condition : {4.0, 10.0, 100.0, 1e5}) check(2, condition);
}

TEST_CASE("generate: what is within reach is not clamped", "[quantify][generate]") {
    for (double const condition : {2.0, 1e5, 1e20, 1e60, 1e150, 1e300}) {
        CHECK_FALSE(generate::ill_conditioned_sum<double>(100, condition, 5).clamped);
        CHECK_FALSE(generate::ill_conditioned_dot<double>(100, condition, 5).clamped);
    }
    for (double const condition : {2.0, 1e5, 1e20, 1e60}) {
        CHECK_FALSE(generate::ill_conditioned_sum<float>(100, condition, 5).clamped);
        CHECK_FALSE(generate::ill_conditioned_dot<float>(100, condition, 5).clamped);
    }
    CHECK_FALSE(generate::ill_conditioned_dot<float>(100, 1e120, 5).clamped);
    CHECK_FALSE(generate::ill_conditioned_dot<bfloat16>(100, 1e30, 5).clamped);
    CHECK_FALSE(generate::ill_conditioned_dot<float16>(100, 1e9, 5).clamped);
    CHECK_FALSE(generate::ill_conditioned_sum<float16>(100, 1e7, 5).clamped);
}

TEST_CASE("generate: what is out of reach is clamped, and says so", "[quantify][generate]") {
    using Catch::Contains;
    CHECK_THAT(generate::ill_conditioned_sum<float16>(100, 1e30, 1).reason, Contains("float16") && Contains("n = 100"));
    CHECK_THAT(generate::ill_conditioned_dot<double>(2, 1e30, 1).reason, Contains("n = 2"));
    CHECK_THAT(generate::ill_conditioned_dot<double>(9, 1.5, 1).reason, Contains("below 2"));
    CHECK_THAT(generate::ill_conditioned_sum<double>(9, 0.5, 1).reason, Contains("below 1"));
    CHECK_THAT(generate::ill_conditioned_sum<double>(9, -3, 1).reason, Contains("below 1"));
    CHECK_THAT(generate::ill_conditioned_sum<double>(100, infinity<double>(), 1).reason, Contains("infinite"));
    auto const below = generate::ill_conditioned_sum<double>(100, -infinity<double>(), 1);
    CHECK_THAT(below.reason, Contains("below 1"));
    CHECK(below.condition == 1.0);
    CHECK_THAT(generate::ill_conditioned_dot<double>(9, -infinity<double>(), 1).reason, Contains("below 2"));
    CHECK(generate::ill_conditioned_dot<double>(9, 1.5, 1).condition == 2.0);
    CHECK(generate::ill_conditioned_sum<double>(1, 10, 1).condition == 1.0);
    auto const nothing = generate::ill_conditioned_sum<float>(0, 10, 1);
    CHECK(nothing.x.empty());
    CHECK(nothing.clamped);
    CHECK(is_nan(nothing.condition));
    CHECK_THROWS_AS(generate::ill_conditioned_sum<float>(9, canonical_nan<double>(), 1), std::invalid_argument);
}

TEST_CASE("generate: the bits follow from n, condition and seed, on every platform", "[quantify][generate]") {
    auto const s = generate::ill_conditioned_sum<double>(100, 1e20, 42);
    auto const d = generate::ill_conditioned_dot<float>(101, 1e12, 42);
    auto const b = generate::ill_conditioned_dot<bfloat16>(37, 1e6, 7);
    auto const h = generate::ill_conditioned_sum<float16>(37, 1e4, 7);
    CHECK(hash(s.x) == 0xd7fabd0e3c1a3c2U);
    CHECK(hash(d.y, hash(d.x)) == 0x10bebd5aa149f1f9U);
    CHECK(hash(b.y, hash(b.x)) == 0xc3a9e948e1669ffeU);
    CHECK(hash(h.x) == 0xa9863f44321e16dfU);
    CHECK(hash(generate::ill_conditioned_sum<double>(100, 1e20, 43).x) != hash(s.x));
}

TEST_CASE("generate: large terms stand anywhere, not in front", "[quantify][generate]") {
    auto const s = generate::ill_conditioned_sum<double>(1000, 1e100, 3);
    std::size_t large_in_front = 0, large = 0;
    for (std::size_t i = 0; i < s.x.size(); ++i) {
        bool const is_large = real(s.x[i]).abs() > real(1);
        large += is_large ? 1U : 0U;
        large_in_front += is_large && i < 500 ? 1U : 0U;
    }
    CHECK(large > 300);
    CHECK(large_in_front > large / 3);
    CHECK(large_in_front < 2 * large / 3);
}
