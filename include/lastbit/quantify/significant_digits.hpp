// SPDX-License-Identifier: BSL-1.0
#pragma once
// How many digits of a result survive when every rounding is left to chance: stochastic arithmetic, as in CADNA and
// Verificarlo.
//
// It estimates what rounding to nearest does, without knowing the exact answer; it can be wrong both ways, see
// significant_digits. Where the exact answer is to be had (a sum, a dot product, a network), compare with that.

#include <lastbit/quantify/stochastic_number.hpp>

#include <cmath>
#include <concepts>
#include <string>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// What the samples of one function have in common. Bits are at most the format's precision; decimal digits are
/// log10(2) times as many.
struct digits_estimate {
    std::vector<double> results;       ///< one for each sample
    double mean = 0;                   ///< NaN if a result is not finite
    double standard_deviation = 0;     ///< with samples - 1; +inf if it is above the largest double
    double bits = 0;                   ///< -log2(standard_deviation / |mean|): [Par97]
    double bits_at_least = 0;          ///< with the stated probability and confidence, if results are normal: [SCF21]
    double bits_in_common = 0;         ///< -log2 max |result / mean - 1|: no hypothesis, but see probability_in_common
    double probability = 0;            ///< that one more result agrees with the mean in bits_at_least
    double confidence = 0;             ///< of both statements
    double probability_in_common = 0;  ///< the same for bits_in_common: (1 - confidence)^(1 / samples)

    [[nodiscard]] double decimal_digits() const noexcept { return bits * 0.30102999566398120; }
    [[nodiscard]] double decimal_digits_at_least() const noexcept { return bits_at_least * 0.30102999566398120; }
};

namespace detail {

/// The x at which an increasing function crosses y, by bisection.
template <class F>
[[nodiscard]] double crossing(double low, double high, double y, F const& f) {
    for (int i = 0; i < 200; ++i) {
        double const middle = 0.5 * (low + high);
        (f(middle) < y ? low : high) = middle;
    }
    return low;
}

/// The quantile of the normal distribution with mean 0 and variance 1; 0.5 <= p < 1.
[[nodiscard]] inline double normal_quantile(double p) {
    return crossing(0.0, 40.0, p, [](double x) { return 0.5 * (1.0 + std::erf(x / std::sqrt(2.0))); });
}

/// The chi-squared distribution with k degrees of freedom: the series of the incomplete gamma function.
[[nodiscard]] inline double chi_squared(double x, double k) {
    double const a = 0.5 * k;
    double const z = 0.5 * x;
    if (!(z > 0)) return 0;
    double term = 1 / a;
    double total = term;
    for (double n = a + 1; term > total * 1e-17; n += 1) total += term *= z / n;
    double const result = total * std::exp(a * std::log(z) - z - std::lgamma(a));
    return result < 1 ? result : 1;
}

/// Its quantile.
[[nodiscard]] inline double chi_squared_quantile(double p, double k) {
    return crossing(0.0, k + 20 * std::sqrt(2 * k) + 40, p, [k](double x) { return chi_squared(x, k); });
}

template <class T>
struct value_of_result;
template <binary_format T>
struct value_of_result<T> {
    static constexpr int precision = format<T>::precision;
    static double get(T x) { return static_cast<double>(x); }
};
template <binary_format T>
struct value_of_result<stochastic_number<T>> {
    static constexpr int precision = format<T>::precision;
    static double get(stochastic_number<T> const& x) { return static_cast<double>(x.value()); }
};

/// Bits of a relative difference, between 0 and the precision; 0 of a NaN.
[[nodiscard]] inline double bits_of(double difference, double size, double less, int precision) {
    if (lastbit::is_nan(difference)) return 0;
    if (!(difference > 0)) return precision;
    double const bits = -std::log2(difference / size) - less;
    if (!(bits > 0)) return 0;
    return bits < precision ? bits : precision;
}

/// The exponent of the largest magnitude: divided by 2 to this power, all results lie between -1 and 1.
[[nodiscard]] inline int largest_exponent(std::vector<double> const& results) {
    double largest = 0;
    for (double const r : results) largest = std::fabs(r) > largest ? std::fabs(r) : largest;
    int exponent = 0;
    static_cast<void>(std::frexp(largest, &exponent));
    return exponent;
}

/// Fills in all but the results.
inline void estimate_digits(digits_estimate& d, int precision) {
    // Scaled, and squared as shares of the largest: no difference overflows and no square underflows to 0.
    int const scale = largest_exponent(d.results);
    auto const scaled = [scale](double r) { return std::ldexp(r, -scale); };
    // Differences to the first result are small where digits are many: their mean loses nothing.
    double const first = scaled(d.results.front());
    auto const n = static_cast<double>(d.results.size());
    double shift = 0;
    for (double const r : d.results) shift += (scaled(r) - first) / n;
    auto const distance = [&](double r) { return std::fabs((scaled(r) - first) - shift); };
    double farthest = 0;
    for (double const r : d.results) farthest = distance(r) > farthest ? distance(r) : farthest;
    double squares = 0;
    if (farthest > 0)
        for (double const r : d.results) squares += (distance(r) / farthest) * (distance(r) / farthest);
    double const mean = first + shift;
    double const deviation = farthest * std::sqrt(squares / (n - 1));
    d.mean = std::ldexp(mean, scale);
    d.standard_deviation = std::ldexp(deviation, scale);
    double const size = std::fabs(mean);
    double const low = chi_squared_quantile(0.5 * (1 - d.confidence), n - 1);
    double const less = 0.5 * std::log2((n - 1) / low) + std::log2(normal_quantile(0.5 * (1 + d.probability)));
    d.bits = bits_of(deviation, size, 0, precision);
    d.bits_at_least = bits_of(deviation, size, less, precision);
    d.bits_in_common = bits_of(farthest, size, 0, precision);
}

}  // namespace detail

