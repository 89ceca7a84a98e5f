// SPDX-License-Identifier: BSL-1.0
#pragma once
// What we are compared with: loops compiled with -O3 -ffast-math, and OpenBLAS on one thread. Nothing here promises bits.

#include <cstddef>

namespace peers {

[[nodiscard]] float sum(float const* x, std::size_t n);
[[nodiscard]] double sum(double const* x, std::size_t n);
[[nodiscard]] float dot(float const* x, float const* y, std::size_t n);
[[nodiscard]] double dot(double const* x, double const* y, std::size_t n);

inline constexpr bool has_blas = LASTBIT_BENCH_BLAS != 0;

/// OpenBLAS on one thread; 0 and nothing where it was not found.
void use_one_thread();
[[nodiscard]] float blas_dot(float const* x, float const* y, std::size_t n);
[[nodiscard]] double blas_dot(double const* x, double const* y, std::size_t n);

/// C [m x n] = A [m x k] B [k x n], or A B^T with B [n x k], all row-major.
void blas_gemm(float const* a, float const* b, bool b_transposed, float* c, std::size_t m, std::size_t n,
               std::size_t k);
void blas_gemm(double const* a, double const* b, bool b_transposed, double* c, std::size_t m, std::size_t n,
               std::size_t k);

}  // namespace peers
