// SPDX-License-Identifier: BSL-1.0
#pragma once
// Rows held against the exact network and against each other.

#include "report.hpp"
#include "terminal.hpp"

#include <lastbit/nn/network.hpp>

namespace program {

/// The arithmetic that the certificate covers.
struct covered {
    bool ftz;                ///< subnormals may be flushed
    double activation_ulps;  ///< what activations but linear and relu are off by at most
};

/// Fills in all that follows from the rows' logits: errors, answers, disagreement, error by layer, certificate.
/// @param precisions  the network is also run in numbers of so many bits, each one of known_precisions()
/// @param cover       what the certificate is for
void analyse(report& found, lastbit::network<float> const& network, lastbit::matrix_view<float const> inputs,
             std::vector<std::size_t> const& precisions, covered const& cover, progress& steps);

}  // namespace program
