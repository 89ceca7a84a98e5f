// SPDX-License-Identifier: BSL-1.0
#include <lastbit/quantify/number_format.hpp>

#include <lastbit/base/random.hpp>
#include <lastbit/oracle/real.hpp>
#include "trials.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

using namespace lastbit;
using namespace lastbit::quantify;
using namespace lastbit_tests;

namespace {

constexpr number_format all_formats[] = {number_format::float64,     number_format::float32, number_format::float16,
                                         number_format::bfloat16,    number_format::tf32,    number_format::float8_e4m3,
                                         number_format::float8_e5m2, number_format::int8,    number_format::int32};

/// The value of a pattern, from the definition: sign, exponent field of e bits, fraction of f bits. No special ones.
double defined_value(unsigned bits, int exponent_bits, int fraction_bits) {
    unsigned const fraction = bits & ((1U << fraction_bits) - 1U);
    unsigned const field = bits >> fraction_bits & ((1U << exponent_bits) - 1U);
    bool const negative = (bits >> (fraction_bits + exponent_bits) & 1U) != 0;
    int const bias = (1 << (exponent_bits - 1)) - 1;
    double const y = field == 0
                         ? std::ldexp(fraction, 1 - bias - fraction_bits)
                         : std::ldexp(fraction + (1U << fraction_bits), static_cast<int>(field) - bias - fraction_bits);
    return negative ? -y : y;
}

struct layout {
    number_format format;
    int exponent_bits;
    int fraction_bits;
};
constexpr layout layouts[] = {{number_format::float16, 5, 10},
                              {number_format::bfloat16, 8, 7},
                              {number_format::float8_e4m3, 4, 3},
                              {number_format::float8_e5m2, 5, 2}};

/// Whether the format has no number for the pattern: the highest exponent, of e4m3 the last pattern alone.
bool is_special(layout const& f, unsigned bits) {
    unsigned const magnitude = bits & ((1U << (f.exponent_bits + f.fraction_bits)) - 1U);
    unsigned const all_ones = (1U << (f.exponent_bits + f.fraction_bits)) - 1U;
    if (f.format == number_format::float8_e4m3) return magnitude == all_ones;
    return magnitude >> f.fraction_bits == (1U << f.exponent_bits) - 1U;
}

double read_bits(number_format f, unsigned bits) {
    auto const wide = static_cast<std::uint16_t>(bits);
    auto const narrow = static_cast<std::uint8_t>(bits);
    return size_of(f) == 1 ? load(f, &narrow, 0) : load(f, &wide, 0);
}

unsigned stored_bits(number_format f, double x) {
    std::uint16_t wide = 0;
    std::uint8_t narrow = 0;
    if (size_of(f) == 1) store(f, &narrow, 0, x);
    else store(f, &wide, 0, x);
    return size_of(f) == 1 ? narrow : wide;
}

/// The finite numbers of a narrow format, in order.
std::vector<double> numbers_of(layout const& f) {
    std::vector<double> all;
    for (unsigned bits = 0; bits < 1U << (1 + f.exponent_bits + f.fraction_bits); ++bits)
        if (!is_special(f, bits)) all.push_back(defined_value(bits, f.exponent_bits, f.fraction_bits));
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());  // -0 and +0
    return all;
}

}  // namespace

TEST_CASE("load, store: every pattern of 8 and 16 bits, from the definition and back", "[quantify][number_format]") {
    for (layout const& f : layouts) {
        std::size_t wrong = 0;
        for (unsigned bits = 0; bits < 1U << (1 + f.exponent_bits + f.fraction_bits); ++bits) {
            double const x = read_bits(f.format, bits);
            if (is_special(f, bits)) {
                bool const infinite =
                    f.format != number_format::float8_e4m3 && (bits & ((1U << f.fraction_bits) - 1U)) == 0;
                if (infinite ? !lastbit::is_inf(x) : !lastbit::is_nan(x)) ++wrong;
                if (infinite && stored_bits(f.format, x) != bits) ++wrong;
                if (!infinite && !lastbit::is_nan(read_bits(f.format, stored_bits(f.format, x)))) ++wrong;
                continue;
            }
            if (to_bits(x) != to_bits(defined_value(bits, f.exponent_bits, f.fraction_bits))) ++wrong;
            if (stored_bits(f.format, x) != bits) ++wrong;
            if (to_bits(rounded(f.format, x)) != to_bits(x)) ++wrong;
        }
        CAPTURE(name(f.format));
        CHECK(wrong == 0);
    }
    std::size_t wrong = 0;
    for (int x = -128; x < 128; ++x) {
        auto const stored = static_cast<std::int8_t>(x);
        std::int8_t again = 0;
        store(number_format::int8, &again, 0, load(number_format::int8, &stored, 0));
        if (again != stored || load(number_format::int8, &stored, 0) != x) ++wrong;
    }
    CHECK(wrong == 0);
}

