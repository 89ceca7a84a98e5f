// SPDX-License-Identifier: BSL-1.0
// lastbit_bench_products: correctly rounded matrix products beside OpenBLAS on one thread. Every iteration times ours and
// then the peer, in this thread's processor time; `ratio` is the median of ours / peer, `ours` and `peer` are medians in
// 10^9 products a second. Options are Google Benchmark's. Before it is timed, an element of each product is held against
// the superaccumulator.

#include <lastbit/base/random.hpp>
#include <lastbit/linalg/prepared_matrix.hpp>
#include "peers.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <new>

#if LASTBIT_BENCH_BLAS
extern "C" {
void sgemv_(char const*, int const*, int const*, float const*, float const*, int const*, float const*, int const*,
            float const*, float*, int const*);
void dgemv_(char const*, int const*, int const*, double const*, double const*, int const*, double const*, int const*,
            double const*, double*, int const*);
}
#endif

namespace {

using namespace lastbit;

/// A 64-byte aligned array of +0.
template <class T>
class aligned_array {
public:
    explicit aligned_array(std::size_t count)
        : data_(static_cast<T*>(::operator new(std::max<std::size_t>(1, count) * sizeof(T), std::align_val_t(64)))) {
        std::uninitialized_fill_n(data_.get(), count, T(0.0F));
    }
    [[nodiscard]] T* data() const { return data_.get(); }
    T& operator[](std::size_t i) const { return data_.get()[i]; }

private:
    struct release {
        void operator()(T* p) const { ::operator delete(p, std::align_val_t(64)); }
    };
    std::unique_ptr<T, release> data_;
};

double now() {
    timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

double median(std::vector<double> x) {
    auto const middle = x.begin() + static_cast<std::ptrdiff_t>(x.size() / 2);
    std::nth_element(x.begin(), middle, x.end());
    return *middle;
}

/// Ours and the peer in turn; each `repeat` times an iteration, so that the clock's step does not matter.
template <class Ours, class Peer>
void add(std::string const& name, double products, Ours ours, Peer peer) {
    auto const repeat = static_cast<std::size_t>(std::max(1.0, 2e6 / products));
    auto const run = [=](benchmark::State& state) {
        ours();
        peer();
        std::vector<double> a;
        std::vector<double> b;
        std::vector<double> ratio;
        for (auto _ : state) {
            double const start = now();
            for (std::size_t i = 0; i < repeat; ++i) ours();
            double const between = now();
            for (std::size_t i = 0; i < repeat; ++i) peer();
            double const end = now();
            state.SetIterationTime(between - start);
            a.push_back(between - start);
            b.push_back(end - between);
            ratio.push_back(a.back() / b.back());
        }
        double const all = 1e-9 * products * static_cast<double>(repeat);
        state.counters["ours"] = all / median(a);
        if (peers::has_blas) state.counters["peer"] = all / median(b);
        if (peers::has_blas) state.counters["ratio"] = median(ratio);
    };
    int const pairs = products > 1e9 ? 11 : products > 1e7 ? 25 : 101;
    benchmark::RegisterBenchmark(name.c_str(), run)->UseManualTime()->Iterations(pairs)->Unit(benchmark::kMillisecond);
}

enum class numbers { uniform, int8, int4 };

template <class T>
void fill(aligned_array<T> const& x, std::size_t count, numbers kind, std::uint64_t stream) {
    random_stream random(2024, stream);
    for (std::size_t i = 0; i < count; ++i) {
        double const u = random.uniform();
        double const number = kind == numbers::uniform ? 2 * u - 1
                              : kind == numbers::int8  ? static_cast<double>(static_cast<int>(255 * u)) - 127
                                                       : static_cast<double>(static_cast<int>(15 * u)) - 7;
        if constexpr (std::same_as<T, double>) x[i] = number;
        else x[i] = T(static_cast<float>(number));
    }
}

/// Ends the program if element (m - 1, n - 1) is not the exact one rounded once.
template <class R, class T>
void check(std::string const& name, matrix_view<T const> a, matrix_view<T const> b, matrix_view<R const> c) {
    std::vector<T> row;
    std::vector<T> column;
    for (std::size_t l = 0; l < a.cols(); ++l) {
        row.push_back(a(a.rows() - 1, l));
        column.push_back(b(l, b.cols() - 1));
    }
    R const exact = detail::rounded_dot_by_integers<R>(row.data(), column.data(), a.cols());
    if (to_bits(exact) == to_bits(c(c.rows() - 1, c.cols() - 1))) return;
    std::fprintf(stderr, "%s: wrong\n", name.c_str());
    std::exit(1);
}

template <class T>
using peer_format = std::conditional_t<std::same_as<T, double>, double, float>;

/// Square matrices of T into R, the peer in float or double on the same numbers.
template <class R, class T>
struct matrices {
    std::size_t m, n;
    aligned_array<T> a, b;
    aligned_array<R> c;
    aligned_array<peer_format<T>> pa, pb, pc;

    matrices(std::size_t rows, std::size_t size, numbers kind)
        : m(rows), n(size), a(m * n), b(n * n), c(m * n), pa(m * n), pb(n * n), pc(m * n) {
        fill(a, m * n, kind, 1);
        fill(b, n * n, kind, 2);
        for (std::size_t i = 0; i < m * n; ++i) pa[i] = static_cast<peer_format<T>>(a[i]);
        for (std::size_t i = 0; i < n * n; ++i) pb[i] = static_cast<peer_format<T>>(b[i]);
    }
    [[nodiscard]] matrix_view<T const> left() const { return {a.data(), m, n}; }
    [[nodiscard]] matrix_view<T const> right() const { return {b.data(), n, n}; }
    [[nodiscard]] matrix_view<R> result() const { return {c.data(), m, n}; }
};

template <class R, class T>
void add_gemm(std::string const& kind_name, std::size_t n, numbers kind) {
    std::string const name = "gemm/" + std::string(format<T>::name) + kind_name + "-" + format<R>::name + "/";
    auto const d = std::make_shared<matrices<R, T>>(n, n, kind);
    gemm(d->left(), d->right(), d->result());
    check<R, T>(name, d->left(), d->right(), d->result());
    auto const count = static_cast<double>(n);
    add(
        name + std::to_string(n), count * count * count, [d] { gemm(d->left(), d->right(), d->result()); },
        [d] { peers::blas_gemm(d->pa.data(), d->pb.data(), false, d->pc.data(), d->m, d->n, d->n); });
}

/// A few rows with one prepared matrix, as in a layer's inference; the peer packs each time.
template <class T>
void add_prepared(std::size_t m, std::size_t n) {
    std::string const name = "prepared/" + std::string(format<T>::name) + "/" + std::to_string(m) + "x";
    auto const d = std::make_shared<matrices<T, T>>(m, n, numbers::uniform);
    auto const b = std::make_shared<prepared_matrix<T>>(d->right());
    gemm(d->left(), *b, d->result());
    check<T, T>(name, d->left(), d->right(), d->result());
    auto const count = static_cast<double>(n);
    add(
        name + std::to_string(n), static_cast<double>(m) * count * count, [d, b] { gemm(d->left(), *b, d->result()); },
        [d] { peers::blas_gemm(d->pa.data(), d->pb.data(), false, d->pc.data(), d->m, d->n, d->n); });
}

/// Every element of the product needs the exact fall-back: rows of A whose halves cancel, and a tiny number beside
/// them. The peer is the fall-back alone, element by element.
template <class T>
void add_worst(std::size_t n) {
    std::string const name = "worst/" + std::string(format<T>::name) + "/";
    auto const d = std::make_shared<matrices<T, T>>(n, n, numbers::uniform);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t l = 0; l < n / 2; ++l) d->a[i * n + n / 2 + l] = negate(d->a[i * n + l]);
        for (std::size_t l = 0; l < n / 2; ++l) d->b[(n / 2 + l) * n + i] = d->b[l * n + i];
        d->a[i * n + n - 1] = d->a[i * n + n / 2 - 1] = T(0x1p-60F);
        d->b[(n - 1) * n + i] = T(0x1p-60F);
    }
    gemm(d->left(), d->right(), d->result());
    check<T, T>(name, d->left(), d->right(), d->result());
    auto const count = static_cast<double>(n);
    add(
        name + std::to_string(n), count * count * count, [d] { gemm(d->left(), d->right(), d->result()); },
        [d] {
            detail::multiply_by_integers<T, T>({d->left(), d->right(), {}, d->result(), nullptr, nullptr, nullptr});
        });
}

