// SPDX-License-Identifier: BSL-1.0
#include <lastbit/testing/properties/thread_invariant.hpp>

#include "testing/kernels.hpp"
#include <catch2/catch.hpp>

#include <atomic>
#include <thread>

using namespace lastbit;
using namespace lastbit::testing;
using namespace lastbit_tests;

namespace {

std::atomic<int> threads{1};
void set_threads(int count) { threads = count; }

/// Each of the threads sums a part; the parts are added in turn.
template <class T>
T parted_sum(std::span<T const> x) {
    auto const count = static_cast<std::size_t>(threads.load());
    std::size_t const part = (x.size() + count - 1) / count;
    T total(0);
    for (std::size_t first = 0; first < x.size(); first += part) {
        T partial(0);
        for (T const value : x.subspan(first, std::min(part, x.size() - first))) partial = add(partial, value);
        total = add(total, partial);
    }
    return total;
}

/// Two threads, each with half of the rows.
void threaded_gemm(view<float const> a, view<float const> b, view<float> c) {
    std::size_t const half = c.rows() / 2;
    std::thread other([&] { loop_gemm<float>(a.row_block(0, half), b, c.row_block(0, half)); });
    loop_gemm<float>(a.row_block(half, a.rows() - half), b, c.row_block(half, c.rows() - half));
    other.join();
}

}  // namespace

TEST_CASE("is_thread_invariant: true where each element is one thread's", "[testing][thread_invariant]") {
    CHECK(is_thread_invariant(threaded_gemm, set_threads));
    CHECK(is_thread_invariant(loop_gemv<float>));
    CHECK(is_thread_invariant(exact_sum<double>, set_threads));
}

TEST_CASE("is_thread_invariant: partial sums by thread", "[testing][thread_invariant]") {
    auto const result = is_thread_invariant(parted_sum<float>, set_threads);
    CHECK_FALSE(result);
    CHECK(result.finding.fault == "thread_dependent");
    CHECK(result.k == 4);  // two and two: three terms have one order
    CHECK(threads == 1);
    CHECK(is_thread_invariant(parted_sum<float>));  // the number is not changed
}

TEST_CASE("is_thread_invariant: calls that share a workspace", "[testing][thread_invariant]") {
    static std::atomic<int> inside{0};
    // What a shared workspace does to a result, without its undefined behaviour: another's number shows up.
    auto const kernel = [](std::span<double const> x) {
        ++inside;
        std::this_thread::yield();
        double total = 0;
        for (double const value : x) total = add(total, value);
        double const extra = inside.load() > 1 ? 1.0 : 0.0;
        std::this_thread::sleep_for(std::chrono::microseconds(200));
        --inside;
        return total + extra;
    };
    auto const result = is_thread_invariant(kernel);
    CHECK_FALSE(result);
    CHECK(result.finding.fault == "concurrency_dependent");
    CHECK(result.k <= 1);
}

TEST_CASE("is_thread_invariant: an access out of bounds by another thread is a finding",
          "[testing][thread_invariant]") {
    auto const kernel = [](std::span<float const> x) {
        float beside = 0;
        std::thread([&] { beside = *(x.data() - 1); }).join();
        float const total = sum(x);
        return beside > 5e30F ? beside : total;
    };
    auto const result = is_thread_invariant(kernel);
    CHECK_FALSE(result);
    CHECK(result.finding.fault == "read_before_start");
}
