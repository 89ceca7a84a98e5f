// SPDX-License-Identifier: BSL-1.0
#pragma once
// The exact dot product of two vectors of floats, or of numbers as kernels store them, of any two formats.

#include <lastbit/base/contracts.hpp>
#include <lastbit/oracle/sum.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace oracle {
namespace detail {

/// Sum x_i y_i, or sum |x_i y_i|.
template <bool Absolutes, storage_format T, storage_format U>
[[nodiscard]] real dot_of(std::span<T const> x, std::span<U const> y) {
    LASTBIT_EXPECTS(x.size() == y.size(), "oracle::dot: vectors of shapes " + lastbit::detail::shape_text(x.size()) +
                                              " and " + lastbit::detail::shape_text(y.size()));
    if (!all_finite(x) || !all_finite(y)) {
        real total = real::zero(true);
        for (std::size_t i = 0; i < x.size(); ++i) {
            real const product = real(x[i]) * real(y[i]);
            total += Absolutes ? product.abs() : product;
        }
        return total;
    }
    return sum_of_terms(x.size(), [x, y](std::size_t i) {
        float_parts const a = take_apart(x[i]);
        float_parts const b = take_apart(y[i]);
        bool negative = !Absolutes && a.negative != b.negative;
        if constexpr (std::integral<T> && std::integral<U>)  // whole numbers have one zero
            negative = negative && a.significand != 0 && b.significand != 0;
        return term{negative, static_cast<wide_integer>(a.significand) * static_cast<wide_integer>(b.significand),
                    a.exponent + b.exponent};
    });
}

}  // namespace detail

/// Sum x_i y_i, exactly.
/// @param  x  [n], any n, in any storage_format
/// @param  y  [n], of the same or another format
/// Error:     none
/// Special:   n = 0 -> +0; any NaN, 0 * inf, or infinite products of both signs -> NaN; an exact zero is +0 unless
///            every product is -0; std::int8_t has no -0, nor has a product of two
/// Requires:  as many elements in y as in x
/// Cost:      two passes over x and y; memory for one 128-bit integer for each exponent that occurs
template <storage_range X, storage_range Y>
[[nodiscard]] real dot(X const& x, Y const& y) {
    return detail::dot_of<false>(detail::as_span(x), detail::as_span(y));
}

/// Sum |x_i y_i|, exactly. Special: n = 0 -> +0; any NaN, or 0 * inf -> NaN. Requires: as many elements in y as in x.
template <storage_range X, storage_range Y>
[[nodiscard]] real dot_of_absolutes(X const& x, Y const& y) {
    return detail::dot_of<true>(detail::as_span(x), detail::as_span(y));
}

}  // namespace oracle
}  // namespace LASTBIT_ABI
}  // namespace lastbit
