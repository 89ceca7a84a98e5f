// SPDX-License-Identifier: BSL-1.0
#include <lastbit/fold/accumulators/stochastic.hpp>

#include <lastbit/quantify/probable_bound.hpp>
#include "../check_bits.hpp"
#include "../check_bound.hpp"

#include <algorithm>
#include <cmath>
#include <set>

using namespace lastbit_tests;
using namespace lastbit;
using oracle::direction;
using oracle::real;

namespace {

/// The rules once more, by the oracle's exact numbers: sums of finite terms, no cancellation beyond 2^72.
template <class T>
struct transcribed {
    T sum = negate(T(0));
    std::uint64_t first = ~std::uint64_t{0};
};

using place = std::array<std::uint64_t, 3>;

template <class T>
T rounded_by(real const& x, std::uint64_t high, std::uint64_t low) {
    T const inner = x.round<T>(direction::toward_zero);
    T const outer = x.is_negative() ? x.round<T>(direction::downward) : x.round<T>(direction::upward);
    if (to_bits(inner) == to_bits(outer)) return inner;
    real const chance = real(high).scaled(-64) + real(low).scaled(-128);
    return real(inner).abs() + (real(outer).abs() - real(inner).abs()) * chance < x.abs() ? outer : inner;
}

template <class T>
class transcription_of_stochastic {
public:
    transcription_of_stochastic(std::vector<T> const& x, std::vector<T> const& y, std::uint64_t seed)
        : x_(x), y_(y), seed_(seed) {}

    transcribed<T> sequence(std::size_t begin, std::size_t end, std::size_t stride = 1) {
        transcribed<T> s;
        for (std::size_t i = begin; i < end; i += stride) {
            auto const word = draw({i, 0, 0});
            T const term = y_.empty() ? x_[i] : rounded_by<T>(real(x_[i]) * real(y_[i]), word[2], word[3]);
            s.sum = rounded_by<T>(real(s.sum) + real(term), word[0], word[1]);
            if (i == begin) s.first = i;
        }
        return s;
    }
    transcribed<T> merged(transcribed<T> a, transcribed<T> b) {
        if (b.first == ~std::uint64_t{0}) return a;
        auto const word = draw({a.first, b.first, 1});
        return {rounded_by<T>(real(a.sum) + real(b.sum), word[0], word[1]), a.first};
    }
    T in_lanes(std::size_t count) {
        std::vector<transcribed<T>> lane;
        for (std::size_t k = 0; k < count; ++k) lane.push_back(sequence(k, x_.size(), count));
        for (std::size_t half = count / 2; half > 0; half /= 2)
            for (std::size_t k = 0; k < half; ++k) lane[k] = merged(lane[k], lane[k + half]);
        return lane[0].sum;
    }
    transcribed<T> in_pairs(std::size_t begin, std::size_t end) {
        if (end - begin <= 2) return sequence(begin, end);
        std::size_t left = 2;
        while (2 * left < end - begin) left *= 2;
        auto const a = in_pairs(begin, begin + left);
        return merged(a, in_pairs(begin + left, end));
    }

    /// Every place from which random numbers were drawn, none of them twice.
    [[nodiscard]] bool draws_are_distinct() const {
        return std::set<place>(drawn_.begin(), drawn_.end()).size() == drawn_.size();
    }

private:
    std::array<std::uint64_t, 4> draw(place const& where) {
        drawn_.push_back(where);
        return philox4x64({where[0], where[1], where[2], 0x73746F6368617374U}, {seed_, 0});
    }

    std::vector<T> x_, y_;
    std::uint64_t seed_;
    std::vector<place> drawn_;
};

template <class T>
void check_transcription(std::vector<T> const& x, std::vector<T> const& y, std::uint64_t seed) {
    auto const of = [&]<class O>(O) {
        return y.empty() ? sum<stochastic, O>(x, seed) : dot<stochastic, O>(x, y, seed);
    };
    std::size_t const n = x.size();
    transcription_of_stochastic<T> rules(x, y, seed);
    CHECK(to_bits(of(sequential{})) == to_bits(rules.sequence(0, n).sum));
    transcription_of_stochastic<T> by_lanes(x, y, seed);
    CHECK(to_bits(of(lanes<>{})) == to_bits(by_lanes.in_lanes(default_lanes<T>)));
    CHECK(by_lanes.draws_are_distinct());
    CHECK(to_bits(of(lanes<4>{})) == to_bits(transcription_of_stochastic<T>(x, y, seed).in_lanes(4)));
    transcription_of_stochastic<T> by_pairs(x, y, seed);
    CHECK(to_bits(of(pairwise<2>{})) == to_bits(by_pairs.in_pairs(0, n).sum));
    CHECK(by_pairs.draws_are_distinct());
}

/// With a probability of at most 1e-9 (Hoeffding) the mean of `count` independent numbers, each in a range of this
/// width, is farther from its expectation.
double mean_deviation(double width, std::size_t count) {
    return width * std::sqrt(std::log(2e9) / (2 * static_cast<double>(count)));
}

}  // namespace

