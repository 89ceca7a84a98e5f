// SPDX-License-Identifier: BSL-1.0
#pragma once
// A block of products that was left out or counted twice: the tail after whole vectors, a tile, a thread's part.

#include <lastbit/quantify/hypotheses/hypothesis.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

namespace detail {

/// Products from .. to - 1 are taken `times` times.
[[nodiscard]] inline std::function<void(element_terms&)> repeated(std::size_t from, std::size_t to, double times) {
    return [from, to, times](element_terms& t) {
        for (std::size_t l = from; l < to; ++l) {
            t.a[l] *= times;
            if (times == 0) t.a[l] = t.b[l] = 0;  // NaN too
        }
    };
}

}  // namespace detail

/// Adds: all products missing; those after the last multiple of 2 .. 256; the whole tile before it; the first or the
/// last so many; the last or the first half, third ... eighth; one lane of 2 .. 16; the last vector read again from
/// k - w, so that products are counted twice.
inline void add_missing_tile(hypothesis_list& list, evidence const& e) {
    std::size_t const k = e.asked.depth();
    auto const range = [&](std::size_t from, std::size_t to) {
        if (from + 1 == to) return "product " + std::to_string(from) + " of " + std::to_string(k);
        return "products " + std::to_string(from) + " to " + std::to_string(to - 1) + " of " + std::to_string(k);
    };
    auto const missing = [&](std::string const& tag, std::string const& why, std::size_t from, std::size_t to,
                             double rarity) {
        if (from >= to) return;
        list.push_back({tag, range(from, to) + (from + 1 == to ? " was" : " were") + " missing: " + why,
                        detail::repeated(from, to, 0), rarity, 0, std::nullopt, tag + why});
    };
    missing("all_products_missing", "all of them", 0, k, 2);
    for (std::size_t t = 2; t <= 256; t *= 2)
        missing("missing_tail", "those after the last multiple of " + std::to_string(t), k - k % t, k, 2);
    for (std::size_t t = 2; t <= 256; t *= 2) {
        std::size_t const whole = k - k % t;
        if (whole >= t) missing("missing_tile", "the last whole tile of " + std::to_string(t), whole - t, whole, 3);
        missing("missing_tile", "the last " + std::to_string(t), k - std::min(t, k), k, 3);
        missing("missing_tile", "the first " + std::to_string(t), 0, std::min(t, k), 3);
    }
    for (std::size_t parts = 2; parts <= 8 && parts < k; ++parts) {
        std::size_t const part = (k + parts - 1) / parts;
        missing("missing_part", "the last of " + std::to_string(parts) + " parts", (parts - 1) * part, k, 4);
        missing("missing_part", "the first of " + std::to_string(parts) + " parts", 0, part, 4);
        missing("missing_part", "the last of " + std::to_string(parts) + " parts, longer than the others",
                (parts - 1) * (k / parts), k, 4);
    }
    for (std::size_t w = 2; w <= 16; w *= 2)
        for (std::size_t lane = 0; lane < w && lane < k; ++lane) {
            std::string const text = "lane " + std::to_string(lane) + " of " + std::to_string(w) + " was missing";
            list.push_back({"missing_lane", text,
                            [lane, w](element_terms& t) {
                                for (std::size_t l = lane; l < t.a.size(); l += w) t.a[l] = t.b[l] = 0;
                            },
                            4.0});
        }
    for (std::size_t w = 2; w <= 64; w *= 2) {
        if (k % w == 0) continue;
        std::size_t const from = k < w ? 0 : k - w;
        std::size_t const to = k - k % w;
        if (from >= to) continue;
        std::string const why = "the last vector of " + std::to_string(w) + " begins at k - " + std::to_string(w);
        list.push_back({"tail_twice", range(from, to) + (from + 1 == to ? " was" : " were") + " counted twice: " + why,
                        detail::repeated(from, to, 2), 3.0, 0, std::nullopt, why});
    }
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
