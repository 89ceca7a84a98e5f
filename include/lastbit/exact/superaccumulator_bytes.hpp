// SPDX-License-Identifier: BSL-1.0
#pragma once
// The bytes of a superaccumulator, version 1: an exact sum on its way between processes, machines and files.
//
// What is written is the sum's value, not the accumulator's words: the same bytes on every machine and from every
// build, and one encoding only of each value. docs/superaccumulator-bytes.md says what each byte is.

#include <lastbit/base/format.hpp>
#include <lastbit/base/format_error.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// What a sum is; the numbers are those of the bytes. Two sums with equal states and magnitudes cannot be told apart,
/// whatever is added to both: beside a term that is not zero no zero counts, and beside an infinity nothing finite.
enum class sum_state : unsigned char {
    empty,
    positive_zeros,  // only +0 seen
    negative_zeros,  // only -0 seen
    zero,            // terms that cancel, or zeros of both signs
    positive,
    negative,
    positive_infinity,
    negative_infinity,
    not_a_number
};

/// An exact sum: where the state is positive or negative, its magnitude is M 256^place, and the bytes of M, the least
/// significant one first, begin and end with one that is not 0. Else the magnitude is empty, and the place 0.
struct exact_sum {
    sum_state state = sum_state::empty;
    int place = 0;
    std::vector<unsigned char> magnitude;
};

/// What the bytes must know of a format: its code and its name, and that a sum of up to 2^64 products is an integer
/// times 2^lowest_bit, and below 2^top_bit in magnitude.
struct sum_limits {
    unsigned char code;
    char const* name;
    int lowest_bit, top_bit;
};

template <binary_format T>
inline constexpr unsigned char sum_code = static_cast<unsigned char>(format<T>::precision == 8    ? 1
                                                                     : format<T>::precision == 11 ? 2
                                                                     : format<T>::precision == 24 ? 3
                                                                                                  : 4);

template <binary_format T>
inline constexpr sum_limits limits_of_sums = {sum_code<T>, format<T>::name,
                                              2 * (format<T>::min_exponent - format<T>::precision + 1),
                                              2 * (format<T>::max_exponent + 1) + 64};

/// Whether each sum of To's format is one of From's, too.
template <binary_format To, binary_format From>
inline constexpr bool holds_sums_of =
    limits_of_sums<To>.lowest_bit <= limits_of_sums<From>.lowest_bit&& limits_of_sums<To>.top_bit >=
    limits_of_sums<From>.top_bit;

inline constexpr std::array<unsigned char, 8> sum_magic = {0x93, 'L', 'A', 'S', 'T', 'B', 'I', 'T'};
inline constexpr unsigned char sum_version = 1;
inline constexpr std::size_t sum_header_size = 16, sum_checksum_size = 4;

/// The names of the formats by their codes; nothing at 0.
inline constexpr std::array<char const*, 5> sum_format_names = {nullptr, "bfloat16", "float16", "float32", "float64"};

/// CRC-32 as zlib, PNG and Ethernet compute it.
[[nodiscard]] constexpr std::uint32_t checksum(std::span<std::byte const> bytes) noexcept {
    std::uint32_t crc = 0xFFFFFFFF;
    for (std::byte const b : bytes) {
        crc ^= static_cast<std::uint32_t>(b);
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320U : 0);
    }
    return ~crc;
}

/// The bytes of a sum. Its magnitude has fewer than 2^16 bytes.
[[nodiscard]] inline std::vector<std::byte> encode_sum(exact_sum const& sum, sum_limits const& limits) {
    std::vector<std::byte> bytes;
    bytes.reserve(sum_header_size + sum.magnitude.size() + sum_checksum_size);
    auto const put = [&bytes](std::uint32_t value, int count) {
        for (int k = 0; k < count; ++k) bytes.push_back(static_cast<std::byte>((value >> (8 * k)) & 0xFF));
    };
    for (unsigned char const c : sum_magic) put(c, 1);
    put(sum_version, 1);
    put(limits.code, 1);
    put(static_cast<unsigned char>(sum.state), 1);
    put(0, 1);
    put(static_cast<std::uint32_t>(sum.place), 2);
    put(static_cast<std::uint32_t>(sum.magnitude.size()), 2);
    for (unsigned char const b : sum.magnitude) put(b, 1);
    put(checksum(bytes), 4);
    return bytes;
}

/// Reads what encode_sum writes, and refuses everything else.
class sum_decoder {
public:
    sum_decoder(std::span<std::byte const> bytes, std::string const& name) : bytes_(bytes), name_(name) {}

    /// The code of the format, of bytes that are whole, of a known version and not damaged.
    [[nodiscard]] unsigned char format_code() const {
        check_envelope();
        unsigned const code = integer(9, 1);
        if (code == 0 || code >= sum_format_names.size()) fail(9, "format " + std::to_string(code) + " is not known");
        return static_cast<unsigned char>(code);
    }

