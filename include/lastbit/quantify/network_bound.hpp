// SPDX-License-Identifier: BSL-1.0
#pragma once
// A bound on the error of a network that holds for any order of summation, propagated from the data.
//
// delta' = L (|W| delta + gamma_(n+1) (|W| (|x| + delta) + |b|) + eta) + what the activation itself is off by, layer by
// layer, x the layer's exact inputs.
// The proof, and both etas: docs/mathematics.md, "The bound of a network for any order of summation".

#include <lastbit/nn/network.hpp>
#include <lastbit/oracle/dense.hpp>
#include <lastbit/oracle/exact_matrix.hpp>
#include <lastbit/oracle/quotient.hpp>
#include <lastbit/quantify/activation_bound.hpp>
#include <lastbit/quantify/upward.hpp>

#include <optional>
#include <string_view>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// What the bound takes for granted of the arithmetic in T; partial sums meet in any binary tree, rounded to nearest,
/// products are rounded or fused, the bias enters at any leaf, and nothing overflows.
enum class arithmetic {
    ieee,  ///< gradual underflow
    ftz    ///< numbers below 2^emin may be read as zero, and results below it may become zero
};

/// "ieee" or "ftz".
[[nodiscard]] constexpr std::string_view name(arithmetic model) noexcept {
    return model == arithmetic::ftz ? "ftz" : "ieee";
}

/// The model of this name, or nothing.
[[nodiscard]] constexpr std::optional<arithmetic> arithmetic_from_name(std::string_view text) noexcept {
    if (text == "ieee") return arithmetic::ieee;
    if (text == "ftz") return arithmetic::ftz;
    return std::nullopt;
}

/// Whether a bound could be given, and if not, why.
enum class bound_status {
    valid,
    too_many_terms,  ///< (n + 1) u >= 1 in some layer
    may_overflow     ///< some partial sum may exceed the largest number
};

/// Bounds of the errors of a network's outputs, [batch x out].
class error_bounds {
public:
    error_bounds() = default;
    error_bounds(std::size_t rows, std::size_t cols)
        : cols_(cols), values_(rows * cols), status_(rows, bound_status::valid) {}

    [[nodiscard]] std::size_t rows() const noexcept { return status_.size(); }
    [[nodiscard]] std::size_t cols() const noexcept { return cols_; }
    /// At least |computed - exact| of output j for input i; +inf unless the row's status is valid.
    [[nodiscard]] double& at(std::size_t i, std::size_t j) noexcept { return values_[i * cols_ + j]; }
    [[nodiscard]] double at(std::size_t i, std::size_t j) const noexcept { return values_[i * cols_ + j]; }
    [[nodiscard]] bound_status& status(std::size_t i) noexcept { return status_[i]; }
    [[nodiscard]] bound_status status(std::size_t i) const noexcept { return status_[i]; }
    /// All bounds, row after row.
    [[nodiscard]] std::span<double const> values() const noexcept { return values_; }

private:
    std::size_t cols_ = 0;
    std::vector<double> values_;
    std::vector<bound_status> status_;
};

namespace detail {

/// What the bound needs of a layer, made once.
template <binary_format T>
class layer_bound {
public:
    layer_bound(dense_view<T> layer, arithmetic model) : in_(layer.inputs()), bias_(layer.outputs()) {
        weight_.reserve(layer.outputs() * in_);
        for (std::size_t i = 0; i < layer.outputs(); ++i)
            for (std::size_t j = 0; j < in_; ++j) weight_.push_back(upper::of_magnitude(layer.weight(i, j)));
        if (!layer.bias.empty())
            for (std::size_t i = 0; i < layer.outputs(); ++i) bias_[i] = upper::of_magnitude(layer.bias[i]);
        // gamma_(n+1) = (n + 1) u / (1 - (n + 1) u) = (n + 1) / (2^p - (n + 1)).
        oracle::real const terms(in_ + 1);
        oracle::real const rest = oracle::real(1).scaled(format<T>::precision) - terms;
        if (rest.sign() <= 0) return;
        status_ = bound_status::valid;
        gamma_ = upper::of(oracle::quotient<double>(terms, rest, oracle::direction::upward));
        if (model == arithmetic::ieee) set_ieee();
        else set_ftz(layer);
    }

