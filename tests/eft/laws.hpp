// SPDX-License-Identifier: BSL-1.0
#pragma once
// Operands on which error-free transformations are tested, and the law that a lane has the bits of the scalar.

#include "base/samples.hpp"
#include <lastbit/base/half_batch.hpp>
#include <lastbit/base/ulp.hpp>
#include <lastbit/oracle/real.hpp>

#include <array>
#include <type_traits>

namespace lastbit_tests {

/// Special values with each other, all patterns, near exponents (cancellation, ties), subnormals, numbers near overflow, and
/// the second operand as far below the first as a rounding error is.
template <binary_format T, class Law>
void for_each_pair(Law law, std::size_t count = trials(3000)) {
    using f = lastbit::format<T>;
    lastbit::random_stream random(71);
    for (T const a : special_values<T>())
        for (T const b : special_values<T>()) law(a, b);
    for (std::size_t i = 0; i < count; ++i) {
        law(any_number<T>(random), any_number<T>(random));
        law(finite_number<T>(random), finite_number<T>(random));
        law(number_between<T>(random, -3, 3), number_between<T>(random, -3, 3));
        law(number_between<T>(random, 0, 2), number_between<T>(random, -f::precision - 2, -f::precision + 2));
        law(number_between<T>(random, f::min_exponent - f::precision, f::min_exponent + 2),
            number_between<T>(random, f::min_exponent - f::precision, f::min_exponent + 2));
        law(number_between<T>(random, f::max_exponent - 2, f::max_exponent),
            number_between<T>(random, f::max_exponent - f::precision, f::max_exponent));
    }
}

template <class T>
struct register_of {
    using type = lastbit::half_batch<T>;
};
template <>
struct register_of<float> {
    using type = lastbit::batch<float>;
};
template <>
struct register_of<double> {
    using type = lastbit::batch<double>;
};

/// A register of T filled from x, and its lanes.
template <binary_format T>
[[nodiscard]] typename register_of<T>::type load_register(T const* x) {
    if constexpr (lastbit::native_format<T>) return lastbit::load(x);
    else return {lastbit::load_widened(x)};
}
template <lastbit::native_format T>
[[nodiscard]] std::array<T, lastbit::batch_width<T>> lanes(lastbit::batch<T> const& x) {
    std::array<T, lastbit::batch_width<T>> out;
    lastbit::store(out.data(), x);
    return out;
}
template <lastbit::half_format T>
[[nodiscard]] std::array<T, lastbit::batch_width<float>> lanes(lastbit::half_batch<T> const& x) {
    std::array<T, lastbit::batch_width<float>> out;
    auto const wide = lanes<float>(x.lanes);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = T(wide[i]);
    return out;
}

/// transform(a, b) of registers against transform(a, b) of scalars, lane by lane, value and error, zeros' signs included.
template <binary_format T, class Transform>
void check_lanes(Transform transform) {
    std::vector<T> a, b;
    for_each_pair<T>(
        [&](T x, T y) {
            a.push_back(x);
            b.push_back(y);
        },
        trials(1000));
    using lane_array = decltype(lanes<T>(load_register(a.data())));
    constexpr std::size_t width = std::tuple_size_v<lane_array>;
    tally law;
    for (std::size_t i = 0; i + width <= a.size(); ++i) {  // every pair in every lane
        auto const got = transform(load_register(&a[i]), load_register(&b[i]));
        lane_array const value = lanes<T>(got.value);
        lane_array const error = lanes<T>(got.error);
        for (std::size_t k = 0; k < width; ++k) {
            auto const expected = transform(a[i + k], b[i + k]);
            law.expect(same<T>(value[k], expected.value) && same<T>(error[k], expected.error),
                       [&, i, k] { return call_text("lane", a[i + k], b[i + k], error[k], expected.error); });
        }
    }
    law.check();
}

}  // namespace lastbit_tests
