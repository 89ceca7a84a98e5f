// SPDX-License-Identifier: BSL-1.0
#pragma once
// Property: the bits do not depend on the number of threads, the kernel's own or its callers'.

#include <lastbit/testing/concurrent_calls.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {

/// Tells a library how many threads its kernels may use: openblas_set_num_threads, omp_set_num_threads.
using thread_setter = std::function<void(int)>;

namespace detail {

/// Shapes that libraries give to several threads.
[[nodiscard]] inline std::vector<kernel_trial> threaded_trials(kernel_under_test const& kernel, std::uint64_t seed) {
    if (kernel.kind == kernel_kind::gemm)
        return {rounding_trial(kernel, 5, 7, 40, seed), rounding_trial(kernel, 64, 64, 64, seed),
                rounding_trial(kernel, 130, 120, 300, seed), rounding_trial(kernel, 1, 300, 300, seed)};
    if (kernel.kind == kernel_kind::gemv)
        return {rounding_trial(kernel, 5, 1, 40, seed), rounding_trial(kernel, 400, 1, 500, seed),
                rounding_trial(kernel, 3, 1, 40000, seed)};
    return {rounding_trial(kernel, 1, 1, 40, seed), rounding_trial(kernel, 1, 1, 3000, seed),
            rounding_trial(kernel, 1, 1, 50000, seed)};
}

[[nodiscard]] inline property_result examine_thread_invariant(kernel_under_test const& kernel,
                                                              thread_setter const& set_threads, std::uint64_t seed) {
    examination all("is_thread_invariant", kernel, seed);
    std::size_t calls = 0;
    auto const check = [&](kernel_trial const& t) -> std::optional<kernel_finding> {
        if (set_threads) set_threads(1);
        trial_outcome const base = all.session().run(t);
        if (base.violation) return base.violation;
        for (int const threads : {2, 3, 4, 8}) {
            if (!set_threads) break;
            set_threads(threads);
            trial_outcome const other = all.session().run(t);
            if (other.violation) return other.violation;
            auto found = first_difference(t, kernel.out, other.bits, base.bits, "thread_dependent",
                                          "has other bits with " + std::to_string(threads) + " threads than with one");
            if (found) return found;
        }
        if (set_threads) set_threads(1);
        return concurrent_difference(kernel, t, 4, t.m * t.n * t.k < 100000 ? 20 : 3, base.bits, calls);
    };
    for (auto const& t : threaded_trials(kernel, seed)) all.check(t, check, 300);
    if (set_threads) set_threads(1);
    all.add_calls(calls);
    return all.result();
}

}  // namespace detail

/// The same bits whatever the number of threads that the kernel uses (1, 2, 3, 4, 8; where a function that sets it is
/// given), and when four threads call it at a time.
///
/// The number of threads is 1 afterwards. A failure that comes and goes is not always shrunk to the end. Faults:
/// "thread_dependent", "concurrency_dependent", or one of stays_in_bounds.
template <class T = void, class K>
    requires testable_kernel<K, T>
[[nodiscard]] property_result is_thread_invariant(K kernel, thread_setter const& set_threads = {},
                                                  std::uint64_t seed = default_property_seed) {
    return detail::examine_thread_invariant(erase<T>(std::move(kernel)), set_threads, seed);
}

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
