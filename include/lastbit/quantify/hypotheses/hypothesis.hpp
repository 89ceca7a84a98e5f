// SPDX-License-Identifier: BSL-1.0
#pragma once
// A hypothesis: what a kernel may have done wrong, and the outputs that it then would have given.
//
// Each file of this folder adds hypotheses of one kind to a list. A hypothesis alters the terms of one element; what
// the altered terms sum to is its prediction.

#include <lastbit/quantify/product_judgment.hpp>

#include <functional>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// One element of a product as a kernel sees it: act(alpha sum a_l b_l + beta old + bias), to be altered.
struct element_terms {
    element_index index;
    std::vector<double> a;  ///< [k], row `row` of A
    std::vector<double> b;  ///< [k], column `col` of B
    double alpha = 1;
    double beta = 0;
    double old = 0;   ///< 0 unless C0 is known
    double bias = 0;  ///< 0 without one
    activation act = activation::linear;
    std::optional<number_format> held{};  ///< the format that the sum is held in, if not that of the product
    std::vector<number_format> stages{};  ///< formats that the result is rounded to, one after the other, before C's
    std::optional<double> fixed{};        ///< the output, whatever the terms are
};

/// What hypotheses may look at: the problem and all that came out.
struct evidence {
    product const& asked;
    array_view got;
    std::optional<operand> before{};  ///< C before the call, if that is known although beta = 0
};

/// One fault.
struct hypothesis {
    std::string tag;  ///< a short name for programs: "tf32_inputs"
    std::string
        text;  ///< for people, completing "as if ...": "A and B were rounded to TF32 before they were multiplied"
    /// Alters the terms. Must not depend on anything but its argument and the evidence it was made with.
    std::function<void(element_terms&)> alter;
    double rarity = 0;   ///< ln: by how much likelier data it must explain than a usual fault has to
    double freedom = 0;  ///< ln of the choices that are made anew for each altered element: a coincidence among them
};

using hypothesis_list = std::vector<hypothesis>;

/// The terms of an element as they were asked for.
[[nodiscard]] inline element_terms terms_of(product const& p, element_index at) {
    element_terms t;
    t.index = at;
    t.a.resize(p.depth());
    t.b.resize(p.depth());
    for (std::size_t l = 0; l < p.depth(); ++l) {
        t.a[l] = p.a.at(at.batch, at.row, l);
        t.b[l] = p.b.at(at.batch, l, at.col);
    }
    t.alpha = p.alpha;
    t.beta = p.reads_old() ? p.beta : 0.0;
    if (p.old) t.old = p.old->at(at.batch, at.row, at.col);
    if (p.bias) t.bias = p.bias->at(at.batch, 0, at.col);
    t.act = p.act;
    return t;
}

/// What a kernel's output would be, but for the rounding of the sum.
struct prediction {
    double value = 0;   ///< act(z) after the stages
    double reach = 0;   ///< no order of summation could be farther from it, in the format that the sum is held in
    double finest = 0;  ///< a difference below this is none
};

/// Of altered terms; `held` and `output` are the formats of the judgment.
[[nodiscard]] inline prediction predict(element_terms const& t, number_format held, number_format output) {
    if (t.fixed) return {*t.fixed, 0.0, 0.25 * ulp_of(output, *t.fixed)};
    superaccumulator<double> sum;
    sum.add_product(std::span<double const>(t.a), std::span<double const>(t.b));
    double magnitude = 0;
    for (std::size_t l = 0; l < t.a.size(); ++l) magnitude += std::fabs(t.a[l] * t.b[l]);
    double z = t.alpha * sum.round<double>();
    if (t.beta != 0) z += t.beta * t.old;
    z += t.bias;
    magnitude = std::fabs(t.alpha) * magnitude + std::fabs(t.beta * t.old) + std::fabs(t.bias);
    number_format const holds = t.held.value_or(held);
    double const terms = static_cast<double>(t.a.size()) + 3;
    double const u = unit_roundoff_of(holds);
    double reach = terms * u < 0.5 ? lastbit::detail::gamma(terms, u) * magnitude : magnitude;
    double y = t.act == activation::linear ? z : activate(t.act, z);
    double unit = ulp_of(output, y);
    for (number_format const stage : t.stages) {
        y = rounded(stage, y);
        if (ulp_of(stage, y) > unit) unit = ulp_of(stage, y);
    }
    if (!is_finite(y)) return {y, 0.0, 0.0};
    reach += unit + terms * smallest_step(holds);
    double const finest = std::fmax(0.25 * ulp_of(output, y), std::fmin(u * std::fabs(z), unit));
    return {y, reach, finest};
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
