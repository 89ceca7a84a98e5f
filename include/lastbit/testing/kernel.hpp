// SPDX-License-Identifier: BSL-1.0
#pragma once
// Kernels without their types: what computes a sum, a dot product or a matrix product, behind one function on memory.
//
// Whatever examines a kernel is compiled once for all formats; only the thin adapters here are templates. Every kernel
// has the shape of C [m x n] = A [m x k] B [k x n]: a sum has m = n = 1 and no B, a dot product m = n = 1, gemv n = 1.

#include <lastbit/base/contracts.hpp>
#include <lastbit/base/matrix_view.hpp>
#include <lastbit/quantify/number_format.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {

using quantify::number_format;

/// What a kernel computes: sum(x); dot(x, y); y = A x; C = A B.
enum class kernel_kind : std::uint8_t { sum, dot, gemv, gemm };

/// "sum", "dot", "gemv" or "gemm".
[[nodiscard]] constexpr char const* name(kernel_kind kind) noexcept {
    switch (kind) {
        case kernel_kind::sum:
            return "sum";
        case kernel_kind::dot:
            return "dot";
        case kernel_kind::gemv:
            return "gemv";
        case kernel_kind::gemm:
            break;
    }
    return "gemm";
}

/// A matrix in memory: element (i, j) is number i * row_stride + j * col_stride of the array at `data`.
template <class Pointer>
struct basic_raw_matrix {
    Pointer data = nullptr;
    std::size_t rows = 0, cols = 0;
    std::ptrdiff_t row_stride = 0, col_stride = 1;  ///< in elements
};
using raw_matrix = basic_raw_matrix<void const*>;
using raw_output = basic_raw_matrix<void*>;

/// One call: C = alpha A B + beta C. Vectors are matrices of one row (x of a sum, the first of a dot product) or one
/// column (the second, x and y of gemv); results of sums and dot products are written to C's only element.
struct kernel_call {
    raw_matrix a, b;
    raw_output c;
    double alpha = 1, beta = 0;  ///< numbers of the kernel's output format
};

/// What a kernel can be called with besides contiguous row-major matrices.
struct kernel_accepts {
    bool row_strides = false;        ///< a leading dimension above the number of columns
    bool transposed_inputs = false;  ///< A and B column-major
    bool transposed_output = false;  ///< C column-major
    bool general_strides = false;    ///< neither stride is 1
    bool vector_increments = false;  ///< vectors whose elements are not neighbours
    bool alpha_beta = false;         ///< factors other than alpha = 1, beta = 0
};

/// A kernel, its formats, what it accepts, and the function that calls it. Made by erase() from a callable, or member
/// by member from anything else, such as a function of a library that is loaded at run time.
struct kernel_under_test {
    kernel_kind kind = kernel_kind::gemm;
    number_format in = number_format::float32;
    number_format out = number_format::float32;
    kernel_accepts accepts{};
    std::function<void(kernel_call const&)> call{};
};

/// A matrix as libraries describe one: by which index is contiguous, and the distance of neighbours along the other.
struct leading_layout {
    bool regular = true;         ///< one of the strides is 1, or means nothing; else nothing else here means anything
    bool column_major = false;   ///< only where it cannot be called row-major, too: a single row is row-major
    std::ptrdiff_t leading = 1;  ///< at least 1, and at least the length of a row (column), as BLAS demands
};

/// The layout of a matrix, for adapters of BLAS-like functions. A stride along an axis of length 1 or 0 means nothing.
template <class Pointer>
[[nodiscard]] leading_layout leading_layout_of(basic_raw_matrix<Pointer> const& x) noexcept {
    auto const rows = static_cast<std::ptrdiff_t>(x.rows), cols = static_cast<std::ptrdiff_t>(x.cols);
    std::ptrdiff_t const row_length = cols > 1 ? cols : 1, col_length = rows > 1 ? rows : 1;
    if (rows == 0 || cols == 0) return {true, false, row_length};
    if ((cols <= 1 || x.col_stride == 1) && (rows <= 1 || x.row_stride >= cols))
        return {true, false, rows > 1 && x.row_stride > row_length ? x.row_stride : row_length};
    if ((rows <= 1 || x.row_stride == 1) && (cols <= 1 || x.col_stride >= rows))
        return {true, true, cols > 1 && x.col_stride > col_length ? x.col_stride : col_length};
    return {false, false, 0};
}