    /// The bounds of the errors of the sums W x + b, from the exact inputs and the bounds of theirs.
    /// @return  the status; `outputs` is complete only if it is valid
    [[nodiscard]] bound_status operator()(std::span<oracle::real const> x, std::vector<upper> const& delta,
                                          std::vector<upper>& outputs) const {
        if (status_ != bound_status::valid) return status_;
        upper const largest_number = upper::of_magnitude(largest<T>());
        std::vector<upper> reach(in_);  // |x| + delta: no computed input is larger
        for (std::size_t j = 0; j < in_; ++j) reach[j] = upper::of_magnitude(x[j]) + delta[j];
        std::vector<upper> eta = underflow_;
        for (subnormal_weight const& w : subnormal_) eta[w.row] = eta[w.row] + w.magnitude * reach[w.col];
        outputs.assign(bias_.size(), upper());
        for (std::size_t i = 0; i < bias_.size(); ++i) {
            upper inherited;
            upper size = bias_[i];
            for (std::size_t j = 0; j < in_; ++j) {
                upper const w = weight_[i * in_ + j];
                inherited = inherited + w * delta[j];
                size = size + w * reach[j];
            }
            upper const made = gamma_ * size + eta[i];
            if (!(made + size).is_finite() || (made + size).value() > largest_number.value())
                return bound_status::may_overflow;
            outputs[i] = inherited + made;
        }
        return bound_status::valid;
    }

private:
    struct subnormal_weight {
        std::size_t row;
        std::size_t col;
        upper magnitude;
    };

    /// n products, each off by at most half the smallest subnormal, then through at most n additions.
    void set_ieee() {
        oracle::real const half = oracle::real(1).scaled(format<T>::min_exponent - format<T>::precision);
        upper const each = upper::of_magnitude(half);
        upper const products = upper::of(oracle::real(in_).template round<double>(oracle::direction::upward)) * each;
        underflow_.assign(bias_.size(), products + gamma_ * products);
    }

    /// 2n results, each off by at most 2^emin; inputs and weights read as zero; the bias too.
    void set_ftz(dense_view<T> layer) {
        upper const smallest = upper::of_magnitude(smallest_normal<T>());
        upper const results =
            upper::of(oracle::real(in_ + in_).template round<double>(oracle::direction::upward)) * smallest;
        underflow_.assign(bias_.size(), results + gamma_ * results);
        for (std::size_t i = 0; i < bias_.size(); ++i) {
            for (std::size_t j = 0; j < in_; ++j) {
                upper const w = weight_[i * in_ + j];
                underflow_[i] = underflow_[i] + w * smallest;
                if (is_subnormal(layer.weight(i, j))) subnormal_.push_back({i, j, w});
            }
            if (!layer.bias.empty() && is_subnormal(layer.bias[i])) underflow_[i] = underflow_[i] + bias_[i];
        }
    }

    [[nodiscard]] static bool is_subnormal(T x) noexcept {
        return !lastbit::is_zero(x) && to_bits(absolute(x)) < to_bits(smallest_normal<T>());
    }

    std::size_t in_;
    std::vector<upper> bias_;
    std::vector<upper> weight_;
    upper gamma_;
    bound_status status_ = bound_status::too_many_terms;
    std::vector<upper> underflow_;             // the part of eta that the data do not change
    std::vector<subnormal_weight> subnormal_;  // under ftz, weights that may be read as zero
};

template <binary_format T>
void expect_layers(network<T> const& net, std::size_t rows, std::span<oracle::exact_matrix const> layers) {
    LASTBIT_EXPECTS(layers.size() == net.size(), "quantify: a network of " + std::to_string(net.size()) +
                                                     " layers and the outputs of " + std::to_string(layers.size()));
    for (std::size_t k = 0; k < net.size(); ++k)
        LASTBIT_EXPECTS(layers[k].rows() == rows && layers[k].cols() == net[k].outputs(),
                        "quantify: layer " + std::to_string(k) + " needs outputs of shape " +
                            lastbit::detail::shape_text(rows, net[k].outputs()) + ", not " +
                            lastbit::detail::shape_text(layers[k].rows(), layers[k].cols()));
}

}  // namespace detail

