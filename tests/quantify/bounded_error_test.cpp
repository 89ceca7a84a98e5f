// SPDX-License-Identifier: BSL-1.0
#include <lastbit/quantify/bounded_error.hpp>

#include <lastbit/fold.hpp>
#include <lastbit/quantify/error.hpp>
#include <lastbit/quantify/generate_cases.hpp>

#include <catch2/catch.hpp>
#include <trials.hpp>

#include <cmath>
#include <cstdio>

using namespace lastbit;
using generate::kind;
using lastbit_tests::trials;
using oracle::real;
using quantify::bounded_error;
using quantify::error_judge;

namespace {

/// What was seen in all trials; a trial is one result of one method.
struct tally {
    std::size_t trials = 0, vacuous = 0;    // where the hypothesis can hold: all but 16-bit formats with n > 1/u
    std::size_t beyond = 0, overflows = 0;  // 16-bit formats with n > 1/u; not finite, where that is possible
    std::size_t exceeded = 0;
    void add(tally const& t) {
        trials += t.trials;
        vacuous += t.vacuous;
        beyond += t.beyond;
        overflows += t.overflows;
        exceeded += t.exceeded;
    }
};

template <class T>
struct sample {
    std::vector<T> x, y;
    std::string what;
};

/// n up to 2^20, log-uniform.
std::size_t random_size(random_stream& chance) {
    auto const octave = static_cast<unsigned>(chance.below(20));
    return (std::size_t{1} << octave) + chance.below((std::size_t{1} << octave) + 1);
}

template <class T>
T power(std::int64_t e) {
    return real(1).scaled(e).template round<T>();
}

/// A number of [1/2, 1) times 2^e and a sign, without the oracle: millions of them are needed.
template <class T>
T quick(random_stream& chance, int e) {
    using bits_type = typename format<T>::bits_type;
    constexpr int p = format<T>::precision;
    std::uint64_t const bits = chance.bits();
    auto const exponent = static_cast<std::uint64_t>(e - format<T>::min_exponent);  // biased: [1/2, 1) 2^e
    std::uint64_t const sign = (bits & 1) << (format<T>::storage_bits - 1);
    return from_bits<T>(static_cast<bits_type>(sign | (exponent << (p - 1)) | (bits >> (65 - p))));
}

/// Pairs that cancel at 2^high, and others at 2^low; shuffled. Any condition that the format carries.
template <class T>
sample<T> cancelling_pairs(std::size_t n, random_stream& chance) {
    constexpr bool wide = format<T>::max_exponent > 100;
    int const room = wide ? (format<T>::storage_bits == 64 ? 900 : 100) : 12;
    int const high = static_cast<int>(chance.below(static_cast<std::uint64_t>(room / 2)));
    int const low = -static_cast<int>(chance.below(static_cast<std::uint64_t>(room / 2)));
    int const scale = wide ? 0 : -static_cast<int>(std::bit_width(n)) / 2 - 1;
    sample<T> s;
    std::size_t const others = 1 + chance.below(n);
    for (std::size_t i = 0; i < n; ++i) {
        bool const other = i < others;
        if (!other && i > others && (i - others) % 2 == 1) {
            s.x.push_back(negate(s.x.back()));
            s.y.push_back(s.y.back());
            continue;
        }
        s.x.push_back(quick<T>(chance, std::max(format<T>::min_exponent + 1, (other ? low : high) / 2 + scale)));
        T const y = quick<T>(chance, 0);
        s.y.push_back(other && low % 2 == 0 ? y : absolute(y));
    }
    for (std::size_t i = n; i > 1; --i) {
        std::size_t const j = chance.below(i);
        std::swap(s.x[i - 1], s.x[j]);
        std::swap(s.y[i - 1], s.y[j]);
    }
    s.what = "cancelling pairs";
    return s;
}

/// Data of one trial: hard cases of a thousand terms at most, else what is quickly made.
template <class T>
sample<T> random_sample(std::size_t n, random_stream& chance) {
    std::uint64_t const pick = chance.below(8);
    std::uint64_t const seed = chance.bits();
    if (n <= 1024 && pick < 3) {
        auto const k = generate::all_kinds[seed % generate::all_kinds.size()];
        auto d = generate::hard_dot_of<T>(k, n, seed);
        return {d.x, d.y, generate::name(k)};
    }
    if (n <= 1024 && pick < 5) {
        double condition = 2;
        for (std::uint64_t i = chance.below(pick == 3 ? 60 : 900); i > 0; --i) condition *= 2;
        auto d = generate::ill_conditioned_dot<T>(n, condition, seed);
        return {d.x, d.y, "ill conditioned"};
    }
    if (pick == 5) {  // what rounds the same way at every step: u after 1
        sample<T> s{std::vector<T>(n, power<T>(-format<T>::precision)), std::vector<T>(n, T(1)), "1, u, u, ..."};
        for (std::size_t i = 0; i < std::min<std::size_t>(n, default_lanes<T>); ++i) s.x[i] = T(1);
        return s;
    }
    if (pick == 6) {
        sample<T> s;
        int const e = format<T>::max_exponent > 100 ? 0 : -static_cast<int>(std::bit_width(n)) / 2;
        for (std::size_t i = 0; i < n; ++i) {
            s.x.push_back(absolute(quick<T>(chance, e)));
            s.y.push_back(absolute(quick<T>(chance, 0)));
        }
        s.what = "positive";
        return s;
    }
    return cancelling_pairs<T>(n, chance);
}

template <class M, class T>
T result_of(sample<T> const& s, bool products) {
    if constexpr (std::same_as<detail::accumulator_of<M>, stochastic>) {
        std::uint64_t const seed = s.x.size();
        using order = detail::order_of<M>;
        return products ? lastbit::dot<stochastic, order>(s.x, s.y, seed) : lastbit::sum<stochastic, order>(s.x, seed);
    } else {
        return products ? lastbit::dot<M>(s.x, s.y) : lastbit::sum<M>(s.x);
    }
}

template <class M, class T>
void one_method(sample<T> const& s, error_judge<T> const& sums, error_judge<T> const& dots, tally& seen) {
    bool const beyond = format<T>::storage_bits == 16 && static_cast<double>(s.x.size()) * unit_roundoff<T> > 1.0;
    for (bool const products : {false, true}) {
        T const result = result_of<M>(s, products);
        bounded_error const e = (products ? dots : sums).template judge<M>(result);
        ++seen.trials;
        seen.overflows += !is_finite(result) && e.vacuous() ? 1U : 0U;
        seen.beyond += beyond ? 1U : 0U;
        seen.vacuous += !beyond && is_finite(result) && e.vacuous() ? 1U : 0U;
        if (!e.exceeds()) continue;
        ++seen.exceeded;
        FAIL_CHECK((method<detail::accumulator_of<M>, detail::order_of<M>>::name())
                   << (products ? " dot" : " sum") << " of " << s.x.size() << ' ' << format<T>::name << ", " << s.what
                   << ": the error " << e.error << " is above the bound " << e.bound);
    }
}

template <class A, class T>
void all_orders(sample<T> const& s, error_judge<T> const& sums, error_judge<T> const& dots, tally& seen) {
    one_method<method<A, sequential>>(s, sums, dots, seen);
    one_method<method<A, lanes<>>>(s, sums, dots, seen);
    one_method<method<A, pairwise<>>>(s, sums, dots, seen);
}

/// Every accumulator in every order, on one sample after the other, until there are so many trials.
template <class T>
tally all_methods(std::size_t least) {
    random_stream chance(20261128, static_cast<std::uint64_t>(format<T>::precision));
    tally seen;
    for (std::size_t k = 0; seen.trials < least; ++k) {
        std::size_t const n = random_size(chance);
        sample<T> const s = random_sample<T>(n, chance);
        error_judge<T> const sums{std::span<T const>(s.x)};
        error_judge<T> const dots{std::span<T const>(s.x), std::span<T const>(s.y)};
        if (k % 16 == 0 && n <= 4096) {  // the judge, judged by the oracle
            real const exact = oracle::dot(s.x, s.y);
            T const r = lastbit::dot<plain>(s.x, s.y);
            if (is_finite(r)) CHECK(dots.error_of(r) == (real(r) - exact).abs().template round<double>());
            CHECK(dots.size().sum_of_absolutes ==
                  oracle::dot_of_absolutes(s.x, s.y).template round<double>(oracle::direction::upward));
            CHECK(sums.size().absolute_of_sum ==
                  oracle::sum(s.x).abs().template round<double>(oracle::direction::upward));
        }
        all_orders<plain>(s, sums, dots, seen);
        all_orders<fused>(s, sums, dots, seen);
        all_orders<widened<double>>(s, sums, dots, seen);
        all_orders<kahan>(s, sums, dots, seen);
        all_orders<neumaier>(s, sums, dots, seen);
        all_orders<klein>(s, sums, dots, seen);
        all_orders<compensated<2>>(s, sums, dots, seen);
        all_orders<compensated<3>>(s, sums, dots, seen);
        all_orders<multiword<2>>(s, sums, dots, seen);
        all_orders<multiword<4>>(s, sums, dots, seen);
        all_orders<stochastic>(s, sums, dots, seen);
        one_method<method<plain, pairwise<1>>>(s, sums, dots, seen);  // the tree of least height
        one_method<method<fused, pairwise<1>>>(s, sums, dots, seen);
    }
    std::printf("%-9s %8zu trials: %zu above the bound, %zu overflowed, %zu in n > 1/u; of the others %zu vacuous\n",
                format<T>::name, seen.trials, seen.exceeded, seen.overflows, seen.beyond, seen.vacuous);
    return seen;
}

/// The largest share of its bound that a method's error has on the inputs made for it.
template <class M, class T>
double attained(std::vector<T> const& x) {
    std::vector<T> const ones(x.size(), T(1));
    bounded_error const s = error_judge<T>{std::span<T const>(x)}.template judge<M>(lastbit::sum<M>(x));
    bounded_error const d =
        error_judge<T>{std::span<T const>(x), std::span<T const>(ones)}.template judge<M>(lastbit::dot<M>(x, ones));
    CHECK_FALSE(s.exceeds());
    CHECK_FALSE(d.exceeds());
    return std::min(s.error / s.bound, d.error / d.bound);
}

/// 1 in the first term of each of `chains`, then u: every addition is a tie that is lost.
template <class T>
std::vector<T> lost_ties(std::size_t n, std::size_t chains) {
    std::vector<T> x(n, power<T>(-format<T>::precision));
    for (std::size_t i = 0; i < chains; ++i) x[i] = T(1);
    return x;
}

/// The same for pairwise<128>: a block of 1, u, u, ..., then each subtree that is merged into the first is u.
template <class T>
std::vector<T> lost_merges(std::size_t levels) {
    std::vector<T> x(std::size_t{128} << levels, T(0));
    for (std::size_t i = 1; i < 128; ++i) x[i] = power<T>(-format<T>::precision);
    x[0] = T(1);
    for (std::size_t m = 128; m < x.size(); m *= 2) x[m] = power<T>(-format<T>::precision);
    return x;
}

template <class A, class T>
void check_attained(double least) {
    std::size_t const n = format<T>::precision < 12 ? 4 : 1000;  // of a few terms only in 16 bits: n u is small
    double const s = attained<method<A, sequential>>(lost_ties<T>(n, 1));
    INFO(A::name << ' ' << format<T>::name << ": sequential " << s);
    CHECK(s >= least);
    if (format<T>::precision < 12) return;
    double const l = attained<method<A, lanes<>>>(lost_ties<T>(64 * default_lanes<T>, default_lanes<T>));
    double const p = attained<method<A, pairwise<>>>(lost_merges<T>(6));
    std::printf("%-16s %-8s error/bound: sequential %.3f, lanes %.3f, pairwise %.3f\n", A::name, format<T>::name, s, l,
                p);
    INFO("lanes " << l << ", pairwise " << p);
    CHECK(l >= least);
    CHECK(p >= least);
}

/// 1, then terms below u, each of which the sum of the errors rounds down by nearly half an ulp; then -1.
template <class T>
std::vector<T> lost_errors(std::size_t n) {
    T const u = static_cast<T>(unit_roundoff<T>);
    std::vector<T> x{T(1)};
    T c = 0;
    while (x.size() + 1 < n) {
        int exponent = 0;
        static_cast<void>(std::frexp(c < u ? u : c, &exponent));
        T const half = std::ldexp(T(1), exponent - format<T>::precision - 1);  // half an ulp of c
        T const finest = mul(u, u);
        T const e = sub(sub(u, half), c < 2 * u ? T(0) : finest);
        x.push_back(e);
        c = add(c, e);
    }
    x.push_back(T(-1));
    return x;
}

/// The share of the bound that the error of a sum in sequence has.
template <class A, class T>
void check_cancelling(std::vector<T> const& x, double least) {
    using M = method<A, sequential>;
    error_judge<T> const judge{std::span<T const>(x)};
    bounded_error const e = judge.template judge<M>(lastbit::sum<M>(x));
    std::printf("%-16s %-8s error/bound, condition %.2g: %.3f\n", A::name, format<T>::name, judge.condition(),
                e.error / e.bound);
    INFO(A::name << ' ' << format<T>::name << ": error " << e.error << ", bound " << e.bound);
    CHECK_FALSE(e.exceeds());
    CHECK(e.error >= least * e.bound);
}

}  // namespace