namespace detail {

/// What of a matrix the kernel does not accept; empty where it does. A stride along an axis of length 1 means nothing.
template <class Pointer>
[[nodiscard]] std::string refusal_of(kernel_accepts const& accepts, char const* operand,
                                     basic_raw_matrix<Pointer> const& matrix, bool is_vector, bool is_output) {
    auto const of = [operand](char const* text) { return std::string(text) + " of " + operand; };
    auto const rows = static_cast<std::ptrdiff_t>(matrix.rows), cols = static_cast<std::ptrdiff_t>(matrix.cols);
    if (rows == 0 || cols == 0) return {};
    if (is_vector) {
        std::ptrdiff_t const step = cols > 1 ? matrix.col_stride : rows > 1 ? matrix.row_stride : 1;
        return step == 1 || accepts.vector_increments ? std::string() : of("an increment other than 1");
    }
    if (accepts.general_strides) return {};
    leading_layout const layout = leading_layout_of(matrix);
    if (!layout.regular) return of("general strides");
    if (layout.column_major && !(is_output ? accepts.transposed_output : accepts.transposed_inputs))
        return of("the column-major layout");
    bool const contiguous = layout.leading <= std::max<std::ptrdiff_t>(layout.column_major ? rows : cols, 1);
    return contiguous || accepts.row_strides ? std::string() : of("a leading dimension");
}

}  // namespace detail

/// What of the call the kernel does not accept, in words; empty if it can be made.
[[nodiscard]] inline std::string refusal(kernel_under_test const& kernel, kernel_call const& call) {
    bool const vectors = kernel.kind != kernel_kind::gemm;
    if (!kernel.accepts.alpha_beta && (to_bits(call.alpha) != to_bits(1.0) || to_bits(call.beta) != 0))
        return "alpha and beta";
    std::string text =
        detail::refusal_of(kernel.accepts, "A", call.a, vectors && kernel.kind != kernel_kind::gemv, false);
    if (text.empty() && kernel.kind != kernel_kind::sum)
        text = detail::refusal_of(kernel.accepts, "B", call.b, vectors, false);
    if (text.empty()) text = detail::refusal_of(kernel.accepts, "C", call.c, vectors, true);
    return text;
}

/// Calls the kernel. Requires: refusal() is empty; else LASTBIT_EXPECTS fails and names what is not accepted.
inline void invoke(kernel_under_test const& kernel, kernel_call const& call) {
    std::string const refused = refusal(kernel, call);
    LASTBIT_EXPECTS(refused.empty(), std::string(name(kernel.kind)) + ": the kernel does not accept " + refused);
    kernel.call(call);
}

