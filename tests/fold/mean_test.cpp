// SPDX-License-Identifier: BSL-1.0
#include <lastbit/fold/mean.hpp>

#include "exact/judged_data.hpp"
#include "exact/mpfr_judge.hpp"
#include "fold/caller_environment.hpp"
#include "properties.hpp"

#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit_tests;

static_assert(noexcept(mean(std::vector<double>{})) && noexcept(mean_to<float>(std::vector<bfloat16>{})));
static_assert(std::same_as<decltype(weighted_mean(std::vector<float>{}, std::vector<float>{})), float> &&
              std::same_as<decltype(mean_to<double>(std::vector<float16>{})), double>);

namespace {

/// The bits of mean of x and of weighted_mean with weights w in the four formats: compiled once for T, here.
using all_bits = std::array<std::uint64_t, 8>;

template <class T>
[[gnu::noinline]] all_bits results(std::span<T const> w, std::span<T const> x) {
    return {to_bits(mean_to<float>(x)),
            to_bits(mean_to<double>(x)),
            to_bits(mean_to<bfloat16>(x)),
            to_bits(mean_to<float16>(x)),
            to_bits(weighted_mean_to<float>(w, x)),
            to_bits(weighted_mean_to<double>(w, x)),
            to_bits(weighted_mean_to<bfloat16>(w, x)),
            to_bits(weighted_mean_to<float16>(w, x))};
}
template <class T>
all_bits results(std::vector<T> const& w, std::vector<T> const& x) {
    return results(std::span<T const>(w), std::span<T const>(x));
}

template <class T>
[[gnu::noinline]] all_bits results_by_mpfr(std::vector<T> const& w, std::vector<T> const& x) {
    mpfr_terms numbers, products, weights, count;
    for (std::size_t i = 0; i < x.size(); ++i) {
        numbers.add(x[i]);
        products.add_product(w[i], x[i]);
        weights.add(w[i]);
        count.add(detail::compose<double>(false, 1, 0));
    }
    // The judge says 0 / inf = 0, but there a weight times x_i is infinite or NaN, too.
    return {
        to_bits(numbers.rounded_quotient<float>(count)),       to_bits(numbers.rounded_quotient<double>(count)),
        to_bits(numbers.rounded_quotient<bfloat16>(count)),    to_bits(numbers.rounded_quotient<float16>(count)),
        to_bits(products.rounded_quotient<float>(weights)),    to_bits(products.rounded_quotient<double>(weights)),
        to_bits(products.rounded_quotient<bfloat16>(weights)), to_bits(products.rounded_quotient<float16>(weights))};
}

template <class T>
T one() {
    return detail::compose<T>(false, 1, 0);
}

template <class T>
void swap_terms(pair_of_vectors<T>& data, std::size_t i, std::size_t j) {
    std::swap(data.x[i], data.x[j]);
    std::swap(data.y[i], data.y[j]);
}

/// Terms whose sum is `times` a tie of R, or a tiny term off that.
template <class R, class T>
known_result<R> append_multiple(hard_terms<T>& terms, random_stream& chance, std::uint64_t times, int side) {
    auto const tie = random_tie<R>(chance, terms.lowest_bit(), terms.highest_bit() - 11, side);
    terms.add(tie.negative, tie.odd * times, tie.exponent);
    if (side != 0) {
        int const low = terms.lowest_bit();
        int const high = tie.exponent - 1;
        terms.add(tie.negative == (side > 0), 1, chance.below(2) == 0 ? low : between(chance, low, high));
    }
    if (chance.below(2) == 0) terms.add_noise_around(chance.below(20), tie.exponent);
    return tie;
}

/// Means half-way between two numbers of R, and a tiny term off them, plain and weighted.
template <class R, class T>
void check_ties(random_stream& chance) {
    constexpr int room = format<T>::max_exponent - format<R>::precision - 13 - hard_terms<T>::smallest;
    if constexpr (room > 0) {
        std::size_t checked = 0;
        for (std::size_t trial = 0; trial < trials(300); ++trial)
            for (int side = -1; side <= 1; ++side) {
                std::uint64_t const n = 100 + chance.below(900);
                hard_terms<T> terms(chance, false);
                auto const tie = append_multiple<R>(terms, chance, n, side);
                std::size_t const pieces = terms.x.size();
                if (pieces > n) continue;
                ++checked;
                auto x = terms.x;
                auto w = terms.y;  // all ones
                terms.add_zeros(n - pieces);
                terms.shuffle();
                INFO(format<T>::name << " to " << format<R>::name << ", trial " << trial << ", side " << side);
                REQUIRE(to_bits(mean_to<R>(terms.x)) == to_bits(tie.rounded));
                // Weights that sum to n: what is missing by its bits, with x = 0. Scaled, and negated or not.
                for (int bit = 0; bit < 10; ++bit)
                    if (((n - pieces) >> bit & 1) != 0) {
                        x.push_back(T{});
                        w.push_back(detail::compose<T>(false, 1, bit));
                    }
                T const scale = detail::compose<T>(chance.below(2) != 0, 1, between(chance, -9, 5));
                for (T& v : w) v = mul(v, scale);
                REQUIRE(to_bits(weighted_mean_to<R>(w, x)) == to_bits(tie.rounded));
            }
        CHECK(checked > trials(300) / 2);
    }
}

}  // namespace

