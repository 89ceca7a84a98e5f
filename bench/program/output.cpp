// SPDX-License-Identifier: BSL-1.0
#include "output.hpp"

#include "user_error.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace program {
namespace {

namespace fs = std::filesystem;

std::string unfinished(std::string const& file) { return file + ".tmp"; }

/// The one name of a file that need not exist: absolute, without links, "." and "..".
fs::path canonical(std::string const& file) {
    std::error_code error;
    fs::path const absolute = fs::absolute(file, error);  // before what exists is resolved: else "f" is not "./f"
    fs::path const resolved = fs::weakly_canonical(absolute, error);
    return error ? absolute.lexically_normal() : resolved;
}

}  // namespace

void print(std::string const& text) {
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
        throw user_error("standard output cannot be written");
}

void check_destination(char const* flag, std::string const& file, std::vector<std::string> const& sources) {
    for (auto const& source : sources)
        for (auto const& target : {file, unfinished(file)})
            if (std::error_code none; fs::equivalent(source, target, none))
                throw user_error(fmt::format("{} {}: would overwrite {}, which is read", flag, file, source));
    fs::path const path(file);
    auto const folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    std::error_code error;
    if (fs::is_directory(path, error) || !fs::is_directory(folder, error))
        throw user_error(
            fmt::format("{} {}: no file can be written there; name one in a folder that exists", flag, file));
}

void check_distinct(char const* flag, std::string const& file, char const* other_flag, std::string const& other) {
    auto const a = canonical(file).string(), b = canonical(other).string();
    if (a == b) throw user_error(fmt::format("{} {}: {} goes there", flag, file, other_flag));
    if (a == unfinished(b) || b == unfinished(a))
        throw user_error(fmt::format("{} {}: {} {} would be overwritten, since a file is written to FILE.tmp first",
                                     flag, file, other_flag, other));
}

void write_whole(char const* flag, std::string const& file, std::string const& content) {
    std::error_code error;
    fs::path target = fs::weakly_canonical(file, error);  // a link stays one
    if (error) target = file;
    bool const in_place = fs::exists(target, error) && !fs::is_regular_file(target, error);  // /dev/null, a pipe
    fs::path const first = in_place ? target : fs::path(unfinished(target.string()));
    std::ofstream stream(first, std::ios::binary);
    stream << content;
    stream.close();
    bool written = !stream.fail();
    if (written && !in_place) {
        fs::rename(first, target, error);
        written = !error;
    }
    if (written) return;
    if (!in_place) fs::remove(first, error);
    throw user_error(fmt::format("{} {}: the file cannot be written", flag, file));
}

}  // namespace program
