// SPDX-License-Identifier: BSL-1.0
#pragma once
// Software numbers in tests: Boost.Multiprecision without expression templates, and with.

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <boost/multiprecision/cpp_int.hpp>

#include <cstddef>
#include <vector>

namespace lastbit_tests {

using rational = boost::multiprecision::cpp_rational;
using decimal = boost::multiprecision::cpp_bin_float_50;

/// 1/2, 1/3, 1/4, ... with signs - + + - ...
template <class Number>
[[nodiscard]] std::vector<Number> fractions(std::size_t n, int first = 2) {
    std::vector<Number> x;
    for (std::size_t i = 0; i < n; ++i) x.push_back(Number(i % 3 == 0 ? -1 : 1) / Number(static_cast<int>(i) + first));
    return x;
}

/// The double loop that every exact method must equal.
[[nodiscard]] inline rational exact_dot(std::vector<rational> const& x, std::vector<rational> const& y) {
    rational s = 0;
    for (std::size_t i = 0; i < x.size(); ++i) s += x[i] * y[i];
    return s;
}

}  // namespace lastbit_tests
