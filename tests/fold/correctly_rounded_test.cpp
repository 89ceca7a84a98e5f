// SPDX-License-Identifier: BSL-1.0
#include <lastbit/fold/correctly_rounded.hpp>

#include <lastbit/fold/dot.hpp>
#include <lastbit/fold/sum.hpp>
#include <lastbit/oracle/dot.hpp>
#include <lastbit/oracle/sum.hpp>
#include <lastbit/quantify/generate.hpp>

#include "exact/judged_data.hpp"
#include "exact/mpfr_judge.hpp"
#include "fold/caller_environment.hpp"
#include "oracle/vectors.hpp"
#include "properties.hpp"

#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit_tests;

static_assert(std::same_as<default_method<float>, correctly_rounded> && correctly_roundable<bfloat16>);
static_assert(!correctly_roundable<int> && !correctly_roundable<long double>);
static_assert(noexcept(sum(std::vector<double>{})) && noexcept(sum<correctly_rounded>(std::vector<float16>{})));

namespace {

/// The bits of sum_to and dot_to in the four formats: each kernel is compiled once for T, here.
using all_bits = std::array<std::uint64_t, 8>;

template <class T>
[[gnu::noinline]] all_bits results(std::span<T const> x, std::span<T const> y) {
    return {to_bits(sum_to<float>(x)),       to_bits(sum_to<double>(x)),    to_bits(sum_to<bfloat16>(x)),
            to_bits(sum_to<float16>(x)),     to_bits(dot_to<float>(x, y)),  to_bits(dot_to<double>(x, y)),
            to_bits(dot_to<bfloat16>(x, y)), to_bits(dot_to<float16>(x, y))};
}
template <class T>
all_bits results(std::vector<T> const& x, std::vector<T> const& y) {
    return results(std::span<T const>(x), std::span<T const>(y));
}

template <class R>
std::uint64_t bits_in(mpfr_terms& judge) {
    return to_bits(judge.rounded<R>());
}
template <class R, class Judge>
std::uint64_t bits_in(Judge& judge) {
    return to_bits(judge.template round<R>());
}

/// The same of two judges, or of two superaccumulators.
template <class Judge>
all_bits rounded_by(Judge&& sums, Judge&& dots) {
    return {bits_in<float>(sums), bits_in<double>(sums), bits_in<bfloat16>(sums), bits_in<float16>(sums),
            bits_in<float>(dots), bits_in<double>(dots), bits_in<bfloat16>(dots), bits_in<float16>(dots)};
}

template <class T>
[[gnu::noinline]] all_bits results_by_mpfr(std::vector<T> const& x, std::vector<T> const& y) {
    mpfr_terms sums;
    mpfr_terms dots;
    for (std::size_t i = 0; i < x.size(); ++i) {
        sums.add(x[i]);
        dots.add_product(x[i], y[i]);
    }
    return rounded_by(sums, dots);
}

template <class T>
[[gnu::noinline]] all_bits results_by_oracle(std::vector<T> const& x, std::vector<T> const& y) {
    return rounded_by(oracle::sum(x), oracle::dot(x, y));
}

/// Data, and random numbers to change them by, drawn by RapidCheck.
template <class T>
struct drawn {
    std::uint64_t seed = *rc::gen::arbitrary<std::uint64_t>();
    std::size_t n = *rc::gen::inRange<std::size_t>(0, 400);
    random_stream chance{seed, 1};
    pair_of_vectors<T> data = data_of_kind<T>(seed % kinds_of_data, n, seed);
};

template <class T>
void swap_terms(pair_of_vectors<T>& data, std::size_t i, std::size_t j) {
    std::swap(data.x[i], data.x[j]);
    std::swap(data.y[i], data.y[j]);
}

/// One superaccumulator out of many, by merging random two of them until one is left.
template <class T>
superaccumulator<T> merged_in_a_random_tree(std::vector<superaccumulator<T>> parts, random_stream& chance) {
    while (parts.size() > 1) {
        std::swap(parts[chance.below(parts.size())], parts.back());
        superaccumulator<T> const last = parts.back();
        parts.pop_back();
        parts[chance.below(parts.size())].merge(last);
    }
    return parts.front();
}

/// x 2^shift by the exponent's bits. Requires: x and the result are normal.
template <class T>
T scaled(T x, int shift) {
    auto const by = static_cast<std::int64_t>(shift) << (format<T>::precision - 1);
    return from_bits<T>(static_cast<bits_of<T>>(static_cast<std::int64_t>(to_bits(x)) + by));
}

template <class T>
bool is_normal(T x) {
    return is_finite(x) && detail::magnitude_bits(x) >= (std::uint64_t{1} << (format<T>::precision - 1));
}

template <class T>
std::vector<T> negated(std::vector<T> x) {
    for (T& v : x) v = negate(v);
    return x;
}

/// The bits of the results of negated terms, where the exact sum or dot product is not zero.
template <class T>
all_bits expected_of_negated(all_bits bits, superaccumulator<T> const& sum, superaccumulator<T> const& dot) {
    auto const flip = [](std::uint64_t& b, auto zero, bool not_zero) {
        using R = decltype(zero);
        R const r = from_bits<R>(static_cast<bits_of<R>>(b));
        if (not_zero && !is_nan(r)) b = to_bits(negate(r));
    };
    for (std::size_t i = 0; i < 8; i += 4) {
        bool const not_zero = (i == 0 ? sum : dot).sign() != 0;
        flip(bits[i], float{}, not_zero);
        flip(bits[i + 1], double{}, not_zero);
        flip(bits[i + 2], bfloat16{}, not_zero);
        flip(bits[i + 3], float16{}, not_zero);
    }
    return bits;
}

}  // namespace

