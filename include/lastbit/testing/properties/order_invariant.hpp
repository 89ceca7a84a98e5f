// SPDX-License-Identifier: BSL-1.0
#pragma once
// Property: a sum's bits do not depend on the order of its terms.
//
// True of exact and correctly rounded kernels; false of every other that rounds. Not having it is no defect.

#include <lastbit/testing/shrink.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {
namespace detail {

/// The trial with its terms in another order: term p is the one that was order[p].
[[nodiscard]] inline kernel_trial reordered(kernel_trial t, std::vector<std::size_t> const& order) {
    kernel_trial const before = t;
    for (std::size_t p = 0; p < t.k; ++p) {
        for (std::size_t i = 0; i < t.m; ++i) t.a[i * t.k + p] = before.a[i * t.k + order[p]];
        if (t.b.empty()) continue;
        for (std::size_t j = 0; j < t.n; ++j) t.b[p * t.n + j] = before.b[order[p] * t.n + j];
    }
    return t;
}

/// Reversed, turned by one, and shuffled four times.
[[nodiscard]] inline std::vector<std::vector<std::size_t>> some_orders(std::size_t k, std::uint64_t seed) {
    std::vector<std::size_t> order(k);
    for (std::size_t p = 0; p < k; ++p) order[p] = k - 1 - p;
    std::vector<std::vector<std::size_t>> orders{order};
    for (std::size_t p = 0; p < k; ++p) order[p] = (p + 1) % k;
    orders.push_back(order);
    random_stream random(seed, k);
    for (int count = 0; count < 4; ++count) {
        for (std::size_t p = k; p > 1; --p) std::swap(order[p - 1], order[random.below(p)]);
        orders.push_back(order);
    }
    return orders;
}

[[nodiscard]] inline property_result examine_order_invariant(kernel_under_test const& kernel, std::uint64_t seed) {
    examination all("is_order_invariant", kernel, seed);
    auto const check = [&](kernel_trial const& t) -> std::optional<kernel_finding> {
        trial_outcome const base = all.session().run(t);
        if (base.violation) return base.violation;
        constexpr std::array names{"reversed", "turned by one", "shuffled"};
        auto const orders = some_orders(t.k, seed);
        for (std::size_t i = 0; i < orders.size(); ++i) {
            trial_outcome const other = all.session().run(reordered(t, orders[i]));
            if (other.violation) return other.violation;
            auto found = first_difference(
                t, kernel.out, other.bits, base.bits, "order_dependent",
                std::string("has other bits when the terms are ") + names[std::min<std::size_t>(i, 2)]);
            if (found) return found;
        }
        return std::nullopt;
    };
    for (std::size_t const k : {2U, 3U, 5U, 17U, 33U, 64U, 100U, 257U, 1000U})
        for (std::size_t const m : {1U, 3U, 9U})
            if (k <= 100 || m == 3) all.check(rounding_trial(kernel, m, m + 1, k, seed), check);
    return all.result();
}

}  // namespace detail

/// The same bits in every order of the terms: indices of x, or of A's columns and B's rows, exchanged.
///
/// The expected number of a failure is that of the order in which the operands are shown. Fault: "order_dependent", or
/// one of stays_in_bounds.
template <class T = void, class K>
    requires testable_kernel<K, T>
[[nodiscard]] property_result is_order_invariant(K kernel, std::uint64_t seed = default_property_seed) {
    return detail::examine_order_invariant(erase<T>(std::move(kernel)), seed);
}

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
