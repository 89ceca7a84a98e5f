// SPDX-License-Identifier: BSL-1.0
#pragma once
// Sums and dot products of long binary numbers (Boost.Multiprecision) as integers on one grid: no term is normalised,
// rounded or allocated.
//
// A first pass finds the largest exponent and so the grid. In the second, each term is cut to a multiple of the grid's
// unit and added to an integer, for which a product needs only its upper half. The sum is rounded once. As in Arb's
// arb_dot [Joh19]; here the cut is that of the exact product, so that no order or machine can be seen in the result.

#include <lastbit/fold/dot.hpp>
#include <lastbit/multiprecision/bin_float_parts.hpp>
#include <lastbit/multiprecision/ifma_products.hpp>

#include <bit>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// The method of sum and dot for long binary numbers. Let N = ceil(p / 64) + 2, for numbers of p bits, E the largest of
/// the exponents floor(log2 |x_i|) + floor(log2 |y_i|) of the terms that are neither zero nor special, and
/// g = E + 2 - 64 N (E + 1 - 64 N for a sum, with E the largest floor(log2 |x_i|)).
///
/// The result is the sum of trunc(x_i y_i / 2^g) 2^g, trunc towards zero and the sum exact, rounded once to nearest,
/// ties to even. It is a function of the terms alone: the same bits for every order of them, on every machine.
/// Error:   fixed_point_bound
/// Special: a NaN, infinity times zero, or infinities of both signs -> NaN; else an infinity -> it. Nothing overflows
///          before the end. Zeros of sign minus alone -> -0; else no terms, zeros, or a sum on the grid of 0 -> +0.
///          A result above the number's exponents is an infinity, one below them a zero of its sign, as in Boost.
struct fixed_point {
    [[nodiscard]] static std::string name() { return "fixed_point"; }
};

/// k in |result - exact| <= 2^-p |result| + 2^k max |x_i y_i| (max |x_i| for a sum) for n terms of p bits, unless the
/// result overflows or underflows: n units of the grid, k = ceil(log2 n) + 2 - 64 N <= ceil(log2 n) - p - 126.
/// Source: docs/mathematics.md, "Sums on one grid".
[[nodiscard]] constexpr std::int64_t fixed_point_bound(std::size_t p, std::size_t n) noexcept {
    auto const grid_bits = static_cast<std::int64_t>(detail::limb_width * (detail::limbs_of(p) + 2));
    return static_cast<std::int64_t>(n == 0 ? 0 : std::bit_width(n - 1)) + 2 - grid_bits;
}

/// A contiguous range of binary numbers of Boost.Multiprecision. Example: std::vector<cpp_bin_float_100>.
/// Counter-example: std::vector<double>.
template <class R>
concept binary_multiprecision_range = number_range<R> && binary_multiprecision<detail::number_t<R>>;

namespace detail {

/// Number i of x as term i. Its integer has `factors` p bits.
template <binary_multiprecision Number>
struct fixed_point_numbers {
    using number_type = Number;
    static constexpr std::size_t factors = 1;

    Number const* x;

    [[nodiscard]] bin_float_kind kind(std::size_t i) const noexcept { return kind_of(x[i]); }
    [[nodiscard]] bool negative(std::size_t i) const noexcept { return x[i].backend().sign(); }
    [[nodiscard]] exponent_sum exponent(std::size_t i) const noexcept { return x[i].backend().exponent(); }

    void integer(std::size_t i, std::ptrdiff_t, std::size_t, limb* out) const noexcept {
        constexpr std::size_t size = limbs_of(bin_float_precision<Number>);
        std::array<limb, size> copy;
        std::copy_n(significand_limbs(x[i], copy.data()), size, out);
    }
};

/// The product of number i of x and number i of y as term i.
template <binary_multiprecision Number>
struct fixed_point_products {
    using number_type = Number;
    static constexpr std::size_t factors = 2;

    Number const* x;
    Number const* y;

