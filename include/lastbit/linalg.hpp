// SPDX-License-Identifier: BSL-1.0
#pragma once
// Floor linalg/: matrix-vector and matrix products by any method.

#include <lastbit/linalg/gemm.hpp>              // IWYU pragma: export
#include <lastbit/linalg/gemv.hpp>              // IWYU pragma: export
#include <lastbit/linalg/multiply.hpp>          // IWYU pragma: export
#include <lastbit/linalg/overlap.hpp>           // IWYU pragma: export
#include <lastbit/linalg/rounded_multiply.hpp>  // IWYU pragma: export
#include <lastbit/linalg/tile.hpp>              // IWYU pragma: export
