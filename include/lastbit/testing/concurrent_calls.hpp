// SPDX-License-Identifier: BSL-1.0
#pragma once
// The same call from several threads at a time.

#include <lastbit/testing/shrink.hpp>

#include <atomic>
#include <future>
#include <latch>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {

/// Each of `threads` threads makes the call `repeats` times on operands of its own, all at once. The first outcome with
/// other bits than `expected`, or with a violation, becomes the finding. Adds the number of calls to `calls`.
///
/// An exception of the kernel is passed on. A kernel may be fast enough to be done before the next thread begins: all
/// wait for each other before each call.
[[nodiscard]] inline std::optional<kernel_finding> concurrent_difference(kernel_under_test const& kernel,
                                                                         kernel_trial const& t, std::size_t threads,
                                                                         std::size_t repeats,
                                                                         std::vector<std::uint64_t> const& expected,
                                                                         std::size_t& calls) {
    std::latch start(static_cast<std::ptrdiff_t>(threads));
    auto const work = [&]() -> std::optional<kernel_finding> {
        kernel_session session(kernel);
        start.arrive_and_wait();
        for (std::size_t i = 0; i < repeats; ++i) {
            trial_outcome const outcome = session.run(t);
            if (outcome.violation) return outcome.violation;
            auto found = detail::first_difference(t, kernel.out, outcome.bits, expected, "concurrency_dependent",
                                                  "has other bits when several threads call the kernel");
            if (found) return found;
        }
        return std::nullopt;
    };
    calls += threads * repeats;
    std::vector<std::future<std::optional<kernel_finding>>> running;
    for (std::size_t i = 0; i < threads; ++i) running.push_back(std::async(std::launch::async, work));
    for (auto& future : running) future.wait();
    std::optional<kernel_finding> found;
    for (auto& future : running) {
        auto one = future.get();
        if (one && !found) found = std::move(one);
    }
    return found;
}

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
