// SPDX-License-Identifier: BSL-1.0
#pragma once
// Numbers whose every operation is rounded stochastically: any function that is templated on its number can be run with
// them.
//
// The random bits of an operation are a function of the seed, the sample and the operation's place in the expression,
// which each number carries along. So a result does not depend on the order in which a compiler evaluates operands, nor
// on threads; and an operation that is done twice with the same numbers gives the same result twice, as it does to
// nearest.

#include <lastbit/base/contracts.hpp>
#include <lastbit/base/random.hpp>
#include <lastbit/base/stochastic_rounding.hpp>

#include <compare>
#include <ranges>
#include <vector>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// A number of the format T that is computed with by +, -, * , / and sqrt, each rounded to one of the two neighbours so
/// that it is right on average. Comparisons are those of the values.
///
/// One is made by a stochastic_source; a T by itself becomes a constant. An operation on constants alone must be exact:
/// there is no seed to draw from.
/// Special: as IEEE 754 says, a NaN the canonical one. Source: [CHM21]
template <binary_format T>
class stochastic_number {
public:
    stochastic_number() = default;
    /// A constant.
    stochastic_number(T x) noexcept : value_(x), place_(to_bits(x)) {}  // implicit: no information is lost

    [[nodiscard]] T value() const noexcept { return value_; }
    [[nodiscard]] explicit operator T() const noexcept { return value_; }

    [[nodiscard]] friend stochastic_number operator+(stochastic_number const& a, stochastic_number const& b) {
        return a.with(b, 0, [&](random_word_pair const& w) { return stochastic_add(a.value_, b.value_, w); });
    }
    [[nodiscard]] friend stochastic_number operator-(stochastic_number const& a, stochastic_number const& b) {
        return a.with(b, 1, [&](random_word_pair const& w) { return stochastic_add(a.value_, negate(b.value_), w); });
    }
    [[nodiscard]] friend stochastic_number operator*(stochastic_number const& a, stochastic_number const& b) {
        return a.with(b, 2, [&](random_word_pair const& w) { return stochastic_multiply(a.value_, b.value_, w); });
    }
    [[nodiscard]] friend stochastic_number operator/(stochastic_number const& a, stochastic_number const& b) {
        return a.with(b, 3, [&](random_word_pair const& w) { return stochastic_divide(a.value_, b.value_, w); });
    }
    [[nodiscard]] friend stochastic_number sqrt(stochastic_number const& a) {
        return a.with(a, 4, [&](random_word_pair const& w) { return stochastic_square_root(a.value_, w); });
    }
    [[nodiscard]] stochastic_number operator-() const {
        stochastic_number r = *this;
        r.value_ = negate(value_);
        r.place_ = ~place_;
        return r;
    }
    [[nodiscard]] stochastic_number operator+() const { return *this; }
    [[nodiscard]] friend stochastic_number abs(stochastic_number const& a) { return is_negative(a.value_) ? -a : a; }

    stochastic_number& operator+=(stochastic_number const& b) { return *this = *this + b; }
    stochastic_number& operator-=(stochastic_number const& b) { return *this = *this - b; }
    stochastic_number& operator*=(stochastic_number const& b) { return *this = *this * b; }
    stochastic_number& operator/=(stochastic_number const& b) { return *this = *this / b; }

    [[nodiscard]] friend bool operator==(stochastic_number const& a, stochastic_number const& b) {
        return (a <=> b) == 0;
    }
    [[nodiscard]] friend std::partial_ordering operator<=>(stochastic_number const& a, stochastic_number const& b) {
        if (is_nan(a.value_) || is_nan(b.value_)) return std::partial_ordering::unordered;
        return static_cast<double>(a.value_) <=> static_cast<double>(b.value_);
    }

private:
    friend class stochastic_source;

    /// "stochast" backwards: other counters than those of sums and of random_stream.
    static constexpr std::uint64_t domain = 0x747361686F637473U;
    using key_type = std::array<std::uint64_t, 2>;

    stochastic_number(T x, std::uint64_t place, key_type const& key) noexcept
        : value_(x), place_(place), key_(key), drawn_(true) {}

    template <class Rounded>
    [[nodiscard]] stochastic_number with(stochastic_number const& b, std::uint64_t operation,
                                         Rounded const& rounded) const {
        if (!drawn_ && !b.drawn_) {
            T const low = rounded({~std::uint64_t{0}, ~std::uint64_t{0}});
            T const high = rounded({0, 0});
            LASTBIT_EXPECTS(to_bits(low) == to_bits(high),
                            "stochastic_number: an operation on two constants is not exact and has no random bits; "
                            "make one of them by a stochastic_source");
            return stochastic_number(low);
        }
        key_type const& key = drawn_ ? key_ : b.key_;
        auto const words = philox4x64({place_, b.place_, operation, domain}, key);
        return stochastic_number(rounded({words[0], words[1]}), words[2], key);
    }

    T value_ = T(0);
    std::uint64_t place_ = 0;  // which expression this is the value of; a constant's bits
    key_type key_{};
    bool drawn_ = false;  // false for a constant
};

/// Where the random bits of one run come from: a seed and the number of the sample.
class stochastic_source {
public:
    stochastic_source(std::uint64_t seed, std::uint64_t sample) noexcept : key_{seed, sample} {}

    /// x, to be computed with. The k-th number made by a source has the k-th place.
    template <binary_format T>
    [[nodiscard]] stochastic_number<T> number(T x) noexcept {
        return stochastic_number<T>(x, next(), key_);
    }

    /// Each element of x.
    template <std::ranges::contiguous_range X>
        requires binary_format<std::remove_cv_t<std::ranges::range_value_t<X>>>
    [[nodiscard]] auto numbers(X const& x) {
        std::vector<stochastic_number<std::remove_cv_t<std::ranges::range_value_t<X>>>> result;
        for (auto const e : x) result.push_back(number(e));
        return result;
    }

    /// Another seed at each call, for sum<stochastic>(x, seed).
    [[nodiscard]] std::uint64_t seed() noexcept { return next(); }

private:
    [[nodiscard]] std::uint64_t next() noexcept {
        return philox4x64({made_++, 0, 5, stochastic_number<double>::domain}, key_)[2];
    }

    std::array<std::uint64_t, 2> key_;
    std::uint64_t made_ = 0;
};

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
