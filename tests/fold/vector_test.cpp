// SPDX-License-Identifier: BSL-1.0
#include <lastbit/fold/vector.hpp>

#include "families.hpp"

#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit_tests;

static_assert(detail::vector_width<float> == batch_width<float> &&
              detail::vector_width<bfloat16> == batch_width<float>);

namespace {

/// Numbers of T, loaded as registers of U, come out of the register as they are, NaN aside.
template <class U, class T>
void check_loads() {
    using V = detail::vector_t<U>;
    constexpr std::size_t width = detail::vector_width<U>;
    for (family const kind : {family::wide, family::subnormals, family::infinities, family::zeros}) {
        auto const x = make_data<T>(kind, width, 11).x;
        auto const all = detail::lanes_of<U>(detail::loader<V>::load(x.data()));
        for (std::size_t i = 0; i < width; ++i) CHECK(to_bits(all[i]) == to_bits(static_cast<U>(x[i])));
        for (std::size_t count = 0; count < width; ++count) {
            auto const some = detail::lanes_of<U>(detail::load_first<V>(x.data(), count));
            for (std::size_t i = 0; i < width; ++i)
                CHECK(to_bits(some[i]) == (i < count ? to_bits(static_cast<U>(x[i])) : 0));
        }
        auto const one = detail::lanes_of<U>(detail::loader<V>::broadcast(static_cast<U>(x[0])));
        for (U const lane : one) CHECK(to_bits(lane) == to_bits(static_cast<U>(x[0])));
    }
}

template <class U>
void check_start() {
    auto const words = detail::neutral_words<detail::vector_t<U>, 3>();
    for (std::size_t k = 0; k < 3; ++k)
        for (U const lane : detail::lanes_of<U>(words[k]))
            CHECK(to_bits(lane) == to_bits(k == 0 ? negate(U(0)) : U(0)));
}

}  // namespace

TEST_CASE("loader: a register holds the numbers from memory, widened exactly", "[fold][vector]") {
    check_loads<float, float>();
    check_loads<double, double>();
    check_loads<bfloat16, bfloat16>();
    check_loads<float16, float16>();
    check_loads<double, float>();
    check_loads<float, bfloat16>();
    check_loads<float, float16>();
    check_loads<double, bfloat16>();
    check_loads<double, float16>();
}

TEST_CASE("neutral_words: -0, then +0", "[fold][vector]") {
    check_start<float>();
    check_start<double>();
    check_start<bfloat16>();
    check_start<float16>();
}
