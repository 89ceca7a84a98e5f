// SPDX-License-Identifier: BSL-1.0
#include <lastbit/base/half_batch.hpp>

#include "base/samples.hpp"
#include <lastbit/base/choose.hpp>
#include <lastbit/oracle/real.hpp>

#include <array>

using namespace lastbit;
using lastbit_tests::tally;
using oracle::real;

namespace {

constexpr std::size_t width = batch_width<float>;

template <class T>
std::array<float, width> lanes_of(half_batch<T> const& x) {
    std::array<float, width> out;
    store(out.data(), x.lanes);
    return out;
}

/// on_batch(a, b) against on_scalar(a, b), lane by lane, on special and on random numbers of T.
template <class T, class OnBatch, class OnScalar>
void check(char const* name, OnBatch on_batch, OnScalar on_scalar) {
    std::vector<T> a, b;
    auto const push = [&](T x, T y) {
        a.push_back(x);
        b.push_back(y);
    };
    random_stream random(61);
    for (T const x : lastbit_tests::special_values<T>())
        for (T const y : lastbit_tests::special_values<T>()) push(x, y);
    for (std::size_t i = 0; i < lastbit_tests::trials(5000); ++i) {
        push(lastbit_tests::any_number<T>(random), lastbit_tests::any_number<T>(random));
        push(lastbit_tests::number_between<T>(random, -4, 4), lastbit_tests::number_between<T>(random, -4, 4));
    }
    while (a.size() % width != 0) push(T{}, T{});
    tally law;
    for (std::size_t i = 0; i < a.size(); i += width) {
        auto const got = lanes_of<T>(on_batch(half_batch<T>{load_widened(&a[i])}, half_batch<T>{load_widened(&b[i])}));
        for (std::size_t k = 0; k < width; ++k) {
            T const x = a[i + k];
            T const y = b[i + k];
            float const expected = detail::convert<float>(T(on_scalar(x, y)));
            law.expect(lastbit_tests::same(got[k], expected), [=] { return lastbit_tests::call_text(name, x, y); });
        }
    }
    law.check();
}

}  // namespace

TEMPLATE_TEST_CASE("half_batch: each lane is rounded to the 16-bit format, once", "[base][half_batch]", bfloat16,
                   float16) {
    using T = TestType;
    using V = half_batch<T>;
    check<T>(
        "add", [](V const& a, V const& b) { return add(a, b); },
        [](T a, T b) { return (real(a) + real(b)).round<T>(); });
    check<T>(
        "sub", [](V const& a, V const& b) { return sub(a, b); },
        [](T a, T b) { return (real(a) - real(b)).round<T>(); });
    check<T>(
        "mul", [](V const& a, V const& b) { return mul(a, b); },
        [](T a, T b) { return (real(a) * real(b)).round<T>(); });
    check<T>(
        "negate", [](V const& a, V const&) { return negate(a); }, [](T a, T) { return negate(a); });
    check<T>(
        "zero_unless_finite", [](V const& a, V const& b) { return zero_unless_finite(a, b); },
        [](T a, T b) { return zero_unless_finite(a, b); });
}

TEMPLATE_TEST_CASE("half_batch: choices and moves of lanes", "[base][half_batch]", bfloat16, float16) {
    using T = TestType;
    std::array<T, width> a, b;
    for (std::size_t k = 0; k < width; ++k) {
        a[k] = T(static_cast<float>(k + 1));
        b[k] = T(k % 2 == 0 ? -3.0F : 2.0F);
    }
    half_batch<T> const x{load_widened(a.data())};
    half_batch<T> const y{load_widened(b.data())};
    for (std::size_t count = 0; count <= width; ++count) {
        auto const got = lanes_of<T>(first_lanes(count, x, y));
        for (std::size_t k = 0; k < width; ++k) CHECK(got[k] == static_cast<float>(k < count ? a[k] : b[k]));
    }
    auto const larger = lanes_of<T>(select_if_larger(x, y, x, y));
    for (std::size_t k = 0; k < width; ++k)
        CHECK(larger[k] == static_cast<float>(select_if_larger(a[k], b[k], a[k], b[k])));
    auto const moved = lanes_of<T>(lanes_down<width / 2, T>(x));
    for (std::size_t k = 0; k < width; ++k)
        CHECK(moved[k] == (k < width / 2 ? static_cast<float>(a[k + width / 2]) : 0.0F));
}
