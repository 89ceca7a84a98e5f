// SPDX-License-Identifier: BSL-1.0
#include <lastbit/multiprecision/bin_float_parts.hpp>

#include <lastbit/base/random.hpp>
#include <lastbit/oracle/number.hpp>
#include "trials.hpp"

#include <boost/multiprecision/cpp_dec_float.hpp>
#include <catch2/catch.hpp>

#include <memory>

using namespace lastbit;
using boost::multiprecision::cpp_bin_float;
using boost::multiprecision::number;
using boost::multiprecision::backends::digit_base_2;
using detail::bin_float_kind;
using detail::limb;
using lastbit_tests::trials;
using oracle::real;

namespace {

template <unsigned Bits, class Allocator = void>
using binary = number<cpp_bin_float<Bits, digit_base_2, Allocator>>;
using short_exponents = number<cpp_bin_float<100, digit_base_2, void, short, -1022, 1023>>;
using long_exponents = number<cpp_bin_float<200, digit_base_2, void, long long>>;

static_assert(binary_multiprecision<boost::multiprecision::cpp_bin_float_100>);
static_assert(binary_multiprecision<binary<1024>> && binary_multiprecision<binary<1024, std::allocator<limb>>>);
static_assert(!binary_multiprecision<boost::multiprecision::cpp_dec_float_50> && !binary_multiprecision<double>);

}  // namespace

TEMPLATE_TEST_CASE("bin_float_parts: limbs, sign and exponent are the value's, and give it back", "[multiprecision]",
                   binary<11>, binary<24>, binary<53>, binary<64>, binary<65>, binary<113>, binary<128>, binary<129>,
                   binary<1000>, (binary<100, std::allocator<limb>>), (binary<1024, std::allocator<limb>>),
                   boost::multiprecision::cpp_bin_float_50, short_exponents, long_exponents) {
    using Number = TestType;
    constexpr std::size_t p = detail::bin_float_precision<Number>;
    constexpr std::size_t size = detail::limbs_of(p);
    random_stream random(1, p);
    for (std::size_t trial = 0; trial < trials(200); ++trial) {
        std::array<limb, size> limbs;
        for (limb& v : limbs) v = random.below(4) == 0 ? 0 : random.bits();
        limbs[size - 1] = limbs[size - 1] >> (64 * size - p) | limb{1} << (p - 1) % 64;
        auto const exponent = static_cast<int>(random.below(1000)) - 500;
        bool const negative = random.below(2) != 0;
        auto const x = detail::assembled<Number>(negative, exponent, limbs.data());

        oracle::integer m = 0;
        for (std::size_t t = size; t > 0; --t) m = (m << 64) + limbs[t - 1];
        REQUIRE(oracle::exact_value(x) == real(negative ? -m : m, exponent - static_cast<int>(p) + 1));
        REQUIRE(detail::kind_of(x) == bin_float_kind::finite);
        REQUIRE(x.backend().exponent() == exponent);
        std::array<limb, size> copy;
        limb const* const read = detail::significand_limbs(x, copy.data());
        REQUIRE(std::equal(limbs.begin(), limbs.end(), read));
    }
}

TEMPLATE_TEST_CASE("bin_float_parts: special values, and the ends of the exponents", "[multiprecision]", binary<53>,
                   binary<1024>, short_exponents, long_exponents, (binary<200, std::allocator<limb>>)) {
    using Number = TestType;
    using backend = detail::bin_float_backend_t<Number>;
    using limits = std::numeric_limits<Number>;
    constexpr std::size_t p = detail::bin_float_precision<Number>;
    CHECK(detail::kind_of(Number(0)) == bin_float_kind::zero);
    CHECK(detail::kind_of(-Number(0)) == bin_float_kind::zero);
    CHECK(detail::kind_of(limits::infinity()) == bin_float_kind::infinite);
    CHECK(detail::kind_of(limits::quiet_NaN()) == bin_float_kind::nan);
    CHECK(detail::kind_of((limits::max)()) == bin_float_kind::finite);
    CHECK(detail::kind_of((limits::min)()) == bin_float_kind::finite);
    CHECK(signbit(detail::signed_zero<Number>(true)));
    CHECK(detail::signed_zero<Number>(true) == 0);
    CHECK_FALSE(signbit(detail::signed_zero<Number>(false)));
    CHECK(detail::signed_infinity<Number>(true) == -limits::infinity());
    CHECK(isnan(detail::quiet_nan<Number>()));

    std::array<limb, detail::limbs_of(p)> one{};
    one.back() = limb{1} << (p - 1) % 64;
    detail::exponent_sum const most = backend::max_exponent, least = backend::min_exponent;
    CHECK(detail::assembled<Number>(false, least, one.data()) == (limits::min)());
    CHECK(detail::assembled<Number>(false, most, one.data()) <= (limits::max)());
    CHECK(detail::assembled<Number>(true, most + 1, one.data()) == -limits::infinity());
    CHECK(detail::assembled<Number>(false, 4 * most, one.data()) == limits::infinity());
    CHECK(detail::assembled<Number>(true, least - 1, one.data()) == 0);
    CHECK(signbit(detail::assembled<Number>(true, 4 * least, one.data())));
}