    [[nodiscard]] exact_sum decode(sum_limits const& limits) const {
        if (unsigned char const code = format_code(); code != limits.code)
            fail(9, std::string("holds a sum of ") + sum_format_names[code] + ", wanted is one of " + limits.name);
        unsigned const state = integer(10, 1);
        if (state > static_cast<unsigned>(sum_state::not_a_number))
            fail(10, "state " + std::to_string(state) + " is not known");
        if (integer(11, 1) != 0) fail(11, "not canonical: this byte is 0");
        exact_sum sum;
        sum.state = static_cast<sum_state>(state);
        unsigned const place = integer(12, 2);
        sum.place = static_cast<int>(place) - (place >= 0x8000 ? 0x10000 : 0);
        for (std::byte const b : bytes_.subspan(sum_header_size, integer(14, 2)))
            sum.magnitude.push_back(std::to_integer<unsigned char>(b));
        check_magnitude(sum, limits);
        return sum;
    }

private:
    void check_envelope() const {
        std::size_t const size = bytes_.size();
        for (std::size_t k = 0; k < std::min(size, sum_magic.size()); ++k)
            if (std::to_integer<unsigned char>(bytes_[k]) != sum_magic[k])
                fail(0, "no superaccumulator: the first eight bytes are not \\x93LASTBIT");
        if (size > 8 && integer(8, 1) != sum_version)
            fail(8, "version " + std::to_string(integer(8, 1)) + " is not known; known is 1");
        if (size < sum_header_size)
            fail(size, "too short: " + std::to_string(size) + " bytes, the header alone has 16");
        std::size_t const wanted = sum_header_size + integer(14, 2) + sum_checksum_size;
        if (size != wanted)
            fail(std::min(size, wanted), std::string(size < wanted ? "too short: " : "too long: ") +
                                             std::to_string(size) + " bytes, its length says " +
                                             std::to_string(wanted));
        std::size_t const end = wanted - sum_checksum_size;
        if (integer(end, 4) != checksum(bytes_.first(end))) fail(end, "the checksum is wrong: the bytes are damaged");
    }

    void check_magnitude(exact_sum const& sum, sum_limits const& limits) const {
        auto const& m = sum.magnitude;
        if (sum.state != sum_state::positive && sum.state != sum_state::negative) {
            if (sum.place != 0 || !m.empty()) fail(12, "not canonical: a sum that is zero or not finite has no digits");
            return;
        }
        if (m.empty()) fail(14, "not canonical: a sum that is not zero has digits");
        if (m.front() == 0) fail(sum_header_size, "not canonical: the first digit is 0");
        if (m.back() == 0) fail(sum_header_size + m.size() - 1, "not canonical: the last digit is 0");
        int const last = sum.place + static_cast<int>(m.size()) - 1;
        if (8 * sum.place + std::countr_zero(m.front()) < limits.lowest_bit)
            fail(12, "digits out of range: " + std::string(limits.name) + " has no products below 2^" +
                         std::to_string(limits.lowest_bit));
        if (8 * last + std::bit_width(m.back()) > limits.top_bit)
            fail(12, "digits out of range: sums of " + std::string(limits.name) + " lie below 2^" +
                         std::to_string(limits.top_bit));
    }

    /// `count` bytes from `offset` on, the least significant one first.
    [[nodiscard]] std::uint32_t integer(std::size_t offset, std::size_t count) const noexcept {
        std::uint32_t value = 0;
        for (std::size_t k = count; k-- > 0;) value = value << 8 | std::to_integer<std::uint32_t>(bytes_[offset + k]);
        return value;
    }

    [[noreturn]] void fail(std::size_t offset, std::string const& text) const {
        raise(format_error(name_, offset, text));
    }

    std::span<std::byte const> bytes_;
    std::string const& name_;
};

/// The magnitude of digits of 32 bits, none of them negative and only the last perhaps longer, digit i worth
/// 2^(lowest + 32 i). Requires: lowest is a multiple of 8.
[[nodiscard]] inline exact_sum magnitude_of_digits(std::span<std::int64_t const> digits, int lowest) {
    exact_sum sum;
    auto& m = sum.magnitude;
    for (std::size_t i = 0; i < digits.size(); ++i)
        for (int k = 0; k < (i + 1 < digits.size() ? 4 : 8); ++k)
            m.push_back(static_cast<unsigned char>((digits[i] >> (8 * k)) & 0xFF));
    while (!m.empty() && m.back() == 0) m.pop_back();
    auto const first = std::find_if(m.begin(), m.end(), [](unsigned char b) { return b != 0; });
    if (first != m.end()) sum.place = lowest / 8 + static_cast<int>(first - m.begin());
    m.erase(m.begin(), first);
    return sum;
}

/// Its inverse: fills digits that are 0. Requires: the magnitude lies within the digits.
inline void digits_of_magnitude(exact_sum const& sum, int lowest, std::span<std::int64_t> digits) noexcept {
    for (std::size_t k = 0; k < sum.magnitude.size(); ++k) {
        std::size_t const byte = static_cast<std::size_t>(sum.place - lowest / 8) + k;
        std::size_t const i = std::min(byte / 4, digits.size() - 1);
        digits[i] |= static_cast<std::int64_t>(sum.magnitude[k]) << (8 * (byte - 4 * i));
    }
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
