// SPDX-License-Identifier: BSL-1.0
#pragma once
// Several arrays in one allocation.

#include <lastbit/base/config.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// Arrays one after another, each at a multiple of 64 bytes. Run twice over the same requests: first it only counts.
class workspace {
public:
    /// `count` numbers, not initialised; null while counting. Requires: T is a number that needs no construction.
    template <class T>
    [[nodiscard]] T* take(std::size_t count) noexcept {
        std::byte* const from = memory_ == nullptr ? nullptr : first_ + used_;
        used_ += (count * sizeof(T) + 63) / 64 * 64;
        return reinterpret_cast<T*>(from);
    }

    /// Ends the counting.
    void allocate() {
        memory_ = std::make_unique_for_overwrite<std::byte[]>(used_ + 64);
        auto const address = reinterpret_cast<std::uintptr_t>(memory_.get());
        first_ = memory_.get() + (64 - address % 64) % 64;
        used_ = 0;
    }

private:
    std::unique_ptr<std::byte[]> memory_;
    std::byte* first_ = nullptr;
    std::size_t used_ = 0;
};

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
