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

/// A row's products summed lane by lane. No wider than 256 bits: what is left of a row is done before a wider register
/// would be, and its halves have been added.
using row_sum = packed < double, batch_width<double><4 ? batch_width<double> : 4>;

[[nodiscard, gnu::always_inline]] inline row_sum add_sums(row_sum const& a, row_sum const& b) noexcept {
    row_sum sum = a + b;
    pass_register(sum);
    return sum;
}
[[nodiscard, gnu::always_inline]] inline batch<double> add_sums(batch<double> const& a,
                                                                batch<double> const& b) noexcept {
    return add<double>(a, b);
}

/// +0 in all lanes.
template <class Sum>
[[nodiscard, gnu::always_inline]] inline Sum no_sum() noexcept {
    if constexpr (std::same_as<Sum, batch<double>>) return opaque<double>(broadcast(0.0));
    else return std::bit_cast<std::array<row_sum, sizeof(batch<double>) / sizeof(row_sum)>>(no_sum<batch<double>>())[0];
}

/// x, or its halves added where a register is wider than a row_sum.
[[nodiscard, gnu::always_inline]] inline row_sum narrowed_sum(batch<double> const& x) noexcept {
    auto const part = std::bit_cast<std::array<row_sum, sizeof(batch<double>) / sizeof(row_sum)>>(x.data);
    if constexpr (part.size() == 1) return part[0];
    else return add_sums(part[0], part[part.size() - 1]);
}

/// A sum that is emptied into another, and that into a third, so that no tree is high.
template <class Sum>
struct tall_sum {
    Sum chains = no_sum<Sum>();
    Sum groups = no_sum<Sum>();

    [[gnu::always_inline]] void add_chain(Sum const& sum, std::size_t number) noexcept {
        chains = add_sums(chains, sum);
        if (number % vector_products::chain != 0) return;
        groups = add_sums(groups, chains);
        chains = no_sum<Sum>();
    }
    [[nodiscard, gnu::always_inline]] Sum total() const noexcept { return add_sums(groups, chains); }
};

/// batch_width<float> numbers, widened exactly to floats.
template <narrow_format T>
[[nodiscard, gnu::always_inline]] inline batch<float> load_floats(T const* from) noexcept {
    if constexpr (std::same_as<T, float>) return load(from);
    else return load_widened<T>(from);
}

/// Sums of four rows' products with a vector, and of all their squares, which were summed in float.
struct row_sums {
    std::array<row_sum, vector_products::rows> products;
    row_sum squares;
};

#if defined(__AVX512F__) && defined(__FMA__)
/// Eight numbers as floats, and as doubles in two halves, exactly.
template <narrow_format T>
struct eight_numbers {
    packed<float, 8> floats;
    packed<double, 4> low;
    packed<double, 4> high;

    [[gnu::always_inline]] explicit eight_numbers(T const* from) noexcept {
        if constexpr (std::same_as<T, float>) {
            floats = _mm256_loadu_ps(from);
            // The upper half from memory: in a register it would have to be moved first.
            high = _mm256_cvtps_pd(_mm_loadu_ps(from + 4));
        } else {
            floats = widened_lanes<8>(from);
            high = _mm256_cvtps_pd(_mm256_extractf128_ps(floats, 1));
        }
        low = _mm256_cvtps_pd(_mm256_castps256_ps128(floats));
    }
};

