// SPDX-License-Identifier: BSL-1.0
#pragma once
// How an activation passes an error on: |act(z + e) - act(z)| <= L |e|, L for the interval, and what it adds itself.

#include <lastbit/oracle/activation.hpp>
#include <lastbit/quantify/upward.hpp>

#include <algorithm>
#include <span>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// What a kernel's activations are taken to be off by if nothing else is said: in ulps of the exact act(z) of the sum z
/// that it computed. Linear and relu are off by nothing, those of this library by less than 0.501.
inline constexpr double usual_activation_ulps = 4;

/// Bounds of an activation's derivatives: |act'| everywhere, and |act''| on either side of 0.
struct activation_slopes {
    double first;
    double second;
};

/// Whether a kernel has nothing to round: linear and relu.
[[nodiscard]] constexpr bool is_exact(activation a) noexcept {
    return a == activation::linear || a == activation::relu;
}

/// Rounded up from the maxima in docs/mathematics.md, "Activations".
[[nodiscard]] constexpr activation_slopes slopes_of(activation a) noexcept {
    switch (a) {
        case activation::selu:
            return {1.7581, 1.7581};  // selu_scale selu_alpha, at 0
        case activation::elu:
            return {1, 1};
        case activation::sigmoid:
            return {0.25, 0.0963};  // 1 / (6 sqrt(3))
        case activation::tanh:
            return {1, 0.7699};  // 4 / (3 sqrt(3))
        case activation::softplus:
            return {1, 0.25};
        case activation::softsign:
            return {1, 2};
        case activation::silu:
            return {1.0999, 0.5};
        case activation::gelu:
            return {1.129, 0.7979};  // at sqrt(2); 2 phi(0) at 0
        case activation::gelu_tanh:
            return {1.13, 0.7982};
        default:
            return {1, 0};
    }
}

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
