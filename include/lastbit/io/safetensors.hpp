// SPDX-License-Identifier: BSL-1.0
#pragma once
// .safetensors files: eight bytes of length, a JSON header, and the values of all tensors without a gap.
//
// The one header of io/ besides safetensors_header.hpp that needs nlohmann-json.

#include <lastbit/io/safetensors_header.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace io {

/// A .safetensors file: its tensors and its free-form metadata.
struct safetensors {
    std::map<std::string, array, std::less<>> tensors;
    std::map<std::string, std::string, std::less<>> metadata;
    /// Tensors of dtypes that the format knows and this library does not, by name: U8, BOOL, F8_E4M3, ...
    std::map<std::string, std::string, std::less<>> unsupported;
    /// What messages call the file.
    std::string source;

    /// The tensor of that name.
    /// Error: format_error naming it if it is not there or of an unsupported dtype; the message says what to do.
    [[nodiscard]] array const& at(std::string_view name) const;
};

/// Reads a .safetensors file. F64, F32, F16, BF16, I64 and I32 become arrays; tensors of the format's other dtypes are
/// checked like them and listed in `unsupported`, so that one of them does not make the others unreadable.
/// Error: format_error for a file that cannot be read or breaks a rule of the format: a header of more than 100 MB or
///        beyond the file's end, not valid JSON in UTF-8, an unknown key or dtype, a name that comes twice, metadata
///        other than strings, offsets out of bounds, with a gap or an overlap, or other than the shape's size.
[[nodiscard]] safetensors read_safetensors(std::string const& path);

/// The same from bytes in memory. @param name  what messages call them
[[nodiscard]] safetensors read_safetensors(std::span<std::byte const> bytes, std::string const& name);

/// The bytes of a .safetensors file: tensors by falling item size, then by name; header padded to a multiple of 8.
/// Requires: `unsupported` is empty; names and metadata are UTF-8; no tensor is called __metadata__.
[[nodiscard]] std::vector<std::byte> safetensors_bytes(safetensors const& content);

/// Writes (and replaces) the file with safetensors_bytes(content).
/// Error: format_error if the file cannot be written.
void write_safetensors(std::string const& path, safetensors const& content);

namespace detail {

[[nodiscard]] inline safetensors_type const& safetensors_type_of(dtype type) noexcept {
    return *std::find_if(safetensors_types.begin(), safetensors_types.end(),
                         [&](auto const& known) { return known.type == type; });
}

/// The header and the tensors in the order of their places.
[[nodiscard]] inline std::pair<std::string, std::vector<array const*>> safetensors_layout(safetensors const& content) {
    LASTBIT_EXPECTS(content.unsupported.empty() && !content.tensors.contains("__metadata__"),
                    "io::write_safetensors: unsupported tensors, and one called __metadata__, cannot be written");
    std::vector<std::pair<std::string, array const*>> order;
    for (auto const& [name, tensor] : content.tensors) order.emplace_back(name, &tensor);
    std::stable_sort(order.begin(), order.end(), [](auto const& a, auto const& b) {
        return item_size(a.second->type()) > item_size(b.second->type());
    });
    nlohmann::ordered_json header = nlohmann::ordered_json::object();
    for (auto const& [key, value] : content.metadata) header["__metadata__"][key] = value;
    std::vector<array const*> tensors;
    std::size_t offset = 0;
    for (auto const& [name, tensor] : order) {
        std::size_t const end = offset + tensor->bytes().size();
        header[name] = {{"dtype", safetensors_type_of(tensor->type()).name},
                        {"shape", tensor->shape()},
                        {"data_offsets", {offset, end}}};
        offset = end;
        tensors.push_back(tensor);
    }
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');
    return {text, tensors};
}

}  // namespace detail

inline array const& safetensors::at(std::string_view name) const {
    if (auto const found = tensors.find(name); found != tensors.end()) return found->second;
    std::string const tensor = "tensor " + detail::quote(name);
    if (auto const found = unsupported.find(name); found != unsupported.end())
        detail::fail(source, tensor + " is " + found->second + ", which cannot be read; store it as F32 or F64");
    std::string known;
    for (auto const& entry : tensors) known += (known.empty() ? "" : ", ") + detail::quote(entry.first);
    detail::fail(source, tensor + " is not there; there are " + (known.empty() ? "none" : known.substr(0, 500)));
}

inline safetensors read_safetensors(std::span<std::byte const> bytes, std::string const& name) {
    std::string_view const text = detail::safetensors_header(bytes, name);
    detail::safetensors_handler handler(name);
    nlohmann::json::sax_parse(text.begin(), text.end(), &handler);
    std::size_t const base = 8 + text.size();
    detail::check_entries(handler.entries, bytes.size() - base, base, name);
    safetensors result{.tensors = {}, .metadata = std::move(handler.metadata), .unsupported = {}, .source = name};
    for (auto& entry : handler.entries) {
        auto const type = entry.type->type;
        if (!type) {
            result.unsupported.emplace(entry.name, entry.type->name);
            continue;
        }
        auto const data = bytes.subspan(base + entry.offsets[0], entry.offsets[1] - entry.offsets[0]);
        std::vector<std::byte> values(data.begin(), data.end());
        if constexpr (std::endian::native == std::endian::big) detail::swap_bytes(values, item_size(*type));
        std::string source = name + ": tensor " + detail::quote(entry.name);
        result.tensors.emplace(entry.name, array(*type, std::move(entry.shape), std::move(values), std::move(source)));
    }
    return result;
}

inline safetensors read_safetensors(std::string const& path) {
    return read_safetensors(detail::read_file(path), path);
}

inline std::vector<std::byte> safetensors_bytes(safetensors const& content) {
    auto const [text, tensors] = detail::safetensors_layout(content);
    std::vector<std::byte> bytes;
    for (std::size_t k = 0; k < 8; ++k)
        bytes.push_back(static_cast<std::byte>((std::uint64_t{text.size()} >> (8 * k)) & 0xff));
    auto const header = detail::as_byte_span(text);
    bytes.insert(bytes.end(), header.begin(), header.end());
    for (array const* const tensor : tensors) {
        std::size_t const begin = bytes.size();
        bytes.insert(bytes.end(), tensor->bytes().begin(), tensor->bytes().end());
        if constexpr (std::endian::native == std::endian::big)
            detail::swap_bytes(std::span(bytes).subspan(begin), item_size(tensor->type()));
    }
    return bytes;
}

inline void write_safetensors(std::string const& path, safetensors const& content) {
    detail::write_file(path, {safetensors_bytes(content)});
}

}  // namespace io
}  // namespace LASTBIT_ABI
}  // namespace lastbit
