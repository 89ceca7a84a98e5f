// SPDX-License-Identifier: BSL-1.0
#pragma once
// What only plots show: how errors are spread, and how they grow with the condition of the sums.

#include "report.hpp"

#include <lastbit/nn/network.hpp>
#include <lastbit/oracle/exact_matrix.hpp>

#include <vector>

namespace program {

/// The absolute errors of every answer's logits, four bins a decade over at most 20 decades.
/// @param found  its rows have been compared: row::bits, report::classes
[[nodiscard]] error_histogram histogram_of_errors(report const& found, lastbit::oracle::exact_matrix const& exact);

/// Each layer's sums by the textbook's method against the exact ones over the same inputs: the error that the layer made
/// itself, by the condition number of the sum, four bins a decade.
/// @param outputs  what textbook_layers() computed, activations applied
[[nodiscard]] std::vector<condition_errors> errors_by_condition(
    lastbit::network<float> const& network, lastbit::matrix_view<float const> inputs,
    std::vector<lastbit::matrix_view<float const>> const& outputs);

}  // namespace program
