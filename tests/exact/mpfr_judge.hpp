// SPDX-License-Identifier: BSL-1.0
#pragma once
// Sums and dot products by GNU MPFR, and their roots and quotients, rounded once to a format: the judge of everything
// that is correctly rounded.
//
// A number goes in and comes out as an integer and an exponent, by its bits; products are exact in MPFR; mpfr_sum rounds
// their sum once, or keeps all its bits. Nothing of the library's arithmetic takes part, and no floating-point
// instruction: the judge is right in every environment and under every flag.

#include <lastbit/base.hpp>

#include <mpfr.h>

#include <climits>
#include <cstddef>
#include <span>
#include <vector>

namespace lastbit_tests {

static_assert(ULONG_MAX >= UINT64_MAX, "a significand goes into MPFR as an unsigned long");

/// The exact terms of a sum, each an MPFR number of its own.
class mpfr_terms {
public:
    mpfr_terms() = default;
    mpfr_terms(mpfr_terms const&) = delete;
    mpfr_terms& operator=(mpfr_terms const&) = delete;
    ~mpfr_terms() {
        for (auto& n : numbers_) mpfr_clear(&n);
    }

    template <lastbit::binary_format T>
    void add(T x) {
        set(append(64), x);
    }
    template <lastbit::binary_format T>
    void add_product(T x, T y) {
        mpfr_t a, b;
        mpfr_init2(a, 64);
        mpfr_init2(b, 64);
        set(a, x);
        set(b, y);
        mpfr_mul(append(128), a, b, MPFR_RNDN);  // exact: two factors of 53 bits
        mpfr_clear(a);
        mpfr_clear(b);
    }

    /// Their sum, rounded once to R, to nearest, ties to even. No terms: +0.
    template <lastbit::binary_format R>
    [[nodiscard]] R rounded() {
        mpfr_t sum;
        mpfr_init2(sum, lastbit::format<R>::precision);
        int const inexact = sum_into(sum);
        return finish<R>(sum, inexact);
    }

    /// The root of their sum, rounded once.
    template <lastbit::binary_format R>
    [[nodiscard]] R rounded_root() {
        mpfr_t sum, root;
        mpfr_init2(sum, all_bits);
        sum_into(sum);
        mpfr_init2(root, lastbit::format<R>::precision);
        int const inexact = mpfr_sqrt(root, sum, MPFR_RNDN);
        mpfr_clear(sum);
        return finish<R>(root, inexact);
    }

    /// Their sum divided by that of `below`, rounded once; NaN where that is 0.
    template <lastbit::binary_format R>
    [[nodiscard]] R rounded_quotient(mpfr_terms& below) {
        mpfr_t a, b, quotient;
        mpfr_init2(a, all_bits);
        mpfr_init2(b, all_bits);
        sum_into(a);
        below.sum_into(b);
        mpfr_init2(quotient, lastbit::format<R>::precision);
        int const inexact = mpfr_div(quotient, a, b, MPFR_RNDN);
        if (mpfr_zero_p(b) != 0) mpfr_set_nan(quotient);
        mpfr_clear(a);
        mpfr_clear(b);
        return finish<R>(quotient, inexact);
    }

private:
    /// Enough for every sum of products without rounding.
    static constexpr mpfr_prec_t all_bits = 4400;

    int sum_into(mpfr_ptr out) {
        std::vector<mpfr_ptr> pointers;
        for (auto& n : numbers_) pointers.push_back(&n);
        return mpfr_sum(out, pointers.data(), pointers.size(), MPFR_RNDN);
    }

    /// The number of R that x, which has its precision and the ternary value `inexact`, is or becomes. Clears x.
    template <lastbit::binary_format R>
    static R finish(mpfr_ptr x, int inexact) {
        using limits = lastbit::format<R>;
        mpfr_exp_t const emin = mpfr_get_emin(), emax = mpfr_get_emax();
        // MPFR's significands lie in [1/2, 1). The ternary value keeps the second rounding from being one.
        mpfr_set_emin(limits::min_exponent - limits::precision + 2);
        mpfr_set_emax(limits::max_exponent + 1);
        inexact = mpfr_check_range(x, inexact, MPFR_RNDN);
        mpfr_subnormalize(x, inexact, MPFR_RNDN);
        mpfr_set_emin(emin);
        mpfr_set_emax(emax);
        R const result = get<R>(x);
        mpfr_clear(x);
        return result;
    }

