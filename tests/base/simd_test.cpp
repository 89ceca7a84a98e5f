// SPDX-License-Identifier: BSL-1.0
// Registered twice: with the preset's flags, and with -O3 -ffast-math. Each function on each lane against its scalar twin.
#include <lastbit/base/simd.hpp>

#include <lastbit/base/widen.hpp>

#include <lastbit/base/choose.hpp>
#include <lastbit/base/ulp.hpp>
#include <lastbit/oracle/real.hpp>
#include "base/guarded_memory.hpp"
#include "base/samples.hpp"

#include <array>
#include <vector>

using namespace lastbit;
using lastbit_tests::call_text;
using lastbit_tests::same;
using lastbit_tests::tally;

namespace {

template <class T>
using row = std::array<T, batch_width<T>>;

template <class T>
row<T> lanes_of(batch<T> const& x) {
    row<T> out;
    store(out.data(), x);
    return out;
}

/// Every pair of special values, then random ones, in rows as long as a register; the rest is filled with the first pair.
template <class T>
struct pairs {
    std::vector<T> a, b;

    pairs() {
        random_stream random(51);
        for (T const x : lastbit_tests::special_values<T>())
            for (T const y : lastbit_tests::special_values<T>()) push(x, y);
        for (std::size_t i = 0; i < lastbit_tests::trials(2000); ++i) {
            push(lastbit_tests::any_number<T>(random), lastbit_tests::any_number<T>(random));
            push(lastbit_tests::number_between<T>(random, -4, 4), lastbit_tests::number_between<T>(random, -4, 4));
        }
        while (a.size() % batch_width<T> != 0) push(a[0], b[0]);
    }
    void push(T x, T y) {
        a.push_back(x);
        b.push_back(y);
    }

    /// Calls on_batch(a, b) on registers and on_scalar(a, b) on their lanes, and compares.
    template <class OnBatch, class OnScalar>
    void check(char const* name, OnBatch on_batch, OnScalar on_scalar) const {
        tally law;
        for (std::size_t i = 0; i < a.size(); i += batch_width<T>) {
            auto const got = lanes_of<T>(on_batch(load(a.data() + i), load(b.data() + i)));
            for (std::size_t k = 0; k < got.size(); ++k) {
                T const x = a[i + k];
                T const y = b[i + k];
                law.expect(same<T>(got[k], on_scalar(x, y)), [=] { return call_text(name, x, y); });
            }
        }
        law.check();
    }
};

}  // namespace

TEMPLATE_TEST_CASE("batch arithmetic: each lane has the bits of the scalar", "[base][simd]", float, double) {
    using T = TestType;
    using V = batch<T>;
    pairs<T> const data;
    using oracle::real;
    data.check(
        "add", [](V a, V b) { return add<T>(a, b); }, [](T a, T b) { return (real(a) + real(b)).round<T>(); });
    data.check(
        "sub", [](V a, V b) { return sub<T>(a, b); }, [](T a, T b) { return (real(a) - real(b)).round<T>(); });
    data.check(
        "mul", [](V a, V b) { return mul<T>(a, b); }, [](T a, T b) { return (real(a) * real(b)).round<T>(); });
    data.check(
        "negate", [](V a, V) { return negate<T>(a); }, [](T a, T) { return negate(a); });
    data.check(
        "absolute", [](V a, V) { return absolute<T>(a); }, [](T a, T) { return absolute(a); });
    data.check(
        "opaque", [](V a, V) { return opaque<T>(a); }, [](T a, T) { return a; });
    data.check(
        "0 + b", [](V, V b) { return add<T>(opaque<T>(broadcast<T>(T{0})), b); },
        [](T, T b) { return (real(T{0}) + real(b)).round<T>(); });
    data.check(
        "ab + b", [](V a, V b) { return add<T>(mul<T>(a, b), b); },
        [](T a, T b) { return (real((real(a) * real(b)).round<T>()) + real(b)).round<T>(); });
    data.check(
        "(a + b) - a", [](V a, V b) { return sub<T>(add<T>(a, b), a); },
        [](T a, T b) { return (real((real(a) + real(b)).round<T>()) - real(a)).round<T>(); });
}

TEMPLATE_TEST_CASE("batch choices: each lane has the bits of the scalar", "[base][simd]", float, double) {
    using T = TestType;
    using V = batch<T>;
    pairs<T> const data;
    data.check(
        "zero_unless_finite", [](V a, V b) { return zero_unless_finite<T>(a, b); },
        [](T a, T b) { return zero_unless_finite(a, b); });
    data.check(
        "zero_unless_finite(a, a)", [](V a, V) { return zero_unless_finite<T>(a, a); },
        [](T a, T) { return zero_unless_finite(a, a); });
    // For a NaN either may come out, but nothing else.
    tally law;
    V const one = broadcast<T>(T{1});
    V const two = broadcast<T>(T{2});
    for (std::size_t i = 0; i < data.a.size(); i += batch_width<T>) {
        auto const got = lanes_of<T>(select_if_larger<T>(load(&data.a[i]), load(&data.b[i]), one, two));
        for (std::size_t k = 0; k < got.size(); ++k) {
            T const x = data.a[i + k];
            T const y = data.b[i + k];
            bool const unordered = is_nan(x) || is_nan(y);
            bool const right = unordered ? to_bits(got[k]) == to_bits(T{1}) || to_bits(got[k]) == to_bits(T{2})
                                         : to_bits(got[k]) == to_bits(select_if_larger(x, y, T{1}, T{2}));
            law.expect(right, [=] { return call_text("select_if_larger", x, y); });
        }
    }
    law.check();
}

