// SPDX-License-Identifier: BSL-1.0
// lastbit_bench: every method beside a plain loop and OpenBLAS in the same run. Each result is held against the exact one
// before it is timed. Options are Google Benchmark's, e.g. --benchmark_filter=dot; without any it takes some minutes.

#include "peers.hpp"
#include "report.hpp"
#include <lastbit/base/random.hpp>
#include <lastbit/fold/dot.hpp>
#include <lastbit/linalg/gemm.hpp>
#include <lastbit/nn/forward.hpp>
#include <lastbit/oracle/dot.hpp>
#include <lastbit/quantify/error.hpp>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>

namespace {

using namespace lastbit;

template <class T>
std::vector<T> random_vector(std::size_t n, std::uint64_t stream) {
    random_stream random(2024, stream);
    std::vector<T> x(n);
    for (T& element : x) element = static_cast<T>(2.0 * random.uniform() - 1.0);
    return x;
}

template <class T>
char const* format_name() {
    return std::same_as<T, float> ? "float" : "double";
}

/// Two vectors, and what is needed to judge their sum and dot product.
template <class T>
struct data {
    std::size_t n;
    std::vector<T> x, y;
    oracle::real sum, dot;
    summand_size sum_size, dot_size;

    explicit data(std::size_t count)
        : n(count), x(random_vector<T>(n, 1)), y(random_vector<T>(n, 2)), sum(oracle::sum(x)), dot(oracle::dot(x, y)) {
        constexpr auto up = oracle::direction::upward;
        sum_size = {oracle::sum_of_absolutes(x).template round<double>(up), sum.abs().template round<double>(up)};
        dot_size = {oracle::dot_of_absolutes(x, y).template round<double>(up), dot.abs().template round<double>(up),
                    true};
    }
};

/// Ends the program if the error is above the bound: what is wrong need not be timed.
template <class T>
void check(std::string const& name, T computed, oracle::real const& exact, double bound) {
    double const error = quantify::absolute_error(computed, exact);
    if (error <= bound) return;
    std::fprintf(stderr, "%s: error %g, bound %g\n", name.c_str(), error, bound);
    std::exit(1);
}

template <class Kernel>
void add(std::string const& name, std::size_t items, Kernel kernel) {
    benchmark::RegisterBenchmark(name.c_str(), [kernel, items](benchmark::State& state) {
        for (auto _ : state) benchmark::DoNotOptimize(kernel());
        state.SetItemsProcessed(static_cast<std::int64_t>(static_cast<std::uint64_t>(state.iterations()) * items));
    });
}

template <class T>
std::string title(char const* kernel, std::size_t n) {
    return std::string(kernel) + " " + format_name<T>() + " n=" + std::to_string(n) + "/";
}

template <class M, class T>
void add_method(std::shared_ptr<data<T> const> const& d) {
    std::string const sum_name = title<T>("sum", d->n) + M::name();
    std::string const dot_name = title<T>("dot", d->n) + M::name();
    check(sum_name, sum<M>(d->x), d->sum, error_bound<M, T>(d->n, d->sum_size));
    check(dot_name, dot<M>(d->x, d->y), d->dot, error_bound<M, T>(d->n, d->dot_size));
    add(sum_name, d->n, [d] { return sum<M>(d->x); });
    add(dot_name, d->n, [d] { return dot<M>(d->x, d->y); });
}

template <class A, class T>
void add_accumulator(std::shared_ptr<data<T> const> const& d) {
    add_method<method<A, lanes<>>>(d);
    add_method<method<A, pairwise<>>>(d);
    add_method<method<A, sequential>>(d);
}

template <class T>
void add_folds(std::size_t n) {
    auto const d = std::make_shared<data<T> const>(n);
    using any_order = method<plain, sequential>;  // no order has a larger bound
    std::string const s = title<T>("sum", n);
    std::string const p = title<T>("dot", n);
    check(s, peers::sum(d->x.data(), n), d->sum, error_bound<any_order, T>(n, d->sum_size));
    check(p, peers::dot(d->x.data(), d->y.data(), n), d->dot, error_bound<any_order, T>(n, d->dot_size));
    add(s + "peer loop", n, [d] { return peers::sum(d->x.data(), d->n); });
    add(p + "peer loop", n, [d] { return peers::dot(d->x.data(), d->y.data(), d->n); });
    if (peers::has_blas) {
        check(p, peers::blas_dot(d->x.data(), d->y.data(), n), d->dot, error_bound<any_order, T>(n, d->dot_size));
        add(p + "peer openblas", n, [d] { return peers::blas_dot(d->x.data(), d->y.data(), d->n); });
    }
    add_accumulator<plain>(d);
    add_accumulator<fused>(d);
    add_accumulator<kahan>(d);
    add_accumulator<neumaier>(d);
    add_accumulator<klein>(d);
    add_accumulator<compensated<2>>(d);
    if constexpr (std::same_as<T, float>) add_accumulator<widened<double>>(d);
}

/// Y [m x n] = X [m x k] W^T, W [n x k]: a product of matrices or a layer without its bias and activation.
template <class T>
struct matrices {
    std::size_t m, n, k;
    std::vector<T> x, w, bias;
    std::shared_ptr<std::vector<T>> y;

