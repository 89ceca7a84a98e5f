// SPDX-License-Identifier: BSL-1.0
#pragma once
// Sums and dot products that are as hard as asked for: the condition number is given, and comes back exactly known.
//
// Half of the terms are random numbers with random exponents; each further term is chosen so that the exact partial
// result shrinks along a line of exponents; the last one sets the condition number; then all are shuffled. Integers and
// exact numbers only: the same bits from the same seed on every platform.
// Source: [ORO05] Algorithm 6.1 (GenDot). Ours differs: significands are drawn from [1/2, 1) with a random sign, not
// from (-1, 1); exponents are centred on 0, and the factors of a correction have about the same magnitude, which lets a
// narrow format carry more; log2 of the condition is its binade plus 1; the line of exponents starts one step below the
// top; the last residual is computed from the condition asked for. Sums, which the paper makes from dot products, are
// made by the same steps.

#include <lastbit/base/random.hpp>
#include <lastbit/oracle/dot.hpp>
#include <lastbit/oracle/quotient.hpp>

#include <string>
#include <vector>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace generate {

/// A vector whose sum is hard, and what is known of it.
template <binary_format T>
struct hard_sum {
    std::vector<T> x;      ///< [n]
    oracle::real exact;    ///< sum x_i
    double condition = 0;  ///< sum |x_i| / |sum x_i|, the quotient of two exact numbers, rounded once; NaN for n = 0
    double requested = 0;  ///< the condition asked for
    bool clamped = false;  ///< whether n or the format carries less (or more) than was asked for
    std::string reason;    ///< why, if clamped
};

/// Two vectors whose dot product is hard, and what is known of it.
template <binary_format T>
struct hard_dot {
    std::vector<T> x;      ///< [n]
    std::vector<T> y;      ///< [n]
    oracle::real exact;    ///< sum x_i y_i
    double condition = 0;  ///< 2 sum |x_i y_i| / |sum x_i y_i|, rounded once; NaN for n = 0
    double requested = 0;  ///< the condition asked for
    bool clamped = false;  ///< whether n or the format carries less (or more) than was asked for
    std::string reason;    ///< why, if clamped
};

