// SPDX-License-Identifier: BSL-1.0
#include "library.hpp"

#include <stdexcept>

namespace interop {

library open_library(std::string const& name) {
    // LASTBIT_INTEROP_EIGEN, LASTBIT_INTEROP_ONEDNN: whether CMake found the library; else there is nothing to link to.
    if (name == "eigen") {
        if constexpr (LASTBIT_INTEROP_EIGEN) return open_eigen();
        return {"Eigen", {}, "not found by CMake (Debian: libeigen3-dev)"};
    }
    if (name == "onednn") {
        if constexpr (LASTBIT_INTEROP_ONEDNN) return open_onednn();
        return {"oneDNN", {}, "no version 2 was found by CMake (Debian 12: libdnnl-dev)"};
    }
    if (name == "openblas" || name == "blis" || name == "refblas") return open_blas(name);
    throw std::invalid_argument(name + ": there are openblas, blis, refblas, eigen and onednn");
}

}  // namespace interop