TEMPLATE_TEST_CASE("all_below, all_at_least: one lane decides; a NaN is larger than every number", "[base][simd]",
                   float, double) {
    using T = TestType;
    tally law;
    for (T const limit : {T{8}, smallest_normal<T>(), largest<T>()}) {
        for (std::size_t k = 0; k < batch_width<T>; ++k) {
            for (T const x : lastbit_tests::special_values<T>()) {
                row<T> small, large;
                small.fill(negate(smallest_subnormal<T>()));
                large.fill(negate(infinity<T>()));
                small[k] = x;
                large[k] = x;
                bool const below = to_bits(absolute(x)) < to_bits(limit);
                law.expect(all_below<T>(load(small.data()), limit) == below,
                           [=] { return call_text("below", x, limit); });
                law.expect(all_at_least<T>(load(large.data()), limit) == !below,
                           [=] { return call_text("at least", x, limit); });
            }
        }
        row<T> exact;
        exact.fill(negate(limit));
        law.expect(all_at_least<T>(load(exact.data()), limit), [=] { return call_text("at least", limit); });
    }
    law.check();
}

TEMPLATE_TEST_CASE("first_lanes: count lanes of one, the others of the other", "[base][simd]", float, double) {
    using T = TestType;
    row<T> a, b;
    for (std::size_t k = 0; k < a.size(); ++k) {
        a[k] = static_cast<T>(k + 1);
        b[k] = k % 2 == 0 ? canonical_nan<T>() : negate(T{0});
    }
    for (std::size_t count = 0; count <= batch_width<T>; ++count) {
        auto const got = lanes_of<T>(first_lanes<T>(count, load(a.data()), load(b.data())));
        for (std::size_t k = 0; k < got.size(); ++k) CHECK(to_bits(got[k]) == to_bits(k < count ? a[k] : b[k]));
    }
}

TEMPLATE_TEST_CASE("lanes_down: lane i comes from lane i + distance, +0 moves in", "[base][simd]", float, double) {
    using T = TestType;
    row<T> a;
    for (std::size_t k = 0; k < a.size(); ++k) a[k] = static_cast<T>(k + 1);
    auto const check = [&a]<std::size_t Distance>(std::integral_constant<std::size_t, Distance>) {
        auto const got = lanes_of<T>(lanes_down<Distance, T>(load(a.data())));
        for (std::size_t k = 0; k < got.size(); ++k)
            CHECK(to_bits(got[k]) == (k + Distance < a.size() ? to_bits(a[k + Distance]) : 0));
    };
    check(std::integral_constant<std::size_t, 0>{});
    check(std::integral_constant<std::size_t, 1>{});
    check(std::integral_constant<std::size_t, batch_width<T> / 2>{});
    check(std::integral_constant<std::size_t, batch_width<T>>{});
}

TEMPLATE_TEST_CASE("load, store: any address, and nothing beside the lanes", "[base][simd]", float, double) {
    using T = TestType;
    constexpr std::size_t width = batch_width<T>;
    std::vector<T> x(3 * width);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<T>(i);
    for (std::size_t first = 0; first < 2 * width; ++first) {
        auto const got = lanes_of<T>(load(x.data() + first));
        for (std::size_t k = 0; k < width; ++k) CHECK(to_bits(got[k]) == to_bits(x[first + k]));
        std::vector<T> out(3 * width, T{-1});
        store(out.data() + first, load(x.data() + first));
        for (std::size_t i = 0; i < out.size(); ++i)
            CHECK(to_bits(out[i]) == to_bits(i >= first && i < first + width ? x[i] : T{-1}));
    }
    CHECK(to_bits(lanes_of<T>(broadcast<T>(negate(T{0})))[width - 1]) == to_bits(negate(T{0})));
}

TEST_CASE("loads: the last and the first lanes of a page, beside pages that nothing may touch", "[base][simd]") {
    lastbit_tests::guarded_memory const memory(4096);
    auto const check = [&memory]<class T>(T, auto load_lanes, std::size_t width) {
        std::vector<T> x(width);
        for (std::size_t i = 0; i < width; ++i) x[i] = T(static_cast<float>(i + 1));
        for (auto const view : {memory.at_start(x), memory.at_end(x)}) {
            auto const got = load_lanes(view.data());
            for (std::size_t i = 0; i < width; ++i) CHECK(static_cast<double>(got[i]) == static_cast<double>(i + 1));
        }
    };
    check(
        0.0F, [](float const* from) { return lanes_of<float>(load(from)); }, batch_width<float>);
    check(
        0.0, [](double const* from) { return lanes_of<double>(load(from)); }, batch_width<double>);
    check(
        0.0F, [](float const* from) { return lanes_of<double>(load_widened(from)); }, batch_width<double>);
    check(
        bfloat16{}, [](bfloat16 const* from) { return lanes_of<float>(load_widened(from)); }, batch_width<float>);
    check(
        float16{}, [](float16 const* from) { return lanes_of<float>(load_widened(from)); }, batch_width<float>);
}

