// SPDX-License-Identifier: BSL-1.0
#pragma once
// Property: operands times a power of two give the result times that power.
//
// Roundings to nearest scale, as long as nothing is subnormal or overflows; fixed-point kernels and those with absolute
// thresholds do not.

#include <lastbit/base/opaque.hpp>
#include <lastbit/testing/shrink.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {
namespace detail {

/// An operand (0: A, 1: B) times 2^power; nothing if a number leaves the format's normal range, or a sum could.
[[nodiscard]] inline std::optional<kernel_trial> scaled(kernel_under_test const& kernel, kernel_trial t,
                                                        std::size_t operand, int power) {
    double const factor = lastbit::detail::power_of_two(power);
    auto const& in = quantify::constants(kernel.in);
    auto const& out = quantify::constants(kernel.out);
    double largest_a = 0, largest_b = t.b.empty() ? 1 : 0, smallest_a = 1, smallest_b = 1;
    for (double& x : operand == 0 ? t.a : t.b) {
        if (is_zero(x)) continue;
        x = mul(x, factor);
        if (absolute(x) > in.largest || absolute(x) < lastbit::detail::power_of_two(in.min_exponent))
            return std::nullopt;
    }
    for (double const x : t.a) {
        largest_a = std::max(largest_a, absolute(x));
        if (!is_zero(x)) smallest_a = std::min(smallest_a, absolute(x));
    }
    for (double const x : t.b) {
        largest_b = std::max(largest_b, absolute(x));
        if (!is_zero(x)) smallest_b = std::min(smallest_b, absolute(x));
    }
    double const narrow_end = std::min(in.largest, out.largest);
    int const narrow_start = std::max(in.min_exponent, out.min_exponent);
    if (largest_a * largest_b * static_cast<double>(t.k) > narrow_end / 4) return std::nullopt;
    if (smallest_a * smallest_b < lastbit::detail::power_of_two(narrow_start)) return std::nullopt;
    return t;
}

[[nodiscard]] inline property_result examine_scale_invariant(kernel_under_test const& kernel, std::uint64_t seed) {
    examination all("is_scale_invariant", kernel, seed);
    if (quantify::constants(kernel.in).is_integer || quantify::constants(kernel.out).is_integer)
        return all.not_applicable();
    auto const check = [&](kernel_trial const& t) -> std::optional<kernel_finding> {
        if (!scaled(kernel, t, 0, 0)) return std::nullopt;
        trial_outcome const base = all.session().run(t);
        if (base.violation) return base.violation;
        for (std::size_t operand = 0; operand < (t.kind == kernel_kind::sum ? 1U : 2U); ++operand)
            for (int const power : {1, -1, 2, 7, -7, 20}) {
                auto const moved = scaled(kernel, t, operand, power);
                if (!moved) continue;
                trial_outcome const other = all.session().run(*moved);
                if (other.violation) return other.violation;
                for (std::size_t i = 0; i < other.bits.size(); ++i) {
                    double const expected =
                        mul(value_of(kernel.out, base.bits[i]), lastbit::detail::power_of_two(power));
                    double const got = value_of(kernel.out, other.bits[i]);
                    if (to_bits(canonical(got)) == to_bits(canonical(expected))) continue;
                    return kernel_finding{"scale_dependent",
                                          element_text(t, i / t.n, i % t.n) + " is not 2^" + std::to_string(power) +
                                              " times what it was when " + (operand == 0 ? "A" : "B") + " is",
                                          i / t.n,
                                          i % t.n,
                                          true,
                                          got,
                                          expected};
                }
            }
        return std::nullopt;
    };
    // Sums that cancel could become subnormal in a narrow format.
    bool const positive =
        std::max(quantify::constants(kernel.in).min_exponent, quantify::constants(kernel.out).min_exponent) > -100;
    for (std::size_t const k : {1U, 2U, 3U, 8U, 17U, 64U, 100U, 300U})
        all.check(rounding_trial(kernel, 3, 4, k, seed, positive), check);
    return all.result();
}

}  // namespace detail

/// A or B times 2^s, for s of -7 to 20 as far as the formats reach, gives exactly C times 2^s. In formats with few
/// exponents all operands are positive; of whole numbers there is nothing to examine.
///
/// Expected is the scaled number of the operands shown. Fault: "scale_dependent", or one of stays_in_bounds.
template <class T = void, class K>
    requires testable_kernel<K, T>
[[nodiscard]] property_result is_scale_invariant(K kernel, std::uint64_t seed = default_property_seed) {
    return detail::examine_scale_invariant(erase<T>(std::move(kernel)), seed);
}

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
