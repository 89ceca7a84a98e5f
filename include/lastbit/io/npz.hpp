// SPDX-License-Identifier: BSL-1.0
#pragma once
// .npz files, NumPy's archives of arrays: zip files of .npy members, stored or deflated, read through libzip.

#include <lastbit/io/npy.hpp>

#include <zip.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace io {

/// The arrays of an .npz file by name; the name is the member's without ".npy", and may hold any character.
using npz = std::map<std::string, array, std::less<>>;

/// What the members of an archive may hold together, unpacked: 4 GiB unless the caller says otherwise.
inline constexpr std::uint64_t default_npz_limit = std::uint64_t{1} << 32;

/// Reads all arrays of an .npz file.
/// @param limit  bytes; an archive whose members are larger together is refused before anything is unpacked
/// Error: format_error for a file that cannot be read, is not a sound zip file, is encrypted, is packed by a method
///        other than stored and deflated, fails its checksum, names a member twice, or has a member that is not a valid
///        .npy array. Memory grows with the bytes that really come, not with those that the archive claims.
[[nodiscard]] npz read_npz(std::string const& path, std::uint64_t limit = default_npz_limit);

/// The same from bytes in memory. @param name  what messages call them
[[nodiscard]] npz read_npz(std::span<std::byte const> bytes, std::string const& name,
                           std::uint64_t limit = default_npz_limit);

namespace detail {

struct zip_closer {
    void operator()(zip_t* archive) const noexcept { zip_discard(archive); }
    void operator()(zip_file_t* member) const noexcept { zip_fclose(member); }
};
using zip_handle = std::unique_ptr<zip_t, zip_closer>;
using zip_member_handle = std::unique_ptr<zip_file_t, zip_closer>;

/// libzip's error with the text of the system or of zlib.
class zip_failure {
public:
    zip_failure() noexcept { zip_error_init(&error_); }
    ~zip_failure() { zip_error_fini(&error_); }
    zip_failure(zip_failure const&) = delete;
    zip_failure& operator=(zip_failure const&) = delete;

    [[nodiscard]] zip_error_t* get() noexcept { return &error_; }
    [[nodiscard]] std::string text() { return zip_error_strerror(&error_); }

private:
    zip_error_t error_;
};

[[noreturn]] inline void fail_zip_open(std::string const& name, zip_failure& failure) {
    switch (zip_error_code_zip(failure.get())) {
        case ZIP_ER_NOENT:
        case ZIP_ER_OPEN:
        case ZIP_ER_READ: fail(name, "cannot be opened: " + failure.text());
        case ZIP_ER_EXISTS: fail(name, "two members of the archive have the same name");
        default: fail(name, "not a sound .npz (zip) file: " + failure.text() + "; write it with numpy.savez");
    }
}

/// Takes over the source, which may be null.
[[nodiscard]] inline zip_handle open_zip(zip_source_t* source, std::string const& name, zip_failure& failure) {
    if (source == nullptr) fail_zip_open(name, failure);
    // libzip takes an empty file for an empty archive.
    zip_stat_t stat;
    zip_stat_init(&stat);
    if (zip_source_stat(source, &stat) == 0 && (stat.valid & ZIP_STAT_SIZE) != 0 && stat.size == 0) {
        zip_source_free(source);
        fail(name, "not a sound .npz (zip) file: it is empty; write it with numpy.savez");
    }
    zip_handle archive(zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, failure.get()));
    if (!archive) {
        zip_source_free(source);
        fail_zip_open(name, failure);
    }
    return archive;
}

