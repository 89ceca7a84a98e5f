// SPDX-License-Identifier: BSL-1.0
#include "exact_total.hpp"

#include "user_error.hpp"

#include <lastbit/io/npy_header.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <span>
#include <type_traits>

namespace program {
namespace {

namespace io = lastbit::io;
namespace fs = std::filesystem;
using lastbit::bfloat16;
using lastbit::float16;
using lastbit::superaccumulator;

constexpr std::size_t longest_partial = 16 + 0xFFFF + 4;

/// A file as far as it has been read: its beginning, and either an .npy header or a whole partial sum.
struct opened_file {
    io::detail::file_handle file;
    sum_input input;
    std::vector<std::byte> head;  // of a partial sum all of it, and one byte more where the file goes on
    io::npy_header header;
};

bool starts_with(std::span<std::byte const> bytes, std::span<unsigned char const> magic) {
    return bytes.size() >= magic.size() && std::equal(magic.begin(), magic.end(), bytes.begin(),
                                                      [](unsigned char a, std::byte b) { return std::byte{a} == b; });
}

io::dtype type_of_code(unsigned char code) {
    constexpr io::dtype types[] = {io::dtype::bfloat16, io::dtype::float16, io::dtype::float32, io::dtype::float64};
    return types[code - 1];
}

/// Opening a pipe twice would lose what came first.
bool can_be_read_once(std::string const& path) {
    std::error_code error;
    auto const kind = fs::status(path, error).type();
    return kind != fs::file_type::not_found && kind != fs::file_type::regular && kind != fs::file_type::directory;
}

opened_file open(std::string const& path) {
    opened_file result;
    result.input.path = path;
    result.input.is_pipe = can_be_read_once(path);
    result.file = io::detail::open_file(path, "rb");
    auto const read = [&](std::size_t count) { io::detail::read_some(result.file.get(), path, count, result.head); };
    read(io::detail::npy_longest_prefix);
    if (starts_with(result.head, lastbit::detail::sum_magic)) {
        read(longest_partial + 1 - result.head.size());
        result.input.is_partial = true;
        result.input.type = type_of_code(lastbit::detail::sum_decoder(result.head, path).format_code());
        return result;
    }
    constexpr unsigned char npy_magic[] = {0x93, 'N', 'U', 'M', 'P', 'Y'};
    if (!starts_with(result.head, npy_magic))
        throw user_error(
            fmt::format("{}: neither an .npy file nor a partial sum of this program; write it with "
                        "numpy.save or lastbit sum --partial",
                        path));
    std::size_t const end = io::detail::parse_npy_preamble(result.head, path).end;
    if (end > result.head.size()) read(end - result.head.size());
    result.header = io::parse_npy_header(result.head, path);
    result.input.type = result.header.type;
    result.input.data_bytes = result.header.data_bytes;
    result.input.terms = result.header.data_bytes / io::item_size(result.header.type);
    return result;
}

[[noreturn]] void wrong_size(opened_file const& opened, std::uint64_t present) {
    auto const& header = opened.header;
    bool const truncated = present < header.data_bytes;
    throw io::format_error(
        opened.input.path, header.data_offset + (truncated ? present : header.data_bytes),
        fmt::format("shape {} of {} needs {} bytes of data, the file {}", io::detail::shape_tuple(header.shape),
                    io::name(header.type), header.data_bytes,
                    truncated ? fmt::format("has {}: it is truncated", present) : "has more: bytes follow the array"));
}

template <lastbit::binary_format T>
void check_partial(opened_file const& opened) {
    (void)superaccumulator<T>::from_bytes(opened.head, opened.input.path);
}

/// Calls f.operator()<T>() for the format's T.
template <class F>
decltype(auto) with_format(io::dtype format, F&& f) {
    switch (format) {
        case io::dtype::float32:
            return f.template operator()<float>();
        case io::dtype::float16:
            return f.template operator()<float16>();
        case io::dtype::bfloat16:
            return f.template operator()<bfloat16>();
        default:
            return f.template operator()<double>();
    }
}

template <lastbit::io::element T>
std::span<T const> elements(std::vector<std::byte> const& bytes) {
    static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
    return {reinterpret_cast<T const*>(bytes.data()), bytes.size() / sizeof(T)};
}

/// Every integer of 64 bits is the sum of two doubles, exactly.
void add_integers(superaccumulator<double>& sum, std::span<std::int64_t const> values) {
    constexpr std::int64_t half = std::int64_t{1} << 32;
    std::vector<double> parts;
    parts.reserve(2 * values.size());
    for (std::int64_t const x : values) {
        std::int64_t const low = x & (half - 1);
        parts.push_back(static_cast<double>(x - low));
        parts.push_back(static_cast<double>(low));
    }
    sum.add(parts);
}

}  // namespace

std::optional<sum_input> inspect(std::string const& path) {
    if (can_be_read_once(path)) return {};
    auto const opened = open(path);
    if (opened.input.is_partial) {
        with_format(opened.input.type, [&]<class T>() { check_partial<T>(opened); });
        return opened.input;
    }
    std::error_code error;
    auto const size = fs::file_size(path, error);
    if (!error && size - opened.header.data_offset != opened.header.data_bytes)
        wrong_size(opened, size - opened.header.data_offset);
    return opened.input;
}

template <lastbit::binary_format T>
superaccumulator<T> exact_total::all() const {
    superaccumulator<T> result;
    std::apply(
        [&]<class... U>(superaccumulator<U> const&... sums) {
            auto const take = [&]<class V>(superaccumulator<V> const& sum) {
                if constexpr (lastbit::detail::holds_sums_of<T, V>) result.merge(sum);
            };
            (take(sums), ...);
        },
        sums_);
    return result;
}

template <lastbit::binary_format T>
void exact_total::add_partial(std::vector<std::byte> const& bytes, std::string const& path) {
    std::get<superaccumulator<T>>(sums_).merge(superaccumulator<T>::from_bytes(bytes, path));
}

void exact_total::add_elements(io::dtype type, std::vector<std::byte> const& bytes) {
    auto& doubles = std::get<superaccumulator<double>>(sums_);
    if (type == io::dtype::int64) return add_integers(doubles, elements<std::int64_t>(bytes));
    if (type == io::dtype::int32) {
        auto const values = elements<std::int32_t>(bytes);
        return doubles.add(std::vector<double>(values.begin(), values.end()));
    }
    with_format(type, [&]<class T>() { std::get<superaccumulator<T>>(sums_).add(elements<T>(bytes)); });
}

sum_input exact_total::add(std::string const& path, progress& steps) {
    auto opened = open(path);
    auto const& header = opened.header;
    seen_[static_cast<std::size_t>(opened.input.type)] = true;
    if (opened.input.is_partial) {
        with_format(opened.input.type, [&]<class T>() { add_partial<T>(opened.head, path); });
        return opened.input;
    }
    if (opened.input.is_pipe) steps.expect(opened.input.steps());
    std::vector<std::byte> bytes;
    for (std::uint64_t done = 0; done < header.data_bytes;) {
        steps.step("MiB, " + path);
        auto const wanted =
            static_cast<std::size_t>(std::min<std::uint64_t>(sum_input::step_bytes, header.data_bytes - done));
        bytes.resize(wanted);
        std::size_t const got = std::fread(bytes.data(), 1, wanted, opened.file.get());
        if (got < wanted && std::ferror(opened.file.get()) != 0)
            throw io::format_error(path, header.data_offset + done + got,
                                   fmt::format("cannot be read: {}", std::strerror(errno)));
        if (got < wanted) wrong_size(opened, done + got);
        if (header.endian != std::endian::native) io::detail::swap_bytes(bytes, io::item_size(header.type));
        add_elements(header.type, bytes);
        done += wanted;
    }
    if (std::fgetc(opened.file.get()) != EOF) wrong_size(opened, header.data_bytes + 1);
    return opened.input;
}

io::dtype exact_total::format() const noexcept {
    auto const seen = [this](io::dtype type) { return seen_[static_cast<std::size_t>(type)]; };
    if (seen(io::dtype::float64) || seen(io::dtype::int64) || seen(io::dtype::int32)) return io::dtype::float64;
    if (seen(io::dtype::float32) || (seen(io::dtype::float16) && seen(io::dtype::bfloat16))) return io::dtype::float32;
    return seen(io::dtype::float16) ? io::dtype::float16 : io::dtype::bfloat16;
}

std::vector<std::byte> exact_total::to_bytes() const {
    return with_format(format(), [this]<class T>() { return all<T>().to_bytes(); });
}

template superaccumulator<double> exact_total::all<double>() const;

}  // namespace program
