// SPDX-License-Identifier: BSL-1.0
#pragma once
// alpha or beta that were ignored, or applied to what they do not belong to; a sign that was lost.

#include <lastbit/quantify/hypotheses/hypothesis.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// Adds: beta taken as 0 or 1; alpha taken as 1, applied to beta C0 or the bias too; C0 added though beta = 0; the
/// product with the other sign.
inline void add_wrong_scale(hypothesis_list& list, evidence const& e) {
    product const& p = e.asked;
    if (p.reads_old()) {
        list.push_back({"beta_ignored", "beta was ignored: C0 was not added", [](element_terms& t) { t.beta = 0; }});
        if (p.beta != 1)
            list.push_back(
                {"beta_as_one", "beta was ignored: C0 was added as it is", [](element_terms& t) { t.beta = 1; }, 0.5});
        list.push_back({"beta_negated", "beta C0 was subtracted", [](element_terms& t) { t.beta = -t.beta; }, 1.0});
        if (p.alpha != 1)
            list.push_back(
                {"alpha_on_old", "alpha was applied to beta C0 too", [](element_terms& t) { t.beta *= t.alpha; }, 1.0});
    }
    if (p.alpha != 1) list.push_back({"alpha_ignored", "alpha was ignored", [](element_terms& t) { t.alpha = 1; }});
    if (p.alpha != 1 && p.has_bias())
        list.push_back(
            {"alpha_on_bias", "alpha was applied to the bias too", [](element_terms& t) { t.bias *= t.alpha; }, 1.0});
    if (p.alpha != 0 && p.alpha != -1)
        list.push_back(
            {"wrong_sign", "the product had the other sign", [](element_terms& t) { t.alpha = -t.alpha; }, 1.0});
    if (p.alpha != 0)
        list.push_back({"product_twice", "the product was added twice", [](element_terms& t) { t.alpha *= 2; }, 1.0});
    std::optional<operand> const before = e.before ? e.before : p.old;
    if (p.beta == 0 && before)
        list.push_back({"old_added", "what C held before was added, though beta is 0",
                        [old = *before](element_terms& t) {
                            t.beta = 1;
                            t.old = old.at(t.index.batch, t.index.row, t.index.col);
                        },
                        0.5});
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
