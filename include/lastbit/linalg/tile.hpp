// SPDX-License-Identifier: BSL-1.0
#pragma once
// Matrix products whose registers hold one row and several columns of C, each lane its own sum.
//
// Every element's terms meet in the order of the dot product, so it has the dot product's bits; the register file is
// filled by elements instead of by partial sums. B is packed into panels of as many columns as a tile has.

#include <lastbit/fold/method.hpp>
#include <lastbit/linalg/overlap.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// Rows x Registers states, one register of columns in each.
template <class State, std::size_t Rows, std::size_t Registers>
struct tile_state {
    std::array<std::array<State, Registers>, Rows> at;

    [[gnu::always_inline]] constexpr void merge(tile_state const& b) {
        for (std::size_t r = 0; r < Rows; ++r)
            for (std::size_t c = 0; c < Registers; ++c) at[r][c].merge(b.at[r][c]);
    }
};

/// How a register of numbers of U lies in a panel: `words` registers of `word`, one behind the other.
template <class U>
struct packed_register {
    using word = U;
    static constexpr std::size_t words = 1;
    [[gnu::always_inline]] static constexpr vector_t<U> load(word const* from) {
        return loader<vector_t<U>>::load(from);
    }
    [[gnu::always_inline]] static constexpr void store(U const& x, word* to) { *to = x; }
};
template <native_format T, std::size_t N>
struct packed_register<expansion_lane<T, N>> {
    using word = T;
    static constexpr std::size_t words = N;
    [[gnu::always_inline]] static expansion_batch<T, N> load(word const* from) noexcept {
        expansion_batch<T, N> x;
        unrolled<N>([&](auto q)
                        __attribute__((always_inline)) { x.word[q] = lastbit::load(from + q * batch_width<T>); });
        return x;
    }
    [[gnu::always_inline]] static constexpr void store(expansion<T, N> const& x, word* to) noexcept {
        for (std::size_t q = 0; q < N; ++q) to[q * batch_width<T>] = x[q];
    }
};

/// Element (i, j) of a matrix, held in U.
template <class U, class Matrix>
[[nodiscard, gnu::always_inline]] constexpr inline U element(Matrix const& m, std::size_t i, std::size_t j) {
    if constexpr (std::is_lvalue_reference_v<decltype(m(i, j))>) return loader<U>::load(&m(i, j));
    else return U(m(i, j));
}

/// The products of a block of rows of A with a panel of B; index i is that of the inner dimension. Swapped: those of B
/// with A, whose bits differ where numbers have more than one word.
template <class U, class Matrix, std::size_t Rows, std::size_t Registers, bool Swapped>
struct tile_terms {
    Matrix const& a;
    std::size_t first;                               // row of A
    typename packed_register<U>::word const* panel;  // [k x Registers] registers, row-major

    template <class State>
    [[gnu::always_inline]] constexpr void step(State& s, std::size_t i) const {
        using V = vector_t<U>;
        using packed = packed_register<U>;
        std::array<V, Registers> b;
        unrolled<Registers>([&](auto c) __attribute__((always_inline)) {
            b[c] = packed::load(panel + (i * Registers + c) * packed::words * vector_width<U>);
        });
        unrolled<Rows>([&](auto r) __attribute__((always_inline)) {
            V const x = loader<V>::broadcast(element<U>(a, first + r, i));
            unrolled<Registers>([&](auto c) __attribute__((always_inline)) {
                if constexpr (Swapped) s.at[r][c].add_product(b[c], x);
                else s.at[r][c].add_product(x, b[c]);
            });
        });
    }
};

/// Columns first ... first + columns - 1 of B, held in U and padded with +0 to `width` columns, a multiple of a
/// register's.
template <class U, class Matrix>
void pack_panel(Matrix const& b, std::size_t first, std::size_t columns, std::size_t width,
                typename packed_register<U>::word* panel) {
    constexpr std::size_t lanes = vector_width<U>;
    for (std::size_t i = 0; i < b.rows(); ++i)
        for (std::size_t j = 0; j < width; ++j) {
            auto* const to = panel + (i * width + j / lanes * lanes) * packed_register<U>::words + j % lanes;
            packed_register<U>::store(j < columns ? element<U>(b, i, first + j) : U(0), to);
        }
}

