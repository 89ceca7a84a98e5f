// SPDX-License-Identifier: BSL-1.0
#pragma once
// multiprecision/: kernels for long numbers of Boost.Multiprecision (headers alone), which work on their limbs.

#include <lastbit/multiprecision/bin_float_parts.hpp>
#include <lastbit/multiprecision/fixed_point_dot.hpp>
#include <lastbit/multiprecision/ifma_products.hpp>
#include <lastbit/multiprecision/limbs.hpp>
