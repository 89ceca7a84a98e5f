// SPDX-License-Identifier: BSL-1.0
// A product of matrices for CUDA, as plain as can be: one thread an element. No header of lastbit is needed here.

#include "device_product.hpp"

#include <cuda_runtime.h>

namespace {

// [kernel]
__global__ void product(float const* a, float const* b, float* c, int m, int n, int k) {
    int const i = blockIdx.y * blockDim.y + threadIdx.y;
    int const j = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= m || j >= n) return;
    float s = 0;
    for (int l = 0; l < k; ++l) s += a[i * k + l] * b[l * n + j];  // the compiler fuses this: any order's bound holds
    c[i * n + j] = s;
}
// [/kernel]

/// Memory of the device, freed at the end.
struct device_memory {
    float* data = nullptr;
    explicit device_memory(std::size_t size) { cudaMalloc(&data, (size > 0 ? size : 1) * sizeof(float)); }
    ~device_memory() { cudaFree(data); }
    device_memory(device_memory const&) = delete;
    device_memory& operator=(device_memory const&) = delete;
};

}  // namespace

// [copy]
bool device_product(float const* a, float const* b, float* c, std::size_t m, std::size_t n, std::size_t k) {
    int devices = 0;
    if (cudaGetDeviceCount(&devices) != cudaSuccess || devices == 0) return false;
    device_memory const da(m * k);
    device_memory const db(k * n);
    device_memory const dc(m * n);
    cudaMemcpy(da.data, a, m * k * sizeof(float), cudaMemcpyHostToDevice);
    cudaMemcpy(db.data, b, k * n * sizeof(float), cudaMemcpyHostToDevice);
    if (m > 0 && n > 0) {
        dim3 const threads(16, 16);
        dim3 const blocks(static_cast<unsigned>((n + 15) / 16), static_cast<unsigned>((m + 15) / 16));
        product<<<blocks, threads>>>(da.data, db.data, dc.data, static_cast<int>(m), static_cast<int>(n),
                                     static_cast<int>(k));
    }
    return cudaMemcpy(c, dc.data, m * n * sizeof(float), cudaMemcpyDeviceToHost) == cudaSuccess;
}
// [/copy]
