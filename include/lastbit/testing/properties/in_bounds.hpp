// SPDX-License-Identifier: BSL-1.0
#pragma once
// Property: nothing but the operands is read, nothing but C's elements is written.
//
// Operands lie beside pages that nothing may touch, once before them and once behind (memory_trap.hpp), with canaries
// on the other side. A read of what lies between the rows of an operand is not seen, unless it is used: it is NaN.

#include <lastbit/testing/properties/edges.hpp>
#include <lastbit/testing/shrink.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {
namespace detail {

[[nodiscard]] inline property_result examine_stays_in_bounds(kernel_under_test const& kernel, std::uint64_t seed) {
    examination all("stays_in_bounds", kernel, seed);
    auto const check = [&](kernel_trial const& t) -> std::optional<kernel_finding> {
        return all.session().run(t).violation;
    };
    for (auto const& [m, n, k] : edge_shapes(kernel.kind, seed)) {
        kernel_trial const t = whole_trial(kernel, m, n, k, seed);
        for (placement const place : {placement::at_end, placement::at_start})
            for (int variant = 0; variant < 4; ++variant) {
                kernel_trial placed = t;
                for (auto& l : placed.layout) {
                    l.place = place;
                    if (variant == 1) l.padding = 3;
                    if (variant == 2) l.column_major = true;
                    if (variant == 3) l.increment = 2;
                }
                if (all.session().accepts(placed)) all.check(placed, check);
            }
    }
    return all.result();
}

}  // namespace detail

/// Nothing is read or written before or after an operand, nothing between C's elements or into A and B is written, for
/// the shapes of handles_edges and the strides that the kernel accepts.
///
/// On systems without POSIX's memory protection only writes are seen. Faults: "read_after_end", "read_before_start",
/// "write_after_end", "write_before_start", "outside_written", "input_written", "crash" (memory that is nobody's); the
/// text says of which operand, and how far from it. Requires: no other thread of the program runs into its own faults.
template <class T = void, class K>
    requires testable_kernel<K, T>
[[nodiscard]] property_result stays_in_bounds(K kernel, std::uint64_t seed = default_property_seed) {
    return detail::examine_stays_in_bounds(erase<T>(std::move(kernel)), seed);
}

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