TEST_CASE("error_bound: no error is above it, for every accumulator, order and format", "[quantify][bounds]") {
    tally seen;
    seen.add(all_methods<float>(trials(3000)));
    seen.add(all_methods<double>(trials(3000)));
    seen.add(all_methods<bfloat16>(trials(2000)));
    seen.add(all_methods<float16>(trials(2000)));
    CHECK(seen.exceeded == 0);
    CHECK(seen.trials >= trials(10000));
    std::size_t const meant = seen.trials - seen.beyond;
    std::printf("%zu trials, %zu above the bound; vacuous: %zu of %zu (%.2f %%)\n", seen.trials, seen.exceeded,
                seen.vacuous, meant, 100.0 * static_cast<double>(seen.vacuous) / static_cast<double>(meant));
    CHECK(static_cast<double>(seen.vacuous) <= 0.1 * static_cast<double>(meant));
}

TEST_CASE("error_bound: attained within 10 by plain and fused, within 100 by the others", "[quantify][bounds]") {
    auto const formats = []<class A>(A, double least) {
        check_attained<A, float>(least);
        check_attained<A, double>(least);
        check_attained<A, bfloat16>(least);
        check_attained<A, float16>(least);
    };
    formats(plain{}, 0.1);
    formats(fused{}, 0.1);
    formats(kahan{}, 0.01);
    formats(neumaier{}, 0.01);
    formats(klein{}, 0.01);
    formats(compensated<2>{}, 0.01);
    formats(compensated<3>{}, 0.01);
    formats(multiword<2>{}, 0.01);
    formats(multiword<4>{}, 0.01);
    check_attained<widened<double>, float>(0.01);
    check_attained<widened<double>, bfloat16>(0.01);
}

