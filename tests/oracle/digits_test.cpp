// SPDX-License-Identifier: BSL-1.0
#include <lastbit/oracle/digits.hpp>

#include "numbers.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

using namespace lastbit;
using lastbit::oracle::real;
namespace internal = lastbit::oracle::detail;

namespace {

real value_of(internal::digit_vector const& v, std::size_t i) {
    real total;
    for (std::size_t k = 0; k < v.planes(); ++k)
        total += real(v.plane(k)[i]).scaled(v.exponent() + static_cast<std::int64_t>(k) * internal::digit_bits);
    return total;
}

std::vector<real> any_reals(random_stream& random, std::size_t n) {
    std::vector<real> x;
    for (std::size_t i = 0; i < n; ++i)
        x.push_back(real(lastbit_tests::any_finite<double>(random)) * real(lastbit_tests::any_finite<float>(random)));
    return x;
}

}  // namespace

TEST_CASE("digit_vector: its digits are the numbers, each below 2^55", "[oracle][digits]") {
    random_stream random(1);
    for (std::size_t trial = 0; trial < lastbit_tests::trials(50); ++trial) {
        auto const x = any_reals(random, 1 + random.below(5));
        internal::digit_vector const v(x);
        for (std::size_t i = 0; i < x.size(); ++i) {
            REQUIRE(value_of(v, i) == x[i]);
            for (std::size_t k = 0; k < v.planes(); ++k)
                REQUIRE(std::abs(v.plane(k)[i]) < (std::int64_t{1} << internal::digit_bits));
        }
    }
    CHECK(internal::digit_vector(std::vector<real>(3)).planes() == 0);
    // One digit holds 55 bits, and 56 need two.
    CHECK(internal::digit_vector(std::vector<real>{real(1), real(1).scaled(54)}).planes() == 1);
    CHECK(internal::digit_vector(std::vector<real>{real(1), real(1).scaled(55)}).planes() == 2);
}

TEST_CASE("dot_of_digits: equals the sum of products, with an offset too", "[oracle][digits]") {
    random_stream random(2);
    for (std::size_t trial = 0; trial < lastbit_tests::trials(50); ++trial) {
        std::size_t const n = 1 + random.below(8);
        auto const a = any_reals(random, 3 * n), x = any_reals(random, n);
        real expected;
        for (std::size_t i = 0; i < n; ++i) expected += a[2 * n + i] * x[i];
        REQUIRE(internal::dot_of_digits(internal::digit_vector(a), 2 * n, internal::digit_vector(x), n) == expected);
    }
    CHECK(internal::dot_of_digits(internal::digit_vector(std::vector<real>(2)), 0,
                                  internal::digit_vector(std::vector<real>(2)), 2)
              .is_zero());
}

TEST_CASE("dot_of_digits: 2^18 products of the largest digits do not overflow", "[oracle][digits]") {
    std::size_t const n = (1 << 18) + 3;
    std::int64_t const largest = (std::int64_t{1} << internal::digit_bits) - 1;
    std::vector<std::int64_t> const a(n, largest), b(n, -largest);
    CHECK(internal::dot_of_digits(a.data(), b.data(), n) == -oracle::integer(n) * largest * largest);
}
