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
    float narrow[3] = {};
    lastbit::matrix_view<float const> const row(narrow, 1, 3);
    double product[1] = {};
    lastbit::gemm<lastbit::plain>(lastbit::matrix_view<double const>(data, 1, n),
                                  lastbit::matrix_view<double const>(data, n, 1),
                                  lastbit::matrix_view<double>(product, 1, 1));
    lastbit::gemv<lastbit::plain>(row, std::span<float const>(narrow), std::span<float>(narrow, 1));
#ifdef NAIVE
    narrow[0] += static_cast<float>(naive_sum(x));
#endif
    return {lastbit::batch_width<double>, lastbit::sum<lastbit::kahan>(x), lastbit::dot<lastbit::compensated<2>>(x, x),
            product[0], static_cast<double>(narrow[0])};
}
