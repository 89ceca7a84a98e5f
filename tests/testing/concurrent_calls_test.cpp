// SPDX-License-Identifier: BSL-1.0
#include <lastbit/testing/concurrent_calls.hpp>

#include "testing/kernels.hpp"
#include <catch2/catch.hpp>

#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

using namespace lastbit;
using namespace lastbit::testing;
using namespace lastbit_tests;

TEST_CASE("concurrent_difference: as many threads and calls as asked for", "[testing][concurrent_calls]") {
    std::mutex mutex;
    std::set<std::thread::id> threads;
    int count = 0;
    auto const kernel = erase([&](std::span<float const>) {
        std::lock_guard const lock(mutex);
        threads.insert(std::this_thread::get_id());
        ++count;
        return 3.0F;
    });
    kernel_trial t;
    t.kind = kernel_kind::sum;
    t.k = 2;
    t.a = {1, 2};
    std::size_t calls = 5;
    CHECK_FALSE(concurrent_difference(kernel, t, 4, 10, {to_bits(3.0F)}, calls).has_value());
    CHECK(threads.size() == 4);
    CHECK(count == 40);
    CHECK(calls == 45);
    auto const found = concurrent_difference(kernel, t, 2, 1, {to_bits(4.0F)}, calls);
    REQUIRE(found.has_value());
    CHECK(found->fault == "concurrency_dependent");
    CHECK((found->got == 3 && found->expected == 4));
}

TEST_CASE("concurrent_difference: an exception of the kernel is passed on", "[testing][concurrent_calls]") {
    auto const kernel = erase([](std::span<float const>) -> float { throw std::runtime_error("of the kernel"); });
    kernel_trial t;
    t.kind = kernel_kind::sum;
    std::size_t calls = 0;
    CHECK_THROWS_AS(concurrent_difference(kernel, t, 2, 1, {0}, calls), std::runtime_error);
}
