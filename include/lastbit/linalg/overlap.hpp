// SPDX-License-Identifier: BSL-1.0
#pragma once
// Do two strided matrices share memory? Kernels refuse an output that overlaps an input.

#include <lastbit/base/matrix_view.hpp>

#include <cstdint>
#include <utility>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// count elements of `size` bytes, the first at the lowest address, `step` >= 0 bytes from one to the next.
struct byte_progression {
    std::intptr_t first;
    std::intptr_t step;
    std::size_t count;
    std::intptr_t size;

    [[nodiscard]] std::intptr_t at(std::size_t i) const noexcept {
        return first + static_cast<std::intptr_t>(i) * step;
    }
    [[nodiscard]] std::intptr_t end() const noexcept { return at(count - 1) + size; }
};

/// Walks both from below: O(count + count).
[[nodiscard]] inline bool share_bytes(byte_progression const& a, byte_progression const& b) noexcept {
    if (a.end() <= b.first || b.end() <= a.first) return false;
    for (std::size_t i = 0, j = 0; i < a.count && j < b.count;) {
        if (a.at(i) + a.size <= b.at(j)) ++i;
        else if (b.at(j) + b.size <= a.at(i)) ++j;
        else return true;
    }
    return false;
}

template <class T>
[[nodiscard]] byte_progression row_bytes(matrix_view<T> const& m, std::size_t i) noexcept {
    constexpr auto size = static_cast<std::intptr_t>(sizeof(T));
    auto const origin =
        reinterpret_cast<std::intptr_t>(m.data()) + static_cast<std::intptr_t>(i) * m.row_stride() * size;
    std::intptr_t const step = m.col_stride() * size;
    if (step >= 0) return {origin, step, m.cols(), size};
    return {origin + static_cast<std::intptr_t>(m.cols() - 1) * step, -step, m.cols(), size};
}

/// The bytes between a matrix's lowest and highest address.
template <class T>
[[nodiscard]] std::pair<std::intptr_t, std::intptr_t> byte_extent(matrix_view<T> const& m) noexcept {
    byte_progression const top = row_bytes(m, 0);
    byte_progression const bottom = row_bytes(m, m.rows() - 1);
    return {top.first < bottom.first ? top.first : bottom.first, top.end() > bottom.end() ? top.end() : bottom.end()};
}

/// True if an element of a and an element of b share a byte. Exact: interleaved matrices, such as two blocks of columns
/// of one array, do not overlap. O(1) if the matrices lie apart; else up to the product of the numbers of rows.
template <class T, class U>
[[nodiscard]] bool overlap(matrix_view<T> const& a, matrix_view<U> const& b) noexcept {
    if (a.empty() || b.empty()) return false;
    auto const [a_first, a_end] = byte_extent(a);
    auto const [b_first, b_end] = byte_extent(b);
    if (a_end <= b_first || b_end <= a_first) return false;
    for (std::size_t i = 0; i < a.rows(); ++i) {
        byte_progression const row = row_bytes(a, i);
        if (row.end() <= b_first || b_end <= row.first) continue;
        for (std::size_t j = 0; j < b.rows(); ++j)
            if (share_bytes(row, row_bytes(b, j))) return true;
    }
    return false;
}

/// True if two elements of m surely are one: a stride of 0 along more than one element.
template <class T>
[[nodiscard]] constexpr bool repeats_elements(matrix_view<T> const& m) noexcept {
    return !m.empty() && ((m.rows() > 1 && m.row_stride() == 0) || (m.cols() > 1 && m.col_stride() == 0));
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