    [[nodiscard]] bin_float_kind kind(std::size_t i) const noexcept {
        auto const a = kind_of(x[i]), b = kind_of(y[i]);
        if (a == bin_float_kind::finite && b == bin_float_kind::finite) return a;
        auto const [low, high] = std::minmax(a, b);
        return low == bin_float_kind::zero && high == bin_float_kind::infinite ? bin_float_kind::nan : high;
    }
    [[nodiscard]] bool negative(std::size_t i) const noexcept { return x[i].backend().sign() != y[i].backend().sign(); }
    [[nodiscard]] exponent_sum exponent(std::size_t i) const noexcept {
        return exponent_sum{x[i].backend().exponent()} + y[i].backend().exponent();
    }

    /// The product, its bits from 64 q + r on correct.
    void integer(std::size_t i, std::ptrdiff_t q, std::size_t r, limb* out) const noexcept {
        constexpr std::size_t size = limbs_of(bin_float_precision<Number>);
        std::array<limb, size> copy_x, copy_y;
        limb const* const a = significand_limbs(x[i], copy_x.data());
        limb const* const b = significand_limbs(y[i], copy_y.data());
        // Two columns below the cut decide the carry into it, except once in about 2^60 / size products.
        auto const first = static_cast<std::size_t>(q > 2 ? q - 2 : 0);
        multiply_upper<size>(a, b, first, out);
        if (first > 0 && carry_is_open<size>(out, first + 2, r)) multiply_upper<size>(a, b, 0, out);
    }
};

/// What a first pass over the terms finds.
template <class Terms>
struct fixed_point_survey {
    bool finite = false;        ///< there is a term that is neither zero nor special
    exponent_sum exponent = 0;  ///< the largest of such
    bool nan = false;
    bool infinite[2] = {};  ///< +inf, -inf
    bool only_negative_zeros = true;

    fixed_point_survey(Terms const& terms, std::size_t n) noexcept {
        for (std::size_t i = 0; i < n; ++i) {
            bin_float_kind const kind = terms.kind(i);
            if (kind == bin_float_kind::finite) {
                exponent = finite ? std::max(exponent, terms.exponent(i)) : terms.exponent(i);
                finite = true;
            } else if (kind == bin_float_kind::zero) {
                only_negative_zeros = only_negative_zeros && terms.negative(i);
            } else if (kind == bin_float_kind::infinite) {
                infinite[terms.negative(i)] = true;
            } else {
                nan = true;
            }
        }
        only_negative_zeros = only_negative_zeros && !finite && n > 0;
    }
};

/// A sum on the grid that belongs to terms of which the largest has a given exponent.
template <class Terms>
class grid_sum {
public:
    using number_type = typename Terms::number_type;
    static constexpr std::size_t precision = bin_float_precision<number_type>;
    static constexpr std::size_t grid_limbs = limbs_of(precision) + 2;
    static constexpr std::size_t grid_bits = limb_width * grid_limbs;
    static constexpr std::size_t bits = Terms::factors * precision;
    // The integer of a term ends above the grid's unit if it is short: then it lies on some limbs of zeros.
    static constexpr std::size_t below = bits < grid_bits ? limbs_of(grid_bits - bits) : 0;
    /// The place of the grid's unit in the integer of a term of the largest exponent, those limbs of zeros included.
    static constexpr std::size_t unit = bits + limb_width * below - grid_bits;

    explicit grid_sum(Terms const& terms) noexcept : terms_(terms) {}

    /// Adds term i, cut at this bit.
    void add(std::size_t i, std::size_t cut) noexcept {
        std::size_t const q = cut / limb_width;
        std::size_t const r = cut % limb_width;
        terms_.integer(i, static_cast<std::ptrdiff_t>(q) - std::ptrdiff_t{below}, r, integer_.data() + below);
        sums_[terms_.negative(i)].add_shifted(integer_.data(), q, r);
    }

