// SPDX-License-Identifier: BSL-1.0
#pragma once
// Arithmetic on upper bounds: doubles >= 0 whose sums and products are never below the exact ones.
//
// Each operation is done once and its result moved to the next number up, by its bits. That holds in every rounding
// direction (an operation is off by less than one step) and, since results below 2^-1000 are raised to it and operands
// therefore never are subnormal, under flush-to-zero and denormals-are-zero. A sum or product with a zero is exact.

#include <lastbit/base/convert.hpp>
#include <lastbit/base/opaque.hpp>
#include <lastbit/oracle/real.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {
namespace detail {

/// A number that is at least some unknown number >= 0. +inf says nothing of it.
class upper {
public:
    constexpr upper() noexcept = default;

    /// x, exactly if it is 0, +inf or at least 2^-1000. Requires: x >= 0.
    [[nodiscard]] static constexpr upper of(double x) noexcept { return upper(raised(x)); }

    /// |x|.
    [[nodiscard]] static upper of_magnitude(oracle::real const& x) {
        return of(x.abs().round<double>(oracle::direction::upward));
    }
    template <binary_format T>
    [[nodiscard]] static constexpr upper of_magnitude(T x) noexcept {
        return of(lastbit::detail::convert<double>(absolute(x)));
    }

    [[nodiscard]] constexpr double value() const noexcept { return value_; }
    [[nodiscard]] constexpr bool is_zero() const noexcept { return to_bits(value_) == 0; }
    [[nodiscard]] constexpr bool is_finite() const noexcept { return lastbit::is_finite(value_); }

    [[nodiscard]] friend constexpr upper operator+(upper a, upper b) noexcept {
        if (a.is_zero()) return b;
        return b.is_zero() ? a : upper(next(add(a.value_, b.value_)));
    }
    [[nodiscard]] friend constexpr upper operator*(upper a, upper b) noexcept {
        if (a.is_zero() || b.is_zero()) return upper();
        return upper(next(mul(a.value_, b.value_)));
    }

private:
    explicit constexpr upper(double x) noexcept : value_(x) {}

    static constexpr std::uint64_t floor_bits = to_bits(0x1p-1000);
    static constexpr std::uint64_t infinite_bits = to_bits(infinity<double>());

    [[nodiscard]] static constexpr double raised(double x) noexcept {
        std::uint64_t const bits = to_bits(x);
        return bits != 0 && bits < floor_bits ? from_bits<double>(floor_bits) : x;
    }
    [[nodiscard]] static constexpr double next(double x) noexcept {
        std::uint64_t const bits = to_bits(x);
        if (bits < floor_bits) return from_bits<double>(floor_bits);
        return bits >= infinite_bits ? infinity<double>() : from_bits<double>(bits + 1);
    }

    double value_ = 0;
};

}  // namespace detail
}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
