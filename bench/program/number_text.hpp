// SPDX-License-Identifier: BSL-1.0
#pragma once
// One number as text, in each of the four formats.

#include <lastbit/base/bfloat16.hpp>
#include <lastbit/base/float16.hpp>

#include <string>

namespace program {

/// The decimal of the fewest digits that rounds to x in its format, as C++ writes them: "0.1", "65500", "1e-07", "-0",
/// "inf", "nan".
[[nodiscard]] std::string shortest_decimal(double x);
[[nodiscard]] std::string shortest_decimal(float x);
[[nodiscard]] std::string shortest_decimal(lastbit::float16 x);
[[nodiscard]] std::string shortest_decimal(lastbit::bfloat16 x);

/// The value as a hexadecimal float, exactly: "0x1.999999999999ap-4", "-0x0p+0", "inf", "nan".
[[nodiscard]] std::string hexadecimal(double x);

}  // namespace program
