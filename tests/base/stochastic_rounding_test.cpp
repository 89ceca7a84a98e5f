// SPDX-License-Identifier: BSL-1.0
#include <lastbit/base/stochastic_rounding.hpp>

#include <lastbit/oracle/quotient.hpp>
#include "oracle/numbers.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit_tests;
using oracle::direction;
using oracle::real;

namespace {

enum class operation { sum, product, quotient, root };

template <class T>
T computed(operation op, T x, T y, random_word_pair const& chance) {
    switch (op) {
        case operation::sum:
            return stochastic_add(x, y, chance);
        case operation::product:
            return stochastic_multiply(x, y, chance);
        case operation::quotient:
            return stochastic_divide(x, y, chance);
        case operation::root:
            break;
    }
    return stochastic_square_root(x, chance);
}

template <class T>
T rounded(operation op, T x, T y, direction d) {
    switch (op) {
        case operation::sum:
            return (real(x) + real(y)).template round<T>(d);
        case operation::product:
            return (real(x) * real(y)).template round<T>(d);
        case operation::quotient:
            return oracle::quotient<T>(real(x), real(y), d);
        case operation::root:
            break;
    }
    return oracle::square_root_of_quotient<T>(real(x), real(1), d);
}

/// z < |exact result|, for z >= 0.
template <class T>
bool is_below(real const& z, operation op, T x, T y) {
    switch (op) {
        case operation::sum:
            return z < (real(x) + real(y)).abs();
        case operation::product:
            return z < (real(x) * real(y)).abs();
        case operation::quotient:
            return z * real(y).abs() < real(x).abs();
        case operation::root:
            break;
    }
    return z * z < real(x);
}

constexpr random_word_pair never{~std::uint64_t{0}, ~std::uint64_t{0}};
constexpr random_word_pair always{0, 0};

/// The random word is compared with the fraction (|exact| - |low|) / (|high| - |low|): equal to it to within 2^-72.
template <class T>
void check_threshold(operation op, T x, T y, T low, T high) {
    real const base = real(low).abs();
    real const width = real(high).abs() - base;
    std::uint64_t fraction = 0;  // floor(2^64 fraction), by bisection
    for (int bit = 63; bit >= 0; --bit) {
        std::uint64_t const next = fraction | std::uint64_t{1} << bit;
        if (is_below(base + width * real(next).scaled(-64), op, x, y)) fraction = next;
    }
    CAPTURE(static_cast<int>(op), static_cast<double>(x), static_cast<double>(y), fraction);
    // The bits 2^-65 ... 2^-72 too: the second word's first byte.
    std::uint64_t byte = 0;
    for (int bit = 7; bit >= 0; --bit) {
        std::uint64_t const next = byte | std::uint64_t{1} << bit;
        real const z = real(fraction).scaled(-64) + real(next).scaled(-72);
        if (is_below(base + width * z, op, x, y)) byte = next;
    }
    auto const at = [&](std::int64_t step) {
        auto const steps = static_cast<std::int64_t>(byte) + step;
        std::uint64_t const word = fraction + static_cast<std::uint64_t>(steps >> 8);
        return computed(op, x, y, {word, static_cast<std::uint64_t>(steps) << 56});
    };
    if (fraction > 1) CHECK(to_bits(at(-1)) == to_bits(high));
    if (fraction < ~std::uint64_t{0} - 1) CHECK(to_bits(at(2)) == to_bits(low));
}

template <class T>
void check_one(operation op, T x, T y) {
    T const low = rounded(op, x, y, direction::toward_zero);
    T const nearest = rounded(op, x, y, direction::nearest);
    CAPTURE(static_cast<int>(op), static_cast<double>(x), static_cast<double>(y), static_cast<double>(low));
    T const up = rounded(op, x, y, direction::upward);
    T const down = rounded(op, x, y, direction::downward);
    if (to_bits(up) == to_bits(down) || is_zero(x)) {  // exact
        CHECK(to_bits(computed(op, x, y, never)) == to_bits(nearest));
        CHECK(to_bits(computed(op, x, y, always)) == to_bits(nearest));
        return;
    }
    auto const high = from_bits<T>(static_cast<typename format<T>::bits_type>(to_bits(low) + 1));
    if (is_inf(high)) {
        CHECK(to_bits(computed(op, x, y, never)) == to_bits(nearest));
        CHECK(to_bits(computed(op, x, y, always)) == to_bits(nearest));
        return;
    }
    // A fraction within 2^-72 of 1 may pass for 1.
    real const nearly = real(low).abs() + (real(high).abs() - real(low).abs()) * (real(1) - real(1).scaled(-72));
    if (!is_below(nearly, op, x, y)) CHECK(to_bits(computed(op, x, y, never)) == to_bits(low));
    check_threshold(op, x, y, low, high);
}

template <class T>
std::vector<T> special_numbers() {
    std::vector<T> x{T(0),         T(1),          T(1.5F), smallest_subnormal<T>(), smallest_normal<T>(),
                     largest<T>(), infinity<T>(), T(0.5F), canonical_nan<T>()};
    std::size_t const positive = x.size();
    for (std::size_t i = 0; i < positive; ++i) x.push_back(negate(x[i]));
    return x;
}

}  // namespace

