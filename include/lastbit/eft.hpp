// SPDX-License-Identifier: BSL-1.0
#pragma once
// Floor eft/: error-free transformations, of scalars and of batches alike.

#include <lastbit/eft/fast_two_sum.hpp>     // IWYU pragma: export
#include <lastbit/eft/fma.hpp>              // IWYU pragma: export
#include <lastbit/eft/split.hpp>            // IWYU pragma: export
#include <lastbit/eft/two_product.hpp>      // IWYU pragma: export
#include <lastbit/eft/two_sum.hpp>          // IWYU pragma: export
#include <lastbit/eft/value_and_error.hpp>  // IWYU pragma: export
