// SPDX-License-Identifier: BSL-1.0
#pragma once
// From a sum of products held in two doubles, and a bound of its error, to the exact sum rounded once.

#include <lastbit/base/rounded_lanes.hpp>
#include <lastbit/eft/two_sum.hpp>
#include <lastbit/exact/round_within.hpp>
#include <lastbit/linalg/product_operands.hpp>
#include <lastbit/linalg/row_norms.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// How far the two words are from the exact sum of products: of element (i, j) by at most
/// error row[i] column[j] + absolute. The low word, a sum rounded in floating point, and every partial sum of it are at
/// most `low` row[i] column[j] in magnitude.
struct wide_bounds {
    double const* row;
    double const* column;
    int* row_quantum;     // exponents that quantum_exponent finds; unknown_quantum where not known yet
    int* column_quantum;  // as above
    double error;
    double absolute;
    double low;
};

inline constexpr int unknown_quantum = no_quantum + 1;

/// Decides elements one by one, and rows of a block at once.
/// Source: docs/mathematics.md, "Correct rounding of matrix products".
template <binary_format R, binary_format T>
struct wide_judge {
    product_operands<R, T> operands;
    wide_bounds bounds;
    /// Powers of two that the words are multiplied by, row's and column's; null for 1. Infinite: nothing is known.
    double const* row_factor = nullptr;
    double const* column_factor = nullptr;
    /// What the high words have been added to.
    double start = 0;

    /// Elements (i, j) ... (i, j + count - 1). Reads whole registers of words.
    void decide_row(std::size_t i, std::size_t j, std::size_t count, double const* high,
                    double const* low) const noexcept {
        constexpr std::size_t width = batch_width<double>;
        words w;
        rounded_lanes<R> lanes;
        for (std::size_t first = 0; first < count; first += width) {
            std::size_t const some = count - first < width ? count - first : width;
            collect(i, j + first, some, high + first, low + first, w);
            batch<double> const h = load(w.high.data());
            batch<double> const l = load(w.low.data());
            batch<double> const e = load(w.error.data());
            round_words(h, l, e, lanes);
            if (some == width && operands.c.col_stride() == 1 && lanes.all_certain()) {
                lanes.store(&operands.c(i, j + first));
                continue;
            }
            for (std::size_t t = 0; t < some; ++t) {
                if (lanes.doubt[t] == 0) {
                    using bits_type = typename format<R>::bits_type;
                    operands.c(i, j + first + t) = from_bits<R>(static_cast<bits_type>(lanes.bits[t]));
                } else if (!decided_by_bounds(i, j + first + t, w, t)) {
                    decide_by_integers(operands, i, j + first + t);
                }
            }
        }
    }

private:
    struct words {
        alignas(64) std::array<double, batch_width<double>> high, low, error;
    };

    [[nodiscard, gnu::always_inline]] static batch<double> some_of(double const* from, std::size_t count) noexcept {
        constexpr std::size_t width = batch_width<double>;
        if (count == width) return load(from);
        alignas(64) std::array<double, width> some{};
        for (std::size_t l = 0; l < count; ++l) some[l] = from[l];
        return load(some.data());
    }

