// SPDX-License-Identifier: BSL-1.0
#pragma once
// Kernels for the tests of properties: right ones, and pieces of wrong ones.

#include <lastbit/fold/dot.hpp>
#include <lastbit/linalg/gemm.hpp>
#include <lastbit/linalg/gemv.hpp>

#include <span>

namespace lastbit_tests {

template <class T>
using view = lastbit::matrix_view<T>;

/// A loop over rows, columns and terms; each sum begins at +0.
template <class T>
void loop_gemm(view<T const> a, view<T const> b, view<T> c) {
    for (std::size_t i = 0; i < c.rows(); ++i)
        for (std::size_t j = 0; j < c.cols(); ++j) {
            T total(0);
            for (std::size_t p = 0; p < a.cols(); ++p) total = lastbit::add(total, lastbit::mul(a(i, p), b(p, j)));
            c(i, j) = total;
        }
}

/// The default method: correctly rounded.
template <class T>
void exact_gemm(view<T const> a, view<T const> b, view<T> c) {
    lastbit::gemm(a, b, c);
}

template <class T>
T loop_dot(std::span<T const> x, std::span<T const> y) {
    T total(0);
    for (std::size_t p = 0; p < x.size(); ++p) total = lastbit::add(total, lastbit::mul(x[p], y[p]));
    return total;
}

template <class T>
T exact_dot(std::span<T const> x, std::span<T const> y) {
    return lastbit::dot(x, y);
}

template <class T>
T exact_sum(std::span<T const> x) {
    return lastbit::sum(x);
}

template <class T>
void loop_gemv(view<T const> a, std::span<T const> x, std::span<T> y) {
    for (std::size_t i = 0; i < y.size(); ++i) {
        T total(0);
        for (std::size_t p = 0; p < x.size(); ++p) total = lastbit::add(total, lastbit::mul(a(i, p), x[p]));
        y[i] = total;
    }
}

/// alpha A B + beta C as BLAS has it: C is not read where beta = 0.
template <class T>
void scaled_gemm(T alpha, view<T const> a, view<T const> b, T beta, view<T> c) {
    for (std::size_t i = 0; i < c.rows(); ++i)
        for (std::size_t j = 0; j < c.cols(); ++j) {
            T total(0);
            for (std::size_t p = 0; p < a.cols(); ++p) total = lastbit::add(total, lastbit::mul(a(i, p), b(p, j)));
            total = lastbit::mul(alpha, total);
            c(i, j) = lastbit::is_zero(beta) ? total : lastbit::add(total, lastbit::mul(beta, c(i, j)));
        }
}

/// loop_gemm, and then something else.
template <class T, class Function>
auto after_loop(Function spoil) {
    return [spoil](view<T const> a, view<T const> b, view<T> c) {
        loop_gemm<T>(a, b, c);
        spoil(a, b, c);
    };
}

}  // namespace lastbit_tests
