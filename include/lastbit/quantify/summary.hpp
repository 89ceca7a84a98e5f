// SPDX-License-Identifier: BSL-1.0
#pragma once
// Many errors in a few figures, and the share of equal bits.
//
// Sums are exact and rounded once, so no figure depends on the order of the elements.

#include <lastbit/oracle/dot.hpp>
#include <lastbit/oracle/quotient.hpp>

#include <algorithm>
#include <vector>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// Figures of n magnitudes. Percentiles are elements (nearest rank), not interpolated.
struct summary {
    std::size_t count = 0;
    std::size_t nans = 0;  ///< how many elements are NaN; if any is, every other figure but count is NaN
    double max = 0;
    std::size_t max_index = 0;  ///< the first element that is max (the first NaN, if there is one)
    double mean = 0;
    double rms = 0;     ///< sqrt(sum x_i^2 / n)
    double median = 0;  ///< percentile 50: of an even number of elements the lower middle one
    double percentile_90 = 0;
    double percentile_99 = 0;
};

namespace detail {

/// The element of rank ceil(percent / 100 * n), counted from 1. Requires: sorted, not empty, percent <= 100.
[[nodiscard]] inline double nearest_rank(std::vector<double> const& sorted, std::size_t percent) {
    std::size_t const rank = (sorted.size() / 100) * percent + ((sorted.size() % 100) * percent + 99) / 100;
    return sorted[rank == 0 ? 0 : rank - 1];
}

/// The magnitudes in ascending order, compared by bits: no environment or flag can read a subnormal as zero.
[[nodiscard]] inline std::vector<double> sorted_magnitudes(std::span<double const> x) {
    std::vector<double> sorted;
    sorted.reserve(x.size());
    for (double const element : x) sorted.push_back(absolute(element));
    std::sort(sorted.begin(), sorted.end(), [](double a, double b) { return to_bits(a) < to_bits(b); });
    return sorted;
}

}  // namespace detail

/// The figures of |x_i|.
/// @param  x  [n] errors
/// Error:     max and percentiles are elements; mean and rms are the exact ones, rounded once to double
/// Special:   n = 0 or any NaN -> every figure NaN; an infinity -> max, mean and rms are +inf
template <oracle::float_range Range>
    requires std::same_as < std::remove_cv_t<std::ranges::range_value_t<Range const>>,
double > [[nodiscard]] summary summarise(Range const& x) {
    std::span<double const> const errors = oracle::detail::as_span(x);
    std::vector<double> const sorted = detail::sorted_magnitudes(errors);
    summary s;
    s.count = errors.size();
    for (double const element : errors) s.nans += lastbit::is_nan(element) ? 1U : 0U;
    if (s.count == 0 || s.nans > 0) {
        s.max = s.mean = s.rms = s.median = s.percentile_90 = s.percentile_99 = canonical_nan<double>();
        while (s.nans > 0 && !lastbit::is_nan(errors[s.max_index])) ++s.max_index;
        return s;
    }
    oracle::real const n(errors.size());
    s.max = sorted.back();
    while (to_bits(absolute(errors[s.max_index])) != to_bits(s.max)) ++s.max_index;
    s.mean = oracle::quotient<double>(oracle::sum_of_absolutes(errors), n);
    s.rms = oracle::square_root_of_quotient<double>(oracle::dot(errors, errors), n);
    s.median = detail::nearest_rank(sorted, 50);
    s.percentile_90 = detail::nearest_rank(sorted, 90);
    s.percentile_99 = detail::nearest_rank(sorted, 99);
    return s;
}

/// The smallest element x_i such that at least `percent` % of all are at most x_i, by magnitude.
/// Requires: percent <= 100. Special: no elements, or any NaN -> NaN.
[[nodiscard]] inline double percentile(std::span<double const> x, std::size_t percent) {
    LASTBIT_EXPECTS(percent <= 100, "percentile: " + std::to_string(percent) + " is more than 100");
    std::vector<double> const sorted = detail::sorted_magnitudes(x);
    if (sorted.empty() || lastbit::is_nan(sorted.back())) return canonical_nan<double>();
    return detail::nearest_rank(sorted, percent);
}

/// The share of elements whose bits are equal, in [0, 1].
///
/// -0 and +0 differ, and NaNs of other bits too. Special: n = 0 -> 1. Requires: equal sizes.
template <oracle::float_range A, oracle::float_range B>
    requires std::same_as<std::remove_cv_t<std::ranges::range_value_t<A const>>,
                          std::remove_cv_t<std::ranges::range_value_t<B const>>>
[[nodiscard]] double bitwise_agreement(A const& a, B const& b) {
    auto const x = oracle::detail::as_span(a);
    auto const y = oracle::detail::as_span(b);
    LASTBIT_EXPECTS(x.size() == y.size(), "bitwise_agreement: arrays of shapes " +
                                              lastbit::detail::shape_text(x.size()) + " and " +
                                              lastbit::detail::shape_text(y.size()));
    if (x.empty()) return 1.0;
    std::size_t equal = 0;
    for (std::size_t i = 0; i < x.size(); ++i) equal += to_bits(x[i]) == to_bits(y[i]) ? 1U : 0U;
    return oracle::quotient<double>(oracle::real(equal), oracle::real(x.size()));
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
