// SPDX-License-Identifier: BSL-1.0
#pragma once
// All floors that need xsimd alone, from bottom to top. Readers of files, the exact reference, error measures and test
// matchers have headers of their own: io.hpp, oracle.hpp, quantify.hpp, testing.hpp.

#include <lastbit/base.hpp>    // IWYU pragma: export
#include <lastbit/eft.hpp>     // IWYU pragma: export
#include <lastbit/exact.hpp>   // IWYU pragma: export
#include <lastbit/fold.hpp>    // IWYU pragma: export
#include <lastbit/linalg.hpp>  // IWYU pragma: export
#include <lastbit/nn.hpp>      // IWYU pragma: export
