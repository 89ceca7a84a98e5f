// SPDX-License-Identifier: BSL-1.0
#pragma once
// The exact sum of files: .npy arrays of any size, and partial sums written before.

#include "terminal.hpp"

#include <lastbit/exact/superaccumulator.hpp>
#include <lastbit/io/array.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace program {

/// What a file on the command line turned out to be.
struct sum_input {
    std::string path;
    bool is_partial = false;
    lastbit::io::dtype type{};     // of the array's elements, or the format of the partial sum
    std::uint64_t terms = 0;       // of an array; a partial sum does not say how many it had
    std::uint64_t data_bytes = 0;  // of an array's elements
    bool is_pipe = false;          // or something else that can be read once only

    /// In so many steps exact_total::add takes it.
    [[nodiscard]] std::size_t steps() const noexcept {
        return static_cast<std::size_t>(data_bytes / step_bytes + (data_bytes % step_bytes != 0 ? 1 : 0));
    }
    static constexpr std::size_t step_bytes = std::size_t{1} << 20;  // a multiple of every element's size
};

/// Opens the file, reads its header or its partial sum, and where it has a size compares that with the header's; so a
/// wrong file is told before the long work. Nothing for a pipe, which can be read once only.
/// Error: user_error or io::format_error, as for exact_total::add.
[[nodiscard]] std::optional<sum_input> inspect(std::string const& path);

/// Sums one format at a time, so that each array is added as it is; they meet in the end.
class exact_total {
public:
    /// Adds everything in the file, in steps of a mebibyte; those of a pipe were not expected yet.
    /// Error: user_error or io::format_error: a file that cannot be read, is of another kind, is damaged, or is shorter
    ///        or longer than its shape says; an array that is of none of the types of io::dtype.
    sum_input add(std::string const& path, progress& steps);

    /// The narrowest format that holds every number of every file; integers count as float64.
    [[nodiscard]] lastbit::io::dtype format() const noexcept;

    /// The accumulator of format(), as to_bytes() writes it.
    [[nodiscard]] std::vector<std::byte> to_bytes() const;

    /// The exact sum rounded once to R.
    template <lastbit::binary_format R>
    [[nodiscard]] R round() const {
        return all<double>().template round<R>();
    }

private:
    template <lastbit::binary_format T>
    [[nodiscard]] lastbit::superaccumulator<T> all() const;
    template <lastbit::binary_format T>
    void add_partial(std::vector<std::byte> const& bytes, std::string const& path);
    void add_elements(lastbit::io::dtype type, std::vector<std::byte> const& bytes);

    std::tuple<lastbit::superaccumulator<double>, lastbit::superaccumulator<float>,
               lastbit::superaccumulator<lastbit::float16>, lastbit::superaccumulator<lastbit::bfloat16>>
        sums_;
    std::array<bool, 6> seen_{};  // by io::dtype
};

}  // namespace program
