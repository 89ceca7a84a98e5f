// SPDX-License-Identifier: BSL-1.0
#pragma once
// A sum without rounding: a fixed-point number wide enough for every finite number and product of its format.
//
// Digits of 32 bits lie in words of 64, so that carries may wait: a term touches three digits, a product five, and the
// others only once in 2^30 terms. Terms may come in any order and grouping; the state after normalisation, the rounded
// result and the bytes are the same.

#include <lastbit/base/contracts.hpp>
#include <lastbit/base/environment.hpp>
#include <lastbit/exact/bulk_add.hpp>
#include <lastbit/exact/exact_digits.hpp>
#include <lastbit/exact/rounding_direction.hpp>
#include <lastbit/exact/superaccumulator_bytes.hpp>

#include <array>
#include <compare>
#include <cstddef>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace lastbit {
inline namespace LASTBIT_ABI {

template <binary_format T>
class superaccumulator;

namespace detail {

/// How other parts of the library add terms of their own, and read the sum's digits.
struct bulk_access {
    template <class T, class Terms>
    static void add(superaccumulator<T>& total, Terms const& terms, std::size_t n) noexcept {
        total.add_bulk(terms, n);
    }
    template <class T>
    [[nodiscard]] static auto magnitude(superaccumulator<T> const& total) noexcept {
        return total.magnitude();
    }
};

}  // namespace detail

/// The exact sum of numbers of the format T and of products of two such numbers.
///
/// Holds at least 2^60 terms of any size. Copyable; const operations are thread-safe.
/// Special:  a NaN, or infinities of both signs, or 0 inf give NaN; else an infinity wins. An exact zero is +0 unless
///           every term was -0; rounded downward it is -0 unless every term was +0; the empty sum is +0.
/// Requires: nothing of the environment: integers, and where arrays are added a guard.
/// Source:   [Kul13] Kulisch's complete accumulator; [Nea15] for deferred carries.
template <binary_format T>
class superaccumulator {
public:
    /// x is added.
    [[gnu::always_inline]] constexpr void add(T x) noexcept { add_bits(to_bits(x)); }

    /// As add, of the number with these bits. Functions of values are inlined and those of bits do the work: a compiler
    /// that may assume finite numbers assumes them of parameters and results.
    constexpr void add_bits(typename format<T>::bits_type bits) noexcept {
        T const x = from_bits<T>(bits);
        if (!is_finite(x)) return add_special(is_nan(x), is_negative(x));
        detail::decomposed const d = detail::decompose(x);
        if (d.significand == 0) return add_zero(d.negative);
        add_digits(d.negative, d.significand, d.exponent);
    }

    /// Every number of x is added: the sum is that after adding them one by one; long arrays take a faster path.
    constexpr void add(std::span<T const> x) noexcept {
        if (std::is_constant_evaluated() || x.size() < few_terms) {
            for (T const element : x) add(element);
        } else {
            add_bulk(detail::number_doubles<T>{x.data()}, x.size());
        }
    }

    /// The exact product x y is added.
    [[gnu::always_inline]] constexpr void add_product(T x, T y) noexcept { add_product_bits(to_bits(x), to_bits(y)); }

    /// As add_product, of the numbers with these bits.
    constexpr void add_product_bits(typename format<T>::bits_type x_bits,
                                    typename format<T>::bits_type y_bits) noexcept {
        T const x = from_bits<T>(x_bits);
        T const y = from_bits<T>(y_bits);
        bool const negative = is_negative(x) != is_negative(y);
        if (!is_finite(x) || !is_finite(y))
            return add_special(is_nan(x) || is_nan(y) || is_zero(x) || is_zero(y), negative);
        detail::decomposed const a = detail::decompose(x);
        detail::decomposed const b = detail::decompose(y);
        if (a.significand == 0 || b.significand == 0) return add_zero(negative);
        add_digits(negative, product_type{a.significand} * b.significand, a.exponent + b.exponent);
    }

    /// Every product x_i y_i is added, as add does numbers. Requires: y.size() == x.size(), else LASTBIT_EXPECTS fails.
    constexpr void add_product(std::span<T const> x, std::span<T const> y) {
        LASTBIT_EXPECTS(x.size() == y.size(), "superaccumulator: x has shape " + detail::shape_text(x.size()) +
                                                  " and y " + detail::shape_text(y.size()) +
                                                  "; they must be equally long");
        if (std::is_constant_evaluated() || x.size() < few_terms) {
            for (std::size_t i = 0; i < x.size(); ++i) add_product(x[i], y[i]);
        } else {
            add_bulk(detail::product_doubles<T>{x.data(), y.data()}, x.size());
        }
    }

    /// All terms of `other` are added. Merging with itself doubles.
    constexpr void merge(superaccumulator const& other) noexcept {
        if (waiting_ + other.waiting_ + 1 >= most_waiting) normalise();
        superaccumulator copy;
        superaccumulator const* from = &other;
        if (waiting_ + other.waiting_ + 1 >= most_waiting || from == this) {
            copy = other;
            copy.normalise();
            from = &copy;
        }
        for (std::size_t i = 0; i < digits; ++i) digit_[i] += from->digit_[i];
        waiting_ += from->waiting_ + 1;
        seen_ |= from->seen_;
    }

    /// All terms of another format's accumulator are added. Requires: T is wide enough for that format's products.
    template <binary_format U>
        requires(!std::same_as<U, T> && detail::holds_sums_of<T, U>)
    void merge(superaccumulator<U> const& other) { merge(of_value(other.value())); }

    /// The empty sum again.
    constexpr void clear() noexcept { *this = superaccumulator(); }

    /// The sum rounded once to the format R.
    /// Special: to nearest, an exact value of at least Omega + ulp(Omega)/2 in magnitude gives an infinity; a value
    ///          that underflows to zero keeps its sign; NaN is the positive quiet NaN with zero payload.
    template <binary_format R = T>
    [[nodiscard, gnu::always_inline]] constexpr R round(rounding direction = rounding::to_nearest) const noexcept {
        return detail::from_hidden_bits<R>(round_bits<R>(direction));
    }

    /// The bits of round<R>(direction).
    template <binary_format R = T>
    [[nodiscard]] constexpr typename format<R>::bits_type round_bits(
        rounding direction = rounding::to_nearest) const noexcept;

    /// -1, 0 or 1. 0 for NaN, too; an infinity has its sign.
    [[nodiscard]] constexpr int sign() const noexcept {
        if (not_a_number()) return 0;
        if ((seen_ & (positive_infinity | negative_infinity)) != 0) return (seen_ & positive_infinity) != 0 ? 1 : -1;
        superaccumulator copy = *this;
        copy.normalise();
        if (copy.digit_[digits - 1] < 0) return -1;
        for (std::int64_t const d : copy.digit_)
            if (d != 0) return 1;
        return 0;
    }

    /// Compares the exact values; NaN is unordered.
    [[nodiscard]] friend constexpr std::partial_ordering operator<=>(superaccumulator const& a,
                                                                     superaccumulator const& b) noexcept {
        if (a.not_a_number() || b.not_a_number()) return std::partial_ordering::unordered;
        constexpr unsigned infinite = positive_infinity | negative_infinity;
        if (((a.seen_ | b.seen_) & infinite) != 0) {
            auto const rank = [](unsigned seen) {
                return (seen & positive_infinity) != 0 ? 1 : (seen & negative_infinity) != 0 ? -1 : 0;
            };
            return rank(a.seen_) <=> rank(b.seen_);
        }
        superaccumulator left = a;
        superaccumulator right = b;
        left.normalise();
        right.normalise();
        for (std::size_t i = digits; i-- > 0;)
            if (left.digit_[i] != right.digit_[i]) return left.digit_[i] <=> right.digit_[i];
        return std::partial_ordering::equivalent;
    }
    [[nodiscard]] friend constexpr bool operator==(superaccumulator const& a, superaccumulator const& b) noexcept {
        return (a <=> b) == 0;
    }

    /// The sum as bytes that every machine and every build reads alike (docs/superaccumulator-bytes.md). Equal sums
    /// give equal bytes, and two accumulators with equal bytes behave alike whatever is added to both.
    [[nodiscard]] std::vector<std::byte> to_bytes() const {
        return detail::encode_sum(value(), detail::limits_of_sums<T>);
    }

    /// The accumulator that to_bytes() wrote.
    /// @param name  what messages call the bytes, for instance their file
    /// Error: format_error for everything else: another version or format, too few or too many bytes, damaged ones, and
    ///        an encoding other than to_bytes() gives.
    [[nodiscard]] static superaccumulator from_bytes(std::span<std::byte const> bytes,
                                                     std::string const& name = "superaccumulator") {
        return of_value(detail::sum_decoder(bytes, name).decode(detail::limits_of_sums<T>));
    }

private:
    template <binary_format U>
    friend class superaccumulator;

    __extension__ using wide = unsigned __int128;
    /// Holds a product of two significands.
    using product_type = std::conditional_t<2 * format<T>::precision <= 64, std::uint64_t, wide>;

    // What was seen of terms that are not digits.
    static constexpr unsigned positive_zero = 1, negative_zero = 2, nonzero = 4;
    static constexpr unsigned positive_infinity = 8, negative_infinity = 16, nan_term = 32;

    static constexpr int lowest_bit = 2 * (format<T>::min_exponent - format<T>::precision + 1);
    static constexpr int lowest = lowest_bit - (32 + lowest_bit % 32) % 32;  // a multiple of 32
    static constexpr int top_bit = 2 * (format<T>::max_exponent + 1) + 64;
    static constexpr std::size_t digits = static_cast<std::size_t>((top_bit - lowest + 31) / 32);
    static constexpr std::int64_t most_waiting = std::int64_t{1} << 30;

    [[nodiscard]] constexpr bool not_a_number() const noexcept {
        constexpr unsigned both = positive_infinity | negative_infinity;
        return (seen_ & nan_term) != 0 || (seen_ & both) == both;
    }

    constexpr void add_special(bool is_not_a_number, bool negative) noexcept {
        seen_ |= is_not_a_number ? nan_term : negative ? negative_infinity : positive_infinity;
    }
    /// Below it a block's fixed cost is not earned back.
    static constexpr std::size_t few_terms = 64;

    /// What the fast path adds to: doubles that are sums of numbers or of products of the format.
    struct bulk_total {
        superaccumulator& self;

        [[gnu::always_inline]] void add(double number) noexcept { add_bits(to_bits(number)); }
        void add_bits(std::uint64_t bits) noexcept {
            double const x = from_bits<double>(bits);
            if (!is_finite(x)) return self.add_special(is_nan(x), is_negative(x));
            detail::decomposed const d = detail::decompose(x);
            if (d.significand == 0) return self.add_zero(d.negative);
            add_scaled(d.negative, d.significand, d.exponent);
        }
        /// Not zero. A double's last bit may lie below the accumulator's; then it is 0.
        void add_scaled(bool negative, std::uint64_t significand, int exponent) noexcept {
            int const zeros = std::same_as<T, double> ? 0 : std::countr_zero(significand);
            self.add_digits(negative, significand >> zeros, exponent + zeros);
        }
        [[gnu::always_inline]] void add_product(T x, T y) noexcept { self.add_product(x, y); }
    };

    template <class Terms>
    void add_bulk(Terms const& terms, std::size_t n) noexcept {
        environment::guard const guard;
        bulk_total total{*this};
        detail::add_terms(*detail::enter(&terms), n, total);
    }

    friend struct detail::bulk_access;

    constexpr void add_zero(bool negative) noexcept { seen_ |= negative ? negative_zero : positive_zero; }

    /// (-1)^negative * m * 2^exponent. A product's topmost digits lie below the head-room, so none is beyond the last.
    template <class Integer>
    constexpr void add_digits(bool negative, Integer m, int exponent) noexcept {
        auto const place = static_cast<unsigned>(exponent - lowest);
        std::size_t const first = place / 32;
        constexpr std::size_t count = sizeof(Integer) == 8 ? 3 : 5;
        std::uint64_t const shift = place % 32;
        wide const low = wide{static_cast<std::uint64_t>(m)} << shift;
        std::array<std::uint64_t, 5> d{static_cast<std::uint32_t>(low), static_cast<std::uint32_t>(low >> 32),
                                       static_cast<std::uint64_t>(low >> 64), 0, 0};
        if constexpr (count == 5) {
            wide const high = (wide{static_cast<std::uint64_t>(m >> 64)} << shift) + d[2];
            d[2] = static_cast<std::uint32_t>(high);
            d[3] = static_cast<std::uint32_t>(high >> 32);
            d[4] = static_cast<std::uint64_t>(high >> 64);
        }
        std::int64_t const mask = negative ? -1 : 0;
        for (std::size_t i = 0; i < count; ++i) digit_[first + i] += (static_cast<std::int64_t>(d[i]) ^ mask) - mask;
        seen_ |= nonzero;
        if (++waiting_ >= most_waiting) normalise();
    }

    /// All digits but the last in 0 ... 2^32 - 1; the last has the sign.
    constexpr void normalise() noexcept {
        std::int64_t carry = 0;
        for (std::size_t i = 0; i + 1 < digits; ++i) {
            std::int64_t const d = digit_[i] + carry;
            carry = d >> 32;
            digit_[i] = d & 0xFFFFFFFF;
        }
        digit_[digits - 1] += carry;
        waiting_ = 0;
    }

    /// Changes the sign; normalised again.
    constexpr void negate_digits() noexcept {
        for (std::int64_t& d : digit_) d = -d;
        normalise();
    }

    [[nodiscard]] detail::sum_state state(bool is_zero, bool negative) const noexcept {
        using detail::sum_state;
        if (not_a_number()) return sum_state::not_a_number;
        if ((seen_ & positive_infinity) != 0) return sum_state::positive_infinity;
        if ((seen_ & negative_infinity) != 0) return sum_state::negative_infinity;
        if (!is_zero) return negative ? sum_state::negative : sum_state::positive;
        if (seen_ == positive_zero) return sum_state::positive_zeros;
        if (seen_ == negative_zero) return sum_state::negative_zeros;
        return seen_ != 0 ? sum_state::zero : sum_state::empty;
    }

    [[nodiscard]] detail::exact_sum value() const {
        superaccumulator copy = *this;
        copy.normalise();
        bool const negative = copy.digit_[digits - 1] < 0;
        if (negative) copy.negate_digits();
        detail::exact_sum sum = detail::magnitude_of_digits(copy.digit_, lowest);
        sum.state = state(sum.magnitude.empty(), negative);
        if (sum.state == detail::sum_state::positive || sum.state == detail::sum_state::negative) return sum;
        return {sum.state, 0, {}};
    }

    [[nodiscard]] detail::exact_digits<digits + 1> magnitude() const noexcept {
        superaccumulator copy = *this;
        copy.normalise();
        bool const negative = copy.digit_[digits - 1] < 0;
        if (negative) copy.negate_digits();
        detail::exact_digits<digits + 1> sum;
        sum.lowest = lowest;
        for (std::size_t i = 0; i < digits; ++i) sum.digit[i] = static_cast<std::uint32_t>(copy.digit_[i]);
        sum.digit[digits] = static_cast<std::uint32_t>(copy.digit_[digits - 1] >> 32);
        sum.trim();
        sum.state = state(sum.size == 0, negative);
        return sum;
    }

    [[nodiscard]] static superaccumulator of_value(detail::exact_sum const& sum) noexcept {
        constexpr unsigned seen[] = {0,       positive_zero,     negative_zero,     nonzero, nonzero,
                                     nonzero, positive_infinity, negative_infinity, nan_term};
        superaccumulator result;
        result.seen_ = seen[static_cast<std::size_t>(sum.state)];
        detail::digits_of_magnitude(sum, lowest, result.digit_);
        if (sum.state == detail::sum_state::negative) result.negate_digits();
        return result;
    }

    std::array<std::int64_t, digits> digit_{};
    std::int64_t waiting_ = 0;  // terms since the last normalisation
    unsigned seen_ = 0;
};

template <binary_format T>
template <binary_format R>
constexpr typename format<R>::bits_type superaccumulator<T>::round_bits(rounding direction) const noexcept {
    using bits_type = typename format<R>::bits_type;
    using fields = detail::fields<R>;
    if (not_a_number()) return static_cast<bits_type>(fields::exponent | fields::quiet);
    if ((seen_ & positive_infinity) != 0) return fields::exponent;
    if ((seen_ & negative_infinity) != 0) return static_cast<bits_type>(fields::exponent | fields::sign);
    superaccumulator copy = *this;
    copy.normalise();
    bool const negative = copy.digit_[digits - 1] < 0;
    if (negative) copy.negate_digits();
    std::size_t top = digits;
    while (top > 0 && copy.digit_[top - 1] == 0) --top;
    if (top == 0) {
        bool const minus = direction == rounding::downward ? (seen_ & ~positive_zero) != 0 : seen_ == negative_zero;
        return static_cast<bits_type>(minus ? fields::sign : 0);
    }
    // Up to 64 bits from the top digit down, and whether any bit lies below.
    std::uint64_t significand = 0;
    int room = 64;
    std::size_t i = top;
    bool sticky = false;
    int exponent = lowest + static_cast<int>(32 * top);
    while (i > 0 && room > 0) {
        auto const d = static_cast<std::uint64_t>(copy.digit_[--i]);
        int const length = i + 1 == top ? 64 - std::countl_zero(d) : 32;
        int const take = length < room ? length : room;
        significand = take < 64 ? (significand << take) | (d >> (length - take)) : d;
        sticky = take < length && (d & ((std::uint64_t{1} << (length - take)) - 1)) != 0;
        exponent = lowest + static_cast<int>(32 * i) + length - take;
        room -= take;
    }
    while (i > 0 && !sticky) sticky = copy.digit_[--i] != 0;
    return detail::compose_bits_in<R>(direction, negative, significand, exponent, sticky);
}

}  // namespace LASTBIT_ABI
}  // namespace lastbit
