// SPDX-License-Identifier: BSL-1.0
#include <lastbit/quantify/product_reference.hpp>

#include <lastbit/oracle/real.hpp>
#include "quantify/faulty_kernels.hpp"
#include "quantify/product_oracle.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit_tests;
using quantify::element_reference;
using quantify::product_reference;

namespace {

/// Whether value, slack, magnitude and exact() of each element are what they claim.
void check_elements(problem const& p) {
    quantify::product const asked = p.asked();
    product_reference reference(asked);
    for (std::size_t batch = 0; batch < p.batches; ++batch) {
        reference.prepare(batch);
        CHECK(reference.batch() == batch);
        for (std::size_t i = 0; i < p.m; ++i)
            for (std::size_t j = 0; j < p.n; ++j) {
                element_reference const r = reference.at(i, j);
                oracle::real const z = exact_element(p, batch, i, j);
                oracle::real const size = exact_magnitude(p, batch, i, j);
                CHECK_FALSE(r.special);
                CHECK((oracle::real(r.value) - z).abs() <= oracle::real(r.slack));
                CHECK(oracle::real(r.magnitude) >= size);
                if (size > oracle::real(0x1p-100)) {
                    CHECK(oracle::real(r.magnitude) <= size * oracle::real(1.01));
                    CHECK(oracle::real(r.slack) <= size * oracle::real(0x1p-49));
                }
                auto const exact = reference.exact(i, j);
                REQUIRE(exact);
                CHECK(to_bits(exact->round<double>()) == to_bits((z + oracle::real(0.0)).round<double>()));
            }
    }
}

}  // namespace

TEST_CASE("product_reference: the sum, its doubt and its size, against the oracle", "[quantify][product_reference]") {
    random_stream r(41);
    for (number_format const in : {number_format::float32, number_format::float64, number_format::bfloat16,
                                   number_format::int8, number_format::float8_e4m3})
        for (std::size_t t = 0; t < trials(20); ++t) {
            std::size_t const m = 1 + r.below(5), n = 1 + r.below(5), k = r.below(80), batches = 1 + r.below(2);
            number_format const out = in == number_format::float64 ? in : number_format::float32;
            problem p = make_problem(data::gaussian, in, out, m, n, k, r.bits(), batches);
            double const scales[] = {1, -2, 0.5, 1.75, 0};
            p.alpha = scales[r.below(5)];
            p.beta = scales[r.below(5)];
            p.has_bias = r.below(2) == 0;
            if (in != number_format::int8 && r.below(3) == 0)  // products that cancel
                for (std::size_t l = 0; l + 1 < k; l += 2)
                    for (std::size_t j = 0; j < n; ++j)
                        p.b[(l + 1) * n + j] = p.a[l] == 0 ? 0 : rounded(in, -p.b[l * n + j]);
            if (in == number_format::float64) {
                for (double& x : p.a) x = r.below(3) == 0 ? 0x1p-600 * x : x;
            } else if (in == number_format::float32) {
                for (double& x : p.a) x = rounded(in, r.below(3) == 0 ? std::ldexp(x, -135) : x);
            }
            CAPTURE(name(in), m, n, k, p.alpha, p.beta, p.has_bias);
            check_elements(p);
        }
}

TEST_CASE("product_reference: NaN and infinities are special, and alpha = 0 hides them",
          "[quantify][product_reference]") {
    problem p = make_problem(data::gaussian, number_format::float32, number_format::float32, 3, 3, 10, 42);
    p.a[1 * 10 + 4] = canonical_nan<double>();
    p.b[6 * 3 + 2] = infinity<double>();
    quantify::product asked = p.asked();
    {
        product_reference reference(asked);
        reference.prepare(0);
        CHECK_FALSE(reference.at(0, 0).special);
        CHECK(lastbit::is_nan(reference.at(1, 0).value));
        CHECK(reference.at(0, 2).special);
        CHECK(lastbit::is_inf(reference.at(0, 2).value));
        CHECK(lastbit::is_negative(reference.at(0, 2).value) == (p.a[6] < 0));
        CHECK(lastbit::is_nan(reference.at(1, 2).value));
    }
    asked.alpha = 0;
    product_reference reference(asked);
    reference.prepare(0);
    CHECK_FALSE(reference.at(1, 2).special);
    CHECK(reference.at(1, 2).value == 0);
}

TEST_CASE("product_reference: magnitudes that overflow float are doubles", "[quantify][product_reference]") {
    problem p = make_problem(data::gaussian, number_format::float32, number_format::float32, 2, 2, 10, 43);
    for (double& x : p.a) x = rounded(number_format::float32, std::ldexp(x, 80));
    for (double& x : p.b) x = rounded(number_format::float32, std::ldexp(x, 80));
    check_elements(p);
}
