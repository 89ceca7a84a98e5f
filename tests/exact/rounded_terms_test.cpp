// SPDX-License-Identifier: BSL-1.0
#include <lastbit/exact/rounded_terms.hpp>

#include <lastbit/base/environment.hpp>

#include "fold/families.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace lastbit;
using namespace lastbit::detail;

namespace {

template <class T>
std::vector<T> gaussian_like(random_stream& random, std::size_t n) {
    std::vector<T> x(n);
    for (T& v : x) {
        double sum = 0;
        for (int k = 0; k < 4; ++k) sum += static_cast<double>(random.bits() >> 11) * 0x1p-53 - 0.5;
        v = convert<T>(sum);
    }
    return x;
}

template <class T>
std::vector<T> integers(random_stream& random, std::size_t n, int limit) {
    std::vector<T> x(n);
    for (T& v : x) v = T(static_cast<float>(lastbit_tests::between(random, -limit, limit)));
    return x;
}

/// The fast path, as round_terms chooses it.
template <class R, class Terms>
decided<R> fast(Terms const& terms, std::size_t n) {
    if constexpr (exact_in_double<R> && exact_in_double<typename Terms::number>)
        return round_narrow<R>(terms, n, nullptr);
    else return round_fast<R>(terms, n, nullptr);
}

/// How many of `count` sums and dot products of random numbers need the superaccumulator.
template <class T, class R>
std::size_t fall_backs(std::size_t n, std::size_t count) {
    random_stream random(10, n);
    std::size_t fell = 0;
    for (std::size_t i = 0; i < count; ++i) {
        auto const x = gaussian_like<T>(random, n);
        auto const y = gaussian_like<T>(random, n);
        fell += fast<R>(number_doubles<T>{x.data()}, n).certain ? 0U : 1U;
        fell += fast<R>(product_doubles<T>{x.data(), y.data()}, n).certain ? 0U : 1U;
    }
    return fell;
}

}  // namespace

TEMPLATE_TEST_CASE("fewer than 1 % of random sums need the superaccumulator", "", float, double, bfloat16, float16) {
    std::size_t const count = lastbit_tests::trials(200);
    for (std::size_t const n : {1U, 10U, 100U, 1000U, 10'000U}) {
        CAPTURE(n);
        CHECK(fall_backs<TestType, TestType>(n, count) * 50 <= count);
        CHECK(fall_backs<TestType, float>(n, count) * 50 <= count);
    }
    // Beyond one set of totals where the run is not a scaled-down one.
    CHECK(fall_backs<TestType, TestType>(std::min<std::size_t>(lastbit_tests::trials(3'000'000), 3'000'000), 1) == 0);
}

TEST_CASE("the ties of quantised data do not") {
    random_stream random(11, 1);
    std::size_t ties = 0;
    for (std::size_t trial = 0; trial < lastbit_tests::trials(300); ++trial) {
        std::size_t const n = 1024;
        auto const x = integers<float>(random, n, 7);
        auto const y = integers<float>(random, n, 7);
        product_doubles<float> const terms{x.data(), y.data()};
        superaccumulator<float> exact;
        for (std::size_t i = 0; i < n; ++i) exact.add_product(x[i], y[i]);
        bfloat16 const want = exact.round<bfloat16>();
        ties += exact.round<bfloat16>(rounding::to_nearest_away) != want ? 1U : 0U;
        decided<bfloat16> const got = round_narrow<bfloat16>(terms, n, nullptr);
        REQUIRE(got.certain);
        REQUIRE(to_bits(got.value()) == to_bits(want));
    }
    CHECK(ties > 0);
    // Half-way between two doubles, on a grid.
    std::vector<double> x(4096, 0x1p43);
    x[7] = 3.0;  // 2^55 - 2^43 + 3 has 55 bits
    CHECK(round_fast<double>(number_doubles<double>{x.data()}, x.size(), nullptr).certain);
}

TEST_CASE("what cannot be decided is passed on") {
    // 1 + 2^-53 is half-way, and the last term is too small for any bound but decides.
    std::vector<double> x(100, 0.0);
    x[0] = 1.0;
    x[40] = 0x1p-53;
    x[80] = 0x1p-1000;
    number_doubles<double> const terms{x.data()};
    CHECK_FALSE(round_fast<double>(terms, x.size(), nullptr).certain);
    CHECK(round_terms<double>(terms, x.size()) == 1.0 + 0x1p-52);
    x[80] = -0x1p-1000;
    CHECK(round_terms<double>(terms, x.size()) == 1.0);
    // The same in float.
    std::vector<float> y(100, 0.0F);
    y[0] = 1.0F;
    y[40] = 0x1p-24F;
    y[80] = 0x1p-149F;
    CHECK_FALSE(round_narrow<float>(number_doubles<float>{y.data()}, y.size(), nullptr).certain);
    CHECK(round_terms<float>(number_doubles<float>{y.data()}, y.size()) == 1.0F + 0x1p-23F);
}

TEST_CASE("an exact zero has the sign that its terms give it, on the fast path too") {
    auto const minus = from_bits<float>(0x80000000U);
    std::vector<float> x(50, minus);
    double const minus_last = from_bits<double>(std::uint64_t{1} << 63);
    double const plus_last = 0.0;
    CHECK(is_negative(round_terms<float>(number_doubles<float>{x.data()}, x.size())));
    CHECK(is_negative(round_terms<float>(number_doubles<float>{x.data()}, x.size(), &minus_last)));
    CHECK_FALSE(is_negative(round_terms<float>(number_doubles<float>{x.data()}, x.size(), &plus_last)));
    x[20] = 1.0F;
    x[30] = -1.0F;
    decided<float> const zero = round_narrow<float>(number_doubles<float>{x.data()}, x.size(), nullptr);
    CHECK(zero.certain);
    CHECK(to_bits(zero.value()) == 0);
}