TEMPLATE_TEST_CASE("error_bound: the part in the sum of magnitudes is attained, too, by sums that all but cancel",
                   "[quantify][bounds]", float, double) {
    using T = TestType;
    std::vector<T> const lost = lost_errors<T>(1000);
    check_cancelling<neumaier>(lost, 0.01);
    check_cancelling<klein>(lost, 0.01);
    check_cancelling<compensated<2>>(lost, 0.01);
    check_cancelling<compensated<3>>(lost, 0.01);
    check_cancelling<multiword<2>>(lost, 0.01);
    // The compensation u / 2 is lost when it is subtracted from -1.
    check_cancelling<kahan>(std::vector<T>{T(1), static_cast<T>(unit_roundoff<T> / 2), T(-1)}, 0.01);
    // Ties that are lost in double, then the 1 is taken away.
    std::vector<T> ties(1000, static_cast<T>(unit_roundoff<double>));
    ties.front() = T(1);
    ties.back() = T(-1);
    check_cancelling<widened<double>>(ties, 0.01);
}

TEST_CASE("error_judge: figures of one error", "[quantify][bounds]") {
    std::vector<float> const x{1.0F, 0x1p-24F};
    error_judge<float> const judge{std::span<float const>(x)};
    bounded_error const e = judge.judge<plain>(1.0F);
    CHECK(e.error == 0x1p-24);
    CHECK(e.ulps == 0.5);
    CHECK(e.relative == 0x1p-24 / (1 + 0x1p-24));
    CHECK(judge.condition() == 1.0);
    CHECK_FALSE(e.exceeds());
    CHECK(judge.judge<plain>(1.5F).exceeds());  // no sum is that wrong: the judge can say no
    CHECK(judge.judge<plain>(infinity<float>()).exceeds());
    CHECK(judge.judge<plain>(canonical_nan<float>()).exceeds());
    CHECK_FALSE(judge.judge<plain>(infinity<float>()).vacuous());
    CHECK_FALSE(judge.overflows());
    CHECK(judge.judge_correctly_rounded(canonical_nan<float>()).exceeds());
    CHECK_FALSE(judge.judge_correctly_rounded(1.0F).exceeds());
    CHECK(judge.judge_correctly_rounded(1.0F + 0x1p-23F).error == 0x1p-24);  // a tie
    CHECK(judge.judge_correctly_rounded(1.0F + 0x1p-22F).exceeds());
    std::vector<float> const nothing{1.0F, -1.0F};
    error_judge<float> const zero{std::span<float const>(nothing)};
    CHECK(zero.judge<plain>(0.0F).relative == 0.0);
    CHECK(is_inf(zero.judge<plain>(1.0F).relative));
    CHECK(zero.judge<plain>(0x1p-149F).ulps == 1.0);
    CHECK(is_inf(zero.condition()));
}

