// SPDX-License-Identifier: BSL-1.0
#pragma once
// One network in numbers of more bits than a double has.

#include "report.hpp"

#include <lastbit/nn/network.hpp>
#include <lastbit/oracle/exact_matrix.hpp>

#include <vector>

namespace program {

/// The precisions that there are numbers of, ascending: 106, 159, 212 and 424 bits in two, three, four and eight doubles,
/// 1024 bits in a number of Boost.
[[nodiscard]] std::vector<std::size_t> const& known_precisions();

/// The network in numbers of so many bits, by their default method, against the exact outputs.
/// Requires: bits is one of known_precisions().
[[nodiscard]] precision_row run_precision(std::size_t bits, lastbit::network<float> const& network,
                                          lastbit::matrix_view<float const> inputs,
                                          lastbit::oracle::exact_matrix const& exact);

}  // namespace program
