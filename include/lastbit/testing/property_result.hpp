// SPDX-License-Identifier: BSL-1.0
#pragma once
// What the examination of a property comes to: held or not, and the smallest failure, for people and for programs.

#include <lastbit/base/environment.hpp>
#include <lastbit/testing/format_text.hpp>
#include <lastbit/testing/kernel.hpp>

#include <iosfwd>
#include <vector>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {

/// One failure of one property, without the kernel: what is wrong, where, and the two numbers that are to blame.
struct kernel_finding {
    std::string fault{};           ///< a word for programs: "order_dependent", "nan_swallowed"
    std::string what{};            ///< for people, without subject: "has other bits when the terms are reversed"
    std::size_t row = 0, col = 0;  ///< of the element of C
    bool has_numbers = false;      ///< the next two mean something
    double got = 0, expected = 0;  ///< numbers of the output format
};

/// Whether a property holds of a kernel; usable as a condition, and printed by test frameworks.
struct property_result {
    std::string name;        ///< of the property
    bool held = true;        ///< nothing against it was found
    bool applicable = true;  ///< false: there is nothing to examine, such as the strides of a sum
    kernel_kind kind = kernel_kind::gemm;
    number_format in = number_format::float32, out = number_format::float32;
    std::size_t m = 0, n = 0, k = 0;  ///< the smallest failing shape found
    kernel_finding finding;           ///< empty if the property held
    std::vector<double> a, b;         ///< the operands of that failure, row-major
    std::size_t calls = 0;            ///< of the kernel, shrinking included
    std::uint64_t seed = 0;

    [[nodiscard]] explicit operator bool() const noexcept { return held; }

    /// A short paragraph: what fails, at which shape and place, got and expected.
    [[nodiscard]] std::string text() const;

    template <class Char>
    friend std::basic_ostream<Char>& operator<<(std::basic_ostream<Char>& stream, property_result const& result) {
        return stream << result.text();
    }
};

namespace detail {

/// "; A = {1, 0.1}" for few numbers, else nothing.
[[nodiscard]] inline std::string operand_text(char const* operand, number_format format, std::vector<double> const& x) {
    if (x.empty() || x.size() > 8) return {};
    std::string text = std::string("; ").append(operand).append(" = {");
    for (std::size_t i = 0; i < x.size(); ++i) text.append(i == 0 ? "" : ", ").append(number_text(format, x[i]));
    return text.append("}");
}

}  // namespace detail

inline std::string property_result::text() const {
    environment::guard const guard;  // a subnormal number would print as 0 where it is flushed
    std::string s = name;
    if (!applicable) return s.append(": there is nothing to examine in this kernel");
    std::string const subject = std::string(testing::name(kind))
                                    .append(" ")
                                    .append(quantify::name(in))
                                    .append(" -> ")
                                    .append(quantify::name(out));
    if (held) return s.append(" holds of ").append(subject).append(", ").append(std::to_string(calls)).append(" calls");
    s.append(" does not hold of ").append(subject).append(" at ");
    if (kind == kernel_kind::gemm || kind == kernel_kind::gemv) s.append("m = ").append(std::to_string(m)).append(", ");
    if (kind == kernel_kind::gemm) s.append("n = ").append(std::to_string(n)).append(", ");
    s.append("k = ").append(std::to_string(k)).append(": ").append(finding.what);
    if (finding.has_numbers)
        s.append("; got ")
            .append(number_text(out, finding.got))
            .append(", expected ")
            .append(number_text(out, finding.expected));
    s.append(detail::operand_text("A", in, a)).append(detail::operand_text("B", in, b));
    return s.append(" [")
        .append(finding.fault)
        .append(", seed ")
        .append(std::to_string(seed))
        .append(", ")
        .append(std::to_string(calls))
        .append(" calls]");
}

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
