// SPDX-License-Identifier: BSL-1.0
#include <lastbit/exact/superaccumulator.hpp>

#include <lastbit/base/random.hpp>

#include "exact/rounded_away.hpp"
#include "oracle/vectors.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace lastbit;
using lastbit_tests::all_directions;
using lastbit_tests::expected;
using oracle::real;

namespace {

template <class T>
T any(random_stream& random) {
    for (;;) {
        T const x = from_bits<T>(static_cast<typename format<T>::bits_type>(random.bits()));
        if (is_finite(x)) return x;
    }
}

/// The sum of a few terms of any size, in two accumulators that are then merged, and by the oracle. Some terms cancel,
/// some are zeros.
template <class T>
struct random_sum {
    superaccumulator<T> computed;
    real exact;

    explicit random_sum(random_stream& random) {
        superaccumulator<T> parts[2];
        std::size_t const n = random.below(6);
        for (std::size_t i = 0; i < n; ++i) {
            T const x = random.below(8) == 0 ? T(0) : any<T>(random);
            T const y = any<T>(random);
            bool const product = random.below(2) == 0;
            if (product) parts[random.below(2)].add_product(x, y);
            else parts[random.below(2)].add(x);
            exact += product ? real(x) * real(y) : real(x);
            if (random.below(3) != 0) continue;
            parts[0].add_product(y, y);
            parts[1].add_product(negate(y), y);
        }
        parts[0].merge(parts[1]);
        computed = parts[0];
    }
};

template <class T, class R>
bool rounds_like_the_oracle(random_sum<T> const& s) {
    for (rounding const d : all_directions) {
        R const r = s.computed.template round<R>(d);
        if (s.exact.is_zero() ? !is_zero(r) : to_bits(r) != to_bits(expected<R>(s.exact, d))) return false;
    }
    return true;
}

}  // namespace

TEMPLATE_TEST_CASE("superaccumulator: equals the oracle, rounded in every direction to every format",
                   "[exact][superaccumulator]", float, double, bfloat16, float16) {
    random_stream random(21);
    for (std::size_t trial = 0; trial < lastbit_tests::trials(2000); ++trial) {
        random_sum<TestType> const s(random);
        REQUIRE((rounds_like_the_oracle<TestType, float>(s) && rounds_like_the_oracle<TestType, double>(s)));
        REQUIRE((rounds_like_the_oracle<TestType, bfloat16>(s) && rounds_like_the_oracle<TestType, float16>(s)));
        REQUIRE(s.computed.sign() == s.exact.sign());
    }
}

TEST_CASE("superaccumulator: the published hard cases of sums and dot products", "[exact][superaccumulator]") {
    std::size_t seen = 0;
    for (auto const* const operation : {"sum", "dot"})
        for (auto const& c : lastbit_tests::hard_cases(operation)) {
            superaccumulator<double> a;
            for (std::size_t i = 0; i < c.x.size(); ++i) {
                if (c.y.empty()) a.add(c.x[i]);
                else a.add_product(c.x[i], c.y[i]);
            }
            INFO(c.source);
            CHECK(to_bits(a.round()) == to_bits(canonical(c.result)));
            ++seen;
        }
    CHECK(seen == 178);
}

TEMPLATE_TEST_CASE("superaccumulator: any order and any grouping give one value", "[exact][superaccumulator]", float,
                   double, bfloat16, float16) {
    using T = TestType;
    random_stream random(22);
    std::vector<T> x;
    for (int i = 0; i < 300; ++i) x.push_back(any<T>(random));
    superaccumulator<T> forwards;
    superaccumulator<T> backwards;
    std::vector<superaccumulator<T>> groups(7);
    for (std::size_t i = 0; i < x.size(); ++i) {
        forwards.add(x[i]);
        backwards.add(x[x.size() - 1 - i]);
        groups[random.below(7)].add(x[i]);
    }
    for (std::size_t g = 1; g < groups.size(); ++g) groups[0].merge(groups[g]);
    CHECK((forwards == backwards && forwards == groups[0]));
    forwards.add(smallest_subnormal<T>());
    CHECK((forwards > backwards && !(forwards == groups[0])));
    forwards.clear();
    CHECK((forwards == superaccumulator<T>() && to_bits(forwards.round()) == 0));
}