/// f(source), `samples` times, each with other random roundings; how many bits the results agree in.
///
/// f makes its inputs by source.number(x) or source.numbers(x), which give stochastic_numbers, or calls
/// sum<stochastic>(x, source.seed()); its result is one number. The mean tends to be nearer to the exact answer than a
/// result is; the spread says how far a result is from the mean. What that says of the function rounded to nearest:
/// right       where roundings are many and of no sign: sums of random numbers, cancellation of rounded terms;
/// too many    bits where rounding to nearest errs in one direction (1 + 4000 times 2^-26: every addition is lost), and
///             where every sample goes to the same wrong answer (Muller's recurrence, in the end);
/// too few     where rounding to nearest is exact by design, as in x + 1.5 2^23 - 1.5 2^23; and by half a bit
///             everywhere, since a random rounding errs more than one to nearest.
/// The figures are in docs/mathematics.md, "Digits by chance". Not a bound.
///
/// @param  samples      at least 3; 30 or more for a tight statement
/// @param  seed         sample k is a function of f, the seed and k
/// @param  probability  in (0, 1), and the confidence: for 0.95 twice and 30 samples bits_at_least is 1.40 below bits
/// Special:     equal results: the format's precision; a mean of 0, results that are not finite: 0
/// Source:      [Par97]; [SCF21], with normal results and with Bernoulli trials
template <class F>
    requires std::invocable<F&, stochastic_source&>
[[nodiscard]] digits_estimate significant_digits(F&& f, std::size_t samples, std::uint64_t seed = 0,
                                                 double probability = 0.95, double confidence = 0.95) {
    using result = detail::value_of_result<std::remove_cvref_t<std::invoke_result_t<F&, stochastic_source&>>>;
    LASTBIT_EXPECTS(samples >= 3, "significant_digits: " + std::to_string(samples) + " samples; give at least 3");
    LASTBIT_EXPECTS(probability > 0 && probability < 1 && confidence > 0 && confidence < 1,
                    "significant_digits: probability " + std::to_string(probability) + " and confidence " +
                        std::to_string(confidence) + " must lie between 0 and 1");
    digits_estimate d;
    d.probability = probability;
    d.confidence = confidence;
    d.probability_in_common = std::pow(1 - confidence, 1 / static_cast<double>(samples));
    bool finite = true;
    for (std::size_t k = 0; k < samples; ++k) {
        stochastic_source source(seed, k);
        d.results.push_back(result::get(f(source)));
        finite = finite && lastbit::is_finite(d.results.back());
    }
    if (finite) detail::estimate_digits(d, result::precision);
    else d.mean = d.standard_deviation = canonical_nan<double>();
    return d;
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
