// SPDX-License-Identifier: BSL-1.0
#pragma once
// From a sum of products held in double, and a bound of its error, to the exact sum rounded once: the test of rounding,
// the test of exactness, and the superaccumulator where neither decides.

#include <lastbit/base/rounded_lanes.hpp>
#include <lastbit/exact/round_within.hpp>
#include <lastbit/linalg/product_operands.hpp>
#include <lastbit/linalg/row_norms.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// What is known of the rows of A and of the columns of B; arrays of as many numbers as there are.
struct product_bounds {
    double const* row_length;
    double* column_length;           // replaced by a smaller one where `rough` and it matters
    double* row_inverse_quantum;     // negative where not known yet
    double* column_inverse_quantum;  // as above
    bool rough;                      // the columns' lengths may be far above the least bounds
    double relative_error;           // the sum's error is at most so many times the sum of its terms' magnitudes
};

/// |x| and |y|, numbers or NaN: |x| <= y by bits, false for a NaN.
[[nodiscard, gnu::always_inline]] inline bool not_above(double x, double y) noexcept {
    return magnitude_bits(x) <= magnitude_bits(y);
}

/// Decides elements one by one, and rows of a block at once.
/// Source: docs/mathematics.md, "Correct rounding of matrix products".
template <binary_format R, narrow_format T>
struct product_judge {
    product_operands<R, T> operands;
    product_bounds bounds;

    /// Element (i, j), from the bits of the sum of its products and the bias: newer Clang may assume that a number
    /// which a function takes is finite.
    [[gnu::noinline]] void decide(std::size_t i, std::size_t j, std::uint64_t bits,
                                  packed_column packed) const noexcept {
        double const value = from_bits<double>(bits);
        if (!decided_by_bounds(i, j, value)) {
            bool again = false;
            if (bounds.rough) {
                matrix_view<T const> const column(&operands.b(0, j), 1, operands.b.rows(), 0, operands.b.row_stride());
                double const before = bounds.column_length[j];
                bound_lengths(column, bounds.column_length + j);
                again = to_bits(before) != to_bits(bounds.column_length[j]);
            }
            if (!again || !decided_by_bounds(i, j, value)) decide_by_integers(operands, i, j, packed);
        }
    }

    /// Elements (i, j) ... (i, j + count - 1) from the sums of their products. `packed` is column j, if not null; the
    /// others follow it number by number.
    void decide_row(std::size_t i, std::size_t j, std::size_t count, double const* sums,
                    packed_column packed = {}) const noexcept {
        constexpr std::size_t width = batch_width<double>;
        batch<double> const scale = broadcast(mul(bounds.relative_error, bounds.row_length[i]));
        batch<double> const unit = broadcast(bounds.relative_error);
        rounded_lanes<R> lanes;
        alignas(64) std::array<double, width> values;
        alignas(64) std::array<double, width> last;
        double const row_quantum = bounds.row_inverse_quantum[i];
        bool const quantised = operands.bias.data == nullptr && !is_negative(row_quantum);
        for (std::size_t first = 0; first < count; first += width) {
            std::size_t const some = count - first < width ? count - first : width;
            batch<double> value = load(sums + first);
            batch<double> const length = some_of(bounds.column_length + j + first, some);
            batch<double> error = mul<double>(scale, length);
            if (quantised) {
                // As is_exact tells it, where both quanta are known.
                batch<double> const column = some_of(bounds.column_inverse_quantum + j + first, some);
                batch<double> const total = mul<double>(broadcast(bounds.row_length[i]), length);
                error = zero_if_at_most(error, mul<double>(mul<double>(broadcast(row_quantum), column), total), 0x1p52);
            }
            if (operands.bias.data != nullptr) {
                last.fill(0);
                for (std::size_t l = 0; l < some; ++l) last[l] = widened(*operands.bias.at(i, j + first + l));
                value = add<double>(value, load(last.data()));
                error = add<double>(error, mul<double>(unit, absolute<double>(load(last.data()))));
            }
            round_both(sub<double>(value, error), add<double>(value, error), lanes);
            if (some == width && operands.c.col_stride() == 1 && lanes.all_certain()) {
                lanes.store(&operands.c(i, j + first));
                continue;
            }
            store(values.data(), value);
            for (std::size_t l = 0; l < some; ++l) {
                if (lanes.doubt[l] == 0) {
                    using bits_type = typename format<R>::bits_type;
                    operands.c(i, j + first + l) = from_bits<R>(static_cast<bits_type>(lanes.bits[l]));
                } else {
                    packed_column const column{packed.data == nullptr ? nullptr : packed.data + first + l,
                                               packed.stride};
                    decide(i, j + first + l, to_bits(values[l]), column);
                }
            }
        }
    }

private:
    [[nodiscard, gnu::always_inline]] static batch<double> some_of(double const* from, std::size_t count) noexcept {
        constexpr std::size_t width = batch_width<double>;
        if (count == width) return load(from);
        alignas(64) std::array<double, width> some{};
        for (std::size_t l = 0; l < count; ++l) some[l] = from[l];
        return load(some.data());
    }

