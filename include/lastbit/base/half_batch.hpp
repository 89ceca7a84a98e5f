// SPDX-License-Identifier: BSL-1.0
#pragma once
// A register of bfloat16 or float16 numbers, held in floats; each operation rounds to the 16-bit format.

#include <lastbit/base/widen.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// batch_width<float> numbers of the format T. Every lane is a number of T at any time.
template <half_format T>
struct half_batch {
    batch<float> lanes;
};

template <half_format T>
[[nodiscard, gnu::always_inline]] inline half_batch<T> add(half_batch<T> const& a, half_batch<T> const& b) noexcept {
    return {round_to<T>(add<float>(a.lanes, b.lanes))};
}
template <half_format T>
[[nodiscard, gnu::always_inline]] inline half_batch<T> sub(half_batch<T> const& a, half_batch<T> const& b) noexcept {
    return {round_to<T>(sub<float>(a.lanes, b.lanes))};
}
template <half_format T>
[[nodiscard, gnu::always_inline]] inline half_batch<T> mul(half_batch<T> const& a, half_batch<T> const& b) noexcept {
    return {round_to<T>(mul<float>(a.lanes, b.lanes))};
}
template <half_format T>
[[nodiscard, gnu::always_inline]] inline half_batch<T> negate(half_batch<T> const& x) noexcept {
    return {negate<float>(x.lanes)};
}
template <half_format T>
[[nodiscard, gnu::always_inline]] inline half_batch<T> select_if_larger(half_batch<T> const& x, half_batch<T> const& y,
                                                                        half_batch<T> const& a,
                                                                        half_batch<T> const& b) noexcept {
    return {select_if_larger<float>(x.lanes, y.lanes, a.lanes, b.lanes)};
}
template <half_format T>
[[nodiscard, gnu::always_inline]] inline half_batch<T> zero_unless_finite(half_batch<T> const& x,
                                                                          half_batch<T> const& guard) noexcept {
    return {zero_unless_finite<float>(x.lanes, guard.lanes)};
}
template <half_format T>
[[nodiscard, gnu::always_inline]] inline half_batch<T> first_lanes(std::size_t count, half_batch<T> const& a,
                                                                   half_batch<T> const& b) noexcept {
    return {first_lanes<float>(count, a.lanes, b.lanes)};
}
template <std::size_t Distance, half_format T>
[[nodiscard, gnu::always_inline]] inline half_batch<T> lanes_down(half_batch<T> const& x) noexcept {
    return {lanes_down<Distance, float>(x.lanes)};
}

}  // namespace LASTBIT_ABI
}  // namespace lastbit
