// SPDX-License-Identifier: BSL-1.0
// OpenBLAS, BLIS and the reference BLAS by Fortran's interface, opened at run time, since all export the same names.
#include "library.hpp"

#include <dlfcn.h>

#include <filesystem>
#include <type_traits>

namespace interop {
namespace {

namespace fs = std::filesystem;
using lastbit::quantify::number_format_of;
using lastbit::testing::kernel_accepts;
using lastbit::testing::kernel_call;
using lastbit::testing::kernel_kind;
using lastbit::testing::leading_layout;
using lastbit::testing::leading_layout_of;

/// Characters have a hidden length at the end.
template <class T>
using dot_function = T(int const*, T const*, int const*, T const*, int const*);
template <class T>
using gemv_function = void(char const*, int const*, int const*, T const*, T const*, int const*, T const*, int const*,
                           T const*, T*, int const*, std::size_t);
template <class T>
using gemm_function = void(char const*, char const*, int const*, int const*, int const*, T const*, T const*, int const*,
                           T const*, int const*, T const*, T*, int const*, std::size_t, std::size_t);

template <class F>
F* symbol(void* handle, std::string const& name) {
    return reinterpret_cast<F*>(dlsym(handle, name.c_str()));
}

/// From one element of a vector to the next.
template <class Pointer>
int increment(lastbit::testing::basic_raw_matrix<Pointer> const& x) {
    return static_cast<int>(x.cols > 1 ? x.col_stride : x.rows > 1 ? x.row_stride : 1);
}

template <class T>
T const* numbers(lastbit::testing::raw_matrix const& x) {
    return static_cast<T const*>(x.data);
}

template <class T>
void call_dot(dot_function<T>* f, kernel_call const& c) {
    int const n = static_cast<int>(c.a.cols), x = increment(c.a), y = increment(c.b);
    *static_cast<T*>(c.c.data) = f(&n, numbers<T>(c.a), &x, numbers<T>(c.b), &y);
}

/// y = alpha A x + beta y. To Fortran a matrix of rows is its transpose, of columns.
template <class T>
void call_gemv(gemv_function<T>* f, kernel_call const& c) {
    leading_layout const a = leading_layout_of(c.a);
    int const leading = static_cast<int>(a.leading), x = increment(c.b), y = increment(c.c);
    int const rows = static_cast<int>(a.column_major ? c.a.rows : c.a.cols);
    int const cols = static_cast<int>(a.column_major ? c.a.cols : c.a.rows);
    T const alpha = static_cast<T>(c.alpha), beta = static_cast<T>(c.beta);
    auto* const result = static_cast<T*>(c.c.data);
    std::vector<T> before;
    if (c.a.cols == 0)
        for (std::size_t i = 0; i < c.c.rows; ++i) before.push_back(result[static_cast<std::ptrdiff_t>(i) * y]);
    f(a.column_major ? "N" : "T", &rows, &cols, &alpha, numbers<T>(c.a), &leading, numbers<T>(c.b), &x, &beta, result,
      &y, 1);
    // Without a column BLAS may return at once: y as it was stands for beta y.
    for (std::size_t i = 0; i < before.size(); ++i) {
        T& element = result[static_cast<std::ptrdiff_t>(i) * y];
        if (lastbit::to_bits(element) == lastbit::to_bits(before[i]))
            element = lastbit::is_zero(beta) ? T(0) : beta * before[i];
    }
}

/// C = alpha A B + beta C; a C of rows is computed as its transpose, B' A'.
template <class T>
void call_gemm(gemm_function<T>* f, kernel_call const& call) {
    leading_layout const c = leading_layout_of(call.c);
    bool const by_rows = !c.column_major;
    auto const& first = by_rows ? call.b : call.a;
    auto const& second = by_rows ? call.a : call.b;
    leading_layout const l = leading_layout_of(first), r = leading_layout_of(second);
    auto const flag = [&](leading_layout const& x) { return x.column_major == c.column_major ? "N" : "T"; };
    int const m = static_cast<int>(by_rows ? call.c.cols : call.c.rows);
    int const n = static_cast<int>(by_rows ? call.c.rows : call.c.cols);
    int const k = static_cast<int>(call.a.cols);
    int const of_first = static_cast<int>(l.leading), of_second = static_cast<int>(r.leading);
    int const of_c = static_cast<int>(c.leading);
    T const alpha = static_cast<T>(call.alpha), beta = static_cast<T>(call.beta);
    f(flag(l), flag(r), &m, &n, &k, &alpha, numbers<T>(first), &of_first, numbers<T>(second), &of_second, &beta,
      static_cast<T*>(call.c.data), &of_c, 1, 1);
}

constexpr kernel_accepts vectors{.vector_increments = true};
constexpr kernel_accepts matrices{.row_strides = true,
                                  .transposed_inputs = true,
                                  .transposed_output = true,
                                  .vector_increments = true,
                                  .alpha_beta = true};

template <class F>
void add(library& found, std::string const& name, kernel_kind kind, lastbit::testing::number_format format,
         kernel_accepts accepts, void* handle, void (*call)(F*, kernel_call const&)) {
    F* const f = symbol<F>(handle, name + "_");
    if (f == nullptr) return found.notes.push_back({name, "not exported"});
    found.routines.push_back({name, {kind, format, format, accepts, [=](kernel_call const& c) { call(f, c); }}});
    // Products with a zero are left out, as the reference BLAS did until 2014 (github.com/Reference-LAPACK/lapack, issue
    // 179): NaN or infinity times 0 is then 0.
    if (kind != kernel_kind::dot) found.routines.back().special_faults = {"nan_swallowed", "zero_times_infinity_lost"};
}

template <class T>
void add_all(library& found, std::string const& letter, void* handle) {
    auto const format = number_format_of<T>;
    add(found, letter + "dot", kernel_kind::dot, format, vectors, handle, call_dot<T>);
    add(found, letter + "gemv", kernel_kind::gemv, format, matrices, handle, call_gemv<T>);
    add(found, letter + "gemm", kernel_kind::gemm, format, matrices, handle, call_gemm<T>);
}

struct request {
    std::string name, title;
    std::vector<std::string> folders, files;
    char const* mark;  ///< a function that this library has, and the others have not; null: none of the others' marks
};

std::vector<request> const& requests() {
    static std::vector<request> const all{
        {"openblas",
         "OpenBLAS",
         {"openblas-pthread", "openblas-openmp", "openblas-serial", "."},
         {"libopenblas.so.0", "libopenblas.so"},
         "openblas_get_config"},
        {"blis",
         "BLIS",
         {"blis-openmp", "blis-pthread", "blis-serial", "."},
         {"libblis.so.4", "libblis.so.3", "libblis.so"},
         "bli_info_get_version_str"},
        {"refblas", "reference BLAS", {"blas", "."}, {"libblas.so.3", "libblas.so"}, nullptr}};
    return all;
}

bool is_the_one(void* handle, request const& wanted) {
    for (request const& r : requests())
        if (r.mark != nullptr && (symbol<void>(handle, r.mark) != nullptr) != (r.name == wanted.name)) return false;
    return symbol<void>(handle, "sgemm_") != nullptr;
}

void* handle_of(request const& wanted) {
    std::vector<fs::path> roots{"/usr/local/lib", "/usr/local/lib64", "/usr/lib64", "/usr/lib"};
    std::error_code error;
    for (auto const& entry : fs::directory_iterator("/usr/lib", error))
        if (entry.path().filename().string().find("-linux-gnu") != std::string::npos) roots.push_back(entry.path());
    for (auto const& folder : wanted.folders)
        for (auto const& root : roots)
            for (auto const& file : wanted.files) {
                fs::path const path = root / folder / file;
                void* const handle = fs::exists(path, error) ? dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL) : nullptr;
                if (handle != nullptr && is_the_one(handle, wanted)) return handle;
            }
    return nullptr;
}

std::string version_of(void* handle) {
    if (auto* const config = symbol<char const*()>(handle, "openblas_get_config")) {
        std::string text = config();
        auto* const core = symbol<char const*()>(handle, "openblas_get_corename");
        return core == nullptr ? text : text + ", kernels of " + core();
    }
    if (auto* const text = symbol<char const*()>(handle, "bli_info_get_version_str")) return text();
    Dl_info info{};
    if (dladdr(dlsym(handle, "sgemm_"), &info) == 0 || info.dli_fname == nullptr) return "unknown";
    std::error_code error;
    return fs::canonical(info.dli_fname, error).filename().string();
}

std::function<void(int)> thread_setter_of(void* handle) {
    if (auto* const set = symbol<void(int)>(handle, "openblas_set_num_threads")) return set;
    if (auto* const set = symbol<void(std::int64_t)>(handle, "bli_thread_set_num_threads"))
        return [set](int threads) { set(threads); };
    return {};
}

}  // namespace

library open_blas(std::string const& name) {
    for (request const& wanted : requests()) {
        if (wanted.name != name) continue;
        library found{wanted.title};
        void* const handle = handle_of(wanted);
        if (handle == nullptr) {
            found.absent = "not found in the folders of the system";
            return found;
        }
        found.version = version_of(handle);
        found.set_threads = thread_setter_of(handle);
        add_all<float>(found, "s", handle);
        add_all<double>(found, "d", handle);
        return found;
    }
    return {name, {}, "no BLAS that is known here"};
}

}  // namespace interop
