// SPDX-License-Identifier: BSL-1.0
#pragma once
// How an activation passes an error on: |act(z + e) - act(z)| <= L |e|, L for the interval, and what it adds itself.

#include <lastbit/oracle/activation.hpp>
#include <lastbit/quantify/activation_slopes.hpp>
#include <lastbit/quantify/upward.hpp>

#include <algorithm>
#include <span>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

namespace detail {

/// An upper bound of |act'| on [z - e, z + e].
[[nodiscard]] inline upper slope_nearby(activation a, oracle::real const& z, upper e) {
    activation_slopes const most = slopes_of(a);
    upper const everywhere = upper::of(most.first);
    if (!e.is_finite()) return everywhere;
    if (z.abs() <= oracle::real(e.value())) return everywhere;  // both sides of 0, where it may have a kink
    upper const here = upper::of_magnitude(oracle::slope(a, z)) + upper::of(0x1p-250) + upper::of(most.second) * e;
    return here.value() < everywhere.value() ? here : everywhere;
}

/// Bounds of the errors of act's outputs.
/// @param  z      the exact sums; y = act(z), the exact outputs
/// @param  error  bounds of the errors of the computed sums, in place those of the computed outputs
/// @param  ulps   what the kernel's activation is off by at most, in ulps of its result
/// @param  flush  subnormal sums and results may be taken for zero
/// @return        whether every computed output is finite for certain
template <binary_format T>
[[nodiscard]] bool error_through_activation(activation a, std::span<oracle::real const> z,
                                            std::span<oracle::real const> y, std::vector<upper>& error, double ulps,
                                            bool flush) {
    if (is_exact(a)) return true;  // and Lipschitz with 1
    upper const last_place = upper::of(lastbit::detail::power_of_two(1 - format<T>::precision));
    upper const smallest = upper::of_magnitude(smallest_subnormal<T>());
    upper const flushed = flush ? upper::of_magnitude(smallest_normal<T>()) : upper();
    upper most;
    for (upper& e : error) {
        e = e + flushed;  // a sum that is read as zero
        if (e.value() > most.value()) most = e;
    }
    bool fits = true;
    for (std::size_t j = 0; j < error.size(); ++j) {
        upper const size = upper::of_magnitude(y[j]);
        upper units = upper::of(ulps);
        upper inherited;
        if (a == activation::softmax) {
            units = units + upper::of(static_cast<double>(error.size()));  // the sum of the powers, in any order
            upper const d = error[j] + most;
            inherited = d.value() < 1 ? size * (d + d * d) : upper::of(1.0);
        } else {
            inherited = slope_nearby(a, z[j], error[j]) * error[j];
        }
        upper const reach = size + inherited;
        error[j] = inherited + units * (last_place * reach + smallest) + flushed + upper::of(0x1p-250) * reach;
        fits = fits && (reach + error[j]).value() < upper::of_magnitude(largest<T>()).value();
    }
    return fits;
}

}  // namespace detail
}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
