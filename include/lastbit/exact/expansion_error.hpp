// SPDX-License-Identifier: BSL-1.0
#pragma once
// How far the operations of expansions are from their exact results.

#include <lastbit/base/format.hpp>

#include <cstddef>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// |result - exact| <= bound |exact| for expansions of N numbers of the format T, where no word of the operands, of the
/// result or of a product of two words is subnormal or overflows; sums also where words are subnormal. The bounds as
/// multiples of u^N, u = 2^-p:
///
/// | N        | +, - | x   | /   | sqrt |
/// |----------|------|-----|-----|------|
/// | 2        | 4    | 7   | 11  | 8    |
/// | 3        | 8    | 33  | 38  | 26   |
/// | 4        | 16   | 107 | 112 | 72   |
/// | 5 ... 8  | 2    | 2   | 6   | 5    |
///
/// Source: [JMP17] theorems 3.1 and 5.1 for N = 2, [ZA25] for sums of N = 3 and 4; docs/mathematics.md, "Expansions",
/// for the others.
template <native_format T, std::size_t N>
    requires(N >= 2 && N <= 8)
struct expansion_error {
    /// u^N.
    static constexpr double unit = [] {
        double power = 1;
        for (std::size_t q = 0; q < N; ++q) power *= unit_roundoff<T>;
        return power;
    }();
    static constexpr double sum = unit * (N == 2 ? 4 : N == 3 ? 8 : N == 4 ? 16 : 2);
    static constexpr double product = unit * (N == 2 ? 7 : N == 3 ? 33 : N == 4 ? 107 : 2);
    static constexpr double quotient = unit * (N == 2 ? 11 : N == 3 ? 38 : N == 4 ? 112 : 6);
    static constexpr double root = unit * (N == 2 ? 8 : N == 3 ? 26 : N == 4 ? 72 : 5);
};

}  // namespace LASTBIT_ABI
}  // namespace lastbit
