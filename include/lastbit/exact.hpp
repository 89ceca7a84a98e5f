// SPDX-License-Identifier: BSL-1.0
#pragma once
// Floor exact/: sums without rounding, their rounding in any direction, and numbers of several words.

#include <lastbit/exact/accumulation_network.hpp>    // IWYU pragma: export
#include <lastbit/exact/bulk_add.hpp>                // IWYU pragma: export
#include <lastbit/exact/decimal.hpp>                 // IWYU pragma: export
#include <lastbit/exact/double_terms.hpp>            // IWYU pragma: export
#include <lastbit/exact/exact_digits.hpp>            // IWYU pragma: export
#include <lastbit/exact/expansion.hpp>               // IWYU pragma: export
#include <lastbit/exact/expansion_error.hpp>         // IWYU pragma: export
#include <lastbit/exact/expansion_functions.hpp>     // IWYU pragma: export
#include <lastbit/exact/expansion_limits.hpp>        // IWYU pragma: export
#include <lastbit/exact/expansion_matrix.hpp>        // IWYU pragma: export
#include <lastbit/exact/expansion_vector.hpp>        // IWYU pragma: export
#include <lastbit/exact/exponent_bins.hpp>           // IWYU pragma: export
#include <lastbit/exact/extraction.hpp>              // IWYU pragma: export
#include <lastbit/exact/lane_totals.hpp>             // IWYU pragma: export
#include <lastbit/exact/narrow_totals.hpp>           // IWYU pragma: export
#include <lastbit/exact/nearest_words.hpp>           // IWYU pragma: export
#include <lastbit/exact/number_cast.hpp>             // IWYU pragma: export
#include <lastbit/exact/round_within.hpp>            // IWYU pragma: export
#include <lastbit/exact/rounded_dot.hpp>             // IWYU pragma: export
#include <lastbit/exact/rounded_quotient.hpp>        // IWYU pragma: export
#include <lastbit/exact/rounded_root.hpp>            // IWYU pragma: export
#include <lastbit/exact/rounded_sum.hpp>             // IWYU pragma: export
#include <lastbit/exact/rounded_terms.hpp>           // IWYU pragma: export
#include <lastbit/exact/rounding_direction.hpp>      // IWYU pragma: export
#include <lastbit/exact/sum_estimate.hpp>            // IWYU pragma: export
#include <lastbit/exact/superaccumulator.hpp>        // IWYU pragma: export
#include <lastbit/exact/superaccumulator_bytes.hpp>  // IWYU pragma: export
