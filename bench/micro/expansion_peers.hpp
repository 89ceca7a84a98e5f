// SPDX-License-Identifier: BSL-1.0
#pragma once
// Other libraries' dot products of numbers of several words: those that were found.

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace bench {

struct named_kernel {
    std::string name;
    std::function<void()> run;
};

/// The dot product of x and y, n numbers of `words` doubles each, x[q * n + i] word q of number i, at 53 words bits.
[[nodiscard]] std::vector<named_kernel> expansion_peers(std::vector<double> const& x, std::vector<double> const& y,
                                                        std::size_t n, std::size_t words);

}  // namespace bench