[[nodiscard]] inline zip_stat_t stat_zip_member(zip_t* archive, std::uint64_t index, std::string const& name) {
    zip_stat_t stat;
    zip_stat_init(&stat);
    constexpr zip_uint64_t needed = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
    if (zip_stat_index(archive, index, 0, &stat) != 0 || (stat.valid & needed) != needed)
        fail(name, "member " + std::to_string(index) + " of the archive has no sound entry");
    std::string const member = "member " + quote(stat.name);
    if (stat.encryption_method != ZIP_EM_NONE) fail(name, member + " is encrypted; write it without a password");
    if (stat.comp_method != ZIP_CM_STORE && stat.comp_method != ZIP_CM_DEFLATE)
        fail(name, member + " is packed by method " + std::to_string(stat.comp_method) +
                       "; known are stored and deflated: write it with numpy.savez or numpy.savez_compressed");
    if (!std::string_view(stat.name).ends_with(".npy"))
        fail(name, member + " is not an .npy array; an .npz file holds nothing else");
    return stat;
}

/// A member's bytes, as many as its entry claims and no more; libzip compares the checksum at the end.
[[nodiscard]] inline std::vector<std::byte> read_zip_member(zip_t* archive, zip_stat_t const& stat,
                                                            std::string const& name) {
    zip_member_handle const member(zip_fopen_index(archive, stat.index, 0));
    if (!member) fail(name, std::string("cannot be unpacked: ") + zip_error_strerror(zip_get_error(archive)));
    std::vector<std::byte> bytes;
    std::size_t step = std::size_t{1} << 16;
    for (;;) {
        std::size_t const before = bytes.size();
        // One byte more than claimed is asked for, so that a longer member shows, and the end, where the checksum is.
        auto const want = static_cast<std::size_t>(std::min<std::uint64_t>(step, stat.size - before + 1));
        bytes.resize(before + want);
        zip_int64_t const got = zip_fread(member.get(), bytes.data() + before, want);
        if (got < 0)
            fail(name, before,
                 std::string("cannot be unpacked: ") + zip_error_strerror(zip_file_get_error(member.get())));
        bytes.resize(before + static_cast<std::size_t>(got));
        if (got == 0) break;
        step = std::min(step * 2, std::size_t{1} << 26);
    }
    if (bytes.size() != stat.size)
        fail(name, bytes.size(), "the archive says that the member has " + std::to_string(stat.size) + " bytes");
    return bytes;
}

[[nodiscard]] inline npz read_archive(zip_t* archive, std::string const& name, std::uint64_t limit) {
    auto const count = static_cast<std::uint64_t>(std::max<zip_int64_t>(zip_get_num_entries(archive, 0), 0));
    std::uint64_t total = 0;
    for (std::uint64_t k = 0; k < count; ++k) {
        zip_stat_t const stat = stat_zip_member(archive, k, name);
        if (stat.size > limit - total)
            fail(name,
                 "the members claim more than " + std::to_string(limit) + " bytes; raise the limit if that is meant");
        total += stat.size;
    }
    npz result;
    for (std::uint64_t k = 0; k < count; ++k) {
        zip_stat_t const stat = stat_zip_member(archive, k, name);
        std::string const member = stat.name;
        std::string const key = member.substr(0, member.size() - std::string_view(".npy").size());
        if (result.contains(key)) fail(name, "two members of the archive have the same name");
        std::string const source = name + ": member " + quote(member);
        result.emplace(key, take_npy(read_zip_member(archive, stat, source), source));
    }
    return result;
}

}  // namespace detail

inline npz read_npz(std::string const& path, std::uint64_t limit) {
    detail::zip_failure failure;
    zip_source_t* const source = zip_source_file_create(path.c_str(), 0, -1, failure.get());
    detail::zip_handle const archive = detail::open_zip(source, path, failure);
    return detail::read_archive(archive.get(), path, limit);
}

inline npz read_npz(std::span<std::byte const> bytes, std::string const& name, std::uint64_t limit) {
    detail::zip_failure failure;
    zip_source_t* const source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, failure.get());
    detail::zip_handle const archive = detail::open_zip(source, name, failure);
    return detail::read_archive(archive.get(), name, limit);
}

}  // namespace io
}  // namespace LASTBIT_ABI
}  // namespace lastbit
