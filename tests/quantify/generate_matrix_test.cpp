// SPDX-License-Identifier: BSL-1.0
#include <lastbit/quantify/generate_matrix.hpp>

#include <catch2/catch.hpp>

#include "vector_hash.hpp"

using namespace lastbit;
using lastbit_tests::hash;
using oracle::real;

namespace {

/// The condition numbers by sums of exact products, element by element; and their range where nothing was clamped.
template <class Hard>
void check_conditions(Hard const& hard, std::vector<double> const& expected) {
    REQUIRE(hard.conditions.size() == expected.size());
    CHECK(hard.clamped == !hard.reason.empty());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        CHECK(to_bits(hard.conditions[i]) == to_bits(expected[i]));
        if (!hard.clamped) {
            CHECK(hard.conditions[i] >= hard.requested / 2);
            CHECK(hard.conditions[i] <= hard.requested * 2);
        }
    }
}

template <class T>
std::vector<double> conditions_of(generate::hard_product<T> const& h) {
    std::vector<double> result;
    for (std::size_t i = 0; i < h.rows; ++i)
        for (std::size_t j = 0; j < h.columns; ++j) {
            real exact, magnitudes;
            for (std::size_t l = 0; l < h.inner; ++l) {
                real const t = real(h.a[i * h.inner + l]) * real(h.b[l * h.columns + j]);
                exact += t;
                magnitudes += t.abs();
            }
            result.push_back(oracle::quotient<double>(magnitudes, exact.abs()));
        }
    return result;
}

template <class T>
std::vector<double> conditions_of(generate::hard_layer<T> const& h) {
    std::vector<double> result;
    for (std::size_t i = 0; i < h.outputs; ++i) {
        real exact(h.bias[i]);
        real magnitudes = exact.abs();
        for (std::size_t j = 0; j < h.inputs; ++j) {
            real const t = real(h.weight[i * h.inputs + j]) * real(h.x[j]);
            exact += t;
            magnitudes += t.abs();
        }
        result.push_back(oracle::quotient<double>(magnitudes, exact.abs()));
    }
    return result;
}

}  // namespace

TEMPLATE_TEST_CASE("generate: every element of a product has the condition asked for, or it is said why not",
                   "[quantify][generate]", float, double, bfloat16, float16) {
    using T = TestType;
    for (std::size_t const k : {1U, 2U, 3U, 4U, 5U, 7U, 8U, 33U, 100U})
        for (double const condition : {1.0, 1.25, 2.0, 3.0, 10.0, 1e3, 1e6, 1e12, 1e40, 1e300})
            for (std::uint64_t seed = 0; seed < 2; ++seed) {
                INFO(format<T>::name << " k " << k << " condition " << condition << " seed " << seed);
                auto const p = generate::ill_conditioned_product<T>(3, k, 4, condition, seed);
                REQUIRE(p.a.size() == 3 * k);
                REQUIRE(p.b.size() == 4 * k);
                check_conditions(p, conditions_of(p));
                auto const l = generate::ill_conditioned_layer<T>(3, k, condition, seed);
                REQUIRE(l.weight.size() == 3 * k);
                REQUIRE(l.x.size() == k);
                check_conditions(l, conditions_of(l));
                // Within reach, nothing is clamped.
                bool const reach =
                    condition == 1.0 || (k >= 3 && condition <= (format<T>::max_exponent < 100 ? 1e3 : 1e6));
                if (reach) CHECK_FALSE(p.clamped);
                if (reach) CHECK_FALSE(l.clamped);
            }
}

TEST_CASE("generate: doubles carry a condition of 1e300 in every element, and what cannot be is clamped",
          "[quantify][generate]") {
    using Catch::Contains;
    CHECK_FALSE(generate::ill_conditioned_product<double>(2, 40, 3, 1e300, 1).clamped);
    CHECK_FALSE(generate::ill_conditioned_layer<float>(2, 40, 1e60, 1).clamped);
    CHECK_THAT(generate::ill_conditioned_product<float16>(2, 40, 3, 1e30, 1).reason, Contains("float16"));
    CHECK_THAT(generate::ill_conditioned_product<float>(2, 2, 3, 10, 1).reason, Contains("three terms"));
    CHECK_THAT(generate::ill_conditioned_product<float>(2, 9, 3, 0.5, 1).reason, Contains("below 1"));
    CHECK_THAT(generate::ill_conditioned_product<float>(2, 9, 3, -infinity<double>(), 1).reason, Contains("below 1"));
    CHECK_THAT(generate::ill_conditioned_layer<float>(2, 9, infinity<double>(), 1).reason, Contains("infinite"));
    CHECK_THAT(generate::ill_conditioned_layer<float>(0, 9, 10, 1).reason, Contains("no output"));
    CHECK(generate::ill_conditioned_product<float>(2, 9, 0, 10, 1).clamped);
    CHECK(is_nan(generate::ill_conditioned_product<float>(1, 0, 1, 1, 1).conditions[0]));
    CHECK_THROWS_AS(generate::ill_conditioned_product<float>(1, 9, 1, canonical_nan<double>(), 1),
                    std::invalid_argument);
    CHECK_THROWS_AS(generate::ill_conditioned_layer<float>(1, 9, canonical_nan<double>(), 1), std::invalid_argument);
}

TEST_CASE("generate: the bits of matrices follow from shape, condition and seed", "[quantify][generate]") {
    std::uint64_t h = lastbit_tests::empty_hash;
    auto const one = [&]<class T>(T) {
        auto const p = generate::ill_conditioned_product<T>(3, 20, 2, 100, 7);
        auto const l = generate::ill_conditioned_layer<T>(3, 20, 100, 7);
        h = hash(l.x, hash(l.bias, hash(l.weight, hash(p.b, hash(p.a, h)))));
    };
    one(float{});
    one(double{});
    one(bfloat16{});
    one(float16{});
    CHECK(h == 0x5279df079fa4c042U);
}
