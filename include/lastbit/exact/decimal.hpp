// SPDX-License-Identifier: BSL-1.0
#pragma once
// Expansions from decimal text and as decimal text: the exact value, rounded once.
//
// In integers: no locale, and no flag or rounding direction changes a digit.

#include <lastbit/exact/expansion.hpp>
#include <lastbit/exact/expansion_limits.hpp>

#include <algorithm>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// A natural number of any size, as much of one as reading and writing need.
class natural {
public:
    natural() = default;
    /// The digits of radix 2^32, the least significant one first.
    explicit natural(std::vector<std::uint32_t> digits) : digit_(std::move(digits)) { trim(); }

    [[nodiscard]] bool is_zero() const noexcept { return digit_.empty(); }
    [[nodiscard]] std::vector<std::uint32_t> const& digits() const noexcept { return digit_; }

    void multiply_add(std::uint32_t factor, std::uint32_t summand) {
        std::uint64_t carry = summand;
        for (std::uint32_t& d : digit_) {
            carry += std::uint64_t{d} * factor;
            d = static_cast<std::uint32_t>(carry);
            carry >>= 32;
        }
        if (carry != 0) digit_.push_back(static_cast<std::uint32_t>(carry));
    }

    /// The quotient replaces the number. Returns the remainder.
    std::uint32_t divide(std::uint32_t divisor) noexcept {
        std::uint64_t rest = 0;
        for (std::size_t i = digit_.size(); i-- > 0;) {
            rest = rest << 32 | digit_[i];
            digit_[i] = static_cast<std::uint32_t>(rest / divisor);
            rest %= divisor;
        }
        trim();
        return static_cast<std::uint32_t>(rest);
    }

    void shift_left(unsigned bits) {
        multiply_add(std::uint32_t{1} << (bits % 32), 0);
        if (!is_zero()) digit_.insert(digit_.begin(), bits / 32, 0);
    }

    void make_odd() {
        if (digit_.empty()) digit_.push_back(0);
        digit_[0] |= 1;
    }

private:
    void trim() noexcept {
        while (!digit_.empty() && digit_.back() == 0) digit_.pop_back();
    }

    std::vector<std::uint32_t> digit_;
};

/// Calls step(base^most) and at the end step(base^rest), so that the product of all is base^exponent.
template <class Step>
void for_powers(std::uint32_t base, int most, int exponent, Step const& step) {
    while (exponent > 0) {
        std::uint32_t power = 1;
        for (int k = 0; k < most && exponent > 0; ++k, --exponent) power *= base;
        step(power);
    }
}

/// 10^9 and 5^13 are the largest powers below 2^32.
inline constexpr int nines = 9, thirteens = 13;

/// A number as a text gives it: (-1)^negative times `digits` times 10^exponent. No digits: 0.
struct decimal_number {
    enum class kind { finite, infinite, not_a_number };

    kind what = kind::finite;
    bool negative = false;
    std::string digits;
    std::int64_t exponent = 0;
};

/// Reads digits with at most one point among or beside them, a sign before and an exponent behind; inf, infinity, nan,
/// with a sign or without; nothing from any other text.
///
/// What is 10^highest or more is infinite. Digits worth less than 10^lowest are cut; 10^(lowest - 1) stands for them if
/// they are not 0: between the same multiples of 10^lowest as they were.
class decimal_reader {
public:
    decimal_reader(std::string_view text, std::int64_t lowest, std::int64_t highest) noexcept
        : text_(text), lowest_(lowest), highest_(highest) {}

