// SPDX-License-Identifier: BSL-1.0
#include <lastbit/base/tf32.hpp>

#include <lastbit/fold/method.hpp>
#include <lastbit/oracle/real.hpp>
#include <lastbit/quantify/number_format.hpp>
#include "base/samples.hpp"

#include <type_traits>

using namespace lastbit;
using lastbit_tests::tally;
using oracle::real;

static_assert(sizeof(tf32) == 4 && alignof(tf32) == 4 && std::is_trivially_copyable_v<tf32>);
static_assert(std::is_convertible_v<tf32, float> && !std::is_convertible_v<float, tf32>, "only widening is implicit");
static_assert(storage_format<tf32> && !binary_format<tf32> && !summable<tf32>, "no kernel takes it");
static_assert(tf32(1.5).bits() == 0x3FC00000 && static_cast<float>(tf32(-1.5F)) == -1.5F,
              "usable in constant expressions");
static_assert(tf32{}.bits() == 0);

namespace {

constexpr std::uint32_t step = 0x2000;  // from one number to the next, in bits
constexpr std::uint32_t sign = 0x80000000U;
constexpr std::uint32_t infinite = 0x7F800000U;

/// The nearest number's bits, of a finite float: the bits of a float of one binade are evenly spaced.
[[nodiscard]] std::uint32_t nearest(float x) {
    std::uint32_t const magnitude = to_bits(x) & ~sign;
    std::uint32_t const below = magnitude - magnitude % step;
    std::uint32_t const rest = magnitude % step;
    bool const up = rest > step / 2 || (rest == step / 2 && below / step % 2 == 1);
    return (to_bits(x) & sign) | (up ? below + step : below);
}

/// Whether y is nearest to x, a double in the range, by exact distances to y and its neighbours.
[[nodiscard]] bool is_nearest(double x, tf32 y) {
    std::uint32_t const magnitude = y.bits() & ~sign;
    if (magnitude % step != 0 || magnitude >= infinite || (y.bits() >= sign) != is_negative(x)) return false;
    auto const distance = [x](std::uint32_t bits) { return (real(absolute(x)) - real(from_bits<float>(bits))).abs(); };
    real const own = distance(magnitude);
    // Beyond the largest: as if the format went on.
    real const above =
        magnitude + step < infinite ? distance(magnitude + step) : (real(absolute(x)) - real(1).scaled(128)).abs();
    bool const odd = magnitude / step % 2 == 1;
    if (above < own || (above == own && odd)) return false;
    if (magnitude == 0) return true;
    real const below = distance(magnitude - step);
    return own < below || (own == below && !odd);
}

auto text_of(double x) {
    return [x] { return testing::number_text(x); };
}

}  // namespace

TEST_CASE("tf32: random floats go to the nearest number, ties to even; numbers come back", "[base][tf32]") {
    random_stream random(19);
    tally law;
    for (std::size_t i = 0; i < lastbit_tests::trials(100000); ++i) {
        std::uint64_t bits = random.bits();
        if (i % 4 == 0) bits = (bits & ~std::uint64_t{0x1FFF}) | (0xFFF + i / 4 % 3);  // a tie and its neighbours
        if (i % 16 == 1) bits &= 0x807FFFFFU;                                          // subnormal
        auto const x = from_bits<float>(static_cast<std::uint32_t>(bits));
        if (!is_finite(x)) continue;
        law.expect(tf32(x).bits() == nearest(x), text_of(static_cast<double>(x)));
        law.expect(tf32(detail::convert<double>(x)).bits() == nearest(x), text_of(static_cast<double>(x)));
        tf32 const truncated = tf32::from_bits(to_bits(x));
        law.expect(truncated.bits() == (to_bits(x) & ~(step - 1)), text_of(static_cast<double>(x)));
        law.expect(tf32(static_cast<float>(truncated)).bits() == truncated.bits() &&
                       tf32(static_cast<double>(truncated)).bits() == truncated.bits() &&
                       to_bits(static_cast<float>(truncated)) == truncated.bits(),
                   text_of(static_cast<double>(x)));
        tf32 stored;
        quantify::store(quantify::number_format_of<tf32>, &stored, 0, detail::convert<double>(x));
        law.expect(stored.bits() == tf32(x).bits(), text_of(static_cast<double>(x)));
    }
    law.check();
}

TEST_CASE("tf32: random doubles are rounded once", "[base][tf32]") {
    random_stream random(20);
    tally law;
    std::size_t double_rounding_matters = 0;
    for (std::size_t i = 0; i < lastbit_tests::trials(20000); ++i) {
        double x = lastbit_tests::number_between<double>(random, i % 4 == 0 ? -140 : -10, i % 4 == 0 ? -120 : 10);
        if (i % 2 == 0) {
            // Just above or below a midpoint, by less than a float can tell.
            std::uint64_t const bits = to_bits(x);
            std::uint64_t const half = std::uint64_t{1} << 41;
            x = from_bits<double>((bits & ~(2 * half - 1)) + half - 1 + 2 * (random.bits() % 2));
        }
        law.expect(is_nearest(x, tf32(x)), text_of(x));
        if (tf32(detail::convert<float>(x)).bits() != tf32(x).bits()) ++double_rounding_matters;
    }
    law.check();
    CHECK(double_rounding_matters > lastbit_tests::trials(20000) / 10);
}

TEST_CASE("tf32: the ends of the range, infinities, zeros and NaN", "[base][tf32]") {
    tally law;
    auto const expect = [&law](double x, std::uint32_t bits) {
        law.expect(tf32(x).bits() == bits && tf32(negate(x)).bits() == (bits | sign), text_of(x));
    };
    double const tie = 0x1.FFEp127;  // (2 - 2^-11) 2^127
    expect(0x1.FFCp127, infinite - step);
    expect(from_bits<double>(to_bits(tie) - 1), infinite - step);
    expect(tie, infinite);
    expect(0x1p128, infinite);
    expect(largest<double>(), infinite);
    expect(infinity<double>(), infinite);
    expect(0x1p-136, step);
    expect(0x1p-137, 0);
    expect(0x1.0000000000001p-137, step);
    expect(0x3p-137, 2 * step);
    expect(0x1p-126, 0x00800000U);
    expect(smallest_subnormal<double>(), 0);
    expect(0.0, 0);
    law.check();
    CHECK(tf32(largest<float>()).bits() == infinite);
    CHECK(tf32(infinity<float>()).bits() == infinite);
    CHECK(tf32(from_bits<float>(0xFF800001U)).bits() == 0xFFC00000U);
    CHECK(tf32(from_bits<double>(0x7FF0000000000001U)).bits() == 0x7FC00000U);
    CHECK(tf32::from_bits(0x7F800001U).bits() == 0x7FC00000U);
    CHECK(tf32::from_bits(0xFF800000U).bits() == 0xFF800000U);
    CHECK(tf32(0.0) == tf32(-0.0));
    CHECK(tf32(-1.0) < tf32(0.5));
    CHECK(tf32(2049).bits() == tf32(2048).bits());
}
