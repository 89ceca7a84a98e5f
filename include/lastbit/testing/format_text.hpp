// SPDX-License-Identifier: BSL-1.0
#pragma once
// Numbers as text, of formats that are known at run time only.

#include <lastbit/quantify/number_format.hpp>
#include <lastbit/testing/text.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {

/// "0.1 (0x1.99999ap-4)": a number of the format, in decimal and in hexadecimal.
[[nodiscard]] inline std::string number_text(quantify::number_format f, double x) {
    using quantify::number_format;
    switch (f) {
        case number_format::float64:
            return number_text(x);
        case number_format::float16:
            return number_text(float16(x));
        case number_format::bfloat16:
            return number_text(bfloat16(x));
        case number_format::int8:
        case number_format::int32:
            return decimal_text(x);
        default:
            return number_text(lastbit::detail::convert<float>(x));
    }
}

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
