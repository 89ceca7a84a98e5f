// SPDX-License-Identifier: BSL-1.0
#pragma once
// The network of the second example, its exact outputs and those by a method. Shown by two_inputs.cpp, tested by
// second_example_test.cpp.

#include <lastbit/fold/method.hpp>
#include <lastbit/nn/forward.hpp>
#include <lastbit/oracle/network.hpp>

#include <array>
#include <cstddef>
#include <vector>

namespace two_inputs {

using input = std::array<double, 2>;
using textbook = lastbit::method<lastbit::plain, lastbit::sequential>;

// [network]
/// W1 = [[.1, .2], [.3, .4]] and W2 = [[.7], [.8]] are [in, out]; lastbit stores [out, in].
inline lastbit::network<double> network(lastbit::activation act = lastbit::activation::linear) {
    using layer = lastbit::dense<double>;
    return lastbit::network<double>(
        {layer({0.1, 0.3, 0.2, 0.4}, 2, 2, {0.5, 0.6}, act), layer({0.7, 0.8}, 1, 2, {0.9}, act)});
}
// [/network]

inline lastbit::matrix_view<double const> row(input const& x) { return {x.data(), 1, 2}; }

// [exact]
/// The hidden layer and the output, without any rounding.
inline std::vector<lastbit::oracle::exact_matrix> exact_outputs(input const& x) {
    return lastbit::oracle::forward_layers(network(), row(x));
}

/// The exact output, rounded once.
inline double rounded_output(input const& x) { return exact_outputs(x)[1].at(0, 0).round<double>(); }
// [/exact]

// [computed]
/// Hidden 0, hidden 1 and the output by the method M.
template <class M>
std::array<double, 3> computed_outputs(input const& x, lastbit::activation act = lastbit::activation::linear) {
    auto const net = network(act);
    std::array<double, 3> y{};
    lastbit::forward<M>(net[0], row(x), lastbit::matrix_view<double>(y.data(), 1, 2));
    lastbit::forward<M>(net[1], lastbit::matrix_view<double const>(y.data(), 1, 2),
                        lastbit::matrix_view<double>(&y[2], 1, 1));
    return y;
}
// [/computed]

template <class M>
double output_by(input const& x) {
    return computed_outputs<M>(x)[2];
}

/// The smallest j > 0 such that x = [1 + j 2^-52, 2] has another output than [1, 2]; 0 if none below 1000 has.
template <class Output>
int smallest_visible_step(Output output) {
    double const start = output(input{1.0, 2.0});
    for (int j = 1; j < 1000; ++j)
        if (output(input{1.0 + j * 0x1p-52, 2.0}) != start) return j;
    return 0;
}

}  // namespace two_inputs
