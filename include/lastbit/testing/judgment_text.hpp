// SPDX-License-Identifier: BSL-1.0
#pragma once
// A verdict on a product in words: the worst element, by how much it is off, and what explains it.

#include <lastbit/quantify/explanation.hpp>
#include <lastbit/testing/format_text.hpp>
#include <lastbit/testing/text.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {

/// A positive number with three digits: "19.1", "0.00321", "4.1e+06".
[[nodiscard]] inline std::string figure_text(double x) {
    if (!is_finite(x)) return decimal_text(x);
    return detail::characters(x, std::chars_format::general, 3);
}

/// "[3, 7]", "[2, 3, 7]" in a batch, "[3]" in a vector; empty for a single number.
[[nodiscard]] inline std::string index_text(quantify::element_index at, std::size_t batches, std::size_t rows,
                                            std::size_t cols) {
    if (batches * rows * cols == 1) return {};
    std::string text = "[";
    if (batches > 1) text.append(std::to_string(at.batch)).append(", ");
    if (rows > 1 || batches > 1) text.append(std::to_string(at.row));
    if (rows > 1 && cols > 1) text.append(", ");
    if (cols > 1) text.append(rows > 1 || batches == 1 ? "" : ", ").append(std::to_string(at.col));
    return text.append("]");
}

/// What is demanded, as the end of a sentence that begins "each element is ...".
[[nodiscard]] inline std::string demand_text(quantify::product_demand const& d, quantify::number_format held) {
    using kind = quantify::product_demand::kind;
    std::string const in = std::string(quantify::name(held));
    switch (d.what) {
        case kind::correctly_rounded:
            return "correctly rounded";
        case kind::ulps:
            return "within " + figure_text(d.ulps) + " ulps of the exact value";
        case kind::method:
            return "within the bound of " + d.method_name;
        case kind::likely:
            return "within the sqrt(n) rule for sums in " + in +
                   ", which all elements of a healthy kernel meet but for once in " +
                   figure_text(1 / (1 - d.probability));
        case kind::bound:
            break;
    }
    return "within the bound of every order of summation in " + in;
}

/// What is wrong, in a few lines; empty for a verdict that passed.
[[nodiscard]] inline std::string judgment_text(quantify::product_judgment const& j, quantify::array_view const& got,
                                               quantify::explanation const* why) {
    if (!j.refusal.empty()) return "refused: " + j.refusal;
    if (j.failing == 0) return {};
    quantify::judged_element const& w = j.worst;
    std::string text;
    if (j.elements > 1)
        text += std::to_string(j.failing) + " of " + std::to_string(j.elements) + " elements are not; the worst, at " +
                index_text(w.index, got.batches, got.rows, got.cols) + ":";
    else text += "it is not:";
    text += "\n    got       " + number_text(got.format, w.got);
    text += "\n    expected  " + number_text(j.output, w.expected);
    if (is_finite(w.error)) {
        text += "\n    off by    " + figure_text(w.ulps) + " ulps";
        if (w.allowed > 0)
            text += ", " + figure_text(w.ratio) + " times the " + figure_text(w.allowed * (w.ulps / w.error)) +
                    " ulps allowed";
        else text += "; none is allowed";
        text += "; condition number " + figure_text(w.condition);
    }
    if (why != nullptr) {
        text += "\n  as if " + why->text + " (" + why->tag + "): that agrees with the " +
                (why->sample == 1 ? std::string("element") : std::to_string(why->sample) + " elements looked at");
        if (!why->alternatives.empty()) {
            text += "; so would ";
            for (std::size_t i = 0; i < why->alternatives.size(); ++i)
                text.append(i == 0 ? "" : ", ").append(why->alternatives[i]);
        }
    }
    return text;
}

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
