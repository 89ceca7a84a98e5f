// SPDX-License-Identifier: BSL-1.0
#include <lastbit/exact/rounded_root.hpp>

#include <lastbit/base/environment.hpp>

#include "exact/mpfr_judge.hpp"
#include "fold/families.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit::detail;
using namespace lastbit_tests;

namespace {

/// sqrt(high + low + rest) by MPFR.
template <class R>
R root_by_mpfr(double high, double low, double rest) {
    mpfr_terms terms;
    for (double const x : {high, low, rest}) terms.add(x);
    return terms.rounded_root<R>();
}

/// A pair of doubles as near as they come to m^2 2^(2 exponent), the square of a number of 54 bits; low is moved by
/// `steps` of its last bit.
estimate near_square(std::uint64_t m, int exponent, int steps) {
    double const upper = compose<double>(false, m & ~std::uint64_t{1}, exponent);
    double const last = compose<double>(false, m & 1, exponent);
    superaccumulator<double> square;
    square.add_product(upper, upper);
    square.add_product(upper, last);
    square.add_product(upper, last);
    square.add_product(last, last);
    double const high = square.round<double>();
    square.add(negate(high));
    double low = square.round<double>();
    for (; steps > 0; --steps) low = next_up(low);
    for (; steps < 0; ++steps) low = next_down(low);
    return {high, low, 0.0};
}

double small_part(random_stream& chance, double of, int most, int least) {
    return mul(of, compose<double>(chance.below(2) != 0, chance.below(64), -between(chance, most, least)));
}

/// Right where it is certain: for the sum itself and for both ends of its interval. 1 if it is.
template <class R>
std::size_t check(estimate const& sum) {
    decided<R> const root = round_root<R>(sum);
    if (!root.certain) return 0;
    for (double const rest : {0.0, sum.error, negate(sum.error)})
        REQUIRE(root.bits == to_bits(root_by_mpfr<R>(sum.high, sum.low, rest)));
    return 1;
}

template <class T>
std::size_t fall_backs(std::size_t n, std::size_t count) {
    random_stream chance(71, n);
    std::size_t fell = 0;
    for (std::size_t i = 0; i < count; ++i) {
        std::vector<T> x(n);
        for (T& v : x) v = random_number<T>(chance, between(chance, -4, 0));
        fell += fast_norm<T>(x.data(), n).certain ? 0U : 1U;
    }
    return fell;
}

}  // namespace

TEST_CASE("round_root: certain results are right, beside midpoints too", "[exact][rounded_root]") {
    environment::guard const guard;
    random_stream chance(72);
    std::size_t certain = 0;
    std::size_t const count = trials(20'000);
    for (std::size_t trial = 0; trial < count; ++trial) {
        int const exponent = between(chance, -480, 420);
        std::uint64_t const m = std::uint64_t{1} << 53 | chance.bits() >> 11 | 1;  // half-way between two doubles
        certain += check<double>(near_square(m, exponent, between(chance, -300, 300)));
        std::uint64_t const of_float = (std::uint64_t{1} << 24 | chance.below(std::uint64_t{1} << 24)) | 1;
        estimate sum = near_square(of_float, between(chance, -140, 100), 0);
        sum.low = small_part(chance, sum.high, 60, 110);
        certain += check<float>(sum);
        // With an error that reaches the midpoint or just fails to.
        sum = near_square(m, exponent, 0);
        double const away = small_part(chance, sum.high, 66, 98);
        sum.low = add(sum.low, away);
        sum.normalise();
        sum.error = mul(absolute(away), compose<double>(false, 1000 + chance.below(40), -10));
        certain += check<double>(sum);
    }
    CHECK(certain > count / 2);
    CHECK(certain < 3 * count);
}

TEST_CASE("round_root: refuses what it has no bound for", "[exact][rounded_root]") {
    environment::guard const guard;
    CHECK(round_root<double>({0x1p-900, 0.0, 0.0}).certain);
    CHECK(round_root<double>({0x1.fp899, 0.0, 0.0}).certain);
    CHECK_FALSE(round_root<double>({0x1p-901, 0.0, 0.0}).certain);
    CHECK_FALSE(round_root<double>({0x1p901, 0.0, 0.0}).certain);
    CHECK_FALSE(round_root<double>({0.0, 0.0, 0.0}).certain);
    CHECK_FALSE(round_root<double>({-4.0, 0.0, 0.0}).certain);
    CHECK_FALSE(round_root<double>({infinity<double>(), 0.0, 0.0}).certain);
    CHECK_FALSE(round_root<double>({canonical_nan<double>(), 0.0, 0.0}).certain);
    CHECK_FALSE(round_root<bfloat16>({4.0, 0.0, 0x1p-10}).certain);
    CHECK_FALSE(is_moderate(canonical_nan<double>()));
    CHECK(is_moderate(-1.0));
}

TEST_CASE("root_of: the floor of the root, and whether that is all", "[exact][rounded_root]") {
    environment::guard const guard;
    random_stream chance(73);
    for (std::size_t trial = 0; trial < trials(20'000); ++trial) {
        std::uint64_t const r = chance.bits() >> chance.below(64);
        wide_bits const square = wide_bits{r} * r;
        CHECK(root_of(square).root == r);
        CHECK_FALSE(root_of(square).inexact);
        if (r == 0) continue;
        CHECK(root_of(square + 1).root == r);
        CHECK(root_of(square + 1).inexact);
        CHECK(root_of(square - 1).root == r - 1);
        CHECK(root_of(square + r + r).root == r);
        CHECK(root_of(square - 1).inexact == (r != 1));
    }
    CHECK(root_of(~wide_bits{0}).root == ~std::uint64_t{0});
}

TEMPLATE_TEST_CASE("root_of_sum: that of MPFR, over the whole range of sums", "[exact][rounded_root]", float, double,
                   bfloat16, float16) {
    environment::guard const guard;
    using T = TestType;
    random_stream chance(74);
    for (std::size_t trial = 0; trial < trials(3000); ++trial) {
        std::size_t const n = 1 + chance.below(3);
        superaccumulator<T> sum;
        mpfr_terms terms;
        for (std::size_t i = 0; i < n; ++i) {
            T const x = random_number<T>(
                chance, between(chance, format<T>::min_exponent - format<T>::precision, format<T>::max_exponent));
            sum.add_product(x, x);
            terms.add_product(x, x);
        }
        auto const digits = bulk_access::magnitude(sum);
        REQUIRE(root_of_sum<float>(digits) == to_bits(terms.rounded_root<float>()));
        REQUIRE(root_of_sum<double>(digits) == to_bits(terms.rounded_root<double>()));
        REQUIRE(root_of_sum<bfloat16>(digits) == to_bits(terms.rounded_root<bfloat16>()));
        REQUIRE(root_of_sum<float16>(digits) == to_bits(terms.rounded_root<float16>()));
    }
}

TEMPLATE_TEST_CASE("rounded_norm: fewer than 1 % of random norms need the superaccumulator", "[exact][rounded_root]",
                   float, double, bfloat16, float16) {
    environment::guard const guard;
    std::size_t const count = trials(500);
    for (std::size_t const n : {1U, 10U, 100U, 1000U, 10'000U}) {
        CAPTURE(n);
        CHECK(fall_backs<TestType>(n, count) * 100 <= count);
    }
}
