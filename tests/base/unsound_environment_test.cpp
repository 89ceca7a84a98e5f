// SPDX-License-Identifier: BSL-1.0
// Compiled and linked with -ffast-math: the start-up code then sets flush-to-zero and denormals-are-zero for the whole
// program, as any shared library linked so does to a program that loads it.
#include <lastbit/base/environment.hpp>
#include <lastbit/fold/dot.hpp>
#include <lastbit/fold/sum.hpp>

#include <catch2/catch.hpp>

#include <cfenv>
#include <vector>

using namespace lastbit;

namespace {

/// Sums and products that flushing or another rounding direction spoils, with their results, from integers.
template <class T>
void check_kernels() {
    std::vector<T> const subnormals{from_bits<T>(1), from_bits<T>(2), from_bits<T>(4)};
    CHECK(to_bits(sum<plain>(subnormals)) == 7);
    CHECK(to_bits(sum<kahan, sequential>(subnormals)) == 7);
    CHECK(to_bits(sum<compensated<2>>(subnormals)) == 7);
    std::vector<T> const half{T(0.5), T(0.5), T(0.5)};
    std::vector<T> const twice{from_bits<T>(2), from_bits<T>(4), from_bits<T>(8)};
    CHECK(to_bits(dot<plain>(half, twice)) == 7);
    CHECK(to_bits(dot<fused, sequential>(half, twice)) == 7);
    // 1 + u is a tie and goes to 1; 1 - u/2 too; both move if the direction is not to nearest.
    T const u = T(unit_roundoff<T>);
    T const half_u = T(unit_roundoff<T> / 2);
    CHECK(to_bits(sum<plain, sequential>(std::vector<T>{T(1.0), u})) == to_bits(T(1.0)));
    CHECK(to_bits(sum<plain, sequential>(std::vector<T>{T(1.0), negate(half_u)})) == to_bits(T(1.0)));
    // -0 survives, and infinities meet as NaN.
    CHECK(to_bits(sum<plain>(std::vector<T>{negate(T{}), negate(T{})})) == to_bits(negate(T{})));
    T const inf = infinity<T>();
    CHECK(to_bits(sum<plain>(std::vector<T>{inf, negate(inf)})) == to_bits(canonical_nan<T>()));
    CHECK(to_bits(sum<kahan>(std::vector<T>{inf, T(1.0), T(1.0)})) == to_bits(inf));
    CHECK(to_bits(sum<neumaier>(std::vector<T>{largest<T>(), largest<T>()})) == to_bits(inf));
    // 1, 4/u, 1, -4/u: the plain sum loses the ones, the compensated one does not.
    T const large = T(4 / unit_roundoff<T>);
    std::vector<T> const cancelling{T(1.0), large, T(1.0), negate(large)};
    CHECK(to_bits(sum<neumaier, sequential>(cancelling)) == to_bits(T(2.0)));
    CHECK(to_bits(sum<compensated<2>, sequential>(cancelling)) == to_bits(T(2.0)));
    CHECK(to_bits(sum<plain, sequential>(cancelling)) == to_bits(T(0.0)));
}

}  // namespace

TEST_CASE("is_sound: false in a program linked with -ffast-math", "[base][environment]") {
    CHECK_FALSE(environment::is_sound());
}

TEMPLATE_TEST_CASE("kernels: right in a program compiled and linked with -ffast-math", "[base][environment]", float,
                   double, bfloat16, float16) {
    check_kernels<TestType>();
    CHECK_FALSE(environment::is_sound());  // the program's choice is left alone
}

TEMPLATE_TEST_CASE("kernels: right in such a program under every rounding direction", "[base][environment]", float,
                   double, bfloat16, float16) {
    for (int const direction : {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO}) {
        std::fesetround(direction);
        check_kernels<TestType>();
        int const after = std::fegetround();
        std::fesetround(FE_TONEAREST);
        CHECK(after == direction);
    }
}
