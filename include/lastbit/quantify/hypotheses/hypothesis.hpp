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

/// A sum whose every rounding is known: term l goes to lane l mod `lanes`; the lanes are added at the end. Each sum is
/// rounded to `format`.
struct known_sum {
    enum class products : std::uint8_t {
        rounded,   ///< each product is rounded to `format` before it is added
        fused,     ///< each product is exact
        in_float,  ///< product and sum are rounded to float32, then the sum to `format`
    };
    number_format format = number_format::float32;
    std::size_t lanes = 1;
    products of = products::rounded;
    bool halves = true;     ///< lane i is added to lane i + L/2 and so on; else lane after lane
    std::size_t block = 1;  ///< so many products are summed in float32 before a sum is rounded
};

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
    double activation_ulps = 4;
    double after = 0;                          ///< added after the activation
    std::optional<number_format> held{};       ///< the format that the sum is held in, if not that of the product
    std::optional<known_sum> order{};          ///< how it is summed, if that is known
    std::optional<number_format> sum_stage{};  ///< what alpha sum + beta old is rounded to before the bias is added
    std::vector<number_format> stages{};     ///< formats that the result is rounded to, one after the other, before C's
    bool truncates = false;                  ///< C's format is reached toward zero
    std::optional<number_format> flushes{};  ///< results below the smallest normal number of it become zero
    std::function<double(double)> of_result{};  ///< what becomes of the result at last
    std::optional<double> fixed{};              ///< the output, whatever the terms are
};

/// What hypotheses may look at: the problem and all that came out.
struct evidence {
    product const& asked;
    array_view got;
    std::optional<operand> before{};         ///< C before the call, if that is known although beta = 0
    std::optional<element_index> suspect{};  ///< an element that is surely wrong
};

/// One fault.
struct hypothesis {
    std::string tag;  ///< a short name for programs: "tf32_inputs"
    std::string
        text;  ///< for people, completing "as if ...": "A and B were rounded to TF32 before they were multiplied"
    /// Alters the terms. Must not depend on anything but its argument and what the evidence refers to.
    std::function<void(element_terms&)> alter;
    double rarity = 0;   ///< ln: by how much likelier data it must explain than a usual fault has to
    double freedom = 0;  ///< ln of the choices that are made anew for each altered element: a coincidence among them
    /// Errors have the size that sums held in this format give them; nothing more is predicted.
    std::optional<number_format> noise{};
    /// The same for the same fault in outputs of other shapes, where `text` names places; empty: the text.
    std::string kind{};
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
    t.activation_ulps = p.activation_ulps;
    return t;
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
