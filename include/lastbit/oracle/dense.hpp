// SPDX-License-Identifier: BSL-1.0
#pragma once
// The exact dense layer: z = W x + b and y = act(z), for exact inputs and for floats.

#include <lastbit/nn/dense.hpp>
#include <lastbit/oracle/activation.hpp>
#include <lastbit/oracle/digits.hpp>
#include <lastbit/oracle/exact_matrix.hpp>
#include <lastbit/oracle/sum.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace oracle {

/// A layer made ready to be applied to many rows: its weights are brought to one common exponent once.
///
/// It refers to the layer's weights, which must outlive it. Const operations are thread-safe.
template <binary_format T>
class exact_layer {
public:
    explicit exact_layer(dense_view<T> layer) : layer_(layer), finite_(has_finite_weights(layer)), weight_({}) {
        LASTBIT_EXPECTS(layer.bias.empty() || layer.bias.size() == layer.outputs(),
                        "oracle::forward: a weight of shape " +
                            lastbit::detail::shape_text(layer.outputs(), layer.inputs()) + " needs a bias of shape " +
                            lastbit::detail::shape_text(layer.outputs()) + " or none, not " +
                            lastbit::detail::shape_text(layer.bias.size()));
        if (finite_) weight_ = detail::digit_vector(exact_matrix(layer.weight).values());
    }

    [[nodiscard]] dense_view<T> const& layer() const noexcept { return layer_; }

    /// z = W x + b.
    /// @param  x  [in] exact numbers
    /// @return    [out]
    /// Special:   each element as the sum of its products and the bias: NaN, infinities and the sign of zero as for
    ///            oracle::dot; without a bias no term is added
    [[nodiscard]] std::vector<real> affine(std::span<real const> x) const {
        LASTBIT_EXPECTS(x.size() == layer_.inputs(),
                        "oracle::forward: a layer of shape " +
                            lastbit::detail::shape_text(layer_.outputs(), layer_.inputs()) + " and an input of shape " +
                            lastbit::detail::shape_text(x.size()));
        bool finite = finite_;
        for (real const& element : x) finite = finite && element.is_finite();
        std::vector<real> z(layer_.outputs());
        if (!finite) {
            for (std::size_t i = 0; i < z.size(); ++i) z[i] = term_by_term(i, x);
            return z;
        }
        detail::digit_vector const digits(x);
        for (std::size_t i = 0; i < z.size(); ++i) {
            z[i] = detail::dot_of_digits(weight_, i * x.size(), digits, x.size());
            if (!layer_.bias.empty()) z[i] += real(layer_.bias[i]);
            if (z[i].is_zero()) z[i] = term_by_term(i, x);  // digits have lost the sign of a zero
        }
        return z;
    }

    /// y = act(W x + b). Shapes and special values: as affine().
    [[nodiscard]] std::vector<real> operator()(std::span<real const> x) const {
        std::vector<real> y = affine(x);
        activate_row(layer_.act, y);
        return y;
    }

private:
    [[nodiscard]] static bool has_finite_weights(dense_view<T> const& layer) {
        for (std::size_t i = 0; i < layer.outputs(); ++i)
            for (std::size_t j = 0; j < layer.inputs(); ++j)
                if (!lastbit::is_finite(layer.weight(i, j))) return false;
        return detail::all_finite(layer.bias);
    }

    [[nodiscard]] real term_by_term(std::size_t i, std::span<real const> x) const {
        bool const empty = x.empty() && layer_.bias.empty();
        real z = real::zero(!empty);
        for (std::size_t j = 0; j < x.size(); ++j) z += real(layer_.weight(i, j)) * x[j];
        if (!layer_.bias.empty()) z += real(layer_.bias[i]);
        return z;
    }

    dense_view<T> layer_;
    bool finite_;
    detail::digit_vector weight_;
};

/// act(W x + b), exactly, for one row x of exact numbers.
///
/// For many rows make an exact_layer once. Special: as exact_layer::affine.
template <binary_format T>
[[nodiscard]] std::vector<real> forward(dense_view<T> const& layer, std::span<real const> x) {
    return exact_layer<T>(layer)(x);
}

/// act(W x + b), exactly, for one row of floats of any format.
template <binary_format T, float_range Row>
[[nodiscard]] std::vector<real> forward(dense_view<T> const& layer, Row const& x) {
    auto const values = detail::as_span(x);
    std::vector<real> const exact(values.begin(), values.end());
    return forward(layer, std::span<real const>(exact));
}

/// act(W x + b), exactly, for one row of floats or of exact numbers.
template <binary_format T, class Row>
[[nodiscard]] std::vector<real> forward(dense<T> const& layer, Row const& x) {
    return forward(layer.view(), x);
}

}  // namespace oracle
}  // namespace LASTBIT_ABI
}  // namespace lastbit