#if LASTBIT_BENCH_BLAS
void blas_gemv(float const* a, float const* x, float* y, std::size_t n) {
    int const size = static_cast<int>(n);
    int const step = 1;
    float const one = 1;
    float const zero = 0;
    sgemv_("T", &size, &size, &one, a, &size, x, &step, &zero, y, &step);
}
void blas_gemv(double const* a, double const* x, double* y, std::size_t n) {
    int const size = static_cast<int>(n);
    int const step = 1;
    double const one = 1;
    double const zero = 0;
    dgemv_("T", &size, &size, &one, a, &size, x, &step, &zero, y, &step);
}
#else
void blas_gemv(float const*, float const*, float*, std::size_t) {}
void blas_gemv(double const*, double const*, double*, std::size_t) {}
#endif

template <class T>
void add_gemv(std::size_t n) {
    std::string const name = "gemv/" + std::string(format<T>::name) + "/";
    auto const d = std::make_shared<matrices<T, T>>(1, n, numbers::uniform);
    std::span<T const> const x(d->a.data(), n);
    std::span<T> const y(d->c.data(), n);
    gemv(d->right(), x, y);
    check<T, T>(name, d->left(), transposed(d->right()), d->result());
    auto const count = static_cast<double>(n);
    add(
        name + std::to_string(n), count * count, [d, x, y] { gemv(d->right(), x, y); },
        [d] { blas_gemv(d->pb.data(), d->pa.data(), d->pc.data(), d->n); });
}

}  // namespace

int main(int argc, char** argv) {
    peers::use_one_thread();
    for (std::size_t const n : {256U, 2048U, 6144U}) add_gemv<float>(n);
    for (std::size_t const n : {256U, 1024U, 4096U}) add_gemv<double>(n);
    for (std::size_t const n : {16U, 64U, 256U, 512U, 1024U, 2048U}) add_gemm<float, float>("", n, numbers::uniform);
    for (std::size_t const n : {512U, 1024U}) {
        add_gemm<float, bfloat16>("", n, numbers::uniform);
        add_gemm<float, float16>("", n, numbers::uniform);
        add_gemm<bfloat16, bfloat16>("", n, numbers::uniform);
        add_gemm<bfloat16, bfloat16>("-int8", n, numbers::int8);
        add_gemm<bfloat16, bfloat16>("-int4", n, numbers::int4);
        add_gemm<double, double>("", n, numbers::uniform);
    }
    add_prepared<float>(1, 1024);
    add_prepared<float>(16, 1024);
    add_prepared<double>(16, 1024);
    for (std::size_t const n : {64U, 256U}) add_worst<float>(n);
    for (std::size_t const n : {64U, 256U}) add_worst<double>(n);
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    benchmark::RunSpecifiedBenchmarks();
}
