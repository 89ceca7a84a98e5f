// SPDX-License-Identifier: BSL-1.0
// Compiled with -O3 -ffast-math: includes nothing of lastbit.

#include "peers.hpp"

#if LASTBIT_BENCH_BLAS
extern "C" {
float sdot_(int const*, float const*, int const*, float const*, int const*);
double ddot_(int const*, double const*, int const*, double const*, int const*);
void sgemm_(char const*, char const*, int const*, int const*, int const*, float const*, float const*, int const*,
            float const*, int const*, float const*, float*, int const*);
void dgemm_(char const*, char const*, int const*, int const*, int const*, double const*, double const*, int const*,
            double const*, int const*, double const*, double*, int const*);
void openblas_set_num_threads(int);
}
#endif

namespace peers {
namespace {

template <class T>
T sum_of(T const* x, std::size_t n) {
    T s = 0;
    for (std::size_t i = 0; i < n; ++i) s += x[i];
    return s;
}

template <class T>
T dot_of(T const* x, T const* y, std::size_t n) {
    T s = 0;
    for (std::size_t i = 0; i < n; ++i) s += x[i] * y[i];
    return s;
}

}  // namespace

float sum(float const* x, std::size_t n) { return sum_of(x, n); }
double sum(double const* x, std::size_t n) { return sum_of(x, n); }
float dot(float const* x, float const* y, std::size_t n) { return dot_of(x, y, n); }
double dot(double const* x, double const* y, std::size_t n) { return dot_of(x, y, n); }

#if LASTBIT_BENCH_BLAS
namespace {

/// Row-major C = A B is column-major C^T = B^T A^T.
template <class T, class Gemm>
void gemm_of(Gemm gemm, T const* a, T const* b, bool b_transposed, T* c, std::size_t m, std::size_t n, std::size_t k) {
    int const rows = static_cast<int>(n);
    int const cols = static_cast<int>(m);
    int const inner = static_cast<int>(k);
    int const ldb = b_transposed ? inner : rows;
    T const one = 1;
    T const zero = 0;
    gemm(b_transposed ? "T" : "N", "N", &rows, &cols, &inner, &one, b, &ldb, a, &inner, &zero, c, &rows);
}

}  // namespace

void use_one_thread() { openblas_set_num_threads(1); }

float blas_dot(float const* x, float const* y, std::size_t n) {
    int const count = static_cast<int>(n);
    int const step = 1;
    return sdot_(&count, x, &step, y, &step);
}

double blas_dot(double const* x, double const* y, std::size_t n) {
    int const count = static_cast<int>(n);
    int const step = 1;
    return ddot_(&count, x, &step, y, &step);
}

void blas_gemm(float const* a, float const* b, bool b_transposed, float* c, std::size_t m, std::size_t n,
               std::size_t k) {
    gemm_of(sgemm_, a, b, b_transposed, c, m, n, k);
}

void blas_gemm(double const* a, double const* b, bool b_transposed, double* c, std::size_t m, std::size_t n,
               std::size_t k) {
    gemm_of(dgemm_, a, b, b_transposed, c, m, n, k);
}
#else
void use_one_thread() {}
float blas_dot(float const*, float const*, std::size_t) { return 0; }
double blas_dot(double const*, double const*, std::size_t) { return 0; }
void blas_gemm(float const*, float const*, bool, float*, std::size_t, std::size_t, std::size_t) {}
void blas_gemm(double const*, double const*, bool, double*, std::size_t, std::size_t, std::size_t) {}
#endif

}  // namespace peers
