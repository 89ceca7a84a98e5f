// SPDX-License-Identifier: BSL-1.0
// In the place of device_product.cu where there is no compiler for it.

#include "device_product.hpp"

bool device_product(float const*, float const*, float*, std::size_t, std::size_t, std::size_t) { return false; }
