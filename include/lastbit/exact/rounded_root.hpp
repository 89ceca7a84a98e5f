// SPDX-License-Identifier: BSL-1.0
#pragma once
// The square root of an exact sum, rounded once.

#include <lastbit/exact/sum_estimate.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// Magnitudes from 2^-900 to 2^900: remainders of quotients and roots are exact there, and nothing overflows.
[[nodiscard, gnu::always_inline]] constexpr inline bool is_moderate(double x) noexcept {
    constexpr std::uint64_t least = to_bits(0x1p-900);
    constexpr std::uint64_t most = to_bits(0x1p900);
    return magnitude_bits(x) - least <= most - least;
}

/// The root of any number within sum.error of sum.high + sum.low, rounded to R if that is certain.
/// Requires: the sum is normalised, and not negative; a sound environment.
/// Source:   docs/mathematics.md, "Roots and quotients".
template <binary_format R>
[[nodiscard]] decided<R> round_root(estimate const& sum) noexcept {
    if (!is_moderate(sum.high) || !(sum.error <= sum.high * 0x1p-21)) return {0, false};
    double const s = square_root(sum.high);
    double const rest = fma(negate(s), s, sum.high);  // exact
    double const c = divide(add(rest, sum.low), add(s, s));
    double const error = divide(sum.error, s) * (0.5 + 0x1p-18) + s * 0x1p-101;
    return round_within<R>(s, c, error);
}

/// floor(sqrt(x)), and whether it is less than the root.
struct integer_root {
    std::uint64_t root;
    bool inexact;
};

/// Bit by bit, as by hand: (2 r + 1)^2 - (2 r)^2 = 4 r + 1 is what the next bit takes away.
[[nodiscard]] constexpr integer_root root_of(wide_bits x) noexcept {
    wide_bits rest = 0;
    wide_bits root = 0;
    for (int i = 126; i >= 0; i -= 2) {
        rest = rest << 2 | (x >> i & 3);
        wide_bits const trial = root << 2 | 1;
        root <<= 1;
        if (rest >= trial) {
            rest -= trial;
            root |= 1;
        }
    }
    return {static_cast<std::uint64_t>(root), rest != 0};
}

/// The bits of the root of an exact sum of terms that are not negative, rounded once to R. That of an infinity is
/// itself; NaN gives NaN.
template <binary_format R, std::size_t N>
[[nodiscard]] typename format<R>::bits_type root_of_sum(exact_digits<N> const& sum) noexcept {
    if (sum.state == sum_state::not_a_number) return fields<R>::exponent | fields<R>::quiet;
    if (!sum.is_finite()) return fields<R>::exponent;
    if (sum.is_zero()) return 0;
    // 127 or 128 bits from an even exponent on (lowest is a multiple of 32): the root has 64.
    int const from = (sum.length() - 127) & ~1;
    auto const [root, inexact] = root_of(wide_bits{sum.bits(from + 64)} << 64 | sum.bits(from));
    return compose_bits<R>(false, root, (sum.lowest + from) / 2, inexact || sum.any_below(from));
}

/// sqrt(x_0^2 + ... + x_(n-1)^2) rounded once to R, if that is certain without a superaccumulator.
template <binary_format R, binary_format T>
[[nodiscard, gnu::always_inline]] inline decided<R> fast_norm(T const* x, std::size_t n) noexcept {
    known_sum const sum = estimate_sum<R>(square_doubles<T>(x), n);
    return sum.known ? round_root<R>(sum.value) : decided<R>{0, false};
}

/// The same in any case. Requires: an environment::guard around it.
template <binary_format R, binary_format T>
[[nodiscard, gnu::always_inline]] inline R rounded_norm(T const* x, std::size_t n) noexcept {
    decided<R> const fast = fast_norm<R>(x, n);
    return from_hidden_bits<R>(fast.certain ? fast.bits : root_of_sum<R>(digits_of_sum(square_doubles<T>(x), n)));
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
