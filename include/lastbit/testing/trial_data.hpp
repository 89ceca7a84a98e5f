// SPDX-License-Identifier: BSL-1.0
#pragma once
// Operands for trials: numbers that round in every sum, and whole numbers that round in none.

#include <lastbit/testing/trial.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {

/// The seed of a property unless another is given.
inline constexpr std::uint64_t default_property_seed = 8;

/// A trial without numbers: m, n, k as far as the kind has them.
[[nodiscard]] inline kernel_trial empty_trial(kernel_kind kind, std::size_t m, std::size_t n, std::size_t k) {
    kernel_trial t;
    t.kind = kind;
    t.m = kind == kernel_kind::gemm || kind == kernel_kind::gemv ? m : 1;
    t.n = kind == kernel_kind::gemm ? n : 1;
    t.k = k;
    return t;
}

namespace detail {

/// A number of the format: 1 <= |x| < 2 times a power of two up to 2^spread either way; of a whole format, any but 0.
[[nodiscard]] inline double rounding_number(number_format format, random_stream& random, int spread, bool positive) {
    double const fraction = 1.0 + random.uniform();
    auto const power = static_cast<int>(random.below(static_cast<std::uint64_t>(2 * spread + 1))) - spread;
    bool const negative = random.below(2) == 1 && !positive;
    if (quantify::constants(format).is_integer)
        return (negative ? -1.0 : 1.0) * static_cast<double>(1 + random.below(99));
    double const x = quantify::rounded(format, fraction * lastbit::detail::power_of_two(power));
    return negative ? negate(x) : x;
}

/// The place of an element in words: "element (2, 0)"; nothing where there is only one.
[[nodiscard]] inline std::string element_text(kernel_trial const& t, std::size_t row, std::size_t col) {
    if (t.kind == kernel_kind::sum || t.kind == kernel_kind::dot) return "the result";
    if (t.kind == kernel_kind::gemv) return "element " + std::to_string(row);
    return "element (" + std::to_string(row) + ", " + std::to_string(col) + ")";
}

/// The exponents of rounding_number for a format: 3 either way in those of 5 bits of exponent or fewer.
[[nodiscard]] constexpr int usual_spread(number_format format) noexcept {
    return quantify::constants(format).min_exponent < -100 ? 8 : quantify::constants(format).min_exponent < -10 ? 2 : 1;
}

/// The largest whole number up to which every one is a number of the format.
[[nodiscard]] inline double whole_limit(number_format format) noexcept {
    return lastbit::detail::power_of_two(quantify::precision(format));
}

}  // namespace detail

/// Random operands, with signs unless `positive`: almost every addition rounds. Seeded; the same on every platform.
[[nodiscard]] inline kernel_trial rounding_trial(kernel_under_test const& kernel, std::size_t m, std::size_t n,
                                                 std::size_t k, std::uint64_t seed, bool positive = false) {
    kernel_trial t = empty_trial(kernel.kind, m, n, k);
    random_stream random(seed, (m * 1009 + n) * 1000003 + k);
    int const spread = detail::usual_spread(kernel.in);
    t.a.reserve(t.m * t.k);
    for (std::size_t i = 0; i < t.m * t.k; ++i)
        t.a.push_back(detail::rounding_number(kernel.in, random, spread, positive));
    if (kernel.kind == kernel_kind::sum) return t;
    t.b.reserve(t.k * t.n);
    for (std::size_t i = 0; i < t.k * t.n; ++i)
        t.b.push_back(detail::rounding_number(kernel.in, random, spread, positive));
    return t;
}

/// Random whole numbers whose products have a sum of magnitudes of at most 2^p in the narrower of the two formats:
/// every order gives the same exact sum. None is zero, unless k > 2^p: then only 2^p terms are not. With `spare`, the
/// sum stays below 2^p by that factor.
[[nodiscard]] inline kernel_trial whole_trial(kernel_under_test const& kernel, std::size_t m, std::size_t n,
                                              std::size_t k, std::uint64_t seed, double spare = 1) {
    kernel_trial t = empty_trial(kernel.kind, m, n, k);
    random_stream random(seed, (m * 1009 + n) * 1000003 + k);
    bool const whole = quantify::constants(kernel.in).is_integer;  // sums of these are held in the output's format
    double const widest = whole ? detail::whole_limit(kernel.out)
                                : std::min(detail::whole_limit(kernel.in), detail::whole_limit(kernel.out));
    double const limit = std::max(widest / spare, 2.0);
    bool const is_sum = kernel.kind == kernel_kind::sum;
    double largest = 1;
    double const terms = static_cast<double>(std::max<std::size_t>(k, 1));
    double const highest = std::min(100.0, detail::whole_limit(kernel.in) - 1.0);
    while (largest + 1 <= highest && (largest + 1) * (is_sum ? 1 : largest + 1) * terms <= limit) ++largest;
    std::vector<bool> used(k, true);
    if (terms > limit) {
        used.assign(k, false);
        used.front() = used.back() = true;
        for (double count = 2; count < limit; ++count) used[random.below(k)] = true;
    }
    auto const draw = [&](std::size_t index) {
        double const magnitude = 1.0 + static_cast<double>(random.below(static_cast<std::uint64_t>(largest)));
        bool const negative = random.below(2) == 1;
        return used[index] ? (negative ? -magnitude : magnitude) : 0.0;
    };
    for (std::size_t i = 0; i < t.m * t.k; ++i) t.a.push_back(draw(i % t.k));
    if (is_sum) return t;
    for (std::size_t i = 0; i < t.k * t.n; ++i) t.b.push_back(draw(i / t.n));
    return t;
}

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
