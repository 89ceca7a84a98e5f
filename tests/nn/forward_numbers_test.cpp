// SPDX-License-Identifier: BSL-1.0
// Layers and networks in expansions and in numbers of Boost.
#include <lastbit/nn/forward.hpp>

#include <lastbit/base/random.hpp>
#include <lastbit/oracle/network.hpp>
#include <lastbit/oracle/number.hpp>

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <boost/multiprecision/cpp_int.hpp>
#include <catch2/catch.hpp>

using namespace lastbit;
namespace multiprecision_ = boost::multiprecision;
using rational = multiprecision_::cpp_rational;
using float_100 = multiprecision_::cpp_bin_float_100;

static_assert(std::same_as<default_method<quad_double>, multiword<4>>);
static_assert(std::same_as<default_method<expansion<float, 3>>, multiword<3>>);
static_assert(std::same_as<default_method<float_100>, multiprecision<float_100>>);
static_assert(std::same_as<default_method<bfloat16>, correctly_rounded>);

namespace {

std::vector<float> random_floats(std::uint64_t stream, std::size_t n) {
    random_stream random(11, stream);
    std::vector<float> x(n);
    for (float& e : x) e = static_cast<float>(random.uniform() - 0.5);
    return x;
}

network<float> random_network() {
    auto const layer = [](std::size_t out, std::size_t in, std::uint64_t stream, activation act) {
        return dense<float>(random_floats(stream, out * in), out, in, random_floats(stream + 1, out), act);
    };
    return network<float>(
        {layer(19, 9, 1, activation::relu), layer(5, 19, 3, activation::relu), layer(3, 5, 5, activation::linear)});
}

template <class Number>
std::vector<Number> outputs_in(network<float> const& net, std::vector<float> const& input, std::size_t batch) {
    std::vector<Number> const x(input.begin(), input.end());
    std::vector<Number> y(batch * net.outputs());
    forward(network_cast<Number>(net), matrix_view<Number const>(x.data(), batch, net.inputs()),
            matrix_view<Number>(y.data(), batch, net.outputs()));
    return y;
}

oracle::real exact(rational const& x) {
    // Denominators are powers of two.
    auto const denominator = multiprecision_::denominator(x);
    return oracle::real(oracle::integer(multiprecision_::numerator(x)), -static_cast<std::int64_t>(msb(denominator)));
}

template <class Number>
oracle::real exact(Number const& x) {
    return oracle::exact_value(x);
}

/// The largest error as a power of two, by its exponent; -10,000 for none.
template <class Number>
std::int64_t error_exponent(std::size_t batch) {
    auto const net = random_network();
    auto const input = random_floats(9, batch * net.inputs());
    auto const want = oracle::forward(net, matrix_view<float const>(input.data(), batch, net.inputs()));
    auto const got = outputs_in<Number>(net, input, batch);
    std::int64_t largest = -10000;
    for (std::size_t k = 0; k < got.size(); ++k) {
        auto const error = (exact(got[k]) - want.values()[k]).abs();
        if (!error.is_zero()) largest = std::max(largest, error.binade());
    }
    return largest;
}

}  // namespace

TEST_CASE("forward: the network in more and more bits, against the exact one", "[nn][forward]") {
    for (std::size_t const batch : {std::size_t{1}, std::size_t{20}}) {
        CHECK(error_exponent<double>(batch) < -50);
        CHECK(error_exponent<double>(batch) > -60);
        CHECK(error_exponent<expansion<float, 3>>(batch) < -66);
        CHECK(error_exponent<expansion<float, 3>>(batch) > -80);
        CHECK(error_exponent<double_double>(batch) < -100);
        CHECK(error_exponent<quad_double>(batch) < -200);
        CHECK(error_exponent<float_100>(batch) < -300);
        CHECK(error_exponent<rational>(batch) == -10000);
    }
}

TEST_CASE("forward: a row's words do not depend on the batch around it", "[nn][forward]") {
    auto const net = random_network();
    auto const input = random_floats(9, 20 * net.inputs());
    auto const all = outputs_in<triple_double>(net, input, 20);
    for (std::size_t i = 0; i < 20; ++i) {
        auto const from = input.begin() + static_cast<std::ptrdiff_t>(i * net.inputs());
        auto const one = outputs_in<triple_double>(net, {from, from + static_cast<std::ptrdiff_t>(net.inputs())}, 1);
        for (std::size_t j = 0; j < net.outputs(); ++j)
            CHECK(one[j].to_array() == all[i * net.outputs() + j].to_array());
    }
}

TEMPLATE_TEST_CASE("forward: an expansion's relu, its NaN, and a layer of bias alone", "[nn][forward]", double_double,
                   quad_double) {
    using E = TestType;
    dense<E> const layer({E(1), E(-1)}, 2, 1, {}, activation::relu);
    std::vector<E> y(2, E(9));
    auto const run = [&](E x) { forward(layer, matrix_view<E const>(&x, 1, 1), matrix_view<E>(y.data(), 1, 2)); };
    run(E(0x1p-1000));
    CHECK((y[0] == E(0x1p-1000) && y[1] == E(0)));
    CHECK_FALSE(is_negative(y[1][0]));
    run(E(0));
    CHECK((!is_negative(y[0][0]) && !is_negative(y[1][0])));
    run(E(canonical_nan<double>()));
    CHECK((is_nan(y[0][0]) && is_nan(y[1][0])));
    run(E(infinity<double>()));
    CHECK((is_inf(y[0][0]) && y[1] == E(0)));
    dense<E> const alone({}, 2, 0, {E(3) / E(7), E(-1)}, activation::relu);
    forward(alone, matrix_view<E const>(nullptr, 1, 0), matrix_view<E>(y.data(), 1, 2));
    CHECK((y[0] == E(3) / E(7) && y[1] == E(0)));
}