TEMPLATE_TEST_CASE("means: equal MPFR on every kind of data, around lanes and blocks", "[fold][mean]", float, double,
                   bfloat16, float16) {
    using T = TestType;
    for (std::size_t kind = 0; kind < kinds_of_data; ++kind)
        for (std::size_t const n : hard_lengths()) {
            if (n > 20 && n % 8 != 1) continue;
            auto const data = data_of_kind<T>(kind, n, 21);
            INFO("kind " << kind << ", n = " << n);
            REQUIRE(results(data.y, data.x) == results_by_mpfr(data.y, data.x));
        }
    for (std::size_t kind = 0; kind < kinds_of_data; ++kind) {
        auto const data = data_of_kind<T>(kind, 10'007, 22);
        INFO("kind " << kind);
        REQUIRE(results(data.y, data.x) == results_by_mpfr(data.y, data.x));
    }
}

TEMPLATE_TEST_CASE("means: equal MPFR for lengths and exponents at random", "[fold][mean]", float, double, bfloat16,
                   float16) {
    using T = TestType;
    random_stream chance(91);
    constexpr int lowest = format<T>::min_exponent - format<T>::precision;
    for (std::size_t trial = 0; trial < trials(1000); ++trial) {
        std::size_t const n = chance.below(std::uint64_t{1} << chance.below(9));
        bool const positive = chance.below(2) == 0;  // weights
        std::vector<T> w(n), x(n);
        for (auto* const v : {&w, &x}) {
            int const center = between(chance, lowest, format<T>::max_exponent);
            int const spread = between(chance, 0, chance.below(2) == 0 ? 3 : 60);
            for (T& t : *v) {
                int const exponent = std::min(center + between(chance, -spread, spread), format<T>::max_exponent);
                t = random_number<T>(chance, exponent);
                if (positive && v == &w) t = absolute(t);
            }
        }
        INFO("trial " << trial << ", n = " << n);
        REQUIRE(results(w, x) == results_by_mpfr(w, x));
    }
}

TEMPLATE_TEST_CASE("means: subnormal numbers and weights only", "[fold][mean]", float, double, bfloat16, float16) {
    using T = TestType;
    random_stream chance(92);
    auto const draw = [&chance] {
        return random_number<T>(chance, format<T>::min_exponent - between(chance, 1, format<T>::precision - 1));
    };
    for (std::size_t trial = 0; trial < trials(300); ++trial) {
        std::vector<T> w(1 + chance.below(100)), x(w.size());
        for (T& v : w) v = draw();
        for (T& v : x) v = draw();
        REQUIRE(results(w, x) == results_by_mpfr(w, x));
    }
}

TEMPLATE_TEST_CASE("means: half-way between two numbers of the result, and a tiny term off that", "[fold][mean]", float,
                   double, bfloat16, float16) {
    random_stream chance(93);
    check_ties<float, TestType>(chance);
    check_ties<double, TestType>(chance);
    check_ties<bfloat16, TestType>(chance);
    check_ties<float16, TestType>(chance);
}

TEMPLATE_TEST_CASE("mean: lies between the least and the largest number, and is finite", "[fold][mean][property]",
                   float, double, bfloat16, float16) {
    using T = TestType;
    check_property(1000, [] {
        random_stream chance(*rc::gen::arbitrary<std::uint64_t>());
        std::vector<T> x(1 + chance.below(300));
        bool const huge = chance.below(2) == 0;
        for (T& v : x) v = huge ? largest<T>() : random_number<T>(chance, between(chance, -3, format<T>::max_exponent));
        x[0] = negate(x[0]);
        superaccumulator<T> least, most, middle;
        auto const at = [&x](bool above) {
            T result = x[0];
            for (T const v : x) {
                superaccumulator<T> a, b;
                a.add(v);
                b.add(result);
                if ((a > b) == above) result = v;
            }
            return result;
        };
        T const m = mean(x);
        RC_ASSERT(is_finite(m));
        least.add(at(false));
        most.add(at(true));
        middle.add(m);
        RC_ASSERT(!(middle < least));
        RC_ASSERT(!(middle > most));
    });
}

TEMPLATE_TEST_CASE("means: special values", "[fold][mean]", float, double, bfloat16, float16) {
    using T = TestType;
    using list = std::vector<T>;
    T const inf = infinity<T>();
    T const nan = canonical_nan<T>();
    T const zero{};
    T const minus_zero = negate(zero);
    T const a = one<T>();
    T const b = negate(a);
    auto const is = [](T x, T want) { return to_bits(x) == to_bits(want); };
    CHECK(is(mean(list{}), nan));
    CHECK(is(mean(list{zero}), zero));
    CHECK(is(mean(list{minus_zero, minus_zero}), minus_zero));
    CHECK(is(mean(list{minus_zero, zero}), zero));
    CHECK(is(mean(list{a, b}), zero));
    for (std::size_t const n : {1U, 2U, 3U, 64U, 65U, 200U})
        for (std::size_t i = 0; i < n; ++i) {
            list x(n, largest<T>());
            x[i] = negate(inf);
            CHECK(is(mean(x), negate(inf)));
            CHECK(is(weighted_mean(list(n, b), x), negate(inf)));  // (-1) (-inf) / -n
            list w(n, a);
            w[i] = inf;
            CHECK(is(weighted_mean(w, list(n, a)), nan));
            w[i] = b;
            if (n > 2) CHECK(is(weighted_mean(w, x), inf));
            w[i] = zero;
            CHECK(is(weighted_mean(w, x), nan));
            w[i] = nan;
            CHECK(is(weighted_mean(w, list(n, a)), nan));
            if (n > 1) x[(i + 1) % n] = inf;
            if (n > 1) CHECK(is(mean(x), nan));
            if (n > 1) CHECK(is(weighted_mean(list(n, a), x), nan));
            x[i] = negate(nan);
            CHECK(is(mean(x), nan));
        }
    CHECK(is(weighted_mean(list{}, list{}), nan));
    CHECK(is(weighted_mean(list{zero, minus_zero}, list{a, a}), nan));
    CHECK(is(weighted_mean(list{a, b}, list{a, a}), nan));
    CHECK(is(weighted_mean(list{a, b}, list{a, inf}), nan));
    CHECK(is(weighted_mean(list{largest<T>(), b, negate(largest<T>()), a}, list{a, a, a, a}), nan));
    // An exact zero above: the sign of dot's zero, changed by weights below 0.
    CHECK(is(weighted_mean(list{a, a}, list{a, b}), zero));
    CHECK(is(weighted_mean(list{b, b}, list{a, b}), minus_zero));
    CHECK(is(weighted_mean(list{a, a}, list{minus_zero, minus_zero}), minus_zero));
    CHECK(is(weighted_mean(list{b, b}, list{zero, zero}), zero));
    CHECK(is(weighted_mean(list{a, a}, list{minus_zero, zero}), zero));
}

TEMPLATE_TEST_CASE("means: what underflows keeps its sign, and overflow begins at Omega + ulp / 2", "[fold][mean]",
                   float, double, bfloat16, float16) {
    using T = TestType;
    using list = std::vector<T>;
    T const least = smallest_subnormal<T>();
    T const zero{};
    T const omega = largest<T>();
    auto const is = [](T x, T want) { return to_bits(x) == to_bits(want); };
    CHECK(is(mean(list{least, zero}), zero));  // half of the smallest number: to even
    CHECK(is(mean(list{negate(least), zero}), negate(zero)));
    CHECK(is(mean(list{least, least, zero}), least));
    CHECK(is(mean(list{negate(least), zero, zero}), negate(zero)));
    CHECK(is(weighted_mean(list{one<T>(), one<T>()}, list{negate(least), zero}), negate(zero)));
    CHECK(is(weighted_mean(list{omega, least}, list{zero, least}), zero));
    CHECK(is(weighted_mean(list{omega, least}, list{zero, negate(least)}), negate(zero)));
    CHECK(is(mean(list(1000, omega)), omega));
    CHECK(is(mean(list(1000, negate(omega))), negate(omega)));
    // (2 Omega + x) / (2 - 1 + 1): overflows from x = ulp(Omega) on, if the rest of the weights is hidden.
    T const ulp = detail::compose<T>(false, 1, format<T>::max_exponent - format<T>::precision + 1);
    T const a = one<T>();
    T const b = negate(a);
    CHECK(is(weighted_mean(list{a, a, a, b}, list{omega, omega, ulp, zero}), infinity<T>()));
    CHECK(is(weighted_mean(list{b, b, b, a}, list{omega, omega, ulp, zero}), infinity<T>()));
    CHECK(is(weighted_mean(list{a, a, a, b, b, a}, list{omega, omega, ulp, least, zero, zero}), omega));
}

TEMPLATE_TEST_CASE("means: ties of quantised data need no superaccumulator", "[fold][mean]", float, double) {
    using T = TestType;
    environment::guard const guard;
    random_stream chance(94);
    std::size_t ties = 0;
    for (std::size_t trial = 0; trial < trials(300); ++trial) {
        std::vector<T> x(1024), w(1024);
        for (T& v : x) v = static_cast<T>(between(chance, -127, 127));
        for (T& v : w) v = static_cast<T>(between(chance, 0, 7));
        auto const fast = detail::fast_mean<bfloat16>(x.data(), x.size());
        auto const weighted = [&] {
            if constexpr (std::same_as<T, float>) return detail::fast_weighted_mean<bfloat16>(w.data(), x.data(), 1024);
            else return detail::decided<bfloat16>{to_bits(weighted_mean_to<bfloat16>(w, x)), true};
        }();
        auto const want = results_by_mpfr(w, x);
        // The sign of an exact zero is not the sum's to know: one trial in thousands.
        auto const decides = [](auto const& decision, auto bits) {
            return decision.certain ? decision.bits == bits : (bits & 0x7FFFU) == 0;
        };
        REQUIRE(decides(fast, want[2]));
        REQUIRE(decides(weighted, want[6]));
        mpfr_terms sum;
        for (T const v : x) sum.add(v);
        auto const s = detail::decompose(sum.template rounded<double>());
        int const length = static_cast<int>(std::bit_width(s.significand >> std::countr_zero(s.significand)));
        ties += s.significand != 0 && length == 9 ? 1U : 0U;
    }
    if (trials(300) >= 300) CHECK(ties > 0);
}

TEMPLATE_TEST_CASE("means: neither order nor alignment changes a bit", "[fold][mean][property]", float, double,
                   bfloat16, float16) {
    using T = TestType;
    check_property(1000, [] {
        auto const seed = *rc::gen::arbitrary<std::uint64_t>();
        random_stream chance(seed, 3);
        auto data = data_of_kind<T>(seed % kinds_of_data, *rc::gen::inRange<std::size_t>(0, 400), seed);
        all_bits const want = results(data.y, data.x);
        for (std::size_t i = data.x.size(); i > 1; --i) swap_terms(data, i - 1, chance.below(i));
        shifted<T> const x(data.x, chance.below(40));
        shifted<T> const w(data.y, chance.below(40));
        RC_ASSERT(results(w.view(), x.view()) == want);
    });
}

TEMPLATE_TEST_CASE("weighted_mean: with equal weights it is the mean, whatever they are", "[fold][mean][property]",
                   float, double, bfloat16, float16) {
    using T = TestType;
    check_property(1000, [] {
        auto const seed = *rc::gen::arbitrary<std::uint64_t>();
        random_stream chance(seed, 4);
        auto const x = data_of_kind<T>(seed % kinds_of_data, *rc::gen::inRange<std::size_t>(0, 400), seed).x;
        auto const m = static_cast<bits_of<T>>(1 + chance.below(infinite<T> - 1));
        std::vector<T> const w(x.size(), from_bits<T>(m));
        all_bits const found = results(w, x);
        for (std::size_t r = 0; r < 4; ++r) RC_ASSERT(found[r] == found[r + 4]);
    });
}

TEMPLATE_TEST_CASE("means: scaling by a power of two commutes where the results are normal; that of weights always",
                   "[fold][mean][property]", float, double, bfloat16, float16) {
    using T = TestType;
    std::size_t compared = 0;
    check_property(1000, [&compared] {
        random_stream chance(*rc::gen::arbitrary<std::uint64_t>());
        std::size_t const n = *rc::gen::inRange<std::size_t>(1, 64);
        constexpr int p = format<T>::precision;
        constexpr int low = format<T>::min_exponent;
        constexpr int high = format<T>::max_exponent - p;
        int const from = between(chance, low, high);
        int const to = between(chance, low, high);
        std::vector<T> x, moved, w, scaled;
        for (std::size_t i = 0; i < n; ++i) {
            std::uint64_t const m = chance.below(std::uint64_t{1} << p);
            std::uint64_t const k = chance.below(std::uint64_t{1} << p);
            bool const negative = chance.below(2) != 0;
            x.push_back(detail::compose<T>(negative, m, from));
            moved.push_back(detail::compose<T>(negative, m, to));
            w.push_back(detail::compose<T>(chance.below(4) == 0, k, from));
            scaled.push_back(detail::compose<T>(is_negative(w.back()), k, to));
        }
        T const weighted = weighted_mean(w, x);
        RC_ASSERT(to_bits(weighted) == to_bits(weighted_mean(scaled, x)));
        auto const check = [&](T mean_of_x, T mean_of_moved) {
            auto const is_normal = [](T v) {
                return is_finite(v) && detail::magnitude_bits(v) >= (std::uint64_t{1} << (p - 1));
            };
            if (!is_normal(mean_of_x) || !is_normal(mean_of_moved)) return;
            auto const d = detail::decompose(mean_of_x);
            T const want = detail::compose<T>(d.negative, d.significand, d.exponent + to - from);
            RC_ASSERT(to_bits(want) == to_bits(mean_of_moved));
            ++compared;
        };
        check(mean(x), mean(moved));
        check(weighted, weighted_mean(w, moved));
    });
    CHECK(compared > trials(1000));
}

TEST_CASE("weighted_mean: refuses vectors of different lengths", "[fold][mean]") {
    std::vector<double> const w(3, 1.0);
    std::vector<double> const x(4, 1.0);
    CHECK_THROWS_WITH(weighted_mean(w, x), Catch::Contains("[3]") && Catch::Contains("[4]"));
    CHECK_THROWS_AS(weighted_mean_to<float>(w, x), std::invalid_argument);
}

TEMPLATE_TEST_CASE("means: the caller's environment changes nothing, and is as before afterwards",
                   "[fold][mean][environment]", float, double, bfloat16, float16) {
    using T = TestType;
    for (std::size_t kind = 0; kind < kinds_of_data; ++kind)
        for (std::size_t const n : {0U, 1U, 2U, 9U, 33U, 100U, 1000U}) {
            auto const data = data_of_kind<T>(kind, n, 23);
            all_bits const want = results_by_mpfr(data.y, data.x);
            for (int const direction : {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO})
                for (bool const flushes : {false, true}) {
                    all_bits found;
                    std::uint64_t before = 0;
                    std::uint64_t after = 0;
                    {
                        caller_environment const environment(flushes, direction);
                        before = caller_environment::control();
                        found = results(data.y, data.x);
                        after = caller_environment::control();
                    }
                    INFO("kind " << kind << ", n = " << n << ", direction " << direction << ", flushes " << flushes);
                    REQUIRE(before == after);
                    REQUIRE(found == want);
                }
        }
}