    /// The words of some elements in their true size, the bias added: high + low is off by at most error.
    void collect(std::size_t i, std::size_t j, std::size_t count, double const* high, double const* low,
                 words& to) const noexcept {
        constexpr std::size_t width = batch_width<double>;
        batch<double> h = sub<double>(load(high), opaque<double>(broadcast(start)));
        batch<double> l = load(low);
        if (column_factor != nullptr) {
            batch<double> const factor = mul<double>(broadcast(row_factor[i]), some_of(column_factor + j, count));
            h = mul<double>(h, factor);
            l = mul<double>(l, factor);
        }
        batch<double> e = mul<double>(broadcast(mul(bounds.error, bounds.row[i])), some_of(bounds.column + j, count));
        e = add<double>(e, broadcast(bounds.absolute));
        if (operands.bias.data != nullptr) {
            alignas(64) std::array<double, width> last{};
            for (std::size_t t = 0; t < count; ++t) last[t] = widened(*operands.bias.at(i, j + t));
            auto const [sum, rest] = two_sum(h, load(last.data()));
            auto const [low_sum, lost] = two_sum(l, rest);
            h = sum;
            l = low_sum;
            // Whether anything was lost is told to decided_by_bounds by the sign, which e else never has.
            e = add<double>(e, mul<double>(broadcast(opaque(sum_margin)), absolute<double>(lost)));
            store(to.error.data(), lost);
            store(to.low.data(), e);
            for (std::size_t t = 0; t < width; ++t) to.error[t] = is_zero(to.error[t]) ? to.low[t] : negate(to.low[t]);
        } else {
            store(to.error.data(), e);
        }
        store(to.high.data(), h);
        store(to.low.data(), l);
    }

    /// Certain where [h + l - |e|, h + l + |e|] rounds to one normal number of R.
    static void round_words(batch<double> const& h, batch<double> const& l, batch<double> const& signed_error,
                            rounded_lanes<R>& lanes) noexcept {
        batch<double> const unit = broadcast(opaque(0x1p-51));
        // e, and more than the rounding of l -+ e.
        batch<double> const e = add<double>(absolute<double>(signed_error), mul<double>(unit, absolute<double>(l)));
        batch<double> const e_up = add<double>(e, mul<double>(unit, e));
        if constexpr (std::same_as<R, double>) {
            round_both(add<double>(h, sub<double>(l, e_up)), add<double>(h, add<double>(l, e_up)), lanes);
        } else {
            batch<double> const value = add<double>(h, l);
            batch<double> const around = add<double>(e_up, mul<double>(unit, absolute<double>(value)));
            round_both(sub<double>(value, around), add<double>(value, around), lanes);
        }
    }

    [[nodiscard, gnu::noinline]] bool decided_by_bounds(std::size_t i, std::size_t j, words const& w,
                                                        std::size_t at) const noexcept {
        double const high = w.high[at];
        double const low = w.low[at];
        double error = w.error[at];
        if (!is_finite(high) || !is_finite(low) || !is_finite(error)) return false;
        if (is_exact(i, j) && !is_negative(error)) {
            error = 0;
            if (is_zero(add(high, low))) {
                operands.c(i, j) = leave(exact_zero(operands, i, j));
                return true;
            }
        }
        decided<R> const d = round_within<R>(high, low, absolute(error));
        if (d.certain) operands.c(i, j) = leave(d.value());
        return d.certain;
    }

    /// True if every number that the low word was summed from is a multiple of a power of two, of which double can hold
    /// all multiples up to the low word's size.
    [[nodiscard]] bool is_exact(std::size_t i, std::size_t j) const noexcept {
        int& row = bounds.row_quantum[i];
        int& column = bounds.column_quantum[j];
        std::size_t const k = operands.a.cols();
        double const size = mul(mul(bounds.low, bounds.row[i]), bounds.column[j]);
        if (!is_finite(size)) return false;
        // size < 2^(exponent + 1).
        int const exponent = static_cast<int>(magnitude_bits(size) >> 52) - 1023;
        if (row == unknown_quantum || column == unknown_quantum) {
            // Most rows that are not quantised are found so by their first elements.
            int const first = quantum_of_first(&operands.a(i, 0), operands.a.col_stride(), k) +
                              quantum_of_first(&operands.b(0, j), operands.b.row_stride(), k);
            if (exponent + 1 > first + 53) return false;
        }
        if (row == unknown_quantum) row = quantum_exponent(&operands.a(i, 0), operands.a.col_stride(), k);
        if (column == unknown_quantum) column = quantum_exponent(&operands.b(0, j), operands.b.row_stride(), k);
        if (row == no_quantum || column == no_quantum) return true;
        int const quantum = row + column;
        return quantum >= -1060 && exponent + 1 <= quantum + 53;
    }
};

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