    matrices(std::size_t rows, std::size_t cols, std::size_t inner)
        : m(rows),
          n(cols),
          k(inner),
          x(random_vector<T>(m * k, 1)),
          w(random_vector<T>(n * k, 2)),
          bias(random_vector<T>(n, 3)),
          y(std::make_shared<std::vector<T>>(m * n)) {}

    [[nodiscard]] matrix_view<T const> input() const { return {x.data(), m, k}; }
    [[nodiscard]] matrix_view<T const> weight() const { return {w.data(), n, k}; }
    [[nodiscard]] matrix_view<T> output() const { return {y->data(), m, n}; }
    [[nodiscard]] oracle::real exact_first() const { return oracle::dot(std::span(x).first(k), std::span(w).first(k)); }
    [[nodiscard]] summand_size size_of_first() const {
        auto const a = std::span(x).first(k);
        auto const b = std::span(w).first(k);
        return {oracle::dot_of_absolutes(a, b).template round<double>(oracle::direction::upward),
                exact_first().abs().template round<double>(oracle::direction::upward), true};
    }
};

template <class M, class T>
void add_gemm(std::shared_ptr<matrices<T> const> const& d) {
    std::string const name = title<T>("gemm", d->n) + M::name();
    auto const multiply = [d] {
        gemm<M>(d->input(), transposed(d->weight()), d->output());
        return (*d->y)[0];
    };
    check(name, multiply(), d->exact_first(), error_bound<M, T>(d->k, d->size_of_first()));
    add(name, d->m * d->n * d->k, multiply);
}

template <class M, class T>
void add_layer(std::shared_ptr<matrices<T> const> const& d) {
    std::string const name = std::string("dense ") + format_name<T>() + " 360 rows 64-128/" + M::name();
    add(name, d->m * d->n * d->k, [d] {
        dense_view<T> const layer{d->weight(), d->bias, activation::relu};
        forward<M>(layer, d->input(), d->output());
        return (*d->y)[0];
    });
}

template <class T>
void add_products(std::size_t n) {
    auto const d = std::make_shared<matrices<T> const>(n, n, n);
    if (peers::has_blas) {
        auto const multiply = [d] {
            peers::blas_gemm(d->x.data(), d->w.data(), true, d->y->data(), d->m, d->n, d->k);
            return (*d->y)[0];
        };
        using any_order = method<plain, sequential>;
        check("openblas", multiply(), d->exact_first(), error_bound<any_order, T>(n, d->size_of_first()));
        add(title<T>("gemm", n) + "peer openblas", n * n * n, multiply);
    }
    add_gemm<method<plain, sequential>>(d);
    add_gemm<method<plain>>(d);
    add_gemm<method<fused, sequential>>(d);
    add_gemm<method<compensated<2>, sequential>>(d);
    add_gemm<method<compensated<2>>>(d);
    if constexpr (std::same_as<T, float>) add_gemm<method<widened<double>, sequential>>(d);
}

/// The first layer of the digits network and its 360 inputs. The peer adds bias and activation in a second pass.
template <class T>
void add_layers() {
    auto const d = std::make_shared<matrices<T> const>(360, 128, 64);
    if (peers::has_blas)
        add(std::string("dense ") + format_name<T>() + " 360 rows 64-128/peer openblas", d->m * d->n * d->k, [d] {
            peers::blas_gemm(d->x.data(), d->w.data(), true, d->y->data(), d->m, d->n, d->k);
            for (std::size_t i = 0; i < d->m; ++i)
                for (std::size_t j = 0; j < d->n; ++j) {
                    T const z = (*d->y)[i * d->n + j] + d->bias[j];
                    (*d->y)[i * d->n + j] = z > 0 ? z : T(0);
                }
            return (*d->y)[0];
        });
    add_layer<method<plain, sequential>>(d);
    add_layer<method<plain>>(d);
    add_layer<method<fused, sequential>>(d);
    add_layer<method<compensated<2>, sequential>>(d);
    add_layer<method<compensated<2>>>(d);
    if constexpr (std::same_as<T, float>) add_layer<method<widened<double>, sequential>>(d);
}

}  // namespace

int main(int argc, char** argv) {
    peers::use_one_thread();
    for (std::size_t n : {1'000U, 100'000U, 10'000'000U}) {
        add_folds<float>(n);
        add_folds<double>(n);
    }
    add_products<float>(256);
    add_products<double>(256);
    add_layers<float>();
    add_layers<double>();
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    bench::ratio_reporter reporter;
    benchmark::RunSpecifiedBenchmarks(&reporter);
}
