// SPDX-License-Identifier: BSL-1.0
#pragma once
// The products of one vector with all rows of a matrix in twice double's precision, and the rows' squares, in one pass.

#include <lastbit/eft/two_product.hpp>
#include <lastbit/eft/two_sum.hpp>
#include <lastbit/linalg/row_norms.hpp>

#include <algorithm>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// One register of sums, each held in two words, and of sums of squares.
struct wide_sums {
    batch<double> high;
    batch<double> low;
    batch<double> squares;

    [[nodiscard]] static wide_sums zero() noexcept {
        batch<double> const nothing = opaque<double>(broadcast(0.0));
        return {nothing, nothing, nothing};
    }

    /// [ORO05] algorithm 5.3 (Dot2), one step.
    template <bool Squares>
    [[gnu::always_inline]] void add_product(batch<double> const& x, batch<double> const& y) noexcept {
        auto const [product, rest] = two_product(x, y);
        auto const [sum, error] = two_sum(high, product);
        high = sum;
        low = lastbit::add<double>(low, lastbit::add<double>(rest, error));
        if constexpr (Squares) squares = add_square<double>(x, squares);
    }

    /// What a chain of such steps came to.
    [[gnu::always_inline]] void add(wide_sums const& chain) noexcept {
        auto const [sum, error] = two_sum(high, chain.high);
        high = sum;
        low = lastbit::add<double>(low, lastbit::add<double>(chain.low, error));
        squares = lastbit::add<double>(squares, chain.squares);
    }
};

/// The shape of these sums.
struct wide_vector_products {
    static constexpr std::size_t rows = batch_width<double> >= 8 ? 4 : 2;  // that share the vector's registers
    static constexpr std::size_t chain = 256;                              // steps before a register is emptied

    [[nodiscard]] static constexpr std::size_t padded(std::size_t k) noexcept {
        constexpr std::size_t width = batch_width<double>;
        return (k + width - 1) / width * width;
    }

    /// No term meets more additions in either word: a chain, the chains, the lanes.
    [[nodiscard]] static constexpr std::size_t height(std::size_t k, bool by_columns) noexcept {
        std::size_t const steps = by_columns ? k : padded(k) / batch_width<double>;
        return std::min(steps, chain) + (steps + chain - 1) / chain + batch_width<double> + 4;
    }
};

/// sum[i] and rest[i] = row i of m . x, and length[i] bounds the row's length, if Lengths. m has contiguous rows.
/// @param x  [padded(k)], +0 beyond k
template <bool Lengths, binary_format T>
void multiply_wide_by_rows(matrix_view<T const> const& m, double const* x, double* sum, double* rest,
                           double* length) noexcept {
    constexpr std::size_t width = batch_width<double>;
    constexpr std::size_t rows = wide_vector_products::rows;
    constexpr std::size_t run = wide_vector_products::chain * width;
    double const lost = mul(static_cast<double>(m.cols()), opaque_constant(0x1p-1074));
    std::size_t const whole = m.cols() / width * width;
    for (std::size_t i = 0; i < m.rows(); i += rows) {
        std::size_t const count = std::min(rows, m.rows() - i);
        std::array<wide_sums, rows> total;
        total.fill(wide_sums::zero());
        std::array<T const*, rows> row;
        for (std::size_t r = 0; r < rows; ++r) row[r] = &m(i + std::min(r, count - 1), 0);
        for (std::size_t first = 0; first < whole; first += run) {
            std::size_t const end = std::min(whole, first + run);
            std::array<wide_sums, rows> part;
            part.fill(wide_sums::zero());
            for (std::size_t l = first; l < end; l += width) {
                batch<double> const y = opaque<double>(load(x + l));
#pragma GCC unroll 4
                for (std::size_t r = 0; r < rows; ++r)
                    part[r].template add_product<Lengths>(load_as_double(row[r] + l), y);
            }
            for (std::size_t r = 0; r < rows; ++r) total[r].add(part[r]);
        }
        for (std::size_t r = 0; r < count; ++r) {
            alignas(64) std::array<double, width> lane{};
            if (whole < m.cols()) {
                for (std::size_t l = whole; l < m.cols(); ++l) lane[l - whole] = widened(row[r][l]);
                total[r].template add_product<Lengths>(load(lane.data()), load(x + whole));
            }
            store(lane.data(), total[r].high);
            double high = lane[0];
            double low = sum_of_lanes(total[r].low);
            for (std::size_t l = 1; l < width; ++l) {
                auto const [s, e] = two_sum(high, lane[l]);
                high = s;
                low = add(low, e);
            }
            sum[i + r] = high;
            rest[i + r] = low;
            if constexpr (Lengths) length[i + r] = length_bound(add(sum_of_lanes(total[r].squares), lost));
        }
    }
}

/// As above for a matrix with contiguous columns: several registers of rows at a time.
template <bool Lengths, binary_format T>
void multiply_wide_by_columns(matrix_view<T const> const& m, double const* x, double* sum, double* rest,
                              double* length) noexcept {
    constexpr std::size_t width = batch_width<double>;
    constexpr std::size_t registers = wide_vector_products::rows;
    constexpr std::size_t together = registers * width;
    double const lost = mul(static_cast<double>(m.cols()), opaque_constant(0x1p-1074));
    alignas(64) std::array<double, 3 * together> out;
    for (std::size_t i = 0; i < m.rows(); i += together) {
        std::size_t const count = std::min(together, m.rows() - i);
        std::array<T, together> some{};
        std::array<wide_sums, registers> total;
        total.fill(wide_sums::zero());
        for (std::size_t first = 0; first < m.cols(); first += wide_vector_products::chain) {
            std::size_t const end = std::min(m.cols(), first + wide_vector_products::chain);
            std::array<wide_sums, registers> part;
            part.fill(wide_sums::zero());
            for (std::size_t l = first; l < end; ++l) {
                T const* from = &m(i, l);
                if (count < together) from = std::copy_n(from, count, some.begin()) - count;
                batch<double> const y = broadcast(x[l]);
#pragma GCC unroll 4
                for (std::size_t r = 0; r < registers; ++r)
                    part[r].template add_product<Lengths>(load_as_double(from + r * width), y);
            }
            for (std::size_t r = 0; r < registers; ++r) total[r].add(part[r]);
        }
        for (std::size_t r = 0; r < registers; ++r) {
            store(out.data() + r * width, total[r].high);
            store(out.data() + together + r * width, total[r].low);
            store(out.data() + 2 * together + r * width, total[r].squares);
        }
        std::copy_n(out.data(), count, sum + i);
        std::copy_n(out.data() + together, count, rest + i);
        if constexpr (Lengths)
            for (std::size_t r = 0; r < count; ++r) length[i + r] = length_bound(add(out[2 * together + r], lost));
    }
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
