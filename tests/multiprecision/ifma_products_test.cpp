// SPDX-License-Identifier: BSL-1.0
#include <lastbit/multiprecision/ifma_products.hpp>

#include "integers.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace lastbit;
using detail::limb;
using lastbit_tests::cpp_int;
using lastbit_tests::integer_of;
using lastbit_tests::power_of_two;
using lastbit_tests::random_limbs;
using lastbit_tests::trials;

namespace {

template <std::size_t P>
using integer = std::array<limb, detail::limbs_of(P)>;

template <std::size_t P>
integer<P> random_integer(random_stream& random) {
    auto x = random_limbs<detail::limbs_of(P)>(random);
    x.back() = x.back() >> (64 * x.size() - P) | limb{1} << (P - 1) % 64;
    return x;
}

/// Eight products beside the cut at this digit, and what they must add to the sum.
template <std::size_t P>
struct batch_case {
    using products = detail::ifma_products<P>;
    std::array<integer<P>, 8> x, y;
    typename products::batch terms{};
    std::array<cpp_int, 8> expected;

    batch_case(random_stream& random, std::size_t digit, bool all_ones) {
        terms.active = static_cast<unsigned>(random.below(3) == 0 ? random.below(256) : 255);
        terms.negative = static_cast<unsigned>(all_ones ? 255 : random.below(256));
        for (std::size_t l = 0; l < 8; ++l) {
            x[l] = random_integer<P>(random);
            y[l] = random_integer<P>(random);
            if (all_ones) {
                x[l].fill(~limb{0});
                x[l].back() >>= 64 * x[l].size() - P;
                y[l] = x[l];
            }
            terms.x[l] = x[l].data();
            terms.y[l] = y[l].data();
            terms.shift[l] = random.below(52);
            std::size_t const cut = 52 * digit - terms.shift[l];
            expected[l] = (integer_of(x[l]) * integer_of(y[l])) >> cut;
            if ((terms.negative >> l & 1U) != 0) expected[l] = -expected[l];
        }
    }
};

}  // namespace

TEMPLATE_TEST_CASE_SIG("ifma_products: the sum of the cut products, but for those it returns", "[multiprecision][ifma]",
                       ((std::size_t P), P), 260, 1000, 1024, 1040, 4096, 8192) {
    using products = detail::ifma_products<P>;
    if (!products::available()) {
        WARN("this processor has no AVX-512 IFMA: nothing is tested");
        return;
    }
    random_stream random(1, P);
    std::size_t open = 0, terms = 0;
    for (std::size_t const digit : {std::size_t{2}, std::size_t{3}, products::y_digits, products::columns - 2}) {
        for (bool const all_ones : {false, true}) {
            products sum;
            cpp_int expected = 0;
            for (std::size_t trial = 0; trial < trials(P > 2000 ? 30 : 150); ++trial) {
                batch_case<P> const next(random, digit, all_ones);
                unsigned const left = sum.add(next.terms, digit);
                REQUIRE((left & ~next.terms.active) == 0);
                for (std::size_t l = 0; l < 8; ++l) {
                    if (((next.terms.active & ~left) >> l & 1U) != 0) expected += next.expected[l];
                    open += left >> l & 1U;
                    ++terms;
                }
            }
            std::array<limb, 2 * detail::limbs_of(P) + 2> magnitude;
            bool const negative = sum.total(magnitude);
            cpp_int const value = integer_of(magnitude);
            REQUIRE((negative ? cpp_int(-value) : value) == expected);
        }
    }
    CHECK(open < terms);
}

TEST_CASE("ifma_products: a product whose lower bits are all ones is returned where a carry could reach the cut",
          "[multiprecision][ifma]") {
    using products = detail::ifma_products<1024>;
    if (!products::available()) return;
    integer<1024> x{}, y{};  // 2^960 - 1 and 2^960 + 1
    for (std::size_t t = 0; t < 15; ++t) x[t] = ~limb{0};
    y[0] = y[15] = 1;
    products::batch terms{};
    terms.x.fill(x.data());
    terms.y.fill(y.data());
    terms.active = 0x5A;
    products sum;
    CHECK(sum.add(terms, 20) == 0x5A);
    CHECK(sum.add(terms, 39) == 0);
    std::array<limb, 34> magnitude;
    CHECK_FALSE(sum.total(magnitude));
    CHECK(integer_of(magnitude) == 0);
    CHECK(power_of_two(1920) - 1 == integer_of(x) * integer_of(y));
}