    /// The magnitude in units of the grid; true if the sum is negative.
    [[nodiscard]] bool total(std::array<limb, grid_limbs + 1>& magnitude) const noexcept {
        return subtract_smaller(sums_[0].total(), sums_[1].total(), magnitude);
    }

private:
    Terms terms_;
    std::array<limb, below + Terms::factors * limbs_of(precision) + grid_limbs + 1> integer_{};
    std::array<limb_sums<grid_limbs>, 2> sums_;
};

/// Calls add(i, cut) for each term that is not less than a unit of the grid.
template <class Terms, class Add>
void cut_terms(Terms const& terms, std::size_t n, exponent_sum largest, Add const& add) {
    using sum_type = grid_sum<Terms>;
    for (std::size_t i = 0; i < n; ++i) {
        if (terms.kind(i) != bin_float_kind::finite) continue;
        exponent_sum const distance = largest - terms.exponent(i);
        if (distance < exponent_sum{sum_type::grid_bits}) add(i, sum_type::unit + static_cast<std::size_t>(distance));
    }
}

/// (-1)^negative magnitude in units of the grid as a number.
template <class Terms>
[[nodiscard]] typename Terms::number_type from_grid(bool negative,
                                                    std::array<limb, grid_sum<Terms>::grid_limbs + 1> const& magnitude,
                                                    exponent_sum largest) {
    using Number = typename Terms::number_type;
    constexpr std::size_t p = bin_float_precision<Number>;
    if (bit_length(magnitude) == 0) return signed_zero<Number>(false);
    std::array<limb, limbs_of(p)> significand;
    exponent_sum const top = round_to_bits(magnitude, p, significand.data());
    exponent_sum const last = largest + exponent_sum{Terms::factors} - exponent_sum{grid_sum<Terms>::grid_bits};
    return assembled<Number>(negative, last + top, significand.data());
}

/// The sum of terms of which the largest has this exponent, term by term.
template <class Terms>
[[nodiscard]] typename Terms::number_type sum_on_grid(Terms const& terms, std::size_t n, exponent_sum largest) {
    grid_sum<Terms> sum(terms);
    cut_terms(terms, n, largest, [&sum](std::size_t i, std::size_t cut) { sum.add(i, cut); });
    std::array<limb, grid_sum<Terms>::grid_limbs + 1> magnitude;
    bool const negative = sum.total(magnitude);
    return from_grid<Terms>(negative, magnitude, largest);
}

/// The same by eight terms at a time, where they are many enough.
template <class Terms>
class sum_by_eights {
public:
    using number_type = typename Terms::number_type;
    using sum_type = grid_sum<Terms>;
    using products = ifma_products<sum_type::precision>;
    static constexpr bool serves = Terms::factors == 2 && sum_type::below == 0 && has_plain_limbs<number_type> &&
                                   sum_type::unit >= 2 * products::width && sum_type::precision <= 16384;

    explicit sum_by_eights(Terms const& terms) noexcept : terms_(terms), rest_(terms) {}

    void add(std::size_t i, std::size_t cut) noexcept {
        std::size_t const digit = products::digit_of(cut);
        queue& waiting = queues_[digit - first_digit];
        waiting.index[waiting.size] = i;
        waiting.cut[waiting.size] = cut;
        if (++waiting.size == products::lanes) flush(waiting, digit);
    }

    [[nodiscard]] number_type result(exponent_sum largest) noexcept {
        for (std::size_t k = 0; k < queues_.size(); ++k) flush(queues_[k], first_digit + k);
        std::array<limb, sum_type::grid_limbs + 1> a, b, magnitude;
        bool const negative = products_.total(a);
        if (bool const rest_negative = rest_.total(b); rest_negative == negative) {
            add_limbs(a, b, magnitude);
            return from_grid<Terms>(negative, magnitude, largest);
        }
        bool const swapped = subtract_smaller(a, b, magnitude);
        return from_grid<Terms>(negative != swapped, magnitude, largest);
    }

private:
    static constexpr std::size_t first_digit = products::digit_of(sum_type::unit);
    static constexpr std::size_t last_digit = products::digit_of(sum_type::unit + sum_type::grid_bits - 1);
    // Below this number a batch costs more than its terms one by one.
    static constexpr std::size_t least = 4;

    /// Terms whose cut is at the same digit.
    struct queue {
        std::size_t size = 0;
        std::array<std::size_t, products::lanes> index;
        std::array<std::size_t, products::lanes> cut;
    };

