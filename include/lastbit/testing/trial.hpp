// SPDX-License-Identifier: BSL-1.0
#pragma once
// One call of a kernel as data: shape, operands and their places in memory; and what comes out of it.

#include <lastbit/base/random.hpp>
#include <lastbit/testing/guarded_buffer.hpp>
#include <lastbit/testing/property_result.hpp>

#include <algorithm>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {

/// How an operand lies in memory. A vector has an increment and nothing else of the first three.
struct operand_layout {
    std::size_t padding = 0;  ///< leading dimension less the shortest one
    bool column_major = false;
    std::size_t increment = 1;  ///< of neighbours, in elements
    std::size_t offset = 0;     ///< in elements, from an address divisible by the size of a page
    placement place = placement::at_start;

    [[nodiscard]] friend bool operator==(operand_layout const&, operand_layout const&) = default;
};

/// C = alpha A B + beta C of a kernel's kind. Numbers are doubles that the format holds exactly.
struct kernel_trial {
    kernel_kind kind = kernel_kind::gemm;
    std::size_t m = 1, n = 1, k = 0;
    std::vector<double> a;  ///< [m x k], row-major
    std::vector<double> b;  ///< [k x n], row-major; empty for a sum
    std::vector<double> c;  ///< [m x n] before the call; empty: a NaN (77 in formats of whole numbers)
    double alpha = 1, beta = 0;
    std::array<operand_layout, 3> layout{};  ///< of A, B, C
};

/// What a call left: the elements of C, row-major, as bits of their format; and what it did that it must not.
struct trial_outcome {
    std::vector<std::uint64_t> bits;
    std::optional<kernel_finding> violation;
};

namespace detail {

/// The value of the bits of a format.
[[nodiscard]] inline double value_of(number_format format, std::uint64_t bits) noexcept {
    std::array<std::byte, 8> bytes{};
    std::size_t const size = quantify::size_of(format);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>((bits >> (8 * i)) & 0xFF);
    std::array<std::byte, 8> stored = bytes;
    if constexpr (std::endian::native == std::endian::big)
        for (std::size_t i = 0; i < size; ++i) stored[i] = bytes[size - 1 - i];
    return quantify::load(format, stored.data(), 0);
}

/// Number `index` of an array as bits.
[[nodiscard]] inline std::uint64_t bits_at(number_format format, void const* base, std::ptrdiff_t index) noexcept {
    switch (quantify::size_of(format)) {
        case 1:
            return quantify::detail::read<std::uint8_t>(base, index);
        case 2:
            return quantify::detail::read<std::uint16_t>(base, index);
        case 4:
            return quantify::detail::read<std::uint32_t>(base, index);
        default:
            return quantify::detail::read<std::uint64_t>(base, index);
    }
}

/// The same bits, or two NaNs.
[[nodiscard]] inline bool same_result(number_format format, std::uint64_t x, std::uint64_t y) noexcept {
    return x == y || (is_nan(value_of(format, x)) && is_nan(value_of(format, y)));
}

/// Rows and columns of A, B or C (0, 1, 2).
[[nodiscard]] inline std::array<std::size_t, 2> shape_of(kernel_trial const& t, std::size_t operand) noexcept {
    if (operand == 0) return {t.m, t.k};
    if (operand == 1) return {t.k, t.n};
    return {t.m, t.n};
}

/// Whether the operand is a vector to its kernel: has an increment and no leading dimension.
[[nodiscard]] constexpr bool is_vector(kernel_kind kind, std::size_t operand) noexcept {
    return kind != kernel_kind::gemm && !(kind == kernel_kind::gemv && operand == 0);
}

/// The matrix without data: shape and strides of an operand.
template <class Pointer>
[[nodiscard]] basic_raw_matrix<Pointer> described(kernel_trial const& t, std::size_t operand) noexcept {
    auto const [rows, cols] = shape_of(t, operand);
    operand_layout const& l = t.layout[operand];
    auto const step = static_cast<std::ptrdiff_t>(l.increment);
    if (is_vector(t.kind, operand)) {
        if (operand == 0) return {nullptr, rows, cols, static_cast<std::ptrdiff_t>(cols) * step, step};
        return {nullptr, rows, cols, step, 1};
    }
    std::size_t const shorter = l.column_major ? rows : cols;
    auto const leading = static_cast<std::ptrdiff_t>(std::max<std::size_t>(shorter, 1) + l.padding) * step;
    if (l.column_major) return {nullptr, rows, cols, step, leading};
    return {nullptr, rows, cols, leading, step};
}

/// Elements from the first to the last of a matrix, both counted.
template <class Pointer>
[[nodiscard]] std::size_t extent(basic_raw_matrix<Pointer> const& x) noexcept {
    if (x.rows == 0 || x.cols == 0) return 0;
    return (x.rows - 1) * static_cast<std::size_t>(x.row_stride) +
           (x.cols - 1) * static_cast<std::size_t>(x.col_stride) + 1;
}

/// The place of element (i, j) in the array.
template <class Pointer>
[[nodiscard]] std::ptrdiff_t place_of(basic_raw_matrix<Pointer> const& x, std::size_t i, std::size_t j) noexcept {
    return static_cast<std::ptrdiff_t>(i) * x.row_stride + static_cast<std::ptrdiff_t>(j) * x.col_stride;
}

}  // namespace detail

