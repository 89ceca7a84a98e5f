// SPDX-License-Identifier: BSL-1.0
#pragma once
// Everything that a kernel may have done wrong, as far as this library knows.

#include <lastbit/quantify/hypotheses/hypothesis.hpp>     // IWYU pragma: export
#include <lastbit/quantify/hypotheses/narrow_inputs.hpp>  // IWYU pragma: export
#include <lastbit/quantify/hypotheses/wrong_bias.hpp>     // IWYU pragma: export

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// The hypotheses that apply to a product.
[[nodiscard]] inline hypothesis_list all_hypotheses(evidence const& e) {
    hypothesis_list list;
    add_narrow_inputs(list, e);
    add_wrong_bias(list, e);
    return list;
}

/// Those of them that concern every element, and that a demand should notice: what detection_power tries.
[[nodiscard]] inline hypothesis_list whole_kernel_hypotheses(evidence const& e) {
    hypothesis_list list;
    add_narrow_inputs(list, e);
    add_wrong_bias(list, e);
    return list;
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
