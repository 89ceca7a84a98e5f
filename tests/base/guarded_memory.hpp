// SPDX-License-Identifier: BSL-1.0
#pragma once
// Memory between two pages that nothing may touch: reading past either end ends the program.

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <new>
#include <span>
#include <stdexcept>
#include <type_traits>
#include <vector>

namespace lastbit_tests {

class guarded_memory {
public:
    /// At least `size` accessible bytes, in whole pages.
    explicit guarded_memory(std::size_t size)
        : page_(static_cast<std::size_t>(sysconf(_SC_PAGESIZE))), size_((size + page_ - 1) / page_ * page_) {
        void* const all = mmap(nullptr, size_ + 2 * page_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (all == MAP_FAILED) throw std::bad_alloc();
        start_ = static_cast<std::byte*>(all) + page_;
        if (mprotect(start_, size_, PROT_READ | PROT_WRITE) != 0) throw std::runtime_error("mprotect failed");
    }
    ~guarded_memory() { munmap(start_ - page_, size_ + 2 * page_); }
    guarded_memory(guarded_memory const&) = delete;
    guarded_memory& operator=(guarded_memory const&) = delete;

    /// A copy of x that begins where the memory begins.
    template <class T>
    [[nodiscard]] std::span<T const> at_start(std::vector<T> const& x) const {
        return place(x, start_);
    }
    /// A copy of x that ends where the memory ends.
    template <class T>
    [[nodiscard]] std::span<T const> at_end(std::vector<T> const& x) const {
        return place(x, start_ + (size_ - x.size() * sizeof(T)));
    }

private:
    template <class T>
    [[nodiscard]] std::span<T const> place(std::vector<T> const& x, std::byte* where) const {
        static_assert(std::is_trivially_copyable_v<T>);
        if (x.size() * sizeof(T) > size_) throw std::length_error("guarded_memory is too small");
        if (!x.empty()) std::memcpy(where, x.data(), x.size() * sizeof(T));
        return {reinterpret_cast<T const*>(where), x.size()};
    }

    std::size_t page_;
    std::size_t size_;
    std::byte* start_ = nullptr;
};

}  // namespace lastbit_tests
