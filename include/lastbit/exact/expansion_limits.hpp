// SPDX-License-Identifier: BSL-1.0
#pragma once
// std::numeric_limits and std::hash of expansions.

#include <lastbit/exact/expansion.hpp>
#include <lastbit/exact/expansion_error.hpp>

#include <functional>
#include <limits>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// 2^exponent as an expansion. Requires: T holds it.
template <native_format T, std::size_t N>
[[nodiscard]] constexpr expansion<T, N> power_of_two_in(int exponent) noexcept {
    return expansion<T, N>(compose<T>(false, 1, exponent));
}

/// The largest number of T, behind it the largest that is less than half an ulp of it, and so on.
template <native_format T, std::size_t N>
[[nodiscard]] constexpr expansion<T, N> largest_expansion() noexcept {
    constexpr int p = format<T>::precision;
    std::array<T, N> word{};
    for (std::size_t q = 0; q < N; ++q)
        word[q] = compose<T>(false, (std::uint64_t{1} << p) - 1,
                             format<T>::max_exponent + 1 - p - static_cast<int>(q) * (p + 1));
    return expansion<T, N>::from_nonoverlapping(word);
}

/// Equal for equal values, however they are split into words; and for +0 and -0.
template <native_format T, std::size_t N>
[[nodiscard]] constexpr std::uint64_t hash_of(expansion<T, N> const& x) noexcept {
    std::uint64_t hash = 0;
    for (T const& word : nearest_words<T, N>(x.exact_total())) {
        std::uint64_t const bits = is_zero(word) ? 0 : std::uint64_t{to_bits(word)};
        hash = (hash ^ bits) * 0x9E3779B97F4A7C15U;
        hash ^= hash >> 32;
    }
    return hash;
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit

/// A format of radix 2 and N p digits. Expansions hold more than these where words have gaps between them, and fewer
/// where words would lie below the smallest subnormal: below min().
template <lastbit::native_format T, std::size_t N>
class std::numeric_limits<lastbit::expansion<T, N>> : public std::numeric_limits<T> {
    using number = lastbit::expansion<T, N>;
    static constexpr int p = lastbit::format<T>::precision;
    static constexpr int lowest_bit = lastbit::format<T>::min_exponent - p + 1;

    /// floor(exponent log10(2)). Requires: |exponent| < 2000, exponent != 0.
    static constexpr int decimal_exponent(int exponent) noexcept {
        return exponent < 0 ? -1 - -exponent * 30103 / 100000 : exponent * 30103 / 100000;
    }

public:
    static constexpr bool is_iec559 = false;
    static constexpr int digits = static_cast<int>(N) * p;
    static constexpr int digits10 = decimal_exponent(digits - 1);
    /// Of the N (p + 1) - 1 bits of words without gaps: each of these is at least a quarter ulp of the one before.
    static constexpr int max_digits10 = decimal_exponent(static_cast<int>(N) * (p + 1) - 1) + 2;
    static constexpr int min_exponent = lastbit::format<T>::min_exponent + (static_cast<int>(N) - 1) * p + 1;
    static constexpr int min_exponent10 = decimal_exponent(min_exponent - 1) + 1;
    /// Sums, products and quotients are not rounded as IEEE 754 says, but near enough: round_error() ulps.
    static constexpr std::float_round_style round_style = std::round_indeterminate;

    /// The smallest number at which all N words of `digits` digits are normal: 2^(emin + (N - 1) p).
    static constexpr number min() noexcept { return lastbit::detail::power_of_two_in<T, N>(min_exponent - 1); }
    /// The largest number.
    static constexpr number max() noexcept { return lastbit::detail::largest_expansion<T, N>(); }
    static constexpr number lowest() noexcept { return -max(); }
    /// 2^(1 - digits); or the smallest subnormal, which is greater for seven and eight floats.
    static constexpr number epsilon() noexcept {
        return lastbit::detail::power_of_two_in<T, N>(1 - digits < lowest_bit ? lowest_bit : 1 - digits);
    }
    /// In ulps, of quotients: they have the largest error of +, -, x and / (expansion_error).
    static constexpr number round_error() noexcept {
        using error = lastbit::expansion_error<T, N>;
        return number(static_cast<T>(error::quotient / error::unit));
    }
    static constexpr number infinity() noexcept { return number(lastbit::infinity<T>()); }
    static constexpr number quiet_NaN() noexcept { return number(lastbit::canonical_nan<T>()); }
    static constexpr bool has_signaling_NaN = false;
    static constexpr number signaling_NaN() noexcept { return quiet_NaN(); }
    static constexpr number denorm_min() noexcept { return number(lastbit::smallest_subnormal<T>()); }
};

/// Of the value: equal numbers have equal hashes.
template <lastbit::native_format T, std::size_t N>
struct std::hash<lastbit::expansion<T, N>> {
    [[nodiscard]] std::size_t operator()(lastbit::expansion<T, N> const& x) const noexcept {
        return static_cast<std::size_t>(lastbit::detail::hash_of(x));
    }
};
