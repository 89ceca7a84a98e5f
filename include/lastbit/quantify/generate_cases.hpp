// SPDX-License-Identifier: BSL-1.0
#pragma once
// Sums and dot products that are hard in a named way: at the midpoint of two numbers, or next to it; cancelling to
// almost nothing, or to nothing; of all exponents at once; subnormal. And easy ones: integers, exact in every order.
//
// The same bits from the same seed on every platform: integers and exact numbers only, as in generate.hpp. Partial sums
// in the format do not overflow in any order.

#include <lastbit/quantify/condition.hpp>
#include <lastbit/quantify/generate.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace generate {

/// What is hard. Each needs so many terms; fewer than that give the nearest that can be, which `exact` tells.
enum class kind {
    halfway,        ///< exactly the midpoint of two neighbours (sums need n >= 2)
    above_halfway,  ///< the midpoint and the smallest positive term there is: the sum of all else is a tie (n >= 3)
    below_halfway,  ///< the midpoint less the smallest positive term (n >= 3)
    cancelling,     ///< large terms that cancel exactly, and the smallest positive term (n >= 3)
    zero,           ///< exactly zero: terms in pairs and triples that cancel, shuffled
    wide,           ///< random signs, exponents over all of the format's that do not overflow
    subnormal,      ///< subnormal terms, and products that underflow
    integers,       ///< any partial sum of any selection is an integer of at most 2^p: every order is exact
};

/// All of them.
inline constexpr std::array all_kinds{kind::halfway, kind::above_halfway, kind::below_halfway, kind::cancelling,
                                      kind::zero,    kind::wide,          kind::subnormal,     kind::integers};

/// As it stands in messages: "above_halfway".
[[nodiscard]] constexpr char const* name(kind k) noexcept {
    constexpr std::array names{"halfway", "above_halfway", "below_halfway", "cancelling",
                               "zero",    "wide",          "subnormal",     "integers"};
    return names[static_cast<std::size_t>(k)];
}

/// A vector, its exact sum, and its condition number.
template <binary_format T>
struct sum_case {
    std::vector<T> x;      ///< [n]
    oracle::real exact;    ///< sum x_i
    double condition = 0;  ///< quantify::condition_of_sum(x): +inf for a sum of 0, NaN for n = 0
};

/// Two vectors, their exact dot product, and its condition number.
template <binary_format T>
struct dot_case {
    std::vector<T> x;      ///< [n]
    std::vector<T> y;      ///< [n]
    oracle::real exact;    ///< sum x_i y_i
    double condition = 0;  ///< quantify::condition_of_dot(x, y)
};

namespace detail {

/// Terms in the making: n of them, each a product of two factors, of which the second is 1 in sums.
template <binary_format T>
class case_maker {
public:
    case_maker(std::size_t n, int width, std::uint64_t seed, std::uint64_t stream)
        : n_(n), width_(width), random_(seed, stream) {
        terms_.reserve(n);
    }

    [[nodiscard]] std::vector<factors<T>> make(kind k) {
        switch (k) {
            case kind::halfway:
                make_halfway(0);
                break;
            case kind::above_halfway:
                make_halfway(1);
                break;
            case kind::below_halfway:
                make_halfway(-1);
                break;
            case kind::cancelling:
                make_cancelling();
                break;
            case kind::zero:
                fill_with_nothing(highest());
                break;
            case kind::wide:
                make_wide();
                break;
            case kind::subnormal:
                make_subnormal();
                break;
            case kind::integers:
                make_integers();
                break;
        }
        for (std::size_t i = terms_.size(); i > 1; --i) {
            std::size_t const j = random_.below(i);
            std::swap(terms_[i - 1], terms_[j]);
        }
        return terms_;
    }

private:
    static constexpr int p = format<T>::precision;
    /// Exponent of the smallest positive number.
    static constexpr std::int64_t lowest = format<T>::min_exponent - p + 1;

