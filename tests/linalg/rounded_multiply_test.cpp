// SPDX-License-Identifier: BSL-1.0
#include <lastbit/linalg/rounded_multiply.hpp>

#include "hard_products.hpp"
#include "trials.hpp"

#include <cfenv>

using namespace lastbit;
using namespace lastbit_tests;

namespace {

/// Calls check.template operator()<R, T>() for the pairs of formats whose result is not wider than double arithmetic.
template <class Check>
void for_all_formats(Check const& check) {
    check.template operator()<float, float>();
    check.template operator()<bfloat16, float>();
    check.template operator()<float16, float>();
    check.template operator()<float, bfloat16>();
    check.template operator()<bfloat16, bfloat16>();
    check.template operator()<float16, bfloat16>();
    check.template operator()<float, float16>();
    check.template operator()<bfloat16, float16>();
    check.template operator()<float16, float16>();
    check.template operator()<double, float>();
    check.template operator()<double, double>();
    check.template operator()<float, double>();
    check.template operator()<bfloat16, double>();
    check.template operator()<float16, double>();
    check.template operator()<double, bfloat16>();
    check.template operator()<double, float16>();
}

std::array<std::size_t, 3> random_shape(random_stream& chance, std::size_t most) {
    auto const size = [&] { return static_cast<std::size_t>(chance.below(chance.below(3) == 0 ? 5 : most)); };
    return {size(), size(), size()};
}

/// Numbers with random signs, uniform in (-1, 1).
template <class T>
std::vector<T> uniform(std::size_t count, std::uint64_t seed) {
    random_stream chance(seed);
    std::vector<T> x(count);
    for (T& e : x) e = T(static_cast<float>(2 * chance.uniform() - 1));
    return x;
}

}  // namespace

TEST_CASE("multiply_rounded: every element is the exact value rounded once, for any shape, layout and data",
          "[linalg][rounded_multiply]") {
    for_all_formats([]<class R, class T>() {
        random_stream chance(5, format<R>::precision * 100 + format<T>::precision);
        for (std::size_t trial = 0; trial < trials(250); ++trial) {
            auto const [m, n, k] = random_shape(chance, 60);
            auto const kind = static_cast<std::size_t>(chance.below(kinds_of_products));
            auto const a = layouts[chance.below(layouts.size())];
            auto const b = layouts[chance.below(layouts.size())];
            bool const bias = chance.below(2) == 0;
            INFO(format<T>::name << " into " << format<R>::name << ": " << m << " x " << k << " x " << n << ", kind "
                                 << kind << ", bias " << bias << ", trial " << trial);
            auto const data = make_product<R, T>(kind, m, n, k, trial);
            REQUIRE((multiply_and_check<R, T>(data, m, n, k, a, b, bias).wrong == 0));
        }
    });
}

TEST_CASE("multiply_rounded: deep, tall and wide products", "[linalg][rounded_multiply]") {
    for_all_formats([]<class R, class T>() {
        for (auto const [m, n, k] : {std::array<std::size_t, 3>{2, 3, 40000},
                                     {5, 30, 17000},
                                     {110, 500, 40},
                                     {1, 1, 140000},
                                     {1000, 1, 300},
                                     {1, 1000, 300},
                                     {3, 130, 700},
                                     {9, 26, 513}})
            for (std::size_t const kind : {std::size_t{0}, families.size(), families.size() + 1}) {
                INFO(format<T>::name << " into " << format<R>::name << ": " << m << " x " << k << " x " << n
                                     << ", kind " << kind);
                auto const data = make_product<R, T>(kind, m, n, k, 3);
                std::size_t const every = m * n * k / 300000 + 1;
                REQUIRE(
                    (multiply_and_check<R, T>(data, m, n, k, layout::plain, layout::plain, true, every).wrong == 0));
                REQUIRE((multiply_and_check<R, T>(data, m, n, k, layout::transposed, layout::transposed, false, every)
                             .wrong == 0));
            }
    });
}

