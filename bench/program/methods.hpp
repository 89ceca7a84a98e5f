// SPDX-License-Identifier: BSL-1.0
#pragma once
// One network by correctly_rounded, and by every accumulator in every order.

#include "report.hpp"

#include <lastbit/nn/network.hpp>

#include <string>
#include <vector>

namespace program {

/// A method by name, and the function that runs a network by it.
struct named_method {
    std::string name;  ///< "kahan/lanes"
    void (*run)(lastbit::network<float> const&, lastbit::matrix_view<float const>, lastbit::matrix_view<float>);
};

/// correctly_rounded, layer by layer; then plain, fused, kahan, neumaier, klein, compensated<2>, widened<double>, each
/// sequential, lanes and pairwise.
[[nodiscard]] std::vector<named_method> const& all_methods();

/// The logits of the network by one method.
[[nodiscard]] row run_method(named_method const& method, lastbit::network<float> const& network,
                             lastbit::matrix_view<float const> inputs);

/// The row whose bits are the same everywhere, and which is not the exact network.
[[nodiscard]] std::string correctly_rounded_name();

/// The method of the textbooks, plain/sequential.
[[nodiscard]] std::string textbook_name();

/// Its bound on the error of a sum of so many products, whose absolute values add up to at most that.
[[nodiscard]] double textbook_bound(std::size_t terms, double sum_of_absolutes);

/// The outputs of every layer by it, each [rows x outputs of the layer].
[[nodiscard]] std::vector<std::vector<float>> textbook_layers(lastbit::network<float> const& network,
                                                              lastbit::matrix_view<float const> inputs);

}  // namespace program