TEST_CASE("rounded: between each two neighbours the nearer, of the middle the even one", "[quantify][number_format]") {
    for (layout const& f : layouts) {
        std::vector<double> const all = numbers_of(f);
        std::size_t wrong = 0;
        for (std::size_t i = 0; i + 1 < all.size(); ++i) {
            double const middle = (all[i] + all[i + 1]) / 2;
            double const low = std::nextafter(middle, -INFINITY);
            double const high = std::nextafter(middle, INFINITY);
            bool const low_is_even = stored_bits(f.format, all[i]) % 2 == 0;
            if (rounded(f.format, low) != all[i]) ++wrong;
            if (rounded(f.format, high) != all[i + 1]) ++wrong;
            if (rounded(f.format, middle) != (low_is_even ? all[i] : all[i + 1])) ++wrong;
        }
        CAPTURE(name(f.format));
        CHECK(wrong == 0);
        CHECK(constants(f.format).largest == all.back());
        CHECK(smallest_step(f.format) == all[all.size() / 2 + 1]);
        double const step = all.back() - all[all.size() - 2];
        double const tie = all.back() + step / 2;  // to even: to what would come after the largest
        bool const even = stored_bits(f.format, all.back()) % 2 == 0;
        CHECK(rounded(f.format, std::nextafter(tie, 0.0)) == all.back());
        double const beyond = rounded(f.format, std::nextafter(tie, INFINITY));
        CHECK((constants(f.format).has_infinity ? lastbit::is_inf(beyond) : lastbit::is_nan(beyond)));
        if (even) CHECK(rounded(f.format, tie) == all.back());
        else CHECK(to_bits(rounded(f.format, tie)) == to_bits(beyond));
    }
}

TEST_CASE("rounded: float32, float16 and bfloat16 as the oracle rounds, at all exponents",
          "[quantify][number_format]") {
    random_stream random(31);
    std::size_t wrong = 0;
    for (std::size_t t = 0; t < trials(20000); ++t) {
        double const x = from_bits<double>(random.bits());
        if (!is_finite(x)) continue;
        int const shift = static_cast<int>(random.below(320)) - 170;
        double const y = std::ldexp(x, shift - std::ilogb(x));
        for (double const z : {x, y}) {
            oracle::real const exact(z);
            if (to_bits(rounded(number_format::float32, z)) !=
                to_bits(lastbit::detail::convert<double>(exact.round<float>())))
                ++wrong;
            if (to_bits(rounded(number_format::float16, z)) !=
                to_bits(lastbit::detail::convert<double>(exact.round<float16>())))
                ++wrong;
            if (to_bits(rounded(number_format::bfloat16, z)) !=
                to_bits(lastbit::detail::convert<double>(exact.round<bfloat16>())))
                ++wrong;
            if (to_bits(rounded(number_format::float64, z)) != to_bits(z)) ++wrong;
        }
    }
    CHECK(wrong == 0);
}

TEST_CASE("rounded: TF32 has the range of float and the precision of float16", "[quantify][number_format]") {
    random_stream random(32);
    std::size_t wrong = 0;
    for (std::size_t t = 0; t < trials(20000); ++t) {
        double const x = std::ldexp(1 + random.uniform(), static_cast<int>(random.below(20)) - 5);
        if (rounded(number_format::tf32, x) != rounded(number_format::float16, x) && x < 65504) ++wrong;
        if (rounded(number_format::tf32, std::ldexp(x, -100)) != std::ldexp(rounded(number_format::tf32, x), -100))
            ++wrong;
    }
    CHECK(wrong == 0);
    CHECK(rounded(number_format::tf32, 0x1p-136) == 0x1p-136);
    CHECK(rounded(number_format::tf32, 0x1p-137) == 0);
    CHECK(rounded(number_format::tf32, 0x1.8p-137) == 0x1p-136);
    CHECK(lastbit::is_inf(rounded(number_format::tf32, 0x1.ffep127)));
}

TEST_CASE("rounded: whole numbers saturate", "[quantify][number_format]") {
    for (double x = -300; x <= 300; x += 0.25) {
        double const y = std::nearbyint(x);
        CHECK(rounded(number_format::int8, x) == std::clamp(y, -128.0, 127.0));
    }
    CHECK(rounded(number_format::int32, 0x1p40) == 2147483647);
    CHECK(rounded(number_format::int32, -0x1p40) == -2147483648.0);
    CHECK(rounded(number_format::int32, -infinity<double>()) == -2147483648.0);
    CHECK(rounded(number_format::int8, canonical_nan<double>()) == 0);
}

TEST_CASE("ulp_of, unit_roundoff_of, names: of every format", "[quantify][number_format]") {
    for (number_format const f : all_formats) {
        CAPTURE(name(f));
        number_format_constants const c = constants(f);
        CHECK(rounded(f, c.largest) == c.largest);
        CHECK(ulp_of(f, 0.0) == smallest_step(f));
        CHECK(lastbit::is_inf(ulp_of(f, infinity<double>())));
        if (c.is_integer) {
            CHECK(ulp_of(f, c.largest) == 1);
            CHECK(unit_roundoff_of(f) == 0);
            continue;
        }
        CHECK(ulp_of(f, 1.0) == 2 * unit_roundoff_of(f));
        CHECK(ulp_of(f, 1.99) == ulp_of(f, 1.0));
        CHECK(ulp_of(f, -2.0) == 2 * ulp_of(f, 1.0));
        CHECK(rounded(f, 1 + ulp_of(f, 1.0)) == 1 + ulp_of(f, 1.0));
        if (f != number_format::float64) CHECK(rounded(f, 1 + unit_roundoff_of(f)) == 1);
        CHECK(to_bits(rounded(f, -0.0)) == to_bits(-0.0));
    }
    static_assert(number_format_of<float> == number_format::float32);
    static_assert(number_format_of<bfloat16 const> == number_format::bfloat16);
    static_assert(stored_number<std::int8_t> && !stored_number<long double> && !stored_number<char>);
}
