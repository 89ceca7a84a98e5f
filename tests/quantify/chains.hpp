// SPDX-License-Identifier: BSL-1.0
#pragma once
// Networks of random weights, orders of their sums, and what the oracle computes in those.

#include <lastbit/base/random.hpp>
#include <lastbit/oracle/real.hpp>
#include <lastbit/quantify/chain_order.hpp>

namespace lastbit_tests {

/// Uniform on [-1, 1), with all bits of the format in use.
template <class T>
[[nodiscard]] T uniform(lastbit::random_stream& random) {
    double const x = 2 * random.uniform() - 1;
    return lastbit::detail::convert<T>(x);
}

/// Weights uniform, of the size that keeps sums of about 1. If `close`, each odd class has the weights of the class before
/// it, each moved by up to 4 ulps, and the same bias: margins are a few ulps of the terms.
template <class T>
[[nodiscard]] lastbit::network<T> any_network(lastbit::random_stream& random, std::vector<std::size_t> const& widths,
                                              bool close = false) {
    std::vector<lastbit::dense<T>> layers;
    for (std::size_t k = 0; k + 1 < widths.size(); ++k) {
        std::size_t const in = widths[k], out = widths[k + 1];
        bool const last = k + 2 == widths.size();
        std::vector<T> weight, bias;
        T const size = lastbit::detail::convert<T>(lastbit::square_root(lastbit::divide(6.0, static_cast<double>(in))));
        for (std::size_t i = 0; i < in * out; ++i) weight.push_back(lastbit::mul(size, uniform<T>(random)));
        for (std::size_t i = 0; i < out; ++i) bias.push_back(lastbit::mul(T(0.25F), uniform<T>(random)));
        for (std::size_t i = 1; close && last && i < out; i += 2) {
            bias[i] = bias[i - 1];
            for (std::size_t j = 0; j < in; ++j) {
                auto const bits = lastbit::to_bits(weight[(i - 1) * in + j]) + random.below(9) - 4;
                weight[i * in + j] = lastbit::from_bits<T>(static_cast<typename lastbit::format<T>::bits_type>(bits));
            }
        }
        layers.emplace_back(weight, out, in, bias, last ? lastbit::activation::linear : lastbit::activation::relu);
    }
    return lastbit::network<T>(layers);
}

template <class T>
[[nodiscard]] std::vector<T> any_input(lastbit::random_stream& random, std::size_t n) {
    std::vector<T> x;
    for (std::size_t i = 0; i < n; ++i) x.push_back(lastbit::absolute(uniform<T>(random)));
    return x;
}

[[nodiscard]] inline lastbit::quantify::chain_order any_chain(lastbit::random_stream& random, std::size_t inputs,
                                                              bool bias) {
    lastbit::quantify::chain_order order;
    for (std::size_t t = 0; t < inputs + (bias ? 1 : 0); ++t) order.push_back({static_cast<std::uint32_t>(t), false});
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
    for (std::size_t i = 1; i < order.size(); ++i) order[i].fused = order[i].term < inputs && random.below(2) == 1;
    return order;
}

/// The network in an order, every operation exact and rounded once by the oracle.
template <class T>
[[nodiscard]] std::vector<T> by_the_oracle(lastbit::network<T> const& net,
                                           lastbit::quantify::network_order const& order, std::vector<T> x) {
    for (std::size_t k = 0; k < net.size(); ++k) {
        auto const layer = net[k].view();
        std::vector<T> y;
        for (std::size_t i = 0; i < layer.outputs(); ++i) {
            lastbit::quantify::chain_order chain = order[k][i];
            for (std::size_t t = 0; chain.size() < x.size() + layer.bias.size() / layer.outputs(); ++t)
                chain.push_back({static_cast<std::uint32_t>(t), false});
            T sum = T(0);
            for (std::size_t s = 0; s < chain.size(); ++s) {
                auto const [t, fused] = chain[s];
                lastbit::oracle::real const term =
                    t == x.size() ? lastbit::oracle::real(layer.bias[i])
                                  : lastbit::oracle::real(layer.weight(i, t)) * lastbit::oracle::real(x[t]);
                lastbit::oracle::real const added = fused ? term : lastbit::oracle::real(term.round<T>());
                sum = s == 0 ? added.round<T>() : (lastbit::oracle::real(sum) + added).round<T>();
            }
            bool const dropped =
                layer.act == lastbit::activation::relu && !(lastbit::oracle::real(sum) > lastbit::oracle::real(0));
            y.push_back(dropped ? T(0) : sum);
        }
        x = y;
    }
    return x;
}

}  // namespace lastbit_tests