template <class M, class T>
struct tiling {
    using U = held_t<M, T>;
    using scalar_state = typename accumulator_of<M>::template state<U>;
    using vector_state = typename accumulator_of<M>::template state<vector_t<U>>;
    static constexpr std::size_t words = std::tuple_size_v<decltype(scalar_state::word)>;
    // At most eight words of state are live at a time, for the sake of 16 registers.
    static constexpr std::size_t registers = 2;
    static constexpr std::size_t rows = words == 1 ? 4 : words == 2 ? 2 : 1;
    static constexpr std::size_t columns = registers * vector_width<U>;
    static constexpr std::size_t panel_columns = columns * packed_register<U>::words;
};

/// The numbers of a matrix.
template <class Matrix>
using number_in = std::remove_cv_t<typename Matrix::value_type>;

/// What a panel is an array of.
template <class M, class T>
using panel_word = typename packed_register<held_t<M, T>>::word;

/// The state of a tile after terms 0 ... n - 1 by the method M.
template <class M, class T, class State, class Terms>
[[nodiscard, gnu::always_inline]] inline State tile_reduced(Terms const& terms, std::size_t n) {
    using O = order_of<M>;
    if constexpr (uses_lanes<typename method_of<M>::type>)
        return O::template run_tile<State, default_lanes<T>>(terms, n);
    else return O::template run<State>(terms, 0, n);
}

/// Whether `finish` takes the states of a register of neighbours at once.
template <class Finish, class State>
concept takes_registers = requires(Finish const& finish, State const& s) {
    { finish.take_register(s, std::size_t{}, std::size_t{}) } -> std::same_as<bool>;
};

/// Rows first ... first + Rows - 1 of the panel's columns; each element's state goes to finish(state, i, j), unless it
/// was taken with its neighbours.
template <class M, bool Swapped, std::size_t Rows, class Matrix, class Finish>
void multiply_block(Matrix const& a, std::size_t first, panel_word<M, number_in<Matrix>> const* panel,
                    std::size_t column, std::size_t columns, Finish const& finish) {
    using T = number_in<Matrix>;
    using shape = tiling<M, T>;
    using U = typename shape::U;
    using word = panel_word<M, T>;
    using state = tile_state<typename shape::vector_state, Rows, shape::registers>;
    tile_terms<U, Matrix, Rows, shape::registers, Swapped> const terms{a, first, panel};
    state const s = tile_reduced<M, T, state>(terms, a.cols());
    for (std::size_t r = 0; r < Rows; ++r)
        for (std::size_t c = 0; c < shape::registers; ++c) {
            if constexpr (takes_registers<Finish, typename shape::vector_state>) {
                std::size_t const j = c * vector_width<U>;
                if (columns >= j + vector_width<U> && finish.take_register(s.at[r][c], first + r, column + j)) continue;
            }
            std::array<std::array<word, vector_width<U>>, shape::words> lane;
            for (std::size_t k = 0; k < shape::words; ++k) lane[k] = lanes_of<word>(s.at[r][c].word[k]);
            for (std::size_t l = 0; l < vector_width<U> && c * vector_width<U> + l < columns; ++l) {
                typename shape::scalar_state element;
                for (std::size_t k = 0; k < shape::words; ++k) element.word[k] = lane[k][l];
                finish(element, first + r, column + c * vector_width<U> + l);
            }
        }
}

/// All elements of A B; Swapped: the transpose of B^T A^T, the factors of each product in this sequence. panel has room
/// for A.cols() * tiling::panel_columns words.
template <class M, bool Swapped = false, class Matrix, class Finish>
void multiply_by_tiles(Matrix const& a, Matrix const& b, panel_word<M, number_in<Matrix>>* panel,
                       Finish const& finish) {
    using shape = tiling<M, number_in<Matrix>>;
    for (std::size_t j = 0; j < b.cols(); j += shape::columns) {
        std::size_t const columns = b.cols() - j < shape::columns ? b.cols() - j : shape::columns;
        pack_panel<typename shape::U>(b, j, columns, shape::columns, panel);
        std::size_t i = 0;
        for (; a.rows() - i >= shape::rows; i += shape::rows)
            multiply_block<M, Swapped, shape::rows>(a, i, panel, j, columns, finish);
        for (; i < a.rows(); ++i) multiply_block<M, Swapped, 1>(a, i, panel, j, columns, finish);
    }
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