TEST_CASE("load_widened: floats to doubles, exactly", "[base][simd]") {
    pairs<float> const data;
    tally law;
    for (std::size_t i = 0; i + batch_width<double> <= data.a.size(); i += batch_width<double>) {
        auto const got = lanes_of<double>(load_widened(&data.a[i]));
        for (std::size_t k = 0; k < got.size(); ++k) {
            float const x = data.a[i + k];
            law.expect(same(got[k], detail::convert<double>(x)), [x] { return call_text("load_widened", x); });
        }
    }
    law.check();
}

TEMPLATE_TEST_CASE("load_widened: every 16-bit pattern in every lane, exactly", "[base][simd]", bfloat16, float16) {
    using T = TestType;
    constexpr std::size_t width = batch_width<float>;
    std::vector<T> all(0x10000 + width);
    for (std::size_t bits = 0; bits < all.size(); ++bits) all[bits] = lastbit_tests::pattern<T>(bits);
    tally law;
    for (std::size_t first = 0; first < 0x10000; first += width - 1) {  // not a multiple: patterns change lanes
        auto const got = lanes_of<float>(load_widened(&all[first]));
        for (std::size_t k = 0; k < width; ++k)
            law.expect(same(got[k], detail::convert<float>(all[first + k])),
                       [&, k] { return std::to_string(to_bits(all[first + k])); });
    }
    law.check();
}

TEMPLATE_TEST_CASE("round_to: the scalar's rounding, at every boundary of the format", "[base][simd]", bfloat16,
                   float16) {
    using T = TestType;
    constexpr std::size_t width = batch_width<float>;
    // Each number of the format, each midpoint of two, and the floats next to both, up to beyond the infinity: bfloat16 numbers
    // are floats with 16 low bits 0; float16 numbers lie at multiples of 2^13 in the bits, or are subnormal.
    std::vector<float> x;
    for (unsigned bits = 0; bits < 0x8000U; ++bits) {
        T const number = lastbit_tests::pattern<T>(bits);
        if (!is_finite(number)) break;
        double const value = detail::convert<double>(number);
        double const half = detail::convert<double>(ulp(number)) / 2;
        for (double const at : {value, value + half}) {
            std::uint32_t const center = to_bits(detail::convert<float>(at));
            for (std::uint32_t const b : {center - 1, center, center + 1})
                x.push_back(from_bits<float>(b & 0x7FFFFFFFU));
        }
    }
    random_stream random(52);
    for (std::size_t i = 0; i < lastbit_tests::trials(20000); ++i)
        x.push_back(lastbit_tests::any_number<float>(random));
    for (float const special : lastbit_tests::special_values<float>()) x.push_back(special);
    while (x.size() % width != 0) x.push_back(0.0F);
    tally law;
    for (std::size_t i = 0; i < x.size(); i += width) {
        auto const got = lanes_of<float>(round_to<T>(load(&x[i])));
        auto const mirrored = lanes_of<float>(round_to<T>(negate<float>(load(&x[i]))));
        for (std::size_t k = 0; k < width; ++k) {
            float const expected = detail::convert<float>(detail::convert<T>(x[i + k]));
            law.expect(same(got[k], expected) && same(mirrored[k], negate(expected)),
                       [&, i, k] { return call_text("round_to", x[i + k], got[k]); });
        }
    }
    law.check();
}

TEMPLATE_TEST_CASE("all_same_bits, unsigned_zeros: each lane counts", "[base][simd]", float, double) {
    using T = TestType;
    using bits_type = typename format<T>::bits_type;
    constexpr std::size_t width = batch_width<T>;
    row<T> a{};
    for (std::size_t i = 0; i < width; ++i)
        a[i] = i % 3 == 0 ? canonical_nan<T>() : from_bits<T>(static_cast<bits_type>(i + 1));
    CHECK(all_same_bits<T>(load(a.data()), load(a.data())));
    for (std::size_t i = 0; i < width; ++i) {
        auto b = a;
        b[i] = from_bits<T>(detail::fields<T>::sign);
        CHECK_FALSE(all_same_bits<T>(load(a.data()), load(b.data())));
        auto const cleared = lanes_of<T>(unsigned_zeros<T>(load(b.data())));
        for (std::size_t j = 0; j < width; ++j) CHECK(to_bits(cleared[j]) == (i == j ? 0 : to_bits(b[j])));
        a[i] = T(0);
        CHECK_FALSE(all_same_bits<T>(load(a.data()), load(b.data())));  // 0 == -0, but not by bits
        a[i] = from_bits<T>(static_cast<bits_type>(i + 1));
    }
}
