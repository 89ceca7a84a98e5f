// SPDX-License-Identifier: BSL-1.0
#pragma once
// Exact numbers as text, for messages and reports.

#include <lastbit/oracle/real.hpp>

#include <string>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace oracle {
namespace detail {

/// The text of what is no finite non-zero number, else an empty string.
[[nodiscard]] inline std::string special_text(real const& x) {
    if (x.is_nan()) return "nan";
    if (x.is_inf()) return x.is_negative() ? "-inf" : "inf";
    if (x.is_zero()) return x.is_negative() ? "-0" : "0";
    return {};
}

[[nodiscard]] inline integer power_of_ten(std::int64_t k) {
    return boost::multiprecision::pow(integer(10), static_cast<unsigned>(k));
}

}  // namespace detail

/// x exactly, as a C hexadecimal literal with one digit before the point: "-0x1.8p+3", "0", "inf", "nan".
[[nodiscard]] inline std::string hexadecimal(real const& x) {
    if (std::string special = detail::special_text(x); !special.empty()) return special;
    std::int64_t const fraction_bits = detail::bit_length(x.significand()) - 1;
    std::int64_t const padding = (4 - fraction_bits % 4) % 4;
    std::string const digits = detail::shifted_left(x.significand(), padding).str(0, std::ios_base::hex);
    std::string text = x.is_negative() ? "-0x" : "0x";
    text += digits.substr(0, 1);
    if (digits.size() > 1) text += "." + digits.substr(1);
    return text + (x.binade() < 0 ? "p-" : "p+") + std::to_string(x.binade() < 0 ? -x.binade() : x.binade());
}

/// x as "-d.ddde-07" with so many significant digits, rounded to nearest, ties to even. Requires: digits >= 1.
[[nodiscard]] inline std::string decimal(real const& x, int digits = 17) {
    if (std::string special = detail::special_text(x); !special.empty()) return special;
    // 10^k <= |x| up to the error of this first guess, which the loop corrects. 0.30103 is a little above log10(2).
    std::int64_t k = x.binade() * 30103 / 100000 + 1;
    integer scaled;
    integer const limit = detail::power_of_ten(digits);
    for (;; --k) {
        std::int64_t const shift = digits - 1 - k;
        integer numerator = x.significand();
        integer denominator = 1;
        if (shift >= 0) numerator *= detail::power_of_ten(shift);
        else denominator *= detail::power_of_ten(-shift);
        if (x.exponent() >= 0) numerator = detail::shifted_left(numerator, x.exponent());
        else denominator = detail::shifted_left(denominator, -x.exponent());
        scaled = numerator / denominator;
        if (scaled * 10 < limit) continue;  // a digit short: the guess was too large
        integer const twice_rest = (numerator - scaled * denominator) * 2;
        if (twice_rest > denominator || (twice_rest == denominator && scaled % 2 != 0)) ++scaled;
        break;
    }
    if (scaled == limit) {
        scaled /= 10;
        ++k;
    }
    std::string text = scaled.str();
    if (digits > 1) text.insert(1, ".");
    std::string const exponent = std::to_string(k < 0 ? -k : k);
    return (x.is_negative() ? "-" : "") + text + (k < 0 ? "e-" : "e+") + (exponent.size() < 2 ? "0" : "") + exponent;
}

}  // namespace oracle
}  // namespace LASTBIT_ABI
}  // namespace lastbit
