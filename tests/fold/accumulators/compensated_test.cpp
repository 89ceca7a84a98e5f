// SPDX-License-Identifier: BSL-1.0
#include <lastbit/fold/accumulators/compensated.hpp>

#include "../check_bits.hpp"
#include "../check_bound.hpp"

using namespace lastbit_tests;
using lastbit::bfloat16;
using lastbit::compensated;
using lastbit::float16;

TEMPLATE_TEST_CASE("compensated: every order has the bits of its transcription", "[fold][compensated]", float, double,
                   bfloat16, float16) {
    check_bits<compensated<2>, transcription::compensated<TestType, 2>, TestType, TestType>();
    check_bits<compensated<3>, transcription::compensated<TestType, 3>, TestType, TestType>();
    check_default_order<compensated<3>, TestType>();
}

TEMPLATE_TEST_CASE("compensated: for K = 4 and 5, too", "[fold][compensated]", float, double) {
    check_bits<compensated<4>, transcription::compensated<TestType, 4>, TestType, TestType>();
    check_bits<compensated<5>, transcription::compensated<TestType, 5>, TestType, TestType>();
}

namespace {

template <class T, std::size_t K>
void check_published_k() {
    using lastbit::sequential;
    check_published<T>(
        [](auto const& x, auto const&) { return lastbit::sum<compensated<K>, sequential>(x); },
        [](auto x, auto) { return transcription::published::sum_k(std::vector<T>(x.begin(), x.end()), K); });
    check_published<T>([](auto const& x, auto const& y) { return lastbit::dot<compensated<K>, sequential>(x, y); },
                       [](auto x, auto y) {
                           if constexpr (K == 2) return transcription::published::dot_2<T>(x, y);
                           else return transcription::published::dot_k<T>(x, y, K);
                       });
}

}  // namespace

TEMPLATE_TEST_CASE("compensated: in sequence it is SumK with its passes, Dot2 and DotK", "[fold][compensated]", float,
                   double) {
    check_published_k<TestType, 2>();
    check_published_k<TestType, 3>();
    check_published_k<TestType, 4>();
    check_published_k<TestType, 5>();
}

TEMPLATE_TEST_CASE("compensated<2>: sums are Sum2", "[fold][compensated]", float, double, bfloat16, float16) {
    using T = TestType;
    check_published<T>([](auto const& x, auto const&) { return lastbit::sum<compensated<2>, lastbit::sequential>(x); },
                       [](auto x, auto) { return transcription::published::sum_2<T>(x); });
}

TEMPLATE_TEST_CASE("compensated: the error stays below the bound", "[fold][compensated]", float, double, bfloat16,
                   float16) {
    check_bounds<compensated<2>, TestType>(0.1);
    check_bounds<compensated<3>, TestType>(0.1);
}

TEMPLATE_TEST_CASE("compensated: an infinity among finite terms is the sum", "[fold][compensated]", float, double,
                   bfloat16, float16) {
    using T = TestType;
    std::vector<T> const x{lastbit::infinity<T>(), T(1), T(1)};
    CHECK(lastbit::is_inf(lastbit::sum<compensated<2>, lastbit::sequential>(x)));
    CHECK(lastbit::is_inf(lastbit::sum<compensated<3>, lastbit::sequential>(x)));
    CHECK(lastbit::is_inf(lastbit::sum<compensated<3>>(x)));
    CHECK(lastbit::is_inf(lastbit::sum<compensated<4>, lastbit::pairwise<1>>(x)));
}
