// SPDX-License-Identifier: BSL-1.0
#pragma once
// Compares an accumulator's bits, in every order, with the transcription of its rules, on all families of data.

#include "families.hpp"
#include "transcription.hpp"

#include <lastbit/fold.hpp>

#include <catch2/catch.hpp>
#include <trials.hpp>

#include <cstdio>
#include <string>

namespace lastbit_tests {

/// Bits in hexadecimal.
template <class T>
[[nodiscard]] std::string hex(T x) {
    char text[32];
    std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(lastbit::to_bits(x)));
    return text;
}

/// The bits a kernel must return for a transcription's result: any NaN is the positive quiet one without payload.
template <class T>
[[nodiscard]] auto expected_bits(T x) {
    using bits_type = typename lastbit::format<T>::bits_type;
    constexpr int fraction = lastbit::format<T>::precision - 1;
    constexpr auto infinite =
        static_cast<bits_type>(((bits_type{1} << (lastbit::format<T>::storage_bits - 1 - fraction)) - 1) << fraction);
    auto const magnitude = static_cast<bits_type>(
        lastbit::to_bits(x) & static_cast<bits_type>(~(bits_type{1} << (lastbit::format<T>::storage_bits - 1))));
    return magnitude > infinite ? static_cast<bits_type>(infinite | (bits_type{1} << (fraction - 1)))
                                : lastbit::to_bits(x);
}

/// 0 ... 199 and a few beyond; fewer where trials are scaled down.
[[nodiscard]] inline std::vector<std::size_t> sizes() {
    std::vector<std::size_t> n;
    std::size_t const step = LASTBIT_TEST_SCALE < 1 ? 7 : 1;
    for (std::size_t i = 0; i < 200; i += step) n.push_back(i);
    for (std::size_t const i : {256U, 257U, 511U, 1000U, 4099U}) n.push_back(i);
    return n;
}

template <class T>
void expect_bits(T got, T want, char const* what, family kind, std::size_t n, std::uint64_t seed) {
    if (lastbit::to_bits(got) == expected_bits(want)) return;
    FAIL(what << " of " << lastbit::format<T>::name << ", family " << static_cast<int>(kind) << ", n = " << n
              << ", seed " << seed << ": got " << hex(got) << ", the transcription " << hex(want));
}

/// Sums and dot products by the accumulator A in one order against run(put, n), the transcription in that order.
template <class A, class O, class T, class Held, class Run>
void check_order(family kind, std::size_t n, std::uint64_t seed, pair_of_vectors<T> const& data, Run run) {
    // Not a structured binding: Clang 14 captures none.
    auto const& x = data.x;
    auto const& y = data.y;
    auto const sum = run([&](auto& state, std::size_t i) { state.add(static_cast<Held>(x[i])); });
    auto const dot =
        run([&](auto& state, std::size_t i) { state.add_product(static_cast<Held>(x[i]), static_cast<Held>(y[i])); });
    T const zero = lastbit::from_bits<T>(0);
    auto const what = lastbit::method<A, O>::name();
    expect_bits(lastbit::sum<A, O>(x), n == 0 ? zero : transcription::narrowed<T>(sum.value()), ("sum " + what).c_str(),
                kind, n, seed);
    expect_bits(lastbit::dot<A, O>(x, y), n == 0 ? zero : transcription::narrowed<T>(dot.value()),
                ("dot " + what).c_str(), kind, n, seed);
}

/// The orders; others with other parameters have their own tests. State: the transcription in the format Held.
template <class A, class State, class T, class Held>
void check_bits() {
    constexpr std::size_t natural_lanes = sizeof(T) == 8 ? 16 : 32;
    using lastbit::lanes;
    using lastbit::pairwise;
    for (std::uint64_t seed = 1; seed <= trials(1); ++seed)
        for (family const kind : families)
            for (std::size_t const n : sizes()) {
                auto const data = make_data<T>(kind, n, seed);
                auto const in_order = [&](auto put) { return transcription::in_sequence<State>(0, n, put); };
                auto const in_lanes = [&](std::size_t count) {
                    return [=](auto put) { return transcription::in_lanes<State>(n, count, put); };
                };
                auto const in_blocks = [&](std::size_t block) {
                    return [=](auto put) { return transcription::in_halves<State>(0, n, block, put); };
                };
                check_order<A, lastbit::sequential, T, Held>(kind, n, seed, data, in_order);
                check_order<A, lanes<>, T, Held>(kind, n, seed, data, in_lanes(natural_lanes));
                check_order<A, pairwise<>, T, Held>(kind, n, seed, data, in_blocks(128));
                check_order<A, pairwise<1>, T, Held>(kind, n, seed, data, in_blocks(1));
            }
}

/// The default method of an accumulator alone is lanes<>.
template <class A, class T>
void check_default_order() {
    auto const [x, y] = make_data<T>(family::ordinary, 777, 1);
    CHECK(lastbit::to_bits(lastbit::sum<A>(x)) == lastbit::to_bits(lastbit::sum<A, lastbit::lanes<>>(x)));
    CHECK(lastbit::to_bits(lastbit::dot<A>(x, y)) == lastbit::to_bits(lastbit::dot<A, lastbit::lanes<>>(x, y)));
}

/// Runs `published(x, y)` on finite data without zeros or underflow and compares it with sequential sums or products.
template <class T, class Ours, class Published>
void check_published(Ours ours, Published published) {
    for (std::uint64_t seed = 1; seed <= trials(2); ++seed)
        for (std::size_t n = 1; n < 200; ++n) {
            auto const data = make_data<T>(family::ordinary, n, 100 + seed);
            T const got = ours(data.x, data.y);
            T const want = published(std::span<T const>(data.x), std::span<T const>(data.y));
            expect_bits(got, want, "published algorithm", family::ordinary, n, seed);
        }
}

}  // namespace lastbit_tests
