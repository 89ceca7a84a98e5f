// SPDX-License-Identifier: BSL-1.0
#pragma once
// Floor testing/: the matchers for Catch2 2.13 and 3, and properties of kernels. Needs Catch2: link lastbit::catch2.
// For GoogleTest include lastbit/testing/googletest.hpp instead, which is no part of this file.

#include <lastbit/testing/argument_text.hpp>     // IWYU pragma: export
#include <lastbit/testing/arrays.hpp>            // IWYU pragma: export
#include <lastbit/testing/bitwise_equal_to.hpp>  // IWYU pragma: export
#include <lastbit/testing/catch2.hpp>            // IWYU pragma: export
#include <lastbit/testing/comparison.hpp>        // IWYU pragma: export
#include <lastbit/testing/concurrent_calls.hpp>  // IWYU pragma: export
#include <lastbit/testing/exact_judgment.hpp>    // IWYU pragma: export
#include <lastbit/testing/format_text.hpp>       // IWYU pragma: export
#include <lastbit/testing/golden.hpp>            // IWYU pragma: export
#include <lastbit/testing/guarded_buffer.hpp>    // IWYU pragma: export
#include <lastbit/testing/holds.hpp>             // IWYU pragma: export
#include <lastbit/testing/is_dense_of.hpp>       // IWYU pragma: export
#include <lastbit/testing/is_dot_of.hpp>         // IWYU pragma: export
#include <lastbit/testing/is_gemm_of.hpp>        // IWYU pragma: export
#include <lastbit/testing/is_matvec_of.hpp>      // IWYU pragma: export
#include <lastbit/testing/is_product_of.hpp>     // IWYU pragma: export
#include <lastbit/testing/is_sum_of.hpp>         // IWYU pragma: export
#include <lastbit/testing/judgment_text.hpp>     // IWYU pragma: export
#include <lastbit/testing/kernel.hpp>            // IWYU pragma: export
#include <lastbit/testing/matcher.hpp>           // IWYU pragma: export
#include <lastbit/testing/memory_trap.hpp>       // IWYU pragma: export
#include <lastbit/testing/number_matcher.hpp>    // IWYU pragma: export
#include <lastbit/testing/product_matcher.hpp>   // IWYU pragma: export
#include <lastbit/testing/properties.hpp>        // IWYU pragma: export
#include <lastbit/testing/property_result.hpp>   // IWYU pragma: export
#include <lastbit/testing/shrink.hpp>            // IWYU pragma: export
#include <lastbit/testing/suite.hpp>             // IWYU pragma: export
#include <lastbit/testing/text.hpp>              // IWYU pragma: export
#include <lastbit/testing/trial.hpp>             // IWYU pragma: export
#include <lastbit/testing/trial_data.hpp>        // IWYU pragma: export
#include <lastbit/testing/verification.hpp>      // IWYU pragma: export
#include <lastbit/testing/verify.hpp>            // IWYU pragma: export
#include <lastbit/testing/verify_case.hpp>       // IWYU pragma: export
#include <lastbit/testing/within_ulps_of.hpp>    // IWYU pragma: export
