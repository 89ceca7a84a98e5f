// SPDX-License-Identifier: BSL-1.0
#pragma once
// From a failing trial to a small one that fails in the same way; and the loop that all properties share.
//
// Greedy: along each of k, m and n stretches of half its length down to one index, then plainer layouts, then zeros and
// ones in the place of numbers, as long as something became smaller. What is left is smallest in this sense: no single
// index can go. A bounded number of checks.
// Source: [ZH02] Zeller and Hildebrandt, Simplifying and isolating failure-inducing input, IEEE TSE 28(2): ddmin, which
// this simplifies (no complements are tried but those that drop one stretch).

#include <lastbit/testing/trial_data.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {

/// What is wrong with a kernel on a trial; nothing if all is well.
using trial_check = std::function<std::optional<kernel_finding>(kernel_trial const&)>;

namespace detail {

enum class axis : std::uint8_t { k, m, n };

[[nodiscard]] inline std::size_t length_of(kernel_trial const& t, axis along) noexcept {
    return along == axis::k ? t.k : along == axis::m ? t.m : t.n;
}

/// [rows x cols] without the indices `first` ... first + count - 1 of its rows, or of its columns.
[[nodiscard]] inline std::vector<double> without(std::vector<double> const& x, std::size_t rows, std::size_t cols,
                                                 bool of_rows, std::size_t first, std::size_t count) {
    std::vector<double> kept;
    if (x.empty()) return kept;
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t j = 0; j < cols; ++j) {
            std::size_t const index = of_rows ? i : j;
            if (index < first || index >= first + count) kept.push_back(x[i * cols + j]);
        }
    return kept;
}

/// The trial without some indices of an axis.
[[nodiscard]] inline kernel_trial without(kernel_trial t, axis along, std::size_t first, std::size_t count) {
    if (along == axis::k) {
        t.a = without(t.a, t.m, t.k, false, first, count);
        t.b = without(t.b, t.k, t.n, true, first, count);
        t.k -= count;
    } else if (along == axis::m) {
        t.a = without(t.a, t.m, t.k, true, first, count);
        t.c = without(t.c, t.m, t.n, true, first, count);
        t.m -= count;
    } else {
        t.b = without(t.b, t.k, t.n, false, first, count);
        t.c = without(t.c, t.m, t.n, false, first, count);
        t.n -= count;
    }
    return t;
}

/// The search: what fails now, and how many checks may still be made.
class shrinker {
public:
    shrinker(kernel_trial& trial, kernel_finding& finding, trial_check const& check, std::size_t budget)
        : trial_(trial), finding_(finding), check_(check), budget_(budget) {}

    void run() {
        bool smaller = true;
        while (smaller && budget_ > 0) {
            smaller = shorten(axis::k);
            if (trial_.kind == kernel_kind::gemm || trial_.kind == kernel_kind::gemv) smaller |= shorten(axis::m);
            if (trial_.kind == kernel_kind::gemm) smaller |= shorten(axis::n);
            smaller |= plainer_layouts();
            for (auto const numbers : {&kernel_trial::a, &kernel_trial::b, &kernel_trial::c})
                smaller |= plainer_numbers(numbers);
        }
    }

private:
    /// Takes the candidate if it fails in the same way.
    bool take(kernel_trial const& candidate) {
        if (budget_ == 0) return false;
        --budget_;
        auto found = check_(candidate);
        if (!found || found->fault != finding_.fault) return false;
        finding_ = std::move(*found);
        trial_ = candidate;
        return true;
    }

    /// Drops stretches of an axis, from its end to its start, of half its length down to single indices.
    bool shorten(axis along) {
        bool any = false;
        for (std::size_t stretch = (length_of(trial_, along) + 1) / 2; stretch > 0; stretch /= 2)
            for (std::size_t end = length_of(trial_, along); end > 0;) {
                std::size_t const first = end > stretch ? end - stretch : 0;
                if (take(without(trial_, along, first, end - first))) any = true;
                end = first;
            }
        return any;
    }