namespace detail {

template <class X>
concept stored_result = quantify::stored_number<std::remove_cvref_t<X>>;
template <class F, class T>
concept sum_callable = requires(F& f, std::span<T const> x) {
    { f(x) } -> stored_result;
};
template <class F, class T>
concept dot_callable = requires(F& f, std::span<T const> x) {
    { f(x, x) } -> stored_result;
};
template <class F, class T, class R>
concept gemv_callable = requires(F& f, matrix_view<T const> a, std::span<T const> x, std::span<R> y) {
    f(a, x, y);
};
template <class F, class T, class R>
concept plain_gemm_callable = requires(F& f, matrix_view<T const> a, matrix_view<R> c) {
    f(a, a, c);
};
template <class F, class T, class R>
concept scaled_gemm_callable = requires(F& f, R alpha, matrix_view<T const> a, matrix_view<R> c) {
    f(alpha, a, a, alpha, c);
};
template <class F, class T, class R>
concept gemm_callable = plain_gemm_callable<F, T, R> || scaled_gemm_callable<F, T, R>;

struct no_format {
    using type = void;
};
/// The first format of the list that C, or y, of a callable can have; void if there is none.
template <class F, class T, class... Rs>
struct gemm_output : no_format {};
template <class F, class T, class R, class... Rs>
struct gemm_output<F, T, R, Rs...>
    : std::conditional_t<gemm_callable<F, T, R>, std::type_identity<R>, gemm_output<F, T, Rs...>> {};
template <class F, class T, class... Rs>
struct gemv_output : no_format {};
template <class F, class T, class R, class... Rs>
struct gemv_output<F, T, R, Rs...>
    : std::conditional_t<gemv_callable<F, T, R>, std::type_identity<R>, gemv_output<F, T, Rs...>> {};
template <class F, class T>
using gemm_output_t = typename gemm_output<F, T, T, float, double, bfloat16, float16, std::int32_t>::type;
template <class F, class T>
using gemv_output_t = typename gemv_output<F, T, T, float, double, bfloat16, float16, std::int32_t>::type;

template <class F, class T>
concept callable_on = !std::is_void_v<gemm_output_t<F, T>> || !std::is_void_v<gemv_output_t<F, T>> ||
                      dot_callable<F, T> || sum_callable<F, T>;

template <class F, class... Ts>
struct input_of : no_format {};
template <class F, class T, class... Ts>
struct input_of<F, T, Ts...> : std::conditional_t<callable_on<F, T>, std::type_identity<T>, input_of<F, Ts...>> {};
/// T, or for T = void the first format that the callable takes.
template <class F, class T>
using input_t =
    typename std::conditional_t<std::is_void_v<T>, input_of<F, float, double, bfloat16, float16, std::int8_t>,
                                std::type_identity<T>>::type;

template <class T>
[[nodiscard]] matrix_view<T const> view_of(raw_matrix const& x) {
    return {static_cast<T const*>(x.data), x.rows, x.cols, x.row_stride, x.col_stride};
}
template <class R>
[[nodiscard]] matrix_view<R> view_of(raw_output const& x) {
    return {static_cast<R*>(x.data), x.rows, x.cols, x.row_stride, x.col_stride};
}
template <class T, class Pointer>
[[nodiscard]] auto span_of(basic_raw_matrix<Pointer> const& x) {
    return std::span(static_cast<T*>(x.data), x.rows * x.cols);
}

/// What a matrix_view can describe.
inline constexpr kernel_accepts any_strides{
    .row_strides = true, .transposed_inputs = true, .transposed_output = true, .general_strides = true};

}  // namespace detail

/// A kernel from R f(std::span<T const> x).
template <quantify::stored_number T, class F>
    requires detail::sum_callable<F, T>
[[nodiscard]] kernel_under_test sum_kernel(F f) {
    using result = std::remove_cvref_t<decltype(f(std::span<T const>()))>;
    return {kernel_kind::sum,
            quantify::number_format_of<T>,
            quantify::number_format_of<result>,
            {},
            [f](kernel_call const& c) mutable { *static_cast<result*>(c.c.data) = f(detail::span_of<T const>(c.a)); }};
}

/// A kernel from R f(std::span<T const> x, std::span<T const> y).
template <quantify::stored_number T, class F>
    requires detail::dot_callable<F, T>
[[nodiscard]] kernel_under_test dot_kernel(F f) {
    using result = std::remove_cvref_t<decltype(f(std::span<T const>(), std::span<T const>()))>;
    return {kernel_kind::dot,
            quantify::number_format_of<T>,
            quantify::number_format_of<result>,
            {},
            [f](kernel_call const& c) mutable {
                *static_cast<result*>(c.c.data) = f(detail::span_of<T const>(c.a), detail::span_of<T const>(c.b));
            }};
}