/// A bound of |computed - exact| for every output, whatever the order of summation, in arithmetic on T; exact means
/// oracle::forward_layers, whose own errors (2^-256 of an activation's result) are counted in.
/// @param  net     layers with any activation
/// @param  X       [batch x in], the very numbers that are computed with: of the format T, finite
/// @param  layers  what oracle::forward_layers(net, X) gives
/// @param  ulps    the computed activations, but linear and relu, are off by at most that many ulps of act(z), z the
///                 computed sum; below 0.501 the bound is not one of this library's kernels
/// @return         [batch x out], evaluated in double with every operation rounded outward
/// Special:        a row has +inf and a status that says why where (n + 1) u >= 1 or a partial sum may overflow
/// Requires:       nothing of the environment (quantify/upward.hpp)
/// Cost:           four double operations a weight and row; behind activations but linear and relu, an exact layer
/// Source:         docs/mathematics.md; [Hig02] sections 3.1 and 4.2 for gamma
template <class T>
    requires binary_format<std::remove_const_t<T>>
[[nodiscard]] error_bounds network_bound(network<std::remove_const_t<T>> const& net, matrix_view<T> X,
                                         std::span<oracle::exact_matrix const> layers,
                                         arithmetic model = arithmetic::ieee, double ulps = usual_activation_ulps) {
    using value_type = std::remove_const_t<T>;
    detail::expect_layers(net, X.rows(), layers);
    LASTBIT_EXPECTS(X.cols() == net.inputs(), "quantify: a network of " + std::to_string(net.inputs()) +
                                                  " inputs and an input of shape " +
                                                  lastbit::detail::shape_text(X.rows(), X.cols()));
    std::vector<detail::layer_bound<value_type>> prepared;
    std::vector<std::optional<oracle::exact_layer<value_type>>> curved(net.size());  // whose sums decide the slope
    for (std::size_t k = 0; k < net.size(); ++k) {
        prepared.emplace_back(net[k].view(), model);
        if (!is_exact(net[k].act())) curved[k].emplace(net[k].view());
    }
    LASTBIT_EXPECTS(!lastbit::is_nan(ulps) && ulps >= 0,
                    "quantify: the activations' error in ulps must not be negative");

    error_bounds bounds(X.rows(), net.outputs());
    for (std::size_t i = 0; i < X.rows(); ++i) {
        std::vector<oracle::real> input;
        for (std::size_t j = 0; j < X.cols(); ++j) input.emplace_back(X(i, j));
        std::span<oracle::real const> x = input;
        std::vector<detail::upper> delta(X.cols());
        std::vector<detail::upper> outputs;
        for (std::size_t k = 0; k < net.size() && bounds.status(i) == bound_status::valid; ++k) {
            bounds.status(i) = prepared[k](x, delta, outputs);
            delta.swap(outputs);
            if (curved[k] && bounds.status(i) == bound_status::valid) {
                std::vector<oracle::real> const sums = curved[k]->affine(x);
                bool const flush = model == arithmetic::ftz;
                if (!detail::error_through_activation<value_type>(net[k].act(), sums, layers[k].row(i), delta, ulps,
                                                                  flush))
                    bounds.status(i) = bound_status::may_overflow;
            }
            x = layers[k].row(i);
        }
        bool const valid = bounds.status(i) == bound_status::valid;
        for (std::size_t j = 0; j < bounds.cols(); ++j) bounds.at(i, j) = valid ? delta[j].value() : infinity<double>();
    }
    return bounds;
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
