// SPDX-License-Identifier: BSL-1.0
#pragma once
// Condition numbers: by how much small relative changes of the data are magnified in the exact result.
//
// Each is the limit, for e -> 0, of the largest relative change of the result, divided by e, over all changes of each
// number by at most e times itself. It is a property of the problem: no method of summation enters. Each is the
// quotient of two exact numbers, rounded once to double.

#include <lastbit/oracle/dense.hpp>
#include <lastbit/oracle/dot.hpp>
#include <lastbit/oracle/exact_matrix.hpp>
#include <lastbit/oracle/quotient.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// sum |x_i| / |sum x_i|: the condition number of a sum with respect to its terms; at least 1.
///
/// @param  x  [n] numbers of one of the four formats
/// @return    rounded once to double
/// Special:   a sum of 0 whose terms are not all 0, and a quotient beyond the doubles: +inf; n = 0, all terms 0, a NaN
///            or an infinity among them: NaN
/// Source:    [Hig02] chapter 4; docs/mathematics.md, "Condition numbers"
template <oracle::float_range X>
[[nodiscard]] double condition_of_sum(X const& x) {
    return oracle::quotient<double>(oracle::sum_of_absolutes(x), oracle::sum(x).abs());
}

/// 2 sum |x_i y_i| / |sum x_i y_i|: the condition number of a dot product with respect to x and y; at least 2.
///
/// @param  x, y  [n] numbers of one of the four formats. Requires: equal sizes
/// Special:      as condition_of_sum, for the terms x_i y_i
/// Source:       [ORO05] section 1
template <oracle::float_range X, oracle::float_range Y>
[[nodiscard]] double condition_of_dot(X const& x, Y const& y) {
    return oracle::quotient<double>(oracle::dot_of_absolutes(x, y).scaled(1), oracle::dot(x, y).abs());
}

namespace detail {

/// |W| and |b|: what it makes of |x| is what the terms W_ij x_j and b_i come to without cancellation. A change of each
/// weight by at most e times itself can change W x + b by e times as much, and not by more.
template <binary_format T>
[[nodiscard]] dense<T> absolute_layer(dense_view<T> const& layer) {
    std::vector<T> weight;
    weight.reserve(layer.outputs() * layer.inputs());
    for (std::size_t i = 0; i < layer.outputs(); ++i)
        for (std::size_t j = 0; j < layer.inputs(); ++j) weight.push_back(absolute(layer.weight(i, j)));
    std::vector<T> bias;
    for (T const b : layer.bias) bias.push_back(absolute(b));
    return dense<T>(std::move(weight), layer.outputs(), layer.inputs(), std::move(bias), activation::linear);
}

[[nodiscard]] inline std::vector<oracle::real> absolutes(std::span<oracle::real const> x) {
    std::vector<oracle::real> result;
    result.reserve(x.size());
    for (oracle::real const& element : x) result.push_back(element.abs());
    return result;
}

/// |W| |x| + |b|.
template <binary_format T>
[[nodiscard]] std::vector<oracle::real> affine_magnitudes(dense_view<T> const& layer, std::span<oracle::real const> x) {
    dense<T> const magnitudes = absolute_layer(layer);
    return oracle::exact_layer<T>(magnitudes.view()).affine(absolutes(x));
}

/// The numbers of a row, exactly.
template <oracle::float_range Row>
[[nodiscard]] std::vector<oracle::real> exact_row(Row const& x) {
    auto const values = oracle::detail::as_span(x);
    return {values.begin(), values.end()};
}

}  // namespace detail

/// (|W| |x| + |b|)_i / |W x + b|_i for each output i of a layer, before its activation, and for each row x of X: the
/// condition number with respect to the weights and the bias. Without a bias it is also that with respect to x.
///
/// @param  X  [rows x in] exact numbers
/// @return    [rows x out], row after row
/// Special:   as condition_of_sum, for the terms W_ij x_j and b_i. Requires: fitting shapes
/// Source:    docs/mathematics.md, "Condition numbers"
template <binary_format T>
[[nodiscard]] std::vector<double> conditions_of_layer(dense_view<T> const& layer, oracle::exact_matrix const& X) {
    oracle::exact_layer<T> const exact(layer);
    dense<T> const magnitudes = detail::absolute_layer(layer);
    oracle::exact_layer<T> const without_signs(magnitudes.view());
    std::vector<double> conditions;
    conditions.reserve(X.rows() * layer.outputs());
    for (std::size_t r = 0; r < X.rows(); ++r) {
        std::vector<oracle::real> const z = exact.affine(X.row(r));
        std::vector<oracle::real> const sizes = without_signs.affine(detail::absolutes(X.row(r)));
        for (std::size_t i = 0; i < z.size(); ++i) conditions.push_back(oracle::quotient<double>(sizes[i], z[i].abs()));
    }
    return conditions;
}

/// The same for one row of numbers of any of the four formats.
template <binary_format T, oracle::float_range Row>
[[nodiscard]] std::vector<double> conditions_of_layer(dense_view<T> const& layer, Row const& x) {
    auto const row = oracle::detail::as_span(x);
    return conditions_of_layer(layer, oracle::exact_matrix(matrix_view(row.data(), 1, row.size())));
}

/// (|A| |x|)_i / |A x|_i for each row i: the condition number of a matrix-vector product with respect to A, and also
/// with respect to x.
///
/// @param  A  [m x k], any strides; x [k]
/// @return    [m]
template <class T, oracle::float_range Vector>
    requires binary_format<std::remove_const_t<T>>
[[nodiscard]] std::vector<double> conditions_of_product(matrix_view<T> const& A, Vector const& x) {
    using value_type = std::remove_const_t<T>;
    return conditions_of_layer(dense_view<value_type>(A, std::span<value_type const>()), x);
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
