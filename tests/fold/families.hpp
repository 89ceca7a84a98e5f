// SPDX-License-Identifier: BSL-1.0
#pragma once
// Families of data on which bits are tested: each stresses one thing that a kernel can get wrong.
//
// Integers from lastbit::random_stream become bits, and are bits until they lie in memory: no floating-point operation
// takes part, so the data are the same on every machine, under every flag and in every floating-point environment. Even a
// choice between +0 and -0 would not do: under -ffast-math GCC 12 makes one zero of `c ? +0.0 : -0.0`.

#include <lastbit/base.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace lastbit_tests {

enum class family { ordinary, wide, subnormals, nans, infinities, zeros, huge, tiny_products };

inline constexpr std::array families{family::ordinary,   family::wide,  family::subnormals, family::nans,
                                     family::infinities, family::zeros, family::huge,       family::tiny_products};

/// Two vectors: the terms of a sum are x; those of a dot product x_i y_i.
template <class T>
struct pair_of_vectors {
    std::vector<T> x;
    std::vector<T> y;
};

template <class T>
using bits_of = typename lastbit::format<T>::bits_type;

/// The bits of 2^exponent times a random number in [1, 2) with a random sign; a subnormal, perhaps 0, if the exponent is
/// below emin.
template <class T>
[[nodiscard]] bits_of<T> random_bits(lastbit::random_stream& chance, int exponent) {
    using format = lastbit::format<T>;
    constexpr int fraction_bits = format::precision - 1;
    std::uint64_t const random = chance.bits();
    std::uint64_t significand =
        (std::uint64_t{1} << fraction_bits) | (random >> 12) % (std::uint64_t{1} << fraction_bits);
    std::uint64_t biased = 0;
    if (exponent >= format::min_exponent)
        biased = static_cast<std::uint64_t>(exponent - format::min_exponent);  // the hidden bit adds one
    else
        significand =
            exponent < format::min_exponent - format::precision ? 0 : significand >> (format::min_exponent - exponent);
    std::uint64_t const sign = (random & 1) << (format::storage_bits - 1);
    return static_cast<bits_of<T>>(sign | (significand + (biased << fraction_bits)));
}

template <class T>
[[nodiscard]] T random_number(lastbit::random_stream& chance, int exponent) {
    return lastbit::from_bits<T>(random_bits<T>(chance, exponent));
}

/// A uniformly random integer in low ... high.
[[nodiscard]] inline int between(lastbit::random_stream& chance, int low, int high) {
    return low + static_cast<int>(chance.below(static_cast<std::uint64_t>(high - low + 1)));
}

template <class T>
inline constexpr auto sign_bit = static_cast<bits_of<T>>(bits_of<T>{1} << (lastbit::format<T>::storage_bits - 1));
/// The bits of +inf.
template <class T>
inline constexpr auto infinite = static_cast<bits_of<T>>(sign_bit<T> -
                                                         (bits_of<T>{1} << (lastbit::format<T>::precision - 1)));

template <class T>
[[nodiscard]] bits_of<T> random_nan_bits(lastbit::random_stream& chance) {
    return static_cast<bits_of<T>>(static_cast<bits_of<T>>(chance.bits()) | infinite<T> | 1U);
}

template <class T>
[[nodiscard]] T random_nan(lastbit::random_stream& chance) {
    return lastbit::from_bits<T>(random_nan_bits<T>(chance));
}

/// A positive number's bits, negative but for one time in `one_positive_in`.
template <class T>
[[nodiscard]] bits_of<T> mostly_negative(lastbit::random_stream& chance, bits_of<T> x, std::uint64_t one_positive_in) {
    return chance.below(one_positive_in) == 0 ? x : static_cast<bits_of<T>>(x | sign_bit<T>);
}

/// One pair x_i, y_i of the family.
template <class T>
void append_pair(pair_of_vectors<T>& out, family kind, lastbit::random_stream& chance) {
    using format = lastbit::format<T>;
    constexpr int p = format::precision;
    constexpr int emin = format::min_exponent;
    constexpr int emax = format::max_exponent;
    bits_of<T> x = random_bits<T>(chance, between(chance, -4, 0));
    bits_of<T> y = random_bits<T>(chance, between(chance, -4, 0));
    switch (kind) {
        case family::ordinary:
            break;
        case family::wide:
            x = random_bits<T>(chance, between(chance, emin / 2, emax / 2 - 2));
            y = random_bits<T>(chance, between(chance, emin / 2, emax / 2 - 2));
            break;
        case family::subnormals:
            x = random_bits<T>(chance, between(chance, emin - p, emin));
            y = random_bits<T>(chance, between(chance, -2, p));
            break;
        case family::nans:
            if (chance.below(50) == 0) x = random_nan_bits<T>(chance);
            if (chance.below(100) == 0) y = random_nan_bits<T>(chance);
            break;
        case family::infinities:
            if (chance.below(40) == 0) x = mostly_negative<T>(chance, infinite<T>, 8);
            if (chance.below(400) == 0) y = 0;
            break;
        case family::zeros:
            x = mostly_negative<T>(chance, 0, 60);
            y = static_cast<bits_of<T>>(y & static_cast<bits_of<T>>(~sign_bit<T>));
            break;
        case family::huge:
            x = random_bits<T>(chance, between(chance, emax - (p + 1) / 2, emax));
            y = random_bits<T>(chance, between(chance, -(p + 1) / 2 - 2, chance.below(64) == 0 ? 2 : -3));
            if (chance.below(3) == 0) std::swap(x, y);
            break;
        case family::tiny_products: {
            int const first = between(chance, emin / 2 - 4, emin / 2 + 4);
            x = random_bits<T>(chance, first);
            y = random_bits<T>(chance, between(chance, emin - p - 2, emin + 1 + p) - first);
            break;
        }
    }
    out.x.push_back(lastbit::from_bits<T>(x));
    out.y.push_back(lastbit::from_bits<T>(y));
}

/// n pairs, a function of family, n and seed.
template <class T>
[[nodiscard]] pair_of_vectors<T> make_data(family kind, std::size_t n, std::uint64_t seed) {
    lastbit::random_stream chance(seed, static_cast<std::uint64_t>(kind) * 1'000'003 + n);
    pair_of_vectors<T> out;
    out.x.reserve(n);
    out.y.reserve(n);
    for (std::size_t i = 0; i < n; ++i) append_pair(out, kind, chance);
    return out;
}

}  // namespace lastbit_tests
