// SPDX-License-Identifier: BSL-1.0
#pragma once
// C = A B and y = A x for expansions whose words lie in arrays of their own.

#include <lastbit/exact/expansion_matrix.hpp>
#include <lastbit/fold/expansions.hpp>
#include <lastbit/linalg/multiply.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// A matrix of expansions with an array for each word. Examples: expansion_matrix<double, 2>,
/// expansion_matrix_view<float, 3>. Counter-example: matrix_view<double_double const>, which gemm takes, too.
template <class X>
concept split_matrix = requires(X const& x) {
    {expansion_matrix_view<typename X::value_type::word_type, X::value_type::words>(x)};
    { x(std::size_t{}, std::size_t{}) } -> std::convertible_to<typename X::value_type>;
};

namespace detail {

template <native_format T, std::size_t N>
[[nodiscard]] expansion_matrix_view<T, N> enter(expansion_matrix_view<T, N> const& m) noexcept {
    std::array<T const*, N> words;
    for (std::size_t q = 0; q < N; ++q) words[q] = detail::enter(m.word(q).data());
    return {words, m.rows(), m.cols(), m.row_stride(), m.col_stride()};
}

/// True if a word of a and one of b share a byte.
template <native_format T, std::size_t N>
[[nodiscard]] bool overlap(expansion_matrix_view<T, N> const& a, expansion_matrix_view<T, N> const& b) noexcept {
    for (std::size_t q = 0; q < N; ++q)
        for (std::size_t s = 0; s < N; ++s)
            if (overlap(a.word(q), b.word(s))) return true;
    return false;
}

/// Writes what the sums of C's elements come to.
template <native_format T, std::size_t N>
struct element_writer {
    expansion_matrix<T, N>& C;

    template <class State>
    void operator()(State const& state, std::size_t i, std::size_t j) const {
        C(i, j) = rounded<expansion<T, N>>(state.value());
    }

    /// Elements (i, j), (i, j + 1), ..., as many as a register has lanes; false if nothing was written.
    template <class State>
        requires requires(State const& s, std::array<batch<T>, N>& sum) { s.value_in_lanes(sum); }
    [[nodiscard]] bool take_register(State const& state, std::size_t i, std::size_t j) const {
        std::array<batch<T>, N> sum;
        if (!state.value_in_lanes(sum)) return false;
        for (std::size_t q = 0; q < N; ++q) store(C.word(q) + i * C.cols() + j, sum[q]);
        return true;
    }
};

/// finish(state, i, j) for each element of A B, [m x k] [k x n], by the method M. Requires k > 0.
template <class M, native_format T, std::size_t N, class Finish>
void multiply(expansion_matrix_view<T, N> const& A, expansion_matrix_view<T, N> const& B, Finish const& finish) {
    using E = expansion<T, N>;
    if (goes_by_tiles<M, E>(A.rows(), B.cols())) {
        std::vector<panel_word<M, E>> panel(A.cols() * tiling<M, E>::panel_columns);
        environment::guard const guard;
        multiply_in_registers<M>(enter(A), enter(B), panel.data(), finish);
        return;
    }
    if constexpr (uses_lanes<typename method_of<M>::type>) {
        // A dot product for each element, of rows and columns whose words are neighbours.
        expansion_matrix<T, N> a_copy;
        expansion_matrix<T, N> b_copy;
        if (A.col_stride() != 1) a_copy = expansion_matrix<T, N>(A);
        if (B.row_stride() != 1) b_copy = expansion_matrix<T, N>(transposed(B));
        auto const a = A.col_stride() == 1 ? A : a_copy.view();
        auto const columns = B.row_stride() == 1 ? transposed(B) : b_copy.view();
        environment::guard const guard;
        for (std::size_t i = 0; i < a.rows(); ++i)
            for (std::size_t j = 0; j < columns.rows(); ++j) {
                split_product_terms<T, N> const terms{enter_words(a.row(i)), enter_words(columns.row(j))};
                auto state = reduced<M, E>(terms, a.cols());
                finish(state, i, j);
            }
    }
}

}  // namespace detail

