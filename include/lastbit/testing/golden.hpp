// SPDX-License-Identifier: BSL-1.0
#pragma once
// Golden results that do not rot: a hash of the bits by name and format, in a text file beside the test.
//
// Kernels whose bits do not depend on the machine have one such hash for all of them; what differs is then a change of
// bits, and not another platform. The file is written by the tests themselves, run with LASTBIT_GOLDEN=update in the
// environment, and belongs into version control.

#include <lastbit/testing/arrays.hpp>
#include <lastbit/testing/text.hpp>

#include <cstdio>
#include <cstdlib>
#include <iosfwd>
#include <map>
#include <string>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {

/// FNV-1a, 64 bits, over shape and numbers: of each its bits, least significant byte first, row after row. All NaNs
/// count as one, or a payload that the processor chose would be part of the result.
[[nodiscard]] inline std::uint64_t bits_hash(quantify::array_view const& x) {
    std::uint64_t hash = 0xCBF29CE484222325U;
    auto const add = [&hash](std::uint64_t bits, std::size_t bytes) {
        for (std::size_t i = 0; i < bytes; ++i) hash = (hash ^ ((bits >> (8 * i)) & 0xFFU)) * 0x100000001B3U;
    };
    for (std::size_t const extent : {x.batches, x.rows, x.cols}) add(extent, 8);
    for (std::size_t batch = 0; batch < x.batches; ++batch)
        for (std::size_t i = 0; i < x.rows; ++i)
            for (std::size_t j = 0; j < x.cols; ++j)
                // Every number of every format is a double, and different ones are different doubles.
                add(to_bits(canonical(x.at(batch, i, j))), 8);
    return hash;
}

/// Whether a result has the bits that were recorded; usable as a condition, and printed by test frameworks.
class golden_result {
public:
    golden_result(bool held, std::string text) : held_(held), text_(std::move(text)) {}

    [[nodiscard]] explicit operator bool() const noexcept { return held_; }
    [[nodiscard]] std::string const& text() const noexcept { return text_; }

    template <class Char>
    friend std::basic_ostream<Char>& operator<<(std::basic_ostream<Char>& stream, golden_result const& r) {
        return stream << r.text_;
    }

private:
    bool held_;
    std::string text_;
};

namespace detail {

/// The lines "name<tab>format<tab>hash" of a file, by name and format; none if it does not exist.
[[nodiscard]] inline std::map<std::string, std::string> read_golden(std::string const& path) {
    std::map<std::string, std::string> entries;
    std::FILE* const file = std::fopen(path.c_str(), "rb");
    if (file == nullptr) return entries;
    std::string line;
    for (int c = std::fgetc(file);; c = std::fgetc(file)) {
        if (c != '\n' && c != EOF) {
            line += static_cast<char>(c);
            continue;
        }
        std::size_t const tab = line.rfind('\t');
        if (tab != std::string::npos) entries[line.substr(0, tab)] = line.substr(tab + 1);
        line.clear();
        if (c == EOF) break;
    }
    std::fclose(file);
    return entries;
}

/// Replaces a file by sorted entries; a reader sees the old one or the new. False if that failed.
[[nodiscard]] inline bool write_golden(std::string const& path, std::map<std::string, std::string> const& entries) {
    std::string const draft = path + ".new";
    std::FILE* const file = std::fopen(draft.c_str(), "wb");
    if (file == nullptr) return false;
    bool good = true;
    for (auto const& [key, hash] : entries)
        good = std::fprintf(file, "%s\t%s\n", key.c_str(), hash.c_str()) >= 0 && good;
    good = std::fclose(file) == 0 && good;
    return good && std::rename(draft.c_str(), path.c_str()) == 0;
}

/// "DIRECTORY/x_test.cpp" gives "DIRECTORY/x_test.golden".
[[nodiscard]] inline std::string golden_path(std::string const& source) {
    std::size_t const slash = source.find_last_of("/\\");
    std::size_t const dot = source.rfind('.');
    bool const has_extension = dot != std::string::npos && (slash == std::string::npos || dot > slash);
    return (has_extension ? source.substr(0, dot) : source) + ".golden";
}

[[nodiscard]] inline golden_result check_golden(std::string const& name, quantify::array_view const& x,
                                                std::string const& path) {
    LASTBIT_EXPECTS(!name.empty() && name.find_first_of("\t\n\r") == std::string::npos,
                    "golden: a name is not empty and holds neither tabs nor line ends");
    std::string const format(quantify::name(x.format));
    std::string const key = name + "\t" + format;
    std::string const hash = "0x" + detail::characters(bits_hash(x), 16);
    std::map<std::string, std::string> entries = read_golden(path);
    char const* const mode = std::getenv("LASTBIT_GOLDEN");
    if (mode != nullptr && std::string(mode) == "update") {
        if (entries[key] == hash) return {true, name + ": " + hash};
        entries[key] = hash;
        bool const written = write_golden(path, entries);
        return {written, name + ": " + hash + (written ? " recorded in " : " could not be written to ") + path};
    }
    auto const found = entries.find(key);
    std::string const how =
        "; to record what is computed now, run the test with LASTBIT_GOLDEN=update in the environment";
    if (found == entries.end())
        return {false, "golden: no \"" + name + "\" in " + format + " is recorded in " + path + how};
    if (found->second == hash) return {true, name + ": " + hash};
    return {false, "golden: the bits of \"" + name + "\", " + shape_text(x) + ", have changed: " + hash +
                       ", recorded " + found->second + " in " + path + how};
}

}  // namespace detail

/// CHECK(golden("logits", y)): y has the bits, and the shape, that are recorded under this name for its format, in the
/// file x_test.golden beside the calling x_test.cpp.
///
/// @param  name  any text without tabs and line ends, once in a file for each format
/// @param  x     a number, a range, a matrix_view or a batch_view
/// @param  file  where the hashes are recorded, if not there
/// With LASTBIT_GOLDEN=update in the environment the hash is recorded. A name without record fails.
template <array_like X>
[[nodiscard]] golden_result golden(std::string const& name, X const& x,
                                   std::string const& file = detail::golden_path(__builtin_FILE())) {
    return detail::check_golden(name, as_array(x), file);
}

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
