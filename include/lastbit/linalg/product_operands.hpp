// SPDX-License-Identifier: BSL-1.0
#pragma once
// A product whose elements are decided one by one, and the two decisions that look at the operands themselves: by the
// superaccumulator, and of the sign of a zero.

#include <lastbit/base/environment.hpp>
#include <lastbit/exact/rounded_dot.hpp>
#include <lastbit/linalg/panel.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// One term more for each element: (i, j)'s is data[i row_stride + j col_stride]. None if data is null.
template <class T>
struct bias_view {
    T const* data = nullptr;
    std::ptrdiff_t row_stride = 0;
    std::ptrdiff_t col_stride = 0;

    [[nodiscard]] T const* at(std::size_t i, std::size_t j) const noexcept {
        if (data == nullptr) return nullptr;
        return data + static_cast<std::ptrdiff_t>(i) * row_stride + static_cast<std::ptrdiff_t>(j) * col_stride;
    }
};

/// A product C = A B + bias, and where what is known of it is kept.
template <binary_format R, binary_format T>
struct product_operands {
    matrix_view<T const> a;
    matrix_view<T const> b;
    bias_view<T> bias;
    matrix_view<R> c;
    T* row;                  // [k], room for a row of A
    T* column;               // [k], room for a column of B
    std::size_t* undecided;  // counts the elements that the superaccumulator decides, unless null
};

/// The same with B and A exchanged: C^T = B^T A^T.
template <binary_format R, binary_format T>
[[nodiscard]] product_operands<R, T> transposed(product_operands<R, T> const& p) noexcept {
    return {lastbit::transposed(p.b),
            lastbit::transposed(p.a),
            {p.bias.data, p.bias.col_stride, p.bias.row_stride},
            lastbit::transposed(p.c),
            p.column,
            p.row,
            p.undecided};
}

/// A column of B as doubles `stride` apart, where it was packed; else null.
struct packed_column {
    double const* data = nullptr;
    std::size_t stride = 0;
};

/// Element (i, j) by the superaccumulator.
template <binary_format R, binary_format T>
[[gnu::noinline]] void decide_by_integers(product_operands<R, T> const& p, std::size_t i, std::size_t j,
                                          packed_column packed = {}) noexcept {
    std::size_t const k = p.a.cols();
    for (std::size_t l = 0; l < k; ++l) p.row[l] = p.a(i, l);
    if (packed.data == nullptr) {
        for (std::size_t l = 0; l < k; ++l) p.column[l] = p.b(l, j);
    } else {
        // From few pages of memory: a column of a matrix by rows lies in as many as it has numbers.
        for (std::size_t l = 0; l < k; ++l) p.column[l] = narrowed<T>(packed.data[l * packed.stride]);
    }
    T const* const term = p.bias.at(i, j);
    double const last = term == nullptr ? 0.0 : static_cast<double>(*term);
    product_doubles<T> const products{p.row, p.column};
    p.c(i, j) = from_hidden_bits<R>(round_exactly<R>(products, k, term == nullptr ? nullptr : &last));
    if (p.undecided != nullptr) ++*p.undecided;
}

/// The zero that an exact sum of 0 is: -0 if every term is, else +0. Requires: finite terms.
template <binary_format R, binary_format T>
[[nodiscard]] R exact_zero(product_operands<R, T> const& p, std::size_t i, std::size_t j) noexcept {
    using bits_type = typename format<R>::bits_type;
    // Hidden: where -fno-signed-zeros is on, GCC may take either zero for the other.
    R const positive = opaque_constant(from_bits<R>(bits_type{0}));
    auto const is_negative_zero = [](T x, T y) {
        return (is_zero(x) || is_zero(y)) && is_negative(x) != is_negative(y);
    };
    T const* const last = p.bias.at(i, j);
    if (last != nullptr && !(is_zero(*last) && is_negative(*last))) return positive;
    for (std::size_t l = 0; l < p.a.cols(); ++l)
        if (!is_negative_zero(p.a(i, l), p.b(l, j))) return positive;
    return opaque_constant(from_bits<R>(fields<R>::sign));
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
