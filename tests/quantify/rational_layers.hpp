// SPDX-License-Identifier: BSL-1.0
#pragma once
// Layers in rational arithmetic, changed weight by weight: an independent judge of condition numbers.

#include <lastbit/base/convert.hpp>
#include <lastbit/nn/network.hpp>
#include <boost/multiprecision/cpp_int.hpp>

#include <vector>

namespace lastbit_tests {

using rational = boost::multiprecision::cpp_rational;

template <class T>
[[nodiscard]] rational rational_of(T x) {
    return rational(lastbit::detail::convert<double>(x));
}

/// x times 1 + e or 1 - e, as bit `place` of `signs` says.
[[nodiscard]] inline rational changed(rational const& x, rational const& e, std::size_t signs, std::size_t place) {
    return x + ((signs >> place & 1) != 0 ? rational(-e) : e) * boost::multiprecision::abs(x);
}

struct rational_layer {
    std::vector<std::vector<rational>> weight;
    std::vector<rational> bias;
    lastbit::activation act = lastbit::activation::linear;

    template <class T>
    explicit rational_layer(lastbit::dense_view<T> const& layer) : act(layer.act) {
        weight.resize(layer.outputs());
        for (std::size_t i = 0; i < layer.outputs(); ++i)
            for (std::size_t j = 0; j < layer.inputs(); ++j) weight[i].push_back(rational_of(layer.weight(i, j)));
        for (T const& b : layer.bias) bias.push_back(rational_of(b));
    }

    /// How many weights and biases there are.
    [[nodiscard]] std::size_t size() const { return weight.size() * weight.front().size() + bias.size(); }

    /// The layer with each number changed by e times itself, up or down.
    [[nodiscard]] rational_layer with(rational const& e, std::size_t signs) const {
        rational_layer result = *this;
        std::size_t place = 0;
        for (auto& row : result.weight)
            for (rational& w : row) w = changed(w, e, signs, place++);
        for (rational& b : result.bias) b = changed(b, e, signs, place++);
        return result;
    }

    [[nodiscard]] std::vector<rational> operator()(std::vector<rational> const& x) const {
        std::vector<rational> y(weight.size());
        for (std::size_t i = 0; i < y.size(); ++i) {
            for (std::size_t j = 0; j < x.size(); ++j) y[i] += weight[i][j] * x[j];
            if (!bias.empty()) y[i] += bias[i];
            if (act == lastbit::activation::relu && y[i] < 0) y[i] = 0;
        }
        return y;
    }
};

[[nodiscard]] inline std::vector<rational> through(std::vector<rational_layer> const& layers, std::vector<rational> x) {
    for (rational_layer const& layer : layers) x = layer(x);
    return x;
}

/// |y - x| / (e |x|) for each element, kept where it is the largest so far.
inline void keep_largest(std::vector<rational>& largest, std::vector<rational> const& x, std::vector<rational> const& y,
                         rational const& e) {
    for (std::size_t i = 0; i < x.size(); ++i) {
        rational const change = boost::multiprecision::abs(rational((y[i] - x[i]) / (e * x[i])));
        if (change > largest[i]) largest[i] = change;
    }
}

}  // namespace lastbit_tests
