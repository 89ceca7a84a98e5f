// SPDX-License-Identifier: BSL-1.0
#pragma once
// How a partial sum is held: the accumulators.

#include <lastbit/fold/accumulators/compensated.hpp>     // IWYU pragma: export
#include <lastbit/fold/accumulators/fused.hpp>           // IWYU pragma: export
#include <lastbit/fold/accumulators/kahan.hpp>           // IWYU pragma: export
#include <lastbit/fold/accumulators/klein.hpp>           // IWYU pragma: export
#include <lastbit/fold/accumulators/multiprecision.hpp>  // IWYU pragma: export
#include <lastbit/fold/accumulators/multiword.hpp>       // IWYU pragma: export
#include <lastbit/fold/accumulators/neumaier.hpp>        // IWYU pragma: export
#include <lastbit/fold/accumulators/plain.hpp>           // IWYU pragma: export
#include <lastbit/fold/accumulators/stochastic.hpp>      // IWYU pragma: export
#include <lastbit/fold/accumulators/widened.hpp>         // IWYU pragma: export
