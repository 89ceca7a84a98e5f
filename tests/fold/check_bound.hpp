// SPDX-License-Identifier: BSL-1.0
#pragma once
// Holds an accumulator's error bound against exact errors, on data made to be hard: it must never be exceeded, and it
// must not be so loose that it says nothing.

#include "families.hpp"

#include <lastbit/fold.hpp>
#include <lastbit/oracle.hpp>

#include <catch2/catch.hpp>
#include <trials.hpp>

#include <algorithm>
#include <cstdio>
#include <string>

namespace lastbit_tests {

enum class hard { ordinary, wide, ladder, ones, halves_of_ulp, cancelling, tiny_products, subnormals, big_last };

inline constexpr std::array hard_kinds{hard::ordinary,      hard::wide,          hard::ladder,
                                       hard::ones,          hard::halves_of_ulp, hard::cancelling,
                                       hard::tiny_products, hard::subnormals,    hard::big_last};

/// Numbers whose sums round as badly as we can make them.
template <class T>
[[nodiscard]] pair_of_vectors<T> make_hard(hard kind, std::size_t n, std::uint64_t seed) {
    constexpr int p = lastbit::format<T>::precision;
    constexpr bool wide_range = lastbit::format<T>::max_exponent > 100;
    lastbit::random_stream chance(seed, 7'000'000 + static_cast<std::uint64_t>(kind) * 100'003 + n);
    if (kind == hard::ordinary) return make_data<T>(family::ordinary, n, seed);
    if (kind == hard::wide && wide_range) return make_data<T>(family::wide, n, seed);
    if (kind == hard::tiny_products) return make_data<T>(family::tiny_products, n, seed);
    if (kind == hard::subnormals) return make_data<T>(family::subnormals, n, seed);
    pair_of_vectors<T> out;
    for (std::size_t i = 0; i < n; ++i) {
        int const e = static_cast<int>(i);
        T x = lastbit::absolute(random_number<T>(chance, 0));
        switch (kind) {
            case hard::ladder:
                x = lastbit::absolute(random_number<T>(chance, (e * 5 % (2 * p)) - p));
                break;
            case hard::ones:
                x = i == 0 ? T(1) : lastbit::absolute(random_number<T>(chance, -p));
                break;
            case hard::halves_of_ulp:  // each is a little more than half an ulp of the sum so far
                x = i == 0 ? T(1) : lastbit::detail::compose<T>(false, 2 * i + 1, -p - 1);
                break;
            case hard::big_last:
                x = lastbit::absolute(random_number<T>(chance, i + 1 == n || i % 37 == 36 ? p - 2 : -2));
                break;
            case hard::cancelling:
                x = i % 2 == 1 && !out.x.empty() ? lastbit::negate(out.x.back())
                                                 : random_number<T>(chance, between(chance, -2, 4));
                if (i % 7 == 3) x = random_number<T>(chance, -p);
                break;
            default:
                break;
        }
        out.x.push_back(x);
        // y = 1 + something keeps the products' shape and makes each round.
        out.y.push_back(
            kind == hard::cancelling || chance.below(2) == 0 ? T(1) : lastbit::absolute(random_number<T>(chance, 0)));
    }
    return out;
}

/// The largest error / bound that was seen.
struct bound_use {
    double sum = 0;
    double dot = 0;
};

template <class M, class T>
[[nodiscard]] double used(T result, lastbit::oracle::real const& exact, lastbit::oracle::real const& absolutes,
                          bool products, hard kind, std::size_t n, std::uint64_t seed) {
    using lastbit::oracle::direction;
    if (!lastbit::is_finite(result)) return 0;  // overflow: the bound claims nothing
    double const bound = lastbit::error_bound<M, T>(
        n, {absolutes.round<double>(direction::upward), exact.abs().round<double>(direction::upward), products});
    if (lastbit::is_inf(bound)) return 0;
    lastbit::oracle::real const error = (lastbit::oracle::real(result) - exact).abs();
    if (error > lastbit::oracle::real(bound))
        FAIL(lastbit::method<typename lastbit::detail::accumulator_of<M>, lastbit::detail::order_of<M>>::name()
             << (products ? " dot" : " sum") << " of " << lastbit::format<T>::name << ", data "
             << static_cast<int>(kind) << ", n = " << n << ", seed " << seed << ": the error is "
             << error.round<double>() / bound << " times the bound " << bound);
    // Both are scaled: neither the quotient nor its operands may be lost to underflow.
    if (error.is_zero()) return 0;
    return error.scaled(-error.binade()).template round<double>() /
           lastbit::oracle::real(bound).scaled(-error.binade()).template round<double>();
}

/// The bound of M for T on all hard data of several sizes.
template <class M, class T>
bound_use check_bound() {
    bound_use largest;
    for (std::uint64_t seed = 1; seed <= trials(2); ++seed)
        for (hard const kind : hard_kinds)
            for (std::size_t const n : {1U, 2U, 3U, 5U, 16U, 33U, 64U, 100U, 129U, 300U, 1025U}) {
                auto const [x, y] = make_hard<T>(kind, n, seed);
                largest.sum =
                    std::max(largest.sum, used<M, T>(lastbit::sum<M>(x), lastbit::oracle::sum(x),
                                                     lastbit::oracle::sum_of_absolutes(x), false, kind, n, seed));
                largest.dot =
                    std::max(largest.dot, used<M, T>(lastbit::dot<M>(x, y), lastbit::oracle::dot(x, y),
                                                     lastbit::oracle::dot_of_absolutes(x, y), true, kind, n, seed));
            }
    return largest;
}

/// All orders; prints how much of the bound was used. `least` is what some order must use, or the bound is absurd.
template <class A, class T>
void check_bounds(double least) {
    double largest = 0;
    auto const one = [&]<class O>(O) {
        bound_use const use = check_bound<lastbit::method<A, O>, T>();
        std::printf("%-18s %-9s %-10s largest error/bound: sum %.3g, dot %.3g\n", A::name, lastbit::format<T>::name,
                    O::name, use.sum, use.dot);
        largest = std::max({largest, use.sum, use.dot});
    };
    one(lastbit::sequential{});
    one(lastbit::lanes<>{});
    one(lastbit::pairwise<>{});
    one(lastbit::pairwise<1>{});
    CHECK(largest >= least);
    CHECK(largest <= 1.0);
}

}  // namespace lastbit_tests
