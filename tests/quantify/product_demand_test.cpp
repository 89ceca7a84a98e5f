// SPDX-License-Identifier: BSL-1.0
#include <lastbit/quantify/product_demand.hpp>

#include "quantify/product_oracle.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <numeric>

using namespace lastbit;
using namespace lastbit_tests;
using quantify::allowed_error;
using quantify::product_demand;
using quantify::rounded;

namespace {

/// The error that the bound allows for element (0, 0), from the exact sums.
double allowed(problem const& p, number_format held, product_demand const& d = {}) {
    quantify::product asked = p.asked();
    asked.held = held;
    allowed_error const e(asked, d, p.out);
    CHECK(e.refusal().empty());
    return e(exact_element(p, 0, 0, 0).abs().round<double>(), exact_magnitude(p, 0, 0, 0).round<double>());
}

/// The terms of element (0, 0) summed in the format `held`, in every order and with every subset fused: the largest
/// error.
double worst_of_all_chains(problem const& p, number_format held) {
    oracle::real const z = exact_element(p, 0, 0, 0);
    std::vector<std::size_t> order(p.k);
    std::iota(order.begin(), order.end(), std::size_t{0});
    double worst = 0;
    do {
        for (unsigned fused = 0; fused < 1U << p.k; ++fused) {
            double s = 0;
            bool is_first = true;
            for (std::size_t const l : order) {
                double const ab = p.A(0, l) * p.B(l, 0);
                double const x = (fused >> l & 1U) != 0 && !is_first ? ab : rounded(held, ab);
                s = is_first ? x : rounded(held, s + x);
                is_first = false;
            }
            worst = std::max(worst, (oracle::real(s) - z).abs().round<double>());
        }
    } while (std::next_permutation(order.begin(), order.end()));
    return worst;
}

}  // namespace

TEST_CASE("bound: above the worst of all orders of four products, and not far above", "[quantify][product_demand]") {
    random_stream r(51);
    double largest = 0;
    for (std::size_t t = 0; t < trials(200); ++t) {
        number_format const held = r.below(2) == 0 ? number_format::bfloat16 : number_format::float16;
        problem p = make_problem(data::gaussian, held, held, 1, 1, 4, r.bits());
        if (t % 3 == 0)
            for (double& x : p.a) x = std::fabs(x);
        if (t % 3 == 0)
            for (double& x : p.b) x = std::fabs(x);
        if (t % 4 == 1)
            for (double& x : p.a) x = rounded(held, std::ldexp(x, -20));  // products underflow in float16
        double const worst = worst_of_all_chains(p, held);
        double const bound = allowed(p, held);
        CAPTURE(t, name(held), worst, bound);
        CHECK(worst <= bound);
        largest = std::max(largest, worst / bound);
    }
    CHECK(largest > 0.4);
}

TEST_CASE("bound: equal terms, each addition rounded the same way", "[quantify][product_demand]") {
    problem p = make_problem(data::gaussian, number_format::float32, number_format::float32, 1, 1, 4000, 52);
    std::fill(p.a.begin(), p.a.end(), 1.0 + 0x1p-12 - 0x1p-23);
    std::fill(p.b.begin(), p.b.end(), 1.0);
    p.a[0] = 8192;
    float s = 0;
    for (double const x : p.a) s += static_cast<float>(x);
    double const error = (oracle::real(s) - exact_element(p, 0, 0, 0)).abs().round<double>();
    CHECK(error <= allowed(p, number_format::float32));
    product_demand likely{product_demand::kind::likely};
    likely.probability = 0.99;
    CHECK(error > allowed(p, number_format::float32, likely));  // the model does not hold of such data
}

TEST_CASE("likely: random sums stay within it, and it is far below the bound", "[quantify][product_demand]") {
    random_stream r(53);
    product_demand likely{product_demand::kind::likely};
    likely.probability = 0.9;
    std::size_t outside = 0;
    std::size_t const count = trials(200);
    for (std::size_t t = 0; t < count; ++t) {
        problem const p =
            make_problem(data::gaussian, number_format::float32, number_format::float32, 1, 1, 1500, r.bits());
        float const s = dot(p, 0, 0, 0, 0, p.k);
        double const error = (oracle::real(s) - exact_element(p, 0, 0, 0)).abs().round<double>();
        double const within = allowed(p, number_format::float32, likely);
        CHECK(within < allowed(p, number_format::float32) / 4);
        outside += error > within ? 1U : 0U;
    }
    CHECK(static_cast<double>(outside) <= 0.1 * static_cast<double>(count));
}

TEST_CASE("roundings_of: product, alpha, one addition for each other term", "[quantify][product_demand]") {
    problem p = make_problem(data::gaussian, number_format::float32, number_format::float32, 1, 1, 10, 54);
    CHECK(roundings_of(p.asked()) == 10);  // one product, nine additions
    p.alpha = 2;
    p.has_bias = true;
    p.beta = 1;
    CHECK(roundings_of(p.asked()) == 13);
    quantify::product sum =
        make_problem(data::gaussian, number_format::float32, number_format::float32, 1, 1, 10, 54).asked();
    sum.is_sum = true;
    CHECK(roundings_of(sum) == 9);
}

TEST_CASE("refusals: where the bound proves nothing, and what to demand instead", "[quantify][product_demand]") {
    for (std::size_t const k : {127U, 128U}) {
        problem const p = make_problem(data::gaussian, number_format::bfloat16, number_format::bfloat16, 1, 1, k, 55);
        quantify::product asked = p.asked();
        asked.held = number_format::bfloat16;
        allowed_error const e(asked, {}, p.out);
        CHECK(e.refusal().empty() == (k < 128));  // k roundings of 2^-8
        if (k == 128) {
            CHECK(e.refusal().find("128 terms summed in bfloat16") != std::string::npos);
            CHECK(e.refusal().find("accumulated_in<float>()") != std::string::npos);
            product_demand likely{product_demand::kind::likely};
            likely.probability = 0.99;
            CHECK(allowed_error(asked, likely, p.out).refusal().empty());
        }
    }
}

TEST_CASE("method: the bound of a method, and where it has none", "[quantify][product_demand]") {
    product_demand d{product_demand::kind::method};
    d.of_method = quantify::method_bound_of<method<kahan, sequential>>();
    d.method_name = "kahan";
    problem p = make_problem(data::gaussian, number_format::float32, number_format::float32, 1, 1, 1000, 56);
    double const magnitude = exact_magnitude(p, 0, 0, 0).round<double>();
    double const sum = exact_element(p, 0, 0, 0).abs().round<double>();
    quantify::product const asked = p.asked();
    double const allowed_by_method = allowed_error(asked, d, p.out)(sum, magnitude);
    CHECK(allowed_by_method == error_bound<method<kahan, sequential>, float>(1000, summand_size{magnitude, sum, true}));
    p.alpha = 2;
    quantify::product const scaled = p.asked();
    CHECK(allowed_error(scaled, d, p.out).refusal().find("not with alpha") != std::string::npos);
    problem const bytes = make_problem(data::integers, number_format::int8, number_format::int32, 1, 1, 10, 57);
    quantify::product const integers = bytes.asked();
    CHECK(allowed_error(integers, d, number_format::int32).refusal().find("int8") != std::string::npos);
}
