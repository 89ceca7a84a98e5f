// SPDX-License-Identifier: BSL-1.0
#pragma once
// Long arrays added to a superaccumulator: blocks of doubles are split into leading parts, whose sums are exact, level
// by level until nothing is left; where the exponents are too far apart for that, into bins by exponent.

#include <lastbit/exact/double_terms.hpp>
#include <lastbit/exact/exponent_bins.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// What is left of a block's terms.
struct residual_block {
    alignas(64) std::array<double, extraction_block::size> x;

    [[nodiscard, gnu::always_inline]] exact_batch at(std::size_t i) const noexcept { return {load(x.data() + i)}; }
};

/// One level of a block: the exact lane sums of the leading parts, and bits of the largest magnitudes.
struct level {
    batch<double> leading;
    std::uint64_t largest;  ///< of the terms: the level holds only if p covers it
    std::uint64_t rest;     ///< of the residuals
};

/// The residuals of `rows` rows of terms go to `to`, which may be where they come from. Requires: p.serves().
template <class Terms>
[[nodiscard, gnu::always_inline]] inline level reduce(Terms const& terms, std::size_t rows, magnitude p,
                                                      residual_block& to) noexcept {
    using lanes = std::array<batch<double>, extraction_block::chains>;
    batch<double> const start = opaque<double>(broadcast(p.start()));
    batch<double> const zero = opaque<double>(broadcast(0.0));
    lanes s, largest, rest;
    s.fill(start);
    largest.fill(zero);
    rest.fill(zero);
    for (std::size_t r = 0; r < rows; ++r)
        unrolled<extraction_block::chains>([&](auto c) __attribute__((always_inline)) {
            std::size_t const i = r * extraction_block::row + c * batch_width<double>;
            batch<double> const x = terms.at(i).value;
            batch<double> const next = add<double>(s[c], x);
            batch<double> const left = sub<double>(x, sub<double>(next, s[c]));
            s[c] = next;
            store(to.x.data() + i, left);
            largest[c] = maximum(absolute<double>(x), largest[c]);
            rest[c] = maximum(absolute<double>(left), rest[c]);
        });
    batch<double> const even = add<double>(sub<double>(s[0], start), sub<double>(s[2], start));
    batch<double> const odd = add<double>(sub<double>(s[1], start), sub<double>(s[3], start));
    auto const most = [](lanes const& x) { return largest_lane(maximum(maximum(x[0], x[1]), maximum(x[2], x[3]))); };
    return {add<double>(even, odd), most(largest), most(rest)};
}

/// True if p + e = x y exactly in all lanes: p is large enough, or an operand is zero.
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

/// Values and error words of a block of products, which are made once; terms without error words need no such room.
template <bool Exact>
struct split_terms {
    residual_block values;
    residual_block errors;
};
template <>
struct split_terms<true> {};

/// Adds terms to a total that takes doubles (add), integers times powers of two (add_scaled) and, if Terms have error
/// words, products of doubles (add_product).
template <class Terms, class Total>
class bulk_adder {
public:
    explicit bulk_adder(Total& total) noexcept : total_(total) {}

    /// Requires: a sound environment.
    void add(Terms const& terms, std::size_t n) noexcept {
        std::array<typename Terms::number, Terms::operands * extraction_block::row> buffer;
        constexpr std::size_t row = extraction_block::row;
        for (std::size_t i = 0; i < n;) {
            std::size_t const left = n - i;
            std::size_t const count = left >= extraction_block::size ? extraction_block::size
                                      : left >= row                  ? left / row * row
                                                                     : left;
            add_block(count < row ? terms.from(i).copied(count, row, buffer.data()) : terms.from(i), count);
            i += count;
        }
        if (binned_) bins_.flush(total_);
        binned_ = false;
    }

private:
    static constexpr int most_levels = 6;       // about as dear as the bins
    static constexpr int blocks_in_bins = 127;  // before levels are tried again

    /// Padding, where count is not a whole number of rows, is +0.
    void add_block(Terms const& terms, std::size_t count) noexcept {
        std::size_t const rows = (count + extraction_block::row - 1) / extraction_block::row;
        if constexpr (Terms::exact) {
            add_doubles(terms, rows, count);
        } else if (split(terms, rows) && magnitude::above(largest_term(split_.values, rows), 0).serves()) {
            add_doubles(split_.values, rows, count);
            if (largest_term(split_.errors, rows) != 0) add_doubles(split_.errors, rows, count);
        } else {
            for (std::size_t k = 0; k < count; ++k) total_.add_product(terms.x[k], terms.y[k]);
        }
    }

