// SPDX-License-Identifier: BSL-1.0
#pragma once
// Floor fold/: a method at work. Accumulators, orders, and the reductions of arrays.

#include <lastbit/fold/accumulators.hpp>       // IWYU pragma: export
#include <lastbit/fold/bounds.hpp>             // IWYU pragma: export
#include <lastbit/fold/correctly_rounded.hpp>  // IWYU pragma: export
#include <lastbit/fold/dot.hpp>                // IWYU pragma: export
#include <lastbit/fold/expansions.hpp>         // IWYU pragma: export
#include <lastbit/fold/mean.hpp>               // IWYU pragma: export
#include <lastbit/fold/method.hpp>             // IWYU pragma: export
#include <lastbit/fold/norms.hpp>              // IWYU pragma: export
#include <lastbit/fold/orders.hpp>             // IWYU pragma: export
#include <lastbit/fold/sum.hpp>                // IWYU pragma: export
#include <lastbit/fold/terms.hpp>              // IWYU pragma: export
#include <lastbit/fold/vector.hpp>             // IWYU pragma: export
