// SPDX-License-Identifier: BSL-1.0
#pragma once
// Matrix products in an order without lanes: a register holds one row and several columns of C, each lane its own sum.
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

/// The products of a block of rows of A with a panel of B; index i is that of the inner dimension.
template <class U, class T, std::size_t Rows, std::size_t Registers>
struct tile_terms {
    T const* a;  // element (0, 0) of the block
    std::ptrdiff_t row_stride;
    std::ptrdiff_t col_stride;
    U const* panel;  // [k x Registers * width], row-major

    template <class State>
    [[gnu::always_inline]] constexpr void step(State& s, std::size_t i) const {
        using V = vector_t<U>;
        std::array<V, Registers> b;
#pragma GCC unroll 4
        for (std::size_t c = 0; c < Registers; ++c)
            b[c] = loader<V>::load(panel + (i * Registers + c) * vector_width<U>);
#pragma GCC unroll 4
        for (std::size_t r = 0; r < Rows; ++r) {
            T const* const element =
                a + static_cast<std::ptrdiff_t>(r) * row_stride + static_cast<std::ptrdiff_t>(i) * col_stride;
            V const x = loader<V>::broadcast(loader<U>::load(element));
#pragma GCC unroll 4
            for (std::size_t c = 0; c < Registers; ++c) s.at[r][c].add_product(x, b[c]);
        }
    }
};

/// Columns first ... first + columns - 1 of B, widened to U and padded with +0 to `width` columns.
template <class U, class T>
void pack_panel(matrix_view<T const> const& b, std::size_t first, std::size_t columns, std::size_t width, U* panel) {
    for (std::size_t i = 0; i < b.rows(); ++i)
        for (std::size_t j = 0; j < width; ++j)
            panel[i * width + j] = j < columns ? loader<U>::load(&b(i, first + j)) : U(0);
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
};

/// Rows first ... first + Rows - 1 of the panel's columns; each element's state goes to finish(state, i, j).
template <class M, std::size_t Rows, class T, class Finish>
void multiply_block(matrix_view<T const> const& a, std::size_t first, held_t<M, T> const* panel, std::size_t column,
                    std::size_t columns, Finish const& finish) {
    using shape = tiling<M, T>;
    using U = typename shape::U;
    using state = tile_state<typename shape::vector_state, Rows, shape::registers>;
    T const* const origin = a.data() + static_cast<std::ptrdiff_t>(first) * a.row_stride();
    tile_terms<U, T, Rows, shape::registers> const terms{origin, a.row_stride(), a.col_stride(), panel};
    state const s = order_of<M>::template run<state>(terms, 0, a.cols());
    for (std::size_t r = 0; r < Rows; ++r)
        for (std::size_t c = 0; c < shape::registers; ++c) {
            std::array<std::array<U, vector_width<U>>, shape::words> lane;
            for (std::size_t k = 0; k < shape::words; ++k) lane[k] = lanes_of<U>(s.at[r][c].word[k]);
            for (std::size_t l = 0; l < vector_width<U> && c * vector_width<U> + l < columns; ++l) {
                typename shape::scalar_state element;
                for (std::size_t k = 0; k < shape::words; ++k) element.word[k] = lane[k][l];
                finish(element, first + r, column + c * vector_width<U> + l);
            }
        }
}

/// All elements of A B. panel has room for A.cols() * tiling::columns numbers.
template <class M, class T, class Finish>
void multiply_by_tiles(matrix_view<T const> const& a, matrix_view<T const> const& b, held_t<M, T>* panel,
                       Finish const& finish) {
    using shape = tiling<M, T>;
    for (std::size_t j = 0; j < b.cols(); j += shape::columns) {
        std::size_t const columns = b.cols() - j < shape::columns ? b.cols() - j : shape::columns;
        pack_panel(b, j, columns, shape::columns, panel);
        std::size_t i = 0;
        for (; a.rows() - i >= shape::rows; i += shape::rows)
            multiply_block<M, shape::rows>(a, i, panel, j, columns, finish);
        for (; i < a.rows(); ++i) multiply_block<M, 1>(a, i, panel, j, columns, finish);
    }
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
