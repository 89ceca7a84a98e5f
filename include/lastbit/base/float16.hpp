// SPDX-License-Identifier: BSL-1.0
#pragma once
// float16: a storage type with 11 bits of precision, IEEE 754 binary16.

#include <lastbit/base/convert.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// A float16 number (IEEE 754 binary16: p = 11, emax = 15). It stores; arithmetic is done on wider formats.
///
/// Widening to float and double is exact and implicit. Narrowing is explicit and correctly rounded: to nearest, ties to
/// even, straight from float or from double (never through float). A NaN keeps its sign and the upper bits of its
/// payload, and comes out quiet.
/// Special: `float16{}` is +0; comparison is that of the widened values, so -0 == +0 and a NaN equals nothing.
class float16 {
public:
    constexpr float16() noexcept = default;
    constexpr explicit float16(float x) noexcept : bits_(to_bits(detail::convert<float16>(x))) {}
    constexpr explicit float16(double x) noexcept : bits_(to_bits(detail::convert<float16>(x))) {}
    constexpr explicit float16(int x) noexcept : float16(static_cast<double>(x)) {}

    constexpr operator float() const noexcept { return detail::convert<float>(*this); }

private:
    std::uint16_t bits_ = 0;
};

}  // namespace LASTBIT_ABI
}  // namespace lastbit
