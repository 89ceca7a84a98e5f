// SPDX-License-Identifier: BSL-1.0
// lastbit_bench_expansions: dot products of 2,048 numbers of several words by multiword<N>, beside QD, FLINT's arb_dot,
// MPFR and Boost where they are found; products of matrices beside the dot product. Thread's processor time, medians of
// 25 interleaved pairs; the last column is how many times the peer's time is ours. Below each precision: the errors of
// ours and of QD, against the superaccumulator, medians over 21 data sets.

#include <lastbit/base/random.hpp>
#include <lastbit/linalg/expansion_products.hpp>
#include "expansion_peers.hpp"
#include "pairs.hpp"
#include "peers.hpp"

#include <cstdio>
#include <cstdlib>
#include <type_traits>

#if LASTBIT_BENCH_QD
#    include <qd/dd_real.h>
#    include <qd/qd_real.h>
#endif

namespace {

using namespace lastbit;

constexpr std::size_t n = 2048;
constexpr std::size_t side = 128;
constexpr std::size_t pairs = 25;
constexpr std::uint64_t data_sets = 21;

template <class Value>
void keep(Value const& value) {
    asm volatile("" : : "m"(value));
}

void print(std::string const& what, bench::pair_times const& t) {
    double const items = static_cast<double>(n);
    std::printf("%-40s %9.3f %9.3f %7.1f\n", what.c_str(), t.ours / items, t.peer / items, 1 / t.ratio);
    std::fflush(stdout);
}

template <std::size_t N>
std::vector<expansion<double, N>> random_numbers(std::uint64_t stream) {
    random_stream random(2026, stream);
    std::vector<expansion<double, N>> out(n);
    for (auto& x : out) {
        std::array<double, N> word;
        double scale = 2;
        for (double& w : word) {
            w = scale * (random.uniform() - 0.5);
            scale *= 0x1p-54;
        }
        x = expansion<double, N>::from_words(word);
    }
    return out;
}

template <std::size_t N>
using numbers = std::vector<expansion<double, N>>;

/// |got - exact| / (u^N sum |x_i y_i|), got the exact sum of its words.
template <std::size_t N>
double error_of(std::array<double, N> const& got, numbers<N> const& x, numbers<N> const& y) {
    superaccumulator<double> total;
    double absolutes = 0;
    for (std::size_t i = 0; i < n; ++i) {
        for (double const a : x[i].to_array())
            for (double const b : y[i].to_array()) total.add_product(a, b);
        absolutes += std::abs(x[i][0] * y[i][0]);
    }
    for (double const word : got) total.add(-word);
    return std::abs(total.round() / absolutes) / expansion_error<double, N>::unit;
}

/// The median error of the words that dot(x, y) returns, over data sets of which the first is the timed one.
template <std::size_t N, class Dot>
void print_error(std::string const& what, Dot const& dot) {
    std::vector<double> errors;
    for (std::uint64_t i = 0; i < data_sets; ++i) {
        numbers<N> const x = random_numbers<N>(2 * i + 1);
        numbers<N> const y = random_numbers<N>(2 * i + 2);
        errors.push_back(error_of<N>(dot(x, y), x, y));
    }
    std::printf("%-40s %9.3g u^%zu sum |x y|\n", what.c_str(), bench::median(errors), N);
}

#if LASTBIT_BENCH_QD
template <class Number, std::size_t N>
Number qd_number(expansion<double, N> const& x) {
    Number number = 0.0;
    for (std::size_t q = 0; q < N; ++q) number.x[q] = x[q];
    return number;
}

/// QD's loop of expansion_peers.cpp, for its result.
template <std::size_t N>
    requires(N == 2 || N == 4)
void print_qd_error(std::string const& what) {
    using number_type = std::conditional_t<N == 2, dd_real, qd_real>;
    print_error<N>(what, [](numbers<N> const& x, numbers<N> const& y) {
        number_type sum = 0.0;
        for (std::size_t i = 0; i < n; ++i) sum += qd_number<number_type>(x[i]) * qd_number<number_type>(y[i]);
        std::array<double, N> words;
        for (std::size_t q = 0; q < N; ++q) words[q] = sum.x[q];
        return words;
    });
}
#else
template <std::size_t N>
    requires(N == 2 || N == 4)
void print_qd_error(std::string const&) {}
#endif

/// Products of square matrices, ns a term, beside those of a dot product.
template <class M, std::size_t N, class Dot>
void print_product(std::string const& what, Dot const& dot_product) {
    random_stream random(2026, 77);
    expansion_matrix<double, N> a(side, side), b(side, side), c(side, side);
    for (auto* const m : {&a, &b})
        for (std::size_t i = 0; i < side; ++i)
            for (std::size_t j = 0; j < side; ++j)
                (*m)(i, j) = expansion<double, N>(random.uniform() - 0.5) / expansion<double, N>(3.0);
    double const terms = static_cast<double>(side * side * side);
    double const items = static_cast<double>(n);
    auto const t = bench::time_pairs([&] { gemm<M>(a, b, c); }, dot_product, pairs);
    std::printf("%-40s %9.3f %9.3f %7.2f\n", what.c_str(), t.ours / terms, t.peer / items, terms / items / t.ratio);
    std::fflush(stdout);
}

template <std::size_t N>
void run() {
    numbers<N> const x = random_numbers<N>(1);
    numbers<N> const y = random_numbers<N>(2);
    expansion_vector<double, N> const split_x(x);
    expansion_vector<double, N> const split_y(y);
    std::vector<double> words_x, words_y;
    for (std::size_t q = 0; q < N; ++q) {
        words_x.insert(words_x.end(), split_x.word(q), split_x.word(q) + n);
        words_y.insert(words_y.end(), split_y.word(q), split_y.word(q) + n);
    }
    using M = multiword<N>;
    auto const split = [&] { keep(dot<M>(split_x, split_y)); };
    auto const whole = [&] { keep(dot<M>(x, y)); };
    auto const single = [&] {
        keep(dot_to<expansion<double, N>, M>(std::span<double const>(split_x.word(0), n),
                                             std::span<double const>(split_y.word(0), n)));
    };
    auto const loop = [&] { keep(peers::dot(split_x.word(0), split_y.word(0), n)); };
    std::string const bits = std::to_string(53 * N) + " bits: ";
    for (auto const& peer : bench::expansion_peers(words_x, words_y, n, N))
        print(bits + peer.name, bench::time_pairs(split, peer.run, pairs));
    print(bits + "ours in one array", bench::time_pairs(split, whole, pairs));
    print(bits + "ours of plain doubles", bench::time_pairs(split, single, pairs));
    print(bits + "plain doubles, a loop", bench::time_pairs(single, loop, pairs));
    print_product<M, N>(bits + "gemm 128, beside the dot", split);
    print_product<method<M, sequential>, N>(bits + "gemm 128 in sequence, likewise", split);
    print_error<N>(bits + "our error",
                   [](numbers<N> const& a, numbers<N> const& b) { return dot<M>(a, b).to_array(); });
    if constexpr (N == 2 || N == 4) print_qd_error<N>(bits + "QD's error");
}

}  // namespace

int main() {
    std::printf("%-40s %9s %9s %7s\n", "dot product, n = 2048", "ours", "peer", "times");
    run<2>();
    run<3>();
    run<4>();
    run<8>();
}
