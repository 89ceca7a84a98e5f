// SPDX-License-Identifier: BSL-1.0
#pragma once
// Floor base/: what a floating-point number is, and arithmetic whose bits no compiler flag can change.

#include <lastbit/base/bfloat16.hpp>             // IWYU pragma: export
#include <lastbit/base/block_scaled.hpp>         // IWYU pragma: export
#include <lastbit/base/choose.hpp>               // IWYU pragma: export
#include <lastbit/base/config.hpp>               // IWYU pragma: export
#include <lastbit/base/contracts.hpp>            // IWYU pragma: export
#include <lastbit/base/convert.hpp>              // IWYU pragma: export
#include <lastbit/base/environment.hpp>          // IWYU pragma: export
#include <lastbit/base/float16.hpp>              // IWYU pragma: export
#include <lastbit/base/float8.hpp>               // IWYU pragma: export
#include <lastbit/base/format.hpp>               // IWYU pragma: export
#include <lastbit/base/format_error.hpp>         // IWYU pragma: export
#include <lastbit/base/half_batch.hpp>           // IWYU pragma: export
#include <lastbit/base/matrix_view.hpp>          // IWYU pragma: export
#include <lastbit/base/opaque.hpp>               // IWYU pragma: export
#include <lastbit/base/random.hpp>               // IWYU pragma: export
#include <lastbit/base/rounded_lanes.hpp>        // IWYU pragma: export
#include <lastbit/base/rounding.hpp>             // IWYU pragma: export
#include <lastbit/base/simd.hpp>                 // IWYU pragma: export
#include <lastbit/base/stochastic_rounding.hpp>  // IWYU pragma: export
#include <lastbit/base/tf32.hpp>                 // IWYU pragma: export
#include <lastbit/base/ulp.hpp>                  // IWYU pragma: export
#include <lastbit/base/widen.hpp>                // IWYU pragma: export