TEST_CASE("multiply_rounded: the superaccumulator decides under 1 % of random elements", "[linalg][rounded_multiply]") {
    for_all_formats([]<class R, class T>() {
        for (auto const [m, n, k] : {std::array<std::size_t, 3>{64, 64, 64},
                                     {40, 50, 2000},
                                     {4, 400, 20000},
                                     {1, 2000, 300},
                                     {2000, 1, 300},
                                     {3, 40, 100000}}) {
            product_outcome const outcome = multiply_and_check<R, T>({uniform<T>(m * k, 1), uniform<T>(k * n, 2)}, m, n,
                                                                     k, layout::plain, layout::plain, false, m * n * k);
            INFO(format<T>::name << " into " << format<R>::name << ": " << m << " x " << k << " x " << n);
            CHECK(outcome.undecided * 100 <= m * n);
        }
    });
}

TEST_CASE("multiply_rounded: ties of quantised data are decided without the superaccumulator",
          "[linalg][rounded_multiply]") {
    for_all_formats([]<class R, class T>() {
        for (auto const [m, n, k] : {std::array<std::size_t, 3>{30, 40, 1024}, {1, 300, 1024}, {300, 1, 1024}}) {
            INFO(format<T>::name << " into " << format<R>::name << ": " << m << " x " << k << " x " << n);
            auto const data = make_product<R, T>(families.size(), m, n, k, 1);
            for (bool const bias : {false, true}) {
                auto const outcome = multiply_and_check<R, T>(data, m, n, k, layout::plain, layout::transposed, bias);
                CHECK(outcome.undecided == 0);
                CHECK(outcome.wrong == 0);
            }
        }
    });
}

TEST_CASE("multiply_rounded: what is nearly a tie comes to the superaccumulator", "[linalg][rounded_multiply]") {
    auto const check = []<class R, class T>() {
        for (auto const [m, n] : {std::array<std::size_t, 2>{20, 20}, {1, 400}, {400, 1}}) {
            auto const data = make_product<R, T>(families.size() + 1, m, n, 33, 1);
            auto const outcome = multiply_and_check<R, T>(data, m, n, 33, layout::plain, layout::plain, false);
            CHECK(outcome.undecided > 0);
            CHECK(outcome.wrong == 0);
        }
    };
    check.template operator()<float, float>();
    check.template operator()<bfloat16, float>();
    check.template operator()<float16, bfloat16>();
}

TEST_CASE("multiply_rounded: the caller's environment neither changes a bit nor is changed",
          "[linalg][rounded_multiply]") {
    for_all_formats([]<class R, class T>() {
        for (auto const [m, n] : {std::array<std::size_t, 2>{9, 25}, {1, 9}}) {
            auto const data = make_product<R, T>(families.size() + 3, m, n, 20, 4);
            matrix_view<T const> const a(data.x.data(), m, 20);
            matrix_view<T const> const b(data.y.data(), 20, n);
            std::vector<R> usual(m * n);
            std::vector<R> hostile(m * n);
            detail::multiply_rounded<R, T>(a, b, nullptr, matrix_view<R>(usual.data(), m, n));
            std::fesetround(FE_UPWARD);
            detail::multiply_rounded<R, T>(a, b, nullptr, matrix_view<R>(hostile.data(), m, n));
            int const after = std::fegetround();
            std::fesetround(FE_TONEAREST);
            CHECK(after == FE_UPWARD);
            for (std::size_t i = 0; i < m * n; ++i) REQUIRE(to_bits(usual[i]) == to_bits(hostile[i]));
        }
    });
}

TEST_CASE("multiply_rounded: no terms give +0, or the bias rounded", "[linalg][rounded_multiply]") {
    std::vector<bfloat16> c(6, bfloat16(7.0F));
    matrix_view<bfloat16> const result(c.data(), 2, 3);
    matrix_view<float const> const a(nullptr, 2, 0);
    matrix_view<float const> const b(nullptr, 0, 3);
    detail::multiply_rounded<bfloat16, float>(a, b, nullptr, result);
    for (bfloat16 const x : c) CHECK(to_bits(x) == 0);
    std::array<float, 3> const bias{-0.0F, 1.00390625F, 3e38F};
    detail::multiply_rounded<bfloat16, float>(a, b, bias.data(), result);
    for (std::size_t i = 0; i < 2; ++i) {
        CHECK(to_bits(result(i, 0)) == 0x8000);
        CHECK(to_bits(result(i, 1)) == to_bits(bfloat16(1.0F)));
        CHECK(to_bits(result(i, 2)) == to_bits(bfloat16(3e38F)));
    }
    detail::multiply_rounded<float, float>(matrix_view<float const>(), matrix_view<float const>(), nullptr,
                                           matrix_view<float>());
}
