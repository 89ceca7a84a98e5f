// SPDX-License-Identifier: BSL-1.0
#pragma once
// Whole numbers that were summed in 16 bits, saturated or wrapped.

#include <lastbit/quantify/hypotheses/hypothesis.hpp>

#include <cmath>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

namespace detail {

/// x clamped to 16 bits.
[[nodiscard]] inline double clamped_to_16(double x) noexcept { return x > 32767 ? 32767 : x < -32768 ? -32768 : x; }

/// x modulo 2^bits, with a sign. Requires: x is whole and |x| < 2^52.
[[nodiscard]] inline double wrapped_to(int bits, double x) noexcept {
    double const size = lastbit::detail::power_of_two(bits);
    double y = std::fmod(x, size);
    if (y >= size / 2) y -= size;
    if (y < -size / 2) y += size;
    return y;
}

}  // namespace detail

/// Adds: products summed in pairs that saturate 16 bits (as the instruction pmaddubsw does), also with one operand made
/// unsigned by an offset that is taken off the sum; a running sum that saturates, one that wraps; results that wrap
/// where they should saturate.
inline void add_integer_saturation(hypothesis_list& list, evidence const& e) {
    number_format const output = e.asked.stored.value_or(e.got.format);
    if (!constants(e.asked.a.format()).is_integer || !constants(e.asked.b.format()).is_integer) return;
    auto const pairs = [](double shift_a, double shift_b) {
        return [shift_a, shift_b](element_terms& t) {
            for (std::size_t l = 0; l < t.a.size(); l += 2) {
                double pair = 0;
                double shifted = 0;  // what the shifts added to it
                for (std::size_t i = l; i < t.a.size() && i < l + 2; ++i) {
                    double const product = (t.a[i] + shift_a) * (t.b[i] + shift_b);
                    pair += product;
                    shifted += product - t.a[i] * t.b[i];
                    t.a[i] = 0;
                }
                t.a[l] = detail::clamped_to_16(pair) - shifted;
                t.b[l] = 1;
            }
        };
    };
    std::string const what = "products were summed in pairs that saturate 16 bits";
    list.push_back({"saturated_pairs", what, pairs(0, 0)});
    if (e.asked.a.format() == number_format::int8)
        list.push_back({"saturated_offset_pairs", what + ", 128 added to each number of A", pairs(128, 0), 0.5});
    if (e.asked.b.format() == number_format::int8)
        list.push_back({"saturated_offset_pairs", what + ", 128 added to each number of B", pairs(0, 128), 0.5});
    auto const running = [](double (*held)(double)) {
        return [held](element_terms& t) {
            double s = 0;
            for (std::size_t l = 0; l < t.a.size(); ++l) s = held(s + t.a[l] * t.b[l]);
            t.a.assign(1, s);
            t.b.assign(1, 1.0);
        };
    };
    list.push_back({"saturated_sums", "sums were held in 16 bits that saturate", running(detail::clamped_to_16), 0.5});
    list.push_back({"wrapped_sums", "sums were held in 16 bits that wrap",
                    running([](double s) { return detail::wrapped_to(16, s); }), 0.5});
    if (!constants(output).is_integer) return;
    int const bits = output == number_format::int8 ? 8 : 32;
    list.push_back(
        {"wrapped_results", "results wrapped where they should have saturated",
         [bits](element_terms& t) { t.of_result = [bits](double y) { return detail::wrapped_to(bits, y); }; }, 0.5});
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
