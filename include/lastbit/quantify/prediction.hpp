// SPDX-License-Identifier: BSL-1.0
#pragma once
// The class that a row of logits predicts.

#include <lastbit/base/contracts.hpp>
#include <lastbit/oracle/sum.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {
namespace detail {

/// The lowest index of the largest element; 0 if no element is a number.
template <class Number, class IsNan, class Less>
[[nodiscard]] std::size_t lowest_index_of_largest(std::span<Number const> logits, IsNan is_nan, Less less) {
    LASTBIT_EXPECTS(!logits.empty(), "predicted_class: no logits");
    std::size_t best = 0;
    for (std::size_t j = 1; j < logits.size(); ++j) {
        if (is_nan(logits[j])) continue;
        if (is_nan(logits[best]) || less(logits[best], logits[j])) best = j;
    }
    return best;
}

/// An integer that orders floats as their values do, -0 and +0 alike.
template <binary_format T>
[[nodiscard]] std::int64_t order_key(T x) noexcept {
    auto const magnitude = static_cast<std::int64_t>(to_bits(absolute(x)));
    return is_negative(x) ? -magnitude : magnitude;
}

}  // namespace detail

/// The lowest index of the largest logit. Special: NaN never wins; 0 if all are NaN. Requires: at least one logit.
template <oracle::float_range Range>
[[nodiscard]] std::size_t predicted_class(Range const& logits) {
    using T = std::remove_cv_t<std::ranges::range_value_t<Range const>>;
    return detail::lowest_index_of_largest<T>(
        oracle::detail::as_span(logits), [](T x) { return lastbit::is_nan(x); },
        [](T a, T b) { return detail::order_key(a) < detail::order_key(b); });
}

/// The same of exact logits.
template <oracle::real_range Range>
[[nodiscard]] std::size_t predicted_class(Range const& logits) {
    using oracle::real;
    return detail::lowest_index_of_largest<real>(
        oracle::detail::as_span(logits), [](real const& x) { return x.is_nan(); },
        [](real const& a, real const& b) { return a < b; });
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