    mpfr_ptr append(mpfr_prec_t bits) {
        numbers_.emplace_back();
        mpfr_init2(&numbers_.back(), bits);
        return &numbers_.back();
    }

    template <lastbit::binary_format T>
    static void set(mpfr_ptr out, T x) {
        using limits = lastbit::format<T>;
        constexpr int fraction_bits = limits::precision - 1;
        constexpr int smallest = limits::min_exponent - fraction_bits;
        std::uint64_t const bits = lastbit::to_bits(x);
        std::uint64_t const sign = bits >> (limits::storage_bits - 1);
        std::uint64_t const fraction = bits & ((std::uint64_t{1} << fraction_bits) - 1);
        std::uint64_t const biased = (bits & ~(sign << (limits::storage_bits - 1))) >> fraction_bits;
        constexpr std::uint64_t special = 2 * limits::max_exponent + 1;
        if (biased == special) {
            if (fraction != 0) mpfr_set_nan(out);
            else mpfr_set_inf(out, 1);
        } else if (biased == 0) {
            mpfr_set_ui_2exp(out, fraction, smallest, MPFR_RNDN);
        } else {
            mpfr_set_ui_2exp(out, fraction | std::uint64_t{1} << fraction_bits, smallest + static_cast<int>(biased) - 1,
                             MPFR_RNDN);
        }
        mpfr_setsign(out, out, sign != 0 ? 1 : 0, MPFR_RNDN);
    }

    /// The bits of an MPFR number that is one of R's.
    template <lastbit::binary_format R>
    static R get(mpfr_srcptr x) {
        using limits = lastbit::format<R>;
        using bits_type = typename limits::bits_type;
        constexpr int fraction_bits = limits::precision - 1;
        constexpr std::uint64_t hidden = std::uint64_t{1} << fraction_bits;
        constexpr std::uint64_t special = std::uint64_t{2 * limits::max_exponent + 1} << fraction_bits;
        if (mpfr_nan_p(x) != 0) return lastbit::from_bits<R>(static_cast<bits_type>(special | hidden >> 1));
        std::uint64_t bits = mpfr_signbit(x) != 0 ? std::uint64_t{1} << (limits::storage_bits - 1) : 0;
        if (mpfr_inf_p(x) != 0) {
            bits |= special;
        } else if (mpfr_zero_p(x) == 0) {
            mpz_t integer;
            mpz_init(integer);
            auto const exponent = static_cast<int>(mpfr_get_z_2exp(integer, x));  // |integer| has p bits
            std::uint64_t const significand = mpz_get_ui(integer);                // its magnitude
            mpz_clear(integer);
            int const below = limits::min_exponent - fraction_bits - exponent;
            if (below > 0) bits |= significand >> below;
            else bits |= (significand ^ hidden) | static_cast<std::uint64_t>(1 - below) << fraction_bits;
        }
        return lastbit::from_bits<R>(static_cast<bits_type>(bits));
    }

    std::vector<__mpfr_struct> numbers_;
};

/// The exact sum of x, rounded once to R.
template <lastbit::binary_format R, lastbit::binary_format T>
[[nodiscard]] R sum_by_mpfr(std::span<T const> x) {
    mpfr_terms terms;
    for (T const v : x) terms.add(v);
    return terms.rounded<R>();
}

/// The exact x_0 y_0 + x_1 y_1 + ..., rounded once to R.
template <lastbit::binary_format R, lastbit::binary_format T>
[[nodiscard]] R dot_by_mpfr(std::span<T const> x, std::span<T const> y) {
    mpfr_terms terms;
    for (std::size_t i = 0; i < x.size(); ++i) terms.add_product(x[i], y[i]);
    return terms.rounded<R>();
}

}  // namespace lastbit_tests
