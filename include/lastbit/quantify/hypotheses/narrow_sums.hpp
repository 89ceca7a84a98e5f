// SPDX-License-Identifier: BSL-1.0
#pragma once
// Sums held in a narrower format than the one they should be held in: bit for bit in the usual orders, and by the size
// of the errors in an unknown one.

#include <lastbit/quantify/hypotheses/predict.hpp>

#include <array>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// Adds, for each format narrower than that of the sums: the products rounded, fused, or formed in float32; in
/// sequence, in 2 to 32 lanes; a sum rounded after every 2^2 to 2^10 products; and any order at all.
inline void add_narrow_sums(hypothesis_list& list, evidence const& e) {
    number_format const output = e.asked.stored.value_or(e.got.format);
    number_format const held = accumulator_of(e.asked, output);
    if (constants(held).is_integer) return;
    constexpr std::array formats = {number_format::bfloat16, number_format::float16, number_format::tf32,
                                    number_format::float32};
    bool const has_more = e.asked.alpha != 1 || e.asked.reads_old() || e.asked.has_bias();
    for (number_format const f : formats) {
        if (precision(f) >= precision(held)) continue;
        std::string const tag = std::string(name(f)) + "_sums";
        std::string const text = "sums were held in " + std::string(name(f));
        double const usual = f == number_format::tf32 ? 1 : 0;  // inputs are TF32, sums hardly ever
        auto const add = [&](known_sum const& order, std::string const& how, double rarity) {
            list.push_back({tag, text + how, [order](element_terms& t) { t.order = order; }, rarity});
            if (has_more)
                list.push_back({tag, text + how,
                                [order](element_terms& t) {
                                    t.order = order;
                                    t.held = order.format;
                                },
                                rarity + 1});
        };
        using products = known_sum::products;
        for (products const of : {products::rounded, products::fused, products::in_float}) {
            if (of == products::in_float && f == number_format::float32) continue;
            double const rarity = usual + (of == products::rounded ? 0 : 1);
            add({f, 1, of}, ", in sequence", rarity);
            for (std::size_t lanes = 2; lanes <= 32; lanes *= 2)
                for (bool const halves : {true, false}) {
                    if (lanes >= e.asked.depth() || (lanes == 2 && !halves)) continue;
                    add({f, lanes, of, halves}, ", in " + std::to_string(lanes) + " lanes", rarity + 2);
                }
        }
        if (f == number_format::float32) continue;
        for (std::size_t block = 4; block <= 1024 && block < e.asked.depth(); block *= 2)
            add({f, 1, products::in_float, true, block}, " between blocks of " + std::to_string(block) + " products",
                usual + 2);
    }
    for (number_format const f : formats) {
        if (precision(f) >= precision(held) || precision(f) > precision(output)) continue;
        hypothesis h{std::string(name(f)) + "_sums",
                     "sums were held in " + std::string(name(f)) + ", in an order that is not known",
                     [f](element_terms& t) { t.held = f; }, f == number_format::tf32 ? 4.0 : 3.0};
        h.noise = f;
        list.push_back(std::move(h));
    }
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