TEST_CASE("correctly_rounded: the published hard cases of sums and dot products", "[fold][correctly_rounded]") {
    std::size_t seen = 0;
    for (auto const& c : hard_cases("sum")) {
        INFO(c.source);
        CHECK(to_bits(sum(c.x)) == to_bits(canonical(c.result)));
        CHECK(to_bits(sum<correctly_rounded>(c.x)) == to_bits(canonical(c.result)));
        ++seen;
    }
    for (auto const& c : hard_cases("dot")) {
        INFO(c.source);
        CHECK(to_bits(dot(c.x, c.y)) == to_bits(canonical(c.result)));
        CHECK(to_bits(dot<correctly_rounded>(c.x, c.y)) == to_bits(canonical(c.result)));
        ++seen;
    }
    CHECK(seen == 178);
}

TEMPLATE_TEST_CASE("correctly_rounded: sum, dot, sum_to and dot_to equal MPFR and the oracle, on the golden data, too",
                   "[fold][correctly_rounded]", float, double, bfloat16, float16) {
    using T = TestType;
    for (std::size_t kind = 0; kind < kinds_of_data; ++kind)
        for (std::size_t n = 0; n < 200; n += trials(10) < 10 ? 7 : 1) {
            auto const data = data_of_kind<T>(kind, n, 1);
            all_bits const want = results_by_mpfr(data.x, data.y);
            INFO("kind " << kind << ", n = " << n);
            REQUIRE(results(data.x, data.y) == want);
            if (n % 8 == 0) REQUIRE(results_by_oracle(data.x, data.y) == want);
        }
    for (std::size_t kind = 0; kind < kinds_of_data; ++kind) {
        auto const data = data_of_kind<T>(kind, 10'007, 1);
        REQUIRE(results(data.x, data.y) == results_by_mpfr(data.x, data.y));
    }
}

TEMPLATE_TEST_CASE("correctly_rounded: every condition that the format can carry", "[fold][correctly_rounded]", float,
                   double, bfloat16, float16) {
    using T = TestType;
    random_stream chance(51);
    for (std::size_t trial = 0; trial < trials(200); ++trial) {
        std::size_t const n = 2 + chance.below(std::uint64_t{1} << (1 + chance.below(9)));
        double const condition = scaled(1.0, between(chance, 0, chance.below(8) == 0 ? 1020 : 200));
        auto const s = generate::ill_conditioned_sum<T>(n, condition, chance.bits());
        auto const d = generate::ill_conditioned_dot<T>(n, condition, chance.bits());
        INFO("trial " << trial << ", n = " << n);
        REQUIRE(to_bits(sum(s.x)) == to_bits(s.exact.template round<T>()));
        REQUIRE(to_bits(dot(d.x, d.y)) == to_bits(d.exact.template round<T>()));
        REQUIRE(results(s.x, s.x) == results_by_mpfr(s.x, s.x));
        REQUIRE(results(d.x, d.y) == results_by_mpfr(d.x, d.y));
    }
}

TEMPLATE_TEST_CASE("correctly_rounded: ties, and values a tiny term off them, by the public kernels",
                   "[fold][correctly_rounded]", float, double, bfloat16, float16) {
    using T = TestType;
    random_stream chance(52);
    for (std::size_t trial = 0; trial < trials(300); ++trial)
        for (int side = -1; side <= 1; ++side) {
            hard_terms<T> sums(chance, false);
            auto const s = append_tie<T>(sums, chance, side);
            REQUIRE(to_bits(sum(sums.x)) == to_bits(s.rounded));
            REQUIRE(to_bits(dot(sums.x, sums.y)) == to_bits(s.rounded));  // y is all ones
            hard_terms<T> dots(chance, true);
            auto const d = append_tie<T>(dots, chance, side);
            REQUIRE(to_bits(dot(dots.x, dots.y)) == to_bits(d.rounded));
            hard_terms<T> wide(chance, true);
            auto const w = append_tie<double>(wide, chance, side);
            REQUIRE(to_bits(dot_to<double>(wide.x, wide.y)) == to_bits(w.rounded));
        }
}

TEST_CASE("correctly_rounded: dot refuses vectors of different lengths", "[fold][correctly_rounded]") {
    std::vector<double> const x(3, 1.0);
    std::vector<double> const y(4, 1.0);
    CHECK_THROWS_AS(dot(x, y), std::invalid_argument);
    CHECK_THROWS_AS(dot_to<float>(x, y), std::invalid_argument);
}

TEMPLATE_TEST_CASE("correctly_rounded: the error is at most error_bound, and more than half of it at ties",
                   "[fold][correctly_rounded]", float, double, bfloat16, float16) {
    using T = TestType;
    environment::guard const guard;  // a bound is no kernel: where the program flushes subnormals, it would be 0
    random_stream chance(53);
    for (std::size_t trial = 0; trial < trials(200); ++trial) {
        std::size_t const kind = chance.below(kinds_of_data);
        std::size_t const n = chance.below(100);
        auto const x = data_of_kind<T>(kind, n, chance.bits()).x;
        oracle::real const exact = oracle::sum(x);
        T const s = sum(x);
        if (!is_finite(s)) continue;
        double const size = exact.abs().template round<double>();
        double const bound = error_bound<correctly_rounded, T>(x.size(), {size, size});
        INFO("trial " << trial << ", kind " << kind << ", n = " << n);
        REQUIRE((oracle::real(s) - exact).abs() <= oracle::real(bound));
    }
    std::vector<T> const tie{detail::compose<T>(false, 1, 0), detail::compose<T>(false, 1, -format<T>::precision)};
    double const bound = error_bound<correctly_rounded, T>(2, {1.0, 1.0});
    oracle::real const error = (oracle::real(sum(tie)) - oracle::sum(tie)).abs();
    CHECK(error + error > oracle::real(bound));
}

TEMPLATE_TEST_CASE("correctly_rounded: neither the order of the terms nor alignment changes a bit",
                   "[fold][correctly_rounded][property]", float, double, bfloat16, float16) {
    check_property(2000, [] {
        drawn<TestType> d;
        all_bits const want = results(d.data.x, d.data.y);
        for (std::size_t i = d.n; i > 1; --i) swap_terms(d.data, i - 1, d.chance.below(i));
        shifted<TestType> const x(d.data.x, d.chance.below(40));
        shifted<TestType> const y(d.data.y, d.chance.below(40));
        RC_ASSERT(results(x.view(), y.view()) == want);
    });
}

TEMPLATE_TEST_CASE("correctly_rounded: chunks of random sizes, merged in random trees, have the same bits",
                   "[fold][correctly_rounded][property]", float, double, bfloat16, float16) {
    using T = TestType;
    check_property(2000, [] {
        drawn<T> d;
        std::vector<superaccumulator<T>> sums(1);
        std::vector<superaccumulator<T>> dots(1);
        std::uint64_t const chunk = 1 + d.chance.below(50);
        for (std::size_t i = 0; i < d.n; ++i) {
            if (d.chance.below(chunk) == 0) {
                sums.emplace_back();
                dots.emplace_back();
            }
            sums.back().add(d.data.x[i]);
            dots.back().add_product(d.data.x[i], d.data.y[i]);
        }
        RC_ASSERT(rounded_by(merged_in_a_random_tree(std::move(sums), d.chance),
                             merged_in_a_random_tree(std::move(dots), d.chance)) == results(d.data.x, d.data.y));
    });
}

TEMPLATE_TEST_CASE("correctly_rounded: sum(x) is dot(x, ones), and dot(x, y) is dot(y, x)",
                   "[fold][correctly_rounded][property]", float, double, bfloat16, float16) {
    using T = TestType;
    check_property(2000, [] {
        drawn<T> d;
        std::vector<T> const ones(d.n, detail::compose<T>(false, 1, 0));
        all_bits const by_ones = results(d.data.x, ones);
        all_bits const forwards = results(d.data.x, d.data.y);
        all_bits const swapped = results(d.data.y, d.data.x);
        for (std::size_t r = 0; r < 4; ++r) {
            RC_ASSERT(by_ones[r] == by_ones[r + 4]);
            RC_ASSERT(forwards[r + 4] == swapped[r + 4]);
        }
    });
}

TEMPLATE_TEST_CASE("correctly_rounded: negated terms have the negated result, but for exact zeros",
                   "[fold][correctly_rounded][property]", float, double, bfloat16, float16) {
    using T = TestType;
    check_property(2000, [] {
        drawn<T> d;
        superaccumulator<T> sum;
        superaccumulator<T> dot;
        for (std::size_t i = 0; i < d.n; ++i) {
            sum.add(d.data.x[i]);
            dot.add_product(d.data.x[i], d.data.y[i]);
        }
        all_bits const want = expected_of_negated(results(d.data.x, d.data.y), sum, dot);
        all_bits const found = results(negated(d.data.x), d.data.y);
        for (std::size_t r = 0; r < 8; ++r)
            if ((r < 4 ? sum : dot).sign() != 0) RC_ASSERT(found[r] == want[r]);
    });
}

TEMPLATE_TEST_CASE("correctly_rounded: terms that cancel, and zeros, change nothing but the sign of an exact zero",
                   "[fold][correctly_rounded][property]", float, double, bfloat16, float16) {
    using T = TestType;
    check_property(2000, [] {
        drawn<T> d;
        all_bits const want = results(d.data.x, d.data.y);
        hard_terms<T> more(d.chance, true);
        more.add_noise(d.chance.below(30));
        std::size_t const pairs = more.x.size() / 2;
        for (std::size_t i = 0; i < pairs; ++i)
            more.y[2 * i + 1] = more.y[2 * i], more.x[2 * i + 1] = negate(more.x[2 * i]);
        for (std::size_t i = d.chance.below(10); i > 0; --i) {
            more.x.push_back(negate(T{}));
            more.y.push_back(T{});
        }
        d.data.x.insert(d.data.x.end(), more.x.begin(), more.x.end());
        d.data.y.insert(d.data.y.end(), more.y.begin(), more.y.end());
        for (std::size_t i = d.data.x.size(); i > 1; --i) swap_terms(d.data, i - 1, d.chance.below(i));
        all_bits const found = results(d.data.x, d.data.y);
        superaccumulator<T> sum;
        superaccumulator<T> dot;
        for (std::size_t i = 0; i < d.data.x.size(); ++i) {
            sum.add(d.data.x[i]);
            dot.add_product(d.data.x[i], d.data.y[i]);
        }
        for (std::size_t r = 0; r < 8; ++r)
            if ((r < 4 ? sum : dot).sign() != 0) RC_ASSERT(found[r] == want[r]);
    });
}

TEMPLATE_TEST_CASE("correctly_rounded: scaling by a power of two commutes where nothing under- or overflows",
                   "[fold][correctly_rounded][property]", float, double, bfloat16, float16) {
    using T = TestType;
    std::size_t compared = 0;
    check_property(2000, [&compared] {
        random_stream chance(*rc::gen::arbitrary<std::uint64_t>());
        std::size_t const n = *rc::gen::inRange<std::size_t>(0, 64);
        constexpr int reach = format<T>::max_exponent / 5;
        int const shift = between(chance, -reach, reach);
        std::vector<T> x, y, moved;
        for (std::size_t i = 0; i < n; ++i) {
            x.push_back(random_number<T>(chance, between(chance, -reach, reach)));
            y.push_back(random_number<T>(chance, between(chance, -reach, reach)));
            moved.push_back(scaled(x.back(), shift));
        }
        T const s = sum(x);
        T const d = dot(x, y);
        T const s_moved = sum(moved);
        T const d_moved = dot(moved, y);
        if (is_normal(s) && is_normal(s_moved)) RC_ASSERT(to_bits(scaled(s, shift)) == to_bits(s_moved));
        if (is_normal(d) && is_normal(d_moved)) RC_ASSERT(to_bits(scaled(d, shift)) == to_bits(d_moved));
        compared += is_normal(s) && is_normal(s_moved) && is_normal(d) && is_normal(d_moved) ? 1U : 0U;
    });
    CHECK(compared > trials(2000) / 2);
}

TEMPLATE_TEST_CASE("correctly_rounded: the caller's environment changes nothing, and is as before afterwards",
                   "[fold][correctly_rounded][environment]", float, double, bfloat16, float16) {
    using T = TestType;
    for (std::size_t kind = 0; kind < kinds_of_data; ++kind)
        for (std::size_t const n : {0U, 1U, 2U, 9U, 33U, 64U, 100U, 1000U}) {
            auto const data = data_of_kind<T>(kind, n, 9);
            all_bits const want = results_by_mpfr(data.x, data.y);
            for (int const direction : {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO})
                for (bool const flushes : {false, true}) {
                    all_bits found;
                    std::uint64_t before = 0;
                    std::uint64_t after = 0;
                    {
                        caller_environment const environment(flushes, direction);
                        before = caller_environment::control();
                        found = results(data.x, data.y);
                        after = caller_environment::control();
                    }
                    INFO("kind " << kind << ", n = " << n << ", direction " << direction << ", flushes " << flushes);
                    REQUIRE(before == after);
                    REQUIRE(found == want);
                }
        }
}
