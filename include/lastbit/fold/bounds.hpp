// SPDX-License-Identifier: BSL-1.0
#pragma once
// What the accumulators' error bounds are made of. Their derivations are in docs/mathematics.md, "Bounds of sums and dot
// products".

#include <lastbit/base/format.hpp>

#include <cstddef>
#include <limits>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// How an order adds n terms up, as far as a bound needs it.
struct reduction_shape {
    std::size_t terms;    ///< n
    std::size_t merges;   ///< how many pairs of states are merged
    std::size_t height;   ///< the largest number of operations (additions and merges) between a term and the result
};

/// What is summed: the terms' magnitudes and whether they are products.
struct summand_size {
    double sum_of_absolutes;   ///< S >= sum |t_i|
    double absolute_of_sum;    ///< s >= |sum t_i|
    bool products = false;     ///< t_i = x_i y_i, each a product of two numbers of the format
};

namespace detail {

/// gamma_k = k u / (1 - k u), a little above; +inf where k u >= 1. Source: [Hig02] section 3.1.
[[nodiscard]] constexpr double gamma(double k, double u) noexcept {
    double const ku = k * u;
    if (!(ku < 1.0)) return infinity<double>();
    return ku / (1.0 - ku) * (1.0 + 0x1p-50);
}

/// The bound's own rounding errors are covered by this factor: fewer than 60 operations, each within 2^-53.
inline constexpr double bound_margin = 1.0 + 0x1p-46;

/// Half of the smallest subnormal: the largest absolute error of one product that underflows. An error term that
/// two_product rounds is off by as much.
template <binary_format T>
inline constexpr double underflow_unit = format<T>::storage_bits == 64
                                             ? power_of_two(-1074)  // half of it is no double
                                             : power_of_two(format<T>::min_exponent - format<T>::precision);

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