TEMPLATE_TEST_CASE("error_judge: results that are not finite, for every accumulator", "[quantify][bounds]", float,
                   double, bfloat16, float16) {
    using T = TestType;
    auto const check = []<class A>(A) {
        using M = method<A, sequential>;
        std::vector<T> const one{T(1), T(1)};
        error_judge<T> const judge{std::span<T const>(one)};
        error_judge<T> const dots{std::span<T const>(one), std::span<T const>(one)};
        INFO(A::name << ' ' << format<T>::name);
        for (T const result : {infinity<T>(), negate(infinity<T>()), canonical_nan<T>()}) {
            CHECK(judge.template judge<M>(result).exceeds());
            CHECK(dots.template judge<M>(result).exceeds());
        }
        // A partial sum overflows on the way, or the result does, or a product: nothing is claimed.
        T const largest_number = largest<T>();
        for (auto const& x : {std::vector<T>{largest_number, largest_number, negate(largest_number)},
                              std::vector<T>{largest_number, largest_number}}) {
            bounded_error const e = error_judge<T>{std::span<T const>(x)}.template judge<M>(infinity<T>());
            CHECK((e.vacuous() || std::same_as<A, widened<double>>));
            CHECK_FALSE((x.size() == 2 && e.exceeds()));
        }
        std::vector<T> const x{largest_number}, y{T(4)};
        error_judge<T> const product{std::span<T const>(x), std::span<T const>(y)};
        CHECK_FALSE(product.template judge<M>(infinity<T>()).exceeds());
    };
    check(plain{});
    check(fused{});
    check(widened<double>{});
    check(kahan{});
    check(neumaier{});
    check(klein{});
    check(compensated<2>{});
    check(compensated<3>{});
    check(multiword<2>{});
    check(multiword<4>{});
    check(stochastic{});
}

