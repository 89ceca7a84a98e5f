// SPDX-License-Identifier: BSL-1.0
#include <lastbit/fold/accumulators/neumaier.hpp>

#include "../check_bits.hpp"
#include "../check_bound.hpp"

using namespace lastbit_tests;
using lastbit::bfloat16;
using lastbit::float16;
using lastbit::neumaier;

namespace {

template <class T>
std::vector<T> rounded_products(std::span<T const> x, std::span<T const> y) {
    std::vector<T> products;
    for (std::size_t i = 0; i < x.size(); ++i) products.push_back(transcription::arithmetic<T>::mul(x[i], y[i]));
    return products;
}

}  // namespace

TEMPLATE_TEST_CASE("neumaier: every order has the bits of its transcription", "[fold][neumaier]", float, double,
                   bfloat16, float16) {
    check_bits<neumaier, transcription::neumaier<TestType>, TestType, TestType>();
    check_default_order<neumaier, TestType>();
}

TEMPLATE_TEST_CASE("neumaier: in sequence it is Neumaier's algorithm IV", "[fold][neumaier]", float, double, bfloat16,
                   float16) {
    using T = TestType;
    check_published<T>([](auto const& x, auto const&) { return lastbit::sum<neumaier, lastbit::sequential>(x); },
                       [](auto x, auto) { return transcription::published::neumaier_sum<T>(x); });
    check_published<T>([](auto const& x, auto const& y) { return lastbit::dot<neumaier, lastbit::sequential>(x, y); },
                       [](auto x, auto y) {
                           auto const products = rounded_products<T>(x, y);
                           return transcription::published::neumaier_sum<T>(std::span<T const>(products));
                       });
}

TEMPLATE_TEST_CASE("neumaier: the error stays below the bound", "[fold][neumaier]", float, double, bfloat16, float16) {
    check_bounds<neumaier, TestType>(0.1);
}

TEMPLATE_TEST_CASE("neumaier: an infinity among finite terms is the sum", "[fold][neumaier]", float, double, bfloat16,
                   float16) {
    using T = TestType;
    std::vector<T> const x{lastbit::infinity<T>(), T(1), T(1)};
    CHECK(lastbit::is_inf(lastbit::sum<neumaier, lastbit::sequential>(x)));
    CHECK(lastbit::is_inf(lastbit::sum<neumaier>(x)));
    CHECK(lastbit::is_inf(lastbit::sum<neumaier, lastbit::pairwise<1>>(x)));
}

TEST_CASE("neumaier: what the plain sum loses is kept", "[fold][neumaier]") {
    std::vector const x{1.0, 1e100, 1.0, -1e100};
    CHECK(lastbit::sum<neumaier, lastbit::sequential>(x) == 2.0);
    CHECK(lastbit::sum<lastbit::plain, lastbit::sequential>(x) == 0.0);
}
