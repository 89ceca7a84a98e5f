// SPDX-License-Identifier: BSL-1.0
#include <lastbit/fold/norms.hpp>

#include <lastbit/fold/dot.hpp>

#include "exact/judged_data.hpp"
#include "exact/mpfr_judge.hpp"
#include "fold/caller_environment.hpp"
#include "properties.hpp"

#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit_tests;

static_assert(noexcept(norm2(std::vector<double>{})) && noexcept(sum_of_squares(std::vector<float16>{})) && noexcept(
    sum_of_absolutes(std::vector<bfloat16>{})));
static_assert(std::same_as<decltype(norm2(std::vector<float>{})), float> &&
              std::same_as<decltype(norm2_to<double>(std::vector<float>{})), double>);

namespace {

__extension__ using wide = unsigned __int128;

/// The bits of norm2, sum_of_squares and sum_of_absolutes in the four formats: compiled once for T, here.
using all_bits = std::array<std::uint64_t, 12>;

template <class R, class T>
void put(all_bits& out, std::size_t at, std::span<T const> x) {
    out[at] = to_bits(norm2_to<R>(x));
    out[at + 4] = to_bits(sum_of_squares_to<R>(x));
    out[at + 8] = to_bits(sum_of_absolutes_to<R>(x));
}

template <class T>
[[gnu::noinline]] all_bits results(std::span<T const> x) {
    all_bits out;
    put<float>(out, 0, x);
    put<double>(out, 1, x);
    put<bfloat16>(out, 2, x);
    put<float16>(out, 3, x);
    return out;
}
template <class T>
all_bits results(std::vector<T> const& x) {
    return results(std::span<T const>(x));
}

template <class T>
[[gnu::noinline]] all_bits results_by_mpfr(std::vector<T> const& x) {
    mpfr_terms squares, magnitudes;
    for (T const v : x) {
        squares.add_product(v, v);
        magnitudes.add(absolute(v));
    }
    all_bits out;
    auto const put = [&]<class R>(std::size_t at, R) {
        out[at] = to_bits(squares.rounded_root<R>());
        out[at + 4] = to_bits(squares.rounded<R>());
        out[at + 8] = to_bits(magnitudes.rounded<R>());
    };
    put(0, float{});
    put(1, double{});
    put(2, bfloat16{});
    put(3, float16{});
    return out;
}

/// floor(sqrt(n)) from above; for n below 2^120.
std::uint64_t root_of(wide n) {
    std::uint64_t low = 0;
    std::uint64_t high = std::uint64_t{1} << 61;
    while (high - low > 1) {
        std::uint64_t const middle = low + (high - low) / 2;
        (wide{middle} * middle <= n ? low : high) = middle;
    }
    return low;
}

/// Numbers of T, all multiples of 2^exponent, whose squares sum to n 2^(2 exponent): always the largest one that fits.
template <class T>
std::vector<T> squares_of(wide n, int exponent) {
    std::vector<T> x;
    while (n != 0) {
        std::uint64_t r = root_of(n);
        int const excess = static_cast<int>(std::bit_width(r)) - format<T>::precision;
        if (excess > 0) r = r >> excess << excess;
        x.push_back(detail::compose<T>(x.size() % 2 != 0, r, exponent));
        n -= wide{r} * r;
    }
    return x;
}

template <class T>
void shuffle(std::vector<T>& x, random_stream& chance) {
    for (std::size_t i = x.size(); i > 1; --i) std::swap(x[i - 1], x[chance.below(i)]);
}

/// Roots half-way between two numbers of R, and one last bit of the sum off them on each side.
template <class R, class T>
void check_ties(random_stream& chance) {
    constexpr int p = format<R>::precision;
    constexpr int smallest = format<R>::min_exponent - p;                      // half of the smallest subnormal
    constexpr int least = format<T>::min_exponent - format<T>::precision + 1;  // of the last bit of T
    constexpr int most = format<T>::max_exponent - p - 1;                      // the largest root is finite in T
    constexpr int low = std::max(smallest, least);
    constexpr int high = std::min(format<R>::max_exponent - p, most);
    if constexpr (low > high) return;
    for (std::size_t trial = 0; trial < trials(300); ++trial) {
        // Among R's subnormals, if T has such numbers, the significand may be shorter.
        bool const subnormal = smallest >= least && chance.below(4) == 0;
        std::uint64_t half = chance.below(std::uint64_t{1} << (p - 1));
        half = subnormal ? half >> chance.below(static_cast<std::uint64_t>(p)) : half + (std::uint64_t{1} << (p - 1));
        int const exponent = subnormal ? smallest : between(chance, low, high);
        wide const m = 2 * half + 1;
        for (int side = -1; side <= 1; ++side) {
            std::vector<T> x = squares_of<T>(m * m + static_cast<wide>(side), exponent);
            for (std::size_t zeros = chance.below(40); zeros > 0; --zeros) x.push_back(negate(T{}));
            shuffle(x, chance);
            bool const up = side > 0 || (side == 0 && half % 2 != 0);
            R const want = detail::compose<R>(false, half + (up ? 1 : 0), exponent + 1);
            INFO(format<T>::name << " to " << format<R>::name << ", trial " << trial << ", side " << side);
            REQUIRE(to_bits(norm2_to<R>(x)) == to_bits(want));
        }
    }
}

}  // namespace

