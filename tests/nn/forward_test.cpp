// SPDX-License-Identifier: BSL-1.0
#include <lastbit/nn/forward.hpp>

#include "../linalg/products.hpp"

using namespace lastbit;
using namespace lastbit_tests;

template <class M, class T>
constexpr bool can_forward = requires(dense<T> const& layer, matrix_view<T> x) {
    forward<M>(layer, x, x);
};
static_assert(can_forward<plain, float> && can_forward<method<kahan, sequential>, bfloat16>);
static_assert(!can_forward<sequential, float> && !can_forward<widened<float>, double>);

namespace {

/// z = the products of row i, then the bias, in one state; by scalars.
template <class A, class O, class T>
T expected(dense_view<T> const& layer, matrix_view<T const> x, std::size_t i, std::size_t j) {
    using M = method<A, O>;
    using U = detail::held_t<M, T>;
    auto const row = row_of<T>(x, i);
    auto const weights = row_of<T>(layer.weight, j);
    environment::guard const guard;
    detail::product_terms<U, T> const terms{row.data(), weights.data()};
    auto state = detail::reduced<M, T>(terms, row.size());
    if (!layer.bias.empty()) state.add(static_cast<U>(layer.bias[j]));
    T const z = detail::rounded<T>(state.value());
    if (is_nan(z)) return canonical_nan<T>();
    return layer.act == activation::relu && is_negative(z) ? T(0) : z;
}

template <class A, class O, class T>
void check_forward() {
    std::size_t trial = 0;
    for (family const kind : families)
        for (layout const how : layouts) {
            std::size_t const batch = 1 + trial % 7;
            std::size_t const in = 1 + trial * 5 % 41;
            std::size_t const out = 1 + trial * 11 % 35;
            auto const data = make_data<T>(kind, in * std::max(batch, out), ++trial);
            stored_matrix<T> const x(data.x, batch, in, how);
            stored_matrix<T> const w(data.y, out, in, layouts[trial % layouts.size()]);
            auto const bias = make_data<T>(kind, out, 99).x;
            dense_view<T> layer{w.view(), bias, trial % 2 == 0 ? activation::linear : activation::relu};
            if (trial % 5 == 0) layer.bias = {};
            stored_matrix<T> const y(std::vector<T>(batch * out, T(99)), batch, out,
                                     layouts[trial * 3 % layouts.size()]);
            forward<method<A, O>>(layer, x.view(), y.view());
            for (std::size_t i = 0; i < batch; ++i)
                for (std::size_t j = 0; j < out; ++j)
                    CHECK(to_bits(y.view()(i, j)) == to_bits(expected<A, O, T>(layer, x.view(), i, j)));
        }
}

}  // namespace

TEST_CASE("forward: products in order, the bias last, then the activation", "[nn][forward]") {
    check_forward<plain, sequential, float>();
    check_forward<compensated<2>, lanes<>, float>();
    check_forward<kahan, pairwise<4>, double>();
    check_forward<widened<float>, sequential, bfloat16>();
    check_forward<fused, lanes<>, float16>();
}

TEST_CASE("forward: the bias is the last term, not the first", "[nn][forward]") {
    dense<double> const layer({1.0, 1.0}, 1, 2, {1.0}, activation::linear);
    std::vector<double> const x{0x1p-53, 0x1p-53};
    double y = 0;
    forward<method<plain, sequential>>(layer, matrix_view<double const>(x.data(), 1, 2), matrix_view<double>(&y, 1, 1));
    CHECK(y == 1.0 + 0x1p-52);  // 1 + 2^-53 + 2^-53 would be 1
}

TEST_CASE("forward: a batch has the bits of its rows one by one", "[nn][forward]") {
    auto const data = make_data<float>(family::wide, 50 * 30, 5);
    dense<float> const layer(std::vector<float>(data.y.begin(), data.y.begin() + 19 * 30), 19, 30,
                             std::vector<float>(19, 0.3F), activation::relu);
    matrix_view<float const> const x(data.x.data(), 50, 30);
    auto const compare = [&]<class M>(M) {
        std::vector<float> all(50 * 19);
        std::vector<float> one(19);
        forward<M>(layer, x, matrix_view<float>(all.data(), 50, 19));
        for (std::size_t i = 0; i < 50; ++i) {
            forward<M>(layer, x.row_block(i, 1), matrix_view<float>(one.data(), 1, 19));
            for (std::size_t j = 0; j < 19; ++j) CHECK(to_bits(one[j]) == to_bits(all[19 * i + j]));
        }
    };
    compare(method<neumaier>{});
    compare(method<plain, sequential>{});
}

TEST_CASE("forward: a network is its layers one after the other", "[nn][forward]") {
    auto const data = make_data<float>(family::ordinary, 200, 6);
    auto const part = [&](std::size_t first, std::size_t count) {
        return std::vector<float>(data.x.begin() + static_cast<std::ptrdiff_t>(first),
                                  data.x.begin() + static_cast<std::ptrdiff_t>(first + count));
    };
    dense<float> const first(part(0, 20), 5, 4, part(20, 5), activation::relu);
    dense<float> const second(part(30, 15), 3, 5, {}, activation::relu);
    dense<float> const third(part(50, 6), 2, 3, part(60, 2), activation::linear);
    network<float> const net({first, second, third});
    matrix_view<float const> const x(data.y.data(), 6, 4);
    std::vector<float> a(30), b(18), c(12), whole(12);
    forward<kahan>(first, x, matrix_view<float>(a.data(), 6, 5));
    forward<kahan>(second, matrix_view<float const>(a.data(), 6, 5), matrix_view<float>(b.data(), 6, 3));
    forward<kahan>(third, matrix_view<float const>(b.data(), 6, 3), matrix_view<float>(c.data(), 6, 2));
    forward<kahan>(net, x, matrix_view<float>(whole.data(), 6, 2));
    for (std::size_t i = 0; i < 12; ++i) CHECK(to_bits(whole[i]) == to_bits(c[i]));
    std::vector<float> single(30);
    forward<kahan>(network<float>({first}), x, matrix_view<float>(single.data(), 6, 5));
    for (std::size_t i = 0; i < 30; ++i) CHECK(to_bits(single[i]) == to_bits(a[i]));
    CHECK_THROWS_AS(forward<kahan>(network<float>(), x, matrix_view<float>(whole.data(), 6, 2)), std::invalid_argument);
}

