// SPDX-License-Identifier: BSL-1.0
#pragma once
// One product of an element that was lost or counted twice: the one that is nearest to what is wrong with the element.

#include <lastbit/quantify/hypotheses/predict.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

namespace detail {

/// The product l for which got - right is nearest to times * alpha a_l b_l; nothing if 0 is nearer still.
[[nodiscard]] inline std::optional<std::size_t> nearest_product(element_terms const& t, double got, double times) {
    if (t.act != activation::linear && t.act != activation::relu) return std::nullopt;
    if (!is_finite(got) || (t.act == activation::relu && got == 0)) return std::nullopt;
    element_terms right = t;
    right.act = activation::linear;
    double const z = predict(right, number_format::float64, number_format::float64).value;
    if (!is_finite(z)) return std::nullopt;
    double const wrong = got - z;
    double best = std::fabs(wrong);
    std::optional<std::size_t> nearest;
    for (std::size_t l = 0; l < t.a.size(); ++l) {
        double const distance = std::fabs(wrong - times * t.alpha * t.a[l] * t.b[l]);
        if (distance < 0.25 * best || (nearest && distance < best)) {
            best = distance;
            nearest = l;
        }
    }
    return nearest;
}

}  // namespace detail

/// Adds: one product lost, or counted twice, another one in each element; or the same one in every element.
inline void add_dropped_product(hypothesis_list& list, evidence const& e) {
    std::size_t const k = e.asked.depth();
    if (k == 0) return;
    array_view const got = e.got;
    double const choices = std::log(static_cast<double>(k)) + 1;
    auto const of_element = [got](double times) {
        return [got, times](element_terms& t) {
            double const x = got.at(t.index.batch, t.index.row, t.index.col);
            if (auto const l = detail::nearest_product(t, x, times)) {
                t.a[*l] *= 1 + times;
                if (times < 0) t.a[*l] = t.b[*l] = 0;
            }
        };
    };
    list.push_back({"dropped_product", "one product of an element was lost", of_element(-1), 2.0, choices});
    list.push_back({"repeated_product", "one product of an element was counted twice", of_element(1), 3.0, choices});
    if (!e.suspect) return;
    element_terms const t = terms_of(e.asked, *e.suspect);
    double const x = got.at(t.index.batch, t.index.row, t.index.col);
    for (double const times : {-1.0, 1.0})
        if (auto const l = detail::nearest_product(t, x, times))
            list.push_back({times < 0 ? "dropped_product" : "repeated_product",
                            "product " + std::to_string(*l) + " of " + std::to_string(k) + " was " +
                                (times < 0 ? "missing" : "counted twice") + " in each element",
                            [l = *l, times](element_terms& terms) {
                                terms.a[l] *= 1 + times;
                                if (times < 0) terms.a[l] = terms.b[l] = 0;
                            },
                            choices + 2});
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
