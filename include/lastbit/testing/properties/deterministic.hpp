// SPDX-License-Identifier: BSL-1.0
#pragma once
// Property: the same call gives the same bits again.

#include <lastbit/testing/concurrent_calls.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {
namespace detail {

[[nodiscard]] inline property_result examine_deterministic(kernel_under_test const& kernel, std::uint64_t seed) {
    examination all("is_deterministic", kernel, seed);
    std::size_t calls = 0;
    auto const check = [&](kernel_trial const& t) -> std::optional<kernel_finding> {
        trial_outcome const base = all.session().run(t);
        if (base.violation) return base.violation;
        kernel_trial other_c = t;
        other_c.c.assign(t.m * t.n, 3.0);
        for (int i = 0; i < 10; ++i) {
            bool const same = i < 8;
            trial_outcome const again = all.session().run(same ? t : other_c);
            if (again.violation) return again.violation;
            auto found =
                first_difference(t, kernel.out, again.bits, base.bits, same ? "not_deterministic" : "reads_output",
                                 same ? "has other bits in another call" : "depends on what C held before the call");
            if (found) return found;
        }
        auto found = concurrent_difference(kernel, t, 4, 10, base.bits, calls);
        if (found && found->fault == "concurrency_dependent") found->fault = "not_deterministic";
        return found;
    };
    for (std::size_t const k : {0U, 1U, 3U, 17U, 100U, 1000U})
        all.check(rounding_trial(kernel, 5, 9, k, seed), check, 500);
    all.check(rounding_trial(kernel, 33, 40, 200, seed), check, 500);
    all.add_calls(calls);
    return all.result();
}

}  // namespace detail

/// The same bits when the call is repeated, when C held something else before it, and when four threads make it at
/// once.
///
/// A failure that comes and goes is not always shrunk to the end. Faults: "not_deterministic", "reads_output", or one
/// of stays_in_bounds.
template <class T = void, class K>
    requires testable_kernel<K, T>
[[nodiscard]] property_result is_deterministic(K kernel, std::uint64_t seed = default_property_seed) {
    return detail::examine_deterministic(erase<T>(std::move(kernel)), seed);
}

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
