// SPDX-License-Identifier: BSL-1.0
#pragma once
// Which register holds which number format, how many lanes it has, and how it is filled from memory.

#include <lastbit/base/half_batch.hpp>
#include <lastbit/exact/expansion.hpp>

#include <array>
#include <cstddef>
#include <type_traits>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// x, all words computed before the guard ends.
template <native_format T, std::size_t N>
[[nodiscard, gnu::always_inline]] inline expansion<T, N> leave(expansion<T, N> const& x) noexcept {
    std::array<T, N> word = x.to_array();
    for (T& w : word) w = leave(w);
    return expansion<T, N>::from_nonoverlapping(word);
}

/// The register of numbers of the format U and its number of lanes. Software numbers have no register but themselves.
template <class U>
struct vector_of {
    using type = U;
    static constexpr std::size_t width = 1;
};
template <native_format U>
struct vector_of<U> {
    using type = batch<U>;
    static constexpr std::size_t width = batch_width<U>;
};
template <half_format U>
struct vector_of<U> {
    using type = half_batch<U>;
    static constexpr std::size_t width = batch_width<float>;
};

/// An expansion where accumulators take its words apart, several in a register.
template <native_format T, std::size_t N>
struct expansion_lane : expansion<T, N> {
    using expansion<T, N>::expansion;
    constexpr expansion_lane(expansion<T, N> const& x) noexcept : expansion<T, N>(x) {}
};

/// One register for each word: an expansion in each lane.
template <native_format T, std::size_t N>
struct expansion_batch {
    std::array<batch<T>, N> word;
};
template <native_format T, std::size_t N>
struct vector_of<expansion_lane<T, N>> {
    using type = expansion_batch<T, N>;
    static constexpr std::size_t width = batch_width<T>;
};

template <class U>
using vector_t = typename vector_of<U>::type;
template <class U>
inline constexpr std::size_t vector_width = vector_of<U>::width;

/// The scalar U or the register vector_t<U>, loaded from numbers of the format T, which widen exactly to U.
template <class V>
struct loader;

template <class U>
    requires(binary_format<U> || software_number<U>)
struct loader<U> {
    static constexpr std::size_t width = 1;
    template <class T>
    [[gnu::always_inline]] static constexpr U load(T const* from) {
        if constexpr (std::same_as<U, T>) return *from;
        else return static_cast<U>(*from);
    }
    [[gnu::always_inline]] static constexpr U broadcast(U const& x) { return x; }
};

template <native_format U>
struct loader<batch<U>> {
    static constexpr std::size_t width = batch_width<U>;
    template <class T>
    [[gnu::always_inline]] static batch<U> load(T const* from) noexcept {
        if constexpr (std::same_as<U, T>) {
            return lastbit::load(from);
        } else if constexpr (std::same_as<U, double>) {
            return load_as_double(from);
        } else {
            return load_widened(from);
        }
    }
    [[gnu::always_inline]] static batch<U> broadcast(U x) noexcept { return lastbit::broadcast(x); }
};

template <half_format U>
struct loader<half_batch<U>> {
    static constexpr std::size_t width = batch_width<float>;
    [[gnu::always_inline]] static half_batch<U> load(U const* from) noexcept { return {load_widened(from)}; }
    [[gnu::always_inline]] static half_batch<U> broadcast(U x) noexcept {
        return {lastbit::broadcast(static_cast<float>(x))};
    }
};

template <native_format T, std::size_t N>
struct loader<expansion_batch<T, N>> {
    static constexpr std::size_t width = batch_width<T>;
    [[gnu::always_inline]] static expansion_batch<T, N> load(expansion<T, N> const* from) noexcept {
        alignas(64) std::array<std::array<T, width>, N> words;
        for (std::size_t i = 0; i < width; ++i)
            for (std::size_t q = 0; q < N; ++q) words[q][i] = from[i][q];
        expansion_batch<T, N> x;
        for (std::size_t q = 0; q < N; ++q) x.word[q] = lastbit::load(words[q].data());
        return x;
    }
    [[gnu::always_inline]] static expansion_batch<T, N> broadcast(expansion<T, N> const& x) noexcept {
        expansion_batch<T, N> out;
        for (std::size_t q = 0; q < N; ++q) out.word[q] = lastbit::broadcast(x[q]);
        return out;
    }
};

/// V filled from the first `count` < width numbers at `from`, the other lanes with +0. Reads nothing behind them.
template <class V, class T>
[[gnu::always_inline]] inline V load_first(T const* from, std::size_t count) noexcept {
    std::array<T, loader<V>::width> padded{};
    for (std::size_t i = 0; i < count; ++i) padded[i] = from[i];
    return loader<V>::load(padded.data());
}

/// The lanes of V as an array of scalars.
template <class U>
[[gnu::always_inline]] inline std::array<U, vector_width<U>> lanes_of(vector_t<U> const& x) noexcept {
    std::array<U, vector_width<U>> out;
    if constexpr (half_format<U>) {
        alignas(64) std::array<float, vector_width<U>> wide;
        store(wide.data(), x.lanes);
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = U(wide[i]);
    } else if constexpr (native_format<U>) {
        store(out.data(), x);
    } else {
        out[0] = x;
    }
    return out;
}

/// -0 and +0 as start values, created behind the guard and unknown to the compiler.
template <class V>
struct neutral {
    static constexpr V sum() { return V(0); }
    static constexpr V error() { return V(0); }
};
template <binary_format U>
struct neutral<U> {
    [[gnu::always_inline]] static constexpr U sum() noexcept {
        return opaque_constant(lastbit::negate(from_bits<U>(0)));
    }
    [[gnu::always_inline]] static constexpr U error() noexcept { return opaque_constant(from_bits<U>(0)); }
};
template <native_format U>
struct neutral<batch<U>> {
    [[gnu::always_inline]] static batch<U> sum() noexcept { return lastbit::broadcast(neutral<U>::sum()); }
    [[gnu::always_inline]] static batch<U> error() noexcept { return lastbit::broadcast(neutral<U>::error()); }
};
template <half_format U>
struct neutral<half_batch<U>> {
    [[gnu::always_inline]] static half_batch<U> sum() noexcept { return {neutral<batch<float>>::sum()}; }
    [[gnu::always_inline]] static half_batch<U> error() noexcept { return {neutral<batch<float>>::error()}; }
};

/// A state's words at the start: -0 for the sum, +0 for the errors.
template <class V, std::size_t Count>
[[nodiscard, gnu::always_inline]] constexpr inline std::array<V, Count> neutral_words() {
    std::array<V, Count> words;
    words[0] = neutral<V>::sum();
    for (std::size_t k = 1; k < Count; ++k) words[k] = neutral<V>::error();
    return words;
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
