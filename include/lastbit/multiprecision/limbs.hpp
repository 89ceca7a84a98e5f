// SPDX-License-Identifier: BSL-1.0
#pragma once
// Unsigned integers of many 64-bit limbs, the least significant first: the upper part of a product, and its addition to
// a sum from a given bit on.
//
// Products are made column by column, with the sum of a column in three limbs. No carry goes from term to term of a
// sum, so that the next term's products need not wait for it.

#include <lastbit/exact/extraction.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

using limb = unsigned long long;  // as Boost.Multiprecision names it
static_assert(sizeof(limb) == 8);
__extension__ using double_limb = unsigned __int128;

inline constexpr std::size_t limb_width = 64;
/// Up to this number of limbs, products are written out without loops.
inline constexpr std::size_t unrolled_limbs = 16;

[[nodiscard]] constexpr std::size_t limbs_of(std::size_t bits) noexcept { return (bits + limb_width - 1) / limb_width; }

/// The sum of the products a_i b_j with one i + j, and what the columns below it carry.
struct limb_column {
    limb low = 0;
    limb middle = 0;
    limb high = 0;

    [[gnu::always_inline]] void add_product(limb a, limb b) noexcept;

    /// The lowest limb; the others move down.
    [[gnu::always_inline]] limb next() noexcept {
        limb const out = low;
        low = middle;
        middle = high;
        high = 0;
        return out;
    }
};

#if defined(__x86_64__)
inline void limb_column::add_product(limb a, limb b) noexcept {
    double_limb const product = double_limb{a} * b;
    asm("add{q %3, %0| %0, %3}\n\tadc{q %4, %1| %1, %4}\n\tadc{q $0, %2| %2, 0}"
        : "+&r"(low), "+&r"(middle), "+r"(high)
        : "r"(static_cast<limb>(product)), "r"(static_cast<limb>(product >> limb_width))
        : "cc");
}
#else
inline void limb_column::add_product(limb a, limb b) noexcept {
    double_limb const product = double_limb{a} * b;
    double_limb const before = double_limb{middle} << limb_width | low;
    double_limb const after = before + product;
    low = static_cast<limb>(after);
    middle = static_cast<limb>(after >> limb_width);
    high += after < product ? 1U : 0U;
}
#endif

/// Limbs `first` ... 2L - 1 of x y without what the columns below `first` would have carried into them: with first >= 1
/// the integer that they form is too small by less than L 2^64 units of limb `first`. Exact if first = 0.
/// Requires: x and y have L limbs, product 2L, of which the lower ones stay as they were; first < 2L - 1.
template <std::size_t L>
void multiply_upper(limb const* x, limb const* y, std::size_t first, limb* product) noexcept {
    limb_column sum;
    if constexpr (L <= unrolled_limbs) {
        unrolled<2 * L - 1>([&](auto k) __attribute__((always_inline)) {
            if (k < first) return;
            constexpr std::size_t begin = k < L ? 0 : k - (L - 1);
            unrolled<k + 1 - 2 * begin>([&](auto i) __attribute__((always_inline)) {
                sum.add_product(x[begin + i], y[k - begin - i]);
            });
            product[k] = sum.next();
        });
    } else {
        for (std::size_t k = first; k < 2 * L - 1; ++k) {
            std::size_t const begin = k < L ? 0 : k - (L - 1);
            limb const* a = x + begin;
            limb const* b = y + (k - begin);
            auto const add = [&](auto count) __attribute__((always_inline)) {
                unrolled<count>([&](auto i) __attribute__((always_inline)) { sum.add_product(a[i], *(b - i)); });
                a += count;
                b -= count;
            };
            std::size_t const size = k + 1 - 2 * begin;
            for (std::size_t blocks = size / 8; blocks > 0; --blocks) add(std::integral_constant<std::size_t, 8>());
            if ((size & 4U) != 0) add(std::integral_constant<std::size_t, 4>());
            if ((size & 2U) != 0) add(std::integral_constant<std::size_t, 2>());
            if ((size & 1U) != 0) add(std::integral_constant<std::size_t, 1>());
            product[k] = sum.next();
        }
    }
    product[2 * L - 1] = sum.next();
}

/// Whether what multiply_upper<L> left out, x and y below column q - 2, could carry past bit 64 q + r of the product.
/// Then the bits below that one are all ones but for less than L units of limb q - 1.
template <std::size_t L>
[[nodiscard]] bool carry_is_open(limb const* product, std::size_t q, std::size_t r) noexcept {
    return (product[q] | ~limb{0} << r) == ~limb{0} && product[q - 1] > ~limb{L};
}

