// SPDX-License-Identifier: BSL-1.0
#pragma once
// Do two strided matrices share memory? Kernels refuse an output that overlaps an input.

#include <lastbit/base/matrix_view.hpp>

#include <cstdint>
#include <numeric>
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

/// m or its transpose, whichever has its rows closer together in memory: most pairs of them then lie apart.
template <class T>
[[nodiscard]] constexpr matrix_view<T> rows_inside(matrix_view<T> const& m) noexcept {
    auto const size = [](std::ptrdiff_t stride) { return stride < 0 ? -stride : stride; };
    return size(m.row_stride()) < size(m.col_stride()) ? transposed(m) : m;
}

/// True if an element of a and an element of b share a byte. Exact: interleaved matrices, such as two blocks of columns
/// of one array, do not overlap. O(1) if the matrices lie apart; interleaved rows are walked pair by pair.
template <class T, class U>
[[nodiscard]] bool overlap(matrix_view<T> const& a, matrix_view<U> const& b) noexcept {
    if (a.empty() || b.empty()) return false;
    auto const [a_first, a_end] = byte_extent(a);
    auto const [b_first, b_end] = byte_extent(b);
    if (a_end <= b_first || b_end <= a_first) return false;
    matrix_view<T> const p = rows_inside(a);
    matrix_view<U> const q = rows_inside(b);
    for (std::size_t i = 0; i < p.rows(); ++i) {
        byte_progression const row = row_bytes(p, i);
        if (row.end() <= b_first || b_end <= row.first) continue;
        for (std::size_t j = 0; j < q.rows(); ++j)
            if (share_bytes(row, row_bytes(q, j))) return true;
    }
    return false;
}

/// True if two elements of m are one: some steps down lead where some steps across do. Exact for strides of one sign or
/// of two, O(1).
template <class T>
[[nodiscard]] constexpr bool repeats_elements(matrix_view<T> const& m) noexcept {
    if (m.empty()) return false;
    auto const size = [](std::ptrdiff_t stride) {
        return stride < 0 ? 0 - static_cast<std::size_t>(stride) : static_cast<std::size_t>(stride);
    };
    std::size_t const down = size(m.row_stride());
    std::size_t const across = size(m.col_stride());
    if ((m.rows() > 1 && down == 0) || (m.cols() > 1 && across == 0)) return true;
    if (m.rows() == 1 || m.cols() == 1) return false;
    // The least common multiple of the strides is across / g steps down and down / g steps across.
    std::size_t const g = std::gcd(down, across);
    return across / g < m.rows() && down / g < m.cols();
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
