// SPDX-License-Identifier: BSL-1.0
#pragma once
// How steep the activations are, and what a kernel's are taken to be off by.

#include <lastbit/nn/activation.hpp>

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

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
