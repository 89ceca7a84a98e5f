// SPDX-License-Identifier: BSL-1.0
#pragma once
// A dense layer: y = act(W x + b), with W stored [out x in] as PyTorch does.

#include <lastbit/base/matrix_view.hpp>
#include <lastbit/nn/activation.hpp>

#include <span>
#include <utility>
#include <vector>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// A layer whose weights somebody else owns.
template <class T>
struct dense_view {
    matrix_view<T const> weight;  ///< [out x in], any strides
    std::span<T const> bias;      ///< [out], or empty: no bias is added
    activation act = activation::linear;

    constexpr dense_view() noexcept = default;
    constexpr dense_view(matrix_view<T const> w, std::span<T const> b, activation a = activation::linear) noexcept
        : weight(w), bias(b), act(a) {}

    [[nodiscard]] constexpr std::size_t inputs() const noexcept { return weight.cols(); }
    [[nodiscard]] constexpr std::size_t outputs() const noexcept { return weight.rows(); }
};

/// A layer that owns its weights, row-major [out x in].
template <class T>
class dense {
public:
    /// @param weight  [out x in], row-major
    /// @param bias    [out], or empty for a layer without bias
    /// Requires: weight.size() == out * in; bias.size() == out or 0.
    dense(std::vector<T> weight, std::size_t out, std::size_t in, std::vector<T> bias, activation act)
        : weight_(std::move(weight)), bias_(std::move(bias)), out_(out), in_(in), act_(act) {
        LASTBIT_EXPECTS((in == 0 ? weight_.empty() : weight_.size() / in == out && weight_.size() % in == 0),
                        "dense: a weight of " + std::to_string(weight_.size()) + " numbers cannot have the shape " +
                            detail::shape_text(out, in));
        LASTBIT_EXPECTS(bias_.empty() || bias_.size() == out,
                        "dense: a weight of shape " + detail::shape_text(out, in) + " needs a bias of shape " +
                            detail::shape_text(out) + " or none, not " + detail::shape_text(bias_.size()));
    }

    /// Copies a weight of any strides and a bias.
    /// @param weight  [out x in]
    /// @param bias    [out], or empty for a layer without bias
    dense(matrix_view<T const> weight, std::span<T const> bias, activation act)
        : dense(row_major(weight), weight.rows(), weight.cols(), std::vector<T>(bias.begin(), bias.end()), act) {}

    [[nodiscard]] dense_view<T> view() const noexcept {
        return {matrix_view<T const>(weight_.data(), out_, in_), std::span<T const>(bias_), act_};
    }
    [[nodiscard]] std::size_t inputs() const noexcept { return in_; }
    [[nodiscard]] std::size_t outputs() const noexcept { return out_; }
    [[nodiscard]] activation act() const noexcept { return act_; }

private:
    [[nodiscard]] static std::vector<T> row_major(matrix_view<T const> const& m) {
        std::vector<T> copy;
        copy.reserve(m.rows() * m.cols());
        for (std::size_t i = 0; i < m.rows(); ++i)
            for (std::size_t j = 0; j < m.cols(); ++j) copy.push_back(m(i, j));
        return copy;
    }

    std::vector<T> weight_;
    std::vector<T> bias_;
    std::size_t out_;
    std::size_t in_;
    activation act_;
};

}  // namespace LASTBIT_ABI
}  // namespace lastbit
