// SPDX-License-Identifier: BSL-1.0
#pragma once
// The header of an .npy file: magic, version, length, and a Python dict literal, padded with spaces.
//
// The dict is read by a strict parser of the literals that NumPy writes and accepts; nothing is evaluated. Object and
// structured types are refused. Source: NumPy's numpy/lib/format.py, format versions 1.0, 2.0 and 3.0.

#include <lastbit/io/array.hpp>
#include <lastbit/io/file.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <string>
#include <string_view>
#include <utility>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace io {

/// What an .npy header says about the bytes that follow it.
struct npy_header {
    dtype type = dtype::float64;
    std::endian endian = std::endian::native;  // of the file's values
    bool fortran_order = false;                // true: the first index runs fastest in the file
    std::vector<std::size_t> shape;
    std::size_t data_offset = 0;   // where the values start
    std::uint64_t data_bytes = 0;  // product of the shape times item_size(type)
};

/// A longer header is refused; NumPy itself stops at 10,000 bytes.
inline constexpr std::size_t max_npy_header = std::size_t{1} << 20;

/// Reads the header out of the first bytes of a file; looks at no value.
/// @param head  the file, or its first bytes: the header's end must be among them
/// @param file  the name that messages use
/// Error: format_error for anything but a complete, valid header of a supported type.
[[nodiscard]] npy_header parse_npy_header(std::span<std::byte const> head, std::string const& file);

/// Reads the header of a file and nothing behind it.
/// Error: as parse_npy_header, and where the file cannot be read.
[[nodiscard]] npy_header read_npy_header(std::string const& path);

namespace detail {

inline constexpr std::string_view npy_magic = "\x93NUMPY";
inline constexpr std::size_t npy_longest_prefix = 12;  // magic, two bytes of version, two or four bytes of length

/// Where the dict of an .npy file lies.
struct npy_preamble {
    int version;
    std::size_t begin, end;
};

[[nodiscard]] inline npy_preamble parse_npy_preamble(std::span<std::byte const> head, std::string const& file) {
    std::string_view const text(reinterpret_cast<char const*>(head.data()), head.size());
    if (!text.starts_with(npy_magic))
        fail(file, 0, "not an .npy file: the first six bytes are not \\x93NUMPY; write it with numpy.save");
    if (head.size() < 8) fail(file, head.size(), "the file ends before its version");
    int const version = std::to_integer<int>(head[6]);
    if (version < 1 || version > 3 || head[7] != std::byte{0})
        fail(file, 6,
             "version " + std::to_string(version) + "." + std::to_string(std::to_integer<int>(head[7])) +
                 " is not known; known are 1.0, 2.0 and 3.0");
    std::size_t const begin = version == 1 ? 10 : 12;
    if (head.size() < begin) fail(file, head.size(), "the file ends before the length of its header");
    std::size_t const length =
        version == 1 ? load_little<std::uint16_t>(head.subspan(8)) : load_little<std::uint32_t>(head.subspan(8));
    if (length > max_npy_header)
        fail(file, 8,
             "the header claims " + std::to_string(length) + " bytes; the limit is " + std::to_string(max_npy_header));
    return {version, begin, begin + length};
}

/// Reads one dict literal with the keys 'descr', 'fortran_order' and 'shape', each once, in any order.
class npy_dict_parser {
public:
    npy_dict_parser(std::string_view text, std::size_t base, bool long_suffix, std::string const& file)
        : text_(text), base_(base), long_suffix_(long_suffix), file_(file) {}

    [[nodiscard]] npy_header parse() {
        skip_space();
        expect('{', "a dict, which starts with {");
        std::array<bool, 3> seen{};
        for (skip_space(); !accept('}'); skip_space()) {
            read_item(seen);
            skip_space();
            if (accept(',')) continue;
            expect('}', ", or } after a value");
            break;
        }
        skip_space();
        if (at_ != text_.size()) error("text follows the dict");
        for (std::size_t k = 0; k < seen.size(); ++k)
            if (!seen[k]) error("the key " + quote(keys[k]) + " is missing");
        return std::move(header_);
    }

private:
    static constexpr std::array<std::string_view, 3> keys = {"descr", "fortran_order", "shape"};

    void read_item(std::array<bool, 3>& seen) {
        std::size_t const start = at_;
        std::string_view const key = read_string();
        auto const k = static_cast<std::size_t>(std::find(keys.begin(), keys.end(), key) - keys.begin());
        if (k == keys.size())
            error_at(start, "the key " + quote(key) + " is not known; known are descr, fortran_order, shape");
        if (std::exchange(seen[k], true)) error_at(start, "the key " + quote(key) + " comes twice");
        skip_space();
        expect(':', ": after a key");
        skip_space();
        if (k == 0) read_descr();
        else if (k == 1) read_order();
        else read_shape();
    }

    void read_descr() {
        std::size_t const start = at_;
        if (peek() == '[' || peek() == '(' || peek() == '{')
            error("a structured dtype; save each field as an array of its own");
        std::string_view const descr = read_string();
        std::string_view code = descr;
        bool const marked = !code.empty() && std::string_view("<>=|").find(code[0]) != std::string_view::npos;
        char const order = marked ? code[0] : '=';
        if (marked) code.remove_prefix(1);
        header_.endian = order == '<' ? std::endian::little : order == '>' ? std::endian::big : std::endian::native;
        if (code == "f8") header_.type = dtype::float64;
        else if (code == "f4") header_.type = dtype::float32;
        else if (code == "f2") header_.type = dtype::float16;
        else if (code == "i8") header_.type = dtype::int64;
        else if (code == "i4") header_.type = dtype::int32;
        else refuse_descr(start, descr, code);
    }