TEMPLATE_TEST_CASE("stochastic: every order has the bits of its transcription", "[fold][stochastic]", float, double,
                   bfloat16, float16) {
    for (std::size_t const n : {1U, 2U, 3U, 5U, 8U, 31U, 32U, 33U, 70U, 129U})
        for (std::uint64_t seed = 0; seed < 3; ++seed) {
            auto const [x, y] = make_data<TestType>(family::ordinary, n, seed + 5);
            CAPTURE(n, seed);
            check_transcription<TestType>(x, {}, seed);
            check_transcription<TestType>(x, y, seed);
        }
}

TEMPLATE_TEST_CASE("stochastic: exact results are unchanged; special values are plain's", "[fold][stochastic]", float,
                   double, bfloat16, float16) {
    using T = TestType;
    std::vector<T> x, y;
    for (int i = 0; i < 60; ++i) {
        x.push_back(T(static_cast<float>(i % 5 - 2)));
        y.push_back(T(static_cast<float>(i % 7 - 3)));
    }
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        CHECK(to_bits(sum<stochastic>(x, seed)) == to_bits(sum<plain>(x)));
        CHECK(to_bits(dot<stochastic>(x, y, seed)) == to_bits(dot<plain>(x, y)));
        for (auto const kind : {family::nans, family::infinities, family::zeros}) {
            auto const [a, b] = make_data<T>(kind, 150, seed);
            T const ours = sum<stochastic>(a, seed);
            T const plainly = sum<plain>(a);
            if (is_finite(plainly) && !is_zero(plainly)) continue;  // rounded: not the same number
            CHECK(to_bits(ours) == to_bits(plainly));
        }
    }
    CHECK(to_bits(sum<stochastic>(std::vector<T>{}, 1)) == 0);
    CHECK(to_bits(dot<stochastic>(std::vector<T>{}, std::vector<T>{}, 1)) == 0);
    T const zero = negate(T(0));
    CHECK(to_bits(sum<stochastic>(std::vector<T>(3, zero), 1)) == to_bits(zero));
    CHECK(to_bits(sum<stochastic>(std::vector<T>{zero, T(0)}, 1)) == 0);
    CHECK(is_inf(sum<stochastic, sequential>(
        std::vector<T>{largest<T>(), largest<T>(), negate(largest<T>()), negate(largest<T>())}, 1)));
    CHECK(to_bits(dot<stochastic>(std::vector<T>{T(0)}, std::vector<T>{infinity<T>()}, 1)) ==
          to_bits(canonical_nan<T>()));
    CHECK_THROWS_WITH(dot<stochastic>(x, std::vector<T>{}, 1), Catch::Contains("must be equally long"));
}

TEMPLATE_TEST_CASE("stochastic: one addition goes up as often as its fraction says", "[fold][stochastic]", float,
                   double, bfloat16, float16) {
    using T = TestType;
    constexpr int p = format<T>::precision;
    std::size_t const count = trials(10000);
    for (int const sixteenths : {1, 5, 8, 13}) {
        // 1 + (sixteenths / 16) ulp, and the same of a product: (1 + 2^-a)(sixteenths 2^-b) has such a fraction, too.
        T const part = real(sixteenths).scaled(1 - p - 4).template round<T>();
        double const expected = sixteenths / 16.0;
        std::size_t up = 0;
        for (std::uint64_t seed = 0; seed < count; ++seed)
            up += to_bits(sum<stochastic>(std::vector<T>{T(1), part}, seed)) != to_bits(T(1)) ? 1U : 0U;
        CAPTURE(sixteenths, up, count);
        CHECK(std::fabs(static_cast<double>(up) / static_cast<double>(count) - expected) <= mean_deviation(1, count));
    }
}

TEST_CASE("stochastic: the mean is the exact sum, where rounding to nearest is far off", "[fold][stochastic]") {
    // Each term is a third of an ulp of the sum: to nearest none of them counts.
    std::size_t const n = 201;
    std::vector<float> x(n, 0x1.55p-25F);
    std::vector<float> y(n, 1.0F);
    x[0] = 1.0F;
    double const exact = oracle::sum(x).round<double>();
    double const ulp = 0x1p-23;
    CHECK(sum<plain, sequential>(x) == 1.0F);
    std::size_t const count = std::max<std::size_t>(trials(10000), 3000);  // fewer prove nothing
    double sums = 0, dots = 0, lane_sums = 0;
    for (std::uint64_t seed = 0; seed < count; ++seed) {
        sums += static_cast<double>(sum<stochastic, sequential>(x, seed)) - 1;
        dots += static_cast<double>(dot<stochastic, sequential>(x, y, seed)) - 1;
        lane_sums += static_cast<double>(sum<stochastic>(x, seed)) - 1;
    }
    double const allowed = mean_deviation(static_cast<double>(n) * ulp, count);
    CHECK(allowed < (exact - 1) / 5);
    for (double const total : {sums, dots, lane_sums})
        CHECK(std::fabs(total / static_cast<double>(count) - (exact - 1)) <= allowed);
}

