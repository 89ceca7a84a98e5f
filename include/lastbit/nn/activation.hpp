// SPDX-License-Identifier: BSL-1.0
#pragma once
// The activations of a dense layer, by name and by value.

#include <lastbit/base/opaque.hpp>

#include <optional>
#include <string_view>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// y = act(z). linear: y = z; relu: y = z for z > 0, else +0 (so relu(-0) = +0).
enum class activation { linear, relu };

/// "linear" or "relu".
[[nodiscard]] constexpr std::string_view name(activation a) noexcept {
    return a == activation::relu ? "relu" : "linear";
}

/// The activation of this name ("none" and "identity" are linear), or nothing.
[[nodiscard]] constexpr std::optional<activation> activation_from_name(std::string_view text) noexcept {
    if (text == "linear" || text == "none" || text == "identity") return activation::linear;
    if (text == "relu") return activation::relu;
    return std::nullopt;
}

/// act(z) by bits: exact for linear and relu.
/// Special: every NaN gives the canonical NaN; relu(-inf) = +0.
template <binary_format T>
[[nodiscard, gnu::always_inline]] constexpr inline T activate(activation a, T z) noexcept {
    if (is_nan(z)) return canonical_nan<T>();
    return a == activation::relu && is_negative(z) ? from_bits<T>(0) : z;
}

/// act(z) of a software number; relu of what is not above 0 is 0, of a NaN itself.
template <software_number T>
[[nodiscard]] T activate(activation a, T const& z) {
    bool const dropped = static_cast<bool>(z <= T(0));
    return a == activation::relu && dropped ? T(0) : z;
}

}  // namespace LASTBIT_ABI
}  // namespace lastbit