    [[nodiscard]] static T exactly(std::int64_t significand, std::int64_t exponent) {
        return real(oracle::integer(significand), exponent).template round<T>();
    }
    [[nodiscard]] static T smallest() { return exactly(1, lowest); }
    [[nodiscard]] std::size_t left() const { return n_ - terms_.size(); }
    /// n terms below 2^highest sum to less than the largest number.
    [[nodiscard]] std::int64_t highest() const { return format<T>::max_exponent - ceil_log2(n_) - 1; }
    void push(T x, T y) { terms_.push_back({x, y}); }
    [[nodiscard]] std::int64_t between(std::int64_t a, std::int64_t b) {
        return a + static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(b - a + 1)));
    }
    [[nodiscard]] bool coin() { return random_.bits() % 2 != 0; }

    /// The smallest positive term, of a sign.
    void push_smallest(int sign) {
        T const x = sign < 0 ? negate(smallest()) : smallest();
        push(x, width_ == 1 ? T(1) : smallest());
    }

    /// The midpoint (2 m + 1) 2^-(p + 1): in sums a number and half an ulp, in dot products one product of odd factors.
    void make_halfway(int side) {
        if (n_ == 0) return;
        if (width_ == 2) {
            push_odd_product();
        } else {
            T const x = random_number<T>(random_, 0);
            push(x, T(1));
            if (left() > 0) push(exactly(is_negative(x) ? -1 : 1, -p - 1), T(1));
        }
        if (side != 0 && left() > 0) push_smallest(side);
        if (left() == 1 && width_ == 1 && terms_.size() > 1) split_half();
        fill_with_nothing(std::min<std::int64_t>(highest(), 3));
    }

    /// Half an ulp in two pieces: a term more.
    void split_half() {
        terms_[1].x = exactly(is_negative(terms_[1].x) ? -1 : 1, -p - 2);
        terms_.push_back(terms_[1]);
    }

    void push_odd_product() {
        constexpr int half = (p + 2) / 2;
        std::int64_t a = 0, b = 0;
        while (((a * b) >> p) != 1) {  // p + 1 bits, the last of them 1
            a = between(std::int64_t{1} << (half - 1), (std::int64_t{1} << half) - 1) | 1;
            b = between(std::int64_t{1} << (p - half), (std::int64_t{1} << (p - half + 1)) - 1) | 1;
        }
        push(exactly(coin() ? a : -a, -half), exactly(b, half - p - 1));
    }

    void make_cancelling() {
        if (n_ > 0) push_smallest(coin() ? 1 : -1);
        fill_with_nothing(highest());
    }

    /// What is left to n, with a sum of zero; terms below 2^top.
    void fill_with_nothing(std::int64_t top) {
        if (left() == 1) push(T(0), T(0));
        while (left() > 0) {
            bool const three = left() == 3 || (left() > 4 && coin());
            push_cancelling(top, three);
        }
    }

    /// A term and its negative, which is split in two if three terms are wanted.
    void push_cancelling(std::int64_t top, bool three) {
        std::int64_t const half = width_ == 1 ? top : top >= 0 ? top / 2 : (top - 1) / 2;
        std::int64_t const e = between(std::max<std::int64_t>(half - p, lowest + p), half);
        std::int64_t const f = width_ == 1 ? 0 : between(std::max<std::int64_t>(half - p, lowest + p), half);
        auto const significand =
            static_cast<std::int64_t>((std::uint64_t{1} << (p - 1)) | (random_.bits() >> (65 - p)));
        bool const negative = coin();
        std::int64_t const m = negative ? -significand : significand;
        T const x = exactly(m, e - p);
        T const y = width_ == 1 ? T(1) : random_number<T>(random_, f);
        push(x, y);
        if (!three) return width_ == 1 || coin() ? push(negate(x), y) : push(negate(y), x);
        std::int64_t const part = between(1, (std::int64_t{1} << (p - 1)) - 1);
        std::int64_t const low = negative ? -part : part;
        push(exactly(-(m - low), e - p), y);
        push(exactly(-low, e - p), y);
    }

    void make_wide() {
        while (left() > 0) {
            std::int64_t const top = highest();
            std::int64_t const e = between(format<T>::min_exponent + 1, top);
            T const x = random_number<T>(random_, e);
            std::int64_t const most = std::clamp<std::int64_t>(top - e, format<T>::min_exponent + 1, top);
            std::int64_t const f = width_ == 1 ? 0 : between(format<T>::min_exponent + 1, most);
            push(x, width_ == 1 ? T(1) : random_number<T>(random_, f));
        }
    }

    void make_subnormal() {
        while (left() > 0) {
            std::int64_t const m = between(1, (std::int64_t{1} << (p - 1)) - 1);
            bool const negative = coin();
            T const x = exactly(negative ? -m : m, lowest);
            if (width_ == 1) push(x, T(1));
            else if (coin()) push(x, random_number<T>(random_, 1));
            else {
                std::int64_t const e = between(format<T>::min_exponent / 2 - p / 2, format<T>::min_exponent / 2);
                T const y = random_number<T>(random_, e);
                push(random_number<T>(random_, e), y);
            }
        }
    }

    /// The magnitudes sum to at most 2^p; where n exceeds that, the last terms are zeros.
    void make_integers() {
        std::int64_t budget = std::int64_t{1} << p;
        std::int64_t const share =
            std::max<std::int64_t>(1, budget / static_cast<std::int64_t>(std::max<std::size_t>(n_, 1)));
        std::int64_t root = 0;  // floor(sqrt(share))
        for (std::int64_t bit = std::int64_t{1} << 27; bit > 0; bit /= 2)
            if ((root + bit) * (root + bit) <= share) root += bit;
        while (left() > 0) {
            std::int64_t const a = between(1, width_ == 1 ? share : root);
            std::int64_t const b = width_ == 1 ? 1 : between(1, root);
            bool const negative = coin();
            if (a * b > budget) {
                push(T(0), T(0));
                continue;
            }
            budget -= a * b;
            push(exactly(negative ? -a : a, 0), exactly(b, 0));
        }
    }

    std::size_t n_;
    int width_;
    random_stream random_;
    std::vector<factors<T>> terms_;
};

}  // namespace detail

