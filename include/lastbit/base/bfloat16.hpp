// SPDX-License-Identifier: BSL-1.0
#pragma once
// bfloat16: a storage type with 8 bits of precision and float's range of exponents.

#include <lastbit/base/convert.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// A bfloat16 number (p = 8, emax = 127). It stores; arithmetic is done on wider formats.
///
/// Widening to float and double is exact and implicit. Narrowing is explicit and correctly rounded: to nearest, ties to
/// even, straight from float or from double (never through float). A NaN keeps its sign and the upper bits of its
/// payload, and comes out quiet.
/// Special: `bfloat16{}` is +0; comparison is that of the widened values, so -0 == +0 and a NaN equals nothing.
class bfloat16 {
public:
    constexpr bfloat16() noexcept = default;
    constexpr explicit bfloat16(float x) noexcept : bits_(to_bits(detail::convert<bfloat16>(x))) {}
    constexpr explicit bfloat16(double x) noexcept : bits_(to_bits(detail::convert<bfloat16>(x))) {}
    constexpr explicit bfloat16(int x) noexcept : bfloat16(static_cast<double>(x)) {}

    constexpr operator float() const noexcept { return detail::convert<float>(*this); }

private:
    std::uint16_t bits_ = 0;
};

}  // namespace LASTBIT_ABI
}  // namespace lastbit