TEST_CASE("forward: special values", "[nn][forward]") {
    using M = method<plain, sequential>;
    double y = 7;
    matrix_view<double> const out(&y, 1, 1);
    auto const run = [&](double x, double w, std::vector<double> bias, activation act) {
        forward<M>(dense<double>({w}, 1, 1, std::move(bias), act), matrix_view<double const>(&x, 1, 1), out);
        return to_bits(y);
    };
    CHECK(run(-0.0, 1.0, {}, activation::linear) == to_bits(-0.0));
    CHECK(run(-0.0, 1.0, {}, activation::relu) == 0);
    CHECK(run(-1.0, infinity<double>(), {}, activation::relu) == 0);
    CHECK(run(0.0, infinity<double>(), {1.0}, activation::relu) == to_bits(canonical_nan<double>()));
    CHECK(run(1.0, 1.0, {negate(canonical_nan<double>())}, activation::linear) == to_bits(canonical_nan<double>()));
}

TEST_CASE("forward: without inputs it is the bias, without bias +0, and empty batches are fine", "[nn][forward]") {
    std::vector<float> y(6, -1.0F);
    matrix_view<float const> const no_inputs(nullptr, 2, 0);
    forward<plain>(dense<float>({}, 3, 0, {1.0F, -2.0F, -0.0F}, activation::linear), no_inputs,
                   matrix_view<float>(y.data(), 2, 3));
    CHECK((y[0] == 1.0F && y[4] == -2.0F && to_bits(y[5]) == to_bits(-0.0F)));
    forward<plain>(dense<float>({}, 3, 0, {1.0F, -2.0F, 0.0F}, activation::relu), no_inputs,
                   matrix_view<float>(y.data(), 2, 3));
    CHECK(to_bits(y[1]) == 0);
    forward<kahan>(dense<float>({}, 3, 0, {}, activation::linear), no_inputs, matrix_view<float>(y.data(), 2, 3));
    CHECK(to_bits(y[0]) == 0);
    forward<plain>(dense<float>({1, 2}, 1, 2, {}, activation::linear), matrix_view<float const>(nullptr, 0, 2),
                   matrix_view<float>(nullptr, 0, 1));
    forward<plain>(network<float>({dense<float>({1, 2}, 1, 2, {}, activation::linear)}),
                   matrix_view<float const>(nullptr, 0, 2), matrix_view<float>(nullptr, 0, 1));
}

TEST_CASE("forward: what does not fit or overlaps is refused, and both shapes named", "[nn][forward]") {
    std::vector<float> memory(40, 1.0F);
    std::vector<float> bias(2, 1.0F);
    dense_view<float> const layer{matrix_view<float const>(memory.data(), 2, 3), bias, activation::linear};
    matrix_view<float const> const x(memory.data() + 10, 4, 3);
    matrix_view<float> const y(memory.data() + 30, 4, 2);
    CHECK_NOTHROW(forward<plain>(layer, x, y));
    CHECK_THROWS_AS(forward<plain>(layer, transposed(x), y), std::invalid_argument);
    CHECK_THROWS_WITH(forward<plain>(layer, transposed(x), y),
                      Catch::Contains("[3 x 4]") && Catch::Contains("[2 x 3]"));
    CHECK_THROWS_WITH(forward<plain>(layer, x, transposed(y)),
                      Catch::Contains("[4 x 2]") && Catch::Contains("[2 x 4]"));
    CHECK_THROWS_WITH(forward<plain>(layer, x, matrix_view<float>(memory.data() + 15, 4, 2)),
                      Catch::Contains("overlaps X"));
    CHECK_THROWS_WITH(forward<plain>(layer, x, matrix_view<float>(memory.data() + 2, 4, 2)),
                      Catch::Contains("overlaps the weight"));
    CHECK_THROWS_WITH(forward<plain>(layer, x, matrix_view<float>(memory.data() + 30, 4, 2, 0)),
                      Catch::Contains("twice"));
    dense_view<float> const wrong{layer.weight, std::span<float const>(bias.data(), 1), activation::linear};
    CHECK_THROWS_WITH(forward<plain>(wrong, x, y), Catch::Contains("[1]") && Catch::Contains("2 outputs"));
    dense_view<float> const biased{layer.weight, std::span<float const>(memory.data() + 36, 2), activation::linear};
    CHECK_THROWS_WITH(forward<plain>(biased, x, y), Catch::Contains("overlaps the bias"));
    network<float> const net({dense<float>(std::vector<float>(6), 2, 3, {}, activation::linear)});
    CHECK_THROWS_AS(forward<plain>(net, transposed(x), y), std::invalid_argument);
    CHECK_THROWS_WITH(forward<plain>(net, matrix_view<float const>(x), matrix_view<float>(memory.data() + 15, 4, 2)),
                      Catch::Contains("overlaps X"));
}
