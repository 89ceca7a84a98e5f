// SPDX-License-Identifier: BSL-1.0
#pragma once
// Numbers, magnitudes, products and squares of the four formats as doubles: exact, or with the error beside it.

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

/// |x_i|.
template <binary_format T>
struct absolute_doubles {
    static constexpr bool exact = true;
    static constexpr bool nonnegative = true;
    static constexpr std::size_t operands = 1;
    using number = T;
    T const* x;

    [[nodiscard, gnu::always_inline]] exact_batch at(std::size_t i) const noexcept {
        return {absolute<double>(load_as_double(x + i))};
    }
    [[nodiscard]] absolute_doubles from(std::size_t i) const noexcept { return {x + i}; }
    [[nodiscard]] absolute_doubles copied(std::size_t count, std::size_t padded, T* buffer) const noexcept {
        return {number_doubles<T>{x}.copied(count, padded, buffer).x};
    }
};

/// x_i x_i; each number is read once.
template <binary_format T>
struct square_doubles : product_doubles<T> {
    static constexpr bool nonnegative = true;
    static constexpr std::size_t operands = 1;

    explicit square_doubles(T const* numbers) noexcept : product_doubles<T>{numbers, numbers} {}

    [[nodiscard, gnu::always_inline]] auto at(std::size_t i) const noexcept {
        batch<double> const a = load_as_double(this->x + i);
        if constexpr (product_doubles<T>::exact) return exact_batch{mul<double>(a, a)};
        else return two_product(a, a);
    }
    [[nodiscard]] square_doubles from(std::size_t i) const noexcept { return square_doubles(this->x + i); }
    [[nodiscard]] square_doubles copied(std::size_t count, std::size_t padded, T* buffer) const noexcept {
        return square_doubles(number_doubles<T>{this->x}.copied(count, padded, buffer).x);
    }
};

/// No term is negative, so that the sum is the sum of the magnitudes.
template <class Terms>
inline constexpr bool are_nonnegative = requires {
    requires Terms::nonnegative;
};

/// What x lacks to a multiple of quantum, for |x| <= 2^100 quantum; 0 exactly for multiples. In two steps, since
/// 1.5 * 2^52 quantum rounds only what lies below it to multiples.
struct grid {
    batch<double> coarse;
    batch<double> fine;

    explicit grid(double quantum) noexcept
        : coarse(opaque<double>(broadcast(mul(quantum, 0x1.8p101)))),
          fine(opaque<double>(broadcast(mul(quantum, 0x1.8p52)))) {}

    [[nodiscard, gnu::always_inline]] batch<double> rest(batch<double> const& x) const noexcept {
        batch<double> const r = sub<double>(x, sub<double>(add<double>(x, coarse), coarse));
        return absolute<double>(sub<double>(r, sub<double>(add<double>(r, fine), fine)));
    }
};

/// True if every value, and every error word, of n terms is a multiple of quantum, a power of two.
/// Requires: |terms| <= 2^100 quantum <= 2^920; a sound environment.
template <class Terms>
[[nodiscard, gnu::noinline]] bool all_multiples_of(double quantum, Terms const& terms, std::size_t n) noexcept {
    constexpr std::size_t row = extraction_block::row;
    grid const multiples(quantum);
    std::array<typename Terms::number, Terms::operands * row> buffer;
    for (std::size_t i = 0; i < n; i += row) {
        Terms const block = n - i < row ? terms.from(i).copied(n - i, row, buffer.data()) : terms.from(i);
        batch<double> rest = broadcast(0.0);
        for (std::size_t k = 0; k < row; k += batch_width<double>) {
            auto const t = block.at(k);
            rest = maximum(rest, multiples.rest(t.value));
            if constexpr (!Terms::exact) rest = maximum(rest, multiples.rest(t.error));
        }
        if (largest_lane(rest) != 0) return false;
    }
    return true;
}

/// True if each of n terms is -0. Stops at the first that is not.
template <class Terms>
[[nodiscard, gnu::noinline]] bool all_minus_zero(Terms const& terms, std::size_t n) noexcept {
    constexpr std::size_t row = extraction_block::row;
    std::array<typename Terms::number, Terms::operands * row> buffer;
    alignas(64) std::array<double, row> value;
    for (std::size_t i = 0; i < n; i += row) {
        std::size_t const count = n - i < row ? n - i : row;
        Terms const block = count < row ? terms.from(i).copied(count, row, buffer.data()) : terms.from(i);
        for (std::size_t k = 0; k < row; k += batch_width<double>) store(value.data() + k, block.at(k).value);
        for (std::size_t k = 0; k < count; ++k)
            if (to_bits(value[k]) != fields<double>::sign) return false;
    }
    return true;
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
