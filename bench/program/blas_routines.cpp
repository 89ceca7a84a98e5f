// SPDX-License-Identifier: BSL-1.0
#include "blas_routines.hpp"

#include "shared_library.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace program {
namespace {

namespace testing = lastbit::testing;
using lastbit::quantify::number_format;
using testing::kernel_call;
using testing::kernel_kind;

/// Integers of 32 bits, or of 64 (ILP64), which a library does not tell: on a machine that stores the low half first a
/// wide one serves both, in registers and behind pointers.
using integer = std::conditional_t<std::endian::native == std::endian::little, std::int64_t, int>;

/// The functions of both interfaces. Character arguments of Fortran's have a hidden length at the end.
template <class T, class R>
using cblas_dot = R(integer, T const*, integer, T const*, integer);
template <class T, class R>
using fortran_dot = R(integer const*, T const*, integer const*, T const*, integer const*);
using cblas_scaled_dot = float(integer, float, float const*, integer, float const*, integer);
using fortran_scaled_dot = float(integer const*, float const*, float const*, integer const*, float const*,
                                 integer const*);
template <class T>
using cblas_gemv = void(int, int, integer, integer, T, T const*, integer, T const*, integer, T, T*, integer);
template <class T>
using fortran_gemv = void(char const*, integer const*, integer const*, T const*, T const*, integer const*, T const*,
                          integer const*, T const*, T*, integer const*, std::size_t);
template <class T>
using cblas_gemm = void(int, int, int, integer, integer, integer, T, T const*, integer, T const*, integer, T, T*,
                        integer);
template <class T>
using fortran_gemm = void(char const*, char const*, integer const*, integer const*, integer const*, T const*, T const*,
                          integer const*, T const*, integer const*, T const*, T*, integer const*, std::size_t,
                          std::size_t);

constexpr int row_major = 101, column_major = 102, not_transposed = 111, transposed = 112;

/// A matrix as BLAS has it: rows or columns follow each other in steps of the leading dimension.
struct stored_matrix {
    bool by_rows;
    integer leading;
};

template <class Pointer>
stored_matrix stored(testing::basic_raw_matrix<Pointer> const& x) {
    auto const rows = static_cast<std::ptrdiff_t>(x.rows), cols = static_cast<std::ptrdiff_t>(x.cols);
    std::ptrdiff_t const least = 1;
    if ((cols <= 1 || x.col_stride == 1) && (rows <= 1 || x.row_stride >= cols))
        return {true, static_cast<integer>(std::max({least, cols, rows <= 1 ? cols : x.row_stride}))};
    return {false, static_cast<integer>(std::max({least, rows, cols <= 1 ? rows : x.col_stride}))};
}

/// From one element of a vector to the next.
template <class Pointer>
integer increment(testing::basic_raw_matrix<Pointer> const& x) {
    return static_cast<integer>(x.cols > 1 ? x.col_stride : x.rows > 1 ? x.row_stride : 1);
}

template <class T>
T const* data(testing::raw_matrix const& x) {
    return static_cast<T const*>(x.data);
}
template <class T>
T* data(testing::raw_output const& x) {
    return static_cast<T*>(x.data);
}

constexpr testing::kernel_accepts vectors{.vector_increments = true};
constexpr testing::kernel_accepts matrices{.row_strides = true,
                                           .transposed_inputs = true,
                                           .transposed_output = true,
                                           .vector_increments = true,
                                           .alpha_beta = true};

template <class T, class R>
blas_routine dot_routine(void* library, std::string const& name, std::optional<number_format> accumulated_in) {
    blas_routine r{name, {}, {}, accumulated_in};
    r.kernel = {
        kernel_kind::dot, lastbit::quantify::number_format_of<T>, lastbit::quantify::number_format_of<R>, vectors, {}};
    if (auto* const f = symbol<cblas_dot<T, R>>(library, ("cblas_" + name).c_str())) {
        r.interface = "cblas";
        r.kernel.call = [f](kernel_call const& c) {
            *data<R>(c.c) =
                f(static_cast<integer>(c.a.cols), data<T>(c.a), increment(c.a), data<T>(c.b), increment(c.b));
        };
    } else if (auto* const g = symbol<fortran_dot<T, R>>(library, (name + "_").c_str())) {
        r.interface = "fortran";
        r.kernel.call = [g](kernel_call const& c) {
            integer const n = static_cast<integer>(c.a.cols), x = increment(c.a), y = increment(c.b);
            *data<R>(c.c) = g(&n, data<T>(c.a), &x, data<T>(c.b), &y);
        };
    }
    return r;
}

/// sdsdot: a number plus the dot product; the number is 0 here.
blas_routine scaled_dot_routine(void* library, std::string const& name) {
    blas_routine r{name, {}, {}, number_format::float64};
    r.kernel = {kernel_kind::dot, number_format::float32, number_format::float32, vectors, {}};
    if (auto* const f = symbol<cblas_scaled_dot>(library, ("cblas_" + name).c_str())) {
        r.interface = "cblas";
        r.kernel.call = [f](kernel_call const& c) {
            *data<float>(c.c) = f(static_cast<integer>(c.a.cols), 0, data<float>(c.a), increment(c.a), data<float>(c.b),
                                  increment(c.b));
        };
    } else if (auto* const g = symbol<fortran_scaled_dot>(library, (name + "_").c_str())) {
        r.interface = "fortran";
        r.kernel.call = [g](kernel_call const& c) {
            integer const n = static_cast<integer>(c.a.cols), x = increment(c.a), y = increment(c.b);
            float const zero = 0;
            *data<float>(c.c) = g(&n, &zero, data<float>(c.a), &x, data<float>(c.b), &y);
        };
    }
    return r;
}

/// f(call); where there is nothing to add, y may stay as it is, and is then scaled here.
template <class T, class Function>
void call_gemv(kernel_call const& c, Function f) {
    auto* const y = data<T>(c.c);
    auto const step = static_cast<std::size_t>(increment(c.c)), rows = c.a.rows;
    if (c.a.cols != 0 || rows == 0) return f();
    std::vector<T> before(rows);
    for (std::size_t i = 0; i < rows; ++i) before[i] = y[i * step];
    f();
    for (std::size_t i = 0; i < rows; ++i)
        if (std::memcmp(&before[i], &y[i * step], sizeof(T)) != 0) return;
    for (std::size_t i = 0; i < rows; ++i)
        y[i * step] = lastbit::is_zero(c.beta) ? T(0) : static_cast<T>(c.beta) * before[i];
}

template <class T>
blas_routine gemv_routine(void* library, std::string const& name) {
    blas_routine r{name, {}, {}, {}};
    constexpr auto format = lastbit::quantify::number_format_of<T>;
    r.kernel = {kernel_kind::gemv, format, format, matrices, {}};
    if (auto* const f = symbol<cblas_gemv<T>>(library, ("cblas_" + name).c_str())) {
        r.interface = "cblas";
        r.kernel.call = [f](kernel_call const& c) {
            stored_matrix const a = stored(c.a);
            call_gemv<T>(c, [&] {
                f(a.by_rows ? row_major : column_major, not_transposed, static_cast<integer>(c.a.rows),
                  static_cast<integer>(c.a.cols), static_cast<T>(c.alpha), data<T>(c.a), a.leading, data<T>(c.b),
                  increment(c.b), static_cast<T>(c.beta), data<T>(c.c), increment(c.c));
            });
        };
    } else if (auto* const g = symbol<fortran_gemv<T>>(library, (name + "_").c_str())) {
        r.interface = "fortran";
        r.kernel.call = [g](kernel_call const& c) {
            stored_matrix const a = stored(c.a);
            auto const rows = static_cast<integer>(a.by_rows ? c.a.cols : c.a.rows);
            auto const cols = static_cast<integer>(a.by_rows ? c.a.rows : c.a.cols);
            integer const x = increment(c.b), y = increment(c.c);
            T const alpha = static_cast<T>(c.alpha), beta = static_cast<T>(c.beta);
            call_gemv<T>(c, [&] {
                g(a.by_rows ? "T" : "N", &rows, &cols, &alpha, data<T>(c.a), &a.leading, data<T>(c.b), &x, &beta,
                  data<T>(c.c), &y, 1);
            });
        };
    }
    return r;
}

template <class T>
blas_routine gemm_routine(void* library, std::string const& name) {
    blas_routine r{name, {}, {}, {}};
    constexpr auto format = lastbit::quantify::number_format_of<T>;
    r.kernel = {kernel_kind::gemm, format, format, matrices, {}};
    if (auto* const f = symbol<cblas_gemm<T>>(library, ("cblas_" + name).c_str())) {
        r.interface = "cblas";
        r.kernel.call = [f](kernel_call const& call) {
            stored_matrix const a = stored(call.a), b = stored(call.b), c = stored(call.c);
            auto const flag = [&](stored_matrix const& x) {
                return x.by_rows == c.by_rows ? not_transposed : transposed;
            };
            f(c.by_rows ? row_major : column_major, flag(a), flag(b), static_cast<integer>(call.c.rows),
              static_cast<integer>(call.c.cols), static_cast<integer>(call.a.cols), static_cast<T>(call.alpha),
              data<T>(call.a), a.leading, data<T>(call.b), b.leading, static_cast<T>(call.beta), data<T>(call.c),
              c.leading);
        };
    } else if (auto* const g = symbol<fortran_gemm<T>>(library, (name + "_").c_str())) {
        r.interface = "fortran";
        r.kernel.call = [g](kernel_call const& call) {
            // Rows of C are, to Fortran, columns of its transpose: C' = B' A'.
            stored_matrix const a = stored(call.a), b = stored(call.b), c = stored(call.c);
            auto const& first = c.by_rows ? call.b : call.a;
            auto const& second = c.by_rows ? call.a : call.b;
            auto const& of_first = c.by_rows ? b : a;
            auto const& of_second = c.by_rows ? a : b;
            auto const flag = [&](stored_matrix const& x) { return x.by_rows == c.by_rows ? "N" : "T"; };
            auto const m = static_cast<integer>(c.by_rows ? call.c.cols : call.c.rows);
            auto const n = static_cast<integer>(c.by_rows ? call.c.rows : call.c.cols);
            auto const k = static_cast<integer>(call.a.cols);
            T const alpha = static_cast<T>(call.alpha), beta = static_cast<T>(call.beta);
            g(flag(of_first), flag(of_second), &m, &n, &k, &alpha, data<T>(first), &of_first.leading, data<T>(second),
              &of_second.leading, &beta, data<T>(call.c), &c.leading, 1, 1);
        };
    }
    return r;
}

blas_routine routine_of(void* library, std::string const& name) {
    if (name == "sdot") return dot_routine<float, float>(library, name, {});
    if (name == "ddot") return dot_routine<double, double>(library, name, {});
    if (name == "dsdot") return dot_routine<float, double>(library, name, number_format::float64);
    if (name == "sdsdot") return scaled_dot_routine(library, name);
    if (name == "sgemv") return gemv_routine<float>(library, name);
    if (name == "dgemv") return gemv_routine<double>(library, name);
    if (name == "sgemm") return gemm_routine<float>(library, name);
    if (name == "dgemm") return gemm_routine<double>(library, name);
    return {};
}

}  // namespace

std::vector<std::string> const& known_routines() {
    static std::vector<std::string> const names{"sdot", "ddot", "sdsdot", "dsdot", "sgemv", "dgemv", "sgemm", "dgemm"};
    return names;
}

std::optional<blas_routine> find_routine(void* library, std::string const& name) {
    blas_routine routine = routine_of(library, name);
    if (!routine.kernel.call) return std::nullopt;
    return routine;
}

thread_control find_thread_control(void* library) {
    if (auto* const set = symbol<void(integer)>(library, "bli_thread_set_num_threads"))
        return {"bli_thread_set_num_threads", [set](int threads) { set(threads); }};
    for (char const* const name :
         {"openblas_set_num_threads", "MKL_Set_Num_Threads", "flexiblas_set_num_threads", "omp_set_num_threads"})
        if (auto* const set = symbol<void(int)>(library, name)) return {name, set};
    return {};
}

}  // namespace program