    [[nodiscard]] std::optional<decimal_number> read() {
        decimal_number number;
        number.negative = take('-');
        if (!number.negative) take('+');
        if (rest_is("nan")) {
            number.what = decimal_number::kind::not_a_number;
            return number;
        }
        if (rest_is("inf") || rest_is("infinity")) {
            number.what = decimal_number::kind::infinite;
            return number;
        }
        std::string_view const before = take_digits();
        std::string_view const after = take('.') ? take_digits() : std::string_view();
        if (before.empty() && after.empty()) return std::nullopt;
        std::int64_t exponent = 0;
        if (take('e') || take('E')) {
            bool const negative = take('-');
            if (!negative) take('+');
            std::string_view const digits = take_digits();
            if (digits.empty()) return std::nullopt;
            // Greater ones than any length of a text makes up for are all alike.
            constexpr std::int64_t enough = 100'000'000'000'000'000;
            for (char const c : digits)
                if (exponent < enough) exponent = 10 * exponent + (c - '0');
            if (negative) exponent = -exponent;
        }
        if (next_ != text_.size()) return std::nullopt;
        number.exponent = exponent + static_cast<std::int64_t>(before.size());
        for (std::string_view const part : {before, after})
            if (append(part, number)) break;
        return number;
    }

private:
    bool take(char c) noexcept {
        bool const found = next_ < text_.size() && text_[next_] == c;
        if (found) ++next_;
        return found;
    }

    [[nodiscard]] std::string_view take_digits() noexcept {
        std::size_t const first = next_;
        while (next_ < text_.size() && text_[next_] >= '0' && text_[next_] <= '9') ++next_;
        return text_.substr(first, next_ - first);
    }

    [[nodiscard]] bool rest_is(std::string_view word) const noexcept {
        std::string_view const rest = text_.substr(next_);
        auto const same = [](char c, char lower) { return c == lower || c == lower - 'a' + 'A'; };
        return rest.size() == word.size() && std::equal(rest.begin(), rest.end(), word.begin(), same);
    }

    /// Adds digits, of which the first is worth less than 10^number.exponent; true if the others do not matter.
    [[nodiscard]] bool append(std::string_view digits, decimal_number& number) const {
        for (char const c : digits) {
            if (c == '0' && number.digits.empty()) {
                --number.exponent;
                continue;
            }
            if (number.exponent > highest_) {
                number.what = decimal_number::kind::infinite;
                return true;
            }
            if (number.exponent > lowest_) {
                number.digits += c;
                --number.exponent;
            } else if (c != '0') {
                number.digits += '1';
                number.exponent = lowest_ - 1;
                return true;
            }
        }
        return false;
    }

    std::string_view text_;
    std::int64_t lowest_, highest_;
    std::size_t next_ = 0;
};

/// The digits times 10^exponent 2^shift: its integer part, made odd where that is less.
[[nodiscard]] inline natural scaled(decimal_number const& number, unsigned shift) {
    natural scaled;
    for (std::size_t i = 0; i < number.digits.size(); i += nines) {
        std::uint32_t power = 1;
        std::uint32_t group = 0;
        for (char const c : number.digits.substr(i, nines)) {
            power *= 10;
            group = 10 * group + static_cast<std::uint32_t>(c - '0');
        }
        scaled.multiply_add(power, group);
    }
    auto const exponent = static_cast<int>(number.exponent);
    for_powers(10, nines, exponent, [&](std::uint32_t power) { scaled.multiply_add(power, 0); });
    scaled.shift_left(shift);
    bool inexact = false;
    for_powers(10, nines, -exponent, [&](std::uint32_t power) { inexact = scaled.divide(power) != 0 || inexact; });
    if (inexact) scaled.make_odd();
    return scaled;
}

