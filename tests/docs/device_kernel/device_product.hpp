// SPDX-License-Identifier: BSL-1.0
#pragma once
// What the test sees of a device's kernel: memory of the host in, memory of the host out.

#include <cstddef>

// [interface]
/// C = A B on the device, row-major [m x k] [k x n] -> [m x n]; false if there is no device.
bool device_product(float const* a, float const* b, float* c, std::size_t m, std::size_t n, std::size_t k);
// [/interface]
