// SPDX-License-Identifier: BSL-1.0
#pragma once
// What a kernel would give for altered terms, and how far rounding could take it from that.

#include <lastbit/eft/two_sum.hpp>
#include <lastbit/quantify/hypotheses/hypothesis.hpp>

#include <cmath>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// What a kernel's output would be.
struct prediction {
    double value = 0;   ///< act(z) after the stages; but for the rounding of the sum, and before that to C's format
    double stored = 0;  ///< the same in C's format
    double reach = 0;   ///< no order of summation could be farther from it, in the format that the sum is held in
    double finest = 0;  ///< a difference below this is none: the noise of a good summation, or the grain of the data
    bool is_bitwise = false;  ///< the order of summation is part of it
    double usual = 0;         ///< no usual error of a sum is much larger: u sqrt(terms) times what partial sums come to
};

namespace detail {

/// x in the format f, rounded toward zero. Special: NaN -> NaN; infinities stay.
[[nodiscard]] inline double truncated(number_format f, double x) noexcept {
    double y = rounded(f, x);
    if (!is_finite(x)) return y;
    if (is_finite(y) && std::fabs(y) <= std::fabs(x)) return y;
    double const largest = lastbit::is_negative(x) ? -constants(f).largest : constants(f).largest;
    if (!is_finite(y) || std::fabs(x) >= constants(f).largest) return largest;
    // One step back; half a step below the rounded value nothing is rounded up again.
    double const step = ulp_of(f, x);
    return y > 0 ? y - step : y + step;
}

/// s + p rounded to the format f as if once, from the exact sum.
[[nodiscard]] inline double added_once(number_format f, double s, double p) noexcept {
    if (f == number_format::float64) return add(s, p);
    value_and_error<double> const sum = two_sum(s, p);
    if (!is_finite(sum.value) || is_zero(sum.error)) return rounded(f, sum.value);
    // To odd: toward zero, then the last bit set. A second rounding to at most 51 bits is as one.
    bool const outward = lastbit::is_negative(sum.error) != lastbit::is_negative(sum.value);
    return rounded(f, from_bits<double>((to_bits(sum.value) - (outward ? 1U : 0U)) | 1U));
}

/// The sum of the products of the terms as `order` says, bit for bit.
[[nodiscard]] inline double summed(element_terms const& t, known_sum const& order) {
    number_format const f = order.format;
    number_format const wide = number_format::float32;
    std::vector<double> lanes(order.lanes, 0.0);
    if (order.block > 1) {
        double total = 0;
        for (std::size_t from = 0; from < t.a.size(); from += order.block) {
            double s = total;
            for (std::size_t l = from; l < t.a.size() && l < from + order.block; ++l)
                s = rounded(wide, add(s, rounded(wide, mul(t.a[l], t.b[l]))));
            total = rounded(f, s);
        }
        return total;
    }
    for (std::size_t l = 0; l < t.a.size(); ++l) {
        double& s = lanes[l % order.lanes];
        double const p = mul(t.a[l], t.b[l]);
        if (order.of == known_sum::products::rounded) s = rounded(f, add(s, rounded(f, p)));
        else if (order.of == known_sum::products::fused) s = added_once(f, s, p);
        else s = rounded(f, rounded(wide, add(s, rounded(wide, p))));
    }
    if (order.halves)
        for (std::size_t half = lanes.size() / 2; half > 0; half /= 2)
            for (std::size_t i = 0; i < half; ++i) lanes[i] = rounded(f, add(lanes[i], lanes[i + half]));
    else
        for (std::size_t i = 1; i < lanes.size(); ++i) lanes[0] = rounded(f, add(lanes[0], lanes[i]));
    return lanes[0];
}

/// The exponent of the last bit of x that is set; large for 0.
[[nodiscard]] inline int last_exponent(double x) noexcept {
    if (is_zero(x) || !is_finite(x)) return 1 << 20;
    lastbit::detail::decomposed const d = lastbit::detail::decompose(x);
    return d.exponent + std::countr_zero(d.significand);
}

/// The sizes of the terms.
struct term_sizes {
    double magnitude = 0;  ///< sum |terms|
    double squares = 0;    ///< sum of their squares
    double grain = 0;      ///< all of them are multiples of it, a power of two
};

[[nodiscard]] inline term_sizes sizes_of(element_terms const& t) {
    term_sizes s;
    int last_a = 1 << 20;
    int last_b = 1 << 20;
    for (std::size_t l = 0; l < t.a.size(); ++l) {
        double const x = std::fabs(t.a[l] * t.b[l]);
        s.magnitude += x;
        s.squares += x * x;
        last_a = std::min(last_a, last_exponent(t.a[l]));
        last_b = std::min(last_b, last_exponent(t.b[l]));
    }
    s.magnitude *= std::fabs(t.alpha);
    s.squares *= t.alpha * t.alpha;
    double const old = t.beta == 0 ? 0.0 : t.beta * t.old;
    for (double const x : {old, t.bias}) {
        s.magnitude += std::fabs(x);
        s.squares += x * x;
    }
    int const last = std::min({last_a + last_b + last_exponent(t.alpha), last_exponent(old), last_exponent(t.bias)});
    if (last > -1022 && last < 1023) s.grain = lastbit::detail::power_of_two(last);
    return s;
}

}  // namespace detail

