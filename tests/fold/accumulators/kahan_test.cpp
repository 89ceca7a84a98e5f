// SPDX-License-Identifier: BSL-1.0
#include <lastbit/fold/accumulators/kahan.hpp>

#include "../check_bits.hpp"
#include "../check_bound.hpp"

#include <algorithm>

using namespace lastbit_tests;
using lastbit::bfloat16;
using lastbit::float16;
using lastbit::kahan;

TEMPLATE_TEST_CASE("kahan: every order has the bits of its transcription", "[fold][kahan]", float, double, bfloat16,
                   float16) {
    check_bits<kahan, transcription::kahan<TestType>, TestType, TestType>();
    check_default_order<kahan, TestType>();
}

TEMPLATE_TEST_CASE("kahan: in sequence it is Kahan's algorithm of 1965", "[fold][kahan]", float, double, bfloat16,
                   float16) {
    using T = TestType;
    check_published<T>([](auto const& x, auto const&) { return lastbit::sum<kahan, lastbit::sequential>(x); },
                       [](auto x, auto) { return transcription::published::kahan_sum<T>(x); });
    check_published<T>([](auto const& x, auto const& y) { return lastbit::dot<kahan, lastbit::sequential>(x, y); },
                       [](auto x, auto y) {
                           std::vector<T> products;
                           for (std::size_t i = 0; i < x.size(); ++i)
                               products.push_back(transcription::arithmetic<T>::mul(x[i], y[i]));
                           return transcription::published::kahan_sum<T>(std::span<T const>(products));
                       });
}

TEMPLATE_TEST_CASE("kahan: the error stays below the bound", "[fold][kahan]", float, double, bfloat16, float16) {
    check_bounds<kahan, TestType>(0.1);
}

TEMPLATE_TEST_CASE("kahan: an infinity among finite terms is the sum", "[fold][kahan]", float, double, bfloat16,
                   float16) {
    using T = TestType;
    std::vector<T> const x{lastbit::infinity<T>(), T(1), T(1)};
    CHECK(lastbit::is_inf(lastbit::sum<kahan, lastbit::sequential>(x)));
    CHECK(lastbit::is_inf(lastbit::sum<kahan>(x)));
    CHECK(lastbit::is_inf(lastbit::sum<kahan, lastbit::pairwise<1>>(x)));
}

namespace {

/// A sum in order pairwise<1> over a complete tree, with its leaves.
struct tree {
    transcription::kahan<float> state;
    double exact = 0;  // the leaves are multiples of 2^-23 below 2: exact
    std::vector<float> leaves;

    [[nodiscard]] double loss() const {
        return (static_cast<double>(state.s) - static_cast<double>(state.c) - exact) / exact;
    }
};

/// 2^levels floats that lose much when they are merged: at each level those pairs of trees are kept that lose most.
std::vector<float> lossy_when_merged(int levels) {
    lastbit::random_stream chance(5);
    std::vector<tree> pool(300);
    for (tree& t : pool) {
        t.leaves = {1.0F + static_cast<float>(chance.below(1 << 14)) * 0x1p-23F};
        t.exact = static_cast<double>(t.leaves[0]);
        t.state.add(t.leaves[0]);
    }
    auto const loses_more = [](tree const& a, tree const& b) { return a.loss() > b.loss(); };
    for (int level = 0; level < levels; ++level) {
        std::vector<tree> next;
        for (int trial = 0; trial < 20000; ++trial) {
            tree const& a = pool[chance.below(pool.size())];
            tree const& b = pool[chance.below(pool.size())];
            tree both{a.state, a.exact + b.exact, {}};
            both.state.merge(b.state);
            if (next.size() == pool.size() && !loses_more(both, next.front())) continue;
            both.leaves = a.leaves;
            both.leaves.insert(both.leaves.end(), b.leaves.begin(), b.leaves.end());
            if (next.size() == pool.size()) {
                std::pop_heap(next.begin(), next.end(), loses_more);
                next.pop_back();
            }
            next.push_back(std::move(both));
            std::push_heap(next.begin(), next.end(), loses_more);
        }
        pool = std::move(next);
    }
    auto const error = [](tree const& t) { return (static_cast<double>(t.state.s) - t.exact) / t.exact; };
    return std::max_element(pool.begin(), pool.end(), [&](auto& a, auto& b) { return error(a) < error(b); })->leaves;
}

}  // namespace

TEST_CASE("kahan: merging loses more than 3 u, and less than the bound", "[fold][kahan]") {
    auto const x = lossy_when_merged(8);
    using method = lastbit::method<kahan, lastbit::pairwise<1>>;
    double exact = 0;
    for (float const term : x) exact += static_cast<double>(term);
    double const error = static_cast<double>(lastbit::sum<method>(x)) - exact;
    CHECK(error > 3.1 * lastbit::unit_roundoff<float> * exact);
    CHECK(error <= lastbit::error_bound<method, float>(x.size(), {exact, exact}));
}