/// A kernel with memory to call it in. One thread at a time; other threads have sessions of their own.
class kernel_session {
public:
    explicit kernel_session(kernel_under_test const& kernel) : kernel_(&kernel) {}

    [[nodiscard]] kernel_under_test const& kernel() const noexcept { return *kernel_; }

    /// Calls made.
    [[nodiscard]] std::size_t calls() const noexcept { return calls_; }

    /// Whether the kernel accepts the layouts and factors of a trial.
    [[nodiscard]] bool accepts(kernel_trial const& t) const {
        return refusal(*kernel_, {detail::described<void const*>(t, 0), detail::described<void const*>(t, 1),
                                  detail::described<void*>(t, 2), t.alpha, t.beta})
            .empty();
    }

    /// Makes the call. Requires: accepts(t).
    [[nodiscard]] trial_outcome run(kernel_trial const& t) {
        ++calls_;
        kernel_call call{detail::described<void const*>(t, 0), detail::described<void const*>(t, 1),
                         detail::described<void*>(t, 2), t.alpha, t.beta};
        call.a.data = filled(t, 0, call.a, t.a);
        if (t.kind != kernel_kind::sum) call.b.data = filled(t, 1, call.b, t.b);
        call.c.data = filled(t, 2, call.c, t.c);
        before_[0] = copy_of(0);
        before_[1] = copy_of(1);
        void* nowhere = nullptr;
        trial_outcome outcome;
        if (!trap_.call([&] { invoke(*kernel_, call); }, nowhere)) {
            outcome.violation = kernel_finding{
                .fault = "crash", .what = "touches memory that is nobody's (address " + hexadecimal(nowhere) + ")"};
        }
        outcome.bits.reserve(t.m * t.n);
        for (std::size_t i = 0; i < t.m; ++i)
            for (std::size_t j = 0; j < t.n; ++j)
                outcome.bits.push_back(detail::bits_at(kernel_->out, call.c.data, detail::place_of(call.c, i, j)));
        if (!outcome.violation) outcome.violation = violation(t, call.c);
        return outcome;
    }

private:
    [[nodiscard]] number_format format_of(std::size_t operand) const noexcept {
        return operand == 2 ? kernel_->out : kernel_->in;
    }

    [[nodiscard]] static std::string hexadecimal(void const* address) {
        return "0x" + detail::characters(reinterpret_cast<std::uintptr_t>(address), 16);
    }

