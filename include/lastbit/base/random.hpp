// SPDX-License-Identifier: BSL-1.0
#pragma once
// A counter-based random number generator: number k of a stream is a function of (seed, stream, k) and nothing else.
//
// Everything in the library that needs chance uses it: the same on every platform, which std:: distributions are not.
// Source: [Sal11] Salmon et al., Parallel random numbers: as easy as 1, 2, 3, SC'11: Philox4x64-10, and its known
// answers in Random123.

#include <lastbit/base/config.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// Ten rounds of Philox4x64: a bijection of 256-bit counters, chosen by a 128-bit key.
[[nodiscard]] constexpr std::array<std::uint64_t, 4> philox4x64(std::array<std::uint64_t, 4> counter,
                                                                 std::array<std::uint64_t, 2> key) noexcept {
    __extension__ using wide = unsigned __int128;
    for (int round = 0; round < 10; ++round) {
        wide const p = wide{0xD2E7470EE14C6C93U} * counter[0];
        wide const q = wide{0xCA5A826395121157U} * counter[2];
        counter = {static_cast<std::uint64_t>(q >> 64) ^ counter[1] ^ key[0], static_cast<std::uint64_t>(q),
                   static_cast<std::uint64_t>(p >> 64) ^ counter[3] ^ key[1], static_cast<std::uint64_t>(p)};
        key[0] += 0x9E3779B97F4A7C15U;
        key[1] += 0xBB67AE8584CAA73BU;
    }
    return counter;
}

/// A stream of random numbers; copies continue from the same place, independently.
class random_stream {
public:
    constexpr explicit random_stream(std::uint64_t seed, std::uint64_t stream = 0) noexcept : key_{seed, stream} {}

    /// 64 random bits.
    [[nodiscard]] constexpr std::uint64_t bits() noexcept {
        if (used_ == 4) {
            block_ = philox4x64({counter_++, 0, 0, 0}, key_);
            used_ = 0;
        }
        return block_[used_++];
    }

    /// Uniform on the 2^53 multiples of 2^-53 in [0, 1).
    [[nodiscard]] constexpr double uniform() noexcept { return static_cast<double>(bits() >> 11) * 0x1p-53; }

    /// Uniform on 0 ... n - 1, without bias. Requires n > 0.
    [[nodiscard]] constexpr std::uint64_t below(std::uint64_t n) noexcept {
        std::uint64_t const reject_below = (0 - n) % n;  // 2^64 mod n
        std::uint64_t x = bits();
        while (x < reject_below) x = bits();
        return x % n;
    }

private:
    std::array<std::uint64_t, 2> key_;
    std::uint64_t counter_ = 0;
    std::array<std::uint64_t, 4> block_{};
    std::size_t used_ = 4;
};

}  // namespace LASTBIT_ABI
}  // namespace lastbit
