// SPDX-License-Identifier: BSL-1.0
#pragma once
// An operand's memory: beside pages that nothing may touch, and with canaries wherever else it does not lie.

#include <lastbit/testing/memory_trap.hpp>

#include <cstring>
#include <memory>
#include <optional>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {

/// Where in a guarded buffer an operand lies: directly behind the first guard, or directly before the last.
enum class placement : std::uint8_t { at_start, at_end };

/// An access outside an operand. Reads are seen in the guards only, writes in the canaries, too.
struct memory_fault {
    bool write = false;
    bool before = false;       ///< before the operand's first byte; else behind its last
    std::size_t distance = 0;  ///< in bytes, of the nearest byte that was touched: 1 is the operand's neighbour
};

/// Memory for one operand at a time. What is not the operand's holds bytes 0xFF: NaN in every floating-point format, so
/// that what is read there and used is seen in the results.
class guarded_buffer {
public:
    static constexpr std::byte canary{0xFF};

    /// Room for `capacity` bytes, and no more than a page above it.
    explicit guarded_buffer(std::size_t capacity) : region_(std::make_unique<trapped_region>()) {
        detail::reserve(*region_, capacity);
    }
    ~guarded_buffer() {
        if (region_ != nullptr) detail::release(*region_);
    }
    guarded_buffer(guarded_buffer&&) noexcept = default;
    guarded_buffer& operator=(guarded_buffer&& other) noexcept {
        std::swap(region_, other.region_);
        return *this;
    }

    [[nodiscard]] std::size_t capacity() const noexcept { return region_->size; }

    /// Room for `bytes` at the chosen end, `offset` bytes away from it; all of it, and all around it, canaries. What
    /// was seen before is forgotten. Requires: bytes + offset <= capacity().
    [[nodiscard]] std::byte* place(std::size_t bytes, placement where, std::size_t offset = 0) {
        if (touched()) {
            detail::close_guards(*region_);
            for (auto& state : region_->opened) state.store(0);
            for (auto& side : region_->seen)
                for (auto& access : side) access.address.store(nullptr);
        }
        std::memset(region_->start, static_cast<int>(canary), region_->size);
        operand_ = region_->start + (where == placement::at_start ? offset : region_->size - bytes - offset);
        bytes_ = bytes;
        return operand_;
    }

    /// The access outside the operand placed last that was made since: writes first, the nearest of each kind.
    [[nodiscard]] std::optional<memory_fault> fault() const {
        for (bool const write : {true, false}) {
            std::optional<memory_fault> found;
            for (bool const before : {false, true}) {
                std::size_t const distance = nearest(write, before);
                if (distance != 0 && (!found || distance < found->distance)) found = {write, before, distance};
            }
            if (found) return found;
        }
        return std::nullopt;
    }

private:
    [[nodiscard]] bool touched() const noexcept {
        for (auto const& side : region_->seen)
            for (auto const& access : side)
                if (access.address.load() != nullptr) return true;
        return false;
    }

    /// 0 where nothing was seen.
    [[nodiscard]] std::size_t nearest(bool write, bool before) const noexcept {
        std::byte* const end = operand_ + bytes_;
        if (write) {
            std::byte* const limit = region_->start + region_->size;
            if (before) {
                for (std::byte* p = operand_; p != region_->start; --p)
                    if (p[-1] != canary) return static_cast<std::size_t>(operand_ - p) + 1;
            } else {
                for (std::byte* p = end; p != limit; ++p)
                    if (*p != canary) return static_cast<std::size_t>(p - end) + 1;
            }
        }
        std::byte* const address = region_->seen[before ? 0 : 1][write ? 1 : 0].address.load();
        if (address == nullptr) return 0;
        return static_cast<std::size_t>(before ? operand_ - address : address - end + 1);
    }

    std::unique_ptr<trapped_region> region_;
    std::byte* operand_ = nullptr;
    std::size_t bytes_ = 0;
};

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
