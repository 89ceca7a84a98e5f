// SPDX-License-Identifier: BSL-1.0
#pragma once
// One BLAS, opened with dlopen, and dense layers computed by it. Meant for a process that opens no second one.

#include <lastbit/nn/network.hpp>

#include <string>
#include <vector>

namespace program {

/// The Fortran interface with 32-bit integers; character arguments have a hidden length at the end.
using sgemm_function = void(char const*, char const*, int const*, int const*, int const*, float const*, float const*,
                            int const*, float const*, int const*, float const*, float*, int const*, std::size_t,
                            std::size_t);
using sgemv_function = void(char const*, int const*, int const*, float const*, float const*, int const*, float const*,
                            int const*, float const*, float*, int const*, std::size_t);

/// An open BLAS. `family` is told from the symbols that it exports: "openblas", "blis", "mkl", "flexiblas", "atlas",
/// "armpl", or "refblas" where none of these is there.
struct blas {
    sgemm_function* sgemm = nullptr;
    sgemv_function* sgemv = nullptr;
    std::string path;  ///< the file that holds sgemm_, links resolved
    std::string family;
    std::string version;  ///< what the library says of itself, else its file's name
};

/// Opens a file or a soname; `problem` says why the result has no functions.
[[nodiscard]] blas open_blas(std::string const& file, std::string& problem);

/// [rows x outputs]: one sgemm a layer for all rows. Bias and activation are ours, in float32, one rounded addition.
[[nodiscard]] std::vector<float> forward_batch(blas const& library, lastbit::network<float> const& network,
                                               lastbit::matrix_view<float const> inputs);

/// [rows x outputs]: one sgemv a layer and row.
[[nodiscard]] std::vector<float> forward_single(blas const& library, lastbit::network<float> const& network,
                                                lastbit::matrix_view<float const> inputs);

}  // namespace program
