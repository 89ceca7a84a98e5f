// SPDX-License-Identifier: BSL-1.0
#pragma once
// A network: dense layers, one after the other.

#include <lastbit/base/convert.hpp>
#include <lastbit/nn/dense.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// A chain of dense layers that owns its weights. Layers count from 0.
template <class T>
class network {
public:
    network() = default;

    /// Requires: each layer takes as many inputs as the one before it has outputs.
    explicit network(std::vector<dense<T>> layers) : layers_(std::move(layers)) {
        for (std::size_t k = 1; k < layers_.size(); ++k)
            LASTBIT_EXPECTS(layers_[k].inputs() == layers_[k - 1].outputs(),
                            "network: layer " + std::to_string(k) + " of shape " +
                                detail::shape_text(layers_[k].outputs(), layers_[k].inputs()) +
                                " cannot follow layer " + std::to_string(k - 1) + " of shape " +
                                detail::shape_text(layers_[k - 1].outputs(), layers_[k - 1].inputs()));
    }

    [[nodiscard]] std::size_t size() const noexcept { return layers_.size(); }
    [[nodiscard]] dense<T> const& operator[](std::size_t k) const noexcept { return layers_[k]; }
    [[nodiscard]] std::vector<dense<T>> const& layers() const noexcept { return layers_; }
    /// 0 for a network without layers, as outputs().
    [[nodiscard]] std::size_t inputs() const noexcept { return layers_.empty() ? 0 : layers_.front().inputs(); }
    [[nodiscard]] std::size_t outputs() const noexcept { return layers_.empty() ? 0 : layers_.back().outputs(); }

private:
    std::vector<dense<T>> layers_;
};

/// The same network with weights of the format To: each rounded to the nearest To, which is the weight itself where To
/// is wider, an expansion, or a number of another library of enough precision.
template <class To, binary_format From>
    requires(binary_format<To> || software_number<To>)
[[nodiscard]] network<To> network_cast(network<From> const& net) {
    auto const converted = [](From const& x) {
        if constexpr (binary_format<To>) return detail::convert<To>(x);
        else return static_cast<To>(detail::convert<double>(x));
    };
    std::vector<dense<To>> layers;
    for (dense<From> const& layer : net.layers()) {
        dense_view<From> const view = layer.view();
        std::vector<To> weight;
        weight.reserve(view.outputs() * view.inputs());
        for (std::size_t i = 0; i < view.outputs(); ++i)
            for (std::size_t j = 0; j < view.inputs(); ++j) weight.push_back(converted(view.weight(i, j)));
        std::vector<To> bias;
        for (From const& b : view.bias) bias.push_back(converted(b));
        layers.emplace_back(std::move(weight), view.outputs(), view.inputs(), std::move(bias), view.act);
    }
    return network<To>(std::move(layers));
}

}  // namespace LASTBIT_ABI
}  // namespace lastbit
