// SPDX-License-Identifier: BSL-1.0
#include <lastbit/testing/memory_trap.hpp>

#include <catch2/catch.hpp>

#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <thread>

using namespace lastbit::testing;

namespace {

/// A region that lives as long as a test.
struct region_of_test {
    trapped_region region;
    region_of_test() { detail::reserve(region, 100); }
    ~region_of_test() { detail::release(region); }
    region_of_test(region_of_test const&) = delete;
    region_of_test& operator=(region_of_test const&) = delete;
};

std::byte read(std::byte* p) { return *static_cast<std::byte volatile*>(p); }
void write(std::byte* p) { *static_cast<std::byte volatile*>(p) = std::byte{1}; }

}  // namespace

TEST_CASE("memory_trap: notes reads and writes on either side and lets them go through", "[testing][memory_trap]") {
    region_of_test owner;
    trapped_region& r = owner.region;
    std::byte* const end = r.start + r.size;
    memory_trap const trap;
    void* nowhere = nullptr;
    CHECK(trap.call(
        [&] {
            write(r.start);
            write(end - 1);
        },
        nowhere));
    for (auto const& side : r.seen)
        for (auto const& access : side) CHECK(access.address.load() == nullptr);
    CHECK(trap.call(
        [&] {
            read(end + 12);
            read(end + 2);  // the same page, open by now
            write(r.start - 8);
        },
        nowhere));
    CHECK(r.seen[1][0].address.load() == end + 12);
    CHECK(r.seen[1][1].address.load() == nullptr);
    CHECK(r.seen[0][1].address.load() == r.start - 8);
    detail::close_guards(r);
    for (auto& state : r.opened) state = 0;
    write(end + 4096 * 3);
    CHECK(r.seen[1][1].address.load() == end + 4096 * 3);
}

TEST_CASE("memory_trap: sees what another thread does", "[testing][memory_trap]") {
    region_of_test owner;
    trapped_region& r = owner.region;
    memory_trap const trap;
    std::thread([&] { read(r.start - 1); }).join();
    CHECK(r.seen[0][0].address.load() == r.start - 1);
}

TEST_CASE("memory_trap: leaves a call that touches memory that is nobody's", "[testing][memory_trap]") {
    memory_trap const trap;
    void* address = nullptr;
    auto* const nobody = reinterpret_cast<std::byte*>(std::uintptr_t{64});
    CHECK_FALSE(trap.call([&] { read(nobody); }, address));
    CHECK(address == nobody);
    CHECK_FALSE(trap.call([&] { write(nobody + 1); }, address));
    CHECK(address == nobody + 1);
    bool ran = false;
    CHECK(trap.call([&] { ran = true; }, address));
    CHECK(ran);
}

TEST_CASE("memory_trap: an exception passes through", "[testing][memory_trap]") {
    memory_trap const trap;
    void* address = nullptr;
    CHECK_THROWS_AS(trap.call([] { throw std::runtime_error("of the kernel"); }, address), std::runtime_error);
    CHECK(detail::current_escape == nullptr);
}

TEST_CASE("memory_trap: the handlers found are back afterwards", "[testing][memory_trap]") {
    struct sigaction before {
    }, during{}, after{};
    sigaction(SIGSEGV, nullptr, &before);
    {
        memory_trap const outer;
        { memory_trap const inner; }
        sigaction(SIGSEGV, nullptr, &during);
        CHECK(during.sa_sigaction == detail::on_fault);
    }
    sigaction(SIGSEGV, nullptr, &after);
    CHECK(after.sa_sigaction == before.sa_sigaction);
    CHECK(after.sa_flags == before.sa_flags);
}