/// The sums of `steps` steps of four rows, contiguous from row[r] on. Each lane of a product is a chain of two
/// additions a step.
template <bool Squares, narrow_format T>
[[nodiscard, gnu::always_inline]] inline row_sums sum_rows(std::array<T const*, vector_products::rows> const& row,
                                                           std::size_t offset, double const* x,
                                                           std::size_t steps) noexcept {
    constexpr std::size_t rows = vector_products::rows;
    // In halves of registers: processors that compute in halves convert eight numbers at half the speed of twice four.
    packed<double, 4> zero = _mm256_setzero_pd();
    pass_register(zero);
    std::array<packed<double, 4>, rows> low{zero, zero, zero, zero};
    std::array<packed<double, 4>, rows> high = low;
    packed<float, 8> const none = _mm256_castpd_ps(zero);
    std::array<packed<float, 8>, rows> square{none, none, none, none};
    // Hidden, or GCC computes all addresses as differences from one another.
    std::array<T const*, rows> from{row[0] + offset, row[1] + offset, row[2] + offset, row[3] + offset};
    asm("" : "+r"(from[0]), "+r"(from[1]), "+r"(from[2]), "+r"(from[3]));
#    pragma GCC unroll 1
    for (std::size_t i = 0; i < steps * vector_products::step; i += 8) {
        packed<double, 4> x_low = _mm256_loadu_pd(x + i);
        packed<double, 4> x_high = _mm256_loadu_pd(x + i + 4);
        asm volatile("" : "+v"(x_low), "+v"(x_high));  // together, or GCC keeps one of them in memory
#    pragma GCC unroll 4
        for (std::size_t r = 0; r < rows; ++r) {
            eight_numbers<T> const y(from[r] + i);
            low[r] = _mm256_fmadd_pd(y.low, x_low, low[r]);
            high[r] = _mm256_fmadd_pd(y.high, x_high, high[r]);
            if constexpr (Squares) square[r] = _mm256_fmadd_ps(y.floats, y.floats, square[r]);
        }
    }
    row_sums sums;
    for (std::size_t r = 0; r < rows; ++r) sums.products[r] = add_sums(low[r], high[r]);
    packed<float, 8> const squares =
        _mm256_add_ps(_mm256_add_ps(square[0], square[1]), _mm256_add_ps(square[2], square[3]));
    sums.squares =
        add_sums(_mm256_cvtps_pd(_mm256_castps256_ps128(squares)), _mm256_cvtps_pd(_mm256_extractf128_ps(squares, 1)));
    return sums;
}
#else
/// The sums of `steps` steps of four rows, contiguous from row[r] on. Each lane of a product is a chain of two
/// additions a step.
template <bool Squares, narrow_format T>
[[nodiscard, gnu::always_inline]] inline row_sums sum_rows(std::array<T const*, vector_products::rows> const& row,
                                                           std::size_t offset, double const* x,
                                                           std::size_t steps) noexcept {
    constexpr std::size_t width = batch_width<double>;
    constexpr std::size_t rows = vector_products::rows;
    std::array<batch<double>, rows> s;
    s.fill(opaque<double>(broadcast(0.0)));
    std::array<batch<float>, rows> q;
    q.fill(opaque<float>(broadcast(0.0F)));
    for (std::size_t t = 0; t < steps; ++t) {
        std::size_t const i = t * vector_products::step;
        // Hidden, or GCC loads them again for each row.
        batch<double> const x_low = opaque<double>(load(x + i));
        batch<double> const x_high = opaque<double>(load(x + i + width));
#    pragma GCC unroll 4
        for (std::size_t r = 0; r < rows; ++r) {
            auto const [low, high] = load_doubles(row[r] + offset + i);
            s[r] = add_exact_product(high, x_high, add_exact_product(low, x_low, s[r]));
            if constexpr (Squares) q[r] = add_square<float>(load_floats(row[r] + offset + i), q[r]);
        }
    }
    auto const [low, high] = widen(add<float>(add<float>(q[0], q[1]), add<float>(q[2], q[3])));
    return {{narrowed_sum(s[0]), narrowed_sum(s[1]), narrowed_sum(s[2]), narrowed_sum(s[3])},
            narrowed_sum(add<double>(low, high))};
}
#endif

/// Lane by lane a sum of a's lanes beside one of b's: `Block` of a's, `Block` of b's, and so on.
template <std::size_t Block>
[[nodiscard, gnu::always_inline]] inline row_sum add_blocks(row_sum const& a, row_sum const& b) noexcept {
    constexpr std::size_t width = sizeof(row_sum) / sizeof(double);
    constexpr auto lane = [](std::size_t i, std::size_t from) {
        std::size_t const place = i % (2 * Block);
        return static_cast<int>(i - place + place % Block + from + (place < Block ? 0 : width));
    };
    return [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
        return add_sums(__builtin_shufflevector(a, b, lane(I, 0)...), __builtin_shufflevector(a, b, lane(I, Block)...));
    }
    (std::make_index_sequence<width>());
}

/// to[r] = the sum of the lanes of x[r].
template <std::size_t Width = sizeof(row_sum) / sizeof(double)>
[[gnu::always_inline]] inline void sum_lanes(std::array<row_sum, vector_products::rows> const& x, double* to) noexcept {
    static_assert(vector_products::rows == 4 && (Width == 2 || Width == 4));
    row_sum const first = add_blocks<1>(x[0], x[1]);
    row_sum const second = add_blocks<1>(x[2], x[3]);
    if constexpr (Width == 2) {
        __builtin_memcpy(to, &first, sizeof first);
        __builtin_memcpy(to + 2, &second, sizeof second);
    } else {
        row_sum const sum = add_blocks<2>(first, second);
        __builtin_memcpy(to, &sum, sizeof sum);
    }
}