/// n numbers whose sum is hard in the way of `k`.
///
/// @param  seed  the result is a function of k, n and seed, on every platform
/// Error:        none: `exact` is exact. Special: n = 0 gives an empty vector
/// Cost:         about a microsecond for each number
template <binary_format T>
[[nodiscard]] sum_case<T> hard_sum_of(kind k, std::size_t n, std::uint64_t seed) {
    detail::case_maker<T> maker(n, 1, seed, 0x73630000 + static_cast<std::uint64_t>(k));
    sum_case<T> made;
    made.x.reserve(n);
    for (detail::factors<T> const& t : maker.make(k)) made.x.push_back(t.x);
    made.exact = oracle::sum(made.x);
    made.condition = quantify::condition_of_sum(made.x);
    return made;
}

/// Two vectors of n numbers whose dot product is hard in the way of `k`; otherwise as hard_sum_of.
template <binary_format T>
[[nodiscard]] dot_case<T> hard_dot_of(kind k, std::size_t n, std::uint64_t seed) {
    detail::case_maker<T> maker(n, 2, seed, 0x64630000 + static_cast<std::uint64_t>(k));
    dot_case<T> made;
    made.x.reserve(n);
    made.y.reserve(n);
    for (detail::factors<T> const& t : maker.make(k)) {
        made.x.push_back(t.x);
        made.y.push_back(t.y);
    }
    made.exact = oracle::dot(made.x, made.y);
    made.condition = quantify::condition_of_dot(made.x, made.y);
    return made;
}

}  // namespace generate
}  // namespace LASTBIT_ABI
}  // namespace lastbit
