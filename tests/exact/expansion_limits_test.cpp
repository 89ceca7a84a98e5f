// SPDX-License-Identifier: BSL-1.0
#include <lastbit/exact/expansion_limits.hpp>

#include <lastbit/base/environment.hpp>

#include "exact/hard_expansions.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

#include <tuple>
#include <unordered_set>

using namespace lastbit;
using lastbit_tests::hard_expansions;
using lastbit_tests::nonoverlapping;
using lastbit_tests::trials;

namespace {

using all_expansions = std::tuple<expansion<float, 2>, expansion<float, 3>, expansion<float, 4>, expansion<float, 6>,
                                  expansion<float, 7>, expansion<float, 8>, expansion<double, 2>, expansion<double, 3>,
                                  expansion<double, 4>, expansion<double, 8>>;

template <class X>
using limits = std::numeric_limits<X>;

/// floor(log10(x)); x is no power of ten.
template <class X>
int decimal_place(X const& x) {
    lastbit_tests::wide_number number;
    number.set(x);
    mpfr_log10(number.get(), number.get(), MPFR_RNDD);
    return static_cast<int>(mpfr_get_si(number.get(), MPFR_RNDD));
}

template <class X>
bool same_hash(X const& x, X const& y) {
    return x == y && std::hash<X>()(x) == std::hash<X>()(y);
}

}  // namespace

TEST_CASE("numeric_limits of expansions: the numbers known", "[exact][expansion_limits]") {
    STATIC_REQUIRE((limits<double_double>::digits == 106 && limits<double_double>::digits10 == 31));
    STATIC_REQUIRE((limits<triple_double>::digits == 159 && limits<triple_double>::digits10 == 47));
    STATIC_REQUIRE((limits<quad_double>::digits == 212 && limits<quad_double>::digits10 == 63));
    STATIC_REQUIRE((limits<double_double>::max_digits10 == 34 && limits<triple_double>::max_digits10 == 50));
    STATIC_REQUIRE((limits<quad_double>::max_digits10 == 66 && limits<expansion<float, 2>>::max_digits10 == 16));
    STATIC_REQUIRE((limits<double_double>::min_exponent == -968 && limits<double_double>::min_exponent10 == -291));
    STATIC_REQUIRE(limits<double_double>::min() == double_double(0x1p-969));
    STATIC_REQUIRE(limits<double_double>::max()[1] == 0x1.fffffffffffffp969);
    STATIC_REQUIRE(limits<double_double>::epsilon() == double_double(0x1p-105));
    STATIC_REQUIRE(
        (limits<quad_double const>::digits == 212 && limits<quad_double>::round_error() == quad_double(112)));
}

TEMPLATE_LIST_TEST_CASE("numeric_limits of expansions: what is constant", "[exact][expansion_limits]", all_expansions) {
    using L = limits<TestType>;
    STATIC_REQUIRE((L::is_specialized && L::is_signed && L::is_bounded && L::radix == 2));
    STATIC_REQUIRE((!L::is_integer && !L::is_exact && !L::is_modulo && !L::is_iec559 && !L::has_signaling_NaN));
    STATIC_REQUIRE((L::has_infinity && L::has_quiet_NaN && L::has_denorm == std::denorm_present));
    STATIC_REQUIRE(L::round_style == std::round_indeterminate);
    STATIC_REQUIRE(
        (std::is_same_v<decltype(L::max()), TestType> && std::is_same_v<decltype(L::round_error()), TestType>));
    STATIC_REQUIRE((std::is_same_v<decltype(L::min()), TestType> && std::is_same_v<decltype(L::lowest()), TestType>));
    STATIC_REQUIRE((is_inf(L::infinity()[0]) && !is_negative(L::infinity()[0]) && is_zero(L::infinity()[1])));
    STATIC_REQUIRE((is_nan(L::quiet_NaN()[0]) && is_nan(L::signaling_NaN()[0])));
    STATIC_REQUIRE(L::denorm_min() == TestType(smallest_subnormal<typename TestType::word_type>()));
    constexpr double log = 0.301029995663981195;
    constexpr int bits_without_gaps = L::digits + static_cast<int>(TestType::words) - 1;
    CHECK(L::digits10 == static_cast<int>(std::floor((L::digits - 1) * log)));
    CHECK(L::max_digits10 == static_cast<int>(std::ceil(bits_without_gaps * log)) + 1);
}

