// SPDX-License-Identifier: BSL-1.0
#pragma once
// The root mean square of a sum's error, as the usual model has it: each rounding error is a random number of its own,
// uniform within half an ulp of the result that is rounded, which is known because the partial sums are.
//
// A model of data without structure, for what an error is typically like; nothing is promised of one sum. The mean
// square of a rounding error is then ulp^2 / 12, and mean squares of independent errors of mean zero add up.

#include <lastbit/fold/dot.hpp>

#include <bit>
#include <cmath>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {
namespace detail {

/// A sum of squares of powers of two, over the whole range of exponents: 4^top * sum.
class squared_ulps {
public:
    constexpr void add(int exponent, double count = 1.0) noexcept {
        if (!(count > 0.0)) return;
        if (!(sum_ > 0.0)) top_ = exponent;
        int const gap = exponent - top_;
        if (gap > 0) {
            sum_ = (gap > 500 ? 0.0 : sum_ * lastbit::detail::power_of_two(-2 * gap)) + count;
            top_ = exponent;
        } else if (gap >= -500) {
            sum_ += count * lastbit::detail::power_of_two(2 * gap);
        }
    }
    constexpr void add(squared_ulps const& b) noexcept { add(b.top_, b.sum_); }
    /// sqrt(sum / 12).
    [[nodiscard]] double root_of_twelfth() const noexcept {
        return std::sqrt(sum_ / 12.0) * lastbit::detail::power_of_two(top_);
    }

private:
    double sum_ = 0;
    int top_ = 0;
};

/// What plain (or fused) computes, and the ulps of all results that were rounded.
template <binary_format T, bool Fused>
struct modelled {
    T value_ = negate(T(0));
    squared_ulps rounded_;
    bool finite_ = true;

    constexpr void add(T const& x) {
        auto const [s, e] = two_sum<T>(value_, x);
        take(s, !is_zero(e));
    }
    constexpr void add_product(T const& x, T const& y) {
        if constexpr (Fused) {
            auto const [p, r] = two_product(x, y);
            auto const [s, e] = two_sum<T>(value_, p);
            take(lastbit::fma(x, y, value_), !is_zero(e) || !is_zero(r) || drops_bits(x, y));
        } else {
            auto const [p, r] = two_product(x, y);
            if (!is_zero(r) || drops_bits(x, y)) rounded_.add(spacing(p));
            add(p);
        }
    }
    constexpr void merge(modelled const& b) {
        rounded_.add(b.rounded_);
        finite_ = finite_ && b.finite_;
        add(b.value_);
    }

private:
    /// Whether x y has a bit below the smallest subnormal: the error of a product is then no number of the format, and
    /// two_product may return 0 for it. By significands; false of zeros and of what is not finite.
    [[nodiscard]] static constexpr bool drops_bits(T x, T y) noexcept {
        if (!is_finite(x) || !is_finite(y)) return false;
        auto const a = lastbit::detail::decompose(x), b = lastbit::detail::decompose(y);
        if (a.significand == 0 || b.significand == 0) return false;
        int const last = a.exponent + std::countr_zero(a.significand) + b.exponent + std::countr_zero(b.significand);
        return last < format<T>::min_exponent - format<T>::precision + 1;
    }
    /// e where ulp(x) = 2^e.
    [[nodiscard]] static constexpr int spacing(T x) noexcept {
        double const wide = lastbit::detail::convert<double>(x);
        int const binade = static_cast<int>((to_bits(wide) >> 52) & 0x7FF) - 1023;
        return (binade < format<T>::min_exponent ? format<T>::min_exponent : binade) - format<T>::precision + 1;
    }
    constexpr void take(T s, bool inexact) {
        value_ = s;
        finite_ = finite_ && is_finite(s);
        if (inexact && finite_) rounded_.add(spacing(s));
    }
};

template <class M, class T, class Terms>
[[nodiscard]] double modelled_error(Terms const& terms, std::size_t n) {
    using A = lastbit::detail::accumulator_of<M>;
    using O = lastbit::detail::order_of<M>;
    using state = modelled<T, std::same_as<A, fused>>;
    state s;
    if constexpr (lastbit::detail::uses_lanes<typename lastbit::detail::method_of<M>::type>)
        s = O::template run_tile<state, default_lanes<T>>(terms, n);
    else s = O::template run<state>(terms, 0, n);
    return s.finite_ ? s.rounded_.root_of_twelfth() : infinity<double>();
}

/// plain or fused, in any order.
template <class M>
concept modelled_by_ulps =
    std::same_as<lastbit::detail::accumulator_of<M>, plain> || std::same_as<lastbit::detail::accumulator_of<M>, fused>;

}  // namespace detail

/// The root mean square error of sum<M>(x) if each operation that is not exact is off by a random number of its own,
/// uniform within half an ulp of its result.
///
/// @param  M  plain or fused, in any order
/// @param  x  [n] numbers of one of the four formats
/// @return    sqrt(sum ulp^2 / 12) over the rounded results; a model, no bound
/// Error:     on random data within a factor of 2 of what is measured (tests/quantify/rms_error_test.cpp)
/// Special:   n = 0 or no rounding: 0. A NaN, an infinity or an overflow: +inf. What is below half of 2^-1074 is 0 in
///            the double that is returned: one rounding of ulp 2^-1074 has 0.29 * 2^-1074, and gives 0; four: 2^-1074
/// Source:    [RS88] for errors of equal relative variance; docs/mathematics.md, "The expected error"
/// Cost:      O(n), some ten operations a term
template <method_like M, number_range X>
    requires detail::modelled_by_ulps<M> && binary_format<lastbit::detail::number_t<X>>
[[nodiscard]] double expected_rms_error(X const& x) {
    using T = lastbit::detail::number_t<X>;
    environment::guard const guard;
    lastbit::detail::number_terms<T, T> const terms{lastbit::detail::enter(std::ranges::data(x))};
    return lastbit::detail::leave(detail::modelled_error<M, T>(terms, static_cast<std::size_t>(std::ranges::size(x))));
}

/// The same of dot<M>(x, y): products that are rounded count as results. Requires: both have the same size.
template <method_like M, number_range X, number_range Y>
    requires detail::modelled_by_ulps<M> && std::same_as<lastbit::detail::number_t<X>, lastbit::detail::number_t<Y>> &&
        binary_format<lastbit::detail::number_t<X>>
[[nodiscard]] double expected_rms_error(X const& x, Y const& y) {
    using T = lastbit::detail::number_t<X>;
    std::size_t const n = lastbit::detail::common_size("expected_rms_error", x, y);
    environment::guard const guard;
    lastbit::detail::product_terms<T, T> const terms{lastbit::detail::enter(std::ranges::data(x)),
                                                     lastbit::detail::enter(std::ranges::data(y))};
    return lastbit::detail::leave(detail::modelled_error<M, T>(terms, n));
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