/// A kernel from void f(matrix_view<T const> A, std::span<T const> x, std::span<R> y).
template <quantify::stored_number T, quantify::stored_number R = T, class F>
    requires detail::gemv_callable<F, T, R>
[[nodiscard]] kernel_under_test gemv_kernel(F f, kernel_accepts accepts = detail::any_strides) {
    return {kernel_kind::gemv, quantify::number_format_of<T>, quantify::number_format_of<R>, accepts,
            [f](kernel_call const& c) mutable {
                f(detail::view_of<T>(c.a), detail::span_of<T const>(c.b), detail::span_of<R>(c.c));
            }};
}

/// A kernel from void f(matrix_view<T const> A, matrix_view<T const> B, matrix_view<R> C), or from
/// void f(R alpha, A, B, R beta, C).
template <quantify::stored_number T, quantify::stored_number R = T, class F>
    requires detail::gemm_callable<F, T, R>
[[nodiscard]] kernel_under_test gemm_kernel(F f, kernel_accepts accepts = detail::any_strides) {
    kernel_under_test kernel{
        kernel_kind::gemm, quantify::number_format_of<T>, quantify::number_format_of<R>, accepts, {}};
    if constexpr (detail::plain_gemm_callable<F, T, R>) {
        kernel.call = [f](kernel_call const& c) mutable {
            f(detail::view_of<T>(c.a), detail::view_of<T>(c.b), detail::view_of<R>(c.c));
        };
    } else {
        kernel.accepts.alpha_beta = true;
        kernel.call = [f](kernel_call const& c) mutable {
            R alpha{}, beta{};
            quantify::store(quantify::number_format_of<R>, &alpha, 0, c.alpha);
            quantify::store(quantify::number_format_of<R>, &beta, 0, c.beta);
            f(alpha, detail::view_of<T>(c.a), detail::view_of<T>(c.b), beta, detail::view_of<R>(c.c));
        };
    }
    return kernel;
}

/// A callable that some kind of kernel can be made of, with operands of the format T; void: of any that it takes.
/// Examples: float f(std::span<float const>); void g(matrix_view<double const>, matrix_view<double const>,
/// matrix_view<double>). Counter-examples: int f(int); a kernel_under_test.
template <class F, class T = void>
concept kernel_callable = std::copy_constructible<F> && !std::is_void_v<detail::input_t<F, T>> &&
                          detail::callable_on<F, detail::input_t<F, T>>;

/// The kernel that a callable is.
///
/// T, the format of the operands, is given, or the first of float, double, bfloat16, float16 and int8 that the callable
/// takes; R, that of the results, is what it returns, or the first of T, float, double, bfloat16, float16 and int32
/// that it writes. Which kind it is follows from what it takes; of a callable that takes anything, the number of
/// arguments tells, and three arguments are taken for gemm's (gemv_kernel makes the other). The callable is copied;
/// calls may come from several threads at a time (is_thread_invariant, is_deterministic).
template <class T = void, class F>
    requires kernel_callable<F, T>
[[nodiscard]] kernel_under_test erase(F f) {
    using number = detail::input_t<F, T>;
    if constexpr (!std::is_void_v<detail::gemm_output_t<F, number>>) {
        return gemm_kernel<number, detail::gemm_output_t<F, number>>(std::move(f));
    } else if constexpr (!std::is_void_v<detail::gemv_output_t<F, number>>) {
        return gemv_kernel<number, detail::gemv_output_t<F, number>>(std::move(f));
    } else if constexpr (detail::dot_callable<F, number>) {
        return dot_kernel<number>(std::move(f));
    } else {
        return sum_kernel<number>(std::move(f));
    }
}

/// The same kernel; so that what takes a callable takes a kernel, too.
template <class T = void>
[[nodiscard]] kernel_under_test erase(kernel_under_test kernel) {
    return kernel;
}

/// What a property takes: a callable, or a kernel.
template <class K, class T = void>
concept testable_kernel = std::same_as<K, kernel_under_test> || kernel_callable<K, T>;

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
