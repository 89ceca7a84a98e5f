// SPDX-License-Identifier: BSL-1.0
#pragma once
// What is known of a row before its products are summed: a bound of its length, and a number that divides its elements.
//
// By Cauchy and Schwarz the magnitudes of the products of two rows sum to no more than the product of their lengths.

#include <lastbit/eft/fma.hpp>
#include <lastbit/linalg/panel.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// A format whose products are exact in double. Counter-example: double.
template <class T>
concept narrow_format = binary_format<T> && !std::same_as<T, double>;

/// 1 + 2^-10: covers the rounding of a sum of up to 2^41 terms that are not negative, and of some operations more.
inline constexpr double sum_margin = 0x1.004p0;

/// The root of a sum of squares, not below the exact one. `sum` is a computed sum of up to 2^41 squares.
[[nodiscard, gnu::always_inline]] inline double length_bound(double sum) noexcept {
    return square_root(mul(sum, sum_margin));
}

/// h u (1 + 2^-10), which is not below gamma_h. Requires: h < 2^41.
[[nodiscard, gnu::always_inline]] inline double gamma_bound(std::size_t height) noexcept {
    return mul(mul(static_cast<double>(height), 0x1p-53), sum_margin);
}

/// The sum of all lanes, one by one.
[[nodiscard, gnu::always_inline]] inline double sum_of_lanes(batch<double> const& x) noexcept {
    alignas(64) std::array<double, batch_width<double>> lane;
    store(lane.data(), x);
    double sum = lane[0];
    for (std::size_t i = 1; i < lane.size(); ++i) sum = add(sum, lane[i]);
    return sum;
}

/// fl(x x + sum), fused where there is an instruction for it: a bound does not need its bits.
template <native_format U>
[[nodiscard, gnu::always_inline]] inline batch<U> add_square(batch<U> const& x, batch<U> const& sum) noexcept {
    if constexpr (LASTBIT_HAS_FMA) return fma(x, x, sum);
    else return add<U>(mul<U>(x, x), sum);
}

/// The sum of squares of `count` doubles, rounded in up to `count` additions.
[[nodiscard, gnu::always_inline]] inline double sum_of_squares(double const* x, std::size_t count) noexcept {
    constexpr std::size_t width = batch_width<double>;
    double sum = opaque_constant(0.0);
    std::size_t i = 0;
    if (count >= 4 * width) {
        batch<double> const zero = opaque<double>(broadcast(0.0));
        std::array<batch<double>, 4> part{zero, zero, zero, zero};
        for (; count - i >= 4 * width; i += 4 * width)
            for (std::size_t c = 0; c < 4; ++c) part[c] = add_square<double>(load(x + i + c * width), part[c]);
        sum = sum_of_lanes(add<double>(add<double>(part[0], part[1]), add<double>(part[2], part[3])));
    }
    for (; i < count; ++i) sum = add(sum, mul(x[i], x[i]));
    return sum;
}

/// bound[i] is not below the length of row i of m; infinite or NaN if the row holds something that is not finite, and
/// infinite if a double's square overflows. Where squares vanish in double, it may be far above the length.
/// Requires: fewer than 2^40 columns.
template <binary_format T>
void bound_lengths(matrix_view<T const> const& m, double* bound) noexcept {
    // A square in double loses at most half a smallest subnormal; those of narrower formats lose nothing.
    double const lost = std::same_as<T, double> ? mul(static_cast<double>(m.cols()), opaque_constant(0x1p-1074)) : 0.0;
    alignas(64) std::array<double, run_length> run;
    if (m.row_stride() != 1 || m.rows() == 1) {
        for (std::size_t i = 0; i < m.rows(); ++i) {
            double sum = opaque_constant(0.0);
            for (std::size_t l = 0; l < m.cols(); l += run_length) {
                std::size_t const count = m.cols() - l < run_length ? m.cols() - l : run_length;
                widen_run(&m(i, l), m.col_stride(), count, run.data());
                sum = add(sum, sum_of_squares(run.data(), count));
            }
            bound[i] = length_bound(add(sum, lost));
        }
        return;
    }
    constexpr std::size_t width = batch_width<double>;
    alignas(64) std::array<double, run_length> sum;
    for (std::size_t i = 0; i < m.rows(); i += run_length) {
        std::size_t const count = m.rows() - i < run_length ? m.rows() - i : run_length;
        run.fill(0);
        sum.fill(0);
        for (std::size_t l = 0; l < m.cols(); ++l) {
            widen_run(&m(i, l), 1, count, run.data());
            for (std::size_t r = 0; r < count; r += width)
                store(sum.data() + r, add_square<double>(load(run.data() + r), load(sum.data() + r)));
        }
        for (std::size_t r = 0; r < count; ++r) bound[i + r] = length_bound(add(sum[r], lost));
    }
}

