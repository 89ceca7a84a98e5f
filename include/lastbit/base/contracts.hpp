// SPDX-License-Identifier: BSL-1.0
#pragma once
// Preconditions on sizes and on overlap. Values are never a precondition: their results are defined.
//
// A user may define LASTBIT_EXPECTS before the first include; it is then used everywhere, in every translation unit
// alike.

#include <lastbit/base/config.hpp>

#include <cstddef>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>

/// LASTBIT_EXPECTS(condition, text): if the condition is false, throws std::invalid_argument(text); where exceptions
/// are off, prints the text to standard error and terminates. The text is evaluated only on failure.
#ifndef LASTBIT_EXPECTS
#    define LASTBIT_EXPECTS(condition, text) \
        (static_cast<bool>(condition) ? static_cast<void>(0) : ::lastbit::detail::precondition_failed(text))
#endif

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

[[noreturn, gnu::cold, gnu::noinline]] inline void precondition_failed(std::string const& text) {
#if LASTBIT_HAS_EXCEPTIONS
    throw std::invalid_argument(text);
#else
    std::fprintf(stderr, "lastbit: %s\n", text.c_str());
    std::terminate();
#endif
}

/// "[3 x 4]": a shape as every message of the library spells it.
[[gnu::cold, gnu::noinline]] inline std::string shape_text(std::size_t rows, std::size_t cols) {
    return std::string("[").append(std::to_string(rows)).append(" x ").append(std::to_string(cols)).append("]");
}

/// "[7]": the shape of a vector.
[[gnu::cold, gnu::noinline]] inline std::string shape_text(std::size_t size) {
    return std::string("[").append(std::to_string(size)).append("]");
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
