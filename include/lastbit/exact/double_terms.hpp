// SPDX-License-Identifier: BSL-1.0
#pragma once
// Numbers and products of the four formats as doubles: exact, or with the product's error beside it.

#include <lastbit/exact/extraction.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// A register of terms, each value + error.
struct exact_batch {
    batch<double> value;
};

/// x_i.
template <binary_format T>
struct number_doubles {
    static constexpr bool exact = true;
    static constexpr std::size_t operands = 1;
    using number = T;
    T const* x;

    [[nodiscard, gnu::always_inline]] exact_batch at(std::size_t i) const noexcept { return {load_as_double(x + i)}; }
    [[nodiscard]] number_doubles from(std::size_t i) const noexcept { return {x + i}; }
    /// The first `count` terms in `buffer`, which has room for `operands` times `padded`, and +0 up to `padded`.
    [[nodiscard]] number_doubles copied(std::size_t count, std::size_t padded, T* buffer) const noexcept {
        for (std::size_t k = 0; k < padded; ++k) buffer[k] = k < count ? x[k] : from_bits<T>(0);
        return {buffer};
    }
};

/// x_i y_i. Those of doubles have an error word; it is exact but for underflow, where it is off by at most 2^-1075.
template <binary_format T>
struct product_doubles {
    static constexpr bool exact = !std::same_as<T, double>;
    static constexpr std::size_t operands = 2;
    using number = T;
    T const* x;
    T const* y;

    [[nodiscard, gnu::always_inline]] auto at(std::size_t i) const noexcept {
        batch<double> const a = load_as_double(x + i);
        batch<double> const b = load_as_double(y + i);
        if constexpr (exact) return exact_batch{mul<double>(a, b)};
        else return two_product(a, b);
    }
    [[nodiscard]] product_doubles from(std::size_t i) const noexcept { return {x + i, y + i}; }
    /// As number_doubles: the padding is +0 times +0.
    [[nodiscard]] product_doubles copied(std::size_t count, std::size_t padded, T* buffer) const noexcept {
        return {number_doubles<T>{x}.copied(count, padded, buffer).x,
                number_doubles<T>{y}.copied(count, padded, buffer + padded).x};
    }
};

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
