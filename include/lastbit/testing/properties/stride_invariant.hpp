// SPDX-License-Identifier: BSL-1.0
#pragma once
// Property: the bits do not depend on the operands' strides.
//
// Leading dimensions, column-major operands, general strides, increments of vectors: those that the kernel accepts.

#include <lastbit/testing/shrink.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {
namespace detail {

/// A layout of the three operands, and what it is called.
struct named_layout {
    std::string name;
    std::array<operand_layout, 3> layout;
};

/// One operand, or all (3), laid out otherwise.
inline void add_layout(std::vector<named_layout>& list, std::size_t which, operand_layout const& other,
                       std::string const& name) {
    constexpr std::array names{"A", "B", "C", "all operands"};
    named_layout l{std::string(names[which]) + " " + name, {}};
    for (std::size_t operand = 0; operand < 3; ++operand)
        if (which == 3 || which == operand) l.layout[operand] = other;
    list.push_back(std::move(l));
}

/// Layouts to try; a kernel may accept few of them.
[[nodiscard]] inline std::vector<named_layout> some_layouts() {
    std::vector<named_layout> list;
    for (std::size_t which = 0; which < 4; ++which) {
        for (std::size_t const padding : {1U, 3U, 16U})
            add_layout(list, which, {.padding = padding},
                       "with a leading dimension " + std::to_string(padding) + " above the least");
        add_layout(list, which, {.column_major = true}, "column-major");
        add_layout(list, which, {.padding = 5, .column_major = true}, "column-major with a leading dimension");
        add_layout(list, which, {.increment = 2}, "with every second element");
    }
    named_layout inputs{"A and B column-major", {}};
    inputs.layout[0].column_major = inputs.layout[1].column_major = true;
    list.push_back(std::move(inputs));
    return list;
}

[[nodiscard]] inline property_result examine_stride_invariant(kernel_under_test const& kernel, std::uint64_t seed) {
    examination all("is_stride_invariant", kernel, seed);
    auto const layouts = some_layouts();
    auto const check = [&](kernel_trial const& t) -> std::optional<kernel_finding> {
        trial_outcome const base = all.session().run(t);
        if (base.violation) return base.violation;
        for (auto const& [name, layout] : layouts) {
            kernel_trial moved = t;
            moved.layout = layout;
            if (!all.session().accepts(moved)) continue;
            trial_outcome const other = all.session().run(moved);
            if (other.violation) return other.violation;
            auto found = first_difference(t, kernel.out, other.bits, base.bits, "stride_dependent",
                                          "has other bits with " + name);
            if (found) return found;
        }
        return std::nullopt;
    };
    kernel_accepts const& accepts = kernel.accepts;
    bool const matrices =
        accepts.row_strides || accepts.transposed_inputs || accepts.transposed_output || accepts.general_strides;
    bool const has_matrix = kernel.kind == kernel_kind::gemm || kernel.kind == kernel_kind::gemv;
    if (!accepts.vector_increments && !(matrices && has_matrix)) return all.not_applicable();
    for (std::size_t const k : {1U, 3U, 17U, 64U, 100U, 300U})
        for (std::size_t const m : {3U, 8U, 17U}) all.check(rounding_trial(kernel, m, m + 2, k, seed), check);
    return all.result();
}

}  // namespace detail

/// The same bits with leading dimensions above the least, column-major operands and general strides, as far as the
/// kernel accepts them; a kernel that accepts none has nothing to examine.
///
/// What lies between C's elements is looked at, too. Expected is the number of contiguous row-major operands. Faults:
/// "stride_dependent", "outside_written", or one of stays_in_bounds.
template <class T = void, class K>
    requires testable_kernel<K, T>
[[nodiscard]] property_result is_stride_invariant(K kernel, std::uint64_t seed = default_property_seed) {
    return detail::examine_stride_invariant(erase<T>(std::move(kernel)), seed);
}

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
