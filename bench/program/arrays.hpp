// SPDX-License-Identifier: BSL-1.0
#pragma once
// Inputs and recorded outputs out of .npy files.

#include "report.hpp"

#include <string>
#include <vector>

namespace program {

/// [rows x columns] inputs in float32, row-major.
struct input_matrix {
    std::vector<float> values;
    std::size_t rows = 0, columns = 0;
};

/// Reads inputs: float32, or another type all of whose values are float32 numbers; one dimension is one row.
/// Error: user_error or io::format_error: other shapes, no rows, values that float32 has not, NaN or an infinity.
[[nodiscard]] input_matrix read_inputs(std::string const& path, std::size_t columns);

/// Reads the logits of a run made elsewhere, [rows x outputs], float32, float64 or float16, in their own format. One
/// dimension serves where there is one row or one output. NaN and infinities are findings, not errors.
[[nodiscard]] row read_recorded(std::string const& name, std::string const& path, std::size_t rows,
                                std::size_t outputs);

}  // namespace program