    [[nodiscard, gnu::always_inline]] bool decided_by_bounds(std::size_t i, std::size_t j,
                                                             double value) const noexcept {
        T const* const last = operands.bias.at(i, j);
        double const size = last == nullptr ? 0 : absolute(widened(*last));
        double const total = add(mul(bounds.row_length[i], bounds.column_length[j]), size);
        if (!is_finite(total)) return false;
        if (is_exact(i, j, total)) {
            operands.c(i, j) = leave(is_zero(value) ? exact_zero(operands, i, j) : narrowed<R>(value));
            return true;
        }
        decided<R> const d = round_within<R>(value, mul(bounds.relative_error, total));
        if (d.certain) operands.c(i, j) = leave(d.value());
        return d.certain;
    }

    /// True if every partial sum is a multiple of a power of two and at most 2^53 times it, hence a double.
    [[nodiscard, gnu::always_inline]] bool is_exact(std::size_t i, std::size_t j, double total) const noexcept {
        double& row = bounds.row_inverse_quantum[i];
        double& column = bounds.column_inverse_quantum[j];
        std::size_t const k = operands.a.cols();
        if (is_negative(row) || is_negative(column)) {
            // Most rows that are not quantised are found so by their first elements.
            int const first = quantum_of_first(&operands.a(i, 0), operands.a.col_stride(), k) +
                              quantum_of_first(&operands.b(0, j), operands.b.row_stride(), k);
            // With a row of zeros the sum is far above every exponent.
            if (first < no_quantum / 2 && !not_above(mul(power_of_two(-first), total), 0x1p53)) return false;
        }
        if (is_negative(row)) row = inverse_quantum(&operands.a(i, 0), operands.a.col_stride(), k);
        if (is_negative(column)) find_column_quantum(j);
        T const* const last = operands.bias.at(i, j);
        double const bias = last == nullptr ? 0 : inverse_quantum(*last);
        return not_above(mul(mul(row, column), total), 0x1p52) && not_above(mul(bias, total), 0x1p52);
    }

    /// Of column j, and of those beside it where they lie row by row: a column alone would come from as many pages of
    /// memory as it has numbers.
    [[gnu::noinline]] void find_column_quantum(std::size_t j) const noexcept {
        auto const& b = operands.b;
        if (b.col_stride() != 1) {
            bounds.column_inverse_quantum[j] = inverse_quantum(&b(0, j), b.row_stride(), b.rows());
            return;
        }
        std::size_t const first = j / quanta_together * quanta_together;
        std::size_t const count = std::min(quanta_together, b.cols() - first);
        inverse_quanta(matrix_view<T const>(&b(0, first), count, b.rows(), 1, b.row_stride()),
                       bounds.column_length + first, bounds.column_inverse_quantum + first);
    }
};

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
