// SPDX-License-Identifier: BSL-1.0
#pragma once
// Order lanes<>: the order of a vectorised loop, with a number of lanes that no instruction set changes.

#include <lastbit/fold/bounds.hpp>
#include <lastbit/fold/terms.hpp>

#include <bit>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// The number of lanes of lanes<> for inputs of the format T: 1024 bits of them, 16 for double, 32 for float, bfloat16
/// and float16. Expansions have those of their words, software numbers one.
template <class T>
inline constexpr std::size_t default_lanes = 1;
template <binary_format T>
inline constexpr std::size_t default_lanes<T> = format<T>::storage_bits == 64 ? 16 : 32;
template <native_format T, std::size_t N>
inline constexpr std::size_t default_lanes<expansion<T, N>> = default_lanes<T>;

namespace detail {

/// A state that has no form of several lanes in a register. Example: stochastic's.
template <class State>
concept one_at_a_time = requires {
    State::one_at_a_time;
};

}  // namespace detail

/// Index i goes to lane i mod L; at the end lane i takes lane i + L/2, then i + L/4, ..., by merge. L = 0 means
/// default_lanes of the input's format; other L are powers of two.
template <std::size_t L = 0>
    requires((L & (L - 1)) == 0)
struct lanes {
    static constexpr char const* name = "lanes";

    [[nodiscard]] static constexpr reduction_shape shape(std::size_t n, int default_count) noexcept {
        std::size_t const count = L == 0 ? static_cast<std::size_t>(default_count) : L;
        std::size_t levels = 0;
        for (std::size_t m = 1; m < count; m *= 2) ++levels;
        return {n, count - 1, (n + count - 1) / count + levels, levels};
    }

    /// Terms 0 ... n - 1 of Count lanes, merged into the state of one scalar U.
    template <template <class> class State, class U, std::size_t Default, class Terms>
    [[nodiscard]] static constexpr State<U> run_lanes(Terms const& terms, std::size_t n) {
        constexpr std::size_t count = L == 0 ? Default : L;
        constexpr bool in_registers =
            !detail::one_at_a_time<State<U>> && detail::vector_width < U >> 1 && count % detail::vector_width<U> == 0;
        if constexpr (in_registers) {
            using V = detail::vector_t<U>;
            return merged<State, U>(filled<State<V>, V, count / detail::vector_width<U>>(terms, n));
        } else {
            std::array<State<U>, count> lane;
            for (std::size_t i = 0; i < n; ++i) terms.step(lane[i % count], i);
            for (std::size_t half = count / 2; half > 0; half /= 2)
                for (std::size_t i = 0; i < half; ++i) lane[i].merge(lane[i + half]);
            return lane[0];
        }
    }

    /// The same where State holds one lane each of many sums, as a tile of a matrix product does: lane after lane, in
    /// such a sequence that a few states wait for their partners.
    template <class State, std::size_t Default, class Terms>
    [[nodiscard, gnu::always_inline]] static constexpr State run_tile(Terms const& terms, std::size_t n) {
        constexpr std::size_t count = L == 0 ? Default : L;
        constexpr auto levels = static_cast<std::size_t>(std::bit_width(count));
        std::array<State, levels> waiting;
        std::size_t depth = 0;
        for (std::size_t k = 0; k < count; ++k) {
            State s;
            for (std::size_t i = reversed(k, count); i < n; i += count) terms.step(s, i);
            for (std::size_t partners = k; (partners & 1) != 0; partners >>= 1) {
                waiting[--depth].merge(s);
                s = waiting[depth];
            }
            waiting[depth++] = s;
        }
        return waiting[0];
    }

private:
    /// k < count with its bits in reverse: of two lanes that merge the first comes just before the second.
    [[nodiscard]] static constexpr std::size_t reversed(std::size_t k, std::size_t count) noexcept {
        std::size_t lane = 0;
        for (std::size_t m = 1; m < count; m *= 2) {
            lane = 2 * lane + (k & 1);
            k >>= 1;
        }
        return lane;
    }

    /// All terms in Registers states of V: whole rows of lanes, then whole registers, then the last lanes.
    template <class State, class V, std::size_t Registers, class Terms>
    [[nodiscard, gnu::always_inline]] static std::array<State, Registers> filled(Terms const& terms, std::size_t n) {
        constexpr std::size_t width = detail::loader<V>::width;
        constexpr std::size_t row = width * Registers;
        std::array<State, Registers> s;
        std::size_t i = 0;
        for (; n - i >= row; i += row) {
#pragma GCC unroll 16
            for (std::size_t r = 0; r < Registers; ++r) terms.template step_lanes<V>(s[r], i + r * width);
        }
        for (std::size_t r = 0; r < Registers && i < n; ++r) {
            if (n - i >= width) {
                terms.template step_lanes<V>(s[r], i);
                i += width;
            } else {
                terms.template step_first<V>(s[r], i, n - i);
                i = n;
            }
        }
        return s;
    }

    template <template <class> class State, class U, class VectorState, std::size_t Registers>
    [[nodiscard, gnu::always_inline]] static State<U> merged(std::array<VectorState, Registers> s) {
        for (std::size_t half = Registers / 2; half > 0; half /= 2)
            for (std::size_t r = 0; r < half; ++r) s[r].merge(s[r + half]);
        merge_lanes<detail::vector_width<U> / 2>(s[0]);
        State<U> out;
        using word_type = typename decltype(out.word)::value_type;
        for (std::size_t k = 0; k < out.word.size(); ++k) out.word[k] = detail::lanes_of<word_type>(s[0].word[k])[0];
        return out;
    }

    /// Lanes 0 ... Half - 1 take lanes Half ... 2 Half - 1, and so on down to one.
    template <std::size_t Half, class VectorState>
    [[gnu::always_inline]] static void merge_lanes(VectorState& s) {
        if constexpr (Half > 0) {
            VectorState upper = s;
            for (auto& word : upper.word) word = lanes_down<Half>(word);
            s.merge(upper);
            merge_lanes<Half / 2>(s);
        }
    }
};

}  // namespace LASTBIT_ABI
}  // namespace lastbit
