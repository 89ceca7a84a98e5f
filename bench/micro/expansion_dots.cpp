// SPDX-License-Identifier: BSL-1.0
// lastbit_bench_expansions: dot products of 2,048 numbers of several words by multiword<N>, beside QD, FLINT's arb_dot, MPFR
// and Boost where they are found. Thread's processor time, medians of 25 interleaved pairs; the last column is how many
// times the peer's time is ours.

#include <lastbit/base/random.hpp>
#include <lastbit/fold/expansions.hpp>
#include "expansion_peers.hpp"
#include "pairs.hpp"

#include <cstdio>
#include <cstdlib>

namespace {

using namespace lastbit;

constexpr std::size_t n = 2048;
constexpr std::size_t pairs = 25;

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

/// |got - exact| / (u^N sum |x_i y_i|).
template <std::size_t N>
double error_of(expansion<double, N> const& got, std::vector<expansion<double, N>> const& x,
                std::vector<expansion<double, N>> const& y) {
    superaccumulator<double> total;
    double absolutes = 0;
    for (std::size_t i = 0; i < n; ++i) {
        for (double const a : x[i].to_array())
            for (double const b : y[i].to_array()) total.add_product(a, b);
        absolutes += std::abs(x[i][0] * y[i][0]);
    }
    for (double const word : got.to_array()) total.add(-word);
    return std::abs(total.round() / absolutes) / expansion_error<double, N>::unit;
}

template <std::size_t N>
void run() {
    auto const x = random_numbers<N>(1);
    auto const y = random_numbers<N>(2);
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
    std::string const bits = std::to_string(53 * N) + " bits: ";
    for (auto const& peer : bench::expansion_peers(words_x, words_y, n, N))
        print(bits + peer.name, bench::time_pairs(split, peer.run, pairs));
    print(bits + "ours in one array", bench::time_pairs(split, whole, pairs));
    print(bits + "ours of plain doubles", bench::time_pairs(split, single, pairs));
    std::printf("%-40s %9.3g u^%zu sum |x y|\n", (bits + "our error").c_str(),
                error_of<N>(dot<M>(split_x, split_y), x, y), N);
}

}  // namespace

int main() {
    std::printf("%-40s %9s %9s %7s\n", "dot product, n = 2048", "ours", "peer", "times");
    run<2>();
    run<3>();
    run<4>();
    run<8>();
}
