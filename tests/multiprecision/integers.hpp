// SPDX-License-Identifier: BSL-1.0
#pragma once
// Integers of many limbs for tests: random ones, and their values.

#include <lastbit/base/random.hpp>
#include <lastbit/multiprecision/limbs.hpp>

#include <boost/multiprecision/cpp_int.hpp>

namespace lastbit_tests {

using boost::multiprecision::cpp_int;
using lastbit::detail::limb;

[[nodiscard]] inline cpp_int power_of_two(std::size_t k) { return cpp_int(1) << k; }

[[nodiscard]] inline cpp_int integer_of(limb const* x, std::size_t size) {
    cpp_int out = 0;
    for (std::size_t t = size; t > 0; --t) out = (out << 64) + x[t - 1];
    return out;
}

template <std::size_t N>
[[nodiscard]] cpp_int integer_of(std::array<limb, N> const& x) {
    return integer_of(x.data(), N);
}

/// Random limbs, in two of three cases with many of all zeros or of all ones: carries go far.
template <std::size_t N>
[[nodiscard]] std::array<limb, N> random_limbs(lastbit::random_stream& random) {
    std::array<limb, N> x;
    std::uint64_t const kind = random.below(3);
    for (limb& v : x) {
        v = random.bits();
        if (kind == 1 && random.below(3) != 0) v = ~limb{0};
        if (kind == 2 && random.below(3) != 0) v = 0;
    }
    return x;
}

}  // namespace lastbit_tests
