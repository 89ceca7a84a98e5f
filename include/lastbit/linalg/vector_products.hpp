// SPDX-License-Identifier: BSL-1.0
#pragma once
// The products of one vector with all rows of a matrix, and the rows' squares, in one pass over the matrix, unpacked.

#include <lastbit/linalg/row_norms.hpp>

#include <algorithm>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// Sums of products of a vector with rows: what comes out, and how high the trees are in which they are summed.
struct vector_products {
    static constexpr std::size_t step = 2 * batch_width<double>;  // numbers of a row that are loaded together
    static constexpr std::size_t chain = 256;                     // additions to a register before it is emptied
    static constexpr std::size_t rows = 4;                        // rows that share the vector's registers

    /// k rounded up to whole steps.
    [[nodiscard]] static constexpr std::size_t padded(std::size_t k) noexcept { return (k + step - 1) / step * step; }

    /// The height of a sum of k products: a chain in a register, chains, groups of 256 chains, and the lanes.
    /// The same for both layouts: a matrix by columns has one lane a sum, so longer chains.
    [[nodiscard]] static constexpr std::size_t height(std::size_t k, bool by_columns) noexcept {
        std::size_t const additions = by_columns ? k : 2 * (padded(k) / step);
        std::size_t const chains = (additions + chain - 1) / chain + 1;  // one more: what is left of a row's last step
        std::size_t const groups = (chains + chain - 1) / chain + 1;
        return std::min(additions, chain) + std::min(chains, chain) + groups + batch_width<double>;
    }
};

/// A sum that is emptied into another, and that into a third, so that no tree is high.
struct tall_sum {
    batch<double> chains;
    batch<double> groups;

    [[gnu::always_inline]] void add_chain(batch<double> const& sum, std::size_t number) noexcept {
        chains = add<double>(chains, sum);
        if (number % vector_products::chain != 0) return;
        groups = add<double>(groups, chains);
        chains = opaque<double>(broadcast(0.0));
    }
    [[nodiscard, gnu::always_inline]] batch<double> total() const noexcept { return add<double>(groups, chains); }
};

/// batch_width<float> numbers, widened exactly to floats.
template <narrow_format T>
[[nodiscard, gnu::always_inline]] inline batch<float> load_floats(T const* from) noexcept {
    if constexpr (std::same_as<T, float>) return load(from);
    else return load_widened<T>(from);
}

/// Four rows of `steps` steps each, contiguous from row[r] on: each of sum grows by a row's products with x, and the
/// lanes of `squares` together by all rows' squares, these in float.
template <bool Squares, narrow_format T>
[[gnu::always_inline]] inline void add_rows(std::array<T const*, vector_products::rows> const& row, double const* x,
                                            std::size_t steps, std::array<batch<double>, vector_products::rows>& sum,
                                            std::array<batch<float>, vector_products::rows>& squares) noexcept {
    constexpr std::size_t width = batch_width<double>;
    std::array<batch<double>, vector_products::rows> s = sum;
    std::array<batch<float>, vector_products::rows> q = squares;
    for (std::size_t t = 0; t < steps; ++t) {
        std::size_t const i = t * vector_products::step;
        // Hidden, or GCC loads them again for each row.
        batch<double> const x_low = opaque<double>(load(x + i));
        batch<double> const x_high = opaque<double>(load(x + i + width));
#pragma GCC unroll 4
        for (std::size_t r = 0; r < vector_products::rows; ++r) {
            auto const [low, high] = load_doubles(row[r] + i);
            s[r] = add_exact_product(high, x_high, add_exact_product(low, x_low, s[r]));
            if constexpr (Squares) q[r] = add_square<float>(load_floats(row[r] + i), q[r]);
        }
    }
    sum = s;
    squares = q;
}

/// The sum of all lanes of four registers, in double.
[[nodiscard, gnu::always_inline]] inline double sum_of_lanes(
    std::array<batch<float>, vector_products::rows> const& x) noexcept {
    alignas(64) std::array<float, batch_width<float>> lanes;
    store(lanes.data(), add<float>(add<float>(x[0], x[1]), add<float>(x[2], x[3])));
    return sum_of_lanes(add<double>(load_widened(lanes.data()), load_widened(lanes.data() + batch_width<double>)));
}

