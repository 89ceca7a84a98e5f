// SPDX-License-Identifier: BSL-1.0
#pragma once
// Errors of methods on data of many condition numbers and sizes, each beside its a-priori bound.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace program {

/// One method on the data of one condition and one n: the worst of the trials, by error / bound, then by error.
struct sweep_point {
    std::string method;              ///< "kahan/lanes"
    std::size_t n = 0;               ///< terms
    double asked = 0, obtained = 0;  ///< condition numbers; the second is that of the worst trial's data
    double relative = 0, ulps = 0;   ///< of the worst trial: |result - exact| / |exact|, and in ulps of the exact value
    double error = 0, bound = 0;     ///< of the worst trial, absolute; the bound is +inf where nothing is claimed
    double relative_bound = 0;       ///< bound / |exact|, rounded
    std::string note;                ///< why the condition obtained is another than was asked for, or empty
};

/// What to measure.
struct sweep_plan {
    bool dot = false;
    std::string format = "float32";
    std::vector<std::string> methods;  ///< empty: all
    std::vector<double> conditions;
    std::vector<std::size_t> sizes;
    std::size_t trials = 1;
    std::uint64_t seed = 0;
};

/// The names that a plan can have, in the order in which they are shown.
[[nodiscard]] std::vector<std::string> sweep_methods();

/// The error is above its bound: that of a bug, in the method or in the bound. An error that is not a number is, too.
[[nodiscard]] constexpr bool fails(sweep_point const& p) noexcept { return !(p.error <= p.bound); }

/// Every method at every condition and size; `step` is called before each size and condition.
[[nodiscard]] std::vector<sweep_point> run_sweep(sweep_plan const& plan, void (*step)(void*, std::string const&),
                                                 void* context);

}  // namespace program
