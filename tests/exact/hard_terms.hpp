// SPDX-License-Identifier: BSL-1.0
#pragma once
// Sums and dot products whose exact value is known, hidden among terms that cancel: ties between two numbers of the
// result's format, values a tiny term off them, values around the overflow threshold, subnormal values.
//
// By integers only, so that the data are the same under every flag and in every environment.

#include "fold/families.hpp"

#include <lastbit/base/rounding.hpp>

#include <algorithm>

namespace lastbit_tests {

/// The terms of a sum (x, with y all 1) or of a dot product (x and y), put together from exact pieces.
template <class T>
class hard_terms {
public:
    using format = lastbit::format<T>;
    static constexpr int smallest = format::min_exponent - format::precision + 1;

    hard_terms(lastbit::random_stream& chance, bool products) : chance_(chance), products_(products) {}

    /// The exponents of the least and the greatest bit that a term may have.
    [[nodiscard]] int lowest_bit() const { return products_ ? 2 * smallest : smallest; }
    [[nodiscard]] int highest_bit() const { return products_ ? 2 * format::max_exponent : format::max_exponent; }

    /// Terms whose sum is (-1)^negative m 2^exponent, m cut into pieces of random lengths.
    void add(bool negative, std::uint64_t m, int exponent) {
        while (m != 0) {
            int const zeros = std::countr_zero(m);
            m >>= zeros;
            exponent += zeros;
            int const length = between(chance_, 1, format::precision);
            std::uint64_t const piece = m & ((std::uint64_t{1} << length) - 1);
            add_piece(negative, piece, exponent);
            m = length < 64 ? m >> length : 0;
            exponent += length;
        }
    }

    /// Pairs of terms of any size that cancel; n pairs.
    void add_noise(std::size_t n) {
        for (std::size_t i = 0; i < n; ++i) {
            T const a = any_finite();
            T const b = products_ ? any_finite() : one();
            bool const swapped = products_ && chance_.below(2) == 0;
            append(a, b);
            if (swapped) append(lastbit::negate(b), a);
            else append(lastbit::negate(a), b);
        }
    }

    /// n sums that cancel, of terms with bits around 2^exponent; the two halves are cut differently.
    void add_noise_around(std::size_t n, int exponent) {
        for (std::size_t i = 0; i < n; ++i) {
            int const length = between(chance_, 1, format::precision);
            int const low = lowest_bit();
            int const last =
                std::clamp(exponent + between(chance_, -70, 10), low, std::max(low, highest_bit() - length));
            std::uint64_t const m = chance_.bits() >> (64 - length);
            bool const negative = chance_.below(2) != 0;
            add(negative, m, last);
            add(!negative, m, last);
        }
    }

    /// n zeros of either sign.
    void add_zeros(std::size_t n) {
        for (std::size_t i = 0; i < n; ++i) append(with_sign(0, chance_.below(2) != 0), any_of_products());
    }

    void shuffle() {
        for (std::size_t i = x.size(); i > 1; --i) {
            std::size_t const j = chance_.below(i);
            std::swap(x[i - 1], x[j]);
            std::swap(y[i - 1], y[j]);
        }
    }

    std::vector<T> x;
    std::vector<T> y;

private:
    static T one() { return lastbit::detail::compose<T>(false, 1, 0); }
    static T with_sign(bits_of<T> magnitude, bool negative) {
        return lastbit::from_bits<T>(static_cast<bits_of<T>>(magnitude | (negative ? sign_bit<T> : bits_of<T>{0})));
    }
    T any_finite() { return with_sign(static_cast<bits_of<T>>(chance_.below(infinite<T>)), chance_.below(2) != 0); }
    T any_of_products() { return products_ ? any_finite() : one(); }

    void append(T a, T b) {
        x.push_back(a);
        y.push_back(b);
    }

