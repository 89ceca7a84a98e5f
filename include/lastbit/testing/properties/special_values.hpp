// SPDX-License-Identifier: BSL-1.0
#pragma once
// Property: NaN, infinities, overflow, subnormal numbers and -0 as IEEE 754 has them.
//
// Special values stand among whole numbers, so that there is one right answer (exact_judgment.hpp).

#include <lastbit/testing/exact_judgment.hpp>
#include <lastbit/testing/shrink.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {
namespace detail {

/// Writes trials with special values and hands them on.
class special_trials {
public:
    special_trials(kernel_under_test const& kernel, std::uint64_t seed, bool may_flush,
                   std::function<void(kernel_trial const&)> use)
        : kernel_(kernel), seed_(seed), may_flush_(may_flush), use_(std::move(use)) {}

    void all(std::size_t m, std::size_t n, std::size_t k) {
        t_ = whole_trial(kernel_, m, n, k, seed_);
        for (std::size_t third = 0; third < 3; ++third) {
            std::size_t const place = third * (k - 1) / 2, other = (place + 1 + k / 3) % k;
            row_ = third * (t_.m - 1) / 2;
            col_ = third * (t_.n - 1) / 2;
            in_each(canonical_nan<double>(), place);
            if (quantify::constants(kernel_.in).has_infinity && quantify::constants(kernel_.out).has_infinity)
                infinities(place, other);
        }
        if (quantify::constants(kernel_.out).has_infinity) overflow();
        if (!may_flush_) subnormals();
        zeros();
    }

private:
    [[nodiscard]] double& a(kernel_trial& t, std::size_t p) const { return t.a[row_ * t.k + p]; }
    [[nodiscard]] bool has_b() const { return kernel_.kind != kernel_kind::sum; }

    /// Trials with x in a row of A, others with x in a column of B; with any factors opposite, with 1, and with 0.
    void in_each(double x, std::size_t place) const {
        kernel_trial t = t_;
        a(t, place) = x;
        use_(t);
        if (!has_b()) return;
        for (double const factor : {1.0, 0.0}) {
            for (std::size_t j = 0; j < t.n; ++j) t.b[place * t.n + j] = factor;
            use_(t);
        }
        t = t_;
        t.b[place * t.n + col_] = x;
        use_(t);
        for (double const factor : {1.0, 0.0}) {
            for (std::size_t i = 0; i < t.m; ++i) t.a[i * t.k + place] = factor;
            use_(t);
        }
    }

    void infinities(std::size_t place, std::size_t other) const {
        in_each(infinity<double>(), place);
        in_each(negate(infinity<double>()), place);
        if (other == place) return;
        kernel_trial t = t_;
        a(t, place) = infinity<double>();
        a(t, other) = negate(infinity<double>());
        if (has_b())
            for (std::size_t j = 0; j < t.n; ++j) t.b[place * t.n + j] = t.b[other * t.n + j] = 1.0;
        use_(t);
    }

    /// All of A is x, all of B is y.
    void constant(double x, double y) const {
        kernel_trial t = t_;
        t.a.assign(t.a.size(), x);
        t.b.assign(t.b.size(), y);
        use_(t);
    }

    /// The largest number twice, on either side of zero, and zeros.
    void overflow() const {
        if (t_.k < 2) return;
        double const end = quantify::constants(kernel_.in).largest;
        for (double const x : {end, negate(end)}) {
            kernel_trial t = t_;
            t.a.assign(t.a.size(), 0.0);
            t.b.assign(t.b.size(), 1.0);
            a(t, 0) = a(t, t.k - 1) = x;
            use_(t);
        }
    }

    /// Subnormal operands, products and differences; sums of few of them are exact.
    void subnormals() const {
        // Composed, not computed: the caller's environment may flush.
        using lastbit::detail::compose;
        int const emin = quantify::constants(kernel_.in).min_exponent;
        int const last = emin - quantify::precision(kernel_.in) + 1;
        double const step = compose<double>(false, 1, last);
        if (t_.k > 32 || quantify::constants(kernel_.out).min_exponent - quantify::precision(kernel_.out) + 1 > last)
            return;
        double const exact_sums = whole_limit(kernel_.in);  // of steps
        if (static_cast<double>(t_.k) * 3 > exact_sums) return;
        constant(step, 1.0);
        constant(compose<double>(false, 3, last), 1.0);
        constant(negate(step), 1.0);
        if (has_b()) constant(compose<double>(false, 1, emin), 0.5);
        if (t_.k < 2) return;
        kernel_trial t = t_;
        t.a.assign(t.a.size(), 0.0);
        t.b.assign(t.b.size(), 1.0);
        a(t, 0) = compose<double>(false, 3, emin - 1);
        a(t, t.k - 1) = compose<double>(true, 1, emin);
        use_(t);
    }

    void zeros() const {
        constant(-0.0, 1.0);
        if (t_.k < 2) return;
        kernel_trial t = t_;
        t.a.assign(t.a.size(), -0.0);
        t.b.assign(t.b.size(), 1.0);
        a(t, 0) = 1.0;
        a(t, t.k - 1) = -1.0;
        use_(t);
    }

    kernel_under_test const& kernel_;
    std::uint64_t seed_;
    bool may_flush_;
    std::function<void(kernel_trial const&)> use_;
    kernel_trial t_;
    std::size_t row_ = 0, col_ = 0;  ///< where special values stand
};

[[nodiscard]] inline property_result examine_respects_special_values(kernel_under_test const& kernel,
                                                                     std::uint64_t seed, bool may_flush) {
    examination all("respects_special_values", kernel, seed);
    if (quantify::constants(kernel.in).is_integer || quantify::constants(kernel.out).is_integer)
        return all.not_applicable();
    auto const check = [&](kernel_trial const& t) -> std::optional<kernel_finding> {
        trial_outcome const outcome = all.session().run(t);
        if (outcome.violation) return outcome.violation;
        return judge_exact(kernel, t, outcome.bits);
    };
    special_trials trials(kernel, seed, may_flush, [&](kernel_trial const& t) { all.check(t, check); });
    for (std::size_t const k : {1U, 2U, 3U, 8U, 17U, 32U, 33U, 70U}) {
        trials.all(1, 1, k);
        trials.all(3, 5, k);
    }
    trials.all(9, 17, 16);
    return all.result();
}

}  // namespace detail

/// NaN in, NaN out, in exactly the elements concerned; infinities; NaN where both meet and for 0 times infinity;
/// overflow to infinity; subnormal operands and results not flushed; +0 where terms cancel.
///
/// The sign of a zero that has no term but zeros is not judged. What a format does not have (infinities of float8_e4m3)
/// is left out. Faults: "nan_swallowed", "nan_spread", "unexpected_nan", "infinity_lost", "infinity_sign",
/// "unexpected_infinity", "infinity_minus_infinity_lost", "zero_times_infinity_lost", "overflow_lost",
/// "subnormal_flushed", "negative_zero", "wrong_value", or one of stays_in_bounds.
/// @param may_flush   subnormal numbers may be taken for zero: nothing is asked about them
template <class T = void, class K>
    requires testable_kernel<K, T>
[[nodiscard]] property_result respects_special_values(K kernel, std::uint64_t seed = default_property_seed,
                                                      bool may_flush = false) {
    return detail::examine_respects_special_values(erase<T>(std::move(kernel)), seed, may_flush);
}

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
