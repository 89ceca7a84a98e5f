// SPDX-License-Identifier: BSL-1.0
#pragma once
// Expansions that arithmetic finds hard, and MPFR as the judge of what it makes of them.

#include <lastbit/base/random.hpp>
#include <lastbit/exact/expansion.hpp>

#include <mpfr.h>

#include <algorithm>

namespace lastbit_tests {

/// Half an ulp of x: the most that the word behind it may be. Requires: x is a normal number well above 2^emin.
template <lastbit::native_format T>
[[nodiscard]] T half_ulp(T x) {
    using namespace lastbit;
    int const exponent =
        static_cast<int>(detail::magnitude_bits(x) >> detail::fields<T>::fraction_bits) - format<T>::max_exponent;
    return exponent < format<T>::min_exponent + format<T>::precision
               ? smallest_subnormal<T>()
               : static_cast<T>(detail::power_of_two(exponent - format<T>::precision));
}

/// Every word is what its sum with the next is rounded to.
template <lastbit::native_format T, std::size_t N>
[[nodiscard]] bool nonoverlapping(std::array<T, N> const& word) {
    using namespace lastbit;
    for (std::size_t q = 0; q + 1 < N; ++q)
        if (to_bits(add(word[q], word[q + 1])) != to_bits(word[q]) && !(is_zero(word[q]) && is_zero(word[q + 1])))
            return false;
    return true;
}

/// Random expansions whose words are as hard as they come: few bits, all ones, powers of two, exactly half an ulp,
/// gaps, zeros.
template <lastbit::native_format T, std::size_t N>
class hard_expansions {
public:
    explicit hard_expansions(std::uint64_t seed) : chance_(seed, N) {}

    /// Leading exponents from -range to range.
    [[nodiscard]] lastbit::expansion<T, N> any(int range) {
        using namespace lastbit;
        std::array<T, N> word{};
        word[0] =
            scaled(significand(), static_cast<int>(chance_.below(2 * static_cast<std::uint64_t>(range) + 1)) - range);
        for (std::size_t q = 1; q < N; ++q) {
            T const most = half_ulp(word[q - 1]);
            if (most < static_cast<T>(detail::power_of_two(format<T>::min_exponent + 2))) break;
            std::uint64_t const kind = chance_.below(8);
            if (kind == 0) break;
            if (kind == 1) word[q] = most;
            else if (kind == 2) word[q] = from_bits<T>(static_cast<typename format<T>::bits_type>(to_bits(most) - 1));
            else {
                int const drop = static_cast<int>(chance_.below(kind == 3 ? 60 : 3)) + 1;
                T const below = static_cast<T>(detail::power_of_two(-drop));
                word[q] = mul(mul(most, below), significand());
            }
            if (chance_.below(2) == 0) word[q] = negate(word[q]);
            // A tie behind an odd word would round up.
            if (to_bits(add(word[q - 1], word[q])) != to_bits(word[q - 1])) word[q] = mul(word[q], T{0.5});
            if (is_zero(word[q])) break;
        }
        return nonoverlapping(word) ? expansion<T, N>::from_nonoverlapping(word) : expansion<T, N>::from_words(word);
    }

    /// Nearly -x: some words the same, the others another's of the same size.
    [[nodiscard]] lastbit::expansion<T, N> nearly_opposite(lastbit::expansion<T, N> const& x) {
        using namespace lastbit;
        std::array<T, N + 1> word{};
        std::size_t const same = chance_.below(N + 1);
        for (std::size_t q = 0; q < same; ++q) word[q] = negate(x[q]);
        if (same < N && same > 0 && !is_zero(x[same - 1])) {
            T const most = half_ulp(x[same - 1]);
            word[same] = mul(mul(most, significand()),
                             static_cast<T>(detail::power_of_two(-1 - static_cast<int>(chance_.below(40)))));
        }
        if (chance_.below(3) == 0) word[N] = mul(word[0], static_cast<T>(unit_roundoff<T>));  // another leading word
        return expansion<T, N>::from_words(word);
    }

    [[nodiscard]] lastbit::random_stream& chance() { return chance_; }

private:
    [[nodiscard]] T scaled(T x, int exponent) {
        return lastbit::mul(x, static_cast<T>(lastbit::detail::power_of_two(exponent)));
    }

    /// A number from 1 to 2, of either sign.
    [[nodiscard]] T significand() {
        using namespace lastbit;
        using bits_type = typename format<T>::bits_type;
        constexpr bits_type fraction = detail::fields<T>::fraction;
        auto bits = static_cast<bits_type>(chance_.bits()) & fraction;
        switch (chance_.below(6)) {
            case 0:
                bits = 0;
                break;
            case 1:
                bits = fraction;
                break;
            case 2:
                bits = static_cast<bits_type>(bits & static_cast<bits_type>(chance_.bits()) &
                                              static_cast<bits_type>(chance_.bits()) &
                                              static_cast<bits_type>(chance_.bits()));
                break;
            case 3:
                bits = static_cast<bits_type>(fraction &
                                              ~((bits_type{1} << chance_.below(detail::fields<T>::fraction_bits)) - 1));
                break;
            case 4:
                bits = static_cast<bits_type>((bits_type{1} << chance_.below(detail::fields<T>::fraction_bits)) - 1);
                break;
            default:
                break;
        }
        T const x = from_bits<T>(static_cast<bits_type>(to_bits(T{1}) | bits));
        return chance_.below(2) == 0 ? x : negate(x);
    }

    lastbit::random_stream chance_;
};

/// A number of MPFR that holds every sum and product here exactly.
class wide_number {
public:
    wide_number() {
        mpfr_init2(value_, 4600);
        mpfr_set_zero(value_, 1);
    }
    wide_number(wide_number const&) = delete;
    wide_number& operator=(wide_number const&) = delete;
    ~wide_number() { mpfr_clear(value_); }

    template <class T, std::size_t N>
    void set(lastbit::expansion<T, N> const& x) {
        mpfr_set_zero(value_, 1);
        for (T const word : x.to_array()) mpfr_add_d(value_, value_, static_cast<double>(word), MPFR_RNDN);
    }
    [[nodiscard]] mpfr_ptr get() { return value_; }

private:
    mpfr_t value_;
};

/// |got - want| / |want|; 0 where both are 0, infinity where only want is.
template <class T, std::size_t N>
[[nodiscard]] double relative_error(lastbit::expansion<T, N> const& got, wide_number& want) {
    static thread_local wide_number difference;
    difference.set(got);
    mpfr_sub(difference.get(), difference.get(), want.get(), MPFR_RNDN);
    if (mpfr_zero_p(difference.get()) != 0) return 0;
    if (mpfr_zero_p(want.get()) != 0) return 1.0 / 0.0;
    mpfr_div(difference.get(), difference.get(), want.get(), MPFR_RNDN);
    return std::abs(mpfr_get_d(difference.get(), MPFR_RNDA));
}

}  // namespace lastbit_tests