    void flush(queue& waiting, std::size_t digit) noexcept {
        unsigned left = (1U << waiting.size) - 1U;
        if (waiting.size >= least) {
            typename products::batch terms{};
            terms.active = left;
            for (std::size_t l = 0; l < products::lanes; ++l) {
                std::size_t const from = l < waiting.size ? l : 0;  // a lane that does not count
                std::size_t const i = waiting.index[from];
                terms.x[l] = significand_limbs(terms_.x[i], nullptr);
                terms.y[l] = significand_limbs(terms_.y[i], nullptr);
                terms.shift[l] = products::width * digit - waiting.cut[from];
                terms.negative |= terms_.negative(i) ? 1U << l : 0U;
            }
            left = products_.add(terms, digit);
        }
        for (std::size_t l = 0; l < waiting.size; ++l)
            if ((left >> l & 1U) != 0) rest_.add(waiting.index[l], waiting.cut[l]);
        waiting.size = 0;
    }

    Terms terms_;
    sum_type rest_;
    products products_;
    std::array<queue, last_digit - first_digit + 1> queues_{};
};

template <class Terms>
[[nodiscard]] typename Terms::number_type fixed_point_sum(Terms const& terms, std::size_t n) {
    using Number = typename Terms::number_type;
    fixed_point_survey<Terms> const found(terms, n);
    if (found.nan || (found.infinite[0] && found.infinite[1])) return quiet_nan<Number>();
    if (found.infinite[0] || found.infinite[1]) return signed_infinity<Number>(found.infinite[1]);
    if (!found.finite) return signed_zero<Number>(found.only_negative_zeros);
    if constexpr (sum_by_eights<Terms>::serves) {
        if (n >= 8 && sum_by_eights<Terms>::products::available()) {
            sum_by_eights<Terms> sum(terms);
            cut_terms(terms, n, found.exponent, [&sum](std::size_t i, std::size_t cut) { sum.add(i, cut); });
            return sum.result(found.exponent);
        }
    }
    return sum_on_grid(terms, n, found.exponent);
}

}  // namespace detail

/// The sum of x on one grid; fixed_point says which number that is.
///
/// @param  x  [n] binary numbers of one type of Boost.Multiprecision, any n
/// @return    a number of that type, in the unit of x
/// Error:     |result - exact| <= 2^-p |result| + 2^fixed_point_bound(p, n) max |x_i|
/// Special, order: fixed_point
/// Cost:      O(n p), no allocation but the result's own
template <std::same_as<fixed_point> M, binary_multiprecision_range X>
[[nodiscard]] auto sum(X const& x) {
    using Number = detail::number_t<X>;
    auto const n = static_cast<std::size_t>(std::ranges::size(x));
    return detail::fixed_point_sum(detail::fixed_point_numbers<Number>{std::ranges::data(x)}, n);
}

/// x_0 y_0 + x_1 y_1 + ... on one grid; fixed_point says which number that is.
///
/// @param  x, y  [n] binary numbers of one type of Boost.Multiprecision, any n; they may overlap
/// @return       a number of that type, in the unit of x times that of y
/// Error:        |result - exact| <= 2^-p |result| + 2^fixed_point_bound(p, n) max |x_i y_i|
/// Special, order: fixed_point
/// Requires:     both have the same size, else LASTBIT_EXPECTS fails
/// Cost:         about (p / 64)^2 / 2 + 3 p / 64 products of 64 bits a term, or a third of that time by AVX-512 IFMA;
///               p to 12 p bytes of the stack; no allocation but the result's own
/// Source:       [Joh19], with another cut
template <std::same_as<fixed_point> M, binary_multiprecision_range X, binary_multiprecision_range Y>
    requires std::same_as<detail::number_t<X>, detail::number_t<Y>>
[[nodiscard]] auto dot(X const& x, Y const& y) {
    using Number = detail::number_t<X>;
    std::size_t const n = detail::common_size("dot", x, y);
    return detail::fixed_point_sum(detail::fixed_point_products<Number>{std::ranges::data(x), std::ranges::data(y)}, n);
}

}  // namespace LASTBIT_ABI
}  // namespace lastbit
