// SPDX-License-Identifier: BSL-1.0
// A BLAS of plain loops for the tests of --blas: each element is summed in sequence, every product rounded, so that its
// rows have the bits of plain/sequential. It prints to standard output, which the report has to keep clean.
// LASTBIT_CRASH: sgemv_ ends the process, as a broken library may. LASTBIT_LEAVE: loading it starts a process that stays.

#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>

#ifdef LASTBIT_LEAVE
namespace {
[[gnu::constructor]] void leave() {
    if (fork() != 0) return;
    sleep(30);
    _exit(0);
}
}  // namespace
#endif

extern "C" {

void sgemm_(char const*, char const*, int const* m, int const* n, int const* k, float const*, float const* a,
            int const* lda, float const* b, int const* ldb, float const*, float* c, int const* ldc, std::size_t,
            std::size_t) {
    std::puts("sgemm_ says hello");
    std::fflush(stdout);
    for (int j = 0; j < *n; ++j)
        for (int i = 0; i < *m; ++i) {
            float volatile sum = 0;
            for (int t = 0; t < *k; ++t) {
                float const volatile product = a[i * *lda + t] * b[j * *ldb + t];
                sum = sum + product;
            }
            c[j * *ldc + i] = sum;
        }
}

void sgemv_(char const*, int const* m, int const* n, float const* alpha, float const* a, int const* lda, float const* x,
            int const*, float const* beta, float* y, int const*, std::size_t) {
#ifdef LASTBIT_CRASH
    std::abort();
#endif
    int const one = 1;
    sgemm_("T", "N", n, &one, m, alpha, a, lda, x, m, beta, y, n, 1, 1);
}
}
