// SPDX-License-Identifier: BSL-1.0
#pragma once
// Laws of the two 16-bit formats over all of their patterns, against a formula with integers and std::ldexp.

#include "base/samples.hpp"

#include <cmath>
#include <limits>

namespace lastbit_tests {

/// The value of a pattern without its sign, by the standard's formula. The pattern after the largest finite number's stands
/// for 2^(emax + 1), where it would be if the format went on.
template <class T>
[[nodiscard]] double value_of(unsigned magnitude) {
    constexpr int fraction_bits = lastbit::format<T>::precision - 1;
    constexpr int last = lastbit::format<T>::min_exponent - fraction_bits;
    int const fraction = static_cast<int>(magnitude % (1U << fraction_bits));
    int const biased = static_cast<int>(magnitude >> fraction_bits);
    if (biased == 0) return std::ldexp(fraction, last);
    return std::ldexp(fraction + (1 << fraction_bits), last + biased - 1);
}

/// The number of finite patterns without a sign; the infinity's pattern comes next.
template <class T>
inline constexpr unsigned finite_count = ((1U << (16 - lastbit::format<T>::precision)) - 1)
                                         << (lastbit::format<T>::precision - 1);

template <class T>
void check_widening_and_back() {
    tally law;
    auto const text = [](T x) { return [x] { return std::to_string(lastbit::to_bits(x)); }; };
    for (unsigned magnitude = 0; magnitude < 0x8000U; ++magnitude) {
        for (unsigned const sign : {0U, 0x8000U}) {
            T const x = pattern<T>(magnitude | sign);
            float const narrow = x;
            double const wide = static_cast<double>(x);
            if (magnitude <= finite_count<T>) {
                double value =
                    magnitude == finite_count<T> ? std::numeric_limits<double>::infinity() : value_of<T>(magnitude);
                if (sign != 0) value = -value;
                law.expect(lastbit::to_bits(wide) == lastbit::to_bits(value), text(x));
                law.expect(lastbit::to_bits(static_cast<double>(narrow)) == lastbit::to_bits(value), text(x));
            }
            bool const nan = magnitude > finite_count<T>;
            unsigned const quiet = nan ? 1U << (lastbit::format<T>::precision - 2) : 0U;
            law.expect(lastbit::is_nan(narrow) == nan && lastbit::is_nan(wide) == nan, text(x));
            law.expect(lastbit::to_bits(T(narrow)) == (magnitude | sign | quiet), text(x));
            law.expect(lastbit::to_bits(T(wide)) == (magnitude | sign | quiet), text(x));
        }
    }
    law.check();
}

/// x, narrowed from float and from double with either sign, is the pattern `expected`.
template <class T, class From>
void expect_narrowed(tally& law, From x, unsigned expected) {
    law.expect(lastbit::to_bits(T(x)) == expected && lastbit::to_bits(T(-x)) == (expected | 0x8000U),
               [x] { return lastbit::testing::number_text(x); });
}

/// At each number and at each midpoint of two neighbours, the largest number and 2^(emax + 1) among them: the point itself
/// and the numbers next to it in float and in double.
template <class T>
void check_narrowing_at_every_boundary() {
    constexpr double inf = std::numeric_limits<double>::infinity();
    constexpr float inf_float = std::numeric_limits<float>::infinity();
    tally law;
    std::size_t double_rounding_matters = 0;
    for (unsigned low = 0; low < finite_count<T>; ++low) {
        double const middle = (value_of<T>(low) + value_of<T>(low + 1)) / 2;
        float const middle_float = static_cast<float>(middle);
        unsigned const even = low % 2 == 0 ? low : low + 1;
        REQUIRE(static_cast<double>(middle_float) == middle);
        expect_narrowed<T>(law, middle, even);
        expect_narrowed<T>(law, middle_float, even);
        double const above = std::nextafter(middle, inf);
        expect_narrowed<T>(law, above, low + 1);
        expect_narrowed<T>(law, std::nextafter(middle, 0.0), low);
        expect_narrowed<T>(law, std::nextafter(middle_float, inf_float), low + 1);
        expect_narrowed<T>(law, std::nextafter(middle_float, 0.0F), low);
        if (lastbit::to_bits(T(static_cast<float>(above))) != low + 1) ++double_rounding_matters;

        double const exact = value_of<T>(low);
        expect_narrowed<T>(law, std::nextafter(exact, inf), low);
        expect_narrowed<T>(law, std::nextafter(static_cast<float>(exact), inf_float), low);
        if (low == 0) continue;
        expect_narrowed<T>(law, std::nextafter(exact, 0.0), low);
        expect_narrowed<T>(law, std::nextafter(static_cast<float>(exact), 0.0F), low);
    }
    law.check();
    CHECK(double_rounding_matters == finite_count<T> / 2);  // all ties that go down: the doubles just above them
}

template <class T>
void check_narrowing_of_extremes() {
    constexpr unsigned inf = finite_count<T>;
    tally law;
    expect_narrowed<T>(law, std::numeric_limits<double>::infinity(), inf);
    expect_narrowed<T>(law, std::numeric_limits<float>::infinity(), inf);
    expect_narrowed<T>(law, std::numeric_limits<double>::max(), inf);
    expect_narrowed<T>(law, std::numeric_limits<float>::max(), inf);
    expect_narrowed<T>(law, std::numeric_limits<double>::denorm_min(), 0);
    expect_narrowed<T>(law, std::numeric_limits<float>::denorm_min(), 0);
    expect_narrowed<T>(law, 0.0, 0);
    expect_narrowed<T>(law, 0.0F, 0);
    law.check();
    // A NaN whose payload lies below the format's stays a NaN.
    CHECK(lastbit::is_nan(T(lastbit::from_bits<float>(0x7F800001U))));
    CHECK(lastbit::is_nan(T(lastbit::from_bits<double>(0xFFF0000000000001U))));
    CHECK(lastbit::is_negative(T(lastbit::from_bits<double>(0xFFF0000000000001U))));
}

template <class T>
void check_comparisons() {
    CHECK(T(0.0) == T(-0.0));
    CHECK(T(1.0) < T(2.0));
    CHECK(T(-1.0) < T(0.5));
    CHECK_FALSE(lastbit::canonical_nan<T>() == lastbit::canonical_nan<T>());
    CHECK(lastbit::to_bits(T{}) == 0);
    CHECK(T(3) == T(3.0));
}

}  // namespace lastbit_tests
