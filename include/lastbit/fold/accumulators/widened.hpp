// SPDX-License-Identifier: BSL-1.0
#pragma once
// Accumulator widened<W>: plain summation in a wider format, rounded to the result's format at the end.

#include <lastbit/fold/accumulators/plain.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// Terms are widened exactly to W and summed as plain does there. Products of float, bfloat16 and float16 are exact in
/// double; those of bfloat16 and float16 are exact in float unless they underflow.
/// Error:   that of plain in W, and one rounding to the result's format.
/// Special: as plain. A float sum cannot overflow in double.
template <native_format W>
struct widened {
    static constexpr char const* name = std::same_as<W, double> ? "widened<double>" : "widened<float>";
    template <class T>
        requires(binary_format<T>&& format<T>::precision <= format<W>::precision)
    using held = W;

    template <class V>
    using state = plain::state<V>;

    template <binary_format U>
    static constexpr double bound(reduction_shape shape, summand_size size) noexcept {
        return plain::bound<U>(shape, size);
    }
};

}  // namespace LASTBIT_ABI
}  // namespace lastbit
