// SPDX-License-Identifier: BSL-1.0
#pragma once
// A hash of the bits of a vector of numbers, the same on every platform.

#include <lastbit/base/format.hpp>

#include <vector>

namespace lastbit_tests {

inline constexpr std::uint64_t empty_hash = 0xcbf29ce484222325U;

/// FNV-1a of the bits, lowest byte first.
template <class T>
[[nodiscard]] std::uint64_t hash(std::vector<T> const& x, std::uint64_t h = empty_hash) {
    for (T const element : x)
        for (int shift = 0; shift < lastbit::format<T>::storage_bits; shift += 8)
            h = (h ^ ((lastbit::to_bits(element) >> shift) & 0xFF)) * 0x100000001b3U;
    return h;
}

}  // namespace lastbit_tests
