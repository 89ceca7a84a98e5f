// SPDX-License-Identifier: BSL-1.0
#include <lastbit/exact/sum_estimate.hpp>

#include <lastbit/base/environment.hpp>

#include "exact/block_data.hpp"
#include "fold/families.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit::detail;
using namespace lastbit_tests;

namespace {

/// Not inlined: compiled once for each kind of terms.
template <class R, class Terms>
[[gnu::noinline]] known_sum estimated(Terms const& terms, std::size_t n) {
    return estimate_sum<R>(terms, n);
}

/// The estimate holds the exact sum, and high is the nearest double.
template <class R, class Terms>
void check(Terms const& terms, std::size_t n, superaccumulator<double> const& exact) {
    known_sum const sum = estimated<R>(terms, n);
    REQUIRE(sum.known);
    REQUIRE(within(exact, sum.value.high, sum.value.low, sum.value.error));
    REQUIRE(to_bits(sum.value.high) == to_bits(add(sum.value.high, sum.value.low)));
}

template <class R, class T>
void check_all(std::vector<T> const& x) {
    superaccumulator<double> numbers, magnitudes, squares;
    for (T const v : x) {
        auto const d = static_cast<double>(v);
        numbers.add(d);
        magnitudes.add(absolute(d));
        squares.add_product(d, d);
    }
    check<R>(number_doubles<T>{x.data()}, x.size(), numbers);
    check<R>(absolute_doubles<T>{x.data()}, x.size(), magnitudes);
    check<R>(square_doubles<T>(x.data()), x.size(), squares);
    check<R>(product_doubles<T>{x.data(), x.data()}, x.size(), squares);
}

}  // namespace

TEMPLATE_TEST_CASE("estimate_sum: the exact sum lies within the error", "[exact][sum_estimate]", float, double,
                   bfloat16, float16) {
    environment::guard const guard;
    using T = TestType;
    random_stream chance(63);
    for (std::size_t trial = 0; trial < trials(300); ++trial) {
        std::size_t const n = trial < 70 ? trial : chance.below(3000);
        int const reach = 1 + static_cast<int>(chance.below(12));
        std::vector<T> x(n);
        for (T& v : x) v = random_number<T>(chance, between(chance, -reach, reach));
        check_all<T>(x);
        check_all<double>(x);
        check_all<bfloat16>(x);
    }
}

TEST_CASE("estimate_sum: doubles close below powers of two, and more than one set of lanes", "[exact][sum_estimate]") {
    environment::guard const guard;
    random_stream chance(64);
    for (std::size_t trial = 0; trial < trials(100); ++trial)
        check_all<double>(block_data(chance, chance.below(2000), static_cast<int>(chance.below(400)) - 200,
                                     trial % 2 == 0, static_cast<unsigned>(chance.below(40))));
    std::size_t const many = lane_totals::most_blocks * extraction_block::size + 1000;
    std::vector<double> x = block_data(chance, many, 3, true, 30);
    superaccumulator<double> sum;
    sum.add(std::span<double const>(x));
    check<double>(number_doubles<double>{x.data()}, many, sum);
    for (double& v : x) v = 0.0;
    x[7] = largest<double>();
    x[8] = largest<double>();
    CHECK_FALSE(estimated<double>(number_doubles<double>{x.data()}, many).known);
}

TEST_CASE("estimate_total: high and low hold the total within the error", "[exact][sum_estimate]") {
    environment::guard const guard;
    random_stream chance(65);
    for (std::size_t trial = 0; trial < trials(1000); ++trial) {
        superaccumulator<double> total;
        for (int i = 0; i < 4; ++i) total.add(random_number<double>(chance, between(chance, -90, 90)));
        known_sum const sum = estimate_total(total, 0.0);
        REQUIRE(sum.known);
        REQUIRE(within(total, sum.value.high, sum.value.low, sum.value.error));
    }
    superaccumulator<double> huge;
    huge.add(largest<double>());
    huge.add(largest<double>());
    CHECK_FALSE(estimate_total(huge, 0.0).known);
}

TEMPLATE_TEST_CASE("estimate_sum: nothing is known of sums with an infinity or a NaN", "[exact][sum_estimate]", float,
                   double, bfloat16, float16) {
    environment::guard const guard;
    using T = TestType;
    for (T const bad : {infinity<T>(), negate(infinity<T>()), canonical_nan<T>(), negate(canonical_nan<T>())})
        for (std::size_t const place : {0U, 33U, 199U}) {
            std::vector<T> x(200, compose<T>(false, 1, 0));
            x[place] = bad;
            CHECK_FALSE(estimated<T>(number_doubles<T>{x.data()}, x.size()).known);
            CHECK_FALSE(estimated<T>(absolute_doubles<T>{x.data()}, x.size()).known);
            CHECK_FALSE(estimated<T>(square_doubles<T>(x.data()), x.size()).known);
            CHECK_FALSE(estimated<double>(number_doubles<T>{x.data()}, x.size()).known);
            CHECK_FALSE(estimated<double>(square_doubles<T>(x.data()), x.size()).known);
        }
}

TEMPLATE_TEST_CASE("is_exact_on_grid: integers have no error, and one small term takes that away",
                   "[exact][sum_estimate]", float, double, bfloat16) {
    environment::guard const guard;
    using T = TestType;
    random_stream chance(66);
    std::vector<T> x(1000);
    superaccumulator<double> exact;
    for (T& v : x) {
        v = T(static_cast<float>(between(chance, -127, 127)));
        exact.add(static_cast<double>(v));
    }
    number_doubles<T> const terms{x.data()};
    known_sum sum = estimated<T>(terms, x.size());
    CHECK(sum.value.error > 0.0);
    REQUIRE(is_exact_on_grid(sum, terms, x.size()));
    CHECK(is_zero(sum.value.error));
    CHECK(within(exact, sum.value.high, sum.value.low, 0.0));
    x[500] = compose<T>(false, 1, -100);
    sum = estimated<T>(terms, x.size());
    CHECK_FALSE(is_exact_on_grid(sum, terms, x.size()));
    CHECK(sum.value.error > 0.0);
}

TEMPLATE_TEST_CASE("digits_of_sum: those of the terms added one by one", "[exact][sum_estimate]", float, double,
                   bfloat16, float16) {
    environment::guard const guard;
    using T = TestType;
    random_stream chance(67);
    for (std::size_t const n : {0U, 1U, 5U, 63U, 64U, 65U, 700U}) {
        std::vector<T> x(n);
        for (T& v : x)
            v = random_number<T>(chance, between(chance, format<T>::min_exponent - 20, format<T>::max_exponent));
        superaccumulator<T> magnitudes, squares;
        for (T const v : x) {
            magnitudes.add(absolute(v));
            squares.add_product(v, v);
        }
        auto const same = [](auto const& a, auto const& b) {
            return a.state == b.state && a.digit == b.digit && a.size == b.size && a.lowest == b.lowest;
        };
        CHECK(same(digits_of_sum(absolute_doubles<T>{x.data()}, n), bulk_access::magnitude(magnitudes)));
        CHECK(same(digits_of_sum(square_doubles<T>(x.data()), n), bulk_access::magnitude(squares)));
    }
}
