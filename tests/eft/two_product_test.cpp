// SPDX-License-Identifier: BSL-1.0
#include <lastbit/eft/two_product.hpp>

#include "eft/laws.hpp"

using namespace lastbit;
using lastbit_tests::call_text;
using lastbit_tests::same;
using lastbit_tests::tally;
using oracle::real;

static_assert(two_product(1.0 + 0x1p-52, 1.0 + 0x1p-52).error == 0x1p-104, "usable in constant expressions");

namespace {

/// Pairs whose products lie around every limit: 2^-968 and 2^1022 (double), operands around 2^995, and those of the other
/// laws.
template <class T, class Law>
void for_each_product(Law law) {
    using f = format<T>;
    lastbit_tests::for_each_pair<T>(law);
    random_stream random(101);
    int const line = f::min_exponent + 1 + f::precision;
    int const wide = f::max_exponent - (f::precision + 1) / 2 - 1;
    for (std::size_t i = 0; i < lastbit_tests::trials(5000); ++i) {
        int const e = line / 2 + static_cast<int>(random.below(9)) - 4;
        T const x = lastbit_tests::number_between<T>(random, e, e);
        for (int const low :
             {line - e - 3, f::min_exponent - e - 2, f::min_exponent - f::precision - e - 1, f::max_exponent - e - 3})
            law(x, lastbit_tests::number_between<T>(random, low, low + 5));
        law(lastbit_tests::number_between<T>(random, wide - 2, wide + 2),
            lastbit_tests::number_between<T>(random, -wide, -wide + 60));
    }
}

/// The smallest |p| for which the comment promises exactness.
template <class T>
const T line_of_exactness = detail::convert<T>(std::ldexp(1.0, format<T>::min_exponent + 1 + format<T>::precision));

}  // namespace

TEMPLATE_TEST_CASE("two_product: p is xy rounded, e is fma(x, y, -p), and p + e is xy exactly above the line",
                   "[eft][two_product]", float, double, bfloat16, float16) {
    using T = TestType;
    tally law;
    for_each_product<T>([&law](T x, T y) {
        auto const result = two_product(x, y);
        T const p = result.value;
        T const e = result.error;
        real const exact = real(x) * real(y);
        law.expect(same(p, exact.round<T>()), [=] { return call_text("two_product", x, y, p); });
        T const error = (exact - real(p)).round<T>();
        law.expect(same(e, error), [=] { return call_text("two_product", x, y, p, e); });
        if (is_finite(p) && to_bits(absolute(p)) >= to_bits(line_of_exactness<T>))
            law.expect(real(p) + real(e) == exact, [=] { return call_text("exact", x, y, p, e); });
        if (is_finite(p) &&
            (exact - real(p)).scaled(format<T>::precision - 1 - format<T>::min_exponent).exponent() >= 0)
            law.expect(real(p) + real(e) == exact, [=] { return call_text("multiple of the smallest", x, y, p, e); });
        if (is_finite(x) && is_finite(y) && is_inf(p))
            law.expect(is_inf(e) && is_negative(e) != is_negative(p), [=] { return call_text("overflow", x, y, e); });
        if (!is_finite(x) || !is_finite(y)) law.expect(is_nan(e), [=] { return call_text("special", x, y, e); });
        if (is_zero(e) && exact == real(p)) law.expect(!is_negative(e), [=] { return call_text("-0", x, y, e); });
    });
    law.check();
}

TEMPLATE_TEST_CASE("two_product: the line of exactness is where the comment says, and no lower", "[eft][two_product]",
                   float, double) {
    using T = TestType;
    CHECK(detail::product_limit<T> == line_of_exactness<T>);
    CHECK(line_of_exactness<T> == (std::is_same_v<T, double> ? static_cast<T>(0x1p-968) : static_cast<T>(0x1p-101)));
    // Just below, an error of more bits than the format has there.
    T const odd = T{1} + std::ldexp(T{1}, 1 - format<T>::precision);
    int const half = format<T>::min_exponent / 2 - 26;
    T const x = std::ldexp(odd, half);
    auto const [p, e] = two_product(x, x);
    CHECK(real(p) + real(e) != real(x) * real(x));
    CHECK(to_bits(absolute(p)) < to_bits(line_of_exactness<T>));
}

TEST_CASE("two_product: the comment's example of an error that is rounded", "[eft][two_product]") {
    double const x = std::ldexp(1.0 + 0x1p-52, -537);
    auto const [p, e] = two_product(x, x);
    CHECK(real(p) + real(e) != real(x) * real(x));
}

TEMPLATE_TEST_CASE("two_product: every lane has the scalar's bits", "[eft][two_product]", float, double, bfloat16,
                   float16) {
    lastbit_tests::check_lanes<TestType>([](auto const& a, auto const& b) { return two_product(a, b); });
}