TEMPLATE_TEST_CASE("superaccumulator: carries that wait, and the head-room above the largest product",
                   "[exact][superaccumulator]", float, double, bfloat16, float16) {
    using T = TestType;
    superaccumulator<T> a;
    a.add_product(largest<T>(), largest<T>());
    real exact = real(largest<T>()) * real(largest<T>());
    for (int doubling = 0; doubling < 60; ++doubling) {  // 2^60 times the largest product, then back to one
        superaccumulator<T> const copy = a;
        a.merge(copy);
        exact += exact;
    }
    CHECK(a.sign() == 1);
    superaccumulator<T> b = a;
    b.merge(b);  // merging with itself doubles
    CHECK(b > a);
    superaccumulator<T> minus;
    minus.add_product(negate(largest<T>()), largest<T>());
    for (int doubling = 0; doubling < 60; ++doubling) minus.merge(superaccumulator<T>(minus));
    a.merge(minus);
    a.add(smallest_subnormal<T>());
    CHECK(to_bits(a.round()) == 1);
}

TEST_CASE("superaccumulator: special values and the sign of an exact zero", "[exact][superaccumulator]") {
    double const inf = infinity<double>();
    auto const of = [](std::vector<double> const& x, rounding d = rounding::to_nearest) {
        superaccumulator<double> a;
        for (double const v : x) a.add(v);
        return to_bits(a.round(d));
    };
    CHECK(of({inf, 1, 1}) == to_bits(inf));
    CHECK(of({-inf, 1e308, 1e308}) == to_bits(-inf));
    CHECK(of({inf, -inf}) == to_bits(canonical_nan<double>()));
    CHECK(of({negate(canonical_nan<double>()), 1}) == to_bits(canonical_nan<double>()));
    CHECK(of({1e308, 1e308, -1e308}) == to_bits(1e308));
    CHECK(of({-0.0, -0.0}) == to_bits(-0.0));
    CHECK(of({-0.0, 0.0}) == to_bits(0.0));
    CHECK(of({1, -1}) == to_bits(0.0));
    CHECK(of({}) == to_bits(0.0));
    CHECK(of({}, rounding::downward) == to_bits(0.0));
    CHECK(of({0.0, 0.0}, rounding::downward) == to_bits(0.0));
    CHECK(of({-0.0, 0.0}, rounding::downward) == to_bits(-0.0));
    CHECK(of({1, -1}, rounding::downward) == to_bits(-0.0));
    // 2^1024 - 2^970 is the least value that rounds to an infinity.
    CHECK(of({largest<double>(), 0x1p970}) == to_bits(inf));
    CHECK(of({largest<double>(), 0x1p970, negate(smallest_subnormal<double>())}) == to_bits(largest<double>()));
    superaccumulator<double> a;
    a.add_product(0.0, inf);
    CHECK(to_bits(a.round()) == to_bits(canonical_nan<double>()));
    CHECK((a <=> a) == std::partial_ordering::unordered);
    superaccumulator<double> tiny;  // underflows to a zero with its sign
    tiny.add_product(negate(smallest_subnormal<double>()), smallest_subnormal<double>());
    CHECK((to_bits(tiny.round()) == to_bits(-0.0) && tiny.sign() == -1));
    superaccumulator<double> infinite;
    infinite.add(inf);
    CHECK((infinite > tiny && infinite.sign() == 1));
}

TEST_CASE("superaccumulator: works in constant evaluation", "[exact][superaccumulator]") {
    constexpr double s = [] {
        superaccumulator<double> a;
        for (double const x : {1.0, 1e100, 1.0, -1e100}) a.add(x);
        return a.round();
    }();
    STATIC_REQUIRE(s == 2.0);
}
