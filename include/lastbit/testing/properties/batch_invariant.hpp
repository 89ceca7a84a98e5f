// SPDX-License-Identifier: BSL-1.0
#pragma once
// Property: a row of a batch has the bits that it has alone.
//
// Holds where the order of summation does not depend on m, nor on the row's place. Not having it is no defect.

#include <lastbit/testing/shrink.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {
namespace detail {

/// The trial of some of its rows, in the order named.
[[nodiscard]] inline kernel_trial rows_of(kernel_trial const& t, std::vector<std::size_t> const& rows) {
    kernel_trial some = t;
    some.m = rows.size();
    some.a.clear();
    for (std::size_t const row : rows)
        for (std::size_t p = 0; p < t.k; ++p) some.a.push_back(t.a[row * t.k + p]);
    return some;
}

[[nodiscard]] inline std::vector<std::uint64_t> row_bits(kernel_trial const& t, trial_outcome const& outcome,
                                                         std::size_t row) {
    auto const begin = outcome.bits.begin() + static_cast<std::ptrdiff_t>(row * t.n);
    return {begin, begin + static_cast<std::ptrdiff_t>(t.n)};
}

/// Compares row `at` of the trial with row `where` of another batch.
[[nodiscard]] inline std::optional<kernel_finding> compare_row(kernel_session& session, kernel_trial const& t,
                                                               trial_outcome const& base, std::size_t at,
                                                               kernel_trial const& batch, std::size_t where,
                                                               char const* fault, std::string const& what) {
    trial_outcome const other = session.run(batch);
    if (other.violation) return other.violation;
    auto found =
        first_difference(t, session.kernel().out, row_bits(t, base, at), row_bits(t, other, where), fault, what);
    if (found) {
        found->row = at;
        found->what = element_text(t, at, found->col) + " " + what;
    }
    return found;
}

[[nodiscard]] inline property_result examine_batch_invariant(kernel_under_test const& kernel, std::uint64_t seed) {
    examination all("is_batch_invariant", kernel, seed);
    if (kernel.kind != kernel_kind::gemm && kernel.kind != kernel_kind::gemv) return all.not_applicable();
    auto const check = [&](kernel_trial const& t) -> std::optional<kernel_finding> {
        trial_outcome const base = all.session().run(t);
        if (base.violation) return base.violation;
        for (std::size_t row = 0; row < t.m; ++row) {
            if (row > 7 && row + 2 < t.m) continue;  // the first ones and the last
            auto found = compare_row(all.session(), t, base, row, rows_of(t, {row}), 0, "batch_dependent",
                                     "has other bits than alone, in a batch of " + std::to_string(t.m));
            if (found) return found;
        }
        for (std::size_t const turn : {std::size_t{1}, t.m / 2}) {
            if (turn == 0 || turn >= t.m) continue;
            std::vector<std::size_t> rows(t.m);
            for (std::size_t i = 0; i < t.m; ++i) rows[i] = (i + turn) % t.m;
            kernel_trial const turned = rows_of(t, rows);
            for (std::size_t const row : {std::size_t{0}, t.m - 1}) {
                std::size_t const where = (row + t.m - turn) % t.m;
                auto found = compare_row(all.session(), t, base, row, turned, where, "place_dependent",
                                         "has other bits than as row " + std::to_string(where) + " of the batch");
                if (found) return found;
            }
        }
        return std::nullopt;
    };
    for (std::size_t const m : {2U, 3U, 4U, 5U, 7U, 8U, 9U, 16U, 17U, 31U, 33U, 64U, 100U}) {
        all.check(rounding_trial(kernel, m, 1, 70, seed), check);
        if (kernel.kind == kernel_kind::gemm) all.check(rounding_trial(kernel, m, 10, 33, seed), check);
    }
    all.check(rounding_trial(kernel, 8, 5, 1000, seed), check);
    return all.result();
}

}  // namespace detail

/// Row i of a batch of m rows has the bits of that row alone, for m of 2 to 100, and at another place in the batch.
///
/// Of gemm and gemv; in other kernels there is nothing to examine. Expected is the number of the row alone. Faults:
/// "batch_dependent", "place_dependent", or one of stays_in_bounds.
template <class T = void, class K>
    requires testable_kernel<K, T>
[[nodiscard]] property_result is_batch_invariant(K kernel, std::uint64_t seed = default_property_seed) {
    return detail::examine_batch_invariant(erase<T>(std::move(kernel)), seed);
}

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
