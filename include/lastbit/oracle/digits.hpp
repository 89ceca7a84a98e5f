// SPDX-License-Identifier: BSL-1.0
#pragma once
// Vectors of integers with a common exponent, cut into digits that fit a machine word.
//
// A dot product of two such vectors is a few dot products of digits, each without alignment and without a big integer:
// that is what makes an exact network fast. Exact numbers of any spread are served; the number of digits grows with it.

#include <lastbit/oracle/buckets.hpp>

#include <span>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace oracle {
namespace detail {

/// Products of two digits stay below 2^110, so 2^16 of them stay below 2^126.
inline constexpr int digit_bits = 55;
inline constexpr std::size_t digit_products_at_most = std::size_t{1} << 16;

/// x_i = 2^exponent * sum_k digit(k)[i] * 2^(55 k), |digit| < 2^55, for finite x_i.
class digit_vector {
public:
    explicit digit_vector(std::span<real const> x) : size_(x.size()) {
        std::int64_t top = std::numeric_limits<std::int64_t>::min();
        std::int64_t low = std::numeric_limits<std::int64_t>::max();
        for (real const& element : x) {
            if (element.is_zero()) continue;
            low = std::min(low, element.exponent());
            top = std::max(top, element.binade());
        }
        if (low > top) return;
        exponent_ = low;
        planes_ = static_cast<std::size_t>((top - low) / digit_bits + 1);
        digits_.resize(planes_ * size_);
        for (std::size_t i = 0; i < size_; ++i) cut(x[i], i);
    }

    [[nodiscard]] std::size_t planes() const noexcept { return planes_; }
    [[nodiscard]] std::int64_t exponent() const noexcept { return exponent_; }
    [[nodiscard]] std::int64_t const* plane(std::size_t k) const noexcept { return digits_.data() + k * size_; }

private:
    void cut(real const& x, std::size_t i) {
        if (x.is_zero()) return;
        integer rest = shifted_left(x.significand(), x.exponent() - exponent_);
        for (std::size_t k = 0; !rest.is_zero(); ++k) {
            constexpr std::uint64_t mask = (std::uint64_t{1} << digit_bits) - 1;
            auto const digit = static_cast<std::int64_t>(static_cast<std::uint64_t>(integer(rest & mask)));
            digits_[k * size_ + i] = x.is_negative() ? -digit : digit;
            rest >>= digit_bits;
        }
    }

    std::size_t size_;
    std::size_t planes_ = 0;
    std::int64_t exponent_ = 0;
    std::vector<std::int64_t> digits_;
};

/// Sum a_i b_i of n digits.
[[nodiscard]] inline integer dot_of_digits(std::int64_t const* a, std::int64_t const* b, std::size_t n) {
    integer total;
    for (std::size_t first = 0; first < n; first += digit_products_at_most) {
        std::size_t const last = std::min(n, first + digit_products_at_most);
        wide_integer partial = 0;
        for (std::size_t i = first; i < last; ++i) partial += static_cast<wide_integer>(a[i]) * b[i];
        if (partial != 0) total += to_integer(partial);
    }
    return total;
}

/// Sum a_(offset + i) x_i, i = 0 ... n - 1: a row of a matrix, stored as one long vector, times a vector.
[[nodiscard]] inline real dot_of_digits(digit_vector const& a, std::size_t offset, digit_vector const& x,
                                        std::size_t n) {
    integer total;
    for (std::size_t k = 0; k < a.planes(); ++k) {
        for (std::size_t m = 0; m < x.planes(); ++m) {
            integer const part = dot_of_digits(a.plane(k) + offset, x.plane(m), n);
            if (!part.is_zero()) total += part << ((k + m) * static_cast<std::size_t>(digit_bits));
        }
    }
    return real(std::move(total), a.exponent() + x.exponent());
}

}  // namespace detail
}  // namespace oracle
}  // namespace LASTBIT_ABI
}  // namespace lastbit
