// SPDX-License-Identifier: BSL-1.0
#pragma once
// The digits of an exact sum, for what is more than one rounding away from it: its root, or a quotient of two sums.

#include <lastbit/exact/superaccumulator_bytes.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// An exact sum's state, and the magnitude of a finite one: digit i is worth 2^(lowest + 32 i).
template <std::size_t N>
struct exact_digits {
    sum_state state = sum_state::empty;
    int lowest = 0;        ///< a multiple of 32
    std::size_t size = 0;  ///< digits in use; the last of them is not 0
    std::array<std::uint32_t, N> digit{};

    /// Finds the size.
    constexpr void trim() noexcept {
        size = N;
        while (size > 0 && digit[size - 1] == 0) --size;
    }

    [[nodiscard]] constexpr bool is_zero() const noexcept { return size == 0; }
    [[nodiscard]] constexpr bool is_finite() const noexcept { return state < sum_state::positive_infinity; }
    [[nodiscard]] constexpr bool is_negative() const noexcept {
        return state == sum_state::negative || state == sum_state::negative_zeros ||
               state == sum_state::negative_infinity;
    }

    /// How many bits the magnitude has. Requires: it is not 0.
    [[nodiscard]] constexpr int length() const noexcept {
        return static_cast<int>(32 * size) - std::countl_zero(digit[size - 1]);
    }

    /// 64 bits from bit `from` on; bits beyond either end are 0.
    [[nodiscard]] constexpr std::uint64_t bits(int from) const noexcept {
        int const i = from >> 5;
        int const shift = from & 31;
        std::uint64_t const low = at(i) | at(i + 1) << 32;
        return shift == 0 ? low : low >> shift | at(i + 2) << (64 - shift);
    }

    /// Is a bit below `from` set?
    [[nodiscard]] constexpr bool any_below(int from) const noexcept {
        if (from <= 0) return false;
        auto const whole = static_cast<std::size_t>(from) / 32;
        for (std::size_t i = 0; i < whole && i < size; ++i)
            if (digit[i] != 0) return true;
        return whole < size && (digit[whole] & ((std::uint32_t{1} << (from % 32)) - 1)) != 0;
    }

private:
    [[nodiscard]] constexpr std::uint64_t at(int i) const noexcept {
        return i >= 0 && static_cast<std::size_t>(i) < size ? digit[static_cast<std::size_t>(i)] : 0;
    }
};

/// n as a sum.
[[nodiscard]] constexpr exact_digits<2> digits_of_integer(std::uint64_t n) noexcept {
    exact_digits<2> out;
    out.digit = {static_cast<std::uint32_t>(n), static_cast<std::uint32_t>(n >> 32)};
    out.trim();
    out.state = n == 0 ? sum_state::positive_zeros : sum_state::positive;
    return out;
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