TEST_CASE("stochastic: lanes with equal data draw different bits", "[fold][stochastic]") {
    // 16 lanes of 1 + ulp/2 and 16 of -1 - ulp/2, which meet in pairs: were they rounded alike, the sum would be 0.
    std::vector<float> x(64, 1.0F);
    for (std::size_t i = 0; i < 64; ++i) x[i] = (i < 32 ? 1.0F : 0x1p-24F) * (i % 32 < 16 ? 1.0F : -1.0F);
    std::set<float> results;
    for (std::uint64_t seed = 0; seed < 50; ++seed) results.insert(sum<stochastic, lanes<32>>(x, seed));
    CHECK(results.size() >= 5);
    for (float const r : results) CHECK((-16 * 0x1p-23F <= r && r <= 16 * 0x1p-23F));
}

TEMPLATE_TEST_CASE("stochastic: the error stays below the bound", "[fold][stochastic]", float, double, bfloat16,
                   float16) {
    using T = TestType;
    double largest_use = 0;
    auto const one = [&]<class O>(O) {
        using M = method<stochastic, O>;
        for (std::uint64_t seed = 1; seed <= trials(2); ++seed)
            for (hard const kind : hard_kinds)
                for (std::size_t const n : {1U, 2U, 3U, 5U, 33U, 100U, 300U}) {
                    auto const [x, y] = make_hard<T>(kind, n, seed);
                    double const sums =
                        used<M, T>(sum<M>(x, seed), oracle::sum(x), oracle::sum_of_absolutes(x), false, kind, n, seed);
                    double const dots = used<M, T>(dot<M>(x, y, seed), oracle::dot(x, y),
                                                   oracle::dot_of_absolutes(x, y), true, kind, n, seed);
                    largest_use = std::max({largest_use, sums, dots});
                }
    };
    one(sequential{});
    one(lanes<>{});
    one(pairwise<1>{});
    CHECK(largest_use > 0.2);
    CHECK(largest_use <= 1);
}

TEST_CASE("stochastic: the bound with a probability, about sqrt(n) u", "[fold][stochastic]") {
    using M = method<stochastic, sequential>;
    std::size_t const n = 4000;
    std::size_t const count = trials(300);
    double const probability = 0.9;
    std::size_t outside = 0;
    double largest_share = 0;
    for (std::uint64_t seed = 0; seed < count; ++seed) {
        auto [x, y] = make_data<float>(family::ordinary, n, seed);
        if (seed % 2 == 0)
            for (std::size_t i = 0; i < n; ++i) x[i] = absolute(x[i]);  // sums that grow
        double const size = oracle::sum_of_absolutes(x).round<double>() * (1 + 0x1p-50);
        double const bound = quantify::probable_error_bound<M, float>(n, {size, size}, probability);
        double const root_n = 2 * unit_roundoff<float> * std::sqrt(static_cast<double>(n)) * size;
        CHECK(bound < error_bound<M, float>(n, {size, size}) / 10);
        CHECK(bound < 6 * root_n);
        double const error = (real(sum<M>(x, seed)) - oracle::sum(x)).abs().round<double>();
        outside += error > bound ? 1U : 0U;
        largest_share = std::max(largest_share, error / root_n);
    }
    CHECK(static_cast<double>(outside) <= (1 - probability) * static_cast<double>(count));
    CHECK(largest_share > 0.1);
    CHECK(largest_share < 1);
    // Products that underflow bring up to n of the smallest subnormal.
    CHECK(quantify::probable_error_bound<M, float>(10, {0.0, 0.0, true}, 0.5) >= 10 * 0x1p-149);
}

TEST_CASE("stochastic: a seed is needed, and changes the result", "[fold][stochastic]") {
    STATIC_REQUIRE(!lastbit::detail::holds<stochastic, float>);
    STATIC_REQUIRE(!lastbit::detail::holds_with_seed<plain, float>);
    STATIC_REQUIRE(lastbit::detail::holds_with_seed<stochastic, bfloat16>);
    STATIC_REQUIRE(accumulator<stochastic>);
    auto const [x, y] = make_data<float>(family::ordinary, 1000, 1);
    std::set<std::uint32_t> results;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        results.insert(to_bits(sum<stochastic>(x, seed)));
        CHECK(to_bits(sum<stochastic>(x, seed)) == to_bits(sum<stochastic>(x, seed)));
    }
    CHECK(results.size() >= 5);
}
