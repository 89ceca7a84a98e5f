// SPDX-License-Identifier: BSL-1.0
#pragma once
// Where a network's error comes from: what each layer made itself, and what it inherited.

#include <lastbit/oracle/network.hpp>
#include <lastbit/quantify/network_bound.hpp>
#include <lastbit/quantify/summary.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// The largest and the root mean square of many absolute errors; max_index counts row after row.
struct error_size {
    double max = 0;
    std::size_t max_index = 0;
    double rms = 0;
};

/// The error of one layer's outputs in three parts: total = computed - exact network = (made) + (inherited), signs
/// included, for each element; their sizes need not add up.
struct layer_budget {
    error_size made;       ///< computed outputs - the exact layer applied to the same computed inputs
    error_size inherited;  ///< the exact layer applied to the computed inputs - the exact network's outputs
    error_size total;      ///< computed outputs - the exact network's outputs
};

namespace detail {

[[nodiscard]] inline error_size size_of(std::vector<double> const& errors) {
    summary const s = summarise(errors);
    return {s.max, s.max_index, s.rms};
}

[[nodiscard]] inline double distance(oracle::real const& a, oracle::real const& b) {
    if (a.is_nan() && b.is_nan()) return 0.0;
    oracle::real const difference = (a - b).abs();
    return difference.is_nan() ? infinity<double>() : difference.round<double>();
}

}  // namespace detail

/// The budget of every layer, for outputs computed by any kernel.
/// @param  net       n layers
/// @param  X         [batch x in]
/// @param  computed  n matrices [batch x out], activations applied: what some kernel computed in each layer from its
///                   own outputs of the layer before (of X in layer 0)
/// @param  layers    what oracle::forward_layers(net, X) gives
/// @return           n budgets of absolute errors; each error rounded once to double
/// Special:          an error of a NaN or an infinity is +inf, of NaN against NaN 0; no rows: NaN
/// Cost:             one exact forward pass, layer by layer, on floats
template <class T, class U, class C>
    requires binary_format<T> && binary_format<std::remove_const_t<U>> && binary_format<std::remove_const_t<C>>
[[nodiscard]] std::vector<layer_budget> budget_by_layer(network<T> const& net, matrix_view<U> X,
                                                        std::vector<matrix_view<C>> const& computed,
                                                        std::span<oracle::exact_matrix const> layers) {
    detail::expect_layers(net, X.rows(), layers);
    LASTBIT_EXPECTS(computed.size() == net.size(), "budget_by_layer: a network of " + std::to_string(net.size()) +
                                                       " layers and the outputs of " + std::to_string(computed.size()));
    std::vector<layer_budget> budgets;
    oracle::exact_matrix inputs(X);
    for (std::size_t k = 0; k < net.size(); ++k) {
        LASTBIT_EXPECTS(computed[k].rows() == X.rows() && computed[k].cols() == net[k].outputs(),
                        "budget_by_layer: layer " + std::to_string(k) + " needs outputs of shape " +
                            lastbit::detail::shape_text(X.rows(), net[k].outputs()) + ", not " +
                            lastbit::detail::shape_text(computed[k].rows(), computed[k].cols()));
        oracle::exact_layer<T> const layer(net[k].view());
        oracle::exact_matrix outputs(computed[k]);
        std::vector<double> made;
        std::vector<double> inherited;
        std::vector<double> total;
        for (std::size_t i = 0; i < X.rows(); ++i) {
            std::vector<oracle::real> const from_computed = layer(inputs.row(i));
            for (std::size_t j = 0; j < outputs.cols(); ++j) {
                made.push_back(detail::distance(outputs.at(i, j), from_computed[j]));
                inherited.push_back(detail::distance(from_computed[j], layers[k].at(i, j)));
                total.push_back(detail::distance(outputs.at(i, j), layers[k].at(i, j)));
            }
        }
        budgets.push_back({detail::size_of(made), detail::size_of(inherited), detail::size_of(total)});
        inputs = std::move(outputs);
    }
    return budgets;
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
