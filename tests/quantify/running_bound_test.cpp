// SPDX-License-Identifier: BSL-1.0
#include <lastbit/quantify/running_bound.hpp>

#include <lastbit/quantify/error.hpp>
#include <lastbit/quantify/generate.hpp>
#include "oracle/numbers.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace lastbit;
using namespace lastbit_tests;
using quantify::dot_with_bound;
using quantify::sum_with_bound;

namespace {

/// What the bounds of many sums or dot products were beside the errors.
struct tally {
    std::size_t trials = 0, below = 0, vacuous = 0, other_bits = 0;
    std::vector<double> ratios;  // of bounds to errors that are not 0

    template <class T>
    void add(quantify::bounded<T> const& got, T plain_value, oracle::real const& exact) {
        ++trials;
        other_bits += to_bits(got.value) == to_bits(plain_value) ? 0U : 1U;
        if (is_inf(got.bound)) {
            ++vacuous;
            return;
        }
        oracle::real const error = (oracle::real(got.value) - exact).abs();
        below += error > oracle::real(got.bound) ? 1U : 0U;
        if (!error.is_zero()) ratios.push_back(oracle::quotient<double>(oracle::real(got.bound), error));
    }

    [[nodiscard]] double median() {
        std::nth_element(ratios.begin(), ratios.begin() + static_cast<std::ptrdiff_t>(ratios.size() / 2), ratios.end());
        return ratios[ratios.size() / 2];
    }
};

template <class T>
std::vector<T> random_numbers(random_stream& random, std::size_t n, int lowest, int highest) {
    std::vector<T> x(n);
    for (T& e : x) e = of_exponent<T>(random, lowest, highest);
    return x;
}

/// Random and ill-conditioned data, large and tiny numbers.
template <class M, class T>
void check(std::size_t n, std::size_t count, double median) {
    random_stream random(41 + n);
    tally sums, dots, hard;
    for (std::size_t trial = 0; trial < count; ++trial) {
        auto const x = random_numbers<T>(random, n, -2, 0);
        auto const y = random_numbers<T>(random, n, -2, 0);
        sums.add(sum_with_bound<M>(x), sum<M>(x), oracle::sum(x));
        dots.add(dot_with_bound<M>(x, y), dot<M>(x, y), oracle::dot(x, y));
        auto const d = generate::ill_conditioned_dot<T>(n, trial % 2 == 0 ? 1e3 : 1e20, trial);
        hard.add(dot_with_bound<M>(d.x, d.y), dot<M>(d.x, d.y), d.exact);
        auto const s = generate::ill_conditioned_sum<T>(n, trial % 2 == 0 ? 1e3 : 1e20, trial);
        hard.add(sum_with_bound<M>(s.x), sum<M>(s.x), s.exact);
        int const tiny = format<T>::min_exponent / 2;  // products on both sides of the smallest subnormal
        auto const a = random_numbers<T>(random, n, tiny - format<T>::precision, tiny);
        auto const b = random_numbers<T>(random, n, tiny - format<T>::precision, tiny);
        hard.add(dot_with_bound<M>(a, b), dot<M>(a, b), oracle::dot(a, b));
        auto const c = any_vector<T>(random, n);  // any exponents: now and then an overflow
        hard.add(sum_with_bound<M>(c), sum<M>(c), oracle::sum(c));
        hard.add(dot_with_bound<M>(c, a), dot<M>(c, a), oracle::dot(c, a));
    }
    CAPTURE(n, format<T>::name, detail::method_of<M>::type::name());
    for (tally* t : {&sums, &dots, &hard}) {
        CHECK(t->below == 0);
        CHECK(t->other_bits == 0);
    }
    CHECK(sums.vacuous == 0);
    CHECK(dots.vacuous == 0);
    CHECK(sums.median() <= median);
    CHECK(dots.median() <= median);
}

template <class M>
void check_formats() {
    std::size_t const count = trials(100);
    check<M, float>(1000, count, 1.1);
    check<M, double>(1000, count, 1.1);
    check<M, double>(37, count, 1.1);
    check<M, float>(5, count, 1.1);
    check<M, bfloat16>(10, count, 2);
    check<M, float16>(50, count, 2);
}

}  // namespace

TEST_CASE("sum_with_bound, dot_with_bound: the bits of sum and dot, a bound that holds and is near the error",
          "[quantify][running_bound]") {
    check_formats<method<plain, sequential>>();
    check_formats<plain>();
    check_formats<method<plain, pairwise<8>>>();
    check_formats<method<fused, sequential>>();
    check_formats<fused>();
    check_formats<method<fused, pairwise<8>>>();
}

TEST_CASE("sum_with_bound: near the error for a million terms, too", "[quantify][running_bound]") {
    check<method<plain, sequential>, float>(std::size_t{1} << 20, 1, 1.5);
    check<plain, double>(std::size_t{1} << 20, 1, 1.1);
}

TEMPLATE_TEST_CASE("sum_with_bound, dot_with_bound: special values", "[quantify][running_bound]", float, double,
                   bfloat16, float16) {
    using T = TestType;
    using numbers = std::vector<T>;
    using M = method<plain, sequential>;
    auto const nothing = sum_with_bound<M>(numbers{});
    CHECK(to_bits(nothing.value) == 0);
    CHECK(nothing.bound == 0);
    CHECK(dot_with_bound<M>(numbers{}, numbers{}).bound == 0);
    CHECK(sum_with_bound<M>(numbers{T(3)}).bound == 0);  // nothing was rounded
    CHECK(sum_with_bound<M>(numbers{T(1), T(2), T(-3)}).bound == 0);
    T const minus_zero = negate(T(0));
    CHECK(to_bits(sum_with_bound<M>(numbers{minus_zero, minus_zero}).value) == to_bits(minus_zero));
    CHECK(is_inf(sum_with_bound<M>(numbers{infinity<T>(), T(1)}).bound));
    CHECK(is_inf(sum_with_bound<M>(numbers{canonical_nan<T>()}).bound));
    CHECK(is_inf(sum_with_bound<M>(numbers{largest<T>(), largest<T>(), negate(largest<T>())}).bound));
    CHECK(is_inf(dot_with_bound<M>(numbers{largest<T>()}, numbers{T(2)}).bound));
    auto const lost = dot_with_bound<M>(numbers{smallest_subnormal<T>()}, numbers{smallest_subnormal<T>()});
    CHECK(is_zero(lost.value));
    CHECK(oracle::real(lost.bound) >= oracle::real(smallest_subnormal<T>()) * oracle::real(smallest_subnormal<T>()));
    CHECK_THROWS_WITH(dot_with_bound<M>(numbers{T(1)}, numbers{}), Catch::Contains("x has shape [1] and y [0]"));
}

TEST_CASE("sum_with_bound: the bound's bits are the same in every build", "[quantify][running_bound]") {
    // u times the sizes is a subnormal: fused with the addition it would not be rounded.
    std::vector<double> const x{-0x1p129, 0x1p-1008};
    CHECK(to_bits(sum_with_bound<method<plain, sequential>>(x).bound) == to_bits(0x1.000000000004p-1008));
}

TEST_CASE("sum_with_bound: says that it knows nothing where the theorem fails", "[quantify][running_bound]") {
    std::vector<bfloat16> const ones(200, bfloat16(1.0F));
    CHECK(is_inf(sum_with_bound<method<plain, sequential>>(ones).bound));
    CHECK_FALSE(is_inf(sum_with_bound<plain>(ones).bound));  // 32 lanes of seven terms
}
