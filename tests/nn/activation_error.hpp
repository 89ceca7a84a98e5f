// SPDX-License-Identifier: BSL-1.0
#pragma once
// How far an activation is from the oracle's, in units in the last place of the exact value, and arguments for it.

#include <lastbit/base/random.hpp>
#include <lastbit/nn.hpp>
#include <lastbit/oracle.hpp>

#include <array>
#include <cmath>

namespace activation_test {

using lastbit::activation;

inline constexpr std::array curved = {activation::leaky_relu, activation::leaky_relu_fifth, activation::elu,
                                      activation::selu,       activation::sigmoid,          activation::tanh,
                                      activation::softplus,   activation::softsign,         activation::silu,
                                      activation::gelu,       activation::gelu_tanh};

/// |y - exact| in ulps of the exact value's binade, subnormal spacing at least; +inf if y is not finite and should be.
template <lastbit::binary_format T>
[[nodiscard]] double ulps(T y, lastbit::oracle::real const& exact) {
    using lastbit::oracle::real;
    T const rounded = exact.round<T>();
    if (!lastbit::is_finite(rounded) || !lastbit::is_finite(y))
        return lastbit::to_bits(rounded) == lastbit::to_bits(y) ? 0 : lastbit::infinity<double>();
    std::int64_t const least = lastbit::format<T>::min_exponent - lastbit::format<T>::precision + 1;
    std::int64_t last = exact.is_zero() ? least : exact.binade() - lastbit::format<T>::precision + 1;
    if (last < least) last = least;
    return (real(y) - exact).abs().scaled(-last).template round<double>();
}

/// A finite number of T: of any size, or where activations bend.
template <lastbit::binary_format T>
[[nodiscard]] T argument(lastbit::random_stream& random) {
    std::uint64_t const kind = random.below(6);
    std::uint64_t const bits = random.bits();
    double const unit = 2 * random.uniform() - 1;
    T const any = lastbit::from_bits<T>(static_cast<typename lastbit::format<T>::bits_type>(bits));
    if (kind == 0 && lastbit::is_finite(any)) return any;
    double const reach[] = {std::ldexp(1.0, -static_cast<int>(bits % 120)), 2, 12, 40, 120, 800};
    return lastbit::detail::convert<T>(unit * reach[kind]);
}

}  // namespace activation_test
