// SPDX-License-Identifier: BSL-1.0
// Expansions, and sums and dot products by multiword<N>: every word of every result.
#include "runs.hpp"

namespace {

using lastbit::expansion;
using lastbit::multiword;

template <class T, std::size_t N>
void take(golden::hasher& h, expansion<T, N> const& x) {
    for (T const word : x.to_array()) h.take(word);
}

/// Expansions whose leading words are x; the others are other numbers of it, at a distance.
template <class T, std::size_t N>
[[gnu::noinline]] std::vector<expansion<T, N>> expansions_of(std::vector<T> const& x) {
    std::vector<expansion<T, N>> out(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
        out[i] = expansion<T, N>(lastbit::canonical(x[i]));
        if (!lastbit::is_finite(x[i])) continue;
        std::array<T, N> word{x[i]};
        T scale = static_cast<T>(lastbit::unit_roundoff<T> / 2);
        for (std::size_t q = 1; q < N; ++q) {
            T const other = x[(i + 7 * q) % x.size()];
            if (lastbit::is_finite(other)) word[q] = lastbit::mul(other, scale);
            scale = lastbit::mul(scale, static_cast<T>(lastbit::unit_roundoff<T> / 2));
        }
        out[i] = expansion<T, N>::from_words(word);
    }
    return out;
}

/// + - x / sqrt of each pair. In one environment: the operators demand a sound one.
template <class T, std::size_t N>
[[gnu::noinline]] void take_operations(golden::hasher& h, std::vector<expansion<T, N>> const& x,
                                       std::vector<expansion<T, N>> const& y) {
    for (std::size_t i = 0; i < x.size(); ++i) {
        take(h, x[i] + y[i]);
        take(h, x[i] - y[i]);
        take(h, x[i] * y[i]);
        take(h, x[i] / y[i]);
        take(h, sqrt(abs(x[i])));
    }
}

template <class T, std::size_t N>
void append(std::vector<golden::row>& out) {
    golden::hasher sums, dots, expansion_sums, expansion_dots, operations;
    using M = multiword<N>;
    for (auto const kind : lastbit_tests::families)
        for (std::size_t n = 0; n < 80; n += n < 40 ? 1 : 13) {
            auto const data = lastbit_tests::make_data<T>(kind, n, 1);
            take(sums, lastbit::sum_to<expansion<T, N>, M>(data.x));
            take(dots, lastbit::dot_to<expansion<T, N>, M>(data.x, data.y));
            auto const [x, y] = [&] {
                lastbit::environment::guard const guard;
                return std::pair(expansions_of<T, N>(data.x), expansions_of<T, N>(data.y));
            }();
            take(expansion_sums, lastbit::sum<M>(x));
            take(expansion_dots, lastbit::dot<M>(x, y));
            if (n % 20 == 19) {
                lastbit::environment::guard const guard;
                take_operations(operations, x, y);
            }
        }
    // Appended, not added: GCC 12 at -O3 takes std::string's operator+ for a copy onto itself.
    std::string words = lastbit::format<T>::name;
    words.append(" x ").append(std::to_string(N));
    std::string to_words = lastbit::format<T>::name;
    to_words.append(" -> ").append(words);
    std::string const method = lastbit::method<M>::name();
    out.push_back({"sum_to", method, to_words, sums.value()});
    out.push_back({"dot_to", method, to_words, dots.value()});
    out.push_back({"sum", method, words, expansion_sums.value()});
    out.push_back({"dot", method, words, expansion_dots.value()});
    out.push_back({"operations", "expansion", words, operations.value()});
}

}  // namespace

std::vector<golden::row> golden::rows_of_expansions() {
    std::vector<row> out;
    append<float, 2>(out);
    append<float, 3>(out);
    append<double, 2>(out);
    append<double, 3>(out);
    append<double, 4>(out);
    append<double, 5>(out);
    return out;
}
