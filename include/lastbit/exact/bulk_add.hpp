// SPDX-License-Identifier: BSL-1.0
#pragma once
// Long arrays added to a superaccumulator: blocks of doubles are split into leading parts, whose sums are exact, until
// nothing is left, or into the accumulator's digits one by one where the exponents are too far apart.

#include <lastbit/exact/double_terms.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// As many doubles as a block has, copied so that they can be reduced in place.
struct residual_block {
    alignas(64) std::array<double, extraction_block::size> x;

    [[nodiscard, gnu::always_inline]] exact_batch at(std::size_t i) const noexcept { return {load(x.data() + i)}; }
};

/// The terms of `rows` rows lose their leading parts; the lanes' exact sums of those. Requires: p above all terms.
[[nodiscard]] inline batch<double> reduce(residual_block& block, std::size_t rows, magnitude p) noexcept {
    batch<double> const start = opaque<double>(broadcast(p.start()));
    std::array<batch<double>, extraction_block::chains> s;
    s.fill(start);
    for (std::size_t r = 0; r < rows; ++r)
        unrolled<extraction_block::chains>([&](auto c) __attribute__((always_inline)) {
            double* const at = block.x.data() + r * extraction_block::row + c * batch_width<double>;
            batch<double> const x = load(at);
            batch<double> const next = add<double>(s[c], x);
            store(at, sub<double>(x, sub<double>(next, s[c])));
            s[c] = next;
        });
    batch<double> const even = add<double>(sub<double>(s[0], start), sub<double>(s[2], start));
    batch<double> const odd = add<double>(sub<double>(s[1], start), sub<double>(s[3], start));
    return add<double>(even, odd);
}

/// The first `count` doubles of a block, all of them zeros.
template <class Total>
inline void add_zeros(residual_block const& block, std::size_t count, Total& total) noexcept {
    std::uint64_t some = 0;
    std::uint64_t all = ~std::uint64_t{0};
    for (std::size_t i = 0; i < count; ++i) {
        some |= to_bits(block.x[i]);
        all &= to_bits(block.x[i]);
    }
    if (count > 0 && all == 0) total.add(from_bits<double>(0));
    if (some != 0) total.add(from_bits<double>(fields<double>::sign));
}

/// The first `count` doubles of a block, the rest of whose last row is +0, are added to the accumulator and lost.
/// Requires: a sound environment.
template <class Total>
inline void add_block(residual_block& block, std::size_t count, Total& total) noexcept {
    constexpr int most_levels = 4;
    std::size_t const rows = (count + extraction_block::row - 1) / extraction_block::row;
    for (int level = 0; level < most_levels; ++level) {
        std::uint64_t const largest = largest_term(block, rows);
        magnitude const p = magnitude::above(largest, 0);
        if (largest == 0 && level > 0) return;
        if (largest == 0) return add_zeros(block, count, total);
        if (!p.serves()) break;
        alignas(64) std::array<double, batch_width<double>> lane;
        store(lane.data(), opaque<double>(reduce(block, rows, p)));
        if (level == 0) {
            // The terms are not all zeros, which their sums alone may not show.
            total.add(p.power());
            total.add(negate(p.power()));
        }
        for (double const sum : lane)
            if (!is_zero(sum)) total.add(sum);
    }
    for (std::size_t i = 0; i < count; ++i) total.add(block.x[i]);
}

/// True if p + e = x y exactly in all lanes: p is finite and large enough, or an operand is zero.
[[nodiscard]] inline bool products_are_exact(batch<double> const& x, batch<double> const& y,
                                             batch<double> const& p) noexcept {
    if (all_at_least<double>(p, product_limit<double>)) return true;
    alignas(64) std::array<double, batch_width<double>> a, b, c;
    store(a.data(), x);
    store(b.data(), y);
    store(c.data(), p);
    for (std::size_t i = 0; i < a.size(); ++i)
        if (!is_zero(a[i]) && !is_zero(b[i]) && absolute(c[i]) < product_limit<double>) return false;
    return true;
}

/// The values, and the error words if there are any, of `rows` rows of terms; false if an error word is not exact.
template <class Terms>
[[nodiscard]] inline bool split_terms(Terms const& terms, std::size_t rows, residual_block& values,
                                      residual_block& errors) noexcept {
    bool exact = true;
    for (std::size_t i = 0; i < rows * extraction_block::row; i += batch_width<double>) {
        auto const x = terms.at(i);
        store(values.x.data() + i, x.value);
        if constexpr (!Terms::exact) {
            store(errors.x.data() + i, x.error);
            exact = exact && products_are_exact(load(terms.x + i), load(terms.y + i), x.value);
        }
    }
    return exact;
}

/// All n terms are added to a total that takes doubles, and products of doubles if Terms have error words.
/// Requires: a sound environment.
template <class Terms, class Total>
[[gnu::noinline]] void add_terms(Terms const& terms, std::size_t n, Total& total) noexcept {
    residual_block values;
    residual_block errors;
    std::array<typename Terms::number, Terms::operands * extraction_block::row> buffer;
    constexpr std::size_t row = extraction_block::row;
    for (std::size_t i = 0; i < n;) {
        std::size_t const left = n - i;
        std::size_t const count = left >= extraction_block::size ? extraction_block::size
                                  : left >= row                  ? left / row * row
                                                                 : left;
        Terms const block = count < row ? terms.from(i).copied(count, row, buffer.data()) : terms.from(i);
        std::size_t const rows = (count + row - 1) / row;
        bool const exact = split_terms(block, rows, values, errors);
        if constexpr (Terms::exact) {
            add_block(values, count, total);
        } else if (exact && magnitude::above(largest_term(values, rows), 0).serves()) {
            add_block(values, count, total);
            if (largest_term(errors, rows) != 0) add_block(errors, count, total);
        } else {
            for (std::size_t k = 0; k < count; ++k) total.add_product(block.x[k], block.y[k]);
        }
        i += count;
    }
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
