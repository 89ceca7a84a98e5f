// SPDX-License-Identifier: BSL-1.0
#include <lastbit/fold/accumulators/plain.hpp>

#include "../check_bits.hpp"
#include "../check_bound.hpp"

using namespace lastbit_tests;
using lastbit::bfloat16;
using lastbit::float16;
using lastbit::plain;

namespace {

template <class T>
std::vector<T> rounded_products(std::span<T const> x, std::span<T const> y) {
    std::vector<T> products;
    for (std::size_t i = 0; i < x.size(); ++i) products.push_back(transcription::arithmetic<T>::mul(x[i], y[i]));
    return products;
}

}  // namespace

TEMPLATE_TEST_CASE("plain: every order has the bits of its transcription", "[fold][plain]", float, double, bfloat16,
                   float16) {
    check_bits<plain, transcription::plain<TestType>, TestType, TestType>();
    check_default_order<plain, TestType>();
}

TEMPLATE_TEST_CASE("plain: in sequence it is the textbook's loop", "[fold][plain]", float, double, bfloat16, float16) {
    using T = TestType;
    check_published<T>([](auto const& x, auto const&) { return lastbit::sum<plain, lastbit::sequential>(x); },
                       [](auto x, auto) { return transcription::published::recursive_sum<T>(x); });
    check_published<T>([](auto const& x, auto const& y) { return lastbit::dot<plain, lastbit::sequential>(x, y); },
                       [](auto x, auto y) {
                           auto const products = rounded_products<T>(x, y);
                           return transcription::published::recursive_sum<T>(std::span<T const>(products));
                       });
}

TEMPLATE_TEST_CASE("plain: the error stays below the bound", "[fold][plain]", float, double, bfloat16, float16) {
    check_bounds<plain, TestType>(0.05);
}

TEST_CASE("plain: a partial sum that overflows stays infinite", "[fold][plain]") {
    double const big = lastbit::largest<double>();
    CHECK(lastbit::is_inf(lastbit::sum<plain, lastbit::sequential>(std::vector{big, big, -big, -big})));
    CHECK(lastbit::to_bits(lastbit::sum<plain, lastbit::sequential>(std::vector{big, -big, big, -big})) == 0);
}
