// SPDX-License-Identifier: BSL-1.0
#pragma once
// Memory beside pages that nothing may touch, and the signal handler that notes who touches them.
//
// The handler opens the page that was touched and lets the access go through: the kernel then runs to its end, in
// whichever thread the access was made. Neither a jump out of the kernel (which no other thread's fault could take) nor
// a forked child (in which OpenMP's threads do not exist) would serve kernels with threads. Only an access to an
// address that is nobody's, such as a null pointer's, is left by a jump, if the thread that called the kernel made it;
// made by another thread, it ends the program as it would without us. Other systems than POSIX have no such pages:
// nothing is caught there, and only writes are seen, by canaries (guarded_buffer.hpp).

#include <lastbit/base/contracts.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <new>
#include <string>
#include <vector>

#if __has_include(<sys/mman.h>)
#    include <setjmp.h>
#    include <signal.h>
#    include <sys/mman.h>
#    include <unistd.h>

#    include <cerrno>
#endif
#if __has_include(<ucontext.h>)
#    include <ucontext.h>
#endif

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {

/// An access that the trap has seen: where it began.
struct trapped_access {
    std::atomic<std::byte*> address{nullptr};  ///< of the first one
};

/// Accessible memory between two stretches that are not; the handler writes what it sees into the last members.
struct trapped_region {
    std::byte* start = nullptr;  ///< of the accessible memory
    std::size_t size = 0;        ///< of it, in bytes
    std::size_t guard = 0;       ///< bytes on either side
    std::size_t page = 0;
    std::vector<std::atomic<std::uint8_t>> opened;  ///< by page, first those before: 0 closed, 1 readable, 2 writable
    std::array<std::array<trapped_access, 2>, 2> seen;  ///< [before, after][read, write]
};

namespace detail {

/// Pages of each guard: accesses farther away than this are not told from those to nobody's memory.
inline constexpr std::size_t guard_pages = 64;

#if __has_include(<sys/mman.h>)

#    if defined(__linux__) && defined(__x86_64__)
/// Whether the access was a write; bit 1 of the page fault's error code.
[[nodiscard]] inline bool known_to_write(void const* context) noexcept {
    return (static_cast<ucontext_t const*>(context)->uc_mcontext.gregs[REG_ERR] & 2) != 0;
}
inline constexpr bool writes_are_known = true;
#    else
[[nodiscard]] inline bool known_to_write(void const*) noexcept { return false; }
inline constexpr bool writes_are_known = false;
#    endif

/// Opens the page of a guard that was touched, and notes the access. A page is made readable first where the system
/// does not tell reads from writes: a write then comes back. Returns false for any other address.
[[nodiscard]] inline bool take_fault(trapped_region& region, std::byte* address, bool writes) noexcept {
    auto const base = reinterpret_cast<std::uintptr_t>(region.start) - region.guard;
    auto const where = reinterpret_cast<std::uintptr_t>(address);
    if (where < base || where >= base + 2 * region.guard + region.size) return false;
    std::size_t const offset = where - base;
    bool const after = offset >= region.guard + region.size;
    if (!after && offset >= region.guard) return false;
    std::size_t const position = after ? offset - region.size : offset;
    auto& state = region.opened[position / region.page];
    bool const write = writes || (!writes_are_known && state.load() != 0);
    std::byte* expected = nullptr;
    region.seen[after ? 1 : 0][write ? 1 : 0].address.compare_exchange_strong(expected, address);
    state.store(write ? 2 : 1);
    std::byte* const page = address - where % region.page;
    return mprotect(page, region.page, write ? PROT_READ | PROT_WRITE : PROT_READ) == 0;
}

/// Everything that the handler needs; all of it constant-initialised.
struct trap_state {
    std::array<std::atomic<trapped_region*>, 256> regions{};
    std::mutex mutex;  ///< of what follows
    int users = 0;
    struct sigaction before_segv {};
    struct sigaction before_bus {};
};
inline trap_state the_trap;

/// Where a thread that has called a kernel goes on if the kernel touches nobody's memory.
struct escape {
    sigjmp_buf place;
    void* address;
};
inline thread_local escape* current_escape = nullptr;

/// To whoever had the signal before us; the default is restored and met by the same access once more.
inline void pass_on(int signal, siginfo_t* info, void* context) noexcept {
    struct sigaction const& before = signal == SIGSEGV ? the_trap.before_segv : the_trap.before_bus;
    if ((before.sa_flags & SA_SIGINFO) != 0) return before.sa_sigaction(signal, info, context);
    if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN) return before.sa_handler(signal);
    sigaction(signal, &before, nullptr);
}

inline void on_fault(int signal, siginfo_t* info, void* context) noexcept {
    int const error = errno;
    bool const own = info->si_code > 0;  // not sent by another process
    auto* const address = static_cast<std::byte*>(info->si_addr);
    for (auto const& slot : the_trap.regions) {
        trapped_region* const region = slot.load();
        if (own && region != nullptr && take_fault(*region, address, known_to_write(context))) {
            errno = error;
            return;
        }
    }
    if (own && current_escape != nullptr) {
        current_escape->address = address;
        siglongjmp(current_escape->place, 1);
    }
    pass_on(signal, info, context);
}

/// Pages around `size` bytes, rounded up to pages.
inline void reserve(trapped_region& region, std::size_t size) {
    region.page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    region.size = std::max<std::size_t>((size + region.page - 1) / region.page, 1) * region.page;
    region.guard = guard_pages * region.page;
    region.opened = std::vector<std::atomic<std::uint8_t>>(2 * guard_pages);
    void* const all = mmap(nullptr, region.size + 2 * region.guard, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    LASTBIT_EXPECTS(all != MAP_FAILED, std::string("memory_trap: the system gives no pages"));
    region.start = static_cast<std::byte*>(all) + region.guard;
    mprotect(region.start, region.size, PROT_READ | PROT_WRITE);
    for (auto& slot : the_trap.regions) {
        trapped_region* expected = nullptr;
        if (slot.compare_exchange_strong(expected, &region)) return;
    }
    munmap(all, region.size + 2 * region.guard);
    LASTBIT_EXPECTS(false, std::string("memory_trap: more than 256 operands are guarded at a time"));
}

inline void release(trapped_region& region) noexcept {
    for (auto& slot : the_trap.regions) {
        trapped_region* expected = &region;
        if (slot.compare_exchange_strong(expected, nullptr)) break;
    }
    munmap(region.start - region.guard, region.size + 2 * region.guard);
}

/// Closes the pages that were opened.
inline void close_guards(trapped_region& region) noexcept {
    mprotect(region.start - region.guard, region.guard, PROT_NONE);
    mprotect(region.start + region.size, region.guard, PROT_NONE);
}

inline void install_trap() {
    std::lock_guard const lock(the_trap.mutex);
    if (the_trap.users++ != 0) return;
    struct sigaction action {};
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    sigaction(SIGSEGV, &action, &the_trap.before_segv);
    sigaction(SIGBUS, &action, &the_trap.before_bus);
}

inline void remove_trap() noexcept {
    std::lock_guard const lock(the_trap.mutex);
    if (--the_trap.users != 0) return;
    sigaction(SIGSEGV, &the_trap.before_segv, nullptr);
    sigaction(SIGBUS, &the_trap.before_bus, nullptr);
}

/// Sets the thread's escape for as long as it lives.
class escape_scope {
public:
    explicit escape_scope(escape& e) noexcept : before_(current_escape) { current_escape = &e; }
    ~escape_scope() { current_escape = before_; }
    escape_scope(escape_scope const&) = delete;
    escape_scope& operator=(escape_scope const&) = delete;

private:
    escape* before_;
};

template <class Function>
[[gnu::noinline]] bool call_or_escape(Function const& function, escape& e) {
    escape_scope const scope(e);
    if (sigsetjmp(e.place, 1) != 0) return false;
    function();
    return true;
}

#else

struct escape {
    void* address;
};

inline void reserve(trapped_region& region, std::size_t size) {
    region.page = 4096;
    region.size = std::max<std::size_t>((size + region.page - 1) / region.page, 1) * region.page;
    region.start = static_cast<std::byte*>(::operator new(region.size, std::align_val_t(region.page)));
}
inline void release(trapped_region& region) noexcept { ::operator delete(region.start, std::align_val_t(region.page)); }
inline void close_guards(trapped_region&) noexcept {}
inline void install_trap() {}
inline void remove_trap() noexcept {}
template <class Function>
bool call_or_escape(Function const& function, escape&) {
    function();
    return true;
}

#endif

}  // namespace detail

/// While one lives, accesses to the guards of all regions are noted instead of ending the program. Nests; the handlers
/// that it finds (a test framework's, a sanitizer's) get what is not ours, and are back when the last one ends.
class memory_trap {
public:
    memory_trap() { detail::install_trap(); }
    ~memory_trap() { detail::remove_trap(); }
    memory_trap(memory_trap const&) = delete;
    memory_trap& operator=(memory_trap const&) = delete;

    /// function(); false if it touched memory that is nobody's, at `address`, and was left: what it held is lost. An
    /// exception passes through.
    template <class Function>
    [[nodiscard]] bool call(Function const& function, void*& address) const {
        detail::escape e{};
        bool const returned = detail::call_or_escape(function, e);
        address = e.address;
        return returned;
    }
};

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
