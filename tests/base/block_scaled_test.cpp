// SPDX-License-Identifier: BSL-1.0
#include <lastbit/base/block_scaled.hpp>

#include <lastbit/oracle/exact_matrix.hpp>
#include "base/float8_table.hpp"
#include "base/samples.hpp"

using namespace lastbit;
using lastbit_tests::tally;
using oracle::real;

static_assert(sizeof(scale_e8m0) == 1 && scale_e8m0{127}.exponent() == 0 && scale_e8m0{255}.is_nan());
static_assert(scale_e8m0::of_exponent(-127) == scale_e8m0{} && scale_e8m0::of_exponent(127).bits == 254);
static_assert(block_element<float8_e4m3> && block_element<std::int8_t> && !block_element<float> &&
              !block_element<tf32>);
static_assert(block_scaled_view<std::int8_t>::blocks(0) == 0 && block_scaled_view<std::int8_t>::blocks(32) == 1 &&
              block_scaled_view<std::int8_t>::blocks(33) == 2);

namespace {

template <class Element>
[[nodiscard]] Element element_of(unsigned pattern) {
    if constexpr (std::is_same_v<Element, std::int8_t>)
        return static_cast<std::int8_t>(pattern < 128 ? static_cast<int>(pattern) : static_cast<int>(pattern) - 256);
    else return Element::from_bits(static_cast<std::uint8_t>(pattern));
}

template <class Element>
[[nodiscard]] unsigned pattern_of(Element x) {
    if constexpr (std::is_same_v<Element, std::int8_t>) return static_cast<std::uint8_t>(x);
    else return x.bits();
}

/// The element's value as a double's bits: from the table, or 64ths.
template <class Element>
[[nodiscard]] std::uint64_t value_bits(unsigned pattern) {
    if constexpr (std::is_same_v<Element, std::int8_t>) return to_bits(element_of<Element>(pattern) / 64.0);
    else {
        static lastbit_tests::float8_table<Element> const table;
        return table.bits[pattern];
    }
}

/// The element nearest to x, ties to even, saturated.
template <class Element>
[[nodiscard]] unsigned nearest_element(double x) {
    if constexpr (std::is_same_v<Element, std::int8_t>) {
        double const y = std::nearbyint(absolute(x) * 64);
        int const whole = y > 127 ? 127 : static_cast<int>(y);
        return static_cast<std::uint8_t>(is_negative(x) ? -whole : whole);
    } else {
        static lastbit_tests::float8_table<Element> const table;
        return table.nearest(x, true);
    }
}

template <class Element>
constexpr int emax = std::is_same_v<Element, float8_e4m3>   ? 8
                     : std::is_same_v<Element, float8_e5m2> ? 15
                                                            : 0;

}  // namespace

TEMPLATE_TEST_CASE("block_scaled_view: every element times every scale, exactly, and the oracle agrees",
                   "[base][block_scaled]", float8_e4m3, float8_e5m2, std::int8_t) {
    using T = TestType;
    std::vector<T> data;
    for (unsigned pattern = 0; pattern < 256; ++pattern) data.push_back(element_of<T>(pattern));
    tally law;
    std::size_t beyond_float = 0;
    for (unsigned s = 0; s < 256; ++s) {
        scale_e8m0 const scale{static_cast<std::uint8_t>(s)};
        block_scaled_view<T, 256> const view(data.data(), &scale, 1, 256);
        oracle::exact_matrix const exact(view);
        for (unsigned pattern = 0; pattern < 256; ++pattern) {
            double const got = view(0, pattern);
            auto const text = [s, pattern] { return std::to_string(pattern) + " * 2^" + std::to_string(s) + " - 127"; };
            double const element = from_bits<double>(value_bits<T>(pattern));
            bool const nan = s == 255 || is_nan(element);
            if (nan) {
                law.expect(is_nan(got) && exact.at(0, pattern).is_nan(), text);
                continue;
            }
            if (is_inf(element)) {
                law.expect(to_bits(got) == to_bits(element) && exact.at(0, pattern) == real(element), text);
                continue;
            }
            real const product = real(element).scaled(static_cast<int>(s) - 127);
            law.expect(real(got) == product && exact.at(0, pattern) == product, text);
            law.expect(is_negative(got) == is_negative(element), text);
            law.expect(exact.at(0, pattern).is_negative() == is_negative(element), text);
            float const narrow = product.template round<float>();
            if (is_inf(narrow)) ++beyond_float;
            else law.expect(real(narrow) == product, text);
        }
    }
    law.check();
    CHECK(beyond_float > 0);
}

TEST_CASE("block_scaled_view: blocks lie along rows, the last may be shorter; strides", "[base][block_scaled]") {
    // 2 rows of 5 in blocks of 2: three scales a row; rows 6 elements and 4 scales apart.
    std::vector<std::int8_t> data(12);
    for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::int8_t>(64 * (i % 2 == 0 ? 1 : -1));
    std::vector<scale_e8m0> scales(8);
    for (std::size_t i = 0; i < scales.size(); ++i) scales[i] = scale_e8m0::of_exponent(static_cast<int>(i));
    block_scaled_view<std::int8_t, 2> const view(data.data(), scales.data(), 2, 5, 6, 4);
    double const expected[2][5] = {{1, -1, 2, -2, 4}, {16, -16, 32, -32, 64}};
    for (std::size_t i = 0; i < 2; ++i)
        for (std::size_t j = 0; j < 5; ++j) CHECK(view(i, j) == expected[i][j]);
    block_scaled_view<std::int8_t, 2> const dense(data.data(), scales.data(), 2, 5);
    CHECK(dense.row_stride() == 5);
    CHECK(dense.scale_stride() == 3);
    CHECK(dense(1, 4) == -32);
    CHECK(view.element(1, 0) == 64);
    CHECK(view.scale(1, 3) == scale_e8m0::of_exponent(5));
}

