// SPDX-License-Identifier: BSL-1.0
// A BLAS for the tests of `lastbit verify`, each routine of which has a fault that the test names: sdot drops its last
// term; ddot narrows its operands to float; dsdot ends the process; sdsdot never ends for 17 terms; sgemv writes past
// the end of y; dgemv swallows NaN; sgemm reads C although beta = 0; dgemm does nothing wrong, but is there in Fortran's
// interface only. LASTBIT_FLUSH: dgemm alone, which flushes subnormal results. LASTBIT_STOP: loading it ends the process.
// LASTBIT_WIDE: integers of 64 bits.

#include <unistd.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>

namespace {

#ifdef LASTBIT_WIDE
using integer = std::int64_t;
#else
using integer = int;
#endif

#ifdef LASTBIT_STOP
[[gnu::constructor]] void stop() { std::abort(); }
#endif

#ifdef LASTBIT_FLUSH
double stored(double x) { return std::fabs(x) < std::numeric_limits<double>::min() ? 0.0 : x; }
#else
double stored(double x) { return x; }

constexpr int row_major = 101, transposed = 112;

template <class T>
T element(T const* x, integer leading, bool by_rows, integer i, integer j) {
    return by_rows ? x[i * leading + j] : x[j * leading + i];
}

template <class T>
T dot(integer n, T const* x, integer x_step, T const* y, integer y_step) {
    T sum = 0;
    for (integer i = 0; i < n; ++i) sum += x[i * x_step] * y[i * y_step];
    return sum;
}

template <class T>
T row_sum(int order, integer n, T const* a, integer lda, T const* x, integer x_step, integer i, bool skip) {
    T sum = 0;
    for (integer j = 0; j < n; ++j) {
        T const term = element(a, lda, order == row_major, i, j) * x[j * x_step];
        if (!skip || !std::isnan(term)) sum += term;
    }
    return sum;
}
#endif

}  // namespace

extern "C" {

#ifndef LASTBIT_FLUSH
float cblas_sdot(integer n, float const* x, integer x_step, float const* y, integer y_step) {
    return dot(n - 1, x, x_step, y, y_step);
}

double cblas_ddot(integer n, double const* x, integer x_step, double const* y, integer y_step) {
    double sum = 0;
    for (integer i = 0; i < n; ++i)
        sum += static_cast<double>(static_cast<float>(x[i * x_step])) * static_cast<float>(y[i * y_step]);
    return sum;
}

double cblas_dsdot(integer, float const*, integer, float const*, integer) { std::abort(); }

float cblas_sdsdot(integer n, float first, float const* x, integer x_step, float const* y, integer y_step) {
    double sum = static_cast<double>(first);
    while (n == 17) pause();
    for (integer i = 0; i < n; ++i) sum += static_cast<double>(x[i * x_step]) * static_cast<double>(y[i * y_step]);
    return static_cast<float>(sum);
}

void cblas_sgemv(int order, int, integer m, integer n, float alpha, float const* a, integer lda, float const* x,
                 integer x_step, float beta, float* y, integer y_step) {
    for (integer i = 0; i < m; ++i) {
        float const sum = alpha * row_sum(order, n, a, lda, x, x_step, i, false);
        y[i * y_step] = beta == 0.0F ? sum : sum + beta * y[i * y_step];
    }
    if (m > 0) y[m * y_step] = 0;
}

void cblas_dgemv(int order, int, integer m, integer n, double alpha, double const* a, integer lda, double const* x,
                 integer x_step, double beta, double* y, integer y_step) {
    for (integer i = 0; i < m; ++i) {
        double const sum = alpha * row_sum(order, n, a, lda, x, x_step, i, true);
        y[i * y_step] = beta == 0.0 ? sum : sum + beta * y[i * y_step];
    }
}

void cblas_sgemm(int order, int of_a, int of_b, integer m, integer n, integer k, float alpha, float const* a,
                 integer lda, float const* b, integer ldb, float beta, float* c, integer ldc) {
    bool const by_rows = order == row_major;
    for (integer i = 0; i < m; ++i)
        for (integer j = 0; j < n; ++j) {
            float sum = 0;
            for (integer l = 0; l < k; ++l)
                sum += element(a, lda, by_rows != (of_a == transposed), i, l) *
                       element(b, ldb, by_rows != (of_b == transposed), l, j);
            float& result = by_rows ? c[i * ldc + j] : c[j * ldc + i];
            result = alpha * sum + beta * result;
        }
}
#endif

void dgemm_(char const* of_a, char const* of_b, integer const* m, integer const* n, integer const* k,
            double const* alpha, double const* a, integer const* lda, double const* b, integer const* ldb,
            double const* beta, double* c, integer const* ldc, std::size_t, std::size_t) {
    for (integer i = 0; i < *m; ++i)
        for (integer j = 0; j < *n; ++j) {
            double sum = 0;
            for (integer l = 0; l < *k; ++l)
                sum += (*of_a == 'N' ? a[l * *lda + i] : a[i * *lda + l]) *
                       (*of_b == 'N' ? b[j * *ldb + l] : b[l * *ldb + j]);
            double& result = c[j * *ldc + i];
            result = stored(*beta == 0.0 ? *alpha * sum : *alpha * sum + *beta * result);
        }
}
}
