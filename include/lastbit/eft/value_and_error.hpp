// SPDX-License-Identifier: BSL-1.0
#pragma once
// What an error-free transformation returns.

#include <lastbit/base/half_batch.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// A rounded result and its rounding error: value + error is the exact result, where the operation promises it.
template <class V>
struct value_and_error {
    V value;
    V error;
};

}  // namespace LASTBIT_ABI
}  // namespace lastbit