namespace detail {

using oracle::real;

/// The exponents that the generator uses: e = 0 ... top, less offset; a term is 2^(width e) large.
struct plan {
    std::int64_t top = 0;
    std::int64_t offset = 0;
    bool same_sign = false;  // no cancellation at all: the smallest condition
    real ratio;              // sum |t| / |sum t| of the terms t, to be reached
    std::string reason;
};

[[nodiscard]] inline std::int64_t ceil_log2(std::size_t n) noexcept {
    return n < 2 ? 0 : std::numeric_limits<std::size_t>::digits - std::countl_zero(n - 1);
}

/// @param  width  1 for sums, 2 for dot products: factors of a term, and the smallest condition
template <binary_format T>
[[nodiscard]] plan make_plan(std::size_t n, double condition, int width) {
    plan p;
    bool const infinite = is_inf(condition) && !is_negative(condition);
    bool const below_all = is_inf(condition) && is_negative(condition);
    p.ratio = real(infinite ? largest<double>() : below_all ? 0 : condition).scaled(1 - width);
    if (infinite) p.reason = "no condition number is infinite";
    if (p.ratio <= real(1)) {
        p.same_sign = true;
        if (p.ratio < real(1)) p.reason = "no condition number is below " + std::to_string(width);
        return p;
    }
    if (n < 2) {
        p.same_sign = true;
        p.reason = "a single term has the condition number " + std::to_string(width);
        return p;
    }
    // A partial result of k random terms is about sqrt(k) times one of them: factors stay below about
    // 2^(top - offset + 3) sqrt(n). Below, a sum needs a few subnormal bits, a product normal factors.
    constexpr int digits = format<T>::precision;
    std::int64_t const room = format<T>::max_exponent - 4 - ceil_log2(n) / 2;
    std::int64_t const depth = -format<T>::min_exponent + (width == 1 ? digits - 4 : -2);
    // Each of the n - n/2 corrections cancels p bits less the two that a random significand and a carry may cost.
    std::int64_t const corrections = static_cast<std::int64_t>(std::min<std::size_t>(n - n / 2, 1 << 20));
    std::int64_t const by_terms = ((digits - 2) * corrections - 2) / width;
    std::int64_t const most = std::max<std::int64_t>(1, std::min(room + depth, by_terms));
    p.top = (p.ratio.binade() + width) / width;
    if (p.top > most) {
        p.top = most;
        p.ratio = real(1).scaled(width * p.top);
        p.reason = "with n = " + std::to_string(n) + " in " + format<T>::name + " this construction cancels about " +
                   std::to_string(width * p.top) + " bits";
    }
    p.offset =
        std::clamp<std::int64_t>(p.top / 2, std::max<std::int64_t>(0, p.top - room), std::max<std::int64_t>(0, depth));
    return p;
}

/// A random sign and a significand in [1/2, 1), times 2^exponent; to be representable or next to it.
template <binary_format T>
[[nodiscard]] T random_number(random_stream& random, std::int64_t exponent) {
    constexpr int p = format<T>::precision;
    std::uint64_t const bits = random.bits();
    auto const significand = static_cast<std::int64_t>((std::uint64_t{1} << (p - 1)) + (bits >> (64 - (p - 1))));
    bool const negative = bits % 2 != 0;
    return real(oracle::integer(negative ? -significand : significand), exponent - p).template round<T>();
}

template <binary_format T>
[[nodiscard]] T saturated(T x) {
    return is_inf(x) ? is_negative(x) ? negate(largest<T>()) : largest<T>() : x;
}

/// The factors of one term; y is 1 in a sum.
template <binary_format T>
struct factors {
    T x;
    T y;
};

/// The terms made so far: their exact sum and sum of magnitudes.
struct progress {
    real total;
    real magnitudes;
    void add(real const& term) {
        total += term;
        magnitudes += term.abs();
    }
};

/// What the last partial result r has to become so that sum |t| / |sum t| is the ratio. With S the magnitudes so far
/// and D their sum, the last term is r - D; r has D's sign: |r| < |D| gives (S + |D| - |r|) / |r| = ratio, else
/// (S + |r| - |D|) / |r| = ratio, and the second is the case exactly if S >= ratio |D|.
[[nodiscard]] inline real last_residual(progress const& so_far, real const& ratio) {
    real const size = so_far.total.abs();
    bool const grows = so_far.magnitudes >= ratio * size;
    double const r = grows ? oracle::quotient<double>(so_far.magnitudes - size, ratio - real(1))
                           : oracle::quotient<double>(so_far.magnitudes + size, ratio + real(1));
    return so_far.total.is_negative() ? -real(r) : real(r);
}

/// A term whose value is as near to `value` as the format has it; its factors are of about the same magnitude.
template <binary_format T>
[[nodiscard]] factors<T> term_for(random_stream& random, real const& value, int width) {
    if (width == 1) return {saturated(value.round<T>()), T(1)};
    std::int64_t const half = value.is_zero() ? 0 : value.binade() / 2;
    T const x =
        random_number<T>(random, std::clamp<std::int64_t>(half, format<T>::min_exponent + 1, format<T>::max_exponent));
    return {x, saturated(oracle::quotient<T>(value, real(x)))};
}

template <binary_format T>
[[nodiscard]] std::vector<factors<T>> make_terms(std::size_t n, plan const& p, int width, random_stream& random) {
    std::vector<factors<T>> terms;
    terms.reserve(n);
    if (p.same_sign) {
        for (std::size_t i = 0; i < n; ++i) {
            T const x = random_number<T>(random, 0);
            T const y = random_number<T>(random, 0);
            terms.push_back(width == 1 ? factors<T>{absolute(x), T(1)}
                                       : factors<T>{x, is_negative(x) == is_negative(y) ? y : negate(y)});
        }
        return terms;
    }
    progress so_far;
    auto const push = [&](factors<T> t) {
        so_far.add(real(t.x) * real(t.y));
        terms.push_back(t);
    };
    std::size_t const free_terms = n / 2;
    std::size_t const corrections = n - free_terms;
    for (std::size_t i = 0; i < free_terms; ++i) {
        auto e = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(p.top) + 1));
        if (i + 1 == free_terms) e = 0;
        if (i == 0) e = p.top + 1;
        T const x = random_number<T>(random, e - p.offset);
        push({x, width == 1 ? T(1) : random_number<T>(random, e - p.offset)});
    }
    for (std::size_t i = 0; i + 1 < corrections; ++i) {
        auto const left = static_cast<std::int64_t>(corrections - 1 - i);
        auto const all = static_cast<std::int64_t>(corrections);
        std::int64_t const e = (2 * p.top * left + all) / (2 * all) - p.offset;  // rounded, on a line from top to 0
        real target = random_number<T>(random, e);
        if (width == 2) target *= real(random_number<T>(random, e));
        push(term_for<T>(random, target - so_far.total, width));
    }
    push(term_for<T>(random, last_residual(so_far, p.ratio) - so_far.total, width));
    for (std::size_t i = n; i > 1; --i) std::swap(terms[i - 1], terms[random.below(i)]);
    return terms;
}

