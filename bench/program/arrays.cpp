// SPDX-License-Identifier: BSL-1.0
#include "arrays.hpp"

#include "user_error.hpp"

#include <lastbit/io/npy.hpp>

#include <fmt/format.h>

namespace program {
namespace {

namespace io = lastbit::io;

/// Every value as float32, unchanged. int64 is refused by the reader, which says how to convert.
std::vector<float> floats_of(io::array const& array, std::string const& path) {
    if (array.type() != io::dtype::float64 && array.type() != io::dtype::int32) return array.as<float>();
    std::vector<float> result;
    result.reserve(array.size());
    for (double const x : array.as<double>()) {
        auto const narrow = lastbit::detail::convert<float>(x);
        if (lastbit::is_finite(narrow) && static_cast<double>(narrow) != x)
            throw user_error(
                fmt::format("{}: element {} is {}, which float32 has not; write the file with .astype('float32')", path,
                            result.size(), x));
        result.push_back(narrow);
    }
    return result;
}

}  // namespace

input_matrix read_inputs(std::string const& path, std::size_t columns) {
    auto const array = io::read_npy(path);
    auto const& shape = array.shape();
    bool const one_row = shape.size() == 1 && shape[0] == columns;
    if (!one_row && (shape.size() != 2 || shape[1] != columns || shape[0] == 0))
        throw user_error(fmt::format("{}: shape {}, but the model takes [rows, {}] with at least one row", path,
                                     shape_text(shape), columns));
    input_matrix result{floats_of(array, path), one_row ? 1 : shape[0], columns};
    for (std::size_t k = 0; k < result.values.size(); ++k)
        if (!lastbit::is_finite(result.values[k]))
            throw user_error(fmt::format(
                "{}: {} at row {}, column {}; such an input has no exact output: leave the row out", path,
                lastbit::is_nan(result.values[k]) ? "NaN" : "an infinity (in float32)", k / columns, k % columns));
    return result;
}

row read_recorded(std::string const& name, std::string const& path, std::size_t rows, std::size_t outputs) {
    auto const array = io::read_npy(path);
    auto const& shape = array.shape();
    bool const flat = shape.size() == 1 && shape[0] == rows * outputs && (rows == 1 || outputs == 1);
    if (!flat && shape != std::vector<std::size_t>{rows, outputs})
        throw user_error(fmt::format("{}: shape {}, but the model gives [{}, {}] for this input", path,
                                     shape_text(shape), rows, outputs));
    row result;
    result.name = name;
    result.kind = row_kind::recorded;
    result.format = io::name(array.type());
    switch (array.type()) {
        case io::dtype::float32:
            result.values = array.as<float>();
            break;
        case io::dtype::float64:
            result.values = array.as<double>();
            break;
        case io::dtype::float16:
            result.values = array.as<lastbit::float16>();
            break;
        default:
            throw user_error(fmt::format("{}: holds {}; logits are float32, float64 or float16", path, result.format));
    }
    return result;
}

}  // namespace program
