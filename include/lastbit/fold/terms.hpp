// SPDX-License-Identifier: BSL-1.0
#pragma once
// What an order adds up: numbers, or products of numbers, addressed by index.
//
// A terms object puts the term at an index into a state, by itself or with its neighbours in a register:
//   step(state, i)              the term (or, in gemm, a row of terms) at index i
//   step_lanes<V>(state, i)     terms i ... i + width - 1, one in each lane of V
//   step_first<V>(state, i, c)  terms i ... i + c - 1, the other lanes' states unchanged

#include <lastbit/fold/vector.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// Lanes 0 ... count - 1 of each word from `changed`, the others from `before`.
template <class State>
[[gnu::always_inline]] inline void keep_first(State& changed, State const& before, std::size_t count) noexcept {
    for (std::size_t k = 0; k < changed.word.size(); ++k)
        changed.word[k] = first_lanes(count, changed.word[k], before.word[k]);
}

/// x_0, x_1, ... held in U.
template <class U, class T>
struct number_terms {
    T const* x;

    template <class State>
    [[gnu::always_inline]] constexpr void step(State& s, std::size_t i) const {
        s.add(loader<U>::load(x + i));
    }
    template <class V, class State>
    [[gnu::always_inline]] void step_lanes(State& s, std::size_t i) const {
        s.add(loader<V>::load(x + i));
    }
    template <class V, class State>
    [[gnu::always_inline]] void step_first(State& s, std::size_t i, std::size_t count) const {
        State const before = s;
        s.add(load_first<V>(x + i, count));
        keep_first(s, before, count);
    }
};

/// x_0 y_0, x_1 y_1, ... held in U.
template <class U, class T>
struct product_terms {
    T const* x;
    T const* y;

    template <class State>
    [[gnu::always_inline]] constexpr void step(State& s, std::size_t i) const {
        s.add_product(loader<U>::load(x + i), loader<U>::load(y + i));
    }
    template <class V, class State>
    [[gnu::always_inline]] void step_lanes(State& s, std::size_t i) const {
        s.add_product(loader<V>::load(x + i), loader<V>::load(y + i));
    }
    template <class V, class State>
    [[gnu::always_inline]] void step_first(State& s, std::size_t i, std::size_t count) const {
        State const before = s;
        s.add_product(load_first<V>(x + i, count), load_first<V>(y + i, count));
        keep_first(s, before, count);
    }
};

/// x_0, x_1, ... for a state that draws random numbers: it is given the seed and each term's index.
template <class T>
struct seeded_terms {
    T const* x;
    std::uint64_t seed;

    template <class State>
    constexpr void step(State& s, std::size_t i) const {
        s.add(x[i], seed, i);
    }
};

/// x_0 y_0, x_1 y_1, ... likewise.
template <class T>
struct seeded_product_terms {
    T const* x;
    T const* y;
    std::uint64_t seed;

    template <class State>
    constexpr void step(State& s, std::size_t i) const {
        s.add_product(x[i], y[i], seed, i);
    }
};

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
