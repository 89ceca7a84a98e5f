// SPDX-License-Identifier: BSL-1.0
#pragma once
// The oracle's roundings under the names of exact/, and rounding to nearest, ties away from zero, which it lacks.

#include <lastbit/exact/rounding_direction.hpp>
#include <lastbit/oracle/real.hpp>

namespace lastbit_tests {

/// The nearer of x's two neighbours in R, of two equally near ones that larger in magnitude. Beyond the largest number
/// the next one counts as 2^(emax + 1), and is an infinity.
template <class R>
[[nodiscard]] R rounded_away(lastbit::oracle::real const& x) {
    using lastbit::oracle::direction;
    using lastbit::oracle::real;
    R const inner = x.round<R>(direction::toward_zero);
    R const outer = x.round<R>(x.is_negative() ? direction::downward : direction::upward);
    if (lastbit::to_bits(inner) == lastbit::to_bits(outer) || lastbit::is_inf(inner)) return inner;
    real const beyond = lastbit::is_inf(outer) ? real(1).scaled(lastbit::format<R>::max_exponent + 1) : real(outer).abs();
    return x.abs() - real(inner).abs() < beyond - x.abs() ? inner : outer;
}

template <class R>
[[nodiscard]] R expected(lastbit::oracle::real const& x, lastbit::rounding d) {
    using lastbit::rounding;
    using lastbit::oracle::direction;
    switch (d) {
        case rounding::to_nearest:
            return x.round<R>(direction::nearest);
        case rounding::upward:
            return x.round<R>(direction::upward);
        case rounding::downward:
            return x.round<R>(direction::downward);
        case rounding::toward_zero:
            return x.round<R>(direction::toward_zero);
        case rounding::to_nearest_away:
            break;
    }
    return rounded_away<R>(x);
}

inline constexpr lastbit::rounding all_directions[] = {
    lastbit::rounding::to_nearest, lastbit::rounding::to_nearest_away, lastbit::rounding::upward,
    lastbit::rounding::downward, lastbit::rounding::toward_zero};

}  // namespace lastbit_tests
