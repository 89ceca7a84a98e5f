// SPDX-License-Identifier: BSL-1.0
// One network in numbers of more and more bits, against the exact one. What it prints is shown in
// docs/tutorials/03-numbers-of-several-words.md.

#include <lastbit/base/random.hpp>
#include <lastbit/nn/forward.hpp>
#include <lastbit/oracle/network.hpp>
#include <lastbit/oracle/number.hpp>

#include <boost/multiprecision/cpp_bin_float.hpp>

#include <cstdio>
#include <vector>

namespace {

using namespace lastbit;

using number_1024 =
    boost::multiprecision::number<boost::multiprecision::cpp_bin_float<1024, boost::multiprecision::digit_base_2>,
                                  boost::multiprecision::et_off>;

constexpr std::size_t width = 8;
constexpr std::size_t depth = 24;

std::vector<float> random_weights(random_stream& random, std::size_t n) {
    std::vector<float> w(n);
    for (float& x : w) x = static_cast<float>(random.uniform() - 0.5);
    return w;
}

network<float> deep_network(random_stream& random) {
    std::vector<dense<float>> layers;
    for (std::size_t k = 0; k < depth; ++k) {
        auto weight = random_weights(random, width * width);
        auto bias = random_weights(random, width);
        layers.emplace_back(std::move(weight), width, width, std::move(bias),
                            k + 1 < depth ? activation::relu : activation::linear);
    }
    return network<float>(std::move(layers));
}

// [outputs]
/// The largest error of the outputs, in numbers of the type Number by their default method.
template <class Number>
oracle::real largest_error(network<float> const& net, std::vector<float> const& input,
                           oracle::exact_matrix const& exact) {
    std::vector<Number> const x(input.begin(), input.end());
    std::vector<Number> y(net.outputs());
    forward(network_cast<Number>(net), matrix_view<Number const>(x.data(), 1, x.size()),
            matrix_view<Number>(y.data(), 1, y.size()));
    oracle::real largest;
    for (std::size_t k = 0; k < y.size(); ++k) {
        oracle::real const error = (oracle::exact_value(y[k]) - exact.at(0, k)).abs();
        if (error > largest) largest = error;
    }
    return largest;
}
// [/outputs]

template <class Number>
void print(char const* name, int bits, network<float> const& net, std::vector<float> const& input,
           oracle::exact_matrix const& exact) {
    auto const error = largest_error<Number>(net, input, exact);
    if (error.is_zero()) std::printf("%5d bits  %-24s exact\n", bits, name);
    else std::printf("%5d bits  %-24s 2^%lld\n", bits, name, static_cast<long long>(error.binade()));
}

}  // namespace

int main() {
    random_stream random(2026, 1);
    network<float> const net = deep_network(random);
    std::vector<float> const input = random_weights(random, width);
    auto const exact = oracle::forward(net, matrix_view<float const>(input.data(), 1, width));
    std::printf("%zu layers of %zu, outputs about %.2g; largest error\n", depth, width, exact.at(0, 0).round<double>());
    print<float>("float", 24, net, input, exact);
    print<double>("double", 53, net, input, exact);
    print<double_double>("double_double", 106, net, input, exact);
    print<triple_double>("triple_double", 159, net, input, exact);
    print<quad_double>("quad_double", 212, net, input, exact);
    print<expansion<double, 8>>("expansion<double, 8>", 424, net, input, exact);
    print<number_1024>("cpp_bin_float<1024>", 1024, net, input, exact);
}
