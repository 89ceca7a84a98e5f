// SPDX-License-Identifier: BSL-1.0
// The second example of the question: what docs/tutorials/02-two-inputs-one-output.md says, as laws. The page's figures
// are those that two_inputs.cpp prints.

#include "two_inputs.hpp"
#include <lastbit/base/ulp.hpp>
#include <lastbit/quantify/error.hpp>

#include <catch2/catch.hpp>

namespace {

using namespace two_inputs;
using lastbit::oracle::real;

constexpr double step = 0x1p-52;
input const x{1.0, 2.0};
input const moved{1.0 + step, 2.0 + step};

/// b - a in ulps of a's binade.
double apart(real const& a, real const& b) {
    return (b - a).scaled(-lastbit::quantify::ulp_exponent<double>(a)).round<double>();
}

template <class M>
void check_same_output() {
    INFO(M::name());
    CHECK(computed_outputs<M>(x) == computed_outputs<M>(moved));
}

template <class A>
void check_orders_agree() {
    using lastbit::method;
    for (input const& in : {x, moved}) {
        auto const y = computed_outputs<method<A, lastbit::sequential>>(in);
        CHECK(y == computed_outputs<method<A, lastbit::lanes<>>>(in));
        CHECK(y == computed_outputs<method<A, lastbit::pairwise<>>>(in));
    }
}

/// Kahan's loop, written out; the bias is the last term.
double kahan_layer(input const& in, double w0, double w1, double b) {
    double volatile s = 0.0;
    double volatile c = 0.0;
    for (double const term : {in[0] * w0, in[1] * w1, b}) {
        double volatile const y = term - c;
        double volatile const t = s + y;
        double volatile const high = t - s;
        c = high - y;
        s = t;
    }
    return s;
}

double kahan_output(input const& in) {
    input const hidden{kahan_layer(in, 0.1, 0.3, 0.5), kahan_layer(in, 0.2, 0.4, 0.6)};
    return kahan_layer(hidden, 0.7, 0.8, 0.9);
}

}  // namespace

TEST_CASE("second example: 2^-52 reaches the first input and not the second", "[docs]") {
    CHECK(lastbit::ulp_distance(x[0], moved[0]) == 1);
    CHECK(lastbit::ulp_distance(x[1], moved[1]) == 0);  // a tie between 2 and 2 + 2^-51, and 2 is even
    CHECK(real(2.0) + real(step) == (real(2.0) + real(2.0 + 0x1p-51)) * real(0.5));
    CHECK(static_cast<float>(1.0 + step) == 1.0F);
}

TEST_CASE("second example: the exact outputs differ by about a ninth of an ulp and round to the same double",
          "[docs]") {
    auto const a = exact_outputs(x);
    auto const b = exact_outputs(moved);
    CHECK(a[1].at(0, 0) != b[1].at(0, 0));
    CHECK(apart(a[1].at(0, 0), b[1].at(0, 0)) == Approx(0.115).epsilon(1e-9));  // (.1 * .7 + .2 * .8) / 2
    CHECK(apart(a[0].at(0, 0), b[0].at(0, 0)) == Approx(0.1).epsilon(1e-9));
    CHECK(apart(a[0].at(0, 1), b[0].at(0, 1)) == Approx(0.2).epsilon(1e-9));
    CHECK(rounded_output(x) == 3.02);
    CHECK(rounded_output(moved) == 3.02);
    for (std::size_t j : {0U, 1U}) CHECK(a[0].at(0, j).round<double>() == b[0].at(0, j).round<double>());
}

TEST_CASE("second example: every method but kahan gives all bits alike", "[docs]") {
    check_same_output<lastbit::method<lastbit::plain>>();
    check_same_output<lastbit::method<lastbit::fused>>();
    check_same_output<lastbit::method<lastbit::neumaier>>();
    check_same_output<lastbit::method<lastbit::klein>>();
    check_same_output<lastbit::method<lastbit::compensated<2>>>();
    CHECK(output_by<textbook>(moved) == 3.02);
    CHECK(output_by<lastbit::method<lastbit::compensated<2>>>(moved) == 3.02);
}

TEST_CASE("second example: kahan's hidden layer and output differ, and so does the loop written out", "[docs]") {
    using kahan = lastbit::method<lastbit::kahan, lastbit::sequential>;
    auto const a = computed_outputs<kahan>(x);
    auto const b = computed_outputs<kahan>(moved);
    CHECK(lastbit::ulp_distance(a[0], b[0]) == 1);
    CHECK(a[1] == b[1]);
    CHECK(lastbit::ulp_distance(a[2], b[2]) == 1);
    CHECK(a[2] == kahan_output(x));
    CHECK(b[2] == kahan_output(moved));
    // The difference is an error: the exact hidden outputs round to the same double, and kahan misses it for one of them.
    CHECK(a[0] == exact_outputs(x)[0].at(0, 0).round<double>());
    CHECK(b[0] != exact_outputs(moved)[0].at(0, 0).round<double>());
}

TEST_CASE("second example: with two terms a sum the order changes nothing, nor does relu", "[docs]") {
    check_orders_agree<lastbit::plain>();
    check_orders_agree<lastbit::fused>();
    check_orders_agree<lastbit::kahan>();
    check_orders_agree<lastbit::neumaier>();
    check_orders_agree<lastbit::klein>();
    check_orders_agree<lastbit::compensated<2>>();
    for (input const& in : {x, moved})
        CHECK(computed_outputs<textbook>(in, lastbit::activation::relu) == computed_outputs<textbook>(in));
}

TEST_CASE("second example: the smallest change that reaches the output", "[docs]") {
    CHECK(smallest_visible_step(rounded_output) == 4);  // from .084 ulp above a double, .115 a step, past .5
    CHECK(smallest_visible_step(output_by<textbook>) == 6);
    double const larger = 0x1p-51;
    CHECK(rounded_output({1.0 + larger, 2.0 + larger}) > 3.02);
    CHECK(output_by<textbook>({1.0 + larger, 2.0 + larger}) > 3.02);
}