TEMPLATE_LIST_TEST_CASE("numeric_limits of expansions: the ends of the range", "[exact][expansion_limits]",
                        all_expansions) {
    environment::guard const guard;
    using L = limits<TestType>;
    using T = typename TestType::word_type;
    constexpr std::size_t last = TestType::words - 1;
    TestType const most = L::max();
    CHECK((is_finite(most[0]) && nonoverlapping(most.to_array()) && L::lowest() == -most));
    for (std::size_t q = 0; q <= last; ++q) {  // none could be the next number
        auto next = most.to_array();
        next[q] = from_bits<T>(to_bits(next[q]) + 1);
        CHECK((q == 0 ? !is_finite(next[0]) : !nonoverlapping(next)));
    }
    CHECK(is_inf((most + most)[0]));
    CHECK(is_inf((most + TestType(lastbit_tests::half_ulp(most[0])))[0]));
    CHECK(is_inf((most * TestType(2))[0]));
    CHECK((decimal_place(most) == L::max_exponent10 && L::max_exponent == limits<T>::max_exponent));

    TestType const least = L::min();
    // A number of `digits` digits there has a last word that is just normal; below it has not.
    CHECK(decimal_place(least) + 1 == L::min_exponent10);
    T const unit = detail::compose<T>(false, 1, L::min_exponent - 1 - static_cast<int>(last) * format<T>::precision);
    CHECK(to_bits(unit) == to_bits(smallest_normal<T>()));
    CHECK(to_bits(least[0]) == to_bits(detail::compose<T>(false, 1, L::min_exponent - 1)));
    CHECK((least > TestType(0) && L::denorm_min() > TestType(0) && is_zero((L::denorm_min() * TestType(T{0.5}))[0])));
}

TEMPLATE_LIST_TEST_CASE("numeric_limits of expansions: epsilon is one digit of 1", "[exact][expansion_limits]",
                        all_expansions) {
    environment::guard const guard;
    using L = limits<TestType>;
    TestType const one(1);
    TestType const next = one + L::epsilon();
    CHECK((next != one && next > one && next - one == L::epsilon() && nonoverlapping(next.to_array())));
    CHECK((one - L::epsilon() != one && one - L::epsilon() < one));
    bool const subnormal = L::epsilon() == L::denorm_min();  // of seven and eight floats
    CHECK(subnormal == (L::min_exponent - 1 > 0));
    if (!subnormal) {
        int const exponent = 1 - L::digits;
        CHECK(L::epsilon() == TestType(detail::compose<typename TestType::word_type>(false, 1, exponent)));
    }
}

TEMPLATE_LIST_TEST_CASE("hash of expansions: equal values are equal", "[exact][expansion_limits]", all_expansions) {
    environment::guard const guard;
    using T = typename TestType::word_type;
    T const ulp = detail::compose<T>(false, 1, 1 - format<T>::precision);
    T const half = detail::compose<T>(false, 1, -format<T>::precision);
    std::array<T, TestType::words> above{add(T{1}, ulp), negate(half)};
    std::array<T, TestType::words> below{T{1}, half};
    CHECK(same_hash(TestType::from_nonoverlapping(above), TestType::from_nonoverlapping(below)));
    CHECK(same_hash(-TestType::from_nonoverlapping(above), -TestType::from_nonoverlapping(below)));
    CHECK((same_hash(TestType(T{0}), TestType(negate(T{0}))) && same_hash(TestType(), TestType(0))));
    below[1] = T{0};
    below[TestType::words - 1] = negate(T{0});
    CHECK(same_hash(TestType::from_nonoverlapping(below), TestType(1)));

    hard_expansions<T, TestType::words> hard(5);
    std::unordered_set<TestType> seen;
    std::unordered_set<std::size_t> hashes;
    for (std::size_t trial = 0; trial < trials(500); ++trial) {
        TestType const x = hard.any(60);
        REQUIRE(same_hash(x, TestType::from_total(x.exact_total())));
        seen.insert(x);
        hashes.insert(std::hash<TestType>()(x));
    }
    CHECK(hashes.size() == seen.size());
    CHECK((seen.insert(TestType(limits<TestType>::infinity())).second &&
           !seen.insert(limits<TestType>::infinity()).second));
    static_cast<void>(std::hash<TestType>()(limits<TestType>::quiet_NaN()));
}
