// SPDX-License-Identifier: BSL-1.0
#pragma once
// The header of a .safetensors file: its length, its JSON as a stream of events, and the rules on dtypes and offsets.
//
// Every rule of the format is checked, those too that its reference reader lets pass (a name twice, a header that does
// not start with {).
// Source: the safetensors project, "Format" in its README and safetensors/src/tensor.rs, version 0.8.

#include <lastbit/io/array.hpp>
#include <lastbit/io/file.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace io {

/// A longer header is against the rules of the format.
inline constexpr std::uint64_t max_safetensors_header = 100'000'000;

namespace detail {

/// A dtype of the format. `bits` is per element; `type` is its dtype here, if it has one.
struct safetensors_type {
    std::string_view name;
    unsigned bits;
    std::optional<dtype> type = {};
};

// clang-format off
inline constexpr auto safetensors_types = std::to_array<safetensors_type>({
    {"F64", 64, dtype::float64}, {"F32", 32, dtype::float32}, {"F16", 16, dtype::float16},
    {"BF16", 16, dtype::bfloat16}, {"I64", 64, dtype::int64}, {"I32", 32, dtype::int32},
    {"U64", 64}, {"U32", 32}, {"I16", 16}, {"U16", 16}, {"I8", 8}, {"U8", 8}, {"BOOL", 8}, {"C64", 64},
    {"F8_E4M3", 8}, {"F8_E5M2", 8}, {"F8_E8M0", 8}, {"F8_E4M3FNUZ", 8}, {"F8_E5M2FNUZ", 8},
    {"F6_E2M3", 6}, {"F6_E3M2", 6}, {"F4", 4}});
// clang-format on

/// One entry of the header, as it stands there.
struct safetensors_entry {
    std::string name, dtype;
    std::vector<std::size_t> shape;
    std::vector<std::uint64_t> offsets;
    bool has_dtype = false, has_shape = false, has_offsets = false;
    safetensors_type const* type = nullptr;  // set by check_entry
};

/// Takes the header's JSON as a stream of events: it holds no tree, knows keys that come twice, and nests no deeper
/// than the format does.
class safetensors_handler {
public:
    using json = nlohmann::json;

    explicit safetensors_handler(std::string const& file) : file_(file) {}

    std::vector<safetensors_entry> entries;
    std::map<std::string, std::string, std::less<>> metadata;

    bool null() { return reject("null"); }
    bool boolean(bool) { return reject("true or false"); }
    bool number_integer(json::number_integer_t) { return reject("a negative number"); }
    bool number_float(json::number_float_t, json::string_t const&) {
        return reject("a number that is not a small integer");
    }
    bool binary(json::binary_t&) { return reject("bytes"); }

    bool number_unsigned(json::number_unsigned_t value) {
        if (state_ == state::shape) {
            if (value > static_cast<std::uint64_t>(std::numeric_limits<std::ptrdiff_t>::max()))
                error("an extent of the shape is too large");
            entries.back().shape.push_back(static_cast<std::size_t>(value));
        } else if (state_ == state::offsets) {
            entries.back().offsets.push_back(value);
        } else {
            return reject("a number");
        }
        return true;
    }

    bool string(json::string_t& text) {
        if (state_ == state::metadata) metadata[key_] = text;
        else if (state_ == state::tensor && key_ == "dtype") entries.back().dtype = text;
        else return reject("a string");
        return true;
    }

    bool start_object(std::size_t) {
        if (state_ == state::start) state_ = state::header;
        else if (state_ == state::header) state_ = in_metadata_ ? state::metadata : state::tensor;
        else return reject("an object");
        return true;
    }

    bool key(json::string_t& text) {
        key_ = text;
        if (state_ == state::header) return header_key();
        if (state_ == state::metadata) {
            if (metadata.contains(key_)) error("the key comes twice");
            return true;
        }
        auto& entry = entries.back();
        bool* const seen = key_ == "dtype"          ? &entry.has_dtype
                           : key_ == "shape"        ? &entry.has_shape
                           : key_ == "data_offsets" ? &entry.has_offsets
                                                    : nullptr;
        if (seen == nullptr) error("the key is not known; known are dtype, shape, data_offsets");
        if (std::exchange(*seen, true)) error("the key comes twice");
        return true;
    }

    bool end_object() {
        if (state_ == state::tensor) {
            auto const& entry = entries.back();
            if (!entry.has_dtype || !entry.has_shape || !entry.has_offsets)
                error("dtype, shape or data_offsets is missing");
            if (entry.offsets.size() != 2) error("data_offsets are not two numbers");
        }
        state_ = state_ == state::header ? state::done : state::header;
        return true;
    }

    bool start_array(std::size_t) {
        if (state_ == state::tensor && key_ == "shape") state_ = state::shape;
        else if (state_ == state::tensor && key_ == "data_offsets") state_ = state::offsets;
        else return reject("an array");
        return true;
    }

    bool end_array() {
        state_ = state::tensor;
        return true;
    }

