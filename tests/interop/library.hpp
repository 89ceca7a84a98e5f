// SPDX-License-Identifier: BSL-1.0
#pragma once
// A library that we did not write, as kernels that can be examined.

#include <lastbit/testing/kernel.hpp>

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace interop {

/// A routine of the library.
struct routine {
    std::string name;  ///< "sgemm", "inner product, bfloat16 to float32"
    lastbit::testing::kernel_under_test kernel;
    /// The format that sums are held in, where it need not be the usual one.
    std::optional<lastbit::quantify::number_format> held{};
    /// Its arithmetic may take subnormal numbers for zero.
    bool may_flush = false;
    /// What some version of it does with special values, as respects_special_values names it.
    std::vector<std::string> special_faults{};
};

/// A call that may end its process, and so is made in one of its own.
struct lone_call {
    std::string what;
    std::function<void()> call;
};

struct library {
    std::string name;       ///< "OpenBLAS"
    std::string version{};  ///< what it says of itself
    std::string absent{};   ///< why there are no routines; empty if there are
    std::vector<routine> routines{};
    std::function<void(int)> set_threads{};  ///< empty where there is nothing to set
    std::vector<lone_call> alone{};
    std::vector<std::pair<std::string, std::string>> notes{};  ///< a routine that is not there, and why
};

/// "openblas", "blis", "refblas", "eigen", "onednn".
/// Error: std::invalid_argument if the name is none of these.
[[nodiscard]] library open_library(std::string const& name);

/// What CMake found is behind these; see libraries.cpp.
[[nodiscard]] library open_blas(std::string const& name);
[[nodiscard]] library open_eigen();
[[nodiscard]] library open_onednn();

}  // namespace interop
