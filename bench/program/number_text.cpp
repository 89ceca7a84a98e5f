// SPDX-License-Identifier: BSL-1.0
#include "number_text.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace program {
namespace {

/// By trial: five digits tell the numbers of 16 bits apart. Of `digits` digits, the nearest decimal to x may miss the
/// interval that rounds to x where the next one above lies in it: below a power of two the numbers are denser.
template <class T>
std::string shortest_of_16_bits(T x) {
    auto const exact = lastbit::detail::convert<double>(x);
    if (!lastbit::is_finite(exact) || lastbit::is_zero(exact)) return shortest_decimal(exact);
    for (int digits = 1; digits < 9; ++digits) {
        auto text = fmt::format("{:.{}e}", lastbit::absolute(exact), digits - 1);
        auto const at = text.find('e');
        int const exponent = std::atoi(text.c_str() + at + 1) - (digits - 1);
        text.resize(at);
        if (digits > 1) text.erase(1, 1);
        for (int const k : {std::atoi(text.c_str()), std::atoi(text.c_str()) + 1}) {
            auto const decimal = std::strtod(fmt::format("{}e{}", k, exponent).c_str(), nullptr);
            if (to_bits(lastbit::detail::convert<T>(decimal)) == to_bits(lastbit::absolute(x)))
                return shortest_decimal(lastbit::is_negative(x) ? -decimal : decimal);
        }
    }
    return shortest_decimal(exact);
}

}  // namespace

std::string shortest_decimal(double x) { return fmt::format("{}", x); }
std::string shortest_decimal(float x) { return fmt::format("{}", x); }
std::string shortest_decimal(lastbit::float16 x) { return shortest_of_16_bits(x); }
std::string shortest_decimal(lastbit::bfloat16 x) { return shortest_of_16_bits(x); }

std::string hexadecimal(double x) { return fmt::format("{:a}", x); }

}  // namespace program
