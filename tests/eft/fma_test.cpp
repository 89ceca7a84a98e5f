// SPDX-License-Identifier: BSL-1.0
#include <lastbit/eft/fma.hpp>

#include "eft/laws.hpp"

#include <cmath>

using namespace lastbit;
using lastbit_tests::call_text;
using lastbit_tests::same;
using lastbit_tests::tally;
using oracle::real;

static_assert(lastbit::fma(1.0 + 0x1p-52, 1.0 - 0x1p-52, -1.0) == -0x1p-104, "usable in constant expressions");

namespace {

/// Calls law(a, b, c) on special triples and on random ones: any pattern; c near -ab (cancellation); c near a tie of ab, or
/// far below it; products that underflow and overflow.
template <class T, class Law>
void for_each_triple(Law law) {
    using f = format<T>;
    random_stream random(91);
    auto const special = lastbit_tests::special_values<T>();
    for (std::size_t i = 0; i < special.size(); i += 2)
        for (T const b : special)
            for (T const c : special) law(special[i], b, c);
    for (std::size_t i = 0; i < lastbit_tests::trials(3000); ++i) {
        T const a = lastbit_tests::number_between<T>(random, -3, 3);
        T const b = lastbit_tests::number_between<T>(random, -3, 3);
        T const near = from_bits<T>(static_cast<lastbit_tests::bits_t<T>>(to_bits(mul(a, b)) + random.below(5) - 2));
        law(a, b, negate(near));
        law(a, b, lastbit_tests::number_between<T>(random, -2 * f::precision - 3, 2 * f::precision + 3));
        law(lastbit_tests::any_number<T>(random), lastbit_tests::any_number<T>(random),
            lastbit_tests::any_number<T>(random));
        // ab around the smallest numbers, and around the largest.
        int const e = static_cast<int>(random.below(static_cast<std::uint64_t>(f::max_exponent)));
        T const large = lastbit_tests::number_between<T>(random, e, e);
        T const small = lastbit_tests::number_between<T>(random, f::min_exponent - f::precision, f::min_exponent + 3);
        law(large,
            std::is_same_v<T, float16>
                ? small
                : lastbit_tests::number_between<T>(random, f::min_exponent - e, f::min_exponent - e),
            small);
        law(large, lastbit_tests::number_between<T>(random, f::max_exponent - e - 1, f::max_exponent - e),
            lastbit_tests::number_between<T>(random, f::max_exponent - f::precision, f::max_exponent));
    }
}

template <class T>
T exact_fma(T a, T b, T c) {
    return (real(a) * real(b) + real(c)).round<T>();
}

}  // namespace

TEMPLATE_TEST_CASE("fma: one rounding of the exact ab + c", "[eft][fma]", float, double, bfloat16, float16) {
    using T = TestType;
    tally law;
    for_each_triple<T>([&law](T a, T b, T c) {
        law.expect(same(lastbit::fma(a, b, c), exact_fma(a, b, c)), [=] { return call_text("fma", a, b, c); });
    });
    law.check();
}

TEMPLATE_TEST_CASE("fma: what serves without FMA hardware, whatever the hardware", "[eft][fma]", float, double) {
    using T = TestType;
    tally law;
    for_each_triple<T>([&law](T a, T b, T c) {
        law.expect(same(detail::fma_emulated(a, b, c), exact_fma(a, b, c)), [=] { return call_text("fma", a, b, c); });
        law.expect(same(detail::fma_emulated(a, b, c), std::fma(a, b, c)),
                   [=] { return call_text("std::fma", a, b, c); });
    });
    law.check();
}

TEMPLATE_TEST_CASE("fma: every lane has the scalar's bits", "[eft][fma]", float, double, bfloat16, float16) {
    using T = TestType;
    std::vector<T> a, b, c;
    for_each_triple<T>([&](T x, T y, T z) {
        a.push_back(x);
        b.push_back(y);
        c.push_back(z);
    });
    using lane_array = decltype(lastbit_tests::lanes<T>(lastbit_tests::load_register(a.data())));
    constexpr std::size_t width = std::tuple_size_v<lane_array>;
    tally law;
    for (std::size_t i = 0; i + width <= a.size(); i += width - 1) {
        lane_array const got = lastbit_tests::lanes<T>(lastbit::fma(lastbit_tests::load_register(&a[i]),
                                                                    lastbit_tests::load_register(&b[i]),
                                                                    lastbit_tests::load_register(&c[i])));
        for (std::size_t k = 0; k < width; ++k)
            law.expect(same(got[k], lastbit::fma(a[i + k], b[i + k], c[i + k])),
                       [&, i, k] { return call_text("lane", a[i + k], b[i + k], c[i + k]); });
    }
    law.check();
}

TEST_CASE("fma: zeros, infinities and NaN as IEEE 754 says", "[eft][fma]") {
    double const inf = infinity<double>();
    CHECK(is_nan(lastbit::fma(0.0, inf, 1.0)));
    CHECK(is_nan(lastbit::fma(1.0, inf, -inf)));
    CHECK(to_bits(lastbit::fma(1.0, 1.0, -1.0)) == 0);
    CHECK(to_bits(lastbit::fma(-0.0, 1.0, -0.0)) == to_bits(-0.0));
    CHECK(to_bits(lastbit::fma(0x1p-1074, -0x1p-1074, 0.0)) == to_bits(-0.0));
    CHECK(to_bits(lastbit::fma(2.0, 3.0, -inf)) == to_bits(-inf));
}

TEST_CASE("fma: double rounding would differ", "[eft][fma]") {
    // ab = 1 + 2^-24 + 2^-48 (float), c tiny: through double without round-to-odd the tie would go down.
    CHECK(to_bits(lastbit::fma(1.0F, 1.0F + 0x1p-23F, 0x1p-24F)) == to_bits(1.0F + 0x1p-22F));
    CHECK(to_bits(lastbit::fma(1.0F, 1.0F, 0x1p-24F)) == to_bits(1.0F));
    CHECK(to_bits(lastbit::fma(0x1.000002p0F, 0x1.000002p0F, 0x1p-140F)) == to_bits(0x1.000004p0F));
    CHECK(to_bits(lastbit::fma(0x1.001p0F, 0x1.001p0F, 0x1p-149F)) == to_bits(0x1.002002p0F));
    CHECK(to_bits(lastbit::fma(0x1.001p0F, 0x1.001p0F, -0x1p-149F)) == to_bits(0x1.002p0F));
}

TEST_CASE("fma: software numbers by their own operators", "[eft][fma]") {
    CHECK(lastbit::fma(real(3), real(4), real(5)) == real(17));
}
