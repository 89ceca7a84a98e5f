// SPDX-License-Identifier: BSL-1.0
#pragma once
// Binary numbers of Boost.Multiprecision taken apart into sign, exponent and 64-bit limbs, and put together.

#include <lastbit/multiprecision/limbs.hpp>

#include <boost/multiprecision/cpp_bin_float.hpp>

#include <concepts>
#include <type_traits>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// A sum of two exponents of any type.
__extension__ using exponent_sum = __int128;

template <class T>
struct bin_float_backend {};
template <unsigned Digits, boost::multiprecision::backends::digit_base_type Base, class Allocator, class Exponent,
          Exponent Min, Exponent Max, boost::multiprecision::expression_template_option Templates>
struct bin_float_backend<boost::multiprecision::number<
    boost::multiprecision::cpp_bin_float<Digits, Base, Allocator, Exponent, Min, Max>, Templates>> {
    using type = boost::multiprecision::cpp_bin_float<Digits, Base, Allocator, Exponent, Min, Max>;
};

}  // namespace detail

/// A binary number of Boost.Multiprecision, its precision a constant. Examples: cpp_bin_float_100,
/// number<cpp_bin_float<1024, digit_base_2>>. Counter-examples: cpp_dec_float_50, mpfr_float_100, double.
template <class T>
concept binary_multiprecision = requires {
    typename detail::bin_float_backend<T>::type;
};

namespace detail {

template <binary_multiprecision Number>
using bin_float_backend_t = typename bin_float_backend<Number>::type;

/// p: the bits of a significand.
template <binary_multiprecision Number>
inline constexpr std::size_t bin_float_precision = bin_float_backend_t<Number>::bit_count;

/// Whether Boost's words are limbs and can be read where they are.
template <binary_multiprecision Number>
inline constexpr bool has_plain_limbs =
    std::same_as<std::remove_cvref_t<decltype(*std::declval<Number const&>().backend().bits().limbs())>, limb>;

enum class bin_float_kind : std::uint8_t { finite, zero, infinite, nan };

template <binary_multiprecision Number>
[[nodiscard]] bin_float_kind kind_of(Number const& x) noexcept {
    using backend = bin_float_backend_t<Number>;
    auto const exponent = x.backend().exponent();
    if (exponent <= backend::max_exponent) return bin_float_kind::finite;
    if (exponent == backend::exponent_zero) return bin_float_kind::zero;
    return exponent == backend::exponent_infinity ? bin_float_kind::infinite : bin_float_kind::nan;
}

/// The limbs of |x| 2^(p - 1 - e), an integer in [2^(p-1), 2^p), with e the exponent of x: those of x, or a copy in
/// `copy` where Boost's words are not 64 bits wide. Requires: x is finite and not 0; `copy` has limbs_of(p) limbs.
template <binary_multiprecision Number>
[[nodiscard]] limb const* significand_limbs(Number const& x, limb* copy) noexcept {
    auto const& integer = x.backend().bits();
    if constexpr (has_plain_limbs<Number>) {
        return integer.limbs();
    } else {
        using word = std::remove_cvref_t<decltype(*integer.limbs())>;
        constexpr std::size_t width = 8 * sizeof(word);
        constexpr std::size_t size = limbs_of(bin_float_precision<Number>);
        for (std::size_t t = 0; t < size; ++t) {
            copy[t] = 0;
            for (std::size_t bit = 0; bit < limb_width; bit += width) {
                std::size_t const place = limb_width * t + bit;
                if (place / width < integer.size())
                    copy[t] |= static_cast<limb>(integer.limbs()[place / width] >> place % width) << bit;
            }
        }
        return copy;
    }
}

/// +0 or -0.
template <binary_multiprecision Number>
[[nodiscard]] Number signed_zero(bool negative) {
    Number x(0);
    x.backend().sign() = negative;
    return x;
}

template <binary_multiprecision Number>
[[nodiscard]] Number signed_infinity(bool negative) {
    Number x(0);
    x.backend().exponent() = bin_float_backend_t<Number>::exponent_infinity;
    x.backend().sign() = negative;
    return x;
}

template <binary_multiprecision Number>
[[nodiscard]] Number quiet_nan() {
    Number x(0);
    x.backend().exponent() = bin_float_backend_t<Number>::exponent_nan;
    return x;
}

/// (-1)^negative m 2^(exponent - (p - 1)), 2^(p-1) <= m < 2^p the integer of the limbs: an infinity above Number's
/// exponents and a zero of its sign below them, as Boost's own operations round.
template <binary_multiprecision Number>
[[nodiscard]] Number assembled(bool negative, exponent_sum exponent, limb const* limbs) {
    using backend = bin_float_backend_t<Number>;
    if (exponent > backend::max_exponent) return signed_infinity<Number>(negative);
    if (exponent < backend::min_exponent) return signed_zero<Number>(negative);
    Number x(0);
    auto& integer = x.backend().bits();
    using word = std::remove_cvref_t<decltype(*integer.limbs())>;
    constexpr std::size_t width = 8 * sizeof(word);
    constexpr auto size = static_cast<unsigned>((bin_float_precision<Number> + width - 1) / width);
    integer.resize(size, size);
    for (std::size_t i = 0; i < size; ++i) {
        word value = 0;
        for (std::size_t bit = 0; bit < width; bit += limb_width) {
            std::size_t const place = width * i + bit;
            if (place >= bin_float_precision<Number>) break;
            auto const part = static_cast<word>(limbs[place / limb_width] >> place % limb_width);
            value = static_cast<word>(value | part << bit);
        }
        integer.limbs()[i] = value;
    }
    integer.normalize();
    x.backend().exponent() = static_cast<typename backend::exponent_type>(exponent);
    x.backend().sign() = negative;
    return x;
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
