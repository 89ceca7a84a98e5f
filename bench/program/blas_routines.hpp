// SPDX-License-Identifier: BSL-1.0
#pragma once
// The routines of an open BLAS as kernels that can be examined.

#include <lastbit/testing/kernel.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace program {

/// A routine that a library has.
struct blas_routine {
    std::string name;       ///< "sgemm"
    std::string interface;  ///< "cblas" or "fortran"
    lastbit::testing::kernel_under_test kernel;
    std::optional<lastbit::quantify::number_format> accumulated_in;  ///< where BLAS prescribes it
};

/// Names of all routines that are known, in the order of a table.
[[nodiscard]] std::vector<std::string> const& known_routines();

/// One of the known routines: cblas_NAME if the library exports it, else NAME_; nothing if it has neither.
///
/// What BLAS leaves open is settled in the kernel: gemv on a matrix of no columns may leave y as it was, as the reference
/// BLAS does, or scale it by beta.
[[nodiscard]] std::optional<blas_routine> find_routine(void* library, std::string const& name);

/// Sets the number of threads that the library uses, and the name of the function that does it.
struct thread_control {
    std::string name;  ///< "openblas_set_num_threads"; empty if the library has none that is known
    std::function<void(int)> set;
};

[[nodiscard]] thread_control find_thread_control(void* library);

}  // namespace program
