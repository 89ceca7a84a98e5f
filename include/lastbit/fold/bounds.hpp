// SPDX-License-Identifier: BSL-1.0
#pragma once
// What the accumulators' error bounds are made of. Their derivations: docs/mathematics.md, "Bounds of sums and dot
// products".

#include <lastbit/base/format.hpp>

#include <cstddef>
#include <limits>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// How an order adds n terms up, as far as a bound needs it.
struct reduction_shape {
    std::size_t terms;   ///< n
    std::size_t merges;  ///< how many pairs of states are merged
    std::size_t height;  ///< the largest number of operations (additions and merges) between a term and the result
    std::size_t levels;  ///< the largest number of merges among them
};

/// What is summed: the terms' magnitudes and whether they are products.
struct summand_size {
    double sum_of_absolutes;  ///< S >= sum |t_i|
    double absolute_of_sum;   ///< s >= |sum t_i|
    bool products = false;    ///< t_i = x_i y_i, each a product of two numbers of the format
};

namespace detail {

/// gamma_k = k u / (1 - k u), a little above; +inf where k u >= 1. Source: [Hig02] section 3.1.
[[nodiscard]] constexpr double gamma(double k, double u) noexcept {
    double const ku = k * u;
    if (!(ku < 1.0)) return infinity<double>();
    return ku / (1.0 - ku) * (1.0 + 0x1p-50);
}

/// k roundings one after the other, n u in place of gamma_n: k u, a little above. It holds for any k: lemmas 4 and 5.
[[nodiscard]] constexpr double linear_growth(double k, double u) noexcept { return k * u * (1.0 + 0x1p-50); }

/// The smaller of two factors.
[[nodiscard]] constexpr double smaller(double a, double b) noexcept { return a < b ? a : b; }

/// Sum of the magnitudes of all rounding errors of N additions, divided by that of the terms: at most gamma_2N while
/// N u <= 1/8 (docs/mathematics.md, lemma 3); +inf beyond.
[[nodiscard]] constexpr double error_growth(double additions, double u) noexcept {
    return additions * u <= 0.125 ? gamma(2.0 * additions, u) : infinity<double>();
}

/// factor * size, where an infinite factor (a failed hypothesis) gives +inf even for size 0.
[[nodiscard]] constexpr double scaled(double factor, double size) noexcept {
    return factor < infinity<double>() ? factor * size : infinity<double>();
}

/// (1 + u) gamma_2N^K: K words, each of which takes the errors of the one before it, leave at most so much of S; N as
/// in docs/mathematics.md, compensated<K>.
[[nodiscard]] constexpr double k_fold_growth(std::size_t k, reduction_shape shape, bool products, double u) noexcept {
    double const additions =
        (static_cast<double>(shape.terms) + static_cast<double>(k * shape.merges)) * (products ? 2.0 : 1.0) +
        static_cast<double>(k * k);
    double const g = error_growth(additions, u);
    double power = 1.0 + u;
    for (std::size_t i = 0; i < k; ++i) power *= g;
    return power;
}

/// The bound's own rounding errors are covered by this factor: fewer than 60 operations, each within 2^-53.
inline constexpr double bound_margin = 1.0 + 0x1p-46;

/// Half of the smallest subnormal: the largest absolute error of one product that underflows. An error term that
/// two_product rounds is off by as much.
template <binary_format T>
inline constexpr double underflow_unit = format<T>::storage_bits == 64
                                             ? power_of_two(-1074)  // half of it is no double
                                             : power_of_two(format<T>::min_exponent - format<T>::precision);

/// What rounding n products once costs a sum of them: u S + n eta.
template <binary_format U>
[[nodiscard]] constexpr double product_rounding(std::size_t n, summand_size size) noexcept {
    if (!size.products) return 0.0;
    return unit_roundoff<U> * size.sum_of_absolutes + static_cast<double>(n) * underflow_unit<U>;
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