/// sum |t| / |sum t| times the smallest condition, rounded once. Special: NaN for no terms, +inf for a zero sum.
[[nodiscard]] inline double condition_of(real const& magnitudes, real const& exact, int width) {
    return oracle::quotient<double>(real(width) * magnitudes, exact.abs());
}

/// Whether a and b are within a factor of two of each other.
[[nodiscard]] inline bool close(double a, real const& b) {
    if (!is_finite(a)) return false;
    return real(a) * real(2) >= b && real(a) <= b * real(2);
}

/// Fills the figures that follow from the others.
template <class Hard>
void judge(Hard& hard, plan const& p, double requested) {
    hard.requested = requested;
    hard.reason = p.reason;
    if (hard.reason.empty() && !close(hard.condition, real(requested)))
        hard.reason = hard.x.empty() ? "there is no term" : "the last term could not be represented closely enough";
    hard.clamped = !hard.reason.empty();
}

/// Most plans succeed at once; with a handful of terms of a narrow format the sum may happen to be zero.
inline constexpr std::uint64_t attempts = 16;

}  // namespace detail

/// n numbers whose sum has about the given condition number sum |x_i| / |sum x_i|.
///
/// @param  n          how many; 0 gives an empty vector
/// @param  condition  at least 1. What n terms of T cannot carry is clamped, which the result says; what is obtained is
///                    computed exactly. If not clamped it is within a factor of 2 of what was asked for
/// @param  seed       the result is a function of n, condition and seed, on every platform
/// Requires:          condition is not NaN
/// Cost:              about a microsecond for each number
template <binary_format T>
[[nodiscard]] hard_sum<T> ill_conditioned_sum(std::size_t n, double condition, std::uint64_t seed) {
    LASTBIT_EXPECTS(!is_nan(condition), "ill_conditioned_sum: the condition is NaN");
    detail::plan const p = detail::make_plan<T>(n, condition, 1);
    hard_sum<T> hard;
    for (std::uint64_t attempt = 0; attempt < detail::attempts; ++attempt) {
        random_stream random(seed, 0x73756D00 + attempt);
        hard.x.clear();
        for (detail::factors<T> const& t : detail::make_terms<T>(n, p, 1, random)) hard.x.push_back(t.x);
        hard.exact = oracle::sum(hard.x);
        hard.condition = detail::condition_of(oracle::sum_of_absolutes(hard.x), hard.exact, 1);
        if (n == 0 || detail::close(hard.condition, p.ratio)) break;
    }
    detail::judge(hard, p, condition);
    return hard;
}

/// Two vectors of n numbers whose dot product has about the given condition number 2 sum |x_i y_i| / |sum x_i y_i|.
///
/// @param  condition  at least 2; otherwise as for ill_conditioned_sum
template <binary_format T>
[[nodiscard]] hard_dot<T> ill_conditioned_dot(std::size_t n, double condition, std::uint64_t seed) {
    LASTBIT_EXPECTS(!is_nan(condition), "ill_conditioned_dot: the condition is NaN");
    detail::plan const p = detail::make_plan<T>(n, condition, 2);
    hard_dot<T> hard;
    for (std::uint64_t attempt = 0; attempt < detail::attempts; ++attempt) {
        random_stream random(seed, 0x646F7400 + attempt);
        hard.x.clear();
        hard.y.clear();
        for (detail::factors<T> const& t : detail::make_terms<T>(n, p, 2, random)) {
            hard.x.push_back(t.x);
            hard.y.push_back(t.y);
        }
        hard.exact = oracle::dot(hard.x, hard.y);
        hard.condition = detail::condition_of(oracle::dot_of_absolutes(hard.x, hard.y), hard.exact, 2);
        if (n == 0 || detail::close(hard.condition, p.ratio * oracle::real(2))) break;
    }
    detail::judge(hard, p, condition);
    return hard;
}

}  // namespace generate
}  // namespace LASTBIT_ABI
}  // namespace lastbit
