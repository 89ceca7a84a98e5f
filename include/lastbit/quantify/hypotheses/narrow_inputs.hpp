// SPDX-License-Identifier: BSL-1.0
#pragma once
// Operands that were rounded to a narrower format before they were multiplied: TF32, bfloat16, float16, float8.

#include <lastbit/quantify/hypotheses/hypothesis.hpp>

#include <array>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

namespace detail {

/// How a number becomes one of a narrower format.
using narrowing = double (*)(number_format, double);

/// Alters A, or B, or both.
[[nodiscard]] inline std::function<void(element_terms&)> narrowed(number_format f, narrowing to, bool a, bool b) {
    return [f, to, a, b](element_terms& t) {
        if (a)
            for (double& x : t.a) x = to(f, x);
        if (b)
            for (double& x : t.b) x = to(f, x);
    };
}

/// Adds both, A alone and B alone, where f has less precision than theirs.
inline void add_narrowed(hypothesis_list& list, evidence const& e, number_format f, narrowing to,
                         std::string const& tag, std::string const& text, double rarity) {
    bool const a = precision(f) < precision(e.asked.a.format());
    bool const b = precision(f) < precision(e.asked.b.format()) && !e.asked.is_sum;
    if (a && b) list.push_back({tag, "A and B were " + text, narrowed(f, to, true, true), rarity});
    if (a) list.push_back({tag + "_a", "A was " + text, narrowed(f, to, true, false), rarity + 1});
    if (b) list.push_back({tag + "_b", "B was " + text, narrowed(f, to, false, true), rarity + 1});
}

}  // namespace detail

/// Adds: A and B rounded to each format that has less precision than theirs; A alone; B alone.
inline void add_narrow_inputs(hypothesis_list& list, evidence const& e) {
    constexpr std::array formats = {number_format::tf32, number_format::bfloat16, number_format::float16,
                                    number_format::float32};
    for (number_format const f : formats) {
        auto const nearest = [](number_format to, double x) { return rounded(to, x); };
        detail::add_narrowed(list, e, f, nearest, std::string(name(f)) + "_inputs",
                             "rounded to " + std::string(name(f)) + " before the multiplication",
                             f == number_format::float16 ? 0.5 : 0);
    }
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