TEST_CASE("error_judge: correctly rounded results are infinite only where the exact value overflows",
          "[quantify][bounds]") {
    float const omega = largest<float>();
    std::vector<float> const cancelling{omega, omega, -omega};  // plain overflows on the way
    error_judge<float> const judge{std::span<float const>(cancelling)};
    CHECK_FALSE(judge.overflows());
    CHECK(judge.judge_correctly_rounded(infinity<float>()).exceeds());
    CHECK_FALSE(judge.judge_correctly_rounded(omega).exceeds());
    CHECK_FALSE(judge.judge<plain>(infinity<float>()).exceeds());
    CHECK(judge.judge<widened<double>>(omega).error == 0.0);
    std::vector<float> const beyond{omega, 0x1p103F};  // half an ulp above the largest: rounds to infinity
    error_judge<float> const infinite{std::span<float const>(beyond)};
    CHECK(infinite.overflows());
    CHECK_FALSE(infinite.judge_correctly_rounded(infinity<float>()).exceeds());
    CHECK(infinite.judge_correctly_rounded(infinity<float>()).vacuous());
}

TEST_CASE("error_judge: ulps are of the exact value's binade, as ulp_error's", "[quantify][bounds]") {
    auto const check = []<class T>(std::vector<T> const& x, T result) {
        bounded_error const e = error_judge<T>{std::span<T const>(x)}.template judge<plain>(result);
        INFO(format<T>::name << ' ' << e.ulps);
        CHECK(e.ulps == quantify::ulp_error(result, oracle::sum(x)));
    };
    check(std::vector<double>{2.0, -0x1p-60}, 2.0 + 0x1p-51);  // just below 2: ulps of [1, 2)
    check(std::vector<double>{-2.0, 0x1p-60}, -2.0 - 0x1p-51);
    check(std::vector<double>{2.0, 0x1p-60}, 2.0 + 0x1p-51);
    check(std::vector<float>{2.0F, -0x1p-80F}, 2.0F + 0x1p-22F);
    check(std::vector<float>{0x1p-149F}, 0x1p-148F);
    check(std::vector<double>{0x1p-1022, -0x1p-1074}, 0x1p-1022);
}