/// The number that the text says: its nearest T, then what is left of it, and so on. Nothing if it says none.
/// Error:    none but that of nearest_words: the value is exact.
/// Special:  "inf", "infinity", "nan" in any case; overflow gives an infinity and underflow a zero, each with the sign.
/// Requires: a sound environment.
/// Cost:     a look at each digit, and at most about 10^3 + 53 of them are reckoned with.
template <native_format T, std::size_t N>
[[nodiscard]] std::optional<std::array<T, N>> nearest_words_of_decimal(std::string_view text) {
    // All numbers of T and all points half-way between two sums of them are multiples of 2^(unit + 1) and of 10^unit:
    // what lies between two multiples is rounded alike.
    constexpr int unit = format<T>::min_exponent - format<T>::precision - 1;
    std::optional<decimal_number> const number =
        decimal_reader(text, unit, std::numeric_limits<T>::max_exponent10 + 1).read();
    if (!number) return std::nullopt;
    using bits_type = typename format<T>::bits_type;
    bits_type const sign = number->negative ? fields<T>::sign : bits_type{0};
    std::array<T, N> word{};
    if (number->what == decimal_number::kind::not_a_number) {
        word[0] = from_hidden_bits<T>(fields<T>::exponent | fields<T>::quiet);
    } else if (number->what == decimal_number::kind::infinite) {
        word[0] = from_hidden_bits<T>(sign | fields<T>::exponent);
    } else if (number->digits.empty()) {
        word[0] = from_hidden_bits<T>(sign);
    } else {
        superaccumulator<T> total;
        int exponent = unit;
        auto const add_half = [&](std::uint32_t half) {  // 16 bits are a number of either format
            int const part = exponent / 2;
            if (half != 0)
                total.add_product_bits(compose_bits<T>(number->negative, half, part, false),
                                       compose_bits<T>(false, 1, exponent - part, false));
            exponent += 16;
        };
        natural const sum = scaled(*number, static_cast<unsigned>(-unit));
        for (std::uint32_t const d : sum.digits()) {
            add_half(d & 0xFFFF);
            add_half(d >> 16);
        }
        word = nearest_words<T, N>(total);
        if (!is_finite(word[0])) std::fill(word.begin() + 1, word.end(), T{0});
    }
    return word;
}

/// At most 40 characters of the text for a message, control characters as '?'.
[[nodiscard, gnu::cold, gnu::noinline]] inline std::string beginning(std::string_view text) {
    std::string out(text.substr(0, 40));
    for (char& c : out)
        if ((c >= 0 && c < ' ') || c == 127) c = '?';
    return '"' + out + (text.size() > 40 ? "\"..." : "\"");
}

/// A finite number's magnitude: d.ddd 10^exponent, without zeros at the end until it is rounded. No digits: 0.
struct scientific {
    std::string digits;
    int exponent = 0;

    /// To `count` digits, to nearest, ties to even; or zeros at the end. Requires: count > 0; the number is not 0.
    void round(std::size_t count) {
        if (digits.size() > count) {
            bool const tie = digits[count] == '5' && digits.size() == count + 1;
            bool const odd = (digits[count - 1] - '0') % 2 != 0;
            bool const up = tie ? odd : digits[count] >= '5';
            digits.resize(count);
            if (up) increment();
        }
        digits.resize(count, '0');
    }

private:
    void increment() {
        std::size_t const last = digits.find_last_not_of('9');
        if (last == std::string::npos) {
            digits.assign(digits.size(), '0');
            digits[0] = '1';
            ++exponent;
        } else {
            ++digits[last];
            std::fill(digits.begin() + static_cast<std::ptrdiff_t>(last) + 1, digits.end(), '0');
        }
    }
};

