// SPDX-License-Identifier: BSL-1.0
#pragma once
// Elements of a product by the oracle.

#include <lastbit/oracle/real.hpp>
#include "quantify/faulty_kernels.hpp"

namespace lastbit_tests {

/// alpha sum a b + beta C0 + bias, exactly.
inline lastbit::oracle::real exact_element(problem const& p, std::size_t batch, std::size_t i, std::size_t j) {
    using lastbit::oracle::real;
    real z(0.0);
    for (std::size_t l = 0; l < p.k; ++l) z += real(p.A(i, l, batch)) * real(p.B(l, j, batch));
    z = real(p.alpha) * z;
    if (p.beta != 0) z += real(p.beta) * real(p.old[(batch * p.m + i) * p.n + j]);
    if (p.has_bias) z += real(p.bias[j]);
    return z;
}

/// |alpha| sum |a b| + |beta C0| + |bias|, exactly.
inline lastbit::oracle::real exact_magnitude(problem const& p, std::size_t batch, std::size_t i, std::size_t j) {
    using lastbit::oracle::real;
    real z(0.0);
    for (std::size_t l = 0; l < p.k; ++l) z += (real(p.A(i, l, batch)) * real(p.B(l, j, batch))).abs();
    z = real(p.alpha).abs() * z;
    if (p.beta != 0) z += (real(p.beta) * real(p.old[(batch * p.m + i) * p.n + j])).abs();
    if (p.has_bias) z += real(p.bias[j]).abs();
    return z;
}

}  // namespace lastbit_tests
