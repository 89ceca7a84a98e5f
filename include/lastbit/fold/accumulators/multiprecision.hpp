// SPDX-License-Identifier: BSL-1.0
#pragma once
// Accumulator multiprecision<Number>: sums held in a number type of another library, of any precision.

#include <lastbit/fold/accumulators/plain.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// s <- s + x in Number's own arithmetic; floats and doubles are converted to it first, and a product is rounded to
/// Number before it is added. Number is one of Boost.Multiprecision's (cpp_bin_float, cpp_dec_float, mpfr_float,
/// float128, cpp_rational) or any other class with its operators; numbers whose precision is chosen at run time have
/// that of the calling thread. With cpp_rational nothing is rounded before the result.
///
/// The result is a Number, converted by its own conversion: sum and dot give the inputs' format, sum_to and dot_to any.
/// Error:   as plain in Number's precision. Special: those of Number, which may throw; not all have infinities.
/// Order:   a function of the values and the order, if Number's arithmetic is one.
template <software_number Number>
struct multiprecision {
    static constexpr char const* name = "multiprecision";

    /// Which numbers are held: floats and doubles, and Numbers.
    template <class T>
    struct holder {};
    template <class T>
        requires(native_format<T> || std::same_as<T, Number>)
    struct holder<T> {
        using type = Number;
    };
    template <class T>
    using held = typename holder<T>::type;

    template <class V>
    struct state {
        std::array<V, 1> word{V(0)};

        void add(V const& x) { word[0] += x; }
        void add_product(V const& x, V const& y) {
            V const product(x * y);
            word[0] += product;
        }
        void merge(state const& b) { word[0] += b.word[0]; }
        [[nodiscard]] V const& value() const { return word[0]; }
    };
};

}  // namespace LASTBIT_ABI
}  // namespace lastbit
