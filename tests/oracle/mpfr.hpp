// SPDX-License-Identifier: BSL-1.0
#pragma once
// The oracle's own judge: GNU MPFR with 4,400 bits, in which every sum and dot product of the tests is exact.

#include <lastbit/base/convert.hpp>
#include <lastbit/oracle/real.hpp>

#include <mpfr.h>

#include <string>

namespace lastbit_tests {

inline constexpr mpfr_prec_t mpfr_bits = 4400;

/// An MPFR number of 4,400 bits.
class mpfr_number {
public:
    mpfr_number() {
        mpfr_init2(value_, mpfr_bits);
        mpfr_set_zero(value_, 1);
    }
    explicit mpfr_number(double x) : mpfr_number() { mpfr_set_d(value_, x, MPFR_RNDN); }
    /// Through text, so that no integer of the oracle is trusted.
    explicit mpfr_number(lastbit::oracle::real const& x) : mpfr_number() {
        if (x.is_nan()) mpfr_set_nan(value_);
        else if (x.is_inf()) mpfr_set_inf(value_, x.is_negative() ? -1 : 1);
        else {
            mpfr_set_str(value_, x.significand().str(0, std::ios_base::hex).c_str(), 16, MPFR_RNDN);
            mpfr_mul_2si(value_, value_, static_cast<long>(x.exponent()), MPFR_RNDN);
            if (x.is_negative()) mpfr_neg(value_, value_, MPFR_RNDN);
        }
    }
    mpfr_number(mpfr_number const&) = delete;
    mpfr_number& operator=(mpfr_number const&) = delete;
    ~mpfr_number() { mpfr_clear(value_); }

    [[nodiscard]] mpfr_ptr get() { return value_; }
    [[nodiscard]] bool is_nan() const { return mpfr_nan_p(value_) != 0; }
    [[nodiscard]] bool equals(mpfr_number const& other) const { return mpfr_equal_p(value_, other.value_) != 0; }

private:
    mpfr_t value_;
};

[[nodiscard]] inline mpfr_rnd_t mpfr_direction(lastbit::oracle::direction d) {
    switch (d) {
        case lastbit::oracle::direction::nearest:
            return MPFR_RNDN;
        case lastbit::oracle::direction::upward:
            return MPFR_RNDU;
        case lastbit::oracle::direction::downward:
            return MPFR_RNDD;
        case lastbit::oracle::direction::toward_zero:
            return MPFR_RNDZ;
    }
    return MPFR_RNDN;
}

/// x rounded once to T by MPFR, with T's exponents and subnormals.
template <lastbit::binary_format T>
[[nodiscard]] T round_by_mpfr(mpfr_number& x, lastbit::oracle::direction direction) {
    using limits = lastbit::format<T>;
    if (x.is_nan()) return lastbit::canonical_nan<T>();
    mpfr_rnd_t const rounding = mpfr_direction(direction);
    mpfr_exp_t const emin = mpfr_get_emin(), emax = mpfr_get_emax();
    mpfr_t rounded;
    mpfr_init2(rounded, limits::precision);
    int inexact = mpfr_set(rounded, x.get(), rounding);
    // MPFR's significands lie in [1/2, 1).
    mpfr_set_emin(limits::min_exponent - limits::precision + 2);
    mpfr_set_emax(limits::max_exponent + 1);
    inexact = mpfr_check_range(rounded, inexact, rounding);
    mpfr_subnormalize(rounded, inexact, rounding);
    double const wide = mpfr_get_d(rounded, MPFR_RNDN);  // exact: every number of T is a double
    mpfr_set_emin(emin);
    mpfr_set_emax(emax);
    mpfr_clear(rounded);
    return lastbit::detail::convert<T>(wide);
}

}  // namespace lastbit_tests
