// SPDX-License-Identifier: BSL-1.0
#pragma once
// A kernel examined in one call: structure, rounding, likely size, special values, edges, memory.
//
// Three demands on values see different faults. On integers, on which every correct order gives one answer, a term that
// is lost, doubled or misplaced shows, and an operand with fewer bits. The bound holds what rounding may do; the
// sqrt(n) rule is narrower by sqrt(n), and meant for errors of random sign. What none of them sees, the properties look
// at.

#include <lastbit/testing/properties.hpp>
#include <lastbit/testing/suite.hpp>
#include <lastbit/testing/verification.hpp>
#include <lastbit/testing/verify_case.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {
namespace detail {

/// Lengths of sums and dot products, and depths of products.
inline constexpr std::size_t verified_lengths[] = {1,  2,  3,  4,  5,  7,  8,   9,   15,  16,  17,   31,   32,
                                                   33, 63, 64, 65, 66, 96, 100, 127, 128, 129, 1000, 4095, 16391};

struct verified_shape {
    std::size_t m;
    std::size_t n;
    std::size_t k;
};
/// Shapes of products: single tiles of common sizes, their neighbours, and long sums.
inline constexpr verified_shape verified_shapes[] = {
    {1, 1, 1},    {1, 1, 7},    {2, 3, 4},    {3, 2, 5},    {4, 4, 4},    {5, 7, 3},     {7, 5, 9},    {8, 8, 8},
    {9, 17, 8},   {16, 16, 16}, {17, 15, 33}, {33, 31, 16}, {32, 32, 32}, {64, 64, 64},  {63, 65, 66}, {65, 64, 63},
    {31, 96, 65}, {1, 64, 129}, {64, 1, 127}, {48, 48, 48}, {100, 3, 50}, {5, 130, 100}, {2, 3, 1000}, {3, 2, 4099}};

}  // namespace detail

/// Examines a kernel. See verify_sum, verify_dot, verify_gemv and verify_gemm.
[[nodiscard]] inline verification verify_kernel(kernel_under_test const& kernel, verify_options const& options = {}) {
    detail::case_runner run(kernel, options);
    auto const each_shape = [&](auto const& f) {
        switch (kernel.kind) {
            case kernel_kind::sum:
            case kernel_kind::dot:
                for (std::size_t const k : detail::verified_lengths) f(std::size_t{1}, std::size_t{1}, k);
                f(std::size_t{1}, std::size_t{1}, options.longest);
                break;
            case kernel_kind::gemv:
                for (detail::verified_shape const& s : detail::verified_shapes) f(s.m, std::size_t{1}, s.k);
                f(std::size_t{3}, std::size_t{1}, options.longest);
                break;
            case kernel_kind::gemm:
                for (detail::verified_shape const& s : detail::verified_shapes) f(s.m, s.n, s.k);
                f(std::size_t{3}, std::size_t{2}, options.longest);
                break;
        }
    };
    if (!run.memory()) return run.result();
    each_shape([&](std::size_t m, std::size_t n, std::size_t k) { run.structure(m, n, k); });
    each_shape([&](std::size_t m, std::size_t n, std::size_t k) { run.rounding(m, n, k); });
    run.properties();
    return run.result();
}

/// Examines R kernel(std::span<T const> x). T is deduced unless the callable takes anything.
template <class T = void, class K>
    requires testable_kernel<K, T>
[[nodiscard]] verification verify_sum(K kernel, verify_options const& options = {}) {
    return verify_kernel(erase<T>(std::move(kernel)), options);
}

/// Examines R kernel(std::span<T const> x, std::span<T const> y).
template <class T = void, class K>
    requires testable_kernel<K, T>
[[nodiscard]] verification verify_dot(K kernel, verify_options const& options = {}) {
    return verify_kernel(erase<T>(std::move(kernel)), options);
}

/// Examines void kernel(matrix_view<T const> A, std::span<T const> x, std::span<R> y).
template <class T = void, class K>
    requires testable_kernel<K, T>
[[nodiscard]] verification verify_gemv(K kernel, verify_options const& options = {}) {
    return verify_kernel(erase<T>(std::move(kernel)), options);
}

/// Examines void kernel(matrix_view<T const> A, matrix_view<T const> B, matrix_view<R> C), or kernel(R alpha, A, B, R
/// beta, C).
///
/// CHECK(verify_gemm<float>(kernel)) fails, and names the fault, if on some of some hundred outputs: an integer product
/// is not exact; an element is outside the bound of every order of summation in the accumulation format, or, of
/// Gaussian data, outside the sqrt(n) rule; NaN, an infinity or a subnormal number is lost; an element is not written,
/// C is read although beta = 0; memory outside the operands is touched; two calls give different bits. What the kernel
/// promises or needs is said by verify_options.
template <class T = void, class K>
    requires testable_kernel<K, T>
[[nodiscard]] verification verify_gemm(K kernel, verify_options const& options = {}) {
    return verify_kernel(erase<T>(std::move(kernel)), options);
}

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
