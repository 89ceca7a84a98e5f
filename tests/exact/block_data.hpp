// SPDX-License-Identifier: BSL-1.0
#pragma once
// Doubles that press on a bound: as close below a power of two as they come, of one sign or of two, with last bits set.

#include <lastbit/base.hpp>
#include <lastbit/exact/superaccumulator.hpp>

#include <cstdint>
#include <vector>

namespace lastbit_tests {

/// A double of magnitude below 2^exponent: its binade falls with probability, its last bits are random or all ones.
[[nodiscard]] inline double below_power(lastbit::random_stream& random, int exponent, bool one_sign, unsigned spread) {
    std::uint64_t const bits = random.bits();
    int const down = spread == 0 ? 0 : static_cast<int>(random.below(spread));
    int const biased = exponent - 1 - down + 1023;
    std::uint64_t const fraction = (bits & 3) == 0 ? (std::uint64_t{1} << 52) - 1 : (bits >> 12);
    std::uint64_t const sign = one_sign ? 0 : bits << 63;
    std::uint64_t const field = biased > 0 ? static_cast<std::uint64_t>(biased) << 52 : 0;
    return lastbit::from_bits<double>(sign | field | fraction);
}

[[nodiscard]] inline std::vector<double> block_data(lastbit::random_stream& random, std::size_t n, int exponent,
                                                    bool one_sign, unsigned spread) {
    std::vector<double> x(n);
    for (double& v : x) v = below_power(random, exponent, one_sign, spread);
    return x;
}

/// The exact sum, term by term.
template <class T>
[[nodiscard]] lastbit::superaccumulator<T> sum_one_by_one(std::vector<T> const& x) {
    lastbit::superaccumulator<T> total;
    for (T const v : x) total.add(v);
    return total;
}

/// |total - high - low| <= bound.
[[nodiscard]] inline bool within(lastbit::superaccumulator<double> total, double high, double low, double bound) {
    total.add(lastbit::negate(high));
    total.add(lastbit::negate(low));
    lastbit::superaccumulator<double> limit;
    limit.add(bound);
    lastbit::superaccumulator<double> opposite;
    opposite.add(lastbit::negate(bound));
    return !(total > limit) && !(total < opposite);
}

}  // namespace lastbit_tests
