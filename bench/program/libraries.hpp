// SPDX-License-Identifier: BSL-1.0
#pragma once
// The BLAS libraries of this machine, each run in a child process of its own: libraries that export the same symbols
// never meet, and one that crashes costs its own rows only.

#include <lastbit/nn/network.hpp>

#include <optional>
#include <string>
#include <vector>

namespace program {

/// A library to look for: the first of `candidates` that opens, and whose symbols are of `family` (any if empty).
struct library_request {
    std::string name;
    std::vector<std::string> candidates;
    std::string family;
};

/// What one call pattern gave: values, or why there are none.
struct library_run {
    std::string name;  ///< "openblas/batch"
    std::vector<float> values;
    std::string failure;
};

/// A library that was found, or why not: `absent` is then not empty and there are no runs.
struct library_result {
    std::string name, path, version, absent;
    std::vector<library_run> runs;
};

/// OpenBLAS, BLIS and the reference BLAS ("refblas"), by their usual sonames and in their usual folders.
[[nodiscard]] std::vector<library_request> usual_libraries();

/// Opens the library in a child process and runs the network there, whole batch and row by row.
[[nodiscard]] library_result run_library(library_request const& request, lastbit::network<float> const& network,
                                         lastbit::matrix_view<float const> inputs);

}  // namespace program
