// SPDX-License-Identifier: BSL-1.0
#pragma once
// .npy files, NumPy's format for one array: read in versions 1 to 3, written as NumPy writes them.

#include <lastbit/io/npy_header.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace io {

/// The array in an .npy file, in C order and native byte order whatever the file's are.
/// Error: format_error for a file that cannot be read, that is not valid, that holds another type than float16,
///        float32, float64, int32 or int64, or that is shorter or longer than its shape says. Memory stays within a
///        small multiple of the file's size.
[[nodiscard]] array read_npy(std::string const& path);

/// The same from bytes in memory. @param name  what messages call them
[[nodiscard]] array read_npy(std::span<std::byte const> bytes, std::string const& name);

/// The bytes of an .npy file of these values: C order, native byte order; version 1.0, and 2.0 where the header is too
/// long for it. They are those that numpy.save writes for a C-contiguous array.
/// Requires: values.size() is the product of the shape; T is not bfloat16, for which .npy has no code.
template <element T>
[[nodiscard]] std::vector<std::byte> npy_bytes(std::span<std::size_t const> shape, std::span<T const> values);

/// Writes (and replaces) the file with npy_bytes(shape, values).
/// Error: format_error if the file cannot be written.
template <element T>
void write_npy(std::string const& path, std::span<std::size_t const> shape, std::span<T const> values);

namespace detail {

/// Copies from the first index running fastest to the last one doing so.
template <std::size_t Item>
void copy_transposed(std::span<std::size_t const> shape, std::byte const* from, std::byte* to, std::size_t count) {
    std::vector<std::size_t> strides(shape.size()), index(shape.size());
    for (std::size_t k = 0, stride = Item; k < shape.size(); stride *= shape[k++]) strides[k] = stride;
    for (std::size_t done = 0, offset = 0; done < count; ++done) {
        std::memcpy(to + done * Item, from + offset, Item);
        for (std::size_t k = shape.size(); k-- > 0; index[k] = 0) {
            offset += strides[k];
            if (++index[k] < shape[k]) break;
            offset -= strides[k] * shape[k];
        }
    }
}

[[nodiscard]] inline std::vector<std::byte> to_c_order(npy_header const& header, std::vector<std::byte> bytes) {
    if (!header.fortran_order || header.shape.size() < 2 || bytes.empty()) return bytes;
    std::vector<std::byte> result(bytes.size());
    std::size_t const item = item_size(header.type);
    auto const copy = item == 2 ? copy_transposed<2> : item == 4 ? copy_transposed<4> : copy_transposed<8>;
    copy(header.shape, bytes.data(), result.data(), bytes.size() / item);
    return result;
}

/// The array of a whole file, whose memory it takes over.
[[nodiscard]] inline array take_npy(std::vector<std::byte> bytes, std::string const& name) {
    npy_header header = parse_npy_header(bytes, name);
    std::size_t const present = bytes.size() - header.data_offset;
    if (present != header.data_bytes) {
        bool const truncated = present < header.data_bytes;
        fail(name, truncated ? bytes.size() : header.data_offset + static_cast<std::size_t>(header.data_bytes),
             "shape " + shape_tuple(header.shape) + " of " + io::name(header.type) + " needs " +
                 std::to_string(header.data_bytes) + " bytes of data, the file has " + std::to_string(present) +
                 (truncated ? ": it is truncated" : ": bytes follow the array"));
    }
    bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(header.data_offset));
    if (header.endian != std::endian::native) swap_bytes(bytes, item_size(header.type));
    bytes = to_c_order(header, std::move(bytes));
    return {header.type, std::move(header.shape), std::move(bytes), name};
}

/// Magic, version, length and dict, padded with spaces so that the values start at a multiple of 64. NumPy pads by at
/// least one space: by 64 where none would be needed.
[[nodiscard]] inline std::string npy_preamble_text(std::string dict) {
    constexpr std::size_t align = 64;
    auto const padded = [&](std::size_t prefix) { return (prefix + dict.size() + 1) / align * align + align; };
    std::size_t prefix = 10;
    if (padded(prefix) - prefix > 0xffff) prefix = 12;
    std::size_t const end = padded(prefix);
    dict.resize(end - prefix - 1, ' ');
    dict += '\n';
    std::string text(npy_magic);
    text += {prefix == 10 ? '\x01' : '\x02', '\x00'};
    for (std::size_t k = 0; k < prefix - 8; ++k) text += static_cast<char>((dict.size() >> (8 * k)) & 0xff);
    return text + dict;
}

/// The dict as numpy.save spells it, with the room that it leaves for the first extent to grow to 21 digits.
[[nodiscard]] inline std::string npy_dict(char const* code, std::span<std::size_t const> shape) {
    constexpr std::size_t growth_digits = 21;
    std::string text = std::endian::native == std::endian::little ? "{'descr': '<" : "{'descr': '>";
    text += std::string(code) + "', 'fortran_order': False, 'shape': (";
    for (std::size_t k = 0; k < shape.size(); ++k) text += (k == 0 ? "" : ", ") + std::to_string(shape[k]);
    text += shape.size() == 1 ? ",), }" : "), }";
    if (!shape.empty()) text.append(growth_digits - std::to_string(shape[0]).size(), ' ');
    return text;
}

template <element T>
[[nodiscard]] std::string npy_preamble_for(std::span<std::size_t const> shape, std::size_t count) {
    static_assert(!std::same_as<T, lastbit::bfloat16>, ".npy has no bfloat16: widen to float, which is exact");
    LASTBIT_EXPECTS(byte_count(shape, sizeof(T)) == count * sizeof(T),
                    "io::npy: shape " + shape_tuple(shape) + " does not fit " + std::to_string(count) + " values");
    constexpr char code[] = {binary_format<T> ? 'f' : 'i', static_cast<char>('0' + sizeof(T)), '\0'};
    return npy_preamble_text(npy_dict(code, shape));
}

}  // namespace detail

inline array read_npy(std::string const& path) {
    return detail::take_npy(detail::read_file(path), path);
}

inline array read_npy(std::span<std::byte const> bytes, std::string const& name) {
    return detail::take_npy({bytes.begin(), bytes.end()}, name);
}

template <element T>
std::vector<std::byte> npy_bytes(std::span<std::size_t const> shape, std::span<T const> values) {
    std::string const text = detail::npy_preamble_for<T>(shape, values.size());
    auto const head = detail::as_byte_span(text), data = std::as_bytes(values);
    std::vector<std::byte> bytes;
    bytes.reserve(head.size() + data.size());
    bytes.insert(bytes.end(), head.begin(), head.end());
    bytes.insert(bytes.end(), data.begin(), data.end());
    return bytes;
}

template <element T>
void write_npy(std::string const& path, std::span<std::size_t const> shape, std::span<T const> values) {
    std::string const text = detail::npy_preamble_for<T>(shape, values.size());
    detail::write_file(path, {detail::as_byte_span(text), std::as_bytes(values)});
}

/// write_npy(path, {2, 3}, values), with the values in a vector.
template <element T>
void write_npy(std::string const& path, std::initializer_list<std::size_t> shape, std::vector<T> const& values) {
    write_npy<T>(path, std::span<std::size_t const>(shape.begin(), shape.size()), std::span<T const>(values));
}

}  // namespace io
}  // namespace LASTBIT_ABI
}  // namespace lastbit