/// 1 / q for the largest power of two q of which x is a multiple; 0 for a zero. Requires: x is finite.
template <narrow_format T>
[[nodiscard]] double inverse_quantum(T x) noexcept {
    if (is_zero(x)) return 0;
    decomposed const d = decompose(x);
    return power_of_two(-(d.exponent + std::countr_zero(d.significand)));
}

/// What quantum_exponent says of zeros.
inline constexpr int no_quantum = 1 << 20;

/// A key that least_quantum_key begins with: of no number but zeros.
inline constexpr std::uint64_t no_quantum_key = ~fields<double>::sign;

/// The exponent that belongs to a key of least_quantum_key; no_quantum for no_quantum_key.
[[nodiscard]] constexpr int exponent_of_key(std::uint64_t key) noexcept {
    if (key == no_quantum_key) return no_quantum;
    auto const biased = static_cast<int>((key + 1) >> 52);
    return biased == 0 ? -1074 : biased - 1023;
}

/// An exponent e such that all `count` numbers are multiples of 2^e; the largest such or one less.
/// Requires: finite numbers.
template <binary_format T>
[[nodiscard]] int quantum_exponent(T const* from, std::ptrdiff_t stride, std::size_t count) noexcept {
    constexpr std::size_t width = batch_width<double>;
    alignas(64) std::array<double, run_length> run{};
    batch<double> least = broadcast(from_bits<double>(no_quantum_key));
    for (std::size_t l = 0; l < count; l += run_length) {
        std::size_t const part = count - l < run_length ? count - l : run_length;
        widen_run(from + static_cast<std::ptrdiff_t>(l) * stride, stride, part, run.data());
        for (std::size_t i = part; i % width != 0; ++i) run[i] = 0;
        for (std::size_t i = 0; i < part; i += width) least = least_quantum_key(load(run.data() + i), least);
    }
    alignas(64) std::array<double, width> lane;
    store(lane.data(), least);
    std::uint64_t key = no_quantum_key;
    for (double const x : lane) key = to_bits(x) < key ? to_bits(x) : key;
    return exponent_of_key(key);
}

/// The same of a few numbers one by one: no less than that of a row which they begin.
template <binary_format T>
[[nodiscard]] int quantum_of_first(T const* from, std::ptrdiff_t stride, std::size_t count) noexcept {
    constexpr std::size_t few = 4;
    int least = no_quantum;
    for (std::size_t l = 0; l < count && l < few; ++l) {
        T const x = from[static_cast<std::ptrdiff_t>(l) * stride];
        if (is_zero(x)) continue;
        decomposed const d = decompose(x);
        int const e = d.exponent + std::countr_zero(d.significand);
        least = e < least ? e : least;
    }
    return least;
}

/// 1 / q for some power of two q of which all `count` numbers are multiples; 0 if all are 0.
/// Requires: finite numbers.
template <narrow_format T>
[[nodiscard]] double inverse_quantum(T const* from, std::ptrdiff_t stride, std::size_t count) noexcept {
    int const e = quantum_exponent(from, stride, count);
    return e == no_quantum ? 0 : power_of_two(-e);
}

/// How many rows that lie side by side are looked at together.
inline constexpr std::size_t quanta_together = 64;

/// As above for each row of m, all in one pass; nothing is written for a row whose bound of its length is not finite.
/// Requires: m.row_stride() == 1; at most quanta_together rows.
template <narrow_format T>
void inverse_quanta(matrix_view<T const> const& m, double const* length, double* inverse) noexcept {
    constexpr std::size_t width = batch_width<double>;
    alignas(64) std::array<double, quanta_together> run{};
    alignas(64) std::array<double, quanta_together> least;
    least.fill(from_bits<double>(no_quantum_key));
    for (std::size_t l = 0; l < m.cols(); ++l) {
        widen_run(&m(0, l), 1, m.rows(), run.data());
        for (std::size_t r = 0; r < m.rows(); r += width)
            store(least.data() + r, least_quantum_key(load(run.data() + r), load(least.data() + r)));
    }
    for (std::size_t r = 0; r < m.rows(); ++r) {
        int const e = exponent_of_key(to_bits(least[r]));
        if (is_finite(length[r])) inverse[r] = e == no_quantum ? 0 : power_of_two(-e);
    }
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
