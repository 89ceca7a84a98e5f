// SPDX-License-Identifier: BSL-1.0
#pragma once
// Property: operands of the other sign give the result of the other sign.
//
// Rounding to nearest is symmetric; truncation and directed rounding are not.

#include <lastbit/testing/shrink.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {
namespace detail {

inline void negate_all(std::vector<double>& numbers) {
    for (double& x : numbers) x = negate(x);
}

[[nodiscard]] inline property_result examine_sign_symmetric(kernel_under_test const& kernel, std::uint64_t seed) {
    examination all("is_sign_symmetric", kernel, seed);
    auto const check = [&](kernel_trial const& t) -> std::optional<kernel_finding> {
        trial_outcome const base = all.session().run(t);
        if (base.violation) return base.violation;
        constexpr std::array names{"A has", "B has", "A and B have"};
        for (std::size_t which = 0; which < (t.kind == kernel_kind::sum ? 1U : 3U); ++which) {
            kernel_trial other = t;
            if (which != 1) negate_all(other.a);
            if (which != 0) negate_all(other.b);
            trial_outcome const outcome = all.session().run(other);
            if (outcome.violation) return outcome.violation;
            for (std::size_t i = 0; i < outcome.bits.size(); ++i) {
                double const got = value_of(kernel.out, outcome.bits[i]), first = value_of(kernel.out, base.bits[i]);
                double const expected = which == 2 ? first : negate(first);
                if (to_bits(canonical(got)) == to_bits(canonical(expected)) || (is_zero(got) && is_zero(expected)))
                    continue;
                return kernel_finding{"sign_asymmetric",
                                      element_text(t, i / t.n, i % t.n) + " has another magnitude when " +
                                          names[which] + " the other sign",
                                      i / t.n,
                                      i % t.n,
                                      true,
                                      got,
                                      expected};
            }
        }
        return std::nullopt;
    };
    for (std::size_t const k : {1U, 2U, 3U, 8U, 17U, 64U, 100U, 300U})
        all.check(rounding_trial(kernel, 3, 4, k, seed), check);
    return all.result();
}

}  // namespace detail

/// -A instead of A, -B instead of B, and both: C with the other sign, and C itself, bit for bit but for zeros' signs.
///
/// Expected is what the operands shown call for. Fault: "sign_asymmetric", or one of stays_in_bounds.
template <class T = void, class K>
    requires testable_kernel<K, T>
[[nodiscard]] property_result is_sign_symmetric(K kernel, std::uint64_t seed = default_property_seed) {
    return detail::examine_sign_symmetric(erase<T>(std::move(kernel)), seed);
}

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