    template <class Doubles>
    void add_doubles(Doubles const& terms, std::size_t rows, std::size_t count) noexcept {
        if (in_bins_ > 0) {
            --in_bins_;
            add_to_bins(terms, count);
        } else if (!add_levels(terms, rows, count)) {
            add_to_bins(terms, count);
        }
    }

    /// True if the block is added; else nothing of it is.
    template <class Doubles>
    [[nodiscard]] bool add_levels(Doubles const& terms, std::size_t rows, std::size_t count) noexcept {
        magnitude p = guess_;
        if (p.field == 0 || !p.serves()) p = magnitude::above(largest_term(terms, rows), 1);
        if (!p.serves()) return false;
        level now = reduce(terms, rows, p, left_);
        while (!p.covers(now.largest)) {
            p = magnitude::above(now.largest, 1);
            if (!p.serves()) return false;
            now = reduce(terms, rows, p, left_);
        }
        guess_ = magnitude::above(now.largest, 1);
        // A NaN need not show in the largest term, but it does in the sums.
        if (!all_below<double>(now.leading, infinity<double>())) return false;
        if (now.largest == 0) {
            add_zeros(terms, count);
            return true;
        }
        mark_nonzero();
        add_lanes(now.leading);
        for (int k = 1; now.rest != 0 && k < most_levels; ++k) {
            now = reduce(left_, rows, magnitude::above(now.rest, 0), left_);
            add_lanes(now.leading);
        }
        if (now.rest != 0) {
            add_to_bins(left_, count);
            in_bins_ = blocks_in_bins;
        }
        return true;
    }

    template <class Doubles>
    void add_to_bins(Doubles const& terms, std::size_t count) noexcept {
        if (!binned_) bins_.clear();
        binned_ = true;
        constexpr std::size_t width = batch_width<double>;
        batch<double> largest = broadcast(0.0);
        for (std::size_t i = 0; i < count; i += width) {
            batch<double> const x = terms.at(i).value;
            std::size_t const lanes = count - i < width ? count - i : width;
            largest = maximum(absolute<double>(x), largest);
            if (all_below<double>(x, infinity<double>())) bins_.add(x, lanes);
            else add_lanes(x, lanes);
        }
        if (largest_lane(largest) == 0) add_zeros(terms, count);
        else mark_nonzero();
        bins_.count(count);
        if (bins_.terms() >= exponent_bins::most_terms) bins_.flush(total_);
    }

    /// All terms are zeros; signs matter.
    template <class Doubles>
    void add_zeros(Doubles const& terms, std::size_t count) noexcept {
        bool plus = false;
        bool minus = false;
        alignas(64) std::array<double, batch_width<double>> lane;
        for (std::size_t i = 0; i < count; i += lane.size()) {
            store(lane.data(), terms.at(i).value);
            for (std::size_t k = 0; k < lane.size() && i + k < count; ++k) (is_negative(lane[k]) ? minus : plus) = true;
        }
        // By bits: where -fno-signed-zeros is on, calls with literals +0 and -0 are merged.
        if (plus) total_.add_bits(0);
        if (minus) total_.add_bits(fields<double>::sign);
    }

    /// Some term was not zero, which sums alone need not show.
    void mark_nonzero() noexcept {
        total_.add(1.0);
        total_.add(-1.0);
    }

    /// Zeros are left out.
    void add_lanes(batch<double> const& x, std::size_t count = batch_width<double>) noexcept {
        alignas(64) std::array<double, batch_width<double>> lane;
        store(lane.data(), opaque<double>(x));
        for (std::size_t k = 0; k < count; ++k)
            if (!is_zero(lane[k])) total_.add(lane[k]);
    }

    /// Values and error words; false if an error word is not exact.
    [[nodiscard]] bool split(Terms const& terms, std::size_t rows) noexcept {
        bool exact = true;
        for (std::size_t i = 0; i < rows * extraction_block::row; i += batch_width<double>) {
            auto const x = terms.at(i);
            store(split_.values.x.data() + i, x.value);
            store(split_.errors.x.data() + i, x.error);
            exact = exact && products_are_exact(load(terms.x + i), load(terms.y + i), x.value);
        }
        return exact;
    }

    Total& total_;
    magnitude guess_{0};
    int in_bins_ = 0;
    bool binned_ = false;
    split_terms<Terms::exact> split_;
    residual_block left_;
    exponent_bins bins_;
};

/// All n terms are added to the total. Requires: a sound environment.
template <class Terms, class Total>
[[gnu::noinline]] void add_terms(Terms const& terms, std::size_t n, Total& total) noexcept {
    bulk_adder<Terms, Total>(total).add(terms, n);
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