    /// One term: a piece of at most p bits, as it is or as itself 2^(exponent - shift) times 2^shift.
    void add_piece(bool negative, std::uint64_t piece, int exponent) {
        if (!products_) return append(lastbit::detail::compose<T>(negative, piece, exponent), one());
        int const highest =
            format::max_exponent - static_cast<int>(std::bit_width(piece) - 1);  // of the piece's last bit
        int const low = std::max(exponent - highest, smallest);
        int const high = std::min(exponent - smallest, format::max_exponent);
        int const shift = between(chance_, low, high);
        T a = lastbit::detail::compose<T>(negative, piece, exponent - shift);
        T b = lastbit::detail::compose<T>(false, 1, shift);
        if (chance_.below(2) == 0) std::swap(a, b);
        append(a, b);
    }

    lastbit::random_stream& chance_;
    bool products_;
};

/// A value beside or upon a tie, and what it rounds to.
template <class R>
struct known_result {
    bool negative;
    std::uint64_t odd;  ///< odd * 2^exponent lies half-way between two numbers of R
    int exponent;
    int side;  ///< -1, 0, 1: a tiny term smaller in magnitude, none, larger
    R rounded;
};

/// A random tie of R with bits 2^low ... 2^high, or a value off it on the given side. One in four is Omega + ulp / 2,
/// one in four lies among the subnormals, where low and high allow it.
template <class R>
[[nodiscard]] known_result<R> random_tie(lastbit::random_stream& chance, int low, int high, int side) {
    using format = lastbit::format<R>;
    constexpr int p = format::precision;
    constexpr std::uint64_t hidden = std::uint64_t{1} << (p - 1);
    constexpr int of_subnormals = format::min_exponent - p;  // half of the smallest subnormal
    if (side != 0) ++low;                                    // room for the tiny term
    int const least = std::max(low, of_subnormals);
    int const most = std::min(high - p, format::max_exponent - p);
    known_result<R> out{chance.below(2) != 0, 0, 0, side, R{}};
    std::uint64_t even_or_odd = hidden + chance.below(hidden);  // a significand of p bits
    out.exponent = between(chance, std::min(least, most), most);
    std::uint64_t const choice = chance.below(4);
    if (choice == 0 && most == format::max_exponent - p) {
        out.exponent = most;
        even_or_odd = 2 * hidden - 1;
    } else if (choice == 1 && least == of_subnormals) {
        out.exponent = least;
        even_or_odd = chance.below(hidden) >> chance.below(p);
    }
    out.odd = 2 * even_or_odd + 1;
    bool const up = side > 0 || (side == 0 && even_or_odd % 2 != 0);
    out.rounded = lastbit::detail::compose<R>(out.negative, even_or_odd + (up ? 1 : 0), out.exponent + 1);
    return out;
}

/// Terms that add up to a random tie of R or a value off it by one tiny term, among terms that cancel.
template <class R, class T>
[[nodiscard]] known_result<R> append_tie(hard_terms<T>& terms, lastbit::random_stream& chance, int side) {
    auto const tie = random_tie<R>(chance, terms.lowest_bit(), terms.highest_bit(), side);
    terms.add(tie.negative, tie.odd, tie.exponent);
    if (side != 0) {  // the least term that there is, or one a little below the last bit of the tie, or any between
        int const low = terms.lowest_bit();
        int const high = tie.exponent - 1;
        std::uint64_t const choice = chance.below(3);
        int const tiny = choice == 0 ? low : between(chance, choice == 1 ? low : std::max(low, high - 120), high);
        terms.add(tie.negative == (side > 0), 1, tiny);
    }
    std::uint64_t const noise = chance.below(4);
    if (noise == 1) terms.add_noise(1 + chance.below(20));
    if (noise > 1) terms.add_noise_around(chance.below(noise == 2 ? 20 : 200), tie.exponent);
    if (chance.below(32) == 0) terms.add_noise(1000);
    terms.add_zeros(chance.below(4));
    terms.shuffle();
    return tie;
}

}  // namespace lastbit_tests