    /// Places an operand and writes its numbers, if there are any.
    template <class Pointer>
    [[nodiscard]] std::byte* filled(kernel_trial const& t, std::size_t operand, basic_raw_matrix<Pointer> const& x,
                                    std::vector<double> const& numbers) {
        number_format const format = format_of(operand);
        std::size_t const size = quantify::size_of(format), bytes = detail::extent(x) * size;
        operand_layout const& l = t.layout[operand];
        auto& buffer = buffers_[operand];
        std::size_t const needed = bytes + l.offset * size;
        // A new buffer for much smaller operands, too: all of it is written and looked at in each call.
        if (!buffer || buffer->capacity() < needed || buffer->capacity() > 4 * needed + (std::size_t{1} << 16))
            buffer.emplace(needed);
        std::byte* const base = buffer->place(bytes, l.place, l.offset * size);
        placed_[operand] = {base, bytes};
        bool const whole_numbers = quantify::constants(format).is_integer;
        if (numbers.empty() && !whole_numbers) return base;  // canaries are NaN
        for (std::size_t i = 0; i < x.rows; ++i)
            for (std::size_t j = 0; j < x.cols; ++j)
                quantify::store(format, base, detail::place_of(x, i, j),
                                numbers.empty() ? 77.0 : numbers[i * x.cols + j]);
        return base;
    }

    [[nodiscard]] std::vector<std::byte> copy_of(std::size_t operand) const {
        auto const [base, bytes] = placed_[operand];
        return {base, base + bytes};
    }

    /// What the call did outside C's elements.
    [[nodiscard]] std::optional<kernel_finding> violation(kernel_trial const& t, raw_output const& c) const {
        constexpr std::array names{"A", "B", "C"};
        for (std::size_t operand = 3; operand-- > 0;) {
            if (!buffers_[operand]) continue;
            if (auto const fault = buffers_[operand]->fault())
                return described(*fault, names[operand], quantify::size_of(format_of(operand)));
        }
        for (std::size_t operand = 0; operand < 2; ++operand)
            if (copy_of(operand) != before_[operand])
                return kernel_finding{.fault = "input_written", .what = std::string("writes to ") + names[operand]};
        return gap_written(t, c);
    }

    [[nodiscard]] static kernel_finding described(memory_fault const& fault, char const* operand, std::size_t size) {
        std::size_t const elements = (fault.distance + size - 1) / size;
        std::string const side = fault.before ? "before its start" : "after its end";
        kernel_finding f;
        f.fault = std::string(fault.write ? "write_" : "read_") + (fault.before ? "before_start" : "after_end");
        f.what = std::string(fault.write ? "writes to " : "reads ") + operand + " " + side + ": byte " +
                 std::to_string(fault.distance) + " (element " + std::to_string(elements) + ") " +
                 (fault.before ? "before the first" : "after the last");
        return f;
    }

    /// A byte of C's memory between its elements that is no canary any more.
    [[nodiscard]] std::optional<kernel_finding> gap_written(kernel_trial const& t, raw_output const& c) const {
        auto const [base, bytes] = placed_[2];
        std::size_t const size = quantify::size_of(kernel_->out);
        if (bytes == t.m * t.n * size) return std::nullopt;
        std::vector<bool> element(bytes / size, false);
        for (std::size_t i = 0; i < t.m; ++i)
            for (std::size_t j = 0; j < t.n; ++j) element[static_cast<std::size_t>(detail::place_of(c, i, j))] = true;
        for (std::size_t place = 0; place < element.size(); ++place) {
            if (element[place]) continue;
            for (std::size_t i = 0; i < size; ++i)
                if (base[place * size + i] != guarded_buffer::canary)
                    return kernel_finding{.fault = "outside_written",
                                          .what = "writes between the elements of C, at place " +
                                                  std::to_string(place) + " of its memory"};
        }
        return std::nullopt;
    }

    struct placed_operand {
        std::byte* base = nullptr;
        std::size_t bytes = 0;
    };

    kernel_under_test const* kernel_;
    memory_trap trap_;
    std::array<std::optional<guarded_buffer>, 3> buffers_;
    std::array<placed_operand, 3> placed_{};
    std::array<std::vector<std::byte>, 2> before_;
    std::size_t calls_ = 0;
};

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