/// multiply_rows for any k.
template <bool Squares, narrow_format T>
[[gnu::noinline]] void multiply_tall_rows(std::array<T const*, vector_products::rows> row, double const* x,
                                          std::size_t k, double* sum, row_sum& square) noexcept {
    using shape = vector_products;
    std::array<tall_sum<row_sum>, shape::rows> tall;
    row_sum squares = no_sum<row_sum>();
    std::size_t number = 0;
    auto const add_chain = [&](auto const& from, std::size_t offset, double const* y, std::size_t steps)
        __attribute__((always_inline)) {
        row_sums const part = sum_rows<Squares>(from, offset, y, steps);
        ++number;
        for (std::size_t r = 0; r < shape::rows; ++r) tall[r].add_chain(part.products[r], number);
        if constexpr (Squares) squares = add_sums(squares, part.squares);
    };
    std::size_t const whole = k / shape::step;
    for (std::size_t t = 0; t < whole; t += shape::chain / 2)
        add_chain(row, t * shape::step, x + t * shape::step, std::min(whole - t, shape::chain / 2));
    if (k % shape::step != 0) {
        std::array<std::array<T, shape::step>, shape::rows> tail{};
        for (std::size_t r = 0; r < shape::rows; ++r) {
            std::copy_n(row[r] + whole * shape::step, k % shape::step, tail[r].begin());
            row[r] = tail[r].data();
        }
        add_chain(row, 0, x + whole * shape::step, 1);
    }
    sum_lanes({tall[0].total(), tall[1].total(), tall[2].total(), tall[3].total()}, sum);
    square = squares;
}

/// sum[r] = row[r] . x, rounded, for four contiguous rows. If Squares, `square` = lanes whose sum is that of all their
/// squares, computed in float in chains of at most 2^8 and hence infinite where it exceeds float.
/// @param x  [padded(k)], +0 beyond k
template <bool Squares, narrow_format T>
[[gnu::always_inline]] inline void multiply_rows(std::array<T const*, vector_products::rows> const& row,
                                                 double const* x, std::size_t k, double* sum,
                                                 row_sum& square) noexcept {
    using shape = vector_products;
    if (k % shape::step != 0 || k / shape::step > shape::chain / 2)
        return multiply_tall_rows<Squares>(row, x, k, sum, square);
    row_sums const part = sum_rows<Squares>(row, 0, x, k / shape::step);
    sum_lanes(part.products, sum);
    if constexpr (Squares) square = part.squares;
}

/// sum[i] = row i of m . x. If Lengths, length[i] bounds the length of row i, by that of four rows together. m has
/// contiguous rows.
template <bool Lengths, narrow_format T>
void multiply_by_rows(matrix_view<T const> const& m, double const* x, double* sum, double* length) noexcept {
    constexpr std::size_t rows = vector_products::rows;
    // Each square in float loses at most half a smallest subnormal where it underflows.
    double const lost = mul(static_cast<double>(rows * m.cols()), 0x1p-150);
    for (std::size_t i = 0; i < m.rows(); i += rows * rows) {
        // Four times four rows, whose squares are summed across the lanes together.
        std::array<row_sum, rows> square;
        square.fill(no_sum<row_sum>());
        std::size_t const end = std::min(m.rows(), i + rows * rows);
        for (std::size_t first = i; first < end; first += rows) {
            std::size_t const count = std::min(rows, end - first);
            std::array<T const*, rows> row;
            std::array<double, rows> s;
            for (std::size_t r = 0; r < rows; ++r) row[r] = &m(first + std::min(r, count - 1), 0);
            multiply_rows<Lengths>(row, x, m.cols(), s.data(), square[(first - i) / rows]);
            if (count == rows) __builtin_memcpy(sum + first, s.data(), sizeof s);  // copy_n calls memmove
            else std::copy_n(s.begin(), count, sum + first);
        }
        if constexpr (Lengths) {
            std::array<double, rows> squares;
            sum_lanes(square, squares.data());
            for (std::size_t first = i; first < end; first += rows)
                std::fill_n(length + first, std::min(rows, end - first),
                            length_bound(add(squares[(first - i) / rows], lost)));
        }
    }
}

/// As above for a matrix with contiguous columns: two steps of rows at a time.
template <bool Lengths, narrow_format T>
void multiply_by_columns(matrix_view<T const> const& m, double const* x, double* sum, double* length) noexcept {
    using shape = vector_products;
    constexpr std::size_t width = batch_width<double>;
    auto const zero = no_sum<batch<double>>();
    alignas(64) std::array<double, 2 * shape::step> s;
    alignas(64) std::array<double, 2 * shape::step> q;
    for (std::size_t i = 0; i < m.rows(); i += 2 * shape::step) {
        std::size_t const count = std::min(2 * shape::step, m.rows() - i);
        std::array<T, 2 * shape::step> some{};
        std::array<tall_sum<batch<double>>, 4> tall;
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
