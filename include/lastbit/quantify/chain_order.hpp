// SPDX-License-Identifier: BSL-1.0
#pragma once
// An order of summation for every output of a network, written down, and the network computed in it.

#include <lastbit/base/environment.hpp>
#include <lastbit/eft/fma.hpp>
#include <lastbit/nn/activate_rows.hpp>
#include <lastbit/nn/network.hpp>
#include <lastbit/quantify/prediction.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// One term that joins a sum: of a dense layer's output, product `term` of a weight and an input, or, with
/// term = inputs, the bias.
struct chain_step {
    std::uint32_t term = 0;
    bool fused = false;  ///< the product is fused with its addition, else rounded before it

    friend bool operator==(chain_step const&, chain_step const&) = default;
};

/// The order of one output: a chain, in which each step's term is added to the sum of those before it. Every term comes
/// once; the first step and the bias are not fused. Empty: the products in sequence, rounded, and the bias last.
using chain_order = std::vector<chain_step>;

/// [layers][outputs] orders.
using network_order = std::vector<std::vector<chain_order>>;

/// What a network computes in one order.
template <binary_format T>
struct replayed {
    std::vector<T> logits;      ///< [out]
    std::size_t predicted = 0;  ///< the lowest index of the largest logit
    bool overflowed = false;    ///< some sum, in some layer, is not finite
};

namespace detail {

/// Whether each term comes once, and none is fused that cannot be.
[[nodiscard]] inline bool is_chain(chain_order const& order, std::size_t inputs, bool has_bias) {
    if (order.size() != inputs + (has_bias ? 1U : 0U)) return false;
    std::vector<bool> seen(order.size());
    for (std::size_t k = 0; k < order.size(); ++k) {
        auto const& [term, fused] = order[k];
        if (term >= order.size() || seen[term] || (fused && (k == 0 || term == inputs))) return false;
        seen[term] = true;
    }
    return true;
}

/// Output i of a layer before its activation, in one order. Requires: a sound environment; fitting sizes.
template <binary_format T>
[[nodiscard]] T sum_in_chain(chain_order const& order, dense_view<T> const& layer, std::size_t i,
                             std::span<T const> x) {
    std::size_t const n = x.size();
    std::size_t const terms = n + (layer.bias.empty() ? 0U : 1U);
    T sum = T(0);
    for (std::size_t k = 0; k < terms; ++k) {
        chain_step const step = order.empty() ? chain_step{static_cast<std::uint32_t>(k), false} : order[k];
        if (step.fused) {
            sum = fma(layer.weight(i, step.term), x[step.term], sum);
        } else {
            T const term = step.term == n ? layer.bias[i] : mul(layer.weight(i, step.term), x[step.term]);
            sum = k == 0 ? term : add(sum, term);
        }
    }
    return sum;
}

}  // namespace detail

/// The network's outputs for x, each sum in the order given for it, in the arithmetic of T.
/// @param  order  [layers][outputs] chains
/// @param  x      [in]
/// Order:         the one given: the same bits in every build
/// Special:       NaN and infinities as IEEE 754 says; no terms at all give +0
/// Requires:      fitting shapes, and chains in which every term comes once; else LASTBIT_EXPECTS fails
template <binary_format T>
[[nodiscard]] replayed<T> replay(network<T> const& net, network_order const& order,
                                 std::type_identity_t<std::span<T const>> x) {
    LASTBIT_EXPECTS(net.outputs() > 0, "replay: a network without outputs predicts nothing");
    LASTBIT_EXPECTS(x.size() == net.inputs(), "replay: a network of " + std::to_string(net.inputs()) +
                                                  " inputs and an input of " + std::to_string(x.size()));
    LASTBIT_EXPECTS(order.size() == net.size(), "replay: a network of " + std::to_string(net.size()) +
                                                    " layers and the orders of " + std::to_string(order.size()));
    for (std::size_t k = 0; k < net.size(); ++k) {
        LASTBIT_EXPECTS(order[k].size() == net[k].outputs(),
                        "replay: layer " + std::to_string(k) + " of " + std::to_string(net[k].outputs()) +
                            " outputs and orders for " + std::to_string(order[k].size()));
        for (std::size_t i = 0; i < order[k].size(); ++i)
            LASTBIT_EXPECTS(
                order[k][i].empty() || detail::is_chain(order[k][i], net[k].inputs(), !net[k].view().bias.empty()),
                "replay: the order of output " + std::to_string(i) + " of layer " + std::to_string(k) +
                    " does not have every term once, or fuses the first or the bias");
    }
    replayed<T> result;
    result.logits.assign(x.begin(), x.end());
    std::vector<T> next;
    environment::guard const guard;
    for (std::size_t k = 0; k < net.size(); ++k) {
        dense_view<T> const layer = net[k].view();
        next.resize(layer.outputs());
        for (std::size_t i = 0; i < next.size(); ++i) {
            T const z = detail::sum_in_chain<T>(order[k][i], layer, i, result.logits);
            if (!lastbit::is_finite(z)) result.overflowed = true;
            next[i] = z;
        }
        activate_rows(layer.act, matrix_view<T>(next.data(), 1, next.size()));
        result.logits.swap(next);
    }
    result.predicted = predicted_class(result.logits);
    return result;
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
