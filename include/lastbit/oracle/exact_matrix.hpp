// SPDX-License-Identifier: BSL-1.0
#pragma once
// A matrix of exact numbers.

#include <lastbit/base/block_scaled.hpp>
#include <lastbit/base/contracts.hpp>
#include <lastbit/base/matrix_view.hpp>
#include <lastbit/oracle/real.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace oracle {

/// [rows x cols] exact numbers, row-major; owns them. Starts as zeros (+0).
class exact_matrix {
public:
    exact_matrix() = default;
    exact_matrix(std::size_t rows, std::size_t cols) : rows_(rows), cols_(cols), values_(rows * cols) {}

    /// The elements of a matrix of floats, or of numbers as kernels store them.
    template <class T>
        requires storage_format<std::remove_const_t<T>>
    explicit exact_matrix(matrix_view<T> source) : exact_matrix(source.rows(), source.cols()) {
        for (std::size_t i = 0; i < rows_; ++i)
            for (std::size_t j = 0; j < cols_; ++j) at(i, j) = real(source(i, j));
    }

    /// The elements of a block-scaled matrix, each times its scale.
    template <class Element, std::size_t Block>
    explicit exact_matrix(block_scaled_view<Element, Block> source) : exact_matrix(source.rows(), source.cols()) {
        constexpr int unit = std::integral<Element> ? -6 : 0;  // what 1 is worth: whole numbers count 64ths
        for (std::size_t i = 0; i < rows_; ++i)
            for (std::size_t j = 0; j < cols_; ++j) {
                std::uint8_t const scale = source.scale(i, j).bits;
                at(i, j) = scale == 255 ? real::nan() : real(source.element(i, j)).scaled(scale - 127 + unit);
            }
    }

    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
    [[nodiscard]] std::size_t cols() const noexcept { return cols_; }
    /// Element (i, j). Requires i < rows() and j < cols(); not checked.
    [[nodiscard]] real& at(std::size_t i, std::size_t j) noexcept { return values_[i * cols_ + j]; }
    [[nodiscard]] real const& at(std::size_t i, std::size_t j) const noexcept { return values_[i * cols_ + j]; }
    /// Row i. Requires i < rows(); not checked.
    [[nodiscard]] std::span<real> row(std::size_t i) noexcept { return {values_.data() + i * cols_, cols_}; }
    [[nodiscard]] std::span<real const> row(std::size_t i) const noexcept {
        return {values_.data() + i * cols_, cols_};
    }
    /// All elements, row after row.
    [[nodiscard]] std::span<real const> values() const noexcept { return values_; }

    /// Every element rounded once to T, row after row.
    template <binary_format T>
    [[nodiscard]] std::vector<T> round(direction d = direction::nearest) const {
        std::vector<T> rounded;
        rounded.reserve(values_.size());
        for (real const& x : values_) rounded.push_back(x.template round<T>(d));
        return rounded;
    }

private:
    std::size_t rows_ = 0;
    std::size_t cols_ = 0;
    std::vector<real> values_;
};

}  // namespace oracle
}  // namespace LASTBIT_ABI
}  // namespace lastbit
