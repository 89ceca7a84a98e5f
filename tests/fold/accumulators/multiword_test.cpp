// SPDX-License-Identifier: BSL-1.0
#include <lastbit/fold/accumulators/multiword.hpp>

#include "../check_bits.hpp"
#include "../check_bound.hpp"

#include <lastbit/linalg/gemm.hpp>

using namespace lastbit_tests;
using lastbit::bfloat16;
using lastbit::expansion;
using lastbit::float16;
using lastbit::multiword;

namespace {

/// The transcription, its words summed by the oracle and rounded once to T.
template <class T, class Held, std::size_t N>
struct reference : transcription::multiword<Held, N> {
    [[nodiscard]] Held value() const {
        auto const words = this->words();
        if (!std::isfinite(words[0])) return words[0];
        return static_cast<Held>(lastbit::oracle::sum(words).template round<T>());
    }
};

template <class T>
using held = std::conditional_t<sizeof(T) == 2, float, T>;

/// In the default order alone: each takes a second to compile.
template <class T, std::size_t N>
void check_lanes() {
    constexpr std::size_t count = sizeof(T) == 8 ? 16 : 32;
    for (family const kind : families)
        for (std::size_t const n : sizes()) {
            auto const in_lanes = [&](auto put) {
                return transcription::in_lanes<reference<T, held<T>, N>>(n, count, put);
            };
            check_order<multiword<N>, lastbit::lanes<>, T, held<T>>(kind, n, 1, make_data<T>(kind, n, 1), in_lanes);
        }
}

/// Expansions of the family's numbers, their later words from other numbers of it.
template <class T, std::size_t N>
std::vector<expansion<T, N>> expansions_of(std::vector<T> const& x) {
    std::vector<expansion<T, N>> out(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
        std::array<T, N> word{};
        for (std::size_t q = 0; q < N; ++q)
            word[q] = q == 0 ? x[i]
                             : T(std::ldexp(x[(i + 7 * q) % x.size()],
                                            -static_cast<int>(q) * (lastbit::format<T>::precision + 1)));
        out[i] = std::isfinite(word[0]) ? expansion<T, N>::from_words(word) : expansion<T, N>(word[0]);
    }
    return out;
}

template <class T, std::size_t N>
bool same_words(expansion<T, N> const& got, transcription::multiword<T, N> const& state) {
    auto const words = state.words();
    auto const want = std::isfinite(words[0]) ? expansion<T, N>::from_words(words) : expansion<T, N>(words[0]);
    bool same = true;
    for (std::size_t q = 0; q < N; ++q) same = same && lastbit::to_bits(got[q]) == expected_bits(want[q]);
    return same;
}

template <class T, std::size_t N>
void check_expansions() {
    using State = transcription::multiword<T, N>;
    constexpr std::size_t lanes = sizeof(T) == 8 ? 16 : 32;
    for (family const kind : families)
        for (std::size_t const n : {1U, 2U, 7U, 15U, 16U, 17U, 40U, 63U, 129U}) {
            if (trials(10) < 10 && n > 40) continue;
            auto const data = make_data<T>(kind, n, 3);
            auto const x = expansions_of<T, N>(data.x);
            auto const y = expansions_of<T, N>(data.y);
            auto const sum = [&](auto& s, std::size_t i) { s.add(x[i]); };
            auto const dot = [&](auto& s, std::size_t i) { s.add_product(x[i], y[i]); };
            INFO("family " << static_cast<int>(kind) << ", n = " << n << ", N = " << N);
            using M = multiword<N>;
            REQUIRE(same_words(lastbit::sum<M>(x), transcription::in_lanes<State>(n, lanes, sum)));
            REQUIRE(same_words(lastbit::dot<M>(x, y), transcription::in_lanes<State>(n, lanes, dot)));
            REQUIRE(
                same_words(lastbit::dot<M, lastbit::sequential>(x, y), transcription::in_sequence<State>(0, n, dot)));
            REQUIRE(
                same_words(lastbit::dot<M, lastbit::pairwise<4>>(x, y), transcription::in_halves<State>(0, n, 4, dot)));
        }
}

}  // namespace

