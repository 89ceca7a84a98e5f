// SPDX-License-Identifier: BSL-1.0
#pragma once
// Folder testing/properties/: what can be asked of a kernel in a single call. Knows no test framework.

#include <lastbit/testing/properties/alignment_invariant.hpp>  // IWYU pragma: export
#include <lastbit/testing/properties/batch_invariant.hpp>      // IWYU pragma: export
#include <lastbit/testing/properties/deterministic.hpp>        // IWYU pragma: export
#include <lastbit/testing/properties/edges.hpp>                // IWYU pragma: export
#include <lastbit/testing/properties/in_bounds.hpp>            // IWYU pragma: export
#include <lastbit/testing/properties/order_invariant.hpp>      // IWYU pragma: export
#include <lastbit/testing/properties/scale_invariant.hpp>      // IWYU pragma: export
#include <lastbit/testing/properties/sign_symmetric.hpp>       // IWYU pragma: export
#include <lastbit/testing/properties/special_values.hpp>       // IWYU pragma: export
#include <lastbit/testing/properties/stride_invariant.hpp>     // IWYU pragma: export
#include <lastbit/testing/properties/thread_invariant.hpp>     // IWYU pragma: export
