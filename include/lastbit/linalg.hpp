// SPDX-License-Identifier: BSL-1.0
#pragma once
// Floor linalg/: matrix-vector and matrix products by any method.

#include <lastbit/linalg/blocked_product.hpp>       // IWYU pragma: export
#include <lastbit/linalg/expansion_products.hpp>    // IWYU pragma: export
#include <lastbit/linalg/extraction_tile.hpp>       // IWYU pragma: export
#include <lastbit/linalg/gemm.hpp>                  // IWYU pragma: export
#include <lastbit/linalg/gemv.hpp>                  // IWYU pragma: export
#include <lastbit/linalg/multiply.hpp>              // IWYU pragma: export
#include <lastbit/linalg/narrow_product.hpp>        // IWYU pragma: export
#include <lastbit/linalg/overlap.hpp>               // IWYU pragma: export
#include <lastbit/linalg/panel.hpp>                 // IWYU pragma: export
#include <lastbit/linalg/prepared_matrix.hpp>       // IWYU pragma: export
#include <lastbit/linalg/product_judge.hpp>         // IWYU pragma: export
#include <lastbit/linalg/product_operands.hpp>      // IWYU pragma: export
#include <lastbit/linalg/product_tile.hpp>          // IWYU pragma: export
#include <lastbit/linalg/rounded_multiply.hpp>      // IWYU pragma: export
#include <lastbit/linalg/row_norms.hpp>             // IWYU pragma: export
#include <lastbit/linalg/tile.hpp>                  // IWYU pragma: export
#include <lastbit/linalg/vector_products.hpp>       // IWYU pragma: export
#include <lastbit/linalg/wide_judge.hpp>            // IWYU pragma: export
#include <lastbit/linalg/wide_product.hpp>          // IWYU pragma: export
#include <lastbit/linalg/wide_vector_products.hpp>  // IWYU pragma: export
#include <lastbit/linalg/workspace.hpp>             // IWYU pragma: export