    bool plainer_layouts() {
        bool any = false;
        for (std::size_t operand = 0; operand < 3; ++operand)
            for (int what = 0; what < 6; ++what) {
                kernel_trial candidate = trial_;
                operand_layout& l = candidate.layout[operand];
                if (what == 0) l.padding = 0;
                if (what == 1) l.column_major = false;
                if (what == 2) l.increment = 1;
                if (what == 3) l.offset = 0;
                if (what == 4) l.place = placement::at_start;
                if (what == 5 && l.padding > 1) l.padding = 1;
                if (!(l == trial_.layout[operand]) && take(candidate)) any = true;
            }
        return any;
    }

    /// Zero, else one, in the place of each number of an operand.
    bool plainer_numbers(std::vector<double> kernel_trial::*numbers) {
        bool any = false;
        for (std::size_t i = 0; i < (trial_.*numbers).size() && budget_ > 0; ++i) {
            for (double const plain : {0.0, 1.0}) {
                double const before = (trial_.*numbers)[i];
                if (to_bits(before) == to_bits(plain) || to_bits(before) == 0) break;
                kernel_trial candidate = trial_;
                (candidate.*numbers)[i] = plain;
                if (take(candidate)) {
                    any = true;
                    break;
                }
            }
        }
        return any;
    }

    kernel_trial& trial_;
    kernel_finding& finding_;
    trial_check const& check_;
    std::size_t budget_;
};

}  // namespace detail

/// Makes a failing trial smaller for as long as it fails by the same fault; at most `budget` checks.
inline void shrink(kernel_trial& trial, kernel_finding& finding, trial_check const& check, std::size_t budget = 2000) {
    detail::shrinker(trial, finding, check, budget).run();
}

/// Checks trials in turn up to the first that fails, which is then shrunk.
class examination {
public:
    examination(char const* property, kernel_under_test const& kernel, std::uint64_t seed) : session_(kernel) {
        result_.name = property;
        result_.kind = kernel.kind;
        result_.in = kernel.in;
        result_.out = kernel.out;
        result_.seed = seed;
    }

    [[nodiscard]] kernel_session& session() noexcept { return session_; }
    [[nodiscard]] bool failed() const noexcept { return !result_.held; }

    /// Calls made by other sessions, to be counted in the result.
    void add_calls(std::size_t calls) noexcept { result_.calls += calls; }

    /// Looks at one trial, unless another has failed. Returns true if none has.
    bool check(kernel_trial trial, trial_check const& check, std::size_t budget = 2000) {
        if (failed()) return false;
        auto found = check(trial);
        if (!found) return true;
        shrink(trial, *found, check, budget);
        result_.held = false;
        result_.m = trial.m;
        result_.n = trial.n;
        result_.k = trial.k;
        result_.a = std::move(trial.a);
        result_.b = std::move(trial.b);
        result_.finding = std::move(*found);
        return false;
    }

    [[nodiscard]] property_result not_applicable() {
        result_.applicable = false;
        return result_;
    }

    [[nodiscard]] property_result result() {
        result_.calls += session_.calls();
        return std::move(result_);
    }

private:
    kernel_session session_;
    property_result result_;
};

namespace detail {

/// The finding of the first element of `got` that is not the one of `expected`: fault, and "element (i, j) WHAT".
[[nodiscard]] inline std::optional<kernel_finding> first_difference(kernel_trial const& t, number_format format,
                                                                    std::vector<std::uint64_t> const& got,
                                                                    std::vector<std::uint64_t> const& expected,
                                                                    char const* fault, std::string const& what) {
    for (std::size_t i = 0; i < got.size(); ++i) {
        if (same_result(format, got[i], expected[i])) continue;
        std::size_t const row = i / t.n, col = i % t.n;
        return kernel_finding{fault,
                              element_text(t, row, col) + " " + what,
                              row,
                              col,
                              true,
                              value_of(format, got[i]),
                              value_of(format, expected[i])};
    }
    return std::nullopt;
}

}  // namespace detail
}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
