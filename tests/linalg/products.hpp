// SPDX-License-Identifier: BSL-1.0
#pragma once
// Matrices for tests, in any layout, and the check that a product's elements have the bits of dot products.

#include "../fold/families.hpp"

#include <lastbit/fold/dot.hpp>
#include <lastbit/linalg.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

namespace lastbit_tests {

/// A matrix stored with gaps, transposed, or backwards.
enum class layout { plain, padded, transposed, spread, backwards };
inline constexpr std::array layouts{layout::plain, layout::padded, layout::transposed, layout::spread,
                                    layout::backwards};

template <class T>
class stored_matrix {
public:
    /// rows x cols of the given numbers, row by row.
    stored_matrix(std::vector<T> const& numbers, std::size_t rows, std::size_t cols, layout how) {
        auto const r = static_cast<std::ptrdiff_t>(rows);
        auto const c = static_cast<std::ptrdiff_t>(cols);
        memory_.assign(2 * (rows + 1) * (cols + 3) + 1, T(77));
        T* const d = memory_.data();
        switch (how) {
            case layout::plain:
                view_ = {d, rows, cols};
                break;
            case layout::padded:
                view_ = {d + 1, rows, cols, c + 3};
                break;
            case layout::transposed:
                view_ = {d, rows, cols, 1, r};
                break;
            case layout::spread:
                view_ = {d, rows, cols, 2 * c + 1, 2};
                break;
            case layout::backwards:
                view_ = {d + rows * cols, rows, cols, -c, -1};
                break;
        }
        for (std::size_t i = 0; i < rows; ++i)
            for (std::size_t j = 0; j < cols; ++j) view_(i, j) = numbers[i * cols + j];
    }
    stored_matrix(stored_matrix const&) = delete;
    stored_matrix& operator=(stored_matrix const&) = delete;

    [[nodiscard]] lastbit::matrix_view<T> view() const { return view_; }

private:
    std::vector<T> memory_;
    lastbit::matrix_view<T> view_;
};

template <class T>
[[nodiscard]] std::vector<T> row_of(lastbit::matrix_view<T const> m, std::size_t i) {
    std::vector<T> x;
    for (std::size_t j = 0; j < m.cols(); ++j) x.push_back(m(i, j));
    return x;
}

/// C = A B by M, each element held against dot of the row and the column.
template <class M, class T>
void check_product(lastbit::matrix_view<T> a, lastbit::matrix_view<T> b, lastbit::matrix_view<T> c) {
    lastbit::gemm<M>(a, b, c);
    for (std::size_t i = 0; i < a.rows(); ++i)
        for (std::size_t j = 0; j < b.cols(); ++j) {
            T const want = lastbit::dot<M>(row_of<T>(a, i), row_of<T>(transposed(b), j));
            if (lastbit::to_bits(c(i, j)) != lastbit::to_bits(want))
                FAIL("element " << i << ", " << j << " of [" << a.rows() << " x " << a.cols() << "] [" << b.rows()
                                << " x " << b.cols() << "]: " << static_cast<double>(c(i, j)) << ", dot gives "
                                << static_cast<double>(want));
        }
}

/// Sizes around the tiles' edges, every layout, on finite and special data.
template <class M, class T>
void check_products() {
    struct shape {
        std::size_t m, k, n;
    };
    std::size_t trial = 0;
    for (shape const s : {shape{1, 1, 1},
                          {1, 5, 1},
                          {2, 3, 2},
                          {3, 17, 5},
                          {4, 16, 8},
                          {5, 33, 9},
                          {9, 20, 3},
                          {11, 31, 1},
                          {3, 130, 33},
                          {6, 7, 67},
                          {13, 2, 17},
                          {4, 0, 3}}) {
        for (layout const how_a : layouts)
            for (layout const how_b : layouts) {
                auto const kind = families[trial % families.size()];
                auto const numbers = make_data<T>(kind, s.k * std::max(s.m, s.n), ++trial);
                stored_matrix<T> const a(numbers.x, s.m, s.k, how_a);
                stored_matrix<T> const b(numbers.y, s.k, s.n, how_b);
                stored_matrix<T> const c(std::vector<T>(s.m * s.n, T(99)), s.m, s.n, layouts[trial % layouts.size()]);
                check_product<M, T>(a.view(), b.view(), c.view());
            }
    }
}

}  // namespace lastbit_tests
