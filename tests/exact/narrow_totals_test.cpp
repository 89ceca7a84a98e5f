// SPDX-License-Identifier: BSL-1.0
#include <lastbit/exact/narrow_totals.hpp>

#include "exact/block_data.hpp"
#include "fold/families.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit::detail;
using lastbit_tests::random_number;
using lastbit_tests::within;

namespace {

/// Sums of n terms of a family, plain in double: within the error of the exact sum, and the size covers the magnitudes.
template <class T>
void check(random_stream& random, std::size_t n, int low, int high, bool one_sign) {
    std::vector<T> x(n);
    std::vector<T> y(n);
    for (T& v : x) v = random_number<T>(random, lastbit_tests::between(random, low, high));
    for (T& v : y) v = random_number<T>(random, lastbit_tests::between(random, low, high));
    if (one_sign)
        for (std::size_t i = 0; i < n; ++i) x[i] = absolute(x[i]), y[i] = absolute(y[i]);
    superaccumulator<double> sum, sum_of_sizes, dot, dot_of_sizes;
    for (std::size_t i = 0; i < n; ++i) {
        auto const a = static_cast<double>(x[i]);
        auto const b = static_cast<double>(y[i]);
        sum.add(a);
        sum_of_sizes.add(absolute(a));
        dot.add_product(a, b);
        dot_of_sizes.add(absolute(a * b));
    }
    narrow_sum const s = sum_narrow(number_doubles<T>{x.data()}, n);
    REQUIRE(within(sum, s.high, s.low, s.error));
    sum_of_sizes.add(negate(s.size));
    REQUIRE(sum_of_sizes.sign() <= 0);
    narrow_sum const d = sum_narrow(product_doubles<T>{x.data(), y.data()}, n);
    REQUIRE(within(dot, d.high, d.low, d.error));
    dot_of_sizes.add(negate(d.size));
    REQUIRE(dot_of_sizes.sign() <= 0);
}

}  // namespace

TEMPLATE_TEST_CASE("plain sums in double are within narrow_error", "", float, bfloat16, float16) {
    random_stream random(5, 1);
    using f = format<TestType>;
    constexpr int half = (f::max_exponent - 12) / 2;  // squares and their sums are finite in float
    for (std::size_t trial = 0; trial < lastbit_tests::trials(200); ++trial) {
        std::size_t const n = trial < 70 ? trial : random.below(6000);
        check<TestType>(random, n, -3, 3, trial % 2 == 0);
        check<TestType>(random, n, f::min_exponent, half, trial % 2 == 0);
        check<TestType>(random, n, f::min_exponent - 12, f::min_exponent - 1, trial % 2 == 0);  // squares underflow
    }
    check<TestType>(random, 200'000, -2, 2, true);
}

TEST_CASE("squares that overflow float, infinities and NaN leave no finite size") {
    for (float const bad : {0x1p100F, infinity<float>(), canonical_nan<float>()}) {
        std::vector<float> x(100, 1.0F);
        x[33] = bad;
        narrow_sum const d = sum_narrow(product_doubles<float>{x.data(), x.data()}, x.size());
        CHECK_FALSE(is_finite(d.size));
    }
}
