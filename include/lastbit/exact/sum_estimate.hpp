// SPDX-License-Identifier: BSL-1.0
#pragma once
// The sum of terms in two words with a bound on its error: what roots and quotients of sums start from.

#include <lastbit/exact/rounded_terms.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// A sum as an estimate, and whether there is one.
struct known_sum {
    estimate value;
    double size;  ///< at least every low word, or, in narrow sums, the sum of the magnitudes; 0 if that is not known
    bool known;
};

inline constexpr known_sum unknown_sum{{0.0, 0.0, 0.0}, 0.0, false};

/// total +- error in two words.
[[nodiscard, gnu::always_inline]] inline known_sum estimate_total(superaccumulator<double> const& total,
                                                                  double error) noexcept {
    double const high = total.round<double>();
    if (!is_finite(high)) return unknown_sum;
    superaccumulator<double> rest = total;
    rest.add(negate(high));
    double const low = rest.round<double>();
    return {{high, low, error + absolute(low) * 0x1p-52 + smallest_subnormal<double>()}, 0.0, true};
}

/// By extraction, as round_fast.
template <class Terms>
[[nodiscard, gnu::always_inline]] inline known_sum estimate_wide(Terms const& terms, std::size_t n) noexcept {
    double const slack =
        Terms::exact ? 0.0 : mul(static_cast<double>(n), opaque_constant(smallest_subnormal<double>()));
    lane_totals totals;
    if (n <= lane_totals::most_blocks * extraction_block::size - extraction_block::size) {
        if (!add_blocks(terms, n, totals, [] {})) return unknown_sum;
        estimate sum = merged(totals);
        sum.error += slack;
        sum.normalise();
        return {sum, totals.low_size(), is_finite(sum.high)};
    }
    superaccumulator<double> total;
    double error = slack;
    if (!add_blocks_to(total, error, terms, n, totals)) return unknown_sum;
    return estimate_total(total, error * (1.0 + 0x1p-40));
}

/// Plainly in double, as round_narrow.
template <class Terms>
[[nodiscard, gnu::always_inline]] inline known_sum estimate_narrow(Terms const& terms, std::size_t n) noexcept {
    narrow_sum const plain = sum_narrow(terms, n);
    estimate sum{plain.high, plain.low, plain.error};
    sum.normalise();
    return {sum, plain.size, is_finite(sum.high) && is_finite(opaque(plain.size))};
}

/// The sum of n terms, for a result of the format R. Normalised: high is high + low rounded.
/// Requires: a sound environment.
template <binary_format R, class Terms>
[[nodiscard, gnu::always_inline]] inline known_sum estimate_sum(Terms const& terms, std::size_t n) noexcept {
    if constexpr (exact_in_double<R> && exact_in_double<typename Terms::number>) return estimate_narrow(terms, n);
    else return estimate_wide(terms, n);
}

/// Sets the error to 0 if the terms lie on a grid on which no addition has rounded; docs/mathematics.md, "Grids".
template <class Terms>
[[nodiscard]] bool is_exact_on_grid(known_sum& sum, Terms const& terms, std::size_t n) noexcept {
    if (!Terms::exact || !sum.known || is_zero(sum.size) || !is_finite(opaque(sum.size)) || sum.size >= 0x1p900)
        return false;
    double const quantum = magnitude::above(to_bits(sum.size), 0).power() * 0x1p-52;
    if (!all_multiples_of(quantum, terms, n)) return false;
    sum.value.error = 0.0;
    return true;
}

/// The exact sum of n terms.
template <class Terms>
[[nodiscard, gnu::noinline]] auto digits_of_sum(Terms const& terms, std::size_t n) noexcept {
    superaccumulator<typename Terms::number> total;
    bulk_access::add(total, terms, n);
    return bulk_access::magnitude(total);
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