/// C = A B: each element by the method M, with the bits of the dot product of its row and column.
///
/// @param  A  [m x k], B [k x n] expansions of one kind, an array for each word, any strides; m, n, k may be 0
/// @param  C  [m x n], every element written
/// Error:     elementwise that of dot. Special: as dot; k = 0 -> +0
/// Order:     the bits of gemm<M> of the same numbers one behind the other
/// Requires:  fitting shapes; C is neither A nor B, nor a part of them; else LASTBIT_EXPECTS fails
/// Cost:      O(m n k), one workspace allocated, copies of A and B in some layouts
template <method_like M, split_matrix X, split_matrix Y, native_format T, std::size_t N>
    requires std::same_as<typename X::value_type, expansion<T, N>> &&
        std::same_as<typename Y::value_type, expansion<T, N>> && detail::holds_products<M, expansion<T, N>>
void gemm(X const& A, Y const& B, expansion_matrix<T, N>& C) {
    expansion_matrix_view<T, N> const a(A);
    expansion_matrix_view<T, N> const b(B);
    detail::expect_product_shapes("gemm", a, b, C);
    LASTBIT_EXPECTS(!detail::overlap(C.view(), a), "gemm: C overlaps A in memory");
    LASTBIT_EXPECTS(!detail::overlap(C.view(), b), "gemm: C overlaps B in memory");
    if (C.empty()) return;
    if (a.cols() == 0) {
        C = expansion_matrix<T, N>(C.rows(), C.cols());
        return;
    }
    detail::multiply<M>(a, b, detail::element_writer<T, N>{C});
}

/// y = A x: each element by the method M, with the bits of the dot product of A's row and x.
///
/// @param  A  [m x k] expansions, an array for each word; x [k]
/// @param  y  [m], every element written
/// Error, special values, order, requirements: as gemm. Cost: O(m k), one workspace allocated
template <method_like M, split_matrix X, split_expansions Y, native_format T, std::size_t N>
    requires std::same_as<typename X::value_type, expansion<T, N>> &&
        std::same_as<typename Y::value_type, expansion<T, N>> && detail::holds_products<M, expansion<T, N>>
void gemv(X const& A, Y const& x, expansion_vector<T, N>& y) {
    expansion_matrix_view<T, N> const a(A);
    LASTBIT_EXPECTS(a.cols() == x.size() && a.rows() == y.size(),
                    "gemv: A has shape " + detail::shape_text(a.rows(), a.cols()) + ", x " +
                        detail::shape_text(x.size()) + " and y " + detail::shape_text(y.size()) +
                        "; x must have A's columns and y its rows");
    auto const column = [](auto const& v) {
        std::array<T const*, N> words;
        for (std::size_t q = 0; q < N; ++q) words[q] = v.word(q);
        return expansion_matrix_view<T, N>(words, v.size(), 1, 1);
    };
    LASTBIT_EXPECTS(!detail::overlap(column(y), a), "gemv: y overlaps A in memory");
    LASTBIT_EXPECTS(!detail::overlap(column(y), column(x)), "gemv: y overlaps x in memory");
    if (y.empty()) return;
    if (a.cols() == 0) {
        y = expansion_vector<T, N>(y.size());
        return;
    }
    detail::multiply<M>(a, column(x), [&y](auto const& state, std::size_t i, std::size_t) {
        y[i] = detail::rounded<expansion<T, N>>(state.value());
    });
}

/// By the default method, multiword<N>.
template <split_matrix X, split_matrix Y, native_format T, std::size_t N>
void gemm(X const& A, Y const& B, expansion_matrix<T, N>& C) {
    gemm<default_method<expansion<T, N>>>(A, B, C);
}
template <split_matrix X, split_expansions Y, native_format T, std::size_t N>
void gemv(X const& A, Y const& x, expansion_vector<T, N>& y) {
    gemv<default_method<expansion<T, N>>>(A, x, y);
}

/// By the accumulator Acc in the order O.
template <accumulator Acc, order O, split_matrix X, split_matrix Y, native_format T, std::size_t N>
void gemm(X const& A, Y const& B, expansion_matrix<T, N>& C) {
    gemm<method<Acc, O>>(A, B, C);
}
template <accumulator Acc, order O, split_matrix X, split_expansions Y, native_format T, std::size_t N>
void gemv(X const& A, Y const& x, expansion_vector<T, N>& y) {
    gemv<method<Acc, O>>(A, x, y);
}

}  // namespace LASTBIT_ABI
}  // namespace lastbit
