// SPDX-License-Identifier: BSL-1.0
// Compiled twice, for two instruction sets, into one program: LEVEL is `low` or `high`. With NAIVE it also has a template
// outside the inline namespace, which the check must find.

#include <lastbit/lastbit.hpp>

#include <cstddef>
#include <span>

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)

template <class T>
[[gnu::noinline]] T naive_sum(std::span<T const> x) {
    T total{};
    for (T const value : x) total += value;
    return total;
}

struct answers {
    std::size_t width;
    double sum, dot, gemm, narrow;
};

extern "C" answers JOIN(probe_, LEVEL)(double const* data, std::size_t n) {
    std::span<double const> const x(data, n);
    double product[1] = {};
    lastbit::gemm<lastbit::plain>(lastbit::matrix_view<double const>(data, 1, n),
                                  lastbit::matrix_view<double const>(data, n, 1),
                                  lastbit::matrix_view<double>(product, 1, 1));
    float weights[64];
    for (std::size_t i = 0; i < 64; ++i) weights[i] = static_cast<float>(data[i]);
    float image[2] = {};
    lastbit::gemv<lastbit::fused>(lastbit::matrix_view<float const>(weights, 2, 32),
                                  std::span<float const>(weights, 32), std::span<float>(image));
#ifdef NAIVE
    product[0] += naive_sum(x);
#endif
    return {lastbit::batch_width<double>, lastbit::sum<lastbit::kahan>(x), lastbit::dot<lastbit::compensated<2>>(x, x),
            product[0], static_cast<double>(image[0]) + static_cast<double>(image[1])};
}