/// Of altered terms; `held` and `output` are the formats of the judgment.
[[nodiscard]] inline prediction predict(element_terms const& t, number_format held, number_format output) {
    if (t.fixed) return {*t.fixed, *t.fixed, 0.0, 0.5 * ulp_of(output, *t.fixed)};
    detail::term_sizes const sizes = detail::sizes_of(t);
    double sum = 0;
    if (t.order) {
        sum = detail::summed(t, *t.order);
    } else {
        superaccumulator<double> exact;
        exact.add_product(std::span<double const>(t.a), std::span<double const>(t.b));
        sum = exact.round<double>();
    }
    double z = t.alpha * sum;
    if (t.beta != 0) z += t.beta * t.old;
    if (t.sum_stage) z = rounded(*t.sum_stage, z);
    z += t.bias;
    number_format const holds = t.held.value_or(held);
    if (t.order) z = rounded(holds, z);
    double const terms = static_cast<double>(t.a.size()) + 3;
    double const u = unit_roundoff_of(holds);
    double reach = terms * u < 0.5 ? lastbit::detail::gamma(terms, u) * sizes.magnitude : sizes.magnitude;
    double y = t.act == activation::linear ? z : activate(t.act, z);
    double const curved = t.act == activation::linear || t.act == activation::relu ? 0.0 : t.activation_ulps;
    y += t.after;
    double unit = ulp_of(output, y);
    for (number_format const stage : t.stages) {
        y = rounded(stage, y);
        if (ulp_of(stage, y) > unit) unit = ulp_of(stage, y);
    }
    if (t.sum_stage && ulp_of(*t.sum_stage, z) > unit) unit = ulp_of(*t.sum_stage, z);
    if (t.flushes && std::fabs(y) < lastbit::detail::power_of_two(constants(*t.flushes).min_exponent)) y = 0;
    double stored = t.truncates ? detail::truncated(output, y) : rounded(output, y);
    if (t.of_result) {
        y = t.of_result(y);
        stored = t.of_result(rounded(output, y));
    }
    if (!is_finite(stored)) return {y, stored, 0.0, 0.0};
    double const approximate = curved * ulp_of(holds, y);
    double const noise = std::fmax(0.5 * ulp_of(output, y), 0.25 * approximate);
    // The order is known, and so is every bit; but what alpha, beta and bias do to it may be rounded otherwise.
    if (t.order) {
        bool const is_sum_alone = t.alpha == 1 && t.beta == 0 && t.bias == 0;
        double const parts = std::fabs(t.alpha * sum) + std::fabs(t.beta * t.old) + std::fabs(t.bias);
        double const rest = is_sum_alone ? 0.0 : 2 * u * parts + ulp_of(output, y);
        double const blocks = t.order->block > 1 ? unit + 4 * ulp_of(t.order->format, z) : 0.0;
        return {y, stored, approximate + blocks + rest, noise, true};
    }
    reach += 2 * unit + approximate + terms * smallest_step(holds);
    double const grain = t.act == activation::linear || t.act == activation::relu ? sizes.grain : 0.0;
    double const usual = u * std::sqrt(terms) * std::fmax(std::sqrt(sizes.squares), std::fabs(z));
    double const finest = std::fmax(std::fmax(noise, u * std::sqrt(sizes.squares)), 0.5 * grain);
    return {y, stored, reach, finest, false, usual + unit};
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
