// SPDX-License-Identifier: BSL-1.0
#pragma once
// Matrix products and dense layers each of whose outputs has a chosen componentwise condition number.
//
// A = [U 2^s, -U 2^s, W] and B = [V; V; Z], U and V of any signs, W and Z of signs that no output's sum over W Z
// cancels. So A B = W Z, while |A| |B| is larger by about 2^(s + 1) in all outputs. The columns of A and rows of B are
// then shuffled, and each pair's power of two is divided between its factors in two different ways.

#include <lastbit/quantify/condition.hpp>
#include <lastbit/quantify/generate.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace generate {

/// A and B whose product is hard in every element.
template <binary_format T>
struct hard_product {
    std::size_t rows = 0, inner = 0, columns = 0;  ///< m, k, n
    std::vector<T> a;                              ///< [m x k], row after row
    std::vector<T> b;                              ///< [k x n], row after row
    std::vector<double> conditions;                ///< [m x n]: (|A| |B|)_ij / |A B|_ij, rounded once
    double requested = 0;                          ///< the condition asked for
    bool clamped = false;                          ///< whether some element is not within a factor of 2 of it
    std::string reason;                            ///< why, if clamped
};

/// A layer and an input for it, every output of which is hard before its activation.
template <binary_format T>
struct hard_layer {
    std::size_t outputs = 0, inputs = 0;  ///< m, k
    std::vector<T> weight;                ///< [m x k], row after row
    std::vector<T> bias;                  ///< [m]
    std::vector<T> x;                     ///< [k]
    std::vector<double> conditions;       ///< [m]: (|W| |x| + |b|)_i / |W x + b|_i, rounded once
    double requested = 0;                 ///< the condition asked for
    bool clamped = false;                 ///< whether some output is not within a factor of 2 of it
    std::string reason;                   ///< why, if clamped
};

namespace detail {

/// How A and B are made: `pairs` pairs of columns that cancel, products about 2^high large; the others about 2^low.
struct matrix_plan {
    std::size_t pairs = 0;
    std::int64_t high = 0;
    std::int64_t low = 0;
    std::string reason;
};

template <binary_format T>
[[nodiscard]] matrix_plan make_matrix_plan(std::size_t k, double condition) {
    matrix_plan p;
    if (!(condition > 1.0)) {
        if (condition < 1.0) p.reason = "no condition number is below 1";
        return p;
    }
    if (k < 3) {
        p.reason = "with fewer than three terms an output this construction has the condition number 1";
        return p;
    }
    p.pairs = (k - 1) / 2 - (k > 6 ? k / 8 : 0);
    real const pairs(static_cast<double>(p.pairs));
    real const others(static_cast<double>(k - 2 * p.pairs));
    if (is_inf(condition)) p.reason = "no condition number is infinite";
    // (condition - 1) others / (2 pairs), to the nearest power of two: times 3/4, then the power of two above.
    real const wanted = (real(is_inf(condition) ? largest<double>() : condition) - real(1)) * others;
    double const ratio = oracle::quotient<double>(wanted * real(0.70703125), pairs.scaled(1));
    std::int64_t s = is_zero(ratio) ? 0 : real(ratio).binade() + 1;
    std::int64_t const top = format<T>::max_exponent - 2 - ceil_log2(k);
    std::int64_t const bottom = format<T>::min_exponent + 2;
    if (s > top - bottom) {
        s = top - bottom;
        if (p.reason.empty())
            p.reason = std::string("in ") + format<T>::name + " this construction cancels about " +
                       std::to_string(s + 1) + " bits with " + std::to_string(k) + " terms an output";
    }
    std::int64_t const centre = s >= 0 ? s / 2 : 0;
    p.high = std::clamp<std::int64_t>(centre, s + bottom, top);
    p.low = p.high - s;
    return p;
}

/// A number of 7/8 to 1 times 2^exponent, with a sign.
template <binary_format T>
[[nodiscard]] T near_one(random_stream& random, std::int64_t exponent, bool negative) {
    constexpr int p = format<T>::precision;
    auto const tail = static_cast<std::int64_t>(random.bits() >> (64 - (p - 3)));
    std::int64_t const significand = (std::int64_t{7} << (p - 3)) + tail;
    return real(oracle::integer(negative ? -significand : significand), exponent - p).template round<T>();
}

[[nodiscard]] inline std::vector<char> random_signs(random_stream& random, std::size_t n) {
    std::vector<char> signs(n);
    for (char& s : signs) s = static_cast<char>(random.bits() % 2);
    return signs;
}

template <binary_format T>
[[nodiscard]] T times_power(T x, std::int64_t exponent) {
    return real(x).scaled(exponent).template round<T>();
}

/// The part of e that the factors of a get: half, rounded down.
[[nodiscard]] constexpr std::int64_t half_of(std::int64_t e) noexcept { return (e >= 0 ? e : e - 1) / 2; }

/// Columns `one` and `other` of A, and rows of B, whose products cancel and are about 2^e large.
template <binary_format T>
void fill_pair(hard_product<T>& made, std::size_t one, std::size_t other, std::int64_t e, random_stream& random) {
    std::size_t const k = made.inner, n = made.columns;
    std::int64_t const shift = static_cast<std::int64_t>(random.below(3)) - 1;
    for (std::size_t i = 0; i < made.rows; ++i) {
        bool const negative = random.bits() % 2 != 0;
        T const u = near_one<T>(random, half_of(e), negative);
        made.a[i * k + one] = u;
        made.a[i * k + other] = negate(times_power(u, shift));
    }
    for (std::size_t j = 0; j < n; ++j) {
        bool const negative = random.bits() % 2 != 0;
        T const v = near_one<T>(random, e - half_of(e), negative);
        made.b[one * n + j] = v;
        made.b[other * n + j] = times_power(v, -shift);
    }
}

/// A [m x k] and B [k x n]. With `bias`, n is 1 and the last column of A goes with a 1 of B.
template <binary_format T>
void fill_product(hard_product<T>& made, matrix_plan const& p, bool bias, random_stream& random) {
    std::size_t const m = made.rows, k = made.inner, n = made.columns;
    made.a.assign(m * k, T(0));
    made.b.assign(k * n, T(0));
    std::vector<std::size_t> place(k);
    for (std::size_t l = 0; l < k; ++l) place[l] = l;
    for (std::size_t l = bias ? k - 1 : k; l > 1; --l) {
        std::size_t const other = random.below(l);
        std::swap(place[l - 1], place[other]);
    }
    for (std::size_t l = 0; l < p.pairs; ++l) fill_pair(made, place[2 * l], place[2 * l + 1], p.high, random);
    std::vector<char> const row_sign = random_signs(random, m);
    std::vector<char> const column_sign = bias ? std::vector<char>(n, 0) : random_signs(random, n);
    for (std::size_t l = 2 * p.pairs; l < k; ++l) {
        bool const ones = bias && l + 1 == k;
        bool const flipped = random.bits() % 2 != 0 && !ones;
        std::int64_t const e = ones ? p.low : half_of(p.low);
        for (std::size_t i = 0; i < m; ++i)
            made.a[i * k + place[l]] = near_one<T>(random, e, (row_sign[i] != 0) != flipped);
        for (std::size_t j = 0; j < n; ++j)
            made.b[place[l] * n + j] = ones ? T(1) : near_one<T>(random, p.low - e, (column_sign[j] != 0) != flipped);
    }
}

/// requested, clamped and reason, from the conditions obtained.
template <class Hard>
void judge_all(Hard& hard, matrix_plan const& p, double requested) {
    hard.requested = requested;
    hard.reason = p.reason;
    bool near = true;
    for (double const c : hard.conditions) near = near && close(c, real(requested));
    if (hard.reason.empty() && (!near || hard.conditions.empty()))
        hard.reason =
            hard.conditions.empty() ? "there is no output" : "an output's sum could not be made closely enough";
    hard.clamped = !hard.reason.empty();
}

}  // namespace detail

