// SPDX-License-Identifier: BSL-1.0
#include <lastbit/quantify/rms_error.hpp>

#include <lastbit/base/random.hpp>
#include <lastbit/quantify/bounded_error.hpp>

#include <catch2/catch.hpp>
#include <trials.hpp>

using namespace lastbit;
using lastbit_tests::trials;
using quantify::expected_rms_error;

namespace {

/// Measured root mean square over that expected, of sums and dot products of random numbers.
template <class M, class T>
void check_model(std::size_t n, bool one_sign) {
    double measured[2] = {0, 0}, expected[2] = {0, 0};
    random_stream chance(20261128, n + (one_sign ? 1 : 0));
    for (std::size_t trial = 0; trial < std::max<std::size_t>(trials(200), 200); ++trial) {
        std::vector<T> x(n), y(n);
        for (std::size_t i = 0; i < n; ++i) {
            double const a = chance.uniform();
            double const b = chance.uniform();
            x[i] = T(static_cast<float>(one_sign ? a : 2 * a - 1));
            y[i] = T(static_cast<float>(one_sign ? b : 2 * b - 1));
            if constexpr (std::same_as<T, double>) {
                x[i] = one_sign ? a : 2 * a - 1;
                y[i] = one_sign ? b : 2 * b - 1;
            }
        }
        quantify::error_judge<T> const sums{std::span<T const>(x)};
        quantify::error_judge<T> const dots{std::span<T const>(x), std::span<T const>(y)};
        double const errors[2] = {sums.error_of(lastbit::sum<M>(x)), dots.error_of(lastbit::dot<M>(x, y))};
        double const models[2] = {expected_rms_error<M>(x), expected_rms_error<M>(x, y)};
        for (int k = 0; k < 2; ++k) {
            measured[k] += errors[k] * errors[k];
            expected[k] += models[k] * models[k];
        }
    }
    for (int k = 0; k < 2; ++k) {
        double const ratio = std::sqrt(measured[k] / expected[k]);
        INFO((method<detail::accumulator_of<M>, detail::order_of<M>>::name())
             << (k == 0 ? " sum " : " dot ") << format<T>::name << " n " << n << " one sign " << one_sign
             << ": measured / expected = " << ratio);
        CHECK(ratio > 0.5);
        CHECK(ratio < 2.0);
    }
}

}  // namespace

TEMPLATE_TEST_CASE("expected_rms_error: within a factor of two of what is measured on random data",
                   "[quantify][rms_error]", float, double, bfloat16, float16) {
    using T = TestType;
    for (std::size_t const n : {10U, 100U, 1000U})
        for (bool const one_sign : {false, true}) {
            // Long one-signed sums in 16 bits stagnate: their errors have one sign, and no model of chance holds.
            if (format<T>::storage_bits == 16 && one_sign && n > (format<T>::precision < 11 ? 10U : 100U)) continue;
            check_model<method<plain, sequential>, T>(n, one_sign);
            check_model<method<plain, pairwise<8>>, T>(n, one_sign);
            check_model<method<fused, lanes<>>, T>(n, one_sign);
        }
}

TEST_CASE("expected_rms_error: the model, by hand", "[quantify][rms_error]") {
    // 1 + 2^-24 is rounded to 1, an ulp of 2^-23; then 1 + 1 is exact.
    std::vector<float> const x{1.0F, 0x1p-24F, 1.0F};
    using in_turn = method<plain, sequential>;
    CHECK(expected_rms_error<in_turn>(x) == Approx(0x1p-23 / std::sqrt(12.0)));
    // Two roundings of ulps 2^-23 and 2^-22.
    std::vector<float> const z{1.0F, 0x1p-24F, 1.0F, 0x1p-23F};
    CHECK(expected_rms_error<in_turn>(z) == Approx(0x1p-23 * std::sqrt(5.0 / 12.0)));
    // A product that is rounded, to an ulp of 2^-23, and nothing else.
    std::vector<float> const y{1.0F + 0x1p-23F};
    CHECK(expected_rms_error<in_turn>(y, y) == Approx(0x1p-23 / std::sqrt(12.0)));
    CHECK(expected_rms_error<method<fused, sequential>>(y, y) == Approx(0x1p-23 / std::sqrt(12.0)));
    CHECK(expected_rms_error<plain>(std::vector<float>{}) == 0.0);
    CHECK(expected_rms_error<plain>(std::vector<float>{1, 2, 3}) == 0.0);
    CHECK(is_inf(expected_rms_error<plain>(std::vector<float>{largest<float>(), largest<float>()})));
    // Squares that would underflow in double.
    std::vector<double> const tiny{0x1p-900, 0x1p-953};
    CHECK(expected_rms_error<plain>(tiny) == Approx(0x1p-952 / std::sqrt(12.0)).epsilon(1e-9));
}

TEST_CASE("expected_rms_error: products that underflow are not exact", "[quantify][rms_error]") {
    using in_turn = method<plain, sequential>;
    using fused_in_turn = method<fused, sequential>;
    auto const check = []<class T>(std::vector<T> const& x, std::vector<T> const& y, double plain_error,
                                   double fused_error) {
        INFO(format<T>::name << ' ' << static_cast<double>(x[0]) << " * " << static_cast<double>(y[0]));
        CHECK(expected_rms_error<in_turn>(x, y) == Approx(plain_error).epsilon(1e-12).margin(0));
        CHECK(expected_rms_error<fused_in_turn>(x, y) == Approx(fused_error).epsilon(1e-12).margin(0));
    };
    double const one = 0x1p-149 / std::sqrt(12.0);
    check(std::vector<float>{1.1e-30F}, std::vector<float>{1.7e-10F}, one, one);  // to 0 or to the smallest subnormal
    check(std::vector<float>{0x1p-100F}, std::vector<float>{0x1p-100F}, one, one);
    check(std::vector<float>{0x1.8p-100F}, std::vector<float>{0x1.8p-46F}, 0.0, 0.0);  // 2.25 2^-146: exact
    check(std::vector<float>{0x1.8p-100F}, std::vector<float>{0x1.8p-48F}, one, one);  // 2.25 2^-148: 4.5 subnormals
    check(std::vector<float>{0x1p-100F}, std::vector<float>{0x1p-49F}, 0.0, 0.0);
    check(std::vector<float>{0.0F}, std::vector<float>{0x1p-149F}, 0.0, 0.0);
    // p is normal and the error of 2^-156 is not: 1 + 2^-23 squared, of 2^-110.
    float const x = (1.0F + 0x1p-23F) * 0x1p-55F;
    check(std::vector<float>{x}, std::vector<float>{x}, 0x1p-133 / std::sqrt(12.0), 0x1p-133 / std::sqrt(12.0));
    // Added to 1 by one rounding, or by two of which the first is too small to show.
    check(std::vector<float>{1.0F, 0x1p-100F}, std::vector<float>{1.0F, 0x1p-100F}, one, 0x1p-23 / std::sqrt(12.0));
    double const half = 0x1p-24 / std::sqrt(12.0);
    check(std::vector<float16>{float16(0x1p-14F)}, std::vector<float16>{float16(0x1p-14F)}, half, half);
    // In double 0.29 of the smallest number is returned as 0, and 0.58 of it as 1.
    check(std::vector<double>{0x1p-600}, std::vector<double>{0x1p-600}, 0.0, 0.0);
    check(std::vector<double>(4, 0x1p-600), std::vector<double>(4, 0x1p-600), 0x1p-1074, 0x1p-1074);
}
