// SPDX-License-Identifier: BSL-1.0
#pragma once
// Random numbers for the tests of oracle/ and quantify/: by bits, so that every exponent is as likely as another.

#include <lastbit/base/bfloat16.hpp>
#include <lastbit/base/float16.hpp>
#include <lastbit/base/random.hpp>
#include <lastbit/oracle/real.hpp>

#include <type_traits>
#include <vector>

namespace lastbit_tests {

/// Any finite number: every sign, exponent and significand, subnormals and zeros among them.
template <lastbit::binary_format T>
[[nodiscard]] T any_finite(lastbit::random_stream& random) {
    for (;;) {
        T const x = lastbit::from_bits<T>(static_cast<typename lastbit::format<T>::bits_type>(random.bits()));
        if (lastbit::is_finite(x)) return x;
    }
}

/// A number of magnitude 2^lowest to 2^(highest + 1), of the sign and significand that chance gives.
template <lastbit::binary_format T>
[[nodiscard]] T of_exponent(lastbit::random_stream& random, int lowest, int highest) {
    constexpr int p = lastbit::format<T>::precision;
    auto const significand = (std::int64_t{1} << (p - 1)) + static_cast<std::int64_t>(random.bits() >> (64 - (p - 1)));
    auto const exponent = lowest + static_cast<int>(random.below(static_cast<std::uint64_t>(highest - lowest + 1)));
    auto const sign = random.bits() % 2 == 0 ? 1 : -1;
    return lastbit::oracle::real(lastbit::oracle::integer(sign * significand), exponent - p + 1).template round<T>();
}

template <lastbit::binary_format T>
[[nodiscard]] std::vector<T> any_vector(lastbit::random_stream& random, std::size_t n) {
    std::vector<T> x(n);
    for (T& element : x) element = any_finite<T>(random);
    return x;
}

/// Any finite number of a format that kernels store.
template <lastbit::storage_format T>
[[nodiscard]] T any_stored(lastbit::random_stream& random) {
    if constexpr (lastbit::binary_format<T>) return any_finite<T>(random);
    else if constexpr (std::is_integral_v<T>) return static_cast<T>(static_cast<int>(random.below(256)) - 128);
    else
        for (;;) {
            T const x = T::from_bits(static_cast<decltype(T().bits())>(random.bits()));
            if (lastbit::is_finite(static_cast<float>(x))) return x;
        }
}

template <lastbit::storage_format T>
[[nodiscard]] std::vector<T> any_stored_vector(lastbit::random_stream& random, std::size_t n) {
    std::vector<T> x(n);
    for (T& element : x) element = any_stored<T>(random);
    return x;
}

/// Bits equal, or both NaN and canonical.
template <lastbit::binary_format T>
[[nodiscard]] bool same_bits(T a, T b) {
    return lastbit::to_bits(a) == lastbit::to_bits(b);
}

}  // namespace lastbit_tests