/// All digits of the exact sum's magnitude. Requires: it is finite.
template <native_format T>
[[nodiscard]] scientific exact_decimal(superaccumulator<T> const& total) {
    auto const sum = bulk_access::magnitude(total);
    if (sum.is_zero()) return {};
    int from = 0;  // the lowest bit that is 1
    while ((sum.bits(from) & 0xFFFFFFFF) == 0) from += 32;
    from += std::countr_zero(sum.bits(from));
    std::vector<std::uint32_t> bits;
    for (int i = from; i < sum.length(); i += 32) bits.push_back(static_cast<std::uint32_t>(sum.bits(i)));
    natural number(std::move(bits));
    // m 2^-k = (m 5^k) 10^-k
    int const exponent = sum.lowest + from;
    if (exponent > 0) number.shift_left(static_cast<unsigned>(exponent));
    for_powers(5, thirteens, -exponent, [&](std::uint32_t power) { number.multiply_add(power, 0); });
    std::string digits;  // the last one first
    while (!number.is_zero()) {
        std::uint32_t group = number.divide(1'000'000'000);
        for (int k = 0; k < nines; ++k, group /= 10) digits += static_cast<char>('0' + group % 10);
    }
    digits.resize(digits.find_last_not_of('0') + 1);
    scientific out{{digits.rbegin(), digits.rend()}, static_cast<int>(digits.size()) - 1 + std::min(exponent, 0)};
    out.digits.resize(out.digits.find_last_not_of('0') + 1);
    return out;
}

}  // namespace detail

/// The number that the text says in decimal, as its nearest N words: "0.1", "-12.5e-3", ".5", "inf", "Infinity", "nan".
/// Overflow gives an infinity, underflow a zero. Any other text fails LASTBIT_EXPECTS: spaces, too.
template <native_format T, std::size_t N>
    requires(N >= 2 && N <= 8)
expansion<T, N>::expansion(std::string_view decimal) {
    auto const word = detail::nearest_words_of_decimal<T, N>(decimal);
    LASTBIT_EXPECTS(word.has_value(), "expansion: " + detail::beginning(decimal) +
                                          " is no decimal number; expected is for instance -12.5e-3, inf or nan");
    word_ = word.value_or(std::array<T, N>{canonical_nan<T>()});
}

/// x in decimal, "-d.ddde-07", with so many significant digits: the exact value rounded once, to nearest, ties to even.
/// @param digits  0: all digits of the exact value, without zeros at the end; these always give x again
/// Special:  "0", "-0", "inf", "-inf"; "nan" for every NaN.
/// Requires: digits >= 0, else LASTBIT_EXPECTS fails.
template <native_format T, std::size_t N>
[[nodiscard]] std::string to_string(expansion<T, N> const& x,
                                    int digits = std::numeric_limits<expansion<T, N>>::max_digits10) {
    LASTBIT_EXPECTS(digits >= 0, "to_string: digits is " + std::to_string(digits) + "; it must not be negative");
    if (is_nan(x[0])) return "nan";
    std::string text = is_negative(x[0]) ? "-" : "";
    if (!is_finite(x[0])) return text + "inf";
    detail::scientific number = detail::exact_decimal(x.exact_total());
    if (number.digits.empty()) return text + "0";
    if (digits > 0) number.round(static_cast<std::size_t>(digits));
    text += number.digits[0];
    if (number.digits.size() > 1) text.append(".").append(number.digits, 1);
    std::string const exponent = std::to_string(number.exponent < 0 ? -number.exponent : number.exponent);
    text += number.exponent < 0 ? "e-" : "e+";
    if (exponent.size() < 2) text += '0';
    return text + exponent;
}

/// to_string(x) with as many digits as the stream's precision says: significant ones as for a double (0 counts as 1),
/// behind the point where std::scientific is set. Always scientific; width, fill, showpos and uppercase count.
template <class Traits, native_format T, std::size_t N>
std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, expansion<T, N> const& x) {
    auto const flags = out.flags();
    bool const behind_point = (flags & out.floatfield) == out.scientific;
    auto const asked = out.precision();
    int const precision = asked < 0 ? 6 : static_cast<int>(std::min<decltype(out.precision())>(asked, 1'000'000'000));
    std::string text = to_string(x, behind_point ? precision + 1 : std::max(precision, 1));
    if ((flags & out.showpos) != 0 && text[0] != '-') text.insert(0, 1, '+');
    if ((flags & out.uppercase) != 0)
        for (char& c : text)
            if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return out << text.c_str();
}

}  // namespace LASTBIT_ABI
}  // namespace lastbit
