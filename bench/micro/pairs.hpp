// SPDX-License-Identifier: BSL-1.0
#pragma once
// Two kernels timed in turn, so that whatever else the machine does meets both: the ratio is the median of the pairs'.

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

namespace bench {

/// Processor time of this thread in nanoseconds (POSIX).
[[nodiscard]] inline double thread_time() {
    std::timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) * 1e9 + static_cast<double>(t.tv_nsec);
}

/// Nanoseconds of one call of `calls`.
template <class Kernel>
[[nodiscard]] double time_calls(Kernel const& kernel, std::size_t calls) {
    double const start = thread_time();
    for (std::size_t i = 0; i < calls; ++i) kernel();
    return (thread_time() - start) / static_cast<double>(calls);
}

[[nodiscard]] inline double median(std::vector<double> x) {
    std::sort(x.begin(), x.end());
    return x[x.size() / 2];
}

/// Medians over interleaved pairs.
struct pair_times {
    double ours;   ///< ns a call
    double peer;   ///< ns a call
    double ratio;  ///< of the pairs' ratios
};

/// At least `pairs` pairs, each side about 2 ms long or one call.
template <class Ours, class Peer>
[[nodiscard]] pair_times time_pairs(Ours const& ours, Peer const& peer, std::size_t pairs = 15) {
    constexpr double least = 2e6;
    auto const calls = [](double once) {
        return once >= least ? std::size_t{1} : static_cast<std::size_t>(least / (once + 1.0)) + 1;
    };
    static_cast<void>(time_calls(ours, 1));
    static_cast<void>(time_calls(peer, 1));
    std::size_t const ours_calls = calls(time_calls(ours, 3));
    std::size_t const peer_calls = calls(time_calls(peer, 3));
    std::vector<double> a, b, ratio;
    for (std::size_t i = 0; i < pairs; ++i) {
        a.push_back(time_calls(ours, ours_calls));
        b.push_back(time_calls(peer, peer_calls));
        ratio.push_back(a.back() / b.back());
    }
    return {median(a), median(b), median(ratio)};
}

/// One line: what, its size, both times an item, the ratio and the floor that the project has set itself.
inline void print_pair(std::string const& what, std::size_t n, double items, pair_times const& t, double most) {
    std::printf("%-46s %9zu %9.4f %9.4f %7.2f", what.c_str(), n, t.ours / items, t.peer / items, t.ratio);
    if (most > 0) std::printf("   <= %.2f%s", most, t.ratio <= most ? "" : "  missed");
    std::printf("\n");
    std::fflush(stdout);
}

}  // namespace bench
