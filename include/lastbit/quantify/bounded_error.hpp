// SPDX-License-Identifier: BSL-1.0
#pragma once
// Errors of many methods on the same data, each beside its a-priori bound. The exact sum is formed once, in a
// superaccumulator, and an error costs a subtraction from it: fast enough for millions of terms, where the oracle is
// not.

#include <lastbit/exact/superaccumulator.hpp>
#include <lastbit/fold/correctly_rounded.hpp>
#include <lastbit/fold/method.hpp>

#include <span>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// What a result is off by, and what it may be off by.
struct bounded_error {
    double error = 0;     ///< |result - exact|, rounded once; +inf for a result that is not finite
    double relative = 0;  ///< error / |exact|; 0 for no error, +inf for an error of an exact 0
    double ulps = 0;      ///< error in ulps of the exact value's binade in the format of the terms
    double bound = 0;     ///< error_bound; +inf where its theorem says nothing: a hypothesis fails, or it overflowed

    /// The bound is wrong, or the sum is. Rounding is monotone: never true of an error that is not above its bound.
    [[nodiscard]] constexpr bool exceeds() const noexcept { return error > bound; }
    /// Nothing was claimed.
    [[nodiscard]] constexpr bool vacuous() const noexcept { return !(bound < infinity<double>()); }
};

/// The exact sum of x, or dot product of x and y, and what bounds need of it.
template <binary_format T>
class error_judge {
public:
    /// For sums. Requires: x finite.
    explicit error_judge(std::span<T const> x) : terms_(x.size()) {
        exact_.add(x);
        superaccumulator<T> magnitudes;
        for (T const element : x) magnitudes.add(absolute(element));
        finish(magnitudes, false);
    }
    /// For dot products. Requires: x and y finite, of one size.
    error_judge(std::span<T const> x, std::span<T const> y) : terms_(x.size()) {
        exact_.add_product(x, y);
        superaccumulator<T> magnitudes;
        for (std::size_t i = 0; i < x.size(); ++i) magnitudes.add_product(absolute(x[i]), absolute(y[i]));
        finish(magnitudes, true);
    }

    /// The exact value, rounded once.
    [[nodiscard]] double exact() const noexcept { return value_; }
    /// S and s, rounded up, as error_bound wants them.
    [[nodiscard]] summand_size const& size() const noexcept { return size_; }
    /// S / s, times 2 for dot products; an estimate, off by a few roundings. +inf for an exact 0; NaN without terms.
    [[nodiscard]] double condition() const noexcept {
        return (size_.products ? 2.0 : 1.0) * (size_.sum_of_absolutes / size_.absolute_of_sum);
    }

    /// The exact value, rounded once to the format of the terms, is an infinity.
    [[nodiscard]] bool overflows() const noexcept { return is_inf(exact_.template round<T>()); }

    /// |result - exact|, rounded once; +inf for a result that is not finite.
    [[nodiscard]] double error_of(T result) const noexcept {
        if (!is_finite(result)) return infinity<double>();
        superaccumulator<T> difference = exact_;
        difference.add(negate(result));
        return absolute(difference.template round<double>());
    }

    /// The result of the method M, beside M's bound. A result that is not finite exceeds it, unless M may overflow on
    /// numbers of this size.
    template <method_like M>
    [[nodiscard]] bounded_error judge(T result) const noexcept {
        double const bound = error_bound<M, T>(terms_, size_);
        return judged(result, is_finite(result) || !may_overflow<M>(bound) ? bound : infinity<double>());
    }
    /// The result of correctly_rounded, beside the bound of a rounding: +inf if the exact value overflows.
    [[nodiscard]] bounded_error judge_correctly_rounded(T result) const noexcept {
        return judged(result, overflows() ? infinity<double>() : error_bound<correctly_rounded, T>(terms_, size_));
    }

private:
    [[nodiscard]] bounded_error judged(T result, double bound) const noexcept {
        bounded_error figures;
        figures.error = error_of(result);
        figures.bound = bound;
        figures.relative = is_zero(figures.error) ? 0.0 : figures.error / absolute(value_);
        figures.ulps = figures.error / ulp_;
        return figures;
    }

    /// Whether what M computes could overflow in its format, or the result in T. Requires: bound is error_bound's.
    ///
    /// Partial sums are at most S and their own error; where words hold errors, n u is at most 1/8 and the first word
    /// at most 1.3 S; multiword's words, and what is computed in two_sum, are at most twice that. All are below
    /// 3 (S + B), B the bound of a sum of magnitudes, and so below the largest number if this is false.
    template <method_like M>
    [[nodiscard]] bool may_overflow(double bound) const noexcept {
        using U = lastbit::detail::held_t<M, T>;
        if (!is_finite(size_.sum_of_absolutes) || !is_finite(bound)) return true;
        summand_size const of_magnitudes{size_.sum_of_absolutes, size_.sum_of_absolutes, size_.products};
        double const largest_sum = size_.sum_of_absolutes + error_bound<M, T>(terms_, of_magnitudes);
        return !(largest_sum < lastbit::detail::power_of_two(format<U>::max_exponent - 1)) ||
               !(size_.absolute_of_sum + bound < lastbit::detail::power_of_two(format<T>::max_exponent));
    }

    void finish(superaccumulator<T> const& magnitudes, bool products) {
        value_ = exact_.template round<double>();
        size_.sum_of_absolutes = magnitudes.template round<double>(rounding::upward);
        double const above = absolute(exact_.template round<double>(rounding::upward));
        double const below = absolute(exact_.template round<double>(rounding::downward));
        size_.absolute_of_sum = above < below ? below : above;
        size_.products = products;
        // Rounded to nearest, the exact value could reach the next binade.
        double const truncated = exact_.template round<double>(rounding::toward_zero);
        int const binade = static_cast<int>((to_bits(truncated) >> 52) & 0x7FF) - 1023;
        int const normal = binade < format<T>::min_exponent ? format<T>::min_exponent : binade;
        ulp_ = lastbit::detail::power_of_two(normal - format<T>::precision + 1);
    }

    superaccumulator<T> exact_;
    std::size_t terms_;
    summand_size size_{};
    double value_ = 0;
    double ulp_ = 0;
};

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
