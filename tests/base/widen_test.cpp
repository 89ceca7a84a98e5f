// SPDX-License-Identifier: BSL-1.0
#include <lastbit/base/widen.hpp>

#include <lastbit/base/environment.hpp>
#include <lastbit/base/random.hpp>

#include <catch2/catch.hpp>

using namespace lastbit;

namespace {

/// The same number: NaN for NaN, quiet or not.
template <class Wide, class T>
bool same(Wide got, T x) {
    if (is_nan(x)) return is_nan(got);
    return to_bits(got) == to_bits(static_cast<Wide>(x));
}

}  // namespace

TEMPLATE_TEST_CASE("every number of a 16-bit format is widened exactly, in whatever lane", "", bfloat16, float16) {
    constexpr std::size_t floats = batch_width<float>;
    constexpr std::size_t doubles = batch_width<double>;
    std::size_t wrong = 0;
    environment::guard const guard;
    for (std::uint32_t first = 0; first < 0x10000; first += floats) {
        std::array<TestType, floats> x;
        for (std::size_t i = 0; i < floats; ++i) x[i] = from_bits<TestType>(static_cast<std::uint16_t>(first + i));
        std::array<float, floats> as_float;
        store(as_float.data(), load_widened(x.data()));
        std::array<double, floats> as_double;
        for (std::size_t i = 0; i < floats; i += doubles) store(as_double.data() + i, load_as_double(x.data() + i));
        for (std::size_t i = 0; i < floats; ++i)
            wrong += same(as_float[i], x[i]) && same(as_double[i], x[i]) ? 0U : 1U;
    }
    CHECK(wrong == 0);
}

TEST_CASE("floats are widened exactly, from memory and from a register") {
    constexpr std::size_t floats = batch_width<float>;
    constexpr std::size_t doubles = batch_width<double>;
    random_stream random(1, 1);
    environment::guard const guard;
    for (int trial = 0; trial < 2000; ++trial) {
        std::array<float, floats> x;
        for (float& v : x) v = from_bits<float>(static_cast<std::uint32_t>(random.bits()));
        std::array<double, floats> loaded, split;
        for (std::size_t i = 0; i < floats; i += doubles) store(loaded.data() + i, load_widened(x.data() + i));
        auto const halves = widen(load(x.data()));
        for (std::size_t i = 0; i < 2; ++i) store(split.data() + i * doubles, halves[i]);
        for (std::size_t i = 0; i < floats; ++i) {
            REQUIRE(same(loaded[i], x[i]));
            REQUIRE(same(split[i], x[i]));
        }
    }
}