    template <class Exception>
    bool parse_error(std::size_t position, std::string const&, Exception const& exception) {
        std::string_view text = exception.what();
        if (auto const at = text.find("] "); at != std::string_view::npos) text.remove_prefix(at + 2);
        fail(file_, 8 + (position == 0 ? 0 : position - 1), "header: not valid JSON: " + printable(text));
    }

private:
    enum class state { start, header, metadata, tensor, shape, offsets, done };

    bool header_key() {
        in_metadata_ = key_ == "__metadata__";
        tensor_ = key_;
        if (in_metadata_ ? std::exchange(has_metadata_, true) : !names_.insert(key_).second)
            error("the name comes twice");
        if (!in_metadata_) {
            entries.emplace_back();
            entries.back().name = key_;
        }
        return true;
    }

    bool reject(char const* what) const { error(std::string(what) + " stands where the format has something else"); }

    [[noreturn]] void error(std::string const& text) const {
        std::string const where = state_ == state::start || state_ == state::done ? ""
                                  : state_ == state::header                       ? quote(tensor_) + ": "
                                                            : quote(tensor_) + ", " + quote(key_) + ": ";
        fail(file_, 8, "header: " + where + text);
    }

    /// The message of the JSON library without line breaks and other unprintable characters.
    [[nodiscard]] static std::string printable(std::string_view text) {
        std::string result(text.substr(0, 200));
        for (char& c : result)
            if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f) c = '?';
        return result;
    }

    std::string const& file_;
    state state_ = state::start;
    std::string tensor_, key_;
    std::set<std::string, std::less<>> names_;
    bool in_metadata_ = false, has_metadata_ = false;
};

/// The header's bytes: their number against the limit and the file's size, before anything is allocated.
[[nodiscard]] inline std::string_view safetensors_header(std::span<std::byte const> bytes, std::string const& file) {
    if (bytes.size() < 8) fail(file, bytes.size(), "not a .safetensors file: it ends before the length of its header");
    auto const length = load_little<std::uint64_t>(bytes);
    if (length > max_safetensors_header)
        fail(file, 0,
             "not a .safetensors file: the header claims " + std::to_string(length) + " bytes; the limit is " +
                 std::to_string(max_safetensors_header));
    if (length > bytes.size() - 8)
        fail(file, bytes.size(), "the header ends at byte " + std::to_string(8 + length) + ", the file before it");
    std::string_view const text(reinterpret_cast<char const*>(bytes.data()) + 8, static_cast<std::size_t>(length));
    if (!text.starts_with('{')) fail(file, 8, "not a .safetensors file: the header does not start with {");
    // The JSON library takes a zero byte for the end of its input.
    if (auto const at = text.find('\0'); at != std::string_view::npos) fail(file, 8 + at, "header: a zero byte");
    return text;
}

/// Finds the entry's type, and holds the span of its offsets against its shape.
inline void check_entry(safetensors_entry& entry, std::string const& file) {
    std::string const tensor = "header: tensor " + quote(entry.name) + ": ";
    auto const type = std::find_if(safetensors_types.begin(), safetensors_types.end(),
                                   [&](auto const& known) { return known.name == entry.dtype; });
    if (type == safetensors_types.end())
        fail(file, 8, tensor + "dtype " + quote(entry.dtype) + " is not known; store the tensor as F32 or F64");
    auto const count = byte_count(entry.shape, 1);
    if (!count || *count > static_cast<std::uint64_t>(std::numeric_limits<std::ptrdiff_t>::max()) / type->bits)
        fail(file, 8, tensor + "shape " + shape_tuple(entry.shape) + " is too large");
    std::uint64_t const begin = entry.offsets[0], end = entry.offsets[1], bits = *count * type->bits;
    if (begin > end) fail(file, 8, tensor + "data_offsets end before they begin");
    if (bits % 8 != 0 || end - begin != bits / 8)
        fail(file, 8,
             tensor + "shape " + shape_tuple(entry.shape) + " of " + std::string(type->name) + " needs " +
                 std::to_string(bits / 8) + " bytes, data_offsets span " + std::to_string(end - begin));
    entry.type = &*type;
}

/// Checks each entry, sorts them by their place, and holds that they cover `size` bytes, each once.
/// @param base  where the data starts in the file
inline void check_entries(std::vector<safetensors_entry>& entries, std::uint64_t size, std::size_t base,
                          std::string const& file) {
    for (auto& entry : entries) check_entry(entry, file);
    std::sort(entries.begin(), entries.end(), [](auto const& a, auto const& b) { return a.offsets < b.offsets; });
    std::uint64_t at = 0;
    for (auto const& entry : entries) {
        if (entry.offsets[0] != at)
            fail(file, 8,
                 "header: tensor " + quote(entry.name) + ": data_offsets begin at " + std::to_string(entry.offsets[0]) +
                     ", the tensor before it ends at " + std::to_string(at));
        at = entry.offsets[1];
    }
    if (at > size)
        fail(file, base + size,
             "the tensors need " + std::to_string(at) + " bytes of data, the file has " + std::to_string(size) +
                 ": it is truncated");
    if (at < size) fail(file, base + at, std::to_string(size - at) + " bytes of data belong to no tensor");
}

}  // namespace detail
}  // namespace io
}  // namespace LASTBIT_ABI
}  // namespace lastbit
