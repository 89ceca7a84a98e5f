// SPDX-License-Identifier: BSL-1.0
#pragma once
// Which term goes to which accumulator, and which accumulators merge when: the orders.

#include <lastbit/fold/orders/lanes.hpp>       // IWYU pragma: export
#include <lastbit/fold/orders/pairwise.hpp>    // IWYU pragma: export
#include <lastbit/fold/orders/sequential.hpp>  // IWYU pragma: export