/// A [m x k] and B [k x n], each element of whose product has about the componentwise condition number
/// (|A| |B|)_ij / |A B|_ij that is asked for. n = 1 is a matrix and a vector.
///
/// @param  condition  at least 1; what k terms of T cannot carry is clamped, which the result says. Not NaN
/// @param  seed       the result is a function of m, k, n, condition and seed, on every platform
/// Error:             none: the conditions are those of the numbers returned, rounded once
/// Special:           no outputs, or k = 0: empty, or conditions that are NaN; clamped
/// Cost:              that of the exact product, twice
template <binary_format T>
[[nodiscard]] hard_product<T> ill_conditioned_product(std::size_t m, std::size_t k, std::size_t n, double condition,
                                                      std::uint64_t seed) {
    LASTBIT_EXPECTS(!is_nan(condition), "ill_conditioned_product: the condition is NaN");
    detail::matrix_plan const p = detail::make_matrix_plan<T>(k, condition);
    hard_product<T> made;
    made.rows = m;
    made.inner = k;
    made.columns = n;
    random_stream random(seed, 0x6D6D0000);
    detail::fill_product(made, p, false, random);
    made.conditions.resize(m * n);
    for (std::size_t j = 0; j < n; ++j) {
        std::vector<T> column(k);
        for (std::size_t l = 0; l < k; ++l) column[l] = made.b[l * n + j];
        auto const c = quantify::conditions_of_product(matrix_view<T const>(made.a.data(), m, k), column);
        for (std::size_t i = 0; i < m; ++i) made.conditions[i * n + j] = c[i];
    }
    detail::judge_all(made, p, condition);
    return made;
}

/// W [m x k], b [m] and x [k]: each output of the layer, before its activation, has about the condition number
/// (|W| |x| + |b|)_i / |W x + b|_i that is asked for; otherwise as ill_conditioned_product.
template <binary_format T>
[[nodiscard]] hard_layer<T> ill_conditioned_layer(std::size_t m, std::size_t k, double condition, std::uint64_t seed) {
    LASTBIT_EXPECTS(!is_nan(condition), "ill_conditioned_layer: the condition is NaN");
    detail::matrix_plan const p = detail::make_matrix_plan<T>(k + 1, condition);
    hard_product<T> with_bias;
    with_bias.rows = m;
    with_bias.inner = k + 1;
    with_bias.columns = 1;
    random_stream random(seed, 0x6C610000);
    detail::fill_product(with_bias, p, true, random);
    hard_layer<T> made;
    made.outputs = m;
    made.inputs = k;
    for (std::size_t i = 0; i < m; ++i) {
        for (std::size_t j = 0; j < k; ++j) made.weight.push_back(with_bias.a[i * (k + 1) + j]);
        made.bias.push_back(with_bias.a[i * (k + 1) + k]);
    }
    made.x.assign(with_bias.b.begin(), with_bias.b.end() - 1);
    dense_view<T> const layer(matrix_view<T const>(made.weight.data(), m, k), std::span<T const>(made.bias));
    made.conditions = quantify::conditions_of_layer(layer, made.x);
    detail::judge_all(made, p, condition);
    return made;
}

}  // namespace generate
}  // namespace LASTBIT_ABI
}  // namespace lastbit