TEMPLATE_TEST_CASE("stochastic rounding: one of the two neighbours, by the exact fraction", "[base][stochastic]", float,
                   double, bfloat16, float16) {
    using T = TestType;
    random_stream random(71);
    constexpr int p = format<T>::precision;
    constexpr int emin = format<T>::min_exponent;
    for (std::size_t t = 0; t < trials(300); ++t) {
        T const x = of_exponent<T>(random, -2, 2);
        T const near = of_exponent<T>(random, -p - 8, 1);
        check_one(operation::sum, x, near);
        check_one(operation::product, x, near);
        check_one(operation::quotient, x, near);
        check_one(operation::root, absolute(x), T(0));
        T const any = any_finite<T>(random);
        T const other = any_finite<T>(random);
        check_one(operation::sum, any, other);
        check_one(operation::product, any, other);
        if (!is_zero(other)) check_one(operation::quotient, any, other);
        check_one(operation::root, absolute(any), T(0));
        // Products and quotients below the normal numbers, and far below the smallest.
        int const first = emin / 2 - static_cast<int>(random.below(8));
        T const a = of_exponent<T>(random, first, first + 4);
        T const b = of_exponent<T>(random, first - p, first);
        check_one(operation::product, a, b);
        check_one(operation::quotient, of_exponent<T>(random, emin - p, emin + 2), x);
    }
}

TEMPLATE_TEST_CASE("stochastic rounding: at the top to nearest", "[base][stochastic]", float, double, bfloat16,
                   float16) {
    using T = TestType;
    int const last = format<T>::max_exponent - format<T>::precision + 1;
    auto const power = [](int e) { return real(1).scaled(e).template round<T>(); };
    T const half = power(last - 1);
    auto const below_half = from_bits<T>(static_cast<typename format<T>::bits_type>(to_bits(half) - 1));
    for (auto const& chance : {never, always}) {
        CHECK(is_inf(stochastic_add(largest<T>(), half, chance)));
        CHECK(to_bits(stochastic_add(largest<T>(), below_half, chance)) == to_bits(largest<T>()));
        CHECK(is_inf(stochastic_add(negate(largest<T>()), negate(half), chance)));
        CHECK(is_inf(stochastic_multiply(largest<T>(), T(2), chance)));
    }
    // One step lower the choice is free: largest - ulp/2 from below.
    T const pred = from_bits<T>(static_cast<typename format<T>::bits_type>(to_bits(largest<T>()) - 1));
    CHECK(to_bits(stochastic_add(pred, half, never)) == to_bits(pred));
    CHECK(to_bits(stochastic_add(pred, half, always)) == to_bits(largest<T>()));
}

TEMPLATE_TEST_CASE("stochastic rounding: special values are those of IEEE 754", "[base][stochastic]", float, double,
                   bfloat16, float16) {
    using T = TestType;
    using wide = std::conditional_t<native_format<T>, T, float>;
    for (T const x : special_numbers<T>())
        for (T const y : special_numbers<T>())
            for (auto const& chance : {never, always}) {
                CAPTURE(static_cast<double>(x), static_cast<double>(y));
                bool const special = !is_finite(x) || !is_finite(y) || is_zero(x) || is_zero(y);
                if (!special) continue;
                CHECK(to_bits(stochastic_add(x, y, chance)) == to_bits(canonical(add(x, y))));
                CHECK(to_bits(stochastic_multiply(x, y, chance)) == to_bits(canonical(mul(x, y))));
                T const quotient = T(divide(static_cast<wide>(x), static_cast<wide>(y)));
                CHECK(to_bits(stochastic_divide(x, y, chance)) == to_bits(canonical(quotient)));
            }
    for (T const x : {T(0), negate(T(0)), T(-1), infinity<T>(), negate(infinity<T>()), canonical_nan<T>()})
        CHECK(to_bits(stochastic_square_root(x, always)) == to_bits(canonical(T(square_root(static_cast<wide>(x))))));
    CHECK(to_bits(stochastic_add(T(1), T(-1), always)) == 0);
    T const tiny = smallest_subnormal<T>();
    CHECK(to_bits(stochastic_multiply(tiny, negate(tiny), never)) == to_bits(negate(T(0))));
}

TEST_CASE("stochastic rounding: usable in constant evaluation", "[base][stochastic]") {
    STATIC_REQUIRE(stochastic_add(1.0, 0x1p-53, {0, 0}) == 1.0 + 0x1p-52);
    STATIC_REQUIRE(stochastic_add(1.0, 0x1p-53, {std::uint64_t{1} << 63, 0}) == 1.0);
    STATIC_REQUIRE(stochastic_square_root(2.0F, {0, 0}) > stochastic_square_root(2.0F, {~std::uint64_t{0}, 0}));
    STATIC_REQUIRE(stochastic_divide(1.0F, 4.0F, {0, 0}) == 0.25F);
}