/// sum[r] = row[r] . x, rounded, for four contiguous rows. Returns the sum of all their squares, computed in float for
/// 2^9 numbers at a time and hence infinite where it exceeds float; 0 unless Squares.
/// @param x  [padded(k)], +0 beyond k
template <bool Squares, narrow_format T>
[[nodiscard, gnu::always_inline]] inline double multiply_rows(std::array<T const*, vector_products::rows> row,
                                                              double const* x, std::size_t k,
                                                              std::array<double, vector_products::rows>& sum) noexcept {
    using shape = vector_products;
    batch<double> const zero = opaque<double>(broadcast(0.0));
    std::array<tall_sum, shape::rows> tall;
    tall.fill({zero, zero});
    double square = opaque_constant(0.0);
    std::size_t number = 0;
    auto const add_chain = [&](double const* y, std::size_t steps) __attribute__((always_inline)) {
        std::array<batch<double>, shape::rows> part;
        part.fill(zero);
        std::array<batch<float>, shape::rows> squares;
        squares.fill(opaque<float>(broadcast(0.0F)));
        add_rows<Squares>(row, y, steps, part, squares);
        ++number;
        for (std::size_t r = 0; r < shape::rows; ++r) tall[r].add_chain(part[r], number);
        if constexpr (Squares) square = add(square, sum_of_lanes(squares));
    };
    std::size_t const whole = k / shape::step;
    for (std::size_t t = 0; t < whole; t += shape::chain / 2) {
        std::size_t const steps = std::min(whole - t, shape::chain / 2);
        add_chain(x + t * shape::step, steps);
        for (std::size_t r = 0; r < shape::rows; ++r) row[r] += steps * shape::step;
    }
    if (std::size_t const rest = k % shape::step; rest != 0) {
        std::array<std::array<T, shape::step>, shape::rows> tail{};
        for (std::size_t r = 0; r < shape::rows; ++r) {
            std::copy_n(row[r], rest, tail[r].begin());
            row[r] = tail[r].data();
        }
        add_chain(x + whole * shape::step, 1);
    }
    for (std::size_t r = 0; r < shape::rows; ++r) sum[r] = sum_of_lanes(tall[r].total());
    return square;
}

/// sum[i] = row i of m . x. If Lengths, length[i] bounds the length of row i, by that of four rows together. m has
/// contiguous rows.
template <bool Lengths, narrow_format T>
void multiply_by_rows(matrix_view<T const> const& m, double const* x, double* sum, double* length) noexcept {
    constexpr std::size_t rows = vector_products::rows;
    // Each square in float loses at most half a smallest subnormal where it underflows.
    double const lost = mul(static_cast<double>(rows * m.cols()), 0x1p-150);
    std::array<double, rows> s;
    for (std::size_t i = 0; i < m.rows(); i += rows) {
        std::size_t const count = std::min(rows, m.rows() - i);
        std::array<T const*, rows> row;
        for (std::size_t r = 0; r < rows; ++r) row[r] = &m(i + std::min(r, count - 1), 0);
        double const squares = multiply_rows<Lengths>(row, x, m.cols(), s);
        std::copy_n(s.begin(), count, sum + i);
        if constexpr (Lengths) std::fill_n(length + i, count, length_bound(add(squares, lost)));
    }
}

/// As above for a matrix with contiguous columns: two steps of rows at a time.
template <bool Lengths, narrow_format T>
void multiply_by_columns(matrix_view<T const> const& m, double const* x, double* sum, double* length) noexcept {
    using shape = vector_products;
    constexpr std::size_t width = batch_width<double>;
    batch<double> const zero = opaque<double>(broadcast(0.0));
    alignas(64) std::array<double, 2 * shape::step> s;
    alignas(64) std::array<double, 2 * shape::step> q;
    for (std::size_t i = 0; i < m.rows(); i += 2 * shape::step) {
        std::size_t const count = std::min(2 * shape::step, m.rows() - i);
        std::array<T, 2 * shape::step> some{};
        std::array<tall_sum, 4> tall;
        tall.fill({zero, zero});
        std::array<batch<double>, 4> square;
        square.fill(zero);
        for (std::size_t first = 0, number = 1; first < m.cols(); first += shape::chain, ++number) {
            std::size_t const end = std::min(m.cols(), first + shape::chain);
            std::array<batch<double>, 4> part;
            part.fill(zero);
            for (std::size_t l = first; l < end; ++l) {
                T const* from = &m(i, l);
                if (count < some.size()) {
                    std::copy_n(from, count, some.begin());
                    from = some.data();
                }
                auto const [a, b] = load_doubles(from);
                auto const [c, d] = load_doubles(from + shape::step);
                batch<double> const y = broadcast(x[l]);
                part[0] = add_exact_product(a, y, part[0]);
                part[1] = add_exact_product(b, y, part[1]);
                part[2] = add_exact_product(c, y, part[2]);
                part[3] = add_exact_product(d, y, part[3]);
                if constexpr (Lengths) {
                    square[0] = add_square<double>(a, square[0]);
                    square[1] = add_square<double>(b, square[1]);
                    square[2] = add_square<double>(c, square[2]);
                    square[3] = add_square<double>(d, square[3]);
                }
            }
            for (std::size_t r = 0; r < 4; ++r) tall[r].add_chain(part[r], number);
        }
        for (std::size_t r = 0; r < 4; ++r) {
            store(s.data() + r * width, tall[r].total());
            store(q.data() + r * width, square[r]);
        }
        std::copy_n(s.begin(), count, sum + i);
        if constexpr (Lengths)
            for (std::size_t r = 0; r < count; ++r) length[i + r] = length_bound(q[r]);
    }
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