TEMPLATE_TEST_CASE("block_scaled_matrix: floats are quantised as in the specification", "[base][block_scaled]",
                   float8_e4m3, float8_e5m2, std::int8_t) {
    using T = TestType;
    random_stream random(32);
    tally law;
    std::size_t saturated = 0;
    for (std::size_t trial = 0; trial < std::max<std::size_t>(lastbit_tests::trials(60), 60); ++trial) {
        constexpr std::size_t block = 8;
        std::size_t const rows = 1 + random.below(3);
        std::size_t const cols = 1 + random.below(20);
        std::vector<float> x(rows * cols);
        int const high = static_cast<int>(random.below(270)) - 145;
        for (float& v : x) v = lastbit_tests::number_between<float>(random, high - 12, high > 127 ? 127 : high);
        if (trial % 5 == 0) x[0] = 0;
        block_scaled_matrix<T, block> const q{matrix_view<float const>(x.data(), rows, cols)};
        for (std::size_t i = 0; i < rows; ++i)
            for (std::size_t first = 0; first < cols; first += block) {
                double largest = 0;
                std::size_t const end = std::min(cols, first + block);
                for (std::size_t j = first; j < end; ++j)
                    largest = std::max(largest, static_cast<double>(absolute(x[i * cols + j])));
                int const k = largest == 0 ? -127 : std::max(-127, std::ilogb(largest) - emax<T>);
                auto const text = [trial] { return "trial " + std::to_string(trial); };
                law.expect(q.view().scale(i, first) == scale_e8m0::of_exponent(k), text);
                for (std::size_t j = first; j < end; ++j) {
                    double const scaled = std::ldexp(static_cast<double>(x[i * cols + j]), -k);
                    law.expect(pattern_of(q.view().element(i, j)) == nearest_element<T>(scaled), text);
                    double const error = absolute(q.view()(i, j) - static_cast<double>(x[i * cols + j]));
                    if (error > std::ldexp(1.0, k + emax<T> - (emax<T> == 15 ? 3 : emax<T> == 8 ? 4 : 7))) ++saturated;
                    law.expect(error <= absolute(static_cast<double>(x[i * cols + j])) / 8 || k == -127 ||
                                   absolute(scaled) < (emax<T> == 0 ? 1 : 0.0625),
                               text);
                }
            }
    }
    law.check();
    CHECK(saturated > 0);
}

TEMPLATE_TEST_CASE("block_scaled_matrix: zeros, infinities, NaN, the smallest and the largest floats",
                   "[base][block_scaled]", float8_e4m3, float8_e5m2, std::int8_t) {
    using T = TestType;
    std::vector<float> const x{0.0F,
                               -0.0F,
                               infinity<float>(),
                               1.0F,
                               from_bits<float>(0x7F800001U),
                               1.0F,
                               largest<float>(),
                               1.0F,
                               smallest_subnormal<float>(),
                               0.0F};
    block_scaled_matrix<T, 2> const q{matrix_view<float const>(x.data(), 1, x.size())};
    auto const view = q.view();
    CHECK(view.scale(0, 0) == scale_e8m0::of_exponent(-127));
    CHECK(to_bits(view(0, 0)) == 0);
    CHECK(to_bits(view(0, 1)) == (std::is_same_v<T, std::int8_t> ? 0 : std::uint64_t{1} << 63));
    for (std::size_t j = 2; j < 6; ++j) CHECK(is_nan(view(0, j)));
    CHECK(view.scale(0, 6) == scale_e8m0::of_exponent(127 - emax<T>));
    double const top = std::is_same_v<T, std::int8_t> ? 127.0 / 64 : std::is_same_v<T, float8_e4m3> ? 1.75 : 1.75;
    CHECK(view(0, 6) == std::ldexp(top, 127));
    CHECK(view.scale(0, 8) == scale_e8m0::of_exponent(-127));
    CHECK(view(0, 8) == 0);
}

TEST_CASE("block_scaled_matrix: wrong numbers of elements and of scales are named", "[base][block_scaled]") {
    using matrix = block_scaled_matrix<float8_e4m3>;
    CHECK_THROWS_WITH(matrix(std::vector<float8_e4m3>(66), std::vector<scale_e8m0>(2), 2, 33),
                      Catch::Contains("[2 x 33]") && Catch::Contains("[2 x 2]") && Catch::Contains("scales [2]"));
    CHECK_THROWS_WITH(matrix(std::vector<float8_e4m3>(65), std::vector<scale_e8m0>(4), 2, 33),
                      Catch::Contains("elements [65]"));
    matrix const good(std::vector<float8_e4m3>(66, float8_e4m3(2)), std::vector<scale_e8m0>(4, scale_e8m0{128}), 2, 33);
    CHECK(good.view()(1, 32) == 4);
    CHECK(good.data().size() == 66);
    CHECK(good.scales().size() == 4);
    CHECK(matrix().rows() == 0);
}
