// SPDX-License-Identifier: BSL-1.0
#pragma once
// Everything that a kernel may have done wrong, as far as this library knows.

#include <lastbit/quantify/hypotheses/double_rounding.hpp>     // IWYU pragma: export
#include <lastbit/quantify/hypotheses/dropped_product.hpp>     // IWYU pragma: export
#include <lastbit/quantify/hypotheses/flushed_subnormals.hpp>  // IWYU pragma: export
#include <lastbit/quantify/hypotheses/hypothesis.hpp>          // IWYU pragma: export
#include <lastbit/quantify/hypotheses/integer_saturation.hpp>  // IWYU pragma: export
#include <lastbit/quantify/hypotheses/misplaced_bias.hpp>      // IWYU pragma: export
#include <lastbit/quantify/hypotheses/missing_tile.hpp>        // IWYU pragma: export
#include <lastbit/quantify/hypotheses/narrow_inputs.hpp>       // IWYU pragma: export
#include <lastbit/quantify/hypotheses/narrow_sums.hpp>         // IWYU pragma: export
#include <lastbit/quantify/hypotheses/predict.hpp>             // IWYU pragma: export
#include <lastbit/quantify/hypotheses/shifted_depth.hpp>       // IWYU pragma: export
#include <lastbit/quantify/hypotheses/special_values.hpp>      // IWYU pragma: export
#include <lastbit/quantify/hypotheses/stale_element.hpp>       // IWYU pragma: export
#include <lastbit/quantify/hypotheses/transposed_operand.hpp>  // IWYU pragma: export
#include <lastbit/quantify/hypotheses/truncated_inputs.hpp>    // IWYU pragma: export
#include <lastbit/quantify/hypotheses/uncomputed_edge.hpp>     // IWYU pragma: export
#include <lastbit/quantify/hypotheses/wrong_activation.hpp>    // IWYU pragma: export
#include <lastbit/quantify/hypotheses/wrong_batch.hpp>         // IWYU pragma: export
#include <lastbit/quantify/hypotheses/wrong_bias.hpp>          // IWYU pragma: export
#include <lastbit/quantify/hypotheses/wrong_scale.hpp>         // IWYU pragma: export

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// The hypotheses that apply to a product.
[[nodiscard]] inline hypothesis_list all_hypotheses(evidence const& e) {
    hypothesis_list list;
    add_narrow_inputs(list, e);
    add_truncated_inputs(list, e);
    add_narrow_sums(list, e);
    add_wrong_bias(list, e);
    add_misplaced_bias(list, e);
    add_transposed_operand(list, e);
    add_wrong_batch(list, e);
    add_shifted_depth(list, e);
    add_missing_tile(list, e);
    add_dropped_product(list, e);
    add_stale_element(list, e);
    add_uncomputed_edge(list, e);
    add_wrong_scale(list, e);
    add_flushed_subnormals(list, e);
    add_special_values(list, e);
    add_double_rounding(list, e);
    add_wrong_activation(list, e);
    add_integer_saturation(list, e);
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