/// A sum of integers below 2^(64 N), fewer than 2^64 of them: `low` holds their limbs' sums modulo 2^64, `high` how
/// often each went past 2^64.
template <std::size_t N>
class limb_sums {
public:
    /// += floor(source / 2^(64 q + r)) from N limbs. Requires: limb q + N of the source may be read, r < 64.
    [[gnu::always_inline]] void add_shifted(limb const* __restrict source, std::size_t q, std::size_t r) noexcept {
        limb const* from = source + q;
        for (std::size_t t = 0; t < N; ++t) {
            limb const part = from[t] >> r | from[t + 1] << 1 << (limb_width - 1 - r);
            low_[t] += part;
            high_[t] += low_[t] < part ? 1U : 0U;
        }
    }

    /// The sum as N + 1 limbs.
    [[nodiscard]] std::array<limb, N + 1> total() const noexcept {
        std::array<limb, N + 1> out;
        double_limb carry = 0;
        for (std::size_t t = 0; t < N; ++t) {
            carry += low_[t];
            out[t] = static_cast<limb>(carry);
            carry = (carry >> limb_width) + high_[t];
        }
        out[N] = static_cast<limb>(carry);
        return out;
    }

private:
    std::array<limb, N> low_{};
    std::array<limb, N> high_{};
};

/// a + b, which fits.
template <std::size_t N>
void add_limbs(std::array<limb, N> const& a, std::array<limb, N> const& b, std::array<limb, N>& sum) noexcept {
    double_limb carry = 0;
    for (std::size_t t = 0; t < N; ++t) {
        carry += a[t];
        carry += b[t];
        sum[t] = static_cast<limb>(carry);
        carry >>= limb_width;
    }
}

/// The larger minus the smaller; true if b is larger.
template <std::size_t N>
[[nodiscard]] bool subtract_smaller(std::array<limb, N> const& a, std::array<limb, N> const& b,
                                    std::array<limb, N>& difference) noexcept {
    bool const swapped = std::lexicographical_compare(a.rbegin(), a.rend(), b.rbegin(), b.rend());
    auto const& from = swapped ? b : a;
    auto const& what = swapped ? a : b;
    limb borrow = 0;
    for (std::size_t t = 0; t < N; ++t) {
        double_limb const d = double_limb{from[t]} - what[t] - borrow;
        difference[t] = static_cast<limb>(d);
        borrow = static_cast<limb>(d >> limb_width) & 1U;
    }
    return swapped;
}

/// The number of bits of x, 0 for 0.
template <std::size_t N>
[[nodiscard]] std::size_t bit_length(std::array<limb, N> const& x) noexcept {
    for (std::size_t t = N; t > 0; --t)
        if (x[t - 1] != 0) return limb_width * t - static_cast<std::size_t>(std::countl_zero(x[t - 1]));
    return 0;
}

/// 64 bits of x from bit `first` on, which may lie beyond either end: there the bits are 0.
template <std::size_t N>
[[nodiscard]] limb bits_from(std::array<limb, N> const& x, std::ptrdiff_t first) noexcept {
    std::ptrdiff_t const width = limb_width;
    std::ptrdiff_t const q = first >= 0 ? first / width : -((width - 1 - first) / width);
    auto const r = static_cast<std::size_t>(first - q * width);
    auto const at = [&x](std::ptrdiff_t t) {
        return t >= 0 && t < std::ptrdiff_t{N} ? x[static_cast<std::size_t>(t)] : 0;
    };
    return at(q) >> r | at(q + 1) << 1 << (limb_width - 1 - r);
}

/// x rounded to p bits, to nearest, ties to even: out 2^(result - (p - 1)), 2^(p-1) <= out < 2^p, is that number.
/// Requires: x is not 0; out has limbs_of(p) limbs.
template <std::size_t N>
[[nodiscard]] std::ptrdiff_t round_to_bits(std::array<limb, N> const& x, std::size_t p, limb* out) noexcept {
    auto top = static_cast<std::ptrdiff_t>(bit_length(x)) - 1;
    std::ptrdiff_t const last = top + 1 - static_cast<std::ptrdiff_t>(p);  // the last bit that stays
    std::size_t const size = limbs_of(p);
    for (std::size_t t = 0; t < size; ++t) out[t] = bits_from(x, last + static_cast<std::ptrdiff_t>(limb_width * t));
    if (last <= 0 || (bits_from(x, last - 1) & 1U) == 0) return top;
    bool beyond_half = false;
    for (std::ptrdiff_t t = 0; t < last - 1 && !beyond_half; t += std::ptrdiff_t{limb_width}) {
        std::ptrdiff_t const left = last - 1 - t;
        limb const part = bits_from(x, t);
        beyond_half = (left < std::ptrdiff_t{limb_width} ? part << (std::ptrdiff_t{limb_width} - left) : part) != 0;
    }
    if (!beyond_half && out[0] % 2 == 0) return top;
    std::size_t t = 0;
    while (t < size && ++out[t] == 0) ++t;
    if (bool const carried = t == size || (p % limb_width != 0 && out[size - 1] >> p % limb_width != 0); carried) {
        out[size - 1] = limb{1} << (p - 1) % limb_width;  // 2^p: the others are 0
        ++top;
    }
    return top;
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