TEMPLATE_TEST_CASE("norms: equal MPFR on every kind of data, around lanes and blocks", "[fold][norms]", float, double,
                   bfloat16, float16) {
    using T = TestType;
    for (std::size_t kind = 0; kind < kinds_of_data; ++kind)
        for (std::size_t const n : hard_lengths()) {
            if (n > 20 && n % 8 != 1) continue;
            auto const x = data_of_kind<T>(kind, n, 11).x;
            INFO("kind " << kind << ", n = " << n);
            REQUIRE(results(x) == results_by_mpfr(x));
        }
    for (std::size_t kind = 0; kind < kinds_of_data; ++kind) {
        auto const x = data_of_kind<T>(kind, 10'007, 12).x;
        INFO("kind " << kind);
        REQUIRE(results(x) == results_by_mpfr(x));
    }
}

TEMPLATE_TEST_CASE("norms: equal MPFR for lengths and exponents at random", "[fold][norms]", float, double, bfloat16,
                   float16) {
    using T = TestType;
    random_stream chance(81);
    constexpr int lowest = format<T>::min_exponent - format<T>::precision;
    for (std::size_t trial = 0; trial < trials(1000); ++trial) {
        std::size_t const n = chance.below(std::uint64_t{1} << chance.below(9));
        int const center = between(chance, lowest, format<T>::max_exponent);
        int const spread = between(chance, 0, chance.below(2) == 0 ? 3 : 60);
        std::vector<T> x(n);
        for (T& v : x)
            v = random_number<T>(chance, std::min(center + between(chance, -spread, spread), format<T>::max_exponent));
        INFO("trial " << trial << ", n = " << n << ", exponents around " << center);
        REQUIRE(results(x) == results_by_mpfr(x));
    }
}

TEMPLATE_TEST_CASE("norms: subnormal numbers only", "[fold][norms]", float, double, bfloat16, float16) {
    using T = TestType;
    random_stream chance(82);
    for (std::size_t trial = 0; trial < trials(300); ++trial) {
        std::vector<T> x(1 + chance.below(100));
        for (T& v : x)
            v = random_number<T>(chance, format<T>::min_exponent - between(chance, 1, format<T>::precision - 1));
        REQUIRE(results(x) == results_by_mpfr(x));
    }
    T const least = smallest_subnormal<T>();
    CHECK(to_bits(norm2(std::vector<T>{least})) == to_bits(least));
    CHECK(to_bits(norm2(std::vector<T>(4, negate(least)))) == 2);
}

TEMPLATE_TEST_CASE("norm2: roots half-way between two numbers, and the sum's last bit off them", "[fold][norms]", float,
                   double, bfloat16, float16) {
    random_stream chance(83);
    check_ties<float, TestType>(chance);
    check_ties<double, TestType>(chance);
    check_ties<bfloat16, TestType>(chance);
    check_ties<float16, TestType>(chance);
}

TEMPLATE_TEST_CASE("norm2: Pythagorean triples are exact at every scale; their doubles' ties go to even",
                   "[fold][norms]", float, double, bfloat16, float16) {
    using T = TestType;
    constexpr int p = format<T>::precision;
    random_stream chance(84);
    for (std::size_t trial = 0; trial < trials(1000); ++trial) {
        std::uint64_t const k = 1 + chance.below((std::uint64_t{1} << p) / 5 - 1);
        int const scale = between(chance, format<T>::min_exponent - p + 1, format<T>::max_exponent - p);
        auto const number = [scale](std::uint64_t m) { return detail::compose<T>(false, m, scale); };
        std::vector<T> const x{negate(number(3 * k)), number(4 * k)};
        REQUIRE(to_bits(norm2(x)) == to_bits(number(5 * k)));
        // 5 k has p + 1 bits and is odd, 3 k and 4 k are numbers of T.
        std::uint64_t const low = (std::uint64_t{1} << p) / 5 + 1;
        std::uint64_t const j = (low + chance.below((std::uint64_t{1} << p) / 3 - low)) | 1;
        if (3 * j >= std::uint64_t{1} << p) continue;
        std::vector<T> const tie{number(3 * j), number(4 * j)};
        REQUIRE(to_bits(norm2(tie)) == to_bits(number(5 * j)));  // compose rounds to nearest, ties to even
        std::vector<T> const above{number(3 * j), number(4 * j), number(1)};
        REQUIRE(to_bits(norm2(above)) == to_bits(number(5 * j + 1)));
        // The smallest square there is decides, however many bits lie between.
        std::vector<T> const barely{number(4 * j), smallest_subnormal<T>(), negate(number(3 * j))};
        REQUIRE(to_bits(norm2(barely)) == to_bits(number(5 * j + 1)));
    }
}

TEMPLATE_TEST_CASE("norm2: overflows only if the root does", "[fold][norms]", float, double, bfloat16, float16) {
    using T = TestType;
    T const omega = largest<T>();
    auto const power = [](int e) { return detail::compose<T>(false, 1, e); };
    constexpr int emax = format<T>::max_exponent;
    constexpr int p = format<T>::precision;
    CHECK(to_bits(norm2(std::vector<T>{omega})) == to_bits(omega));
    CHECK(to_bits(norm2(std::vector<T>{omega, smallest_subnormal<T>()})) == to_bits(omega));
    CHECK(to_bits(norm2(std::vector<T>{omega, omega})) == to_bits(infinity<T>()));
    CHECK(to_bits(norm2(std::vector<T>(4, power(emax - 1)))) == to_bits(power(emax)));
    CHECK(to_bits(norm2(std::vector<T>(4, power(emax)))) == to_bits(infinity<T>()));
    // (Omega + ulp / 2)^2 = 2^(2 emax + 2) (1 - 2^-p + 2^(-2 p - 2)): the threshold itself, and the last bit below it.
    wide const half = (wide{1} << (p + 1)) - 1;
    CHECK(to_bits(norm2(squares_of<T>(half * half, emax - p))) == to_bits(infinity<T>()));
    CHECK(to_bits(norm2(squares_of<T>(half * half - 1, emax - p))) == to_bits(omega));
    // A million numbers, each of whose squares overflows or underflows.
    constexpr int large = emax - 2;
    constexpr int small = format<T>::min_exponent - p + 1;
    CHECK(to_bits(norm2(std::vector<T>(1U << 20, power(large - 10)))) == to_bits(power(large)));
    CHECK(to_bits(norm2(std::vector<T>(1U << 20, power(small)))) == to_bits(power(small + 10)));
}

TEMPLATE_TEST_CASE("norms: special values at every place", "[fold][norms]", float, double, bfloat16, float16) {
    using T = TestType;
    T const inf = infinity<T>();
    T const nan = canonical_nan<T>();
    auto const all_are = [](std::vector<T> const& x, T want) {
        return to_bits(norm2(x)) == to_bits(want) && to_bits(sum_of_squares(x)) == to_bits(want) &&
               to_bits(sum_of_absolutes(x)) == to_bits(want);
    };
    CHECK(all_are({}, T{}));
    for (std::size_t const n : {1U, 2U, 31U, 64U, 65U, 200U})
        for (std::size_t i = 0; i < n; ++i) {
            INFO("n = " << n << ", place " << i);
            CHECK(all_are(std::vector<T>(n, negate(T{})), T{}));
            std::vector<T> x(n, largest<T>());
            x[i] = negate(inf);
            CHECK(all_are(x, inf));
            x[(i + 1) % n] = inf;
            CHECK(all_are(x, inf));
            x[(i + n / 2) % n] = negate(nan);
            CHECK(all_are(x, nan));
            x[(i + n / 2) % n] = from_bits<T>(static_cast<bits_of<T>>(to_bits(inf) + 1));  // a signalling one
            CHECK(all_are(x, nan));
        }
}

TEMPLATE_TEST_CASE("sum_of_squares has the bits of dot(x, x), and sum_of_absolutes those of sum of |x|",
                   "[fold][norms][property]", float, double, bfloat16, float16) {
    using T = TestType;
    check_property(1000, [] {
        auto const seed = *rc::gen::arbitrary<std::uint64_t>();
        auto const x = data_of_kind<T>(seed % kinds_of_data, *rc::gen::inRange<std::size_t>(0, 400), seed).x;
        std::vector<T> magnitudes = x;
        for (T& v : magnitudes) v = absolute(v);
        RC_ASSERT(to_bits(sum_of_squares(x)) == to_bits(dot(x, x)));
        RC_ASSERT(to_bits(sum_of_squares_to<double>(x)) == to_bits(dot_to<double>(x, x)));
        RC_ASSERT(to_bits(sum_of_absolutes(x)) == to_bits(sum(magnitudes)));
    });
}

TEMPLATE_TEST_CASE("norms: neither order, nor signs, nor zeros, nor alignment change a bit", "[fold][norms][property]",
                   float, double, bfloat16, float16) {
    using T = TestType;
    check_property(1000, [] {
        auto const seed = *rc::gen::arbitrary<std::uint64_t>();
        random_stream chance(seed, 2);
        auto x = data_of_kind<T>(seed % kinds_of_data, *rc::gen::inRange<std::size_t>(0, 400), seed).x;
        all_bits const want = results(x);
        for (std::size_t zeros = chance.below(20); zeros > 0; --zeros) x.push_back(negate(T{}));
        for (T& v : x)
            if (chance.below(2) == 0) v = negate(v);
        shuffle(x, chance);
        shifted<T> const moved(x, chance.below(40));
        RC_ASSERT(results(moved.view()) == want);
    });
}

TEMPLATE_TEST_CASE("norm2: scaling by a power of two commutes wherever the results are normal",
                   "[fold][norms][property]", float, double, bfloat16, float16) {
    using T = TestType;
    check_property(1000, [] {
        random_stream chance(*rc::gen::arbitrary<std::uint64_t>());
        std::size_t const n = *rc::gen::inRange<std::size_t>(1, 64);
        constexpr int low = format<T>::min_exponent + format<T>::precision;
        constexpr int high = format<T>::max_exponent - 8;
        int const from = between(chance, low, high);
        int const to = between(chance, low, high);
        std::vector<T> x, moved;
        for (std::size_t i = 0; i < n; ++i) {
            std::uint64_t const m = chance.below(std::uint64_t{1} << format<T>::precision);
            x.push_back(detail::compose<T>(false, m, from - format<T>::precision));
            moved.push_back(detail::compose<T>(false, m, to - format<T>::precision));
        }
        auto const d = detail::decompose(norm2(x));
        RC_ASSERT(to_bits(norm2(moved)) == to_bits(detail::compose<T>(false, d.significand, d.exponent + to - from)));
    });
}

TEMPLATE_TEST_CASE("norms: the caller's environment changes nothing, and is as before afterwards",
                   "[fold][norms][environment]", float, double, bfloat16, float16) {
    using T = TestType;
    for (std::size_t kind = 0; kind < kinds_of_data; ++kind)
        for (std::size_t const n : {0U, 1U, 2U, 9U, 33U, 100U, 1000U}) {
            auto const x = data_of_kind<T>(kind, n, 13).x;
            all_bits const want = results_by_mpfr(x);
            for (int const direction : {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO})
                for (bool const flushes : {false, true}) {
                    all_bits found;
                    std::uint64_t before = 0;
                    std::uint64_t after = 0;
                    {
                        caller_environment const environment(flushes, direction);
                        before = caller_environment::control();
                        found = results(x);
                        after = caller_environment::control();
                    }
                    INFO("kind " << kind << ", n = " << n << ", direction " << direction << ", flushes " << flushes);
                    REQUIRE(before == after);
                    REQUIRE(found == want);
                }
        }
}