    [[noreturn]] void refuse_descr(std::size_t start, std::string_view descr, std::string_view code) const {
        std::string const what = "descr " + quote(descr);
        if (code.starts_with('O')) error_at(start, what + " holds Python objects; save numbers: .astype('float64')");
        if (code == "V2")
            error_at(start, what + " is raw bytes, perhaps bfloat16; save .astype('float32'), which is exact");
        error_at(start,
                 what + " is not a known dtype; known are f2, f4, f8, i4, i8; save .astype('float64') or another");
    }

    void read_order() {
        if (text_.substr(at_).starts_with("True")) {
            header_.fortran_order = true;
            at_ += 4;
        } else if (text_.substr(at_).starts_with("False")) {
            header_.fortran_order = false;
            at_ += 5;
        } else {
            error("fortran_order must be True or False");
        }
    }

    /// (), (n,), (n, m) or (n, m,); a lone (n) is a number in Python, not a tuple.
    void read_shape() {
        expect('(', "a tuple, which starts with (");
        bool comma = false;
        for (skip_space(); !accept(')'); skip_space()) {
            header_.shape.push_back(read_extent());
            skip_space();
            if (accept(',')) {
                comma = true;
                continue;
            }
            expect(')', ", or ) after an extent");
            if (!comma) error("the shape is a number, not a tuple; one extent is written (n,)");
            break;
        }
    }

    [[nodiscard]] std::size_t read_extent() {
        std::size_t const start = at_;
        std::uint64_t value = 0;
        for (; peek() >= '0' && peek() <= '9'; ++at_) {
            auto const digit = static_cast<std::uint64_t>(peek() - '0');
            if (value > (std::numeric_limits<std::ptrdiff_t>::max() - digit) / 10)
                error_at(start, "an extent of the shape is too large");
            value = value * 10 + digit;
        }
        if (at_ == start) error("an extent of the shape must be digits");
        if (text_[start] == '0' && at_ - start > 1) error_at(start, "an extent of the shape starts with 0");
        if (long_suffix_ && peek() == 'L') ++at_;
        return static_cast<std::size_t>(value);
    }

    /// No key and no dtype has an escape or a line break in it, so that one with them is none that is known.
    [[nodiscard]] std::string_view read_string() {
        char const mark = peek();
        if (mark != '\'' && mark != '"') error("a string in quotes is expected");
        std::size_t const end = text_.find(mark, at_ + 1);
        if (end == std::string_view::npos) error("a string without its closing quote");
        std::string_view const result = text_.substr(at_ + 1, end - at_ - 1);
        at_ = end + 1;
        return result;
    }

    [[nodiscard]] char peek() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }

    void skip_space() noexcept {
        while (at_ < text_.size() && std::string_view(" \t\n\r").find(text_[at_]) != std::string_view::npos) ++at_;
    }

    [[nodiscard]] bool accept(char c) noexcept {
        bool const found = at_ < text_.size() && text_[at_] == c;
        if (found) ++at_;
        return found;
    }

    void expect(char c, char const* what) {
        if (!accept(c)) error(std::string("expected is ") + what);
    }

    [[noreturn]] void error(std::string const& text) const { error_at(at_, text); }
    [[noreturn]] void error_at(std::size_t at, std::string const& text) const {
        fail(file_, base_ + at, "header: " + text);
    }

    std::string_view text_;
    std::size_t base_;
    bool long_suffix_;
    std::string const& file_;
    std::size_t at_ = 0;
    npy_header header_;
};

}  // namespace detail

inline npy_header parse_npy_header(std::span<std::byte const> head, std::string const& file) {
    detail::npy_preamble const where = detail::parse_npy_preamble(head, file);
    if (head.size() < where.end)
        detail::fail(file, head.size(),
                     "the header ends at byte " + std::to_string(where.end) + ", the file before it");
    std::string_view const text(reinterpret_cast<char const*>(head.data()) + where.begin, where.end - where.begin);
    npy_header header = detail::npy_dict_parser(text, where.begin, where.version < 3, file).parse();
    auto const bytes = detail::byte_count(header.shape, item_size(header.type));
    if (!bytes)
        detail::fail(file, where.begin, "header: the shape " + detail::shape_tuple(header.shape) + " is too large");
    header.data_offset = where.end;
    header.data_bytes = *bytes;
    return header;
}

inline npy_header read_npy_header(std::string const& path) {
    detail::file_handle const file = detail::open_file(path, "rb");
    std::vector<std::byte> head;
    detail::read_some(file.get(), path, detail::npy_longest_prefix, head);
    std::size_t const end = detail::parse_npy_preamble(head, path).end;
    if (end > head.size()) detail::read_some(file.get(), path, end - head.size(), head);
    return parse_npy_header(head, path);
}

}  // namespace io
}  // namespace LASTBIT_ABI
}  // namespace lastbit
