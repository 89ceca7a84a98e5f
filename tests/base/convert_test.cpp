// SPDX-License-Identifier: BSL-1.0
#include <lastbit/base/convert.hpp>

#include "base/samples.hpp"
#include <lastbit/oracle/real.hpp>

using namespace lastbit;
using lastbit_tests::tally;

static_assert(detail::convert<float>(0.1) == 0.1F);

namespace {

template <class To, class From>
void check_conversion() {
    random_stream random(11);
    tally law;
    auto const expect = [&law](From x) {
        To const expected = oracle::real(x).round<To>();
        law.expect(lastbit_tests::same(detail::convert<To>(x), expected), [x] { return testing::number_text(x); });
    };
    for (From const x : lastbit_tests::special_values<From>()) expect(x);
    for (std::size_t i = 0; i < lastbit_tests::trials(5000); ++i) {
        expect(lastbit_tests::any_number<From>(random));
        // The To format's binades, its subnormals and its overflow threshold.
        expect(lastbit_tests::number_between<From>(random, format<To>::min_exponent - format<To>::precision - 2,
                                                   format<To>::max_exponent + 1));
    }
    law.check();
}

}  // namespace

TEMPLATE_TEST_CASE("convert: one rounding of the exact value, between any two formats", "[base][convert]", float,
                   double, bfloat16, float16) {
    check_conversion<float, TestType>();
    check_conversion<double, TestType>();
    check_conversion<bfloat16, TestType>();
    check_conversion<float16, TestType>();
}

TEST_CASE("convert: float and double as the processor converts them", "[base][convert]") {
    random_stream random(12);
    tally law;
    for (std::size_t i = 0; i < lastbit_tests::trials(100000); ++i) {
        double const x = lastbit_tests::number_between<double>(random, -155, 129);
        float const y = lastbit_tests::any_number<float>(random);
        law.expect(to_bits(detail::convert<float>(x)) == to_bits(static_cast<float>(x)),
                   [x] { return testing::number_text(x); });
        law.expect(lastbit_tests::same(detail::convert<double>(y), static_cast<double>(y)),
                   [y] { return testing::number_text(y); });
    }
    law.check();
}

TEST_CASE("convert: a NaN keeps its sign and the leading bits of its payload, and comes out quiet", "[base][convert]") {
    CHECK(to_bits(detail::convert<float>(from_bits<double>(0xFFF0000020000001U))) == 0xFFC00001U);
    CHECK(to_bits(detail::convert<double>(from_bits<float>(0x7F800001U))) == 0x7FF8000020000000U);
    CHECK(to_bits(detail::convert<float16>(from_bits<float>(0xFF802000U))) == 0xFE01U);
    CHECK(to_bits(detail::convert<bfloat16>(from_bits<float16>(0xFC08U))) == 0xFFC1U);
    CHECK(to_bits(detail::convert<float16>(from_bits<bfloat16>(0x7F81U))) == 0x7E08U);
    CHECK(to_bits(detail::convert<float>(from_bits<float>(0x7F800001U))) ==
          0x7F800001U);  // the same format: the same bits
}
