// SPDX-License-Identifier: BSL-1.0
#include <lastbit/base/rounded_lanes.hpp>

#include <lastbit/base/convert.hpp>
#include <lastbit/base/random.hpp>

#include <catch2/catch.hpp>

#include <type_traits>

using namespace lastbit;

namespace {

/// A double a few ulps of double beside a number of R, or beside the middle of two, or any double at all.
template <class R>
double near_boundary(random_stream& random) {
    using bits_type = typename format<R>::bits_type;
    if (random.below(8) == 0) return from_bits<double>(random.bits());
    auto const bits = static_cast<bits_type>(random.bits());
    // Often about the ends of the normal numbers.
    R const x = from_bits<R>(random.below(4) != 0
                                 ? bits
                                 : static_cast<bits_type>((bits & detail::fields<R>::sign) |
                                                          (random.below(2) != 0 ? detail::fields<R>::exponent - 1
                                                                                : detail::fields<R>::fraction + 1)));
    std::uint64_t wide = to_bits(static_cast<double>(x));
    if constexpr (!std::same_as<R, double>)
        if (random.below(2) != 0)
            wide += std::uint64_t{1} << (detail::fields<double>::fraction_bits - detail::fields<R>::fraction_bits - 1);
    return from_bits<double>(wide + random.below(7) - 3);
}

template <class R>
R narrow(double x) {
    if constexpr (std::same_as<R, double>) return x;
    else return detail::convert<R>(x);
}

}  // namespace

TEMPLATE_TEST_CASE("round_both: certain where both ends round to one normal number, and that number", "", float, double,
                   bfloat16, float16) {
    using bits_type = typename format<TestType>::bits_type;
    constexpr std::size_t width = batch_width<double>;
    random_stream random(14, format<TestType>::precision);
    std::size_t wrong = 0, all = 0, certain = 0;
    environment::guard const guard;
    for (int trial = 0; trial < 40'000; ++trial) {
        std::array<double, width> down, up;
        for (std::size_t i = 0; i < width; ++i) {
            down[i] = near_boundary<TestType>(random);
            up[i] = random.below(8) == 0 ? near_boundary<TestType>(random)
                                         : from_bits<double>(to_bits(down[i]) + random.below(4));
            if (trial % 4 == 0) down[i] = up[i] = 1.0 + 0x1p-20 * static_cast<double>(i);
        }
        detail::rounded_lanes<TestType> lanes;
        detail::round_both(load(down.data()), load(up.data()), lanes);
        bool every = true;
        for (std::size_t i = 0; i < width; ++i) {
            bits_type const low = to_bits(narrow<TestType>(down[i]));
            bits_type const high = to_bits(narrow<TestType>(up[i]));
            bits_type const size = low & static_cast<bits_type>(~detail::fields<TestType>::sign);
            bool const normal = size > detail::fields<TestType>::fraction && size < detail::fields<TestType>::exponent;
            bool const one = lanes.doubt[i] == 0;
            wrong += one == (low == high && normal) && (!one || static_cast<bits_type>(lanes.bits[i]) == low) ? 0U : 1U;
            every = every && one;
            certain += one ? 1U : 0U;
        }
        wrong += lanes.all_certain() == every ? 0U : 1U;
        if (!every) continue;
        ++all;
        std::array<TestType, width> stored;
        lanes.store(stored.data());
        for (std::size_t i = 0; i < width; ++i)
            wrong += to_bits(stored[i]) == to_bits(narrow<TestType>(down[i])) ? 0U : 1U;
    }
    CHECK(wrong == 0);
    CHECK(all >= 10'000);
    CHECK(certain < 40'000 * width);
}
