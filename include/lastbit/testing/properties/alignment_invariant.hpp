// SPDX-License-Identifier: BSL-1.0
#pragma once
// Property: the bits do not depend on where the operands lie.
//
// Kernels that peel off the elements before an aligned address have it only if that does not change the order. Not
// having it is no defect.

#include <lastbit/testing/shrink.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {
namespace detail {

[[nodiscard]] inline property_result examine_alignment_invariant(kernel_under_test const& kernel, std::uint64_t seed) {
    examination all("is_alignment_invariant", kernel, seed);
    auto const check = [&](kernel_trial const& t) -> std::optional<kernel_finding> {
        trial_outcome const base = all.session().run(t);
        if (base.violation) return base.violation;
        constexpr std::array names{"A", "B", "C", "all operands"};
        for (std::size_t which = 0; which < 4; ++which) {
            if (which == 1 && t.kind == kernel_kind::sum) continue;
            std::size_t const size = quantify::size_of(which == 2 ? kernel.out : kernel.in);
            for (std::size_t offset = 1; offset < 64 / size; ++offset) {
                kernel_trial moved = t;
                for (std::size_t operand = 0; operand < 3; ++operand)
                    if (which == 3 || which == operand) moved.layout[operand].offset = offset;
                trial_outcome const other = all.session().run(moved);
                if (other.violation) return other.violation;
                auto found = first_difference(t, kernel.out, other.bits, base.bits, "alignment_dependent",
                                              std::string("has other bits where ") + names[which] + " lies " +
                                                  std::to_string(offset * size) + " bytes behind an aligned address");
                if (found) return found;
            }
        }
        return std::nullopt;
    };
    for (std::size_t const k : {3U, 8U, 17U, 40U, 100U, 300U}) all.check(rounding_trial(kernel, 3, 5, k, seed), check);
    return all.result();
}

}  // namespace detail

/// The same bits with A, B, C, and all of them at each offset of 0 to 63 bytes from an address divisible by 64, in
/// steps of an element.
///
/// Expected is the number at an aligned address. Fault: "alignment_dependent", or one of stays_in_bounds.
template <class T = void, class K>
    requires testable_kernel<K, T>
[[nodiscard]] property_result is_alignment_invariant(K kernel, std::uint64_t seed = default_property_seed) {
    return detail::examine_alignment_invariant(erase<T>(std::move(kernel)), seed);
}

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
