// SPDX-License-Identifier: BSL-1.0
#pragma once
// Floor nn/: activations, dense layers, networks, and their outputs by any method.

#include <lastbit/nn/activate_rows.hpp>  // IWYU pragma: export
#include <lastbit/nn/activation.hpp>     // IWYU pragma: export
#include <lastbit/nn/dense.hpp>          // IWYU pragma: export
#include <lastbit/nn/elementary.hpp>     // IWYU pragma: export
#include <lastbit/nn/forward.hpp>        // IWYU pragma: export
#include <lastbit/nn/network.hpp>        // IWYU pragma: export
