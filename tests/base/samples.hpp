// SPDX-License-Identifier: BSL-1.0
#pragma once
// Numbers on which arithmetic is tested, and a tally of cases: one assertion for a law, not one for each case.

#include "trials.hpp"
#include <lastbit/base/convert.hpp>
#include <lastbit/base/opaque.hpp>
#include <lastbit/base/random.hpp>
#include <lastbit/testing/text.hpp>

#include <catch2/catch.hpp>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace lastbit_tests {

using lastbit::binary_format;

/// Counts the cases of a law and those that fail it, and keeps what the first failures were.
class tally {
public:
    /// `what` is called, for a text, on failure only.
    template <class Text>
    void expect(bool holds, Text&& what) {
        ++cases_;
        if (holds) return;
        if (failures_++ < 3) text_ += "\n  " + what();
    }
    void check() const {
        INFO(failures_ << " of " << cases_ << " cases fail:" << text_);
        CHECK(cases_ > 0);
        CHECK(failures_ == 0);
    }
    [[nodiscard]] std::size_t failures() const { return failures_; }

private:
    std::size_t cases_ = 0;
    std::size_t failures_ = 0;
    std::string text_;
};

template <binary_format T>
using bits_t = typename lastbit::format<T>::bits_type;

template <binary_format T>
[[nodiscard]] constexpr T pattern(std::uint64_t bits) {
    return lastbit::from_bits<T>(static_cast<bits_t<T>>(bits));
}

/// The same bits, or two NaNs of any bits.
template <binary_format T>
[[nodiscard]] constexpr bool same(T a, T b) {
    return lastbit::to_bits(a) == lastbit::to_bits(b) || (lastbit::is_nan(a) && lastbit::is_nan(b));
}

/// "name(0.1 (0x..), 2 (0x..))".
template <class... T>
[[nodiscard]] std::string call_text(std::string name, T... arguments) {
    name += "(";
    ((name += lastbit::testing::number_text(arguments) + " "), ...);
    name.back() = ')';
    return name;
}

/// Both signs of: zero, the smallest and the largest subnormal, the smallest normal number, powers of two around 1 and
/// their neighbours, the largest number, the infinity, a quiet and a signalling NaN.
template <binary_format T>
[[nodiscard]] std::vector<T> special_values() {
    std::uint64_t const one = lastbit::to_bits(T(1.0F));
    std::uint64_t const normal = lastbit::to_bits(lastbit::smallest_normal<T>());
    std::uint64_t const inf = lastbit::to_bits(lastbit::infinity<T>());
    std::vector<std::uint64_t> magnitudes{0,
                                          1,
                                          2,
                                          3,
                                          normal - 1,
                                          normal,
                                          one,
                                          one - 1,
                                          one + 1,
                                          one + 2,
                                          one + normal,
                                          one - normal,
                                          inf,
                                          inf - 1,
                                          inf - 2,
                                          inf - normal,
                                          inf + 1,
                                          normal + 1,
                                          2 * normal,
                                          inf + normal / 2};
    std::vector<T> values;
    for (std::uint64_t const bits : magnitudes) {
        values.push_back(pattern<T>(bits));
        values.push_back(lastbit::negate(pattern<T>(bits)));
    }
    return values;
}

/// Any pattern, each equally likely: all exponents, subnormals, infinities, NaN.
template <binary_format T>
[[nodiscard]] T any_number(lastbit::random_stream& random) {
    return pattern<T>(random.bits());
}

/// A number with random sign and significand whose leading bit has a random place from low to high; half of them have
/// only a few bits, which makes ties and cancellation. Rounded where the format has no such number.
template <binary_format T>
[[nodiscard]] T number_between(lastbit::random_stream& random, int low, int high) {
    std::uint64_t significand = random.bits() >> 11;
    if (random.below(2) == 0) significand &= ~std::uint64_t{0} << (random.below(52) + 1);
    double const magnitude = 1 + static_cast<double>(significand) * 0x1p-53;
    int const exponent = low + static_cast<int>(random.below(static_cast<std::uint64_t>(high - low + 1)));
    double const value = std::ldexp(random.below(2) == 0 ? magnitude : -magnitude, exponent);
    return lastbit::detail::convert<T>(value);
}

/// As number_between, over all finite numbers of the format.
template <binary_format T>
[[nodiscard]] T finite_number(lastbit::random_stream& random) {
    using f = lastbit::format<T>;
    T x = number_between<T>(random, f::min_exponent - f::precision, f::max_exponent);
    while (!lastbit::is_finite(x)) x = number_between<T>(random, f::min_exponent - f::precision, f::max_exponent);
    return x;
}

}  // namespace lastbit_tests