TEST_CASE("multiword: every order has the bits of its transcription", "[fold][multiword]") {
    check_bits<multiword<2>, reference<double, double, 2>, double, double>();
    check_lanes<float, 3>();
    check_default_order<multiword<2>, double>();
}

TEST_CASE("multiword: 16-bit formats are held in floats", "[fold][multiword]") { check_lanes<bfloat16, 2>(); }

TEST_CASE("multiword: sums and dot products of expansions have the bits of their transcription", "[fold][multiword]") {
    check_expansions<float, 2>();
    check_expansions<double, 3>();
    check_expansions<double, 5>();
}

TEST_CASE("multiword: the error stays below the bound", "[fold][multiword]") {
    // The result is rounded to one word: what is seen is mostly that.
    check_bounds<multiword<2>, double>(0.1);
    CHECK(check_bound<lastbit::method<multiword<3>>, float>().dot >= 0.1);
}

TEST_CASE("multiword: the words of the result are close to the exact sum", "[fold][multiword]") {
    // The bound without the last rounding: (1 + u) gamma_2n^N S, far above u^N S; here within n^2 u^N S.
    for (std::uint64_t seed = 1; seed <= trials(20); ++seed) {
        auto const data = make_data<double>(family::ordinary, 300, seed);  // Clang 14 captures no structured binding
        auto const& x = data.x;
        auto const& y = data.y;
        auto const exact = lastbit::oracle::dot(x, y);
        auto const absolutes = lastbit::oracle::dot_of_absolutes(x, y);
        auto const check = [&]<std::size_t N>(std::integral_constant<std::size_t, N>) {
            auto const got = lastbit::dot_to<expansion<double, N>, multiword<N>>(x, y);
            auto const error = (lastbit::oracle::sum(got.to_array()) - exact).abs();
            double const unit = std::ldexp(300.0 * 300.0, -53 * static_cast<int>(N));
            CHECK(error <= lastbit::oracle::real(unit) * absolutes);
        };
        check(std::integral_constant<std::size_t, 2>());
        check(std::integral_constant<std::size_t, 4>());
    }
}

TEST_CASE("multiword: an infinity among finite terms is the sum, and a NaN is canonical", "[fold][multiword]") {
    std::vector<double> const x{lastbit::infinity<double>(), 1, 1};
    CHECK(lastbit::is_inf(lastbit::sum<multiword<2>>(x)));
    CHECK(lastbit::is_inf(lastbit::sum<multiword<4>>(x)));
    std::vector<double> const y{lastbit::infinity<double>(), -lastbit::infinity<double>()};
    CHECK(lastbit::to_bits(lastbit::sum<multiword<2>>(y)) == lastbit::to_bits(lastbit::canonical_nan<double>()));
    CHECK(lastbit::to_bits(lastbit::sum<multiword<2>>(std::vector<double>())) == 0);
    CHECK(lastbit::to_bits(lastbit::sum<multiword<2>>(std::vector<double>{-0.0, -0.0})) == 0);
}

TEST_CASE("multiword: a matrix product's elements have the bits of dot", "[fold][multiword]") {
    auto const data = make_data<double>(family::ordinary, 7 * 33, 5);
    std::vector<double> c(7 * 7), column(33);
    lastbit::matrix_view<double const> const A(data.x.data(), 7, 33), B(data.y.data(), 33, 7);
    auto const check = [&]<class M>(M) {
        lastbit::gemm<M>(A, B, lastbit::matrix_view<double>(c.data(), 7, 7));
        for (std::size_t i = 0; i < 7; ++i)
            for (std::size_t j = 0; j < 7; ++j) {
                for (std::size_t l = 0; l < 33; ++l) column[l] = B(l, j);
                std::span<double const> const row(&A(i, 0), 33);
                REQUIRE(lastbit::to_bits(c[i * 7 + j]) == lastbit::to_bits(lastbit::dot<M>(row, column)));
            }
    };
    check(lastbit::method<multiword<2>>());
    check(lastbit::method<multiword<2>, lastbit::sequential>());
}
