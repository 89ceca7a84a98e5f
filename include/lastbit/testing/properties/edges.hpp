// SPDX-License-Identifier: BSL-1.0
#pragma once
// Property: every element is written, and rightly, at every size: none, one, and on either side of a tile's.
//
// Operands are whole numbers, on which every correct order gives the same answer, so that nothing needs a tolerance.

#include <lastbit/testing/exact_judgment.hpp>
#include <lastbit/testing/shrink.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {
namespace detail {

/// t - 1, t, t + 1 for the usual sizes t of tiles, and smaller ones. None comes late: a fault that other sizes have,
/// too, is better named there.
inline constexpr std::array<std::size_t, 22> edge_sizes{1,  2,  3,  4,  5,  7,  8, 9,   15,  16,  17,
                                                        31, 32, 33, 63, 64, 65, 0, 127, 128, 129, 257};

/// Tells what is wrong with an element that is wrong, by what it is when C held 3 before the call.
[[nodiscard]] inline std::optional<kernel_finding> explained_edge(kernel_session& session, kernel_trial const& t,
                                                                  kernel_finding found) {
    if (!is_zero(t.beta)) return found;
    kernel_trial other = t;
    other.c.assign(t.m * t.n, 3.0);
    trial_outcome const outcome = session.run(other);
    if (outcome.violation) return outcome.violation;
    std::string const element = element_text(t, found.row, found.col);
    double const again = value_of(session.kernel().out, outcome.bits[found.row * t.n + found.col]);
    if (to_bits(again) == to_bits(3.0) && to_bits(found.expected) != to_bits(3.0)) {
        found.fault = "element_not_written";
        found.what = element + " is not written";
    } else if (to_bits(again) != to_bits(found.got) && !(is_nan(again) && is_nan(found.got))) {
        found.fault = session.kernel().accepts.alpha_beta ? "c_read_at_beta_zero" : "reads_output";
        found.what = element + (session.kernel().accepts.alpha_beta ? " depends on what C held, though beta is 0"
                                                                    : " depends on what C held before the call");
    } else if (t.k == 0) {
        found.fault = "empty_sum_not_zero";
        found.what = element + " is not 0, though there are no terms";
    }
    return found;
}

/// Shapes: each size along each axis with others that are small, and some at random.
[[nodiscard]] inline std::vector<std::array<std::size_t, 3>> edge_shapes(kernel_kind kind, std::uint64_t seed) {
    std::vector<std::array<std::size_t, 3>> shapes;
    for (std::size_t const size : edge_sizes) {
        for (std::size_t const other : {std::size_t{1}, std::size_t{5}}) {
            shapes.push_back({other, other, size});
            if (kind == kernel_kind::gemm || kind == kernel_kind::gemv) shapes.push_back({size, other, other});
            if (kind == kernel_kind::gemm) shapes.push_back({other, size, other});
        }
        if (kind == kernel_kind::gemm) shapes.push_back({17, size, 9});
    }
    random_stream random(seed, 77);
    for (int i = 0; i < 40 && kind != kernel_kind::sum && kind != kernel_kind::dot; ++i) {
        std::size_t const m = edge_sizes[random.below(18)];
        std::size_t const n = edge_sizes[random.below(18)];
        std::size_t const k = edge_sizes[random.below(18)];
        shapes.push_back({m, n, k});
    }
    return shapes;
}

/// The layouts that an edge is tried with: contiguous, and with gaps between rows where the kernel accepts them.
[[nodiscard]] inline std::vector<kernel_trial> edge_trials(kernel_session const& session, kernel_trial const& t) {
    std::vector<kernel_trial> list{t};
    kernel_trial padded = t;
    for (auto& l : padded.layout) l.padding = 3;
    if (session.accepts(padded)) list.push_back(padded);
    return list;
}

[[nodiscard]] inline property_result examine_handles_edges(kernel_under_test const& kernel, std::uint64_t seed) {
    examination all("handles_edges", kernel, seed);
    auto const check = [&](kernel_trial const& t) -> std::optional<kernel_finding> {
        trial_outcome const outcome = all.session().run(t);
        if (outcome.violation) return outcome.violation;
        auto found = judge_exact(kernel, t, outcome.bits);
        return found ? explained_edge(all.session(), t, std::move(*found)) : found;
    };
    for (auto const& [m, n, k] : edge_shapes(kernel.kind, seed))
        for (auto const& t : edge_trials(all.session(), whole_trial(kernel, m, n, k, seed))) all.check(t, check);
    if (!kernel.accepts.alpha_beta) return all.result();
    constexpr std::array<std::array<double, 2>, 6> factors{{{1, 1}, {2, 0}, {-1, 2}, {1, -1}, {0, 0}, {0, 1}}};
    for (auto const& [m, n, k] : {std::array<std::size_t, 3>{1, 1, 1}, {2, 3, 0}, {5, 9, 17}, {33, 34, 16}})
        for (auto const& [alpha, beta] : factors) {
            kernel_trial t = whole_trial(kernel, m, n, k, seed, 8);
            t.alpha = alpha;
            t.beta = beta;
            random_stream random(seed, 5);
            for (std::size_t i = 0; i < t.m * t.n && beta != 0; ++i)
                t.c.push_back(1.0 + static_cast<double>(random.below(3)));
            for (auto const& trial : edge_trials(all.session(), t)) all.check(trial, check);
        }
    return all.result();
}

}  // namespace detail

/// Every element of C is written and is the exact value, for m, n, k of 0 to 257 on either side of the sizes of tiles;
/// k = 0 gives zeros; what C held (NaN) is overwritten, with beta = 0 too; alpha and beta do what they say; nothing
/// between C's rows is touched.
///
/// Faults: "wrong_value", "element_not_written", "empty_sum_not_zero", "reads_output", "c_read_at_beta_zero",
/// "beta_ignored", "alpha_ignored", "unexpected_nan", "outside_written", or one of stays_in_bounds.
template <class T = void, class K>
    requires testable_kernel<K, T>
[[nodiscard]] property_result handles_edges(K kernel, std::uint64_t seed = default_property_seed) {
    return detail::examine_handles_edges(erase<T>(std::move(kernel)), seed);
}

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
